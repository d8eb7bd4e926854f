from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon

from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import ClassId, InstanceId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.masks import bitmask_from_array
from tui_editor.model.shapes import (
    Box,
    Keypoint,
    Presence,
    RotatedBox,
    Shape,
    Verbatim,
    polygon,
    polyline,
    skeleton,
)
from tui_editor.model.tracks import Label, LabelFlag, make_track
from tui_editor.render.viewport import Viewport
from tui_editor.tools.hit import Hit, HitKind, distance_to_path, hit_test, in_ring

UNIT = UnitId(1)
FRAME = FrameRef(UNIT, 0)
FIRST, SECOND = InstanceId(1), InstanceId(2)
SQUARE = [(10, 10), (50, 10), (50, 50), (10, 50)]
HOLE = [(20, 20), (40, 20), (40, 40), (20, 40)]


def document(*shapes: Shape, **label: Any) -> LabelDocument:
    ids = [InstanceId(n) for n in range(1, len(shapes) + 1)]
    return make_document(
        instances=[Instance(id=key, class_id=ClassId("car"), ordinal=key) for key in ids],
        tracks={
            (key, UNIT): make_track([Label(frame=0, shape=shape, **label)])
            for key, shape in zip(ids, shapes, strict=True)
        },
    )


def hit(x: float, y: float, *shapes: Shape, radius: float = 3, **options: Any) -> Hit | None:
    return hit_test(document(*shapes), FRAME, (x, y), radius, **options)


def kind(x: float, y: float, *shapes: Shape, **options: Any) -> HitKind | None:
    found = hit(x, y, *shapes, **options)
    return found.kind if found else None


BOX = Box(10, 10, 40, 40)
MASK = bitmask_from_array(np.eye(40, dtype=bool), 10, 10)


@pytest.mark.parametrize(
    ("shape", "x", "y", "expected"),
    [
        (BOX, 11, 9, HitKind.VERTEX),
        (BOX, 30, 12, HitKind.EDGE),
        (BOX, 30, 30, HitKind.BODY),
        (BOX, 54, 30, None),
        (RotatedBox(10, 10, 40, 40, 45), 30, 2, HitKind.VERTEX),
        (RotatedBox(10, 10, 40, 40, 45), 12, 12, None),
        (polygon(SQUARE, HOLE), 15, 30, HitKind.BODY),
        (polygon(SQUARE, HOLE), 30, 30, None),
        (polygon(SQUARE, HOLE), 21, 21, HitKind.VERTEX),
        (polyline(SQUARE), 30, 11, HitKind.EDGE),
        (polyline(SQUARE), 10, 30, None),
        (polyline(SQUARE), 30, 30, None),
        (Keypoint(30, 30), 31, 31, HitKind.VERTEX),
        (Keypoint(30, 30), 34, 34, None),
        (skeleton(SQUARE), 11, 11, HitKind.VERTEX),
        (skeleton(SQUARE), 30, 30, HitKind.BODY),
        (skeleton(SQUARE, [1, 1, 1, 0]), 10, 50, HitKind.BODY),
        (MASK, 20.5, 20.5, HitKind.BODY),
        (MASK, 20.5, 24.5, None),
        (Presence(), 20, 20, None),
        (Verbatim(), 20, 20, None),
    ],
)
def test_each_shape_is_hit_by_its_vertices_edges_and_inside(
    shape: Shape, x: float, y: float, expected: HitKind | None
) -> None:
    assert expected == kind(x, y, shape)


def test_of_overlapping_labels_the_smallest_is_hit() -> None:
    found = hit(30, 30, Box(0, 0, 100, 100), Box(20, 20, 20, 20))
    assert found is not None
    assert (found.instance, found.kind) == (SECOND, HitKind.BODY)


