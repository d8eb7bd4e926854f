"""From the pixels of a frame to the canvas: crop, scale, tone, composite, turn. Draws no labels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from msgspec import Struct

from tui_editor.render.levels import AS_IT_IS, Tone, chosen, to_levels, to_rgb
from tui_editor.render.rects import Rect
from tui_editor.render.turning import turned, upright_of
from tui_editor.state.picture import Channel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.model.frames import Frame
    from tui_editor.render.viewport import Viewport

BACKGROUND = (18, 18, 20)
"""What the canvas shows outside the image, as RGB."""
_CHECKER_COLOURS = (96, 140)
_CHECKER_PX = 8
_WITH_ALPHA = frozenset({"rgba", "gray_alpha"})
_SHRINKING = 0.999
"""Below this scale pixels are averaged (area); above, interpolated."""


class PixelOptions(Struct, frozen=True, kw_only=True):
    """How the frame's pixels are shown."""

    pixelated: bool = False
    """Show each image pixel as a sharp square when magnified, instead of smoothing."""
    checkerboard: bool = True
    """Show what is transparent over a checkerboard; else over the background."""
    window: tuple[float, float] | None = None
    """(centre, width) in pixel values that replaces the frame's own window."""
    channel: Channel = Channel.ALL
    """Of colours: which is shown, as grey."""
    tone: Tone = AS_IT_IS
    """Contrast, brightness and gamma, after the window."""


class _Placement(NamedTuple):
    """Which source pixels are needed and where they go: screen = source · scale + offset along each axis."""

    source: Rect
    target: Rect
    """Where `source` lies, rounded to screen pixels; it may reach beyond the canvas."""
    shown: Rect
    """The part of `target` on the canvas."""
    scale: tuple[float, float]
    offset: tuple[float, float]


DEFAULT_OPTIONS = PixelOptions()


def render_pixels(frame: Frame, viewport: Viewport, options: PixelOptions = DEFAULT_OPTIONS) -> NDArray[np.uint8]:
    """Return the canvas: RGB uint8 of shape (canvas height, canvas width, 3).

    Positions are right to half a screen pixel, at every scale and for reduced pictures (`frame.full_size` larger than
    `frame.pixels`). Values are resampled first and windowed and toned after, as medical viewers do: the work is that of
    the canvas, not of the frame. A turned view is made upright and then turned.
    """
    upright = upright_of(viewport)
    canvas = _background(*upright.canvas_size)
    placement = _place(frame, upright)
    if placement is not None:
        view = placement.shown.of(canvas)
        paint = _paint_translucent if frame.color in _WITH_ALPHA else _paint_opaque
        paint(view, frame, placement, options)
    return turned(canvas, viewport)


def _background(width: int, height: int) -> NDArray[np.uint8]:
    canvas = np.empty((height, width * 3), np.uint8)
    canvas[:] = np.tile(np.array(BACKGROUND, np.uint8), width)  # whole rows: pixel by pixel takes eighty times as long
    return canvas.reshape(height, width, 3)


def value_limits(frame: Frame, options: PixelOptions = DEFAULT_OPTIONS) -> tuple[float, float]:
    """Return the pixel values shown as black and as white.

    They come from the options' window, else the frame's, else the range of the type; for floats, of the finite data.
    """
    window = options.window or frame.window
    if window is not None:
        centre, width = window
        return centre - width / 2, centre + width / 2
    if frame.pixels.dtype.kind == "f":
        finite = frame.pixels[np.isfinite(frame.pixels)]
        return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return _range_of(frame.pixels.dtype)


def _range_of(dtype: np.dtype[Any]) -> tuple[float, float]:
    if dtype.kind not in "iu":
        return 0.0, 1.0
    info = np.iinfo(dtype.str)
    return float(info.min), float(info.max)


# --- where ---------------------------------------------------------------------------------------


def _place(frame: Frame, viewport: Viewport) -> _Placement | None:
    rows, columns = frame.pixels.shape[:2]
    if not rows or not columns:
        return None
    scale_x = viewport.scale_xy[0] * frame.full_size[0] / columns
    scale_y = viewport.scale_xy[1] * frame.full_size[1] / rows
    left, top = viewport.offset
    right, bottom = viewport.canvas_size[0] - left, viewport.canvas_size[1] - top
    # One more source pixel at each side: interpolation at the canvas' border looks beyond it.
    source = Rect(
        math.floor(-left / scale_x) - 1,
        math.floor(-top / scale_y) - 1,
        math.ceil(right / scale_x) + 1,
        math.ceil(bottom / scale_y) + 1,
    ).clipped(columns, rows)
    x0, y0 = round(source.x0 * scale_x + left), round(source.y0 * scale_y + top)
    x1, y1 = round(source.x1 * scale_x + left), round(source.y1 * scale_y + top)
    target = Rect(x0, y0, max(x1, x0 + 1), max(y1, y0 + 1))  # an image thinner than a screen pixel is still shown
    shown = target.clipped(*viewport.canvas_size)
    if source.empty or shown.empty:
        return None
    return _Placement(source, target, shown, (scale_x, scale_y), (left, top))


# --- what ----------------------------------------------------------------------------------------


