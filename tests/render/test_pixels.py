from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tui_editor.model.frames import Frame
from tui_editor.render.levels import Tone
from tui_editor.render.pixels import BACKGROUND, PixelOptions, render_pixels
from tui_editor.render.viewport import Viewport
from tui_editor.state.picture import Channel

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


# --- channel, window, tone ---------------------------------------------------------------------------


COLOURS = np.array([[[10, 20, 30], [200, 100, 50], [0, 255, 0]]], np.uint8)


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        (Channel.RED, [10, 200, 0]),
        (Channel.GREEN, [20, 100, 255]),
        (Channel.BLUE, [30, 50, 0]),
        (Channel.GREY, [18, 124, 150]),
    ],
)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16])
def test_one_channel_of_colours_is_shown_as_grey(channel: Channel, expected: list[int], dtype: type[Any]) -> None:
    canvas = render_pixels(
        frame(COLOURS.astype(dtype), window=(127.5, 255)), one_to_one(3, 1), PixelOptions(channel=channel)
    )
    assert canvas[0].tolist() == [[level] * 3 for level in expected]


def test_a_channel_of_grey_pixels_is_what_they_are() -> None:
    grey = np.array([[7, 70, 255]], np.uint8)
    canvas = render_pixels(frame(grey), one_to_one(3, 1), PixelOptions(channel=Channel.BLUE))
    assert canvas[0, :, 0].tolist() == [7, 70, 255]


@pytest.mark.parametrize(
    ("tone", "expected"),
    [
        (Tone(), [0, 51, 128, 255]),
        (Tone(contrast=2), [0, 0, 128, 255]),
        (Tone(contrast=0.5), [64, 89, 128, 191]),
        (Tone(contrast=0), [128, 128, 128, 128]),
        (Tone(brightness=0.2), [51, 102, 179, 255]),
        (Tone(brightness=-1), [0, 0, 0, 0]),
        (Tone(gamma=2), [0, 114, 181, 255]),
        (Tone(gamma=0.5), [0, 10, 64, 255]),
        (Tone(contrast=2, brightness=0.5), [0, 102, 255, 255]),
    ],
)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.float32])
def test_contrast_brightness_and_gamma_are_those_of_the_formula(
    tone: Tone, expected: list[int], dtype: type[Any]
) -> None:
    values = np.array([[0, 51, 128, 255]], dtype)
    canvas = render_pixels(frame(values, window=(127.5, 255)), one_to_one(4, 1), PixelOptions(tone=tone))
    np.testing.assert_allclose(canvas[0, :, 0].astype(int), expected, atol=1)


def test_sixteen_bits_are_toned_without_being_cut_to_eight_first() -> None:
    """A strong gamma opens shadows that 8 bits can't tell apart."""
    values = np.array([[0, 40, 80, 120, 160, 200]], np.uint16)
    canvas = render_pixels(frame(values), one_to_one(6, 1), PixelOptions(tone=Tone(gamma=5)))
    assert len(set(canvas[0, :, 0].tolist())) == 6


def test_outside_the_image_the_background_is_not_toned() -> None:
    canvas = render_pixels(frame(edge(10, 10, 0)), one_to_one(30, 20), PixelOptions(tone=Tone(brightness=0.5)))
    assert tuple(canvas[15, 25]) == BACKGROUND


def test_the_checkerboard_behind_a_picture_is_not_toned_and_its_colours_are() -> None:
    pixels = np.zeros((16, 16, 4), np.uint8)
    pixels[:, 8:] = (51, 51, 51, 255)
    options = PixelOptions(tone=Tone(brightness=0.2))
    canvas = render_pixels(frame(pixels, color="rgba"), one_to_one(16, 16), options)
    assert sorted(set(canvas[:, :8].ravel().tolist())) == [96, 140]
    assert set(canvas[:, 8:].ravel().tolist()) == {102}


def test_a_window_leaves_opacity_as_it_is() -> None:
    pixels = np.full((4, 4, 4), (40, 40, 40, 255), np.uint8)
    options = PixelOptions(window=(1000, 10))
    assert (render_pixels(frame(pixels, color="rgba"), one_to_one(4, 4), options) == 0).all()


# --- turned ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("quarters", [1, 2, 3])
@pytest.mark.parametrize("pixelated", [False, True])
def test_a_quarter_turn_is_the_upright_picture_with_its_pixels_moved(quarters: int, pixelated: bool) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (33, 50, 3), np.uint8)
    canvas = (121, 80)
    options = PixelOptions(pixelated=pixelated)
    turned = render_pixels(frame(pixels), Viewport.fit((50, 33), canvas, rotation_deg=90 * quarters), options)
    before = replace(
        Viewport.fit((50, 33), canvas, rotation_deg=90 * quarters),
        rotation_deg=0,
        canvas_size=canvas[::-1] if quarters % 2 else canvas,
    )
    np.testing.assert_array_equal(turned, np.rot90(render_pixels(frame(pixels), before, options), -quarters))


@settings(max_examples=60)
@given(
    angle=st.floats(0, 360),
    scale=st.floats(0.2, 30),
    centre=st.tuples(st.floats(80, 120), st.floats(40, 60)),
    pixelated=st.booleans(),
)
def test_a_turned_edge_lies_where_the_viewport_says(
    angle: float, scale: float, centre: tuple[float, float], pixelated: bool
) -> None:
    viewport = Viewport(centre_px=centre, scale=scale, canvas_size=(301, 200), rotation_deg=angle)
    pixels = np.full((100, 200), 255, np.uint8)
    pixels[:, :100] = 0
    shown = render_pixels(frame(pixels), viewport, PixelOptions(pixelated=pixelated))
    rows, columns = np.mgrid[0:200, 0:301]
    image = viewport.to_image(np.stack([columns + 0.5, rows + 0.5], axis=-1))
    reach = 1.0 + 2.0 / scale  # where smoothing or rounding may mix
    on_image = ((image > reach) & (image < np.array([200, 100]) - reach)).all(axis=-1)
    assert (shown[on_image & (image[..., 0] < 100 - reach)] == 0).all()
    assert (shown[on_image & (image[..., 0] > 100 + reach)] == 255).all()
    outside = ((image < -reach) | (image > np.array([200, 100]) + reach)).any(axis=-1)
    assert (shown[outside] == BACKGROUND).all()


def test_a_turned_picture_is_averaged_when_it_shrinks() -> None:
    board = np.indices((400, 400)).sum(axis=0) % 2 * 255
    viewport = Viewport.fit((400, 400), (50, 50), rotation_deg=17)
    middle = render_pixels(frame(board.astype(np.uint8)), viewport)[15:35, 15:35, 0]
    assert abs(middle.astype(int) - 128).max() <= 1


@pytest.mark.parametrize("angle", [90, 30])
@pytest.mark.parametrize("size", [(0, 0), (0, 10), (10, 0)])
def test_a_turned_canvas_without_pixels_is_made_without_complaint(size: tuple[int, int], angle: float) -> None:
    canvas = render_pixels(frame(edge(10, 10, 5)), Viewport.fit((10, 10), size, rotation_deg=angle))
    assert (size[1], size[0], 3) == canvas.shape
