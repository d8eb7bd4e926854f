"""The pointer on the canvas: select, drag, draw, zoom; a gesture is one undo step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.doctext import shape_text
from tests.ui.projects import Desk, sitting
from tui_editor.model.shapes import Box
from tui_editor.state.tool import DrawTool
from tui_editor.state.view import Mode
from tui_editor.ui.widgets.frame_view import FrameView

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.ui.widgets.frame_view import PointerKind


async def point(
    desk: Desk, kind: PointerKind, x: float, y: float, delta: int = 0, *, button: int = 1, shift: bool = False
) -> None:
    """Do something with the pointer at a place of the image."""
    canvas = desk.editor.canvas
    canvas.post_message(FrameView.Pointer(kind, x, y, button=button, shift=shift, ctrl=False, delta=delta))
    await desk.pilot.pause()


async def drag(desk: Desk, *places: tuple[float, float]) -> None:
    """Press at the first place, move over the others, let go at the last one."""
    await point(desk, "down", *places[0])
    for place in places[1:]:
        await point(desk, "move", *place)
    await point(desk, "up", *places[-1])


def selected(desk: Desk) -> str:
    """Return the class of the selected instance."""
    state = desk.state
    return str(state.document.instances[state.selected].class_id) if state.selected is not None else ""


def shape(desk: Desk) -> Box:
    """Return the selected box on the shown frame."""
    state = desk.state
    assert state.selected is not None
    label = state.document.label(state.selected, state.view.unit, state.view.frame)
    assert label is not None
    assert isinstance(label.shape, Box)
    return label.shape


async def test_a_click_selects_and_one_on_nothing_deselects(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await drag(desk, (45, 85))
        assert selected(desk) == "van"
        await drag(desk, (155, 115))
        assert selected(desk) == ""


async def test_a_click_in_cells_lands_on_the_label_that_is_drawn_there(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        canvas = desk.editor.canvas
        width, height = canvas.canvas_size_px[0] / canvas.size.width, canvas.canvas_size_px[1] / canvas.size.height
        x, y = canvas.viewport.to_screen((45.0, 85.0)).tolist()
        await desk.pilot.click(FrameView, offset=(int(x / width), int(y / height)))
        assert selected(desk) == "van"


@pytest.mark.parametrize("angle", [30, 90, 180, 217.5])
async def test_a_click_in_a_turned_view_lands_on_the_label_that_is_drawn_there(annotate: Path, angle: float) -> None:
    async with sitting(annotate) as desk:
        desk.editor._run_line(f"view.angle {angle}")
        await desk.settle()
        canvas = desk.editor.canvas
        width, height = canvas.canvas_size_px[0] / canvas.size.width, canvas.canvas_size_px[1] / canvas.size.height
        x, y = canvas.viewport.to_screen((45.0, 85.0)).tolist()
        await desk.pilot.click(FrameView, offset=(int(x / width), int(y / height)))
        assert selected(desk) == "van"
        x, y = canvas.viewport.to_screen((155.0, 115.0)).tolist()
        await desk.pilot.click(FrameView, offset=(int(x / width), int(y / height)))
        assert selected(desk) == ""


async def test_a_drag_in_a_turned_view_moves_the_label_where_the_pointer_goes(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        desk.editor._run_line("view.rotate 90")
        await desk.settle()
        before = desk.editor.canvas.viewport
        await drag(desk, (45, 85))
        from_x, from_y = before.to_screen((45.0, 85.0)).tolist()
        x, y = before.to_image((from_x + 20, from_y)).tolist()
        await drag(desk, (45, 85), (x, y))
        await desk.settle()
        box = shape(desk)
        assert (box.x, box.width, box.height) == (20, 50, 30)
        assert box.y == pytest.approx(70 - 20 / before.scale)


async def test_a_drag_moves_the_selected_label_in_one_undo_step(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await drag(desk, (45, 85))
        await drag(desk, (45, 85), (50, 85), (55, 90))
        await desk.settle()
        assert Box(30, 75, 50, 30) == shape(desk)
        await desk.press("u")
        assert Box(20, 70, 50, 30) == shape(desk)


async def test_a_dragged_handle_resizes_in_one_undo_step(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await drag(desk, (45, 85))
        await drag(desk, (70, 100), (80, 105), (90, 110))
        await desk.settle()
        assert Box(20, 70, 70, 40) == shape(desk)
        await desk.press("u")
        assert Box(20, 70, 50, 30) == shape(desk)


async def test_what_is_dragged_is_drawn_but_not_applied_before_it_is_let_go(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await drag(desk, (45, 85))
        before = desk.state.document
        await point(desk, "down", 45, 85)
        await point(desk, "move", 65, 85)
        held = desk.state
        await point(desk, "up", 65, 85)
        assert before is held.document
        assert held.preview is not None
        assert desk.state.preview is None
        assert desk.state.document is not held.document


async def test_escape_during_a_drag_leaves_nothing(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await drag(desk, (45, 85))
        before = desk.state.document
        await point(desk, "down", 45, 85)
        await point(desk, "move", 65, 85)
        await desk.press("escape")
        await point(desk, "move", 70, 90)
        await point(desk, "up", 70, 90)
        assert before is desk.state.document
        assert desk.state.preview is None


async def test_a_drag_in_draw_mode_makes_a_box_in_one_undo_step(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("s b", "2")
        await drag(desk, (90, 60), (100, 70), (130, 110))
        await desk.settle()
        assert "van(1)@0 box 90,60 40,50" in desk.labels
        await desk.press("u")
        assert "van(1)" not in desk.labels


async def test_escape_while_drawing_leaves_nothing(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        before = desk.labels
        await desk.press("s b", "2")
        await point(desk, "down", 90, 60)
        await point(desk, "move", 130, 110)
        await desk.press("escape")
        await point(desk, "up", 130, 110)
        assert before == desk.labels
        assert (desk.state.mode, desk.state.preview) == (Mode.BROWSE, None)


@pytest.mark.parametrize("place", [(40.0, 30.0), (150.0, 110.0)])
async def test_the_wheel_zooms_and_keeps_the_place_under_the_pointer(
    annotate: Path, place: tuple[float, float]
) -> None:
    async with sitting(annotate) as desk:
        before = desk.editor.canvas.viewport.to_screen(place).tolist()
        await point(desk, "scroll", *place, delta=1)
        scale = desk.state.view.camera.scale
        after = desk.editor.canvas.viewport.to_screen(place).tolist()
        assert before == pytest.approx(after, abs=0.6)
        await point(desk, "scroll", *place, delta=1)
        assert desk.state.view.camera.scale > scale
        await point(desk, "scroll", *place, delta=-1)
        assert desk.state.view.camera.scale == pytest.approx(scale)


async def test_nothing_is_dragged_in_a_task_that_is_read_only(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        desk.store.set(read_only="somebody else edits it")
        await drag(desk, (45, 85))
        before = desk.state.document
        await drag(desk, (45, 85), (65, 95))
        await drag(desk, (70, 100), (80, 105))
        assert before is desk.state.document


# --- drawing, vertices, several ------------------------------------------------------------------------


async def click(desk: Desk, x: float, y: float, *, button: int = 1, shift: bool = False) -> None:
    await point(desk, "down", x, y, button=button, shift=shift)
    await point(desk, "up", x, y, button=button, shift=shift)


def kept(desk: Desk) -> str:
    """Return the selected label's shape as the small language of documents writes it."""
    state = desk.state
    assert state.selected is not None
    label = state.document.label(state.selected, state.view.unit, state.view.frame)
    assert label is not None
    return shape_text(label.shape)


