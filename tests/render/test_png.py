from __future__ import annotations

import io
import zlib
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from tui_editor.render.palette import build_palette
from tui_editor.render.png import encode_overlay_png, encode_palette_png, encode_png
from tui_editor.render.stopping import EncodingCancelled

sides = st.integers(1, 40)
MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def decoded(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


@given(st.integers(1, 4).flatmap(lambda c: hnp.arrays(np.uint8, st.tuples(sides, sides, st.just(c)))))
def test_pillow_reads_back_the_pixels_of_a_png(pixels: Any) -> None:
    picture = decoded(encode_png(pixels))
    assert MODES[pixels.shape[2]] == picture.mode
    np.testing.assert_array_equal(pixels, np.asarray(picture).reshape(pixels.shape))


def test_a_gray_array_of_two_axes_makes_a_gray_png() -> None:
    pixels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    np.testing.assert_array_equal(pixels, np.asarray(decoded(encode_png(pixels))))


@pytest.mark.parametrize("size", [(63, 5), (64, 5), (65, 5), (200, 3), (129, 1)])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_pictures_of_several_bands_come_back(size: tuple[int, int], channels: int) -> None:
    pixels = np.random.default_rng(size[0]).integers(0, 256, (*size, channels), np.uint8)
    np.testing.assert_array_equal(pixels, np.asarray(decoded(encode_png(pixels))).reshape(pixels.shape))


NOISE = np.random.default_rng(1).integers(0, 16, (200, 200), np.uint8)


@pytest.mark.parametrize(
    ("chosen", "pixels"),
    [
        (1, NOISE.cumsum(axis=1, dtype=np.uint8)),
        (2, NOISE.cumsum(axis=0, dtype=np.uint8)),
        (3, NOISE + np.add.outer(*2 * [np.arange(200) // 10]).astype(np.uint8)),
    ],
)
def test_the_filter_is_the_one_that_suits_the_picture(chosen: int, pixels: Any) -> None:
    data = encode_png(pixels)
    rows = zlib.decompress(data[data.index(b"IDAT") + 4 : -16])
    assert {chosen} == set(rows[:: pixels.shape[1] + 1])
    np.testing.assert_array_equal(pixels, np.asarray(decoded(data)))


def test_a_gray_picture_is_stored_as_gray_only_when_asked() -> None:
    pixels = np.repeat(NOISE[:, :, None], 3, axis=2)
    assert decoded(encode_png(pixels)).mode == "RGB"
    picture = decoded(encode_png(pixels, gray=True))
    assert picture.mode == "L"
    np.testing.assert_array_equal(NOISE, np.asarray(picture))


@pytest.mark.parametrize("row", [0, 5])
def test_one_coloured_pixel_keeps_a_picture_from_being_gray(row: int) -> None:
    pixels = np.repeat(NOISE[:, :, None], 3, axis=2)
    pixels[row, 3, 2] ^= 1
    picture = decoded(encode_png(pixels, gray=True))
    assert picture.mode == "RGB"
    np.testing.assert_array_equal(pixels, np.asarray(picture))


def test_an_encoder_stops_between_bands_when_told() -> None:
    answers = iter([False, False, True])
    with pytest.raises(EncodingCancelled):
        encode_png(np.zeros((1000, 10, 3), np.uint8), cancelled=lambda: next(answers))
    assert next(answers, None) is None


def test_a_view_that_is_not_contiguous_is_encoded_as_it_looks() -> None:
    pixels = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)[::-1, 1:5]
    np.testing.assert_array_equal(pixels, np.asarray(decoded(encode_png(pixels))))


@given(
    hnp.arrays(np.uint8, st.tuples(sides, sides), elements=st.integers(0, 6)),
    hnp.arrays(np.uint8, (7, 3)),
)
def test_pillow_reads_back_the_colours_of_a_palette_png(indices: Any, colours: Any) -> None:
    picture = decoded(encode_palette_png(indices, colours))
    np.testing.assert_array_equal(colours[indices], np.asarray(picture.convert("RGB")))


@given(hnp.arrays(np.uint8, st.tuples(sides, sides, st.just(3))))
def test_a_palette_png_of_a_mapped_picture_shows_the_mapped_colours(pixels: Any) -> None:
    palette = build_palette(pixels, 16)
    indices = palette.map(pixels)
    shown = np.asarray(decoded(encode_palette_png(indices, palette.colours)).convert("RGB"))
    np.testing.assert_array_equal(palette.colours[indices], shown)


@pytest.mark.parametrize("see_through", [0, 2])
def test_the_transparent_index_has_no_opacity(see_through: int) -> None:
    indices = np.array([[0, 1, 2]], np.uint8)
    colours = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]], np.uint8)
    alpha = np.asarray(decoded(encode_palette_png(indices, colours, transparent=see_through)).convert("RGBA"))[0, :, 3]
    assert [0 if index == see_through else 255 for index in range(3)] == alpha.tolist()


