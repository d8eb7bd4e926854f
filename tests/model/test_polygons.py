"""Polygons under brush, eraser, cut, simplifying and the rest: always valid, and the area that set algebra says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.figures import brushes, paths, places, polygons, same_area, tolerances
from tui_editor.errors import InvalidShape
from tui_editor.model import geometry
from tui_editor.model import polygons as p
from tui_editor.model.brush import Brush
from tui_editor.model.geometry import area, is_valid
from tui_editor.model.shapes import Polygon, polygon

if TYPE_CHECKING:
    from numpy.typing import NDArray

SQUARE = polygon([0, 0, 100, 0, 100, 100, 0, 100])
HOLED = polygon([0, 0, 100, 0, 100, 100, 0, 100], [40, 40, 40, 60, 60, 60, 60, 40])
BOW = polygon([0, 0, 100, 100, 100, 0, 0, 100])
ROUND = Brush(size_px=20)
FLAT = Brush(size_px=20, square=True)
OFF_PX = 8.0
"""Square pixels by which thinning an outline of these sizes may change an area per pixel of tolerance."""


def at(*points: float) -> NDArray[np.float64]:
    return np.array(points, np.float64).reshape(-1, 2)


def fine(found: Polygon) -> bool:
    return not found.parts or is_valid(found)


# --- brush -----------------------------------------------------------------------------------------


def test_a_dab_is_a_disc_or_a_square_of_the_brushs_size() -> None:
    assert area(p.stroke(at(50, 50), ROUND)) == pytest.approx(314, rel=0.05)
    assert area(p.stroke(at(50, 50), FLAT)) == 400


def test_a_square_brush_stays_upright_on_a_slanted_way() -> None:
    swept = p.stroke(at(0, 0, 30, 30), FLAT)
    assert area(swept) == 400 + 2 * 20 * 30
    assert [swept.parts[0][0].min(axis=0).tolist(), swept.parts[0][0].max(axis=0).tolist()] == [[-10, -10], [40, 40]]


def test_a_stroke_that_goes_round_leaves_a_hole() -> None:
    ring = p.stroke(at(20, 20, 80, 20, 80, 80, 20, 80, 20, 20), ROUND)
    assert [len(part) for part in ring.parts] == [2]


def test_adding_at_the_edge_keeps_one_part_that_begins_and_runs_as_before() -> None:
    grown = p.with_stroke(SQUARE, at(50, 100, 50, 120), ROUND)
    assert len(grown.parts) == 1
    assert grown.parts[0][0][0].tolist() == [0, 0]
    assert geometry.ring_area(grown.parts[0][0]) > geometry.ring_area(SQUARE.parts[0][0]) > 0


def test_a_ring_that_runs_anticlockwise_goes_on_to_do_so() -> None:
    turned = polygon(SQUARE.parts[0][0][::-1])
    grown = p.with_stroke(turned, at(50, 100, 50, 120), ROUND)
    assert geometry.ring_area(grown.parts[0][0]) < 0
    assert grown.parts[0][0][0].tolist() == turned.parts[0][0][0].tolist()


def test_adding_beside_makes_a_second_part_behind_the_first_one() -> None:
    grown = p.with_stroke(SQUARE, at(200, 50), ROUND)
    assert len(grown.parts) == 2
    assert grown.parts[0][0].tolist() == SQUARE.parts[0][0].tolist()


def test_erasing_within_makes_a_hole_and_across_makes_two_parts() -> None:
    assert [len(part) for part in p.without_stroke(SQUARE, at(50, 50), ROUND).parts] == [2]
    assert [len(part) for part in p.without_stroke(SQUARE, at(50, -20, 50, 120), ROUND).parts] == [1, 1]


def test_erasing_everything_leaves_no_parts() -> None:
    assert p.without_stroke(SQUARE, at(50, 0, 50, 100), Brush(size_px=200, square=True)).parts == ()


def test_painting_over_a_hole_closes_it() -> None:
    assert [len(part) for part in p.with_stroke(HOLED, at(50, 50), Brush(size_px=40)).parts] == [1]


def test_crumbs_that_an_eraser_leaves_are_dropped_but_not_what_was_as_small_before() -> None:
    tip = p.without_stroke(SQUARE, at(50, 0.1, 50, 120), Brush(size_px=200, square=True))
    assert tip.parts == ()
    small = polygon([0, 0, 0.5, 0, 0.5, 0.5])
    assert len(p.merged(Polygon((*small.parts, *polygon([9, 9, 20, 9, 20, 20]).parts)), SQUARE).parts) == 1
    assert len(p.with_stroke(small, at(30, 30), ROUND).parts) == 2


def test_vertices_away_from_a_stroke_stay_as_they_are() -> None:
    angles = np.linspace(0, 2 * np.pi, 500, endpoint=False)
    ring = 200 + 150 * np.column_stack([np.cos(angles), np.sin(angles)])
    grown = p.with_stroke(polygon(ring), at(350, 200), ROUND)
    far = ring[(ring[:, 0] < 320)]
    assert len(far) > 300
    assert {tuple(v) for v in far.tolist()} <= {tuple(v) for v in grown.parts[0][0].tolist()}


def test_a_ring_does_not_grow_without_bound_under_many_strokes() -> None:
    found, rng = SQUARE, np.random.default_rng(1)
    counts = []
    for _ in range(300):
        x, y = rng.uniform(-10, 110, 2)
        change = p.with_stroke if rng.random() < 0.7 else p.without_stroke
        found = change(found, at(x, y, x + rng.uniform(-10, 10), y + rng.uniform(-10, 10)), ROUND)
        counts.append(sum(len(ring) for part in found.parts for ring in part))
    assert is_valid(found)
    assert max(counts[150:]) < 1.5 * max(counts[:150])
    assert max(counts) < 600


@given(polygons(), paths, brushes)
def test_brush_and_eraser_give_valid_polygons_whose_areas_add_up(
    old: Polygon, path: NDArray[np.float64], brush: Brush
) -> None:
    grown, cut, swept = p.with_stroke(old, path, brush), p.without_stroke(old, path, brush), p.stroke(path, brush)
    assert fine(grown)
    assert fine(cut)
    edge = sum(np.hypot(*(r - np.roll(r, 1, axis=0)).T).sum() for q in (old, swept) for part in q.parts for r in part)
    slack = p.THIN_PX * edge + OFF_PX
    assert abs(area(grown) - area(geometry.union([old, swept]))) < slack
    assert abs(area(cut) - area(geometry.difference(old, swept))) < slack
    assert abs(area(grown) - area(cut) - area(swept)) < 2 * slack


@pytest.mark.parametrize("path", [np.empty((0, 2)), at(1, float("nan")), at(0, 0, float("inf"), 1)])
def test_a_stroke_without_points_or_with_one_that_is_no_number_is_refused(path: NDArray[np.float64]) -> None:
    with pytest.raises(InvalidShape):
        p.with_stroke(SQUARE, path, ROUND)


# --- with others -----------------------------------------------------------------------------------


def test_merged_and_subtracted_squares() -> None:
    other = polygon([50, 50, 150, 50, 150, 150, 50, 150])
    assert area(p.merged(SQUARE, other)) == 17500
    assert area(p.subtracted(SQUARE, other)) == 7500
    assert p.merged(SQUARE, other).parts[0][0][0].tolist() == [0, 0]


def test_what_only_touches_at_a_corner_stays_two_parts() -> None:
    assert len(p.merged(SQUARE, polygon([100, 100, 150, 100, 150, 150])).parts) == 2


def test_an_invalid_polygon_is_made_valid_first() -> None:
    assert fine(p.merged(BOW, polygon([200, 0, 220, 0, 220, 20])))
    assert area(p.merged(BOW, polygon([200, 0, 220, 0, 220, 20]))) == 5000 + 200


@given(polygons(), polygons())
def test_merging_and_subtracting_follow_set_algebra(a: Polygon, b: Polygon) -> None:
    both, left, common = p.merged(a, b), p.subtracted(a, b), geometry.intersection(a, b)
    assert fine(both)
    assert fine(left)
    crumbs = 1.0 * (len(a.parts) + len(b.parts) + 8)
    assert area(both) == pytest.approx(area(a) + area(b) - area(common), abs=crumbs)
    assert area(left) == pytest.approx(area(a) - area(common), abs=crumbs)


@given(polygons(), places, places)
def test_both_sides_of_a_cut_make_up_the_whole(
    old: Polygon, start: tuple[float, float], end: tuple[float, float]
) -> None:
    if start == end:
        with pytest.raises(InvalidShape):
            p.split(old, start, end)
        return
    sides = p.split(old, start, end)
    assert all(fine(side) for side in sides)
    assert 1 <= len(sides) <= 2
    assert [area(side) for side in sides] == sorted((area(side) for side in sides), reverse=True)
    assert sum(area(side) for side in sides) == pytest.approx(area(old), abs=8)


def test_a_cut_through_a_c_leaves_one_side_in_two_parts() -> None:
    c_shape = polygon([0, 0, 60, 0, 60, 20, 20, 20, 20, 40, 60, 40, 60, 60, 0, 60])
    assert sorted(len(side.parts) for side in p.split(c_shape, (40, 0), (40, 60))) == [1, 2]


# --- vertices --------------------------------------------------------------------------------------


@given(polygons(), tolerances)
def test_simplifying_gives_fewer_vertices_of_the_old_ones_within_the_tolerance(old: Polygon, tolerance: float) -> None:
    fewer = p.simplified(old, tolerance)
    assert is_valid(fewer)
    edge = sum(np.hypot(*(r - np.roll(r, 1, axis=0)).T).sum() for part in old.parts for r in part)
    assert same_area(old, fewer) <= tolerance * edge + OFF_PX
    before = sum(len(r) for part in old.parts for r in part)
    assert sum(len(r) for part in fewer.parts for r in part) <= before


def test_simplifying_keeps_where_the_ring_begins() -> None:
    ring = at(0, 0, 50, 0.1, 100, 0, 100, 100, 50, 99.9, 0, 100)
    assert p.simplified(polygon(ring), 0.5).parts[0][0].tolist() == SQUARE.parts[0][0].tolist()


def test_a_touch_up_replaces_the_shorter_arc_and_flipped_the_longer_one() -> None:
    drawn = at(50, -20)
    assert p.touched_up(SQUARE, (0, 0, 0), (0, 0, 1), drawn).parts[0][0].tolist() == [
        [0, 0], [50, -20], [100, 0], [100, 100], [0, 100],
    ]  # fmt: skip
    assert area(p.touched_up(SQUARE, (0, 0, 0), (0, 0, 1), drawn, flipped=True)) == 1000


def test_a_touch_up_the_other_way_round_gives_the_same_polygon() -> None:
    drawn = at(80, -10, 30, -20)
    there = p.touched_up(SQUARE, (0, 0, 1), (0, 0, 0), drawn)
    back = p.touched_up(SQUARE, (0, 0, 0), (0, 0, 1), drawn[::-1])
    assert there.parts[0][0].tolist() == back.parts[0][0].tolist()


@given(polygons(), st.data(), st.lists(places, max_size=6), st.booleans())
def test_any_touch_up_gives_a_valid_polygon(
    old: Polygon, data: st.DataObject, path: list[tuple[float, float]], flipped: bool
) -> None:
    part = data.draw(st.integers(0, len(old.parts) - 1))
    ring = data.draw(st.integers(0, len(old.parts[part]) - 1))
    rows = st.integers(0, len(old.parts[part][ring]) - 1)
    first, last = data.draw(rows), data.draw(rows)
    if first == last:
        with pytest.raises(InvalidShape):
            p.touched_up(old, (part, ring, first), (part, ring, last), at(), flipped=flipped)
        return
    after = p.touched_up(old, (part, ring, first), (part, ring, last), np.array(path).reshape(-1, 2), flipped=flipped)
    assert fine(after)


def test_a_touch_up_between_two_rings_is_refused() -> None:
    with pytest.raises(InvalidShape):
        p.touched_up(HOLED, (0, 0, 0), (0, 1, 0), at())


def test_scissors_take_the_vertices_in_an_area_and_holes_that_collapse() -> None:
    lasso = at(-5, -5, 10, -5, 10, 10, -5, 10)
    assert p.snipped(SQUARE, lasso).parts[0][0].tolist() == [[100, 0], [100, 100], [0, 100]]
    assert [len(part) for part in p.snipped(HOLED, at(30, 30, 50, 30, 50, 70, 30, 70)).parts] == [1]
    assert p.snipped(SQUARE, at(-5, -5, 105, -5, 105, 50, -5, 50)).parts == ()


@given(polygons(), st.lists(places, min_size=1, max_size=6))
def test_scissors_leave_a_valid_polygon_without_a_vertex_in_the_area(
    old: Polygon, lasso: list[tuple[float, float]]
) -> None:
    assert fine(p.snipped(old, np.array(lasso)))


def test_pieces_are_the_parts_the_largest_first() -> None:
    two = Polygon((*polygon([0, 0, 2, 0, 2, 2]).parts, *SQUARE.parts))
    assert [area(piece) for piece in p.pieces(two)] == [10000, 2]