async def test_a_polygon_is_clicked_point_by_point_and_ends_at_its_first_point(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("s", "p")
        for x, y in ((20, 20), (80, 20), (80, 60), (50, 70)):
            await click(desk, x, y)
        await click(desk, 50, 70, button=3)
        await click(desk, 20, 20)
        await desk.settle()
        assert kept(desk) == "polygon 20,20 80,20 80,60"
        assert desk.state.mode is Mode.BROWSE


async def test_a_drag_draws_a_freehand_line_unless_it_is_switched_off(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("s", "p")
        await drag(desk, (20, 20), (60, 20), (100, 20), (100, 60), (100, 100))
        await desk.press("enter")
        await desk.settle()
        assert kept(desk) == "polygon 20,20 60,20 100,20 100,60 100,100"
        desk.editor._run_line("draw.freehand")
        await desk.press("s", "p")
        await drag(desk, (20, 20), (60, 20), (100, 20))
        tool = desk.state.tool
        assert isinstance(tool, DrawTool)
        assert tool.points == ((100, 20),)


async def test_escape_while_drawing_freehand_leaves_the_points_from_before(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        before = desk.state.document
        await desk.press("s", "p")
        await click(desk, 20, 20)
        await point(desk, "down", 40, 20)
        await point(desk, "move", 90, 20)
        await desk.press("escape")
        assert desk.state.document is before


async def test_two_clicks_are_the_corners_of_a_box(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("s", "b", "1")
        await click(desk, 20, 20)
        await click(desk, 60, 50)
        await desk.settle()
        assert kept(desk) == "box 20,20 40,30"


async def test_a_click_on_an_edge_adds_a_vertex_and_a_right_click_removes_one(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("s", "p")
        for x, y in ((20, 20), (120, 20), (120, 100)):
            await click(desk, x, y)
        await desk.press("enter")
        await click(desk, 70, 20)
        await desk.settle()
        assert kept(desk) == "polygon 20,20 70,20 120,20 120,100"
        await click(desk, 120, 20, button=3)
        await desk.settle()
        assert kept(desk) == "polygon 20,20 70,20 120,100"
        await desk.press("u")
        await desk.press("u")
        await desk.settle()
        assert kept(desk) == "polygon 20,20 120,20 120,100"


async def test_shift_and_click_select_several_that_are_moved_together(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("s", "b", "1")
        await drag(desk, (100, 20), (140, 40))
        await click(desk, 45, 85, shift=True)
        assert len(desk.state.selection) == 2
        await drag(desk, (45, 85), (55, 85))
        await desk.settle()
        labels = [desk.state.document.label(i, desk.state.view.unit, 0) for i in desk.state.selection]
        boxes = {shape_text(label.shape) for label in labels if label}
        assert boxes == {"box 110,20 40,20", "box 30,70 50,30"}
        await click(desk, 55, 85, shift=True)
        assert len(desk.state.selection) == 1


async def test_a_right_click_on_a_label_selects_it_and_opens_its_menu(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await click(desk, 45, 85, button=3)
        await desk.settle()
        assert selected(desk) == "van"
        assert desk.app.screen.query("Picker")
        await desk.press("escape")
        before = desk.state.selection
        await click(desk, 155, 115, button=3)
        assert desk.state.selection == before
        assert not desk.app.screen.query("Picker")


async def test_a_drag_is_repeated_on_the_next_object_and_recorded(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await drag(desk, (45, 85))
        await desk.press("Q a")
        await drag(desk, (45, 85), (50, 90), (55, 91))
        await desk.press("Q")
        assert (shape(desk).x, shape(desk).y) == (30, 76)
        assert [(s.command, s.argument) for s in desk.editor.loop.macros.steps("a")] == [("geometry.move", "10,6")]
        await drag(desk, (25, 25))
        await desk.press(".")
        assert (selected(desk), shape(desk).x, shape(desk).y) == ("car", 20, 16)


async def test_a_handle_that_was_dragged_is_dragged_on_the_next_object(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await drag(desk, (45, 85))
        await drag(desk, (70, 100), (75, 105), (80, 110))
        assert (shape(desk).width, shape(desk).height) == (60, 40)
        await drag(desk, (25, 25))
        await desk.press(".")
        assert (selected(desk), shape(desk).width, shape(desk).height) == ("car", 50, 40)


async def test_a_click_on_an_object_says_that_it_is_no_step_of_the_macro(annotate: Path) -> None:
    async with sitting(annotate) as desk:
        await desk.press("Q a")
        await drag(desk, (45, 85))
        assert desk.editor.message == "a click on an object is no step of macro a: keys that go to objects are"
        assert selected(desk) == "van"
        await desk.press("Q")
        assert desk.editor.loop.macros.steps("a") == ()
