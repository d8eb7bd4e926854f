from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_editor.model.frames import Frame
from tui_editor.render.pixels import BACKGROUND, PixelOptions, render_pixels
from tui_editor.render.viewport import Viewport

if TYPE_CHECKING:
    from numpy.typing import NDArray


def frame(pixels: NDArray[Any], **fields: Any) -> Frame:
    height, width = pixels.shape[:2]
    fields.setdefault("full_size", (width, height))
    fields.setdefault("color", "rgb" if pixels.ndim == 3 else "gray")
    return Frame(pixels=pixels, **fields)


def edge(width: int, height: int, at: int) -> NDArray[np.uint8]:
    """Black up to column `at`, white from there."""
    pixels = np.zeros((height, width), np.uint8)
    pixels[:, at:] = 255
    return pixels


def edge_position(row: NDArray[np.uint8]) -> float:
    """Where a rising edge lies: the columns left of it, with the grey ones counted in part."""
    return float((255 - row.astype(float)).sum() / 255)


def one_to_one(width: int, height: int) -> Viewport:
    return Viewport.one_to_one((width, height))


def test_an_image_at_scale_one_is_copied() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (24, 32, 3), np.uint8)
    np.testing.assert_array_equal(pixels, render_pixels(frame(pixels), one_to_one(32, 24)))


def test_outside_the_image_lies_the_background() -> None:
    canvas = render_pixels(frame(edge(10, 10, 0)), one_to_one(30, 20))
    assert tuple(canvas[15, 5]) == BACKGROUND
    assert tuple(canvas[5, 25]) == BACKGROUND
    assert tuple(canvas[9, 9]) == (255, 255, 255)


def test_an_image_out_of_sight_leaves_the_background() -> None:
    canvas = render_pixels(frame(edge(10, 10, 0)), one_to_one(30, 20).pan(500, 0))
    assert (canvas == BACKGROUND).all()


@settings(max_examples=200)
@given(
    scale=st.floats(0.05, 40),
    centre=st.tuples(st.floats(80, 120), st.floats(40, 60)),
    reduced=st.sampled_from([1, 2]),
    pixelated=st.booleans(),
)
def test_an_edge_of_the_image_lies_where_the_viewport_says(
    scale: float, centre: tuple[float, float], reduced: int, pixelated: bool
) -> None:
    viewport = Viewport(centre_px=centre, scale=scale, canvas_size=(301, 200))
    pixels = edge(200 // reduced, 100 // reduced, 100 // reduced)
    shown = render_pixels(frame(pixels, full_size=(200, 100)), viewport, PixelOptions(pixelated=pixelated))
    left, _ = viewport.to_screen((0, 0))
    right, _ = viewport.to_screen((200, 0))
    expected, middle = viewport.to_screen((100, centre[1]))
    x0, x1 = max(0, round(left)), min(301, round(right))
    found = x0 + edge_position(shown[int(middle), x0:x1, 0])
    blur = scale * reduced + 1  # how far from the edge its grey reaches
    if x0 + blur < expected < x1 - blur:
        assert expected == pytest.approx(found, abs=0.5 + 1e-6)


def test_pixelated_shows_sharp_squares() -> None:
    pixels = np.array([[0, 255], [255, 0]], np.uint8)
    viewport = Viewport.fit((2, 2), (16, 16))
    canvas = render_pixels(frame(pixels), viewport, PixelOptions(pixelated=True))
    np.testing.assert_array_equal(np.kron(pixels, np.ones((8, 8), np.uint8)), canvas[:, :, 0])


def test_smoothing_at_the_border_of_the_canvas_looks_beyond_it() -> None:
    pixels = edge(40, 40, 20)
    whole = render_pixels(frame(pixels), Viewport(centre_px=(20, 20), scale=16, canvas_size=(64, 16)))
    half = render_pixels(frame(pixels), Viewport(centre_px=(19, 20), scale=16, canvas_size=(32, 16)))
    np.testing.assert_array_equal(whole[:, :32], half)


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [(np.uint16, 0, 65535), (np.int16, -32768, 32767), (np.uint8, 0, 255), (np.bool_, 0, 1)],
)
def test_without_a_window_the_whole_range_of_the_type_is_shown(dtype: type[Any], low: int, high: int) -> None:
    canvas = render_pixels(frame(np.array([[low, high]], dtype)), one_to_one(2, 1))
    assert canvas[0].tolist() == [[0, 0, 0], [255, 255, 255]]


def test_without_a_window_floats_are_shown_from_their_least_to_their_largest_finite_value() -> None:
    canvas = render_pixels(frame(np.array([[-3, 1, 5, np.nan, np.inf]], np.float32)), one_to_one(5, 1))
    assert canvas[0, :, 0].tolist() == [0, 128, 255, 0, 255]


@pytest.mark.parametrize("dtype", [np.int16, np.float32, np.float64])
def test_the_frames_window_maps_its_ends_to_black_and_white(dtype: type[Any]) -> None:
    values = np.array([[-1000, -160, 40, 240, 3000]], dtype)
    canvas = render_pixels(frame(values, window=(40, 400)), one_to_one(5, 1))
    assert canvas[0, :, 0].tolist() == [0, 0, 128, 255, 255]


def test_the_options_window_goes_before_the_frames() -> None:
    values = np.array([[0, 10, 20]], np.uint16)
    canvas = render_pixels(frame(values, window=(1000, 10)), one_to_one(3, 1), PixelOptions(window=(10, 20)))
    assert canvas[0, :, 0].tolist() == [0, 128, 255]


def test_a_window_without_width_is_a_threshold() -> None:
    canvas = render_pixels(frame(np.array([[9, 10, 11]], np.uint8), window=(10, 0)), one_to_one(3, 1))
    assert canvas[0, :, 0].tolist() == [0, 0, 255]


@pytest.mark.parametrize(("color", "channels"), [("rgba", 4), ("gray_alpha", 2)])
def test_what_is_transparent_shows_a_checkerboard(color: str, channels: int) -> None:
    pixels = np.full((32, 32, channels), 200, np.uint8)
    pixels[:, :16, -1] = 0
    pixels[:, 16:, -1] = 255
    canvas = render_pixels(frame(pixels, color=color), one_to_one(32, 32))
    assert tuple(canvas[5, 20]) == (200, 200, 200)
    assert sorted(set(canvas[:, :16].ravel().tolist())) == [96, 140]


def test_without_the_checkerboard_the_background_shows_through() -> None:
    pixels = np.zeros((8, 8, 4), np.uint8)
    canvas = render_pixels(frame(pixels, color="rgba"), one_to_one(8, 8), PixelOptions(checkerboard=False))
    assert (canvas == BACKGROUND).all()


def test_the_colour_of_hidden_pixels_does_not_bleed() -> None:
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[:, :4] = (255, 0, 0, 0)
    pixels[:, 4:] = (0, 255, 0, 255)
    canvas = render_pixels(
        frame(pixels, color="rgba"), Viewport.fit((8, 8), (64, 64)), PixelOptions(checkerboard=False)
    )
    assert int(canvas[:, :, 0].max()) <= BACKGROUND[0]


@pytest.mark.parametrize("size", [(0, 0), (0, 10), (10, 0)])
def test_a_canvas_without_pixels_is_made_without_complaint(size: tuple[int, int]) -> None:
    canvas = render_pixels(frame(edge(10, 10, 5)), Viewport.fit((10, 10), size))
    assert (size[1], size[0], 3) == canvas.shape
