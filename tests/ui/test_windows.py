"""The windows of an editor layout on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tests.ui.projects import sitting
from tui_editor.api.layouts import set_layout
from tui_editor.api.project import Project
from tui_editor.model.ids import UnitId
from tui_editor.storage.locate import open_store
from tui_editor.ui.widgets.frame_view import FrameView

if TYPE_CHECKING:
    from pathlib import Path

SIDES = {
    "grid": [[0, 1]],
    "gridContent": {
        "0": {"clientMetadataQuery": {"key": "side", "operator": "=", "value": "L"}},
        "1": {"readonly": True, "clientMetadataQuery": {"key": "side", "operator": "=", "value": "R"}},
    },
}


def twofold(folder: Path) -> None:
    """Give the clip a second data unit, and the project a layout for two."""
    with Project(folder, open_store(folder), "me") as project:
        task = project.store.task(next(iter(row.id for row in project.tasks() if row.title == "clip")))
        (unit,) = task.units
        left, right = (
            replace(unit, id=UnitId(unit.id + n), title=side, metadata={"side": side}) for n, side in enumerate("LR")
        )
        project.store.save_task(replace(task, units=(left, right)))
        set_layout(project, "sides", SIDES)


async def test_a_task_is_shown_in_the_windows_of_the_layout_until_the_person_wants_one(annotate: Path) -> None:
    twofold(annotate)
    async with sitting(annotate) as desk:
        canvases = list(desk.screen.query(FrameView))
        assert [canvas.id for canvas in canvases] == ["canvas", "canvas-1"]
        assert desk.editor.canvas is canvases[0]
        await desk.press("g", "J")
        await desk.settle()
        assert desk.editor.canvas is canvases[1]
        assert "● R" in desk.text
        assert "R 0/" in desk.text
        await desk.pilot.click("#canvas")
        await desk.settle()
        assert desk.editor.canvas is canvases[0]
        await desk.type(":view.layout")
        await desk.press("enter")
        await desk.type("one window")
        await desk.press("enter")
        await desk.settle()
        assert len(desk.screen.query(FrameView)) == 1


async def test_a_layout_that_is_broken_is_told_and_one_window_is_shown(annotate: Path) -> None:
    twofold(annotate)
    with Project(annotate, open_store(annotate), "me") as project:
        broken = {"sides": {"grid": [[0, 0]], "gridContent": {}}}
        project.save(replace(project.info, settings={**project.info.settings, "layouts": broken}))
    async with sitting(annotate) as desk:
        assert len(desk.screen.query(FrameView)) == 1
        assert "sides is broken" in desk.screen.message
