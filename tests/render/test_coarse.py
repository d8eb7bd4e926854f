from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from tui_editor.render.coarse import encode_coarse_png, halved
from tui_editor.render.palette import build_palette

sides = st.integers(1, 20)


@given(hnp.arrays(np.uint8, st.tuples(sides, sides, st.just(3))))
def test_a_halved_pixel_is_the_mean_of_four_and_an_odd_side_is_doubled_at_its_end(pixels: Any) -> None:
    height, width = pixels.shape[:2]
    even = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge").astype(int)
    mean = (even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) / 4
    assert np.abs(halved(pixels) - mean).max() <= 0.5


@pytest.mark.parametrize(("half", "size"), [(False, (31, 44)), (True, (16, 22))])
def test_pillow_reads_back_the_palettes_colours(half: bool, size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (31, 44, 3), np.uint8)
    palette = build_palette(pixels)
    shown = np.asarray(Image.open(io.BytesIO(encode_coarse_png(pixels, palette, half=half))).convert("RGB"))
    expected = halved(pixels) if half else pixels
    assert shown.shape == (*size, 3)
    np.testing.assert_array_equal(palette.colours[palette.map(expected)], shown)
