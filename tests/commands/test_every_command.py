"""The table as a whole: each command is described, reachable, runs, and leaves the state valid."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.consensus import branches, consensus_review, group_of
from tests.support.doctext import TASK, UNIT, opened, text_of
from tests.support.painting import BESIDE, SQUARE, block, painting
from tests.support.reviewed import moved_since_review
from tui_editor.commands.command import ANY_KEY, Command
from tui_editor.commands.context import Context, IssueDraft
from tui_editor.commands.headless import Answer, HeadlessFront, Keyboard
from tui_editor.commands.resolver import KeyResolver, Pending, Run
from tui_editor.commands.table import LINE_NAMES, TABLE, by_id, find, keys_in, run
from tui_editor.model.document import make_document
from tui_editor.model.frames import Frame
from tui_editor.model.issues import IssueKind
from tui_editor.state.tool import AdjustTool, DrawTool, HandleTool, JumpTool, PathTool, PinTool, TurboTool
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from tui_editor.model.shapes import Shape
    from tui_editor.state.store import TaskState

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
ISSUE = Recipe("}", pane="issues")
RECIPES = {
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
    "issue.new": Recipe(answers=(IssueDraft(kind=IssueKind.FRAME, kinds=(), text="what is this"),)),
    "issue.reply": Recipe("}", argument="fixed", pane="issues"),
    **{f"issue.{n}": ISSUE for n in ("jump", "toggle", "leave")},
    "issue.tags": Recipe("}", answers=(("hard", "ask"),), pane="issues"),
    "issue.search": Recipe(argument="blurred", pane="issues"),
    "issue.delete": Recipe("}", answers=("yes",), pane="issues"),
    "task.end": Recipe("} g x } g x"),
    "task.skip": Recipe(answers=("too dark",)),
    "task.approve": REVIEW,
    "task.reject": Recipe("j", "review", ("all wrong",)),
    "task.group": Recipe(grouped=True, answers=("other",)),
    "consensus.look": Recipe("", "consensus"),
    "consensus.keep": Recipe("", "consensus", argument="ann"),
    "consensus.pick": Recipe("", "consensus", answers=(("ann: car (0)",),)),
    "diff.toggle": Recipe("", reviewed=True),
    "diff.next": Recipe("D", reviewed=True),
    "diff.previous": Recipe("D", reviewed=True),
    "task.reopen": Recipe("j", "complete"),
}


def prepared(command: Command) -> tuple[Keyboard, Context]:
    """Return a keyboard in the state of the command's recipe, and the context to run the command in."""
    recipe = RECIPES.get(command.id, Recipe())
    if recipe.reviewed:
        store = moved_since_review()
    elif recipe.stage == "consensus":
        store = consensus_review(recipe.text)
    else:
        store = painting(recipe.shapes, recipe.stage) if recipe.shapes else opened(recipe.text, recipe.stage)
    keyboard = Keyboard(store, HeadlessFront(recipe.answers))
    keyboard.front.picture = PICTURE
    keyboard.front.branched = branches("ann", "bo")
    keyboard.front.grouped = group_of(TASK, "other") if recipe.grouped else ()
    keyboard.type(recipe.keys)
    keyboard.front.pane = recipe.pane
    assert keyboard.front.warnings == []
    context = Context(front=keyboard.front, task=keyboard.store, loop=keyboard.loop, argument=recipe.argument)
    return keyboard, context


def told(front: HeadlessFront) -> tuple[object, ...]:
    """Return what the front end was asked for so far."""
    return (*front.notes, *front.shown, *front.copied, front.pane, front.finished_tasks, front.opened, front.playing)


def check_valid(state: TaskState) -> None:
    """Check what holds in every state, whatever was done."""
    found = state.document
    assert all(i in found.instances for i in state.selection)
    assert 0 <= state.view.frame < state.unit.frame_count
    assert state.view.unit in {u.id for u in state.task.units}
    tools = {
        Mode.EDIT: (HandleTool,),
        Mode.DRAW: (DrawTool, PinTool),
        Mode.ADJUST: (AdjustTool,),
        Mode.JUMP: (JumpTool,),
        Mode.TOOL: (PathTool,),
        Mode.TURBO: (TurboTool,),
    }
    expected = tools.get(state.mode, ())
    assert isinstance(state.tool, expected) if expected else state.tool is None
    assert found.status.stage in {stage.name for stage in state.project.workflow.stages}
    assert all(key in found.instances for key, _ in found.tracks)
    assert all(key in found.instances for key in found.decisions)
    rebuilt = make_document(
        instances=found.instances.values(),
        tracks=dict(found.tracks.items()),
        issues=found.issues.values(),
        decisions=dict(found.decisions.items()),
        status=found.status,
    )
    for frame in range(10):
        assert rebuilt.on_frame(UNIT, frame) == found.on_frame(UNIT, frame)
    assert (rebuilt.lookup.decided, len(rebuilt.open_issues())) == (found.lookup.decided, len(found.open_issues()))


BUILT = [c for c in TABLE if not c.later]


def name(command: Command) -> str:
    return command.id


