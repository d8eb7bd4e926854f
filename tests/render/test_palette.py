from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tui_editor.render.palette import RGB, build_palette

colour = st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
PHOTO = np.random.default_rng(3).integers(0, 256, (60, 80, 3), np.uint8)


@settings(max_examples=15)
@given(st.lists(colour, min_size=1, max_size=24, unique=True))
def test_reserved_colours_come_out_exactly(reserved: list[RGB]) -> None:
    palette = build_palette(PHOTO, 256, reserved)
    pixels = np.array([reserved], np.uint8)
    np.testing.assert_array_equal(pixels, palette.colours[palette.map(pixels)])


def test_colours_closer_than_fifteen_bits_can_tell_stay_apart_when_reserved() -> None:
    reserved = [(200, 100, 50), (201, 100, 50), (202, 101, 51)]
    palette = build_palette(PHOTO, 64, reserved)
    pixels = np.array([reserved], np.uint8)
    np.testing.assert_array_equal(pixels, palette.colours[palette.map(pixels)])


@settings(max_examples=15)
@given(st.integers(2, 256), st.lists(colour, max_size=300))
def test_a_palette_never_has_more_colours_than_asked(count: int, reserved: list[RGB]) -> None:
    palette = build_palette(PHOTO, count, reserved)
    assert len(palette.colours) <= count
    assert int(palette.map(PHOTO).max()) < len(palette.colours)


def test_a_picture_of_few_colours_is_kept_to_the_rounding_of_fifteen_bits() -> None:
    colours = np.array([[0, 0, 0], [255, 0, 0], [0, 128, 255], [250, 250, 250]], np.uint8)
    pixels = colours[np.random.default_rng(1).integers(0, 4, (30, 30))]
    palette = build_palette(pixels, 8)
    np.testing.assert_array_equal(pixels, palette.colours[palette.map(pixels)])


def test_a_mapped_ramp_differs_little_from_the_original() -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    palette = build_palette(ramp, 256)
    shown = palette.colours[palette.map(ramp)].astype(int)
    assert int(np.abs(shown - ramp).max()) <= 8


@settings(max_examples=30)
@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12), st.just(3))))
def test_each_pixel_takes_the_colour_of_its_fifteen_bit_cell(pixels: Any) -> None:
    palette = build_palette(PHOTO, 64)
    red, green, blue = (pixels[..., channel].astype(int) >> 3 for channel in range(3))
    np.testing.assert_array_equal(palette.table[red * 1024 + green * 32 + blue], palette.map(pixels))


def test_the_table_names_the_colour_nearest_to_the_middle_of_each_cell() -> None:
    palette = build_palette(PHOTO, 100)
    cells = np.random.default_rng(0).integers(0, 1 << 15, 200)
    middles = np.stack([cells >> 10, cells >> 5 & 31, cells & 31], axis=1) * 8 + 4
    distances = ((middles[:, None] - palette.colours.astype(int)) ** 2).sum(axis=2)
    np.testing.assert_array_equal(distances.min(axis=1), distances[np.arange(200), palette.table[cells]])


def test_a_palette_fits_its_own_picture_better_than_another_one() -> None:
    rows = np.linspace(0, 255, 200).astype(np.uint8)[:, None, None]
    warm = np.concatenate([np.broadcast_to(rows, (200, 300, 1)), np.zeros((200, 300, 2), np.uint8)], axis=2)
    palette = build_palette(warm)
    assert palette.quality_db(warm) > 38
    assert palette.quality_db(warm[:, :, ::-1]) < 20


def test_the_quality_of_a_picture_of_the_palettes_own_colours_has_no_limit() -> None:
    pixels = np.zeros((5, 5, 3), np.uint8)
    assert build_palette(pixels, 4, [(0, 0, 0)]).quality_db(pixels) == math.inf


def test_the_quality_is_the_peak_signal_to_noise_ratio_where_all_pixels_are_sampled() -> None:
    palette = build_palette(PHOTO, 16)
    error = palette.colours[palette.map(PHOTO)].astype(float) - PHOTO
    assert palette.quality_db(PHOTO) == pytest.approx(10 * math.log10(255**2 / (error**2).mean()), abs=0.01)


def test_the_most_frequent_colour_is_the_first() -> None:
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[:, 10:] = (200, 30, 30)
    pixels[:, 38:] = (20, 30, 230)
    assert build_palette(pixels, 16).colours.tolist() == [[200, 30, 30], [0, 0, 0], [20, 30, 230]]
