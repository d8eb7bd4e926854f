from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

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
