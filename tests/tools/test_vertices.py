"""Vertices that come and go: nearest edge, insertion, removal."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.errors import Refused
from tui_editor.model.shapes import Polygon, Polyline, polygon, polyline, ring, same_shape
from tui_editor.tools.vertices import insert_vertex, middle_after, nearest_edge, remove_vertex

SQUARE = polygon([0, 0, 10, 0, 10, 10, 0, 10])
HOLED = Polygon(((ring([0, 0, 90, 0, 90, 90]), ring([10, 10, 20, 10, 20, 20])), (ring([200, 0, 210, 0, 210, 9]),)))


@pytest.mark.parametrize(
    ("shape", "point", "after", "place", "distance"),
    [
        (SQUARE, (5, -3), (0, 0, 0), (5, 0), 3),
        (SQUARE, (-2, 5), (0, 0, 3), (0, 5), 2),
        (SQUARE, (12, 10), (0, 0, 1), (10, 10), 2),
        (HOLED, (15, 9), (0, 1, 0), (15, 10), 1),
        (HOLED, (205, -1), (1, 0, 0), (205, 0), 1),
        (polyline([0, 0, 10, 0]), (14, 3), (0, 0, 0), (10, 0), 5),
    ],
)
def test_the_nearest_edge_is_found_in_every_part_and_hole(
    shape: Polygon | Polyline, point: tuple[float, float], after: object, place: object, distance: float
) -> None:
    found = nearest_edge(shape, point)
    assert (found.after, found.point) == (after, place)
    assert found.distance_px == pytest.approx(distance)


def test_a_polyline_has_no_edge_behind_its_last_point() -> None:
    line = polyline([0, 0, 10, 0])
    assert (middle_after(line, (0, 0, 0)), middle_after(line, (0, 0, 1))) == ((5, 0), None)
    assert middle_after(SQUARE, (0, 0, 3)) == (0, 5)


@given(st.sampled_from([SQUARE, HOLED, polyline([0, 0, 5, 5, 9, 1])]), st.data())
def test_what_is_inserted_and_removed_again_leaves_the_shape_as_it_was(
    shape: Polygon | Polyline, data: st.DataObject
) -> None:
    paths = [shape.points] if isinstance(shape, Polyline) else [r for part in shape.parts for r in part]
    places = (
        [(0, 0)]
        if isinstance(shape, Polyline)
        else [(p, r) for p, part in enumerate(shape.parts) for r in range(len(part))]
    )
    number = data.draw(st.integers(0, len(places) - 1))
    row = data.draw(st.integers(0, len(paths[number]) - 1))
    longer = insert_vertex(shape, (*places[number], row), (3.5, 4.5))
    assert same_shape(remove_vertex(longer, (*places[number], row + 1)), shape)


@pytest.mark.parametrize("shape", [polygon([0, 0, 9, 0, 9, 9]), polyline([0, 0, 9, 9])])
def test_the_last_points_stay(shape: Polygon | Polyline) -> None:
    with pytest.raises(Refused):
        remove_vertex(shape, (0, 0, 0))


def test_arrays_of_the_shape_before_are_not_written_to() -> None:
    before = [r.copy() for part in HOLED.parts for r in part]
    insert_vertex(HOLED, (0, 1, 1), (1, 1))
    remove_vertex(HOLED, (0, 1, 1))
    assert all(np.array_equal(a, b) for a, b in zip(before, (r for part in HOLED.parts for r in part), strict=True))
