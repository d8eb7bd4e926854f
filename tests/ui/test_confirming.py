"""A question before many labels change: its list, and what it would do on canvas and timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ui.projects import Desk, build, clip, labelled, one_car, sitting, wait_for
from tui_editor.model.ids import TaskId
from tui_editor.ports import ImportedTask
from tui_editor.ui.dialogs.confirm import ConfirmDialog
from tui_editor.ui.panes.timeline import TimelinePane
from tui_editor.ui.screens.editor import EditorScreen
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from pathlib import Path


def bars(desk: Desk) -> dict[str, list[int]]:
    """Return the names on the timeline with the frames of their labels."""
    return {bar.name: bar.frames.tolist() for bar in desk.editor.query_one(TimelinePane).rows.bars}


async def test_a_split_is_seen_on_the_timeline_before_it_is_done(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j l T s")
        assert (bars(desk)["car (0)"], bars(desk)["car (2)"]) == ([0], [1])
        before = desk.labels
        await desk.press("escape")
        await desk.pilot.pause()
        assert desk.state.preview is None
        assert (bars(desk)["car (0)"], desk.labels) == ([0, 1], before)


@pytest.mark.parametrize("key", ["y", "enter"])
async def test_y_or_enter_does_it_in_one_step(annotate: Path, key: str) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j l T s", key)
        await desk.pilot.pause()
        assert "car(2)@1" in desk.labels
        assert desk.state.preview is None
        assert bars(desk)["car (2)"] == [1]
        await desk.press("u")
        assert "car@1" in desk.labels


async def test_the_list_of_what_goes_is_gone_through_by_j_and_k(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("g b", "r", "enter")
        dialog = desk.app.screen.query_one(ConfirmDialog)
        listed = dialog.query_one(VirtualList)
        await desk.pilot.pause()
        lines = ["".join(words for words, _ in listed.rows.line(n)) for n in range(len(listed.rows))]
        assert lines[0] == "car (0): 2 labels, frames 0–1, all of it"
        assert len(lines) == 5
        await desk.press("j j k")
        assert listed.cursor == 1
        await desk.press("y")
        await desk.pilot.pause()
        assert desk.labels == ""
        await desk.press("u")
        assert "lake@2" in desk.labels


async def test_a_preview_of_a_drag_does_not_reach_the_timeline(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("j")
        rows = desk.editor.query_one(TimelinePane).rows
        desk.store.set(preview=desk.store.last_patch)
        await desk.pilot.pause()
        assert desk.editor.query_one(TimelinePane).rows is rows


async def test_what_was_copied_in_one_task_is_pasted_in_the_next_one(tmp_path: Path) -> None:
    second = ImportedTask(task=clip(2, "second"), document=one_car(2))
    async with sitting(build(tmp_path / "two", [labelled(), second])) as desk:
        await desk.press("j y y")
        desk.editor.open_task(TaskId(2))
        await wait_for(desk, lambda: isinstance(desk.app.screen, EditorScreen) and desk.state.task.id == 2)
        await desk.press("l P")
        await wait_for(desk, lambda: "car(1)@1 box 10,10 40,30" in desk.labels)
        await desk.press("2 l P")
        await wait_for(desk, lambda: "car(1)@3 box 10,10 40,30" in desk.labels)
