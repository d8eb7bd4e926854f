from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tui_editor.render.flatten import flattened

pictures = hnp.arrays(np.uint8, st.tuples(st.integers(1, 130), st.integers(1, 5), st.just(3)))


@given(pictures, st.integers(0, 100))
def test_no_value_changes_by_more_than_twice_the_tolerance(pixels: Any, tolerance: int) -> None:
    before = pixels.copy()
    change = np.abs(flattened(pixels, tolerance=tolerance).astype(int) - pixels)
    assert change.max() <= 2 * tolerance
    np.testing.assert_array_equal(before, pixels)


def test_a_column_of_little_noise_becomes_one_value_in_each_band() -> None:
    noise = np.random.default_rng(0).integers(96, 105, (36, 9, 3), np.uint8)
    flat = flattened(noise, tolerance=4)
    assert all(
        len(np.unique(flat[top : top + 6, column], axis=0)) == 1 for top in range(0, 36, 6) for column in range(9)
    )


def test_an_edge_stays_where_it_is() -> None:
    pixels = np.zeros((30, 4, 3), np.uint8)
    pixels[13:] = 200
    np.testing.assert_array_equal(pixels, flattened(pixels))


def test_rows_after_the_last_whole_band_are_kept_but_for_pairs() -> None:
    pixels = np.repeat(np.arange(4, dtype=np.uint8)[:, None, None] * 2, 3, axis=2)
    assert flattened(pixels)[:, 0, 0].tolist() == [1, 1, 5, 5]