def test_an_edge_of_a_large_label_goes_before_the_inside_of_a_small_one() -> None:
    found = hit(20, 30, Box(20, 0, 500, 500), Box(0, 10, 40, 40), radius=1)
    assert found is not None
    assert (found.instance, found.kind) == (FIRST, HitKind.EDGE)


def test_a_handle_of_the_selected_label_goes_before_everything_else() -> None:
    found = hit(50, 30, Box(48, 28, 4, 4), BOX, selected=frozenset({SECOND}))
    assert found is not None
    assert found.handle is not None
    assert (found.instance, found.kind, found.handle.name) == (SECOND, HitKind.HANDLE, "right")


def test_the_nearest_handle_is_taken() -> None:
    found = hit(13, 10, Box(10, 10, 8, 8), selected=frozenset({FIRST}), radius=5)
    assert found is not None
    assert found.handle is not None
    assert found.handle.name == "top"


def test_the_middle_of_a_selected_box_is_its_inside_not_a_handle() -> None:
    assert HitKind.BODY is kind(30, 30, BOX, selected=frozenset({FIRST}))


def test_hidden_labels_and_those_outside_the_picture_are_not_hit() -> None:
    assert hit(30, 30, BOX, hidden=frozenset({FIRST})) is None
    assert hit_test(document(BOX, flags=LabelFlag.OUTSIDE), FRAME, (30, 30), 3) is None


def test_labels_of_other_frames_are_not_hit() -> None:
    assert hit_test(document(BOX), FrameRef(UNIT, 1), (30, 30), 3) is None


coordinate = st.integers(0, 60).map(float)
rings = st.lists(st.tuples(coordinate, coordinate), min_size=3, max_size=8)


@given(rings, st.tuples(st.floats(-5, 65), st.floats(-5, 65)))
def test_the_distance_to_a_path_is_that_of_shapely(ring: list[tuple[float, float]], point: tuple[float, float]) -> None:
    points = np.array(ring)
    assert pytest.approx(LineString(ring).distance(Point(point)), abs=1e-6) == distance_to_path(
        points, point, closed=False
    )
    assert pytest.approx(LineString([*ring, ring[0]]).distance(Point(point)), abs=1e-6) == distance_to_path(
        points, point, closed=True
    )


@given(rings, st.tuples(st.floats(-5, 65), st.floats(-5, 65)))
def test_a_point_is_inside_a_simple_ring_when_shapely_says_so(
    ring: list[tuple[float, float]], point: tuple[float, float]
) -> None:
    outline = Polygon(ring)
    if outline.is_valid and outline.exterior.distance(Point(point)) > 1e-6:
        assert outline.contains(Point(point)) == in_ring(np.array(ring), point)


# --- turned views ------------------------------------------------------------------------------------


@given(st.floats(0, 360), st.floats(1, 20), st.sampled_from([HitKind.HANDLE, HitKind.EDGE, HitKind.BODY]))
def test_what_is_drawn_under_the_pointer_in_a_turned_view_is_hit(angle: float, scale: float, kind: HitKind) -> None:
    """The pointer's place goes through the viewport; a radius on the screen is one in the image at every angle."""
    viewport = Viewport(centre_px=(30, 30), scale=scale, canvas_size=(400, 300), rotation_deg=angle)
    drawn = {HitKind.HANDLE: (10.0, 10.0), HitKind.EDGE: (10.0, 22.0), HitKind.BODY: (30.0, 28.0)}[kind]
    aside = 0.0 if kind is HitKind.BODY else 3.0  # screen pixels, straight down
    pointer = viewport.to_screen(drawn) + np.array([0.0, aside])
    x, y = viewport.to_image(pointer).tolist()
    found = hit_test(
        document(Box(10, 10, 40, 36)),
        FRAME,
        (x, y),
        3.01 / scale,
        selected=frozenset({FIRST}) if kind is HitKind.HANDLE else frozenset(),
    )
    assert found is not None
    assert (found.kind, found.instance) == (kind, FIRST)
