"""Paths as values: what is shown of them, and how the pointer draws one."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from tests.support.painting import LINE, SQUARE, block
from tui_editor.errors import InvalidShape, Refused
from tui_editor.model.brush import Brush
from tui_editor.model.shapes import Polygon
from tui_editor.state.tool import Paint, PathTool, PathUse
from tui_editor.tools.paths import cursor_outline, draw_path, falls_apart, lasso, path_outline, reshaped

TOOL = PathTool(use=PathUse.BRUSH, crosshair=(50.0, 40.0), window=(0.0, 0.0, 100.0, 100.0), paint=Paint())


def test_the_brush_is_shown_as_large_as_it_paints() -> None:
    round_one = cursor_outline(TOOL)
    assert round_one is not None
    assert np.hypot(*(round_one - (50, 40)).T) == pytest.approx(10)
    square = cursor_outline(replace(TOOL, paint=Paint(brush=Brush(size_px=6, square=True))))
    assert square is not None
    assert square.tolist() == [[47, 37], [53, 37], [53, 43], [47, 43]]


@pytest.mark.parametrize("use", [use for use in PathUse if use not in {"brush", "eraser", "threshold brush"}])
def test_tools_without_a_brush_show_none(use: PathUse) -> None:
    assert cursor_outline(replace(TOOL, use=use)) is None


def test_the_path_is_shown_to_the_crosshair_and_areas_closed() -> None:
    assert path_outline(TOOL) is None
    begun = replace(TOOL, path=((10.0, 10.0),))
    found = path_outline(begun)
    assert found is not None
    assert (found[0].tolist(), found[1]) == ([[10, 10], [50, 40]], False)
    cut = path_outline(replace(begun, use=PathUse.SCISSORS))
    assert cut is not None
    assert (cut[0].tolist(), cut[1]) == ([[10, 10], [50, 10], [50, 40], [10, 40]], True)


def test_a_lasso_without_an_area_is_refused() -> None:
    with pytest.raises(InvalidShape):
        lasso(np.array([[1.0, 1.0], [1.0, 9.0]]))


def test_a_drawn_path_has_a_point_where_the_pointer_has_gone_far_enough() -> None:
    gesture = draw_path((0.0, 0.0))
    assert next(gesture) == ((0.0, 0.0),)
    gesture.send((0.1, 0.1))
    assert gesture.send((3.0, 0.0)) == ((0.0, 0.0), (3.0, 0.0))
    with pytest.raises(StopIteration) as end:
        gesture.send(None)
    assert end.value.value == ((0.0, 0.0), (3.0, 0.0))


@pytest.mark.parametrize(
    ("shape", "use"),
    [(SQUARE, PathUse.PEN), (LINE, PathUse.ERASER), (LINE, PathUse.FLOOD), (block(0, 0, 2, 2), PathUse.TOUCH_UP)],
)
def test_a_tool_refuses_a_kind_of_shape_that_it_is_not_for(shape: Polygon, use: PathUse) -> None:
    with pytest.raises(Refused):
        reshaped(shape, replace(TOOL, use=use), [(0.0, 0.0), (9.0, 9.0), (0.0, 9.0)])


def test_only_a_polygon_that_gets_more_parts_falls_apart() -> None:
    two = Polygon((*SQUARE.parts, *SQUARE.parts))
    assert falls_apart(SQUARE, two)
    assert not falls_apart(two, two)
    assert not falls_apart(two, SQUARE)
    assert not falls_apart(LINE, LINE)
