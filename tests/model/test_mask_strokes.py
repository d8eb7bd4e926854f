"""What a brush, a colour and a flood reach, in pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.figures import paths
from tui_editor.errors import InvalidShape
from tui_editor.model import mask_strokes
from tui_editor.model.brush import Brush
from tui_editor.model.mask_sets import common, united
from tui_editor.model.masks import area, frame_array
from tui_editor.model.shapes import Bitmask, same_shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIZE = (60, 40)


def at(*points: float) -> NDArray[np.float64]:
    return np.array(points, np.float64).reshape(-1, 2)


@pytest.mark.parametrize("square", [False, True])
def test_a_brush_of_one_pixel_paints_the_pixel_under_it(square: bool) -> None:
    dab = mask_strokes.stroke_mask(at(7.2, 9.9), Brush(size_px=1, square=square), SIZE)
    assert (dab.left, dab.top, dab.width, dab.height, area(dab)) == (7, 9, 1, 1, 1)


@pytest.mark.parametrize("side", [2, 3, 5, 8, 12])
def test_a_small_disc_has_the_pixels_whose_middle_lies_within_the_circle(side: int) -> None:
    middle = 20.5 if side % 2 else 20.0
    dab = frame_array(mask_strokes.stroke_mask(at(middle, middle), Brush(size_px=side), SIZE), *SIZE)
    x, y = np.meshgrid(np.arange(SIZE[0]) + 0.5, np.arange(SIZE[1]) + 0.5)
    assert (dab == ((x - middle) ** 2 + (y - middle) ** 2 <= (side / 2) ** 2)).all()


def test_a_square_paints_squares() -> None:
    dab = mask_strokes.stroke_mask(at(20.5, 20.5), Brush(size_px=5, square=True), SIZE)
    assert (dab.left, dab.top, dab.width, dab.height, area(dab)) == (18, 18, 5, 5, 25)


def test_a_stroke_is_cut_at_the_frames_edge() -> None:
    dab = mask_strokes.stroke_mask(at(0, 0, 59, 0), Brush(size_px=10, square=True), SIZE)
    assert (dab.left, dab.top, dab.width, dab.height) == (0, 0, 60, 5)
    assert area(mask_strokes.stroke_mask(at(-90, -90), Brush(size_px=10), SIZE)) == 0


def test_a_stroke_that_begins_outside_paints_what_reaches_in() -> None:
    dab = mask_strokes.stroke_mask(at(-2, 20), Brush(size_px=11, square=True), SIZE)
    assert (dab.left, dab.top, dab.width, dab.height) == (0, 15, 4, 11)


@given(paths, st.integers(1, 30), st.booleans())
def test_a_stroke_covers_the_strokes_between_its_points(path: NDArray[np.float64], side: int, square: bool) -> None:
    brush = Brush(size_px=side, square=square)
    size = (130, 130)
    whole = mask_strokes.stroke_mask(path, brush, size)
    steps = [mask_strokes.stroke_mask(path[n : n + 2], brush, size) for n in range(max(1, len(path) - 1))]
    assert same_shape(whole, united(*steps))


def test_a_long_stroke_is_painted_in_pieces_that_join() -> None:
    size = (3000, 2000)
    painted = mask_strokes.stroke_mask(at(5, 5, 2990, 1990), Brush(size_px=9), size)
    rows = frame_array(painted, *size).sum(axis=1)
    assert (rows[5:1990] >= 9).all()
    assert rows[20:1980].max() <= 24


@pytest.mark.parametrize("path", [np.empty((0, 2)), at(1, float("nan"))])
def test_a_stroke_without_points_or_with_one_that_is_no_number_is_refused(path: NDArray[np.float64]) -> None:
    with pytest.raises(InvalidShape):
        mask_strokes.stroke_mask(path, Brush(), SIZE)


def half_red() -> NDArray[np.uint8]:
    picture = np.full((SIZE[1], SIZE[0], 3), (200, 30, 30), np.uint8)
    picture[:, 30:] = (30, 30, 200)
    return picture


def test_a_threshold_keeps_what_has_the_colour_of_the_beginning() -> None:
    stroke = mask_strokes.stroke_mask(at(20, 20, 40, 20), Brush(size_px=9, square=True), SIZE)
    begin = mask_strokes.stroke_mask(at(20, 20), Brush(size_px=9, square=True), SIZE)
    colour = mask_strokes.mean_colour(begin, half_red())
    near = mask_strokes.like_colour(stroke, half_red(), colour, 10)
    left = Bitmask(0, 0, 30, 40, np.array([0, 1200], np.uint32))
    assert same_shape(near, common(stroke, left))
    assert same_shape(mask_strokes.like_colour(stroke, half_red(), colour, 1000), stroke)


def test_a_flood_reaches_what_hangs_together_and_is_alike() -> None:
    picture = half_red()
    picture[15:25, 10:12] = (30, 30, 200)
    flood = mask_strokes.flooded(picture, (5, 5), 10)
    assert area(flood) == 30 * 40 - 20
    assert area(mask_strokes.flooded(picture, (11, 20), 10)) == 20


@pytest.mark.parametrize("seed", [(-1, 5), (60, 5), (5, 40)])
def test_a_flood_outside_of_the_frame_is_refused(seed: tuple[float, float]) -> None:
    with pytest.raises(InvalidShape):
        mask_strokes.flooded(half_red(), seed, 10)
