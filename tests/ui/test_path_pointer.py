"""The pointer with a tool in the hand: strokes, freehand lines, clicks; a path is one undo step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.painting import CLASSES, block
from tests.ui.projects import Desk, build, clip, project_info, sitting, wait_for
from tests.ui.test_pointer import drag, point
from tui_editor.commands import paths
from tui_editor.model.document import make_document
from tui_editor.model.geometry import area, is_valid
from tui_editor.model.ids import ClassId, InstanceId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.ontology import Ontology
from tui_editor.model.shapes import Bitmask, Polygon, Polyline, Shape, kind_of, polygon, polyline, same_shape
from tui_editor.model.tracks import Label, make_track
from tui_editor.ports import ImportedTask
from tui_editor.state.tool import PathTool
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from pathlib import Path

LAKE = polygon([20, 20, 60, 20, 60, 60, 20, 60])
LANE = polyline([80, 20, 110, 20, 140, 20])
ROAD = block(20, 80, 30, 20)


@pytest.fixture
def painting(tmp_path: Path) -> Path:
    """Return a project with a polygon (1), a polyline (2) and a bitmask (3) on the first frame."""
    task = clip()
    instances, tracks = [], {}
    shapes: tuple[Shape, ...] = (LAKE, LANE, ROAD)
    for number, shape in enumerate(shapes, start=1):
        key = InstanceId(number)
        instances.append(Instance(id=key, class_id=CLASSES[kind_of(shape)].id, ordinal=0))
        tracks[key, UnitId(task.units[0].id)] = make_track([Label(frame=0, shape=shape)])
    document = make_document(instances=instances, tracks=tracks)
    info = project_info(ontology=Ontology(classes=tuple(CLASSES.values())))
    return build(tmp_path / "p", [ImportedTask(task=task, document=document)], info)


async def take(desk: Desk, number: int, keys: str) -> None:
    """Select an instance, edit it, and press keys."""
    desk.store.select(InstanceId(number))
    await desk.press(*("e " + keys).split())


def shape_of(desk: Desk, number: int) -> Shape | None:
    state = desk.state
    label = state.document.label(InstanceId(number), state.view.unit, 0)
    return None if label is None else label.shape


def painted(desk: Desk, number: int) -> float:
    """Return how many pixels a bitmask has."""
    found = shape_of(desk, number)
    assert isinstance(found, Bitmask)
    return area(found)


def tool_of(desk: Desk) -> PathTool:
    tool = desk.state.tool
    assert isinstance(tool, PathTool)
    return tool


async def test_a_drag_with_the_brush_is_one_stroke_and_one_undo_step(painting: Path) -> None:
    async with sitting(painting) as desk:
        await take(desk, 1, "b v 1 0 [")
        await drag(desk, (60, 40), (65, 40), (70, 40))
        await desk.settle()
        assert area(shape_of(desk, 1) or LAKE) == 1600 + 15 * 10
        await drag(desk, (40, 60), (40, 60.2))
        assert area(shape_of(desk, 1) or LAKE) == pytest.approx(1600 + 15 * 10 + 5 * 10, abs=3)
        await desk.press("u", "u")
        assert same_shape(shape_of(desk, 1) or ROAD, LAKE)


async def test_the_brush_follows_the_pointer_and_shows_the_stroke_without_touching_the_document(painting: Path) -> None:
    async with sitting(painting) as desk:
        await take(desk, 1, "b")
        before = desk.state.document
        await point(desk, "move", 100, 50)
        assert tool_of(desk).crosshair == (100, 50)
        assert tool_of(desk).pointer
        await point(desk, "down", 60, 40)
        await point(desk, "move", 70, 40)
        held = desk.state
        await point(desk, "up", 70, 40)
        assert before is held.document
        assert held.preview is not None
        assert desk.state.preview is None
        assert desk.state.document is not held.document


async def test_escape_during_a_stroke_leaves_nothing(painting: Path) -> None:
    async with sitting(painting) as desk:
        await take(desk, 1, "b")
        before = desk.state.document
        await point(desk, "down", 60, 40)
        await point(desk, "move", 80, 40)
        await desk.press("escape")
        await point(desk, "up", 80, 40)
        assert before is desk.state.document
        assert (desk.state.mode, desk.state.preview) == (Mode.EDIT, None)


async def test_the_eraser_asks_what_becomes_of_two_parts(painting: Path) -> None:
    async with sitting(painting) as desk:
        await take(desk, 1, "g v 1 0 [")
        await drag(desk, (40, 10), (40, 70))
        await desk.settle()
        await desk.press("2")
        await desk.settle()
        assert area(shape_of(desk, 1) or ROAD) == 600
        assert len(desk.state.document.instances) == 4


async def test_a_freehand_touch_up_runs_from_vertex_to_vertex(painting: Path) -> None:
    async with sitting(painting) as desk:
        await take(desk, 1, "f")
        await drag(desk, (21, 19), (30, 10), (40, 8), (50, 10), (59, 21))
        found = shape_of(desk, 1)
        assert isinstance(found, Polygon)
        assert is_valid(found)
        assert found.parts[0][0][0].tolist() == [20, 20]
        assert area(found) == pytest.approx(1600 + 340, abs=30)
        assert desk.state.mode is Mode.EDIT


async def test_a_touch_up_by_two_clicks_follows_the_pointer_between_them(painting: Path) -> None:
    async with sitting(painting) as desk:
        await take(desk, 2, "f")
        await drag(desk, (80, 20))
        for place in ((90, 40), (100, 50), (120, 40)):
            await point(desk, "move", *place)
        await drag(desk, (140, 20))
        found = shape_of(desk, 2)
        assert isinstance(found, Polyline)
        assert found.points.tolist() == [[80, 20], [90, 40], [100, 50], [120, 40], [140, 20]]


async def test_a_drag_across_splits_the_polygon(painting: Path) -> None:
    async with sitting(painting) as desk:
        await take(desk, 1, "c")
        await drag(desk, (30, 10), (30, 70))
        assert area(shape_of(desk, 1) or ROAD) == 1200
        assert len(desk.state.document.instances) == 4


async def test_two_clicks_split_it_too(painting: Path) -> None:
    async with sitting(painting) as desk:
        await take(desk, 1, "c")
        await drag(desk, (30, 25))
        assert tool_of(desk).path == ((30, 25),)
        await drag(desk, (30, 50))
        assert area(shape_of(desk, 1) or ROAD) == 1200


async def test_scissors_cut_within_a_freehand_lasso(painting: Path) -> None:
    async with sitting(painting) as desk:
        await take(desk, 1, "x")
        await drag(desk, (15, 15), (25, 15), (25, 25), (15, 25))
        found = shape_of(desk, 1)
        assert isinstance(found, Polygon)
        assert found.parts[0][0].tolist() == [[60, 20], [60, 60], [20, 60]]


async def test_a_drag_that_makes_no_sense_says_so_and_leaves_the_tool_ready(painting: Path) -> None:
    async with sitting(painting) as desk:
        await take(desk, 1, "c")
        before = desk.state.document
        await drag(desk, (100, 80), (120, 80))
        assert "doesn't cross" in desk.screen.message
        assert before is desk.state.document
        assert tool_of(desk).path == ()


async def test_clicks_of_the_pen_are_corners_and_enter_fills(painting: Path) -> None:
    async with sitting(painting) as desk:
        await take(desk, 3, "p")
        for place in ((60, 80), (80, 80), (80, 100), (60, 100)):
            await drag(desk, place)
        await desk.press("enter")
        found = shape_of(desk, 3)
        assert isinstance(found, Bitmask)
        assert area(found) == pytest.approx(600 + 400, abs=45)


async def test_the_right_button_ends_a_path_of_clicks(painting: Path) -> None:
    async with sitting(painting) as desk:
        await take(desk, 3, "p")
        await point(desk, "down", 15, 15, button=3)
        assert tool_of(desk).path == ()
        for place in ((60, 80), (80, 80), (80, 100)):
            await drag(desk, place)
        await point(desk, "down", 80, 100, button=3)
        found = shape_of(desk, 3)
        assert isinstance(found, Bitmask)
        assert area(found) > 600
        assert tool_of(desk).path == ()


async def test_the_flood_begins_where_one_clicks(painting: Path) -> None:
    async with sitting(painting) as desk:
        await take(desk, 3, "F")
        await drag(desk, (15, 107))
        await wait_for(desk, lambda: painted(desk, 3) > 600)
        assert painted(desk, 3) == 600 + 15 * 15  # the bright block of the picture


async def test_keys_typed_right_after_a_flood_wait_for_it(painting: Path) -> None:
    async with sitting(painting) as desk:
        await take(desk, 3, "F")
        await drag(desk, (100, 100))
        await desk.press("u")
        before = painted(desk, 3)
        await desk.rush("space escape")
        assert painted(desk, 3) > before
        assert desk.state.mode is Mode.EDIT


async def test_the_threshold_brush_keeps_to_the_colour_of_the_beginning(painting: Path) -> None:
    async with sitting(painting) as desk:
        await take(desk, 3, "T v 1 0 [")
        await drag(desk, (20, 107), (60, 107))
        await desk.settle()
        found = shape_of(desk, 3)
        assert isinstance(found, Bitmask)
        assert (found.left, found.top, found.width, found.height) == (15, 80, 35, 32)
        assert area(found) == 600 + 10 * 10


async def test_a_stroke_begins_a_new_bitmask(painting: Path) -> None:
    async with sitting(painting) as desk:
        paths.start_brush(desk.editor.context(), ClassId("road"))
        await drag(desk, (100, 100), (120, 100))
        await desk.press("escape")
        assert len(desk.state.document.instances) == 4
        assert desk.state.mode is Mode.BROWSE


async def test_the_screen_tells_which_tool_is_in_the_hand_and_what_is_drawn(painting: Path) -> None:
    async with sitting(painting) as desk:
        await take(desk, 1, "g 5 ] l")
        await desk.settle()
        assert "eraser, 25 px round" in desk.text
        await desk.press("escape", "escape", "s", "l")
        await desk.settle()
        assert "DRAW lane" in desk.text
