"""Polylines under touch-up, extending, cuts, simplifying and scissors."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.figures import paths, places
from tui_editor.errors import InvalidShape
from tui_editor.model import polylines
from tui_editor.model.rings import length
from tui_editor.model.shapes import polyline

if TYPE_CHECKING:
    from numpy.typing import NDArray

LINE = polyline([0, 0, 10, 0, 20, 0, 30, 0])


def at(*points: float) -> NDArray[np.float64]:
    return np.array(points, np.float64).reshape(-1, 2)


@pytest.mark.parametrize(
    ("first", "last", "path", "expected"),
    [
        (1, 3, at(15, 5), [[0, 0], [10, 0], [15, 5], [30, 0]]),
        (3, 1, at(25, 9, 15, 5), [[0, 0], [10, 0], [15, 5], [25, 9], [30, 0]]),
        (0, 2, at(), [[0, 0], [20, 0], [30, 0]]),
    ],
)
def test_a_touch_up_replaces_what_lies_between_two_vertices(
    first: int, last: int, path: NDArray[np.float64], expected: list[list[float]]
) -> None:
    assert expected == polylines.touched_up(LINE, first, last, path).points.tolist()


def test_a_touch_up_that_ends_where_it_began_is_refused() -> None:
    with pytest.raises(InvalidShape):
        polylines.touched_up(LINE, 1, 1, at(5, 5))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (at(30, 0, 40, 5, 50, 0), [[0, 0], [10, 0], [20, 0], [30, 0], [40, 5], [50, 0]]),
        (at(0, 0, -10, 5), [[-10, 5], [0, 0], [10, 0], [20, 0], [30, 0]]),
        (at(-10, 5, 0, 0), [[-10, 5], [0, 0], [10, 0], [20, 0], [30, 0]]),
        (at(31, 0, 15, 40, 0, 1), [[0, 0], [10, 0], [20, 0], [30, 0], [31, 0], [15, 40], [0, 1]]),
        (at(5, 0, 15, 9, 25, 0), [[0, 0], [5, 0], [15, 9], [25, 0], [30, 0]]),
        (at(25, 0, 15, 9, 5, 0), [[0, 0], [5, 0], [15, 9], [25, 0], [30, 0]]),
    ],
)
def test_a_path_at_an_end_goes_on_from_there_and_one_between_replaces_what_lies_between(
    path: NDArray[np.float64], expected: list[list[float]]
) -> None:
    assert expected == polylines.extended(LINE, path, 3).points.tolist()


@pytest.mark.parametrize("path", [at(15, 50, 15, 60), at(15, 0, 15, 60)])
def test_a_path_away_from_the_line_or_out_of_its_middle_is_refused(path: NDArray[np.float64]) -> None:
    with pytest.raises(InvalidShape):
        polylines.extended(LINE, path, 3)


@given(st.lists(places, min_size=2, max_size=8, unique=True), places, places)
def test_the_pieces_of_a_cut_make_up_the_line(
    points: list[tuple[float, float]], start: tuple[float, float], end: tuple[float, float]
) -> None:
    line = polyline(points)
    if start == end:
        with pytest.raises(InvalidShape):
            polylines.split(line, start, end)
        return
    pieces = polylines.split(line, start, end)
    assert sum(length(piece.points) for piece in pieces) == pytest.approx(length(line.points))
    assert pieces[0].points[0].tolist() == line.points[0].tolist()
    assert pieces[-1].points[-1].tolist() == line.points[-1].tolist()
    assert all(a.points[-1].tolist() == b.points[0].tolist() for a, b in pairwise(pieces))


def test_a_line_that_only_touches_the_cut_stays_whole() -> None:
    assert len(polylines.split(polyline([0, 0, 10, 5, 20, 0]), (0, 5), (1, 5))) == 1
    assert len(polylines.split(polyline([0, 0, 10, 5, 20, 10]), (0, 5), (1, 5))) == 2


@given(paths.filter(lambda found: len(found) > 1), st.floats(0.1, 20))
def test_simplifying_keeps_both_ends(points: NDArray[np.float64], tolerance: float) -> None:
    fewer = polylines.simplified(polyline(points), tolerance).points
    assert len(fewer) <= len(points)
    assert fewer[[0, -1]].tolist() == points[[0, -1]].tolist()


def test_scissors_take_points_but_leave_a_line() -> None:
    assert polylines.snipped(LINE, at(5, -5, 25, -5, 25, 5, 5, 5)).points.tolist() == [[0, 0], [30, 0]]
    with pytest.raises(InvalidShape):
        polylines.snipped(LINE, at(5, -5, 35, -5, 35, 5, 5, 5))
