"""How to bring about a state in which each command makes sense."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tests.support.painting import BESIDE, SQUARE, block
from tui_editor.commands.context import IssueDraft
from tui_editor.model.frames import Frame
from tui_editor.model.issues import IssueKind
from tui_editor.state.lock import Held, Lock

if TYPE_CHECKING:
    from tui_editor.commands.headless import Answer
    from tui_editor.model.shapes import Shape

TEXT = """
car@0 box 10,10 20,20
car@3 box 12,10 20,20
car@9 box 14,10 20,20
car(1)@0 box 50,50 20,20
van@4 box 90,90 20,20
van(1)@9 box 90,90 20,20
eye@5 point 7,8
issue file "blurred"
issue frame@3 "odd"
issue label car@0 "loose" resolved
"""


@dataclass(frozen=True)
class Recipe:
    """How to bring about a state in which a command makes sense."""

    keys: str = "j"
    stage: str = "annotate"
    answers: tuple[Answer, ...] = ()
    argument: str = ""
    pane: str = "canvas"
    text: str = TEXT
    grouped: bool = False
    """Another task goes with it."""
    reviewed: bool = False
    """A reviewer sent the task back, and a car was moved since."""
    shapes: tuple[Shape, ...] = ()
    """What lies on the frame in place of `TEXT`."""
    lock: Lock | None = None
    """Whose the lock is, when it is not here."""
    folder: bool = False
    """Whether there is a folder for what is waived."""
    windows: bool = False
    """Whether a layout shows the task in two windows."""
    journal: bool = False
    """Whether what the keys do is found in the journal."""


YES = Recipe("j 3 l", answers=("yes",))
REVIEW = Recipe(stage="review")
IN_REASON = Recipe("j x", "review")
EDITING = Recipe("j e", argument="l")
DRAWING = Recipe("s b a", answers=("car",), argument="l")
PICTURE = Frame(pixels=np.tile(np.repeat(np.array([0, 200], np.uint8), 16), (480, 20)), full_size=(640, 480))
"""Stripes of 16 pixels."""
LAKE = Recipe("j e tab", text="lake@0 polygon 10,10 90,10 90,90 10,90")
HAND = Recipe("j e tab", text="hand@0 skeleton 10,10,2 90,10,1 50,90,3")
JUMPING = Recipe(";", argument="a")
POLYGON = Recipe("j e", argument="l", shapes=(SQUARE, BESIDE))
TOOL = Recipe("j e b space", argument="l", shapes=(SQUARE, BESIDE))
MASK = Recipe("j e", shapes=(block(10, 10, 20, 20), block(40, 10, 20, 20)))
ADJUSTING = Recipe("w c l", argument="l")
TURBO = Recipe("j g t", argument="1")
FOUND = Recipe("F", pane="findings", text="car@0 box 630,10 40,20")
"""The finding that a key mends."""
ISSUE = Recipe("}", pane="issues")
NUDGED = Recipe("j e l escape", answers=("1",), journal=True)
RECIPES = {
    "history.log": NUDGED,
    "history.take_back": Recipe("j e l escape", answers=("me", ""), journal=True),
    "history.object": NUDGED,
    "view.next_window": Recipe("", windows=True),
    "history.restore": Recipe("j d a", answers=("yes", "car (0)"), journal=True),
    **{f"review.{name}": REVIEW for name in ("approve", "reject", "approve_frame", "reject_frame", "later")},
    **{f"review.{name}": IN_REASON for name in ("reason", "last_reason", "cancel_reason")},
    "review.reason": Recipe("j x", "review", argument="2"),
    "review.last_reason": Recipe("j x 1 x", "review"),
    "review.type_reason": Recipe("j x", "review", ("too loose",)),
    "review.reason_tags": Recipe("j x", "review", (("hard",),)),
    "review.repeat": Recipe("j a", "review"),
    "frame.previous": Recipe("3 l"),
    "frame.back": Recipe("G"),
    "frame.first": Recipe("G"),
    "frame.go": Recipe(argument="7"),
    "track.previous_key": Recipe("j 9 l"),
    "track.first": Recipe("j 9 l"),
    **{f"track.{n}": YES for n in ("split", "fill", "extend_end", "swap")},
    "track.merge": Recipe(answers=(("car (1)",), "1", "yes")),
    "track.join": Recipe("j j j", answers=("yes",)),
    "track.extend": Recipe("j l", answers=("yes",)),
    "track.cut": Recipe(argument="3-9", answers=("yes",)),
    "track.previous_event": Recipe("j 9 l"),
    "auto.interpolate": YES,
    "bulk.open": Recipe(answers=("r", "0-4", "yes")),
    "bulk.merge": Recipe(answers=(("car (0)", "car (1)"), "car (0)", "1", "yes")),
    "bulk.delete_class": Recipe(answers=("car", "0-3", "yes")),
    "bulk.delete_range": Recipe(answers=("0-3", "yes")),
    "bulk.delete_below": Recipe(answers=("50%",)),
    "bulk.class": Recipe(answers=(("car (0)", "car (1)"), "van", "yes")),
    "clip.paste": Recipe("j y y l"),
    "clip.paste_label": Recipe("j y y"),
    "clip.repeat_frame": Recipe("l"),
    "object.new": Recipe(argument="car"),
    "mark.set": Recipe(argument="a"),
    "mark.go": Recipe("m a 5 l", argument="a"),
    "view.zoom_out": Recipe("j + + +"),
    "view.pan": Recipe("j z", argument="h"),
    "view.fit_frame": Recipe("j z"),
    "view.centre": Recipe("j z"),
    "view.plain": Recipe("w r"),
    **{f"adjust.{n}": ADJUSTING for n in ("step", "step_ten", "keep", "take_back", "default", "next", "previous")},
    "view.filter": Recipe(argument="class:car"),
    "view.clear_filter": Recipe("/", answers=("class:car",)),
    "object.next": Recipe(""),
    "object.previous": Recipe("j j"),
    "object.class": Recipe(argument="van"),
    "object.answer": Recipe("j", answers=("Color", "Red")),
    "object.preserve": Recipe("j f", answers=("Speed", "50")),
    "object.answer_range": Recipe("j", answers=("50", "")),
    **{f"turbo.{n}": TURBO for n in ("leave", "confirm", "next", "next_question", "previous_question", "option")},
    "turbo.start": Recipe(),
    "turbo.previous": Recipe("j g t j"),
    "turbo.next_open": TURBO,
    "turbo.type": Recipe("j g t", answers=("Red",)),
    "turbo.clear": Recipe("j g t 1 shift+tab"),
    "turbo.choose": Recipe("j g t", answers=("car (1)",)),
    "object.draw_listed": Recipe("W a", argument="2"),
    "labels.sort": Recipe(argument="name"),
    "labels.frames": Recipe(argument="3-9"),
    "labels.search": Recipe("W a", argument="van"),
    "labels.search_next": Recipe("W a W /", answers=("car",)),
    "labels.search_previous": Recipe("W a W /", answers=("car",)),
    "labels.extend_up": Recipe("j j"),
    "object.classify": Recipe(argument="night"),
    "object.here": Recipe("j l"),
    "object.delete_all": Recipe("j", answers=("yes",)),
    "edit.undo": Recipe("j d d"),
    "edit.redo": Recipe("j d d u"),
    **{f"geometry.{n}": EDITING for n in ("leave", "next_handle", "previous_handle", "nudge", "nudge_ten")},
    **{f"geometry.{n}": EDITING for n in ("grow", "shrink")},
    "geometry.place": Recipe("j e", argument="30,40 5x6"),
    "geometry.move": Recipe("j", argument="5,-3"),
    "geometry.drag": Recipe("j", argument="1 5,-3"),
    "geometry.add_vertex": Recipe("j", argument="1 5,3", shapes=(SQUARE,)),
    "draw.points": Recipe("s b", answers=("car",), argument="10,10 40,40"),
    "draw.end": Recipe("s p space 9 l space 9 j space", answers=("lake",)),
    "tool.stroke": Recipe("j e b", argument="10,10 300,300", shapes=(SQUARE,)),
    **{f"geometry.{n}": LAKE for n in ("turn", "turn_back", "mirror", "insert_vertex", "remove_vertex")},
    "geometry.snap": Recipe("s b 5 l", answers=("car",)),
    **{f"geometry.{n}": HAND for n in ("visible", "occluded", "self_occluded", "invisible")},
    "geometry.complete": Recipe("j e", text="hand@0 skeleton 10,10,1 90,10,1"),
    "jump.letter": JUMPING,
    "jump.leave": JUMPING,
    "draw.box": Recipe(argument="car"),
    "draw.skeleton": Recipe(argument="hand"),
    "edit.repeat": Recipe("j g c"),
    "range.delete": Recipe(argument="class:car frames:3-", answers=("yes",)),
    "range.class": Recipe(argument="van class:car"),
    "range.approve": Recipe(stage="review", argument="class:car"),
    "range.hide": Recipe(argument="class:car"),
    "range.show": Recipe("j o"),
    "range.select": Recipe(argument="class:car"),
    "macro.record": Recipe(argument="a"),
    "macro.stop": Recipe("Q a"),
    "macro.play": Recipe("Q a j l Q k", argument="a"),
    "draw.again": Recipe("s b escape", answers=("car",)),
    "draw.hint": Recipe("s b", answers=("car",), argument="q"),
    "draw.back": DRAWING,
    "draw.move": DRAWING,
    "draw.move_ten": DRAWING,
    "draw.follow": Recipe("s p space 9 l"),
    "draw.follow_end": Recipe("s p space 9 l space 9 j"),
    "draw.point": DRAWING,
    "draw.enter": DRAWING,
    **{f"tool.{n}": TOOL for n in ("end", "back", "leave", "move", "move_ten", "next_vertex", "previous_vertex")},
    **{f"tool.{n}": TOOL for n in ("larger", "smaller", "square")},
    **{f"tool.{n}": Recipe("j e T", shapes=(block(10, 10, 20, 20),)) for n in ("more_tolerance", "less_tolerance")},
    **{f"tool.{n}": POLYGON for n in ("brush", "eraser")},
    "tool.point": Recipe("j e b", shapes=(SQUARE,)),
    "tool.hint": Recipe("j e b", argument="q", shapes=(SQUARE,)),
    "tool.flip": Recipe("j e tab f 9 l", shapes=(SQUARE,)),
    **{f"polygon.{n}": POLYGON for n in ("touch_up", "split")},
    "polygon.simplify": Recipe("j e", argument="1.5", shapes=(SQUARE, BESIDE)),
    **{f"polygon.{n}": Recipe("j e", answers=("1",), shapes=(SQUARE, BESIDE)) for n in ("merge", "subtract")},
    "geometry.scissors": POLYGON,
    **{f"bitmask.{n}": MASK for n in ("threshold", "flood", "pen", "panoptic")},
    "draw.bitmask": Recipe(argument="road"),
    "draw.painted_polygon": Recipe(argument="lake"),
    "draw.with_brush": Recipe("s p", answers=("lake",)),
    "bitmask.combine": Recipe("j v", shapes=(block(10, 10, 20, 20), block(40, 10, 20, 20))),
    **{f"finding.{name}": FOUND for name in ("leave", "alike", "jump", "mend")},
    **{
        f"finding.{name}": replace(FOUND, text=FOUND.text + "\ncar@3 box 630,10 40,20") for name in ("next", "previous")
    },
    "finding.search": replace(FOUND, argument="rule:g04"),
    "finding.issue": replace(FOUND, argument="look"),
    "finding.waive": replace(FOUND, argument="so be it", folder=True),
    "issue.new": Recipe(answers=(IssueDraft(kind=IssueKind.FRAME, kinds=(), text="what is this"),)),
    "issue.reply": Recipe("}", argument="fixed", pane="issues"),
    **{f"issue.{n}": ISSUE for n in ("jump", "toggle", "leave")},
    "issue.search": Recipe(argument="blurred", pane="issues"),
    "issue.tags": Recipe("}", answers=(("hard", "ask"),), pane="issues"),
    "issue.delete": Recipe("}", answers=("yes",), pane="issues"),
    "task.end": Recipe("} g x } g x"),
    "task.skip": Recipe(answers=("too dark",)),
    "task.approve": REVIEW,
    "task.reject": Recipe("j", "review", ("all wrong",)),
    "task.edit_here": Recipe(lock=Lock(held=Held.OTHER, person="bo"), answers=("yes",)),
    "task.group": Recipe(grouped=True, answers=("other",)),
    "consensus.look": Recipe("", "consensus"),
    "consensus.keep": Recipe("", "consensus", argument="ann"),
    "consensus.pick": Recipe("", "consensus", answers=(("ann: car (0)",),)),
    "diff.toggle": Recipe("", reviewed=True),
    "diff.next": Recipe("D", reviewed=True),
    "diff.previous": Recipe("D", reviewed=True),
    "task.reopen": Recipe("j", "complete"),
}