def _paint_opaque(view: NDArray[np.uint8], frame: Frame, placement: _Placement, options: PixelOptions) -> None:
    limits = value_limits(frame, options)
    crop = _cropped(frame, placement)
    if crop.dtype.kind == "f":  # one value that is not finite would spread to its neighbours
        crop = np.nan_to_num(crop, nan=limits[0], neginf=limits[0], posinf=limits[1])
    values = _resample(crop, placement, pixelated=options.pixelated)
    view[:] = to_rgb(to_levels(chosen(values, options.channel), limits, options.tone))


def _paint_translucent(view: NDArray[np.uint8], frame: Frame, placement: _Placement, options: PixelOptions) -> None:
    crop = _cropped(frame, placement)
    opaque = to_levels(crop[:, :, -1:], _range_of(crop.dtype)).astype(np.uint16)
    plain = to_levels(crop[:, :, :-1], value_limits(frame, options))
    # Colours are weighted by their opacity before they are mixed, so that what is hidden doesn't bleed into the edges.
    weighted = np.concatenate([(plain * opaque + 127) // 255, opaque], axis=2)
    mixed = _resample(weighted.astype(np.uint8), placement, pixelated=options.pixelated).astype(np.uint16)
    colours, opacity = mixed[:, :, :-1], mixed[:, :, -1:]
    if (options.channel, options.tone) != (Channel.ALL, AS_IT_IS):
        colours = _toned(colours, opacity, options)
    behind = _checkerboard(view.shape[1], view.shape[0]) if options.checkerboard else view
    view[:] = np.minimum(to_rgb(colours) + (behind * (255 - opacity) + 127) // 255, 255)


def _toned(colours: NDArray[np.uint16], opacity: NDArray[np.uint16], options: PixelOptions) -> NDArray[np.uint16]:
    """Return colours weighted by their opacity after channel and tone, which are those of plain colours."""
    plain = np.minimum((colours * 255 + opacity // 2) // np.maximum(opacity, 1), 255).astype(np.uint8)
    levels = to_levels(chosen(plain, options.channel), (0.0, 255.0), options.tone)
    return (levels * opacity + 127) // 255


def _cropped(frame: Frame, placement: _Placement) -> NDArray[np.generic]:
    pixels = frame.pixels if frame.pixels.ndim == 3 else frame.pixels[:, :, None]
    crop: NDArray[np.generic] = pixels[
        placement.source.y0 : placement.source.y1, placement.source.x0 : placement.source.x1
    ]
    if crop.dtype.kind == "b":
        return crop.astype(np.uint8)
    resizable = crop.dtype.isnative and crop.dtype.name in {"uint8", "uint16", "int16", "float32"}
    return crop if resizable else crop.astype(np.float32)


def _resample(pixels: NDArray[np.generic], placement: _Placement, *, pixelated: bool) -> NDArray[np.generic]:
    if placement.scale == (1.0, 1.0) and all(part.is_integer() for part in placement.offset):
        values = _copied(pixels, placement)
    elif min(placement.scale) < _SHRINKING:
        values = _averaged(pixels, placement)
    elif pixelated:
        values = _repeated(pixels, placement)
    else:
        values = _interpolated(pixels, placement)
    return values if values.ndim == 3 else values[:, :, None]


def _copied(pixels: NDArray[np.generic], placement: _Placement) -> NDArray[np.generic]:
    source, _, shown, _, offset = placement
    x, y = shown.x0 - int(offset[0]) - source.x0, shown.y0 - int(offset[1]) - source.y0
    return pixels[y : y + shown.height, x : x + shown.width]


def _averaged(pixels: NDArray[np.generic], placement: _Placement) -> NDArray[np.generic]:
    import cv2

    _, target, shown, _, _ = placement
    resized: NDArray[np.generic] = cv2.resize(pixels, (target.width, target.height), interpolation=cv2.INTER_AREA)
    x, y = shown.x0 - target.x0, shown.y0 - target.y0
    return resized[y : y + shown.height, x : x + shown.width]


def _repeated(pixels: NDArray[np.generic], placement: _Placement) -> NDArray[np.generic]:
    source, _, shown, scale, offset = placement
    columns = np.floor((np.arange(shown.x0, shown.x1) + 0.5 - offset[0]) / scale[0]).astype(np.intp) - source.x0
    rows = np.floor((np.arange(shown.y0, shown.y1) + 0.5 - offset[1]) / scale[1]).astype(np.intp) - source.y0
    widened: NDArray[np.generic] = pixels[:, columns.clip(0, source.width - 1)][rows.clip(0, source.height - 1)]
    return widened


def _interpolated(pixels: NDArray[np.generic], placement: _Placement) -> NDArray[np.generic]:
    import cv2

    source, _, shown, scale, offset = placement
    # cv2 places a pixel's centre at its index; ours lies half a pixel further.
    shift_x = (source.x0 + 0.5) * scale[0] + offset[0] - shown.x0 - 0.5
    shift_y = (source.y0 + 0.5) * scale[1] + offset[1] - shown.y0 - 0.5
    matrix = np.array([[scale[0], 0.0, shift_x], [0.0, scale[1], shift_y]])
    warped: NDArray[np.generic] = cv2.warpAffine(
        pixels, matrix, (shown.width, shown.height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return warped


def _checkerboard(width: int, height: int) -> NDArray[np.uint8]:
    squares = (np.arange(height)[:, None] // _CHECKER_PX + np.arange(width) // _CHECKER_PX) % 2
    colours: NDArray[np.uint8] = np.asarray(_CHECKER_COLOURS, np.uint8)[squares][:, :, None]
    return colours
