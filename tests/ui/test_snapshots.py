"""Whole screens as they look; `make snap` accepts what changed."""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Input

from tests.ui.projects import CLIP, NARROW, WIDE, Desk
from tui_editor.api.project import Project
from tui_editor.storage.locate import open_store
from tui_editor.ui.app import EditorApp
from tui_editor.ui.desk import Desk as DeskOfApp
from tui_editor.ui.picture import cell_surface
from tui_editor.ui.picture.half_blocks import half_block_strips
from tui_editor.ui.screens import editor
from tui_editor.ui.screens.lines import header_line
from tui_editor.ui.start import Start
from tui_editor.ui.terminal.facts import Terminal, choose_graphics

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot
    from textual.strip import Strip

    from tui_editor.model.ids import TaskId
    from tui_editor.state.store import TaskState
    from tui_editor.ui.picture.composed import Composed
    from tui_editor.ui.picture.layout import Layout

    SnapCompare = Callable[..., bool]


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold what depends on the clock: what a picture cost, the cursor's blinking, what is done and told at rest.

    A picture that is brought up to date may differ by a level or two from one made at once; which were made between
    depends on the clock too.
    """

    def told(state: TaskState, link: str, *more: Any) -> Any:
        return header_line(state, "12 ms" if link else "", *more)

    monkeypatch.setattr(editor, "header_line", told)
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _: None)
    monkeypatch.setattr(DeskOfApp, "pulse", lambda _: None)

    def at_once(composed: Composed, layout: Layout, *_: Any, **__: Any) -> tuple[Strip, ...]:
        return half_block_strips(composed, layout)

    monkeypatch.setattr(cell_surface, "half_block_strips", at_once)


def looks_right(
    compare: SnapCompare, folder: Path, keys: str, *, task: TaskId | None = CLIP, size: tuple[int, int] = WIDE
) -> bool:
    """Press keys in the app and compare the screen with the one that was accepted."""
    with Project(folder, open_store(folder), "me") as project:
        app = EditorApp(project, Terminal(), choose_graphics(Terminal(), "cells"), Start(task=task))

        async def pressed(pilot: Pilot[Any]) -> None:
            desk = Desk(app, pilot)
            await desk.settle()
            for key in keys.split():
                await desk.press(key)
                await desk.settle()
            shown.append(app.export_screenshot(simplify=True))

        shown: list[str] = []
        if not compare(app, run_before=pressed, terminal_size=size):
            raise AssertionError(_told(shown[-1]))
        return True


def _told(shown: str) -> str:
    """Return what differs from the picture that was accepted, for a machine whose files nobody sees."""
    name = os.environ["PYTEST_CURRENT_TEST"].split("::")[-1].split(" ")[0]
    accepted = (Path(__file__).parent / "__snapshots__" / "test_snapshots" / f"{name}.svg").read_text()
    before, after = (_shapes(svg) for svg in (accepted, shown))
    return "\n".join(list(difflib.unified_diff(before, after, "accepted", "shown", n=0, lineterm=""))[:40])


def _shapes(svg: str) -> list[str]:
    """Return a picture's lines, without the names of its colours: each new one would change all after it."""
    lines = re.sub(r"terminal-(r?)\d+", r"terminal-\1", svg).replace("><", ">\n<").split("\n")
    return [line for line in lines if not line.strip().startswith(".terminal-r")]


def test_a_review(review: Path, snap_compare: SnapCompare) -> None:
    assert looks_right(snap_compare, review, "j j")


def test_a_reason_is_asked_for(review: Path, snap_compare: SnapCompare) -> None:
    assert looks_right(snap_compare, review, "x")


def test_a_dialog_while_annotating(annotate: Path, snap_compare: SnapCompare) -> None:
    assert looks_right(snap_compare, annotate, "j i down h i")


def test_a_split_before_it_is_done(annotate: Path, snap_compare: SnapCompare) -> None:
    assert looks_right(snap_compare, annotate, "j l T s")


def test_what_a_bulk_operation_would_delete(annotate: Path, snap_compare: SnapCompare) -> None:
    assert looks_right(snap_compare, annotate, "g b r enter")


def test_the_queue(review: Path, snap_compare: SnapCompare) -> None:
    assert looks_right(snap_compare, review, "j", task=None)


def test_help(review: Path, snap_compare: SnapCompare) -> None:
    assert looks_right(snap_compare, review, "question_mark j")


def test_a_narrow_screen(review: Path, snap_compare: SnapCompare) -> None:
    assert looks_right(snap_compare, review, "j", size=NARROW)


def test_a_finding_and_what_mends_it(annotate: Path, snap_compare: SnapCompare) -> None:
    assert looks_right(snap_compare, annotate, "F j j")
