"""Handles, hint zoom, typed places and drags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.errors import UsageError
from tui_editor.model.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Presence,
    RotatedBox,
    Shape,
    Skeleton,
    Verbatim,
    bounds,
    polygon,
    polyline,
    rotated_corners,
    same_shape,
    skeleton,
    translated,
)
from tui_editor.tools import hint_zoom
from tui_editor.tools.boxes import box_between, parse_place
from tui_editor.tools.drag import drag_handle
from tui_editor.tools.handles import HandleKind, handles_of, move_handle
from tui_editor.tools.reshape import grown

if TYPE_CHECKING:
    from collections.abc import Generator

BOX = Box(10, 20, 30, 40)
NAMES = ["top left", "top", "top right", "right", "bottom right", "bottom", "bottom left", "left", "whole shape"]
SQUARE = [(0, 0), (4, 0), (4, 4), (0, 4)]
HOLE = [(1, 1), (2, 1), (2, 2)]

# --- handles -----------------------------------------------------------------------------------------


def test_a_box_has_eight_handles_clockwise_and_the_whole() -> None:
    assert [h.name for h in handles_of(BOX)] == NAMES
    assert [(h.x, h.y) for h in handles_of(BOX)] == [
        (10, 20),
        (25, 20),
        (40, 20),
        (40, 40),
        (40, 60),
        (25, 60),
        (10, 60),
        (10, 40),
        (25, 40),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("top left", Box(11, 22, 29, 38)),
        ("top", Box(10, 22, 30, 38)),
        ("top right", Box(10, 22, 31, 38)),
        ("right", Box(10, 20, 31, 40)),
        ("bottom right", Box(10, 20, 31, 42)),
        ("bottom", Box(10, 20, 30, 42)),
        ("bottom left", Box(11, 20, 29, 42)),
        ("left", Box(11, 20, 29, 40)),
        ("whole shape", Box(11, 22, 30, 40)),
    ],
)
def test_each_handle_moves_its_sides_only(name: str, expected: Box) -> None:
    handle = handles_of(BOX)[NAMES.index(name)]
    assert expected == move_handle(BOX, handle, 1, 2)


@given(st.sampled_from(range(8)), st.floats(-500, 500), st.floats(-500, 500))
def test_a_box_never_turns_inside_out(at: int, dx: float, dy: float) -> None:
    moved = move_handle(BOX, handles_of(BOX)[at], dx, dy)
    assert isinstance(moved, Box)
    assert moved.width >= 0
    assert moved.height >= 0


TURNED = RotatedBox(10, 20, 30, 40, 30)


@given(st.sampled_from(range(8)), st.floats(-14, 14), st.floats(-14, 14))
def test_a_turned_box_keeps_its_angle_and_the_side_across(at: int, dx: float, dy: float) -> None:
    handle = handles_of(TURNED)[at]
    moved = move_handle(TURNED, handle, dx, dy)
    assert isinstance(moved, RotatedBox)
    assert TURNED.theta_deg == moved.theta_deg
    opposite = handles_of(TURNED)[(at + 4) % 8]
    still = handles_of(moved)[(at + 4) % 8]
    along = np.deg2rad(TURNED.theta_deg)
    axes = np.array([[np.cos(along), np.sin(along)], [-np.sin(along), np.cos(along)]])
    drift = axes @ (still.x - opposite.x, still.y - opposite.y)
    for side, off in zip(handle.sides, drift, strict=True):
        if side:
            assert pytest.approx(0, abs=1e-9) == off


def test_a_turned_box_has_its_handles_on_its_corners() -> None:
    corners = [(h.x, h.y) for h in handles_of(TURNED) if h.kind is HandleKind.CORNER]
    assert np.allclose(rotated_corners(TURNED), corners)
    assert pytest.approx((25, 40)) == (handles_of(TURNED)[-1].x, handles_of(TURNED)[-1].y)


def test_vertices_of_every_ring_are_handles() -> None:
    shape = Polygon((*polygon(SQUARE, HOLE).parts, *polygon(SQUARE).parts))
    handles = handles_of(shape)
    assert len(handles) == 4 + 3 + 4 + 1
    moved = move_handle(shape, handles[5], 10, 20)
    assert isinstance(moved, Polygon)
    assert moved.parts[0][1][1].tolist() == [12.0, 21.0]
    others = [r for p, part in enumerate(moved.parts) for n, r in enumerate(part) if (p, n) != (0, 1)]
    assert all(any(np.array_equal(r, s) for s in (SQUARE,)) for r in others)
    assert shape.parts[0][1][1].tolist() == [2.0, 1.0]


def test_a_line_and_a_skeleton_move_by_their_points() -> None:
    line = polyline(SQUARE)
    assert same_shape(polyline([(0, 0), (5, 2), (4, 4), (0, 4)]), move_handle(line, handles_of(line)[1], 1, 2))
    bones = skeleton(SQUARE, [0, 1, 2, 3])
    moved = move_handle(bones, handles_of(bones)[3], 1, 2)
    assert isinstance(moved, Skeleton)
    assert (moved.points[3].tolist(), moved.visibility.tolist()) == ([1.0, 6.0], [0, 1, 2, 3])


@pytest.mark.parametrize(
    ("shape", "count"),
    [
        (Keypoint(3, 4), 1),
        (Bitmask(0, 0, 2, 2, np.array([0, 4], np.uint32)), 1),
        (Presence(), 0),
        (Verbatim(), 0),
        (Polygon(()), 0),
    ],
)
def test_other_shapes_move_as_a_whole_or_not_at_all(shape: Shape, count: int) -> None:
    handles = handles_of(shape)
    assert count == len(handles)
    for handle in handles:
        assert bounds(translated(shape, 2, 3)) == bounds(move_handle(shape, handle, 2, 3))


@pytest.mark.parametrize(
    ("shape", "by", "expected"),
    [
        (BOX, 2, Box(8, 18, 34, 44)),
        (BOX, -2, Box(12, 22, 26, 36)),
        (BOX, -99, Box(25, 40, 0, 0)),
        (BOX, -17, Box(25, 37, 0, 6)),
        (TURNED, 1, RotatedBox(9, 19, 32, 42, 30)),
    ],
)
def test_boxes_grow_and_shrink_about_their_middle(shape: Shape, by: float, expected: Shape) -> None:
    assert expected == grown(shape, by)


# --- hint zoom ---------------------------------------------------------------------------------------

SIZE_4K = (3840.0, 2160.0)


@pytest.mark.parametrize(
    ("key", "expected"),
    [("q", (0, 0, 30, 20)), ("e", (60, 0, 30, 20)), ("s", (30, 20, 30, 20)), ("x", (30, 40, 30, 20))],
)
def test_each_key_names_a_ninth(key: str, expected: hint_zoom.Window) -> None:
    assert pytest.approx(expected) == hint_zoom.zoomed((0, 0, 90, 60), key)


@pytest.mark.parametrize("key", ["f", "", "Q", "1"])
def test_any_other_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        hint_zoom.zoomed((0, 0, 90, 60), key or "?")


@given(st.integers(0, 3840), st.integers(0, 2160))
def test_eight_keys_address_any_pixel_corner_of_a_4k_frame(x: int, y: int) -> None:
    window: hint_zoom.Window = (0.0, 0.0, *SIZE_4K)
    for _ in range(8):
        column = min(max(int((x - window[0]) / window[2] * 3), 0), 2)
        row = min(max(int((y - window[1]) / window[3] * 3), 0), 2)
        window = hint_zoom.zoomed(window, hint_zoom.KEYS[row * 3 + column])
    assert (x, y) == pytest.approx(hint_zoom.corner(window, SIZE_4K), abs=0.5)


def test_a_corner_stays_on_the_frame() -> None:
    assert hint_zoom.corner((3900, -50, 10, 10), SIZE_4K) == (3840, 0)
    assert hint_zoom.center((0, 0, 10, 10)) == (5, 5)


# --- boxes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("corners", [((1, 2), (5, 9)), ((5, 9), (1, 2)), ((1, 9), (5, 2)), ((5, 2), (1, 9))])
def test_two_corners_in_any_order_make_a_box(corners: tuple[tuple[float, float], tuple[float, float]]) -> None:
    assert Box(1, 2, 4, 7) == box_between(*corners)


def test_a_box_is_cut_to_the_frame() -> None:
    assert Box(0, 0, 10, 5) == box_between((-5, -5), (50, 5), (10, 8))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("120,40", (((120, 40),), None)),
        ("@120,40", (((120, 40),), None)),
        (" @ 1.5 , -2 ", (((1.5, -2),), None)),
        ("1,2 3x4", (((1, 2),), (3, 4))),
        ("1,2 3.5 × 4", (((1, 2),), (3.5, 4))),
        ("1,2 3,4 5,-6", (((1, 2), (3, 4), (5, -6)), None)),
    ],
)
def test_typed_places(text: str, expected: object) -> None:
    assert expected == parse_place(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "a,b",
        "1,2 3",
        "1,2 -3x4",
        "1,2 3x",
        "1;2",
        "1,2 3x4 5",
        "1,2 3,4 5x6",
        "nan,1",
        "1e9,2",
        "9999999999,2",
    ],
)
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_place(text)


# --- drags -------------------------------------------------------------------------------------------


def dragged(
    gesture: Generator[Shape | None, tuple[float, float] | None, Shape | None], *places: tuple[float, float]
) -> tuple[list[Shape | None], Shape | None]:
    """Return the previews while the pointer goes to the places, and what its release leaves."""
    next(gesture)
    previews = [gesture.send(place) for place in places]
    try:
        gesture.send(None)
    except StopIteration as end:
        return previews, end.value
    raise AssertionError("the gesture goes on after the release")


def test_a_handle_follows_the_pointer_by_its_movement() -> None:
    handle = handles_of(BOX)[4]
    previews, made = dragged(drag_handle((41, 61), BOX, handle), (46, 62), (51, 71))
    assert [Box(10, 20, 35, 41), Box(10, 20, 40, 50)] == previews
    assert Box(10, 20, 40, 50) == made


def test_a_handle_that_comes_back_changes_nothing() -> None:
    handle = handles_of(BOX)[-1]
    assert dragged(drag_handle((0, 0), BOX, handle), (9, 9), (0, 0))[1] is None
    assert dragged(drag_handle((0, 0), BOX, handle))[1] is None


def test_escape_leaves_nothing_behind() -> None:
    gesture = drag_handle((0, 0), BOX, handles_of(BOX)[-1])
    next(gesture)
    gesture.send((5, 5))
    gesture.close()
    with pytest.raises(StopIteration):
        gesture.send((6, 6))
