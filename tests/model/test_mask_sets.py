"""Set operations on runs agree with those on pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.figures import masks
from tui_editor.model import mask_sets
from tui_editor.model.masks import bitmask_from_array, empty_bitmask, frame_array
from tui_editor.model.shapes import Bitmask, same_shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE = 24
shifts = st.tuples(st.integers(0, 12), st.integers(0, 12))
placed = st.tuples(masks, shifts).map(lambda m: bitmask_from_array(m[0], *m[1]))


def pixels(mask: Bitmask) -> NDArray[np.bool_]:
    return frame_array(mask, SIDE, SIDE)


@given(placed, placed, placed)
def test_unions_differences_and_intersections_are_those_of_the_pixels(a: Bitmask, b: Bitmask, c: Bitmask) -> None:
    x, y, z = pixels(a), pixels(b), pixels(c)
    assert same_shape(mask_sets.united(a, b, c), bitmask_from_array(x | y | z))
    assert same_shape(mask_sets.without(a, b, c), bitmask_from_array(x & ~y & ~z))
    assert same_shape(mask_sets.common(a, b, c), bitmask_from_array(x & (y | z)))


@given(placed, placed)
def test_what_is_added_and_taken_away_again_is_gone(a: Bitmask, b: Bitmask) -> None:
    again = mask_sets.without(mask_sets.united(a, b), mask_sets.without(b, a))
    assert same_shape(again, bitmask_from_array(pixels(a)))


def test_nothing_united_with_nothing_is_nothing() -> None:
    assert same_shape(mask_sets.united(), empty_bitmask())
    assert same_shape(mask_sets.without(empty_bitmask(), empty_bitmask()), empty_bitmask())


def test_runs_over_whole_rows_are_understood() -> None:
    wide = Bitmask(2, 1, 3, 4, np.array([1, 10, 1], np.uint32))
    array = np.zeros((SIDE, SIDE), np.bool_)
    array[1:5, 2:5] = True
    array[1, 2] = array[4, 4] = False
    assert same_shape(mask_sets.united(wide, wide), bitmask_from_array(array))


@pytest.mark.parametrize(
    ("left", "top", "expected"), [(-2, -3, (0, 0, 3, 2)), (20, 20, (20, 20, 4, 4)), (40, 0, (0,) * 4)]
)
def test_a_mask_is_clipped_to_the_frame(left: int, top: int, expected: tuple[int, ...]) -> None:
    square = Bitmask(left, top, 5, 5, np.array([0, 25], np.uint32))
    found = mask_sets.clipped(square, SIDE, SIDE)
    assert expected == (found.left, found.top, found.width, found.height)


@given(placed, placed)
def test_masks_that_share_a_pixel_overlap(a: Bitmask, b: Bitmask) -> None:
    if (pixels(a) & pixels(b)).any():
        assert mask_sets.overlap(a, b)
