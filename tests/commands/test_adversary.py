"""Whatever keys are pressed and lines are typed: errors are told, labels stay sound, and undo brings all back."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.content import content
from tests.support.doctext import FRAMES, SIZE, opened, two_units
from tui_editor.commands.context import IssueDraft
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.commands.table import TABLE
from tui_editor.errors import UsageError
from tui_editor.model.document import make_document
from tui_editor.model.frames import Frame
from tui_editor.model.shapes import check_shape
from tui_editor.state import selectors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.commands.assist import Assist
    from tui_editor.commands.context import Choice
    from tui_editor.model.patch import Patch
    from tui_editor.state.store import TaskStore

START = """
car@0 box 10,10 20,20
car@3 box 12,10 20,20
car(1)@0 box 50,50 20,20
van@4 box 90,90 20,20
eye@0 point 7,8
lake@0 polygon 100,100 200,100 200,200 100,200
lake(1)@0 polygon 150,150 250,150 250,250 150,250
ship@0 rbox 300,300 40,20 30
lane@0 line 10,400 60,420 110,400
hand@0 skeleton 400,10,2 440,10,1 420,50,3
night@2 present
issue file "blurred"
"""
TEXTS = (
    "", " ", "0", "-1", "nan", "inf", "1e999", "nan,nan", "10,10", "-5,-5 3x3", "1e9,1e9", "10,10 0x0", "3 5,5",
    "0-3", "3-0", "2147483647", "99999999999", "class:car", "class:plane", "score<nan", "text:/(a+)+$/", "unit:x",
    "car", "99 1,1",
    "van class:car", "car (0)", "car (99)", "Color", "a", "\x1b[2J", "x" * 2000, "50%", "h", "end", "10,10 90,10 50,80",
    "700,500 10x10", "-100,-100", "1 nan,0", "1,2,3", "\"", "-", "frames:0-99", "0.5", "90", "off",
)  # fmt: skip
"""What people type, and what they should not."""
LEAVES = ("app.quit", "app.suspend", "task.", "queue.")


class Random(HeadlessFront):
    """Answers every question at random, or not at all."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self.rng = rng
        stripes = np.tile(np.repeat(np.array([0, 200], np.uint8), 16), (SIZE[1], SIZE[0] // 32))
        self.picture = Frame(pixels=stripes, full_size=SIZE)
        self.pixels = np.repeat(stripes[..., None], 3, axis=2)

    def ask_text(
        self, title: str, initial: str, done: Callable[[str], None], *, hint: str = "", assist: Assist | None = None
    ) -> None:
        if assist is not None:
            assist(self.rng.choice(TEXTS))
        if self.rng.random() < 0.9:
            done(self.rng.choice(TEXTS))

    def pick(
        self, title: str, choices: Sequence[Choice], done: Callable[[tuple[str, ...]], None], *, many: bool = False
    ) -> None:
        free = [choice.value for choice in choices if not choice.disabled]
        if free and self.rng.random() < 0.9:
            done(tuple(self.rng.sample(free, self.rng.randint(0, len(free)) if many else 1)))
        elif many:
            done(())

    def confirm(
        self,
        title: str,
        text: str,
        done: Callable[[], None],
        *,
        listed: Sequence[str] = (),
        preview: Patch | None = None,
    ) -> None:
        list(listed)
        if self.rng.random() < 0.8:
            done()

    def ask_issue(self, draft: IssueDraft, done: Callable[[IssueDraft], None]) -> None:
        done(IssueDraft(kind=self.rng.choice(draft.kinds), kinds=draft.kinds, text=self.rng.choice(TEXTS)))


def press_any(keyboard: Keyboard, rng: random.Random) -> str:
    """Press the keys of any command of the mode; return what was pressed."""
    known = [
        key.keys
        for command in keyboard.loop.keymap.commands
        if not command.id.startswith(LEAVES) and not command.later
        for key in command.keys
        if keyboard.mode in key.modes
    ]
    keys = rng.choice(known).replace("<any>", rng.choice("abc1;"))
    if rng.random() < 0.2:
        keys = f"{rng.choice(['2', '5', '1 0', '9 9 9'])} {keys}"
    try:
        keyboard.type(keys)
    except UsageError:  # it means nothing here
        keyboard.press("escape")
    return keys


def type_any(keyboard: Keyboard, rng: random.Random) -> str:
    """Type any command with any argument; return the line."""
    command = rng.choice([c for c in TABLE if not c.id.startswith(LEAVES)])
    line = f"{command.id} {rng.choice(TEXTS)}"
    keyboard.line(line)
    return line


def check_sound(store: TaskStore) -> None:
    """Check every shape, and all indexes against fresh ones."""
    state = store.state
    found = state.document
    afresh = make_document(instances=found.instances.values(), tracks=dict(found.tracks.items()))
    for unit in state.task.units:
        for frame in range(FRAMES):
            assert afresh.on_frame(unit.id, frame) == found.on_frame(unit.id, frame)
    assert {k: set(v) for k, v in afresh.units_of.items()} == {k: set(v) for k, v in found.units_of.items()}
    for track in found.tracks.values():
        for label in track.labels():
            check_shape(label.shape)
    assert set(state.selection) <= set(found.instances)
    assert 0 <= state.view.frame < FRAMES
    selectors.listed(state)
    if state.preview is not None:
        assert state.shown is not None


def attack(store: TaskStore, seed: int, steps: int) -> None:
    """Press and type so many things, then take all of it back."""
    rng = random.Random(seed)  # no secret
    keyboard = Keyboard(store, Random(rng))
    start, status, done = content(store.state.document), store.state.document.status, []
    for _ in range(steps):
        done.append(press_any(keyboard, rng) if rng.random() < 0.7 else type_any(keyboard, rng))
        for text in (*keyboard.front.notes, *keyboard.front.warnings):
            assert "\x1b" not in text, text
            assert "Traceback" not in text
    check_sound(store)
    for _ in range(10_000):
        if not store.undo():
            break
    if store.state.document.status == status:  # the end of a review is taken back by commands of the workflow only
        assert content(store.state.document) == start, done


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(["annotate", "review"]))
def test_nothing_that_is_pressed_or_typed_breaks_the_document(seed: int, stage: str) -> None:
    attack(opened(START, stage), seed, 60)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32))
def test_nor_in_a_task_of_several_data_units(seed: int) -> None:
    attack(two_units(START.replace('issue file "blurred"', ""), "left", "right"), seed, 60)


@pytest.mark.parametrize("seed", range(3))
def test_the_same_seed_does_the_same(seed: int) -> None:
    def told(seed: int) -> Any:
        rng = random.Random(seed)  # no secret
        keyboard = Keyboard(opened(START), Random(rng))
        for _ in range(10):
            press_any(keyboard, rng)
        return keyboard.store.state.mode, keyboard.front.warnings

    assert told(seed) == told(seed)