@pytest.mark.parametrize("command", BUILT, ids=name)
def test_each_command_runs_does_something_and_leaves_the_state_valid(command: Command) -> None:
    keyboard, context = prepared(command)
    store, before, heard = keyboard.store, keyboard.store.state, told(keyboard.front)
    loop = repr(keyboard.loop)
    assert run(command, context), keyboard.front.warnings
    assert keyboard.front.warnings in ([], ["2 issues still open"])
    check_valid(store.state)
    assert store.state is not before or told(keyboard.front) != heard or repr(keyboard.loop) != loop


@pytest.mark.parametrize("command", BUILT, ids=name)
def test_each_command_that_changes_the_document_is_taken_back_by_undo(command: Command) -> None:
    keyboard, context = prepared(command)
    before = keyboard.store.state.document
    run(command, context)
    after = keyboard.store.state.document
    if after is before or command.id in {"edit.undo", "edit.redo"}:
        return
    if after.status != before.status:
        assert keyboard.store.undo() == ""
        return
    assert keyboard.store.undo()
    assert before.same(keyboard.store.state.document)
    check_valid(keyboard.store.state)


@pytest.mark.parametrize("command", BUILT, ids=name)
def test_an_odd_argument_or_a_huge_count_neither_raises_nor_spoils(command: Command) -> None:
    for argument in ("zz", "-1", "9" * 400 + ",1", "nan", "inf", "qw", "\x1b[2J", "[b]", "@1,1 2x2"):
        keyboard, context = prepared(command)
        context.argument, context.count = argument, 9_999_999
        run(command, context)
        check_valid(keyboard.store.state)
        assert not any("\x1b" in text for text in (*keyboard.front.warnings, *keyboard.front.notes))


@pytest.mark.parametrize("command", BUILT, ids=name)
def test_each_command_without_a_selection_or_on_an_empty_task_neither_raises_nor_spoils(command: Command) -> None:
    for text, stage in (("", "annotate"), ("", "review"), (TEXT, "annotate"), (TEXT, "review"), (TEXT, "complete")):
        keyboard = Keyboard(opened(text, stage))
        run(command, Context(front=keyboard.front, task=keyboard.store, loop=keyboard.loop, argument=""))
        state = keyboard.store.state
        assert all(i in state.document.instances for i in state.selection)
        assert 0 <= state.view.frame < state.unit.frame_count


@pytest.mark.parametrize("command", BUILT, ids=name)
def test_each_command_without_a_task_says_so_instead_of_failing(command: Command) -> None:
    front = HeadlessFront()
    ran = run(command, Context(front=front, argument="l"))
    assert ran or front.warnings


def test_a_read_only_task_is_not_changed_by_any_command() -> None:
    for command in BUILT:
        keyboard, context = prepared(command)
        keyboard.store.set(read_only="ann edits it")
        before = keyboard.store.state.document
        run(command, context)
        assert keyboard.store.state.document is before, command.id


@pytest.mark.parametrize("command", [c for c in TABLE if c.later], ids=name)
def test_a_command_of_a_later_time_is_listed_and_says_why_it_does_nothing(command: Command) -> None:
    keyboard = Keyboard(opened(TEXT))
    assert not keyboard.line(command.id)
    assert [f"{command.title}: {command.later}"] == keyboard.front.warnings
    assert text_of(opened(TEXT).state.document) == text_of(keyboard.store.state.document)


def test_every_command_is_described() -> None:
    for command in TABLE:
        assert command.title
        assert command.doc.endswith("."), command.id
        assert command.group, command.id
        assert len(command.hint.split()) <= 2, command.id


def test_ids_and_titles_name_one_command_each_and_find_it() -> None:
    assert max(Counter(c.id for c in TABLE).values()) == 1
    assert max(Counter(c.title.casefold() for c in TABLE).values()) == 1
    for command in TABLE:
        assert command is find(command.id)
        assert command is find(command.title.upper())
        assert command is find(command.id.replace("_", "-"))


def test_short_names_of_the_line_lead_to_commands() -> None:
    assert set(LINE_NAMES.values()) <= set(by_id())


@pytest.mark.parametrize("command", TABLE, ids=name)
def test_each_key_of_a_command_leads_to_it_in_its_modes(command: Command) -> None:
    for key in command.keys:
        for mode in key.modes:
            resolver = KeyResolver(TABLE)
            *before, last = key.keys.replace(ANY_KEY, "y").split()
            assert all(isinstance(resolver.feed(mode, k), Pending) for k in before)
            found = resolver.feed(mode, last)
            assert isinstance(found, Run)
            assert (command, key.argument or ("y" if ANY_KEY in key.keys else "")) == (found.command, found.argument)
            assert key.keys in keys_in(command, mode)


def test_every_mode_has_keys_and_a_way_out() -> None:
    for mode in Mode:
        assert any(keys_in(c, mode) for c in TABLE)
    for mode in (Mode.REASON, Mode.EDIT, Mode.DRAW, Mode.TOOL, Mode.ADJUST, Mode.TURBO, Mode.ISSUES):
        assert any("escape" in keys_in(c, mode) for c in TABLE)


def test_no_key_needs_control_alt_or_a_function_key() -> None:
    for command in TABLE:
        hard = [k for k in command.keys if any(part.startswith(("ctrl+", "alt+")) for part in k.keys.split())]
        assert len(hard) < len(command.keys) or not command.keys or command.id == "app.suspend", command.id


def test_the_smoke_task_has_several_frames() -> None:
    assert TASK.units[0].frame_count > 10
