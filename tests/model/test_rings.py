"""Vertices, edges and slices of rings and lines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.figures import polygons, stars
from tui_editor.errors import InvalidShape
from tui_editor.model import rings
from tui_editor.model.geometry import ring_area
from tui_editor.model.shapes import Polygon, Polyline, polygon, polyline, same_shape

SQUARE = polygon([0, 0, 10, 0, 10, 10, 0, 10])
HOLED = polygon([0, 0, 10, 0, 10, 10, 0, 10], [4, 4, 6, 4, 6, 6])
LINE = polyline([0, 0, 10, 0, 20, 0])


def test_the_nearest_edge_of_a_polygon_may_be_the_one_that_closes_it_or_one_of_a_hole() -> None:
    assert rings.nearest_edge(SQUARE, (-1, 5)) == ((0, 0, 3), (0.0, 5.0), 1.0)
    assert rings.nearest_edge(HOLED, (5, 3.5)) == ((0, 1, 0), (5.0, 4.0), 0.5)


def test_the_nearest_edge_of_a_line_is_none_between_its_ends() -> None:
    assert rings.nearest_edge(LINE, (23, 4)) == ((0, 0, 1), (20.0, 0.0), 5.0)
    with pytest.raises(InvalidShape):
        rings.nearest_edge(Polyline(np.zeros((1, 2))), (0, 0))


def test_the_nearest_vertex_is_found_in_every_ring() -> None:
    assert rings.nearest_vertex(HOLED, (6.2, 6.4)) == (0, 1, 2)
    assert rings.nearest_vertex(LINE, (11, 3)) == (0, 0, 1)
    assert rings.nearest_vertex(Polygon(()), (0, 0)) is None


@given(stars(), st.data())
def test_both_arcs_of_a_ring_together_have_its_length(ring: rings.Ring, data: st.DataObject) -> None:
    first, last = data.draw(st.lists(st.integers(0, len(ring) - 1), min_size=2, max_size=2, unique=True))
    kept = [rings.with_arc(ring, first, last, np.empty((0, 2)), flipped=flipped) for flipped in (False, True)]
    chord = float(np.hypot(*(ring[first] - ring[last])))
    whole = rings.length(np.vstack([ring, ring[:1]]))
    around = [rings.length(np.vstack([k, k[:1]])) - chord for k in kept]
    assert sum(around) == pytest.approx(whole)
    assert around[0] >= around[1] - 1e-9


@given(polygons(), st.data())
def test_rings_that_were_turned_and_begun_elsewhere_come_back_as_they_were(old: Polygon, data: st.DataObject) -> None:
    mixed = []
    for part in old.parts:
        turned = []
        for ring in part:
            moved = np.roll(ring, data.draw(st.integers(0, len(ring) - 1)), axis=0)
            turned.append(moved if data.draw(st.booleans()) else moved[::-1])
        mixed.append(turned)
    again = rings.like(old, data.draw(st.permutations(mixed)))
    clockwise = ring_area(old.parts[0][0]) > 0
    same = [p for p, q in zip(old.parts, again.parts, strict=True) if p[0][0].tolist() == q[0][0].tolist()]
    assert len(same) == len(old.parts)
    assert (ring_area(again.parts[0][0]) > 0) == clockwise
    if len(old.parts) == 1 and len(old.parts[0]) == 1:
        assert same_shape(old, again)
