from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.errors import InvalidShape
from tui_editor.model import geometry
from tui_editor.model.mask_outlines import bitmask_to_polygon
from tui_editor.model.masks import bitmask_from_array
from tui_editor.model.shapes import Box, Keypoint, Polygon, RotatedBox, Shape, polygon

SQUARE = polygon([0, 0, 10, 0, 10, 10, 0, 10])
HOLED = polygon([0, 0, 10, 0, 10, 10, 0, 10], [2, 2, 4, 2, 4, 4, 2, 4])
BOW = polygon([0, 0, 10, 10, 10, 0, 0, 10])

whole = st.integers(0, 30).map(float)
boxes = st.builds(Box, whole, whole, st.integers(1, 20).map(float), st.integers(1, 20).map(float))


def as_polygon(box: Box) -> Polygon:
    x, y, w, h = box.x, box.y, box.width, box.height
    return polygon([x, y, x + w, y, x + w, y + h, x, y + h])


def row(box: Box) -> Any:
    return np.array([[box.x, box.y, box.width, box.height]])


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (Box(1, 2, 3, 4), 12),
        (RotatedBox(1, 2, 3, 4, 33), 12),
        (SQUARE, 100),
        (HOLED, 96),
        (Polygon((*SQUARE.parts, *polygon([20, 0, 22, 0, 22, 1, 20, 1]).parts)), 102),
        (bitmask_from_array(np.eye(5)), 5),
        (Keypoint(1, 2), 0),
        (Polygon(()), 0),
    ],
)
def test_areas(shape: Shape, expected: float) -> None:
    assert expected == pytest.approx(geometry.area(shape))


def test_a_ring_that_runs_clockwise_on_the_screen_has_a_positive_area() -> None:
    assert geometry.ring_area(SQUARE.parts[0][0]) == 100
    assert geometry.ring_area(SQUARE.parts[0][0][::-1]) == -100


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        (SQUARE, ""),
        (HOLED, ""),
        (BOW, "Self-intersection[5 5]"),
        (polygon([0, 0, 1, 1]), "a ring has fewer than three points"),
        (Polygon(()), "it has no points"),
        (Polygon(((),)), "it has no points"),
        (polygon([0, 0, 1, np.nan, 3, 3]), "a coordinate is not a number"),
        (polygon([0, 0, 1, 0, 1, 1, 0, 1], [5, 5, 6, 5, 6, 6]), "Hole lies outside shell[5 5]"),
    ],
)
def test_invalid_polygons_are_explained(shape: Polygon, reason: str) -> None:
    assert reason == geometry.explain_invalid(shape)
    assert geometry.is_valid(shape) == (not reason)


def test_a_bow_becomes_two_triangles_that_touch() -> None:
    fixed = geometry.make_valid(BOW)
    assert (len(fixed.parts), geometry.area(fixed), geometry.is_valid(fixed)) == (2, 50, True)


def test_what_covers_nothing_has_no_parts() -> None:
    assert geometry.make_valid(polygon([0, 0, 5, 5, 0, 0])).parts == ()
    assert geometry.make_valid(polygon([1, 1])).parts == ()


@given(st.lists(st.tuples(whole, whole), min_size=3, max_size=10))
def test_any_ring_can_be_made_valid(points: list[tuple[float, float]]) -> None:
    fixed = geometry.make_valid(polygon(points))
    assert not fixed.parts or geometry.is_valid(fixed)


@pytest.mark.parametrize(
    ("shape", "x", "y", "expected"),
    [
        (Box(1, 2, 3, 4), 2, 3, True),
        (Box(4, 6, -3, -4), 2, 3, True),
        (Box(1, 2, 3, 4), 4.1, 3, False),
        (RotatedBox(0, 0, 10, 2, 90), 5, 5, True),
        (RotatedBox(0, 0, 10, 2, 90), 9, 1, False),
        (HOLED, 1, 1, True),
        (HOLED, 3, 3, False),
        (bitmask_from_array(np.eye(3)), 1.5, 1.5, True),
        (bitmask_from_array(np.eye(3)), 0.5, 1.5, False),
        (Keypoint(1, 1), 1, 1, False),
        (Polygon(()), 1, 1, False),
    ],
)
def test_points_in_shapes(shape: Shape, x: float, y: float, expected: bool) -> None:
    assert expected is geometry.contains_point(shape, x, y)


@given(st.integers(0, 2**16 - 1))
def test_a_mask_and_its_outline_contain_the_same_pixels(bits: int) -> None:
    array = np.array([bits >> i & 1 for i in range(16)], bool).reshape(4, 4)
    outline = bitmask_to_polygon(bitmask_from_array(array))
    inside = [[geometry.contains_point(outline, x + 0.5, y + 0.5) for x in range(4)] for y in range(4)]
    assert array.tolist() == inside


@given(boxes, boxes)
def test_overlap_of_boxes_agrees_with_polygons(a: Box, b: Box) -> None:
    common = geometry.area(geometry.intersection(as_polygon(a), as_polygon(b)))
    both = geometry.area(geometry.union([as_polygon(a), as_polygon(b)]))
    assert common / both == pytest.approx(geometry.box_iou(row(a), row(b))[0, 0])


@given(boxes, boxes)
def test_areas_under_set_operations(a: Box, b: Box) -> None:
    one, other = as_polygon(a), as_polygon(b)
    common = geometry.area(geometry.intersection(one, other))
    assert geometry.area(one) - common == pytest.approx(geometry.area(geometry.difference(one, other)))
    assert geometry.area(one) + geometry.area(other) - common == pytest.approx(
        geometry.area(geometry.union([one, other]))
    )


def test_boxes_without_area_overlap_nothing() -> None:
    flat = np.array([[0, 0, 0, 5], [1, 1, -2, 3], [0, 0, 4, 4]], np.float64)
    assert np.array_equal([[0, 0, 0], [0, 0, 0], [0, 0, 1]], geometry.box_iou(flat, flat))
    assert geometry.box_iou(np.empty((0, 4)), flat).shape == (0, 3)


def test_set_operations_refuse_what_is_not_a_number() -> None:
    with pytest.raises(InvalidShape):
        geometry.union([polygon([0, 0, np.inf, 1, 2, 2])])
