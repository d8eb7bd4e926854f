"""Rules G01, G03, G04."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.checks.support import CAR, CLIP, HEIGHT, UNIT, WIDTH, document, found, instance, label, one
from tests.support import strategies

from tui_editor.model.columns import pack
from tui_editor.model.extents import extents, polygon_areas
from tui_editor.model.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Presence,
    RotatedBox,
    ShapeKind,
    bounds,
    polygon,
    polyline,
    skeleton,
)
from tui_editor.model.tracks import LabelFlag, make_track

if TYPE_CHECKING:
    from tui_editor.model.shapes import Shape

INSIDE = Box(10, 10, 20, 20)


def mask_at(left: int, top: int, at: tuple[int, int]) -> Bitmask:
    """Return a mask whose rectangle has 20×20 pixels, with one pixel set, at (x, y) of the rectangle."""
    before = at[1] * 20 + at[0]
    return Bitmask(left, top, 20, 20, np.array([before, 1, 399 - before], np.uint32))


@given(st.data())
def test_extents_are_the_bounds_of_each_shape(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from([k for k in ShapeKind if k is not ShapeKind.BITMASK]))
    shapes = data.draw(st.lists(strategies.shapes(kind), min_size=1, max_size=4))
    low, high = extents(pack(shapes))

    for row, shape in enumerate(shapes):
        expected = bounds(shape)
        if expected is None:
            assert np.isnan([low[row], high[row]]).all()
        else:
            np.testing.assert_allclose([*low[row], *high[row]], expected, rtol=1e-9, atol=1e-6)


def test_extents_of_what_is_not_finite_are_unknown() -> None:
    low, high = extents(pack([Box(math.nan, 0, 1, 1), Box(0, math.inf, 1, 1), INSIDE]))

    assert np.isnan(low[:2]).all()
    assert np.isnan(high[:2]).all()
    assert low[2].tolist() == [10, 10]


def test_the_area_of_a_polygon_is_that_of_its_outer_rings() -> None:
    square = polygon([0, 0, 4, 0, 4, 4, 0, 4], [1, 1, 2, 1, 2, 2])
    two = Polygon((polygon([0, 0, 2, 0, 2, 2, 0, 2]).parts[0], polygon([9, 9, 12, 9, 12, 12]).parts[0]))

    assert polygon_areas(pack([square, two, Polygon(())])).tolist() == [16, 8.5, 0]


# --- G01 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shape",
    [
        Box(10, 10, 0, 5),
        Box(10, 10, 5, -1),
        RotatedBox(10, 10, 5, 0, 45),
        Bitmask(3, 3, 0, 0, np.array([], np.uint32)),
        polygon([1, 1, 5, 5, 9, 9]),
        Polygon(()),
    ],
)
def test_g01_finds_a_shape_without_area(shape: Shape) -> None:
    (finding,) = found("G01", one(shape, 4))

    assert (finding.rule, finding.severity, finding.unit, finding.frame, finding.instance) == (
        "G01",
        "error",
        UNIT,
        4,
        CAR,
    )


@pytest.mark.parametrize(
    "shape",
    [
        INSIDE,
        Box(10, 10, 0.01, 0.01),
        RotatedBox(10, 10, 5, 5, 45),
        polygon([1, 1, 5, 1, 9, 9]),
        polyline([1, 1, 1, 9]),
        Keypoint(3, 3),
        skeleton([3, 3, 3, 3]),
        Presence(),
    ],
)
def test_g01_leaves_a_shape_with_area_or_without_need_of_one(shape: Shape) -> None:
    assert found("G01", one(shape)) == []


# --- G03, G04 ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shape",
    [
        Box(-30, 10, 20, 20),
        Box(-20, 10, 20, 20),
        Box(WIDTH, 10, 20, 20),
        Box(10, HEIGHT + 5, 20, 20),
        RotatedBox(-40, 10, 20, 20, 45),
        Keypoint(-0.1, 5),
        polygon([-5, -5, -1, -5, -1, -1]),
        polyline([200, 1, 300, 9]),
        skeleton([[-5, 5], [50, 50]], [1, 0]),
        Bitmask(150, 5, 2, 2, np.array([0, 4], np.uint32)),
    ],
)
def test_g03_finds_a_shape_wholly_outside_and_g04_leaves_it_to_g03(shape: Shape) -> None:
    assert [f.frame for f in found("G03", one(shape, 2))] == [2]
    assert found("G04", one(shape, 2)) == []


@pytest.mark.parametrize(
    ("shape", "sides"),
    [
        (Box(-0.6, 10, 20, 20), "left by 0.6 px"),
        (Box(10, -3, 20, 20), "top by 3.0 px"),
        (Box(90, 10, 20, 20), "right by 10.0 px"),
        (Box(10, 70, 20, 20), "bottom by 10.0 px"),
        (Box(-1, -2, WIDTH + 5, HEIGHT + 8), "left by 1.0 px, top by 2.0 px, right by 4.0 px, bottom by 6.0 px"),
        (polygon([5, 5, 110, 5, 5, 9]), "right by 10.0 px"),
        (skeleton([[-5, 5], [50, 50]]), "left by 5.0 px"),
        (mask_at(-10, 5, (0, 0)), "left by 10.0 px"),
        (Bitmask(90, 5, 20, 1, np.array([0, 20], np.uint32)), "right by 10.0 px"),
    ],
)
def test_g04_finds_each_side_over_which_a_shape_reaches(shape: Shape, sides: str) -> None:
    said = [f.message for f in found("G04", one(shape, 2))]

    assert said == [f"Box (0) reaches out of the frame: {sides} on frame 2"]


@pytest.mark.parametrize(
    "shape",
    [
        Box(0, 0, WIDTH, HEIGHT),
        Box(-0.5, -0.5, WIDTH + 1, HEIGHT + 1),
        Keypoint(0, 0),
        Keypoint(WIDTH, HEIGHT),
        skeleton([[-50, 5], [50, 50]], [0, 1]),
        mask_at(90, 5, (9, 0)),
        Presence(),
    ],
)
def test_what_is_inside_or_nearly_so_is_left(shape: Shape) -> None:
    assert found("G03", one(shape)) == []
    assert found("G04", one(shape)) == []


def test_what_is_flagged_as_outside_is_left() -> None:
    gone = make_track([label(1, Box(-30, 1, 9, 9), LabelFlag.OUTSIDE), label(2, Box(-5, 1, 9, 9), LabelFlag.OUTSIDE)])
    labels = document(instance(), tracks={(CAR, UNIT): gone})

    assert found("G03", labels) == []
    assert found("G04", labels) == []


def test_labels_on_consecutive_frames_make_one_finding() -> None:
    (first, second) = found("G03", one(Box(-30, 1, 9, 9), 1, 2, 3, 6))

    assert (first.frame, second.frame) == (1, 6)
    assert first.message == "Box (0) lies wholly outside the frame on frames 1–3"
    assert second.message == "Box (0) lies wholly outside the frame on frame 6"


def test_frames_of_a_group_have_sizes_of_their_own() -> None:
    group = replace(CLIP, frame_sizes=((WIDTH, HEIGHT), (20, 20)))
    labels = one(Box(10, 10, 20, 20), 0, 1)

    assert [f.frame for f in found("G04", labels, units=(group,))] == [1]
    assert found("G04", labels) == []


def test_without_a_known_size_only_left_and_top_are_judged() -> None:
    unknown = replace(CLIP, width=0, height=0)

    assert found("G03", one(Box(900, 900, 9, 9)), units=(unknown,)) == []
    assert found("G04", one(Box(90, 90, 900, 900)), units=(unknown,)) == []
    assert len(found("G03", one(Box(-30, 1, 9, 9)), units=(unknown,))) == 1
    assert len(found("G04", one(Box(1, -3, 9, 9)), units=(unknown,))) == 1


@given(st.floats(-200, 300), st.floats(-200, 300), st.floats(0.01, 200), st.floats(0.01, 200))
def test_a_box_is_inside_or_reaches_out_or_is_outside(x: float, y: float, width: float, height: float) -> None:
    across = min(x + width, WIDTH) - max(x, 0)
    down = min(y + height, HEIGHT) - max(y, 0)
    over = max(-x, -y, x + width - WIDTH, y + height - HEIGHT)
    labels = one(Box(x, y, width, height))

    assert bool(found("G03", labels)) == (across <= 0 or down <= 0)
    assert bool(found("G04", labels)) == (across > 0 and down > 0 and over > 0.5)
