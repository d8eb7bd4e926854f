"""The web editor's table of canvas interactions by shape, done with the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.painting import CLASSES, block
from tests.ui.projects import Desk, build, clip, project_info, sitting
from tests.ui.test_pointer import click, drag, kept
from tui_editor.model.document import make_document
from tui_editor.model.geometry import area
from tui_editor.model.ids import InstanceId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.masks import frame_array
from tui_editor.model.ontology import Ontology
from tui_editor.model.shapes import Bitmask, Polygon, ShapeKind, kind_of, polygon, polyline
from tui_editor.model.tracks import Label, make_track
from tui_editor.ports import ImportedTask

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.model.shapes import Shape

LEFT, RIGHT = block(20, 80, 30, 20), block(70, 80, 30, 20)
LAKE = polygon([20, 20, 60, 20, 60, 60, 20, 60])
LANE = polyline([80, 20, 110, 20, 140, 50])


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    """Return a project with a polygon (1), a polyline (2) and two bitmasks (3, 4) on the first frame."""
    task = clip()
    instances, tracks, counts = [], {}, dict.fromkeys(ShapeKind, 0)
    found: tuple[Shape, ...] = (LAKE, LANE, LEFT, RIGHT)
    for number, shape in enumerate(found, start=1):
        key, kind = InstanceId(number), kind_of(shape)
        instances.append(Instance(id=key, class_id=CLASSES[kind].id, ordinal=counts[kind]))
        counts[kind] += 1
        tracks[key, UnitId(task.units[0].id)] = make_track([Label(frame=0, shape=shape)])
    document = make_document(instances=instances, tracks=tracks)
    info = project_info(ontology=Ontology(classes=tuple(CLASSES.values())))
    return build(tmp_path / "p", [ImportedTask(task=task, document=document)], info)


def mask(desk: Desk, number: int) -> Bitmask:
    label = desk.state.document.label(InstanceId(number), desk.state.view.unit, 0)
    assert label is not None
    assert isinstance(label.shape, Bitmask)
    return label.shape


def rectangle(shape: Bitmask) -> tuple[int, int, int, int]:
    return shape.left, shape.top, shape.width, shape.height


# --- bitmask -----------------------------------------------------------------------------------------


async def test_a_bitmask_is_moved_by_a_drag(shapes: Path) -> None:
    async with sitting(shapes) as desk:
        await click(desk, 30, 90)
        await drag(desk, (30, 90), (35, 92), (40, 95))
        await desk.settle()
        assert rectangle(mask(desk, 3)) == (30, 85, 30, 20)
        await desk.press("u")
        assert rectangle(mask(desk, 3)) == (20, 80, 30, 20)


async def test_several_bitmasks_are_selected_by_shift_and_click_and_moved_together(shapes: Path) -> None:
    async with sitting(shapes) as desk:
        await click(desk, 30, 90)
        await click(desk, 80, 90, shift=True)
        assert desk.state.selection == (3, 4)
        await drag(desk, (80, 90), (80, 85), (80, 80))
        await desk.settle()
        assert (rectangle(mask(desk, 3)), rectangle(mask(desk, 4))) == ((20, 70, 30, 20), (70, 70, 30, 20))
        await desk.press("u")
        assert (rectangle(mask(desk, 3)), rectangle(mask(desk, 4))) == ((20, 80, 30, 20), (70, 80, 30, 20))


async def test_several_selected_bitmasks_are_combined(shapes: Path) -> None:
    async with sitting(shapes) as desk:
        await click(desk, 30, 90)
        await click(desk, 80, 90, shift=True)
        await desk.press("g m")
        await desk.settle()
        assert InstanceId(3) not in desk.state.document.instances
        assert rectangle(mask(desk, 4)) == (20, 80, 80, 20)
        assert area(mask(desk, 4)) == 1200


async def test_a_bitmask_is_drawn_with_the_pen(shapes: Path) -> None:
    async with sitting(shapes) as desk:
        await click(desk, 30, 90)
        await desk.press("e p")
        await drag(desk, (20, 100), (50, 100), (50, 115), (20, 115))
        await desk.settle()
        found = mask(desk, 3)
        assert (found.left, found.top) == (20, 80)
        assert area(found) == pytest.approx(600 + 450, abs=60)


@pytest.mark.parametrize(("presses", "wins"), [("n", 3), ("n n", 4)], ids=["overwrite", "protect"])
async def test_in_panoptic_mode_no_pixel_is_in_two_bitmasks(shapes: Path, presses: str, wins: int) -> None:
    async with sitting(shapes) as desk:
        before = frame_array(RIGHT, 160, 120)
        await click(desk, 30, 90)
        await desk.press(f"e {presses} b")
        await drag(desk, (48, 90), (80, 90))
        await desk.settle()
        left, right = (frame_array(mask(desk, number), 160, 120) for number in (3, 4))
        assert not (left & right).any()
        assert left[90, 60]
        assert (left if wins == 3 else right)[90, 75]
        assert bool(np.array_equal(right, before)) is (wins == 4)
        await desk.press("u")
        assert (rectangle(mask(desk, 3)), rectangle(mask(desk, 4))) == ((20, 80, 30, 20), (70, 80, 30, 20))


# --- polygon and polyline ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "edge", "more", "vertex", "fewer"),
    [
        ((30, 30), (40, 20), "polygon 20,20 40,20 60,20 60,60 20,60", (60, 60), "polygon 20,20 40,20 60,20 20,60"),
        ((100, 20), (95, 20), "line 80,20 95,20 110,20 140,50", (110, 20), "line 80,20 95,20 140,50"),
    ],
    ids=["polygon", "polyline"],
)
async def test_a_left_click_on_an_edge_adds_a_vertex_and_a_right_click_on_one_removes_it(
    shapes: Path,
    inside: tuple[float, float],
    edge: tuple[float, float],
    more: str,
    vertex: tuple[float, float],
    fewer: str,
) -> None:
    async with sitting(shapes) as desk:
        await click(desk, *inside)
        await click(desk, *edge)
        await desk.settle()
        assert kept(desk) == more
        await click(desk, *vertex, button=3)
        await desk.settle()
        assert kept(desk) == fewer


async def test_a_polygon_grows_by_the_brush(shapes: Path) -> None:
    async with sitting(shapes) as desk:
        await click(desk, 30, 30)
        await desk.press("e b")
        await drag(desk, (60, 40), (70, 40))
        await desk.settle()
        label = desk.state.document.label(InstanceId(1), desk.state.view.unit, 0)
        assert label is not None
        assert isinstance(label.shape, Polygon)
        assert area(label.shape) > 1600