def read_rgba(data: bytes) -> Any:
    """Return the pixels by OpenCV: Pillow takes opacities 0 and 10 for 0 and 255 (10 ends a line to its pattern)."""
    bgra: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    return cv2.cvtColor(bgra, cv2.COLOR_BGRA2RGBA) if bgra.shape[2] == 4 else cv2.cvtColor(bgra, cv2.COLOR_BGR2RGBA)


few_values = st.lists(st.tuples(*[st.integers(0, 255)] * 4), min_size=1, max_size=300, unique=True)


@given(few_values, st.tuples(sides, sides), st.integers(0, 2**32 - 1))
def test_the_pixels_of_an_overlay_are_read_back(values: Any, size: Any, seed: int) -> None:
    chosen = np.random.default_rng(seed).integers(0, len(values), size)
    pixels = np.array(values, np.uint8)[chosen]
    data = encode_overlay_png(pixels, exact=True)
    np.testing.assert_array_equal(pixels, read_rgba(data))
    assert decoded(data).mode == ("P" if len(np.unique(chosen)) <= 256 else "RGBA")


@pytest.mark.parametrize(("colours", "depth"), [(2, 1), (3, 2), (4, 2), (5, 4), (16, 4), (17, 8), (256, 8)])
def test_an_overlay_of_few_colours_takes_few_bits_a_pixel(colours: int, depth: int) -> None:
    pixels = np.zeros((30, 37, 4), np.uint8)
    pixels.reshape(-1, 4)[:colours] = [(number, 9, 9, 255 - number % 2) for number in range(colours)]
    pixels.reshape(-1, 4)[colours:] = pixels[0, 0]
    data = encode_overlay_png(pixels, exact=True)
    assert data[24] == depth
    np.testing.assert_array_equal(pixels, np.asarray(decoded(data).convert("RGBA")))


def test_a_box_on_a_patch_takes_less_than_350_bytes() -> None:
    pixels = np.zeros((128, 128, 4), np.uint8)
    pixels[10:110, 20:100] = (80, 200, 120, 255)
    pixels[12:108, 22:98] = (80, 200, 120, 60)
    assert len(encode_overlay_png(pixels)) < 350


def test_an_overlay_of_the_whole_canvas_comes_back() -> None:
    pixels = np.zeros((720, 1280, 4), np.uint8)
    pixels[100:300, 200:900] = (10, 20, 30, 255)
    np.testing.assert_array_equal(pixels, np.asarray(decoded(encode_overlay_png(pixels)).convert("RGBA")))


def smooth_outlines(count: int) -> Any:
    """Return straight RGBA with polygons of `count` colours whose edges are smooth: some hundred values."""
    turn = np.linspace(0, 2 * np.pi, 9, endpoint=False)
    ring = np.stack([64 + 50 * np.cos(turn), 64 + 40 * np.sin(turn)], axis=1) * 16
    pixels = np.zeros((128, 128, 4), np.uint8)
    for number in range(count):
        coverage = np.zeros((128, 128), np.uint8)
        cv2.polylines(coverage, [np.rint(ring * (1 - 0.2 * number)).astype(np.int32)], True, 255, 2, cv2.LINE_AA, 4)
        pixels[coverage > 0, 3] = coverage[coverage > 0]
        pixels[coverage > 0, :3] = (200, 40 * number, 90)
    return pixels


def over(pixels: Any, background: int) -> Any:
    wide = pixels.astype(float)
    return (wide[..., :3] * wide[..., 3:] + background * (255 - wide[..., 3:])) / 255


@pytest.mark.parametrize("background", [0, 128, 255])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_smooth_edges_are_joined_to_values_that_look_alike(count: int, background: int) -> None:
    pixels = smooth_outlines(count)
    data = encode_overlay_png(pixels)
    assert len(data) < 0.8 * len(encode_overlay_png(pixels, exact=True))
    picture = decoded(data)
    assert picture.mode == "P"
    shown = np.asarray(picture.convert("RGBA"))
    assert np.abs(over(shown, background) - over(pixels, background)).max() < 32
    full = pixels[..., 3] % 255 == 0
    np.testing.assert_array_equal(pixels[full], shown[full])


def test_a_picture_of_too_many_values_stays_as_it_is() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 40, 4), np.uint8)
    picture = decoded(encode_overlay_png(pixels))
    assert picture.mode == "RGBA"
    np.testing.assert_array_equal(pixels, np.asarray(picture))
