"""What settings want of tasks that open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tests.ui.projects import CLIP, SIZE, sitting
from tui_editor.api.config_edit import set_setting
from tui_editor.api.project import Project
from tui_editor.api.project_settings import set_defaults
from tui_editor.commands.wishes import Wishes
from tui_editor.state.view import FIT, Camera, TagText, View, view_from_mapping, view_to_mapping
from tui_editor.storage.locate import open_store

if TYPE_CHECKING:
    from pathlib import Path


def camera(folder: Path, zoom: str, left: Camera | None = None) -> Camera:
    """Return how a task opens with a zoom that was left with another one."""
    with Project(folder, open_store(folder), "me") as project:
        here = View(unit=project.store.task(CLIP).units[0].id)
        if left is not None:
            project.store.save_view(CLIP, "me", view_to_mapping(replace(here, camera=left), ()))
        project.zoom = zoom
        return view_from_mapping(project.read(CLIP).view, here)[0].camera


def test_a_task_opens_as_it_was_left_or_whole_or_pixel_by_pixel(annotate: Path) -> None:
    left = Camera(center=(20.0, 30.0), scale=4.0)
    middle = (SIZE[0] / 2, SIZE[1] / 2)

    assert camera(annotate, "keep") == FIT
    assert camera(annotate, "100") == Camera(center=middle, scale=1.0)
    assert camera(annotate, "keep", left) == left
    assert camera(annotate, "fit", left) == FIT
    assert camera(annotate, "100", left) == Camera(center=(20.0, 30.0), scale=1.0)


async def test_labels_are_drawn_as_the_settings_say_and_a_change_counts_at_once(annotate: Path) -> None:
    async with sitting(annotate, wishes=Wishes(words=TagText.NONE, line_px=5, opacity=0.5)) as desk:
        display = desk.state.display
        assert (display.tags, display.line_px, display.opacity) == (TagText.NONE, 5, 0.5)
        await desk.press("g", "S")
        await desk.type("line width")
        await desk.press("enter", "ctrl+u", "7", "enter")
        await desk.settle()
        assert desk.state.display.line_px == 7


async def test_the_settings_tell_what_the_project_says(annotate: Path) -> None:
    with Project(annotate, open_store(annotate), "me") as project:
        set_defaults(project, {"skip": "25", "zoom": "fit"})
    set_setting("zoom", "100")
    async with sitting(annotate) as desk:
        await desk.press("g", "S")
        await desk.settle()
        assert "25                     from the project" in desk.line_with("Frame skip")
        assert "100                    from your file" in desk.line_with("Default zoom")
        assert "default" in desk.line_with("Opacity")
