"""Pixels that a brush, a pen, a colour or a flood reaches, as bitmasks. Works on crops around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.errors import InvalidShape
from tui_editor.model.mask_sets import united
from tui_editor.model.masks import array_of, bitmask_from_array, empty_bitmask
from tui_editor.model.shapes import Bitmask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tui_editor.model.brush import Brush
    from tui_editor.model.rings import Ring

    Pixels = NDArray[np.uint8]
    """A frame, RGB (h, w, 3)."""

_PIECE_PX = 512
"""A long stroke is painted in pieces of this extent: a diagonal needs no crop of the whole frame."""
_SMALL_PX = 12
"""Discs up to this diameter are exact; OpenCV's thick lines, which are faster, are a pixel too wide."""
_SHIFT = 4
"""Fractional bits of OpenCV's coordinates."""
_LIGHT = 2.55
"""Steps of L in OpenCV's 8-bit Lab for one of CIE Lab; those of a and b are the same."""


def stroke_mask(path: Ring, brush: Brush, size: tuple[int, int]) -> Bitmask:
    """Return the pixels of a frame of `size` (width, height) that a brush covers along a path, (n, 2) with n ≥ 1.

    Raises:
        InvalidShape: the path has no points, or one that is not a number.
    """
    points = np.asarray(path, np.float64).reshape(-1, 2)
    if not len(points) or not np.isfinite(points).all():
        raise InvalidShape("a stroke has no points, or one that is not a number")
    painted = [_painted(piece, brush, size) for piece in _in_pieces(points)]
    return painted[0] if len(painted) == 1 else united(*painted)


def _in_pieces(points: Ring) -> Iterator[Ring]:
    """Yield parts of a path, each with the end of the one before, none much larger than `_PIECE_PX`."""
    steps = np.ceil(np.abs(np.diff(points, axis=0)).max(axis=1, initial=0) / _PIECE_PX).astype(int).clip(1)
    which = np.repeat(np.arange(len(steps)), steps)
    share = (np.arange(len(which)) - np.repeat(np.cumsum(steps) - steps, steps) + 1) / steps[which]
    fine = np.vstack([points[:1], points[which] + share[:, None] * (points[which + 1] - points[which])])
    begin = 0
    low = high = fine[0]
    for row in range(1, len(fine)):
        low, high = np.minimum(low, fine[row]), np.maximum(high, fine[row])
        if (high - low).max() > _PIECE_PX and row - 1 > begin:
            yield fine[begin:row]
            begin = row - 1
            low, high = np.minimum(fine[begin], fine[row]), np.maximum(fine[begin], fine[row])
    yield fine[begin:]


def _painted(path: Ring, brush: Brush, size: tuple[int, int]) -> Bitmask:
    import cv2

    reach = int(np.ceil(brush.size_px / 2)) + 1
    x0, y0 = (int(v) for v in np.maximum(np.floor(path.min(axis=0)) - reach, 0))
    x1, y1 = (int(v) for v in np.minimum(np.ceil(path.max(axis=0)) + reach, size))
    if x0 >= x1 or y0 >= y1:
        return empty_bitmask()
    # beyond the crop as far as the brush reaches, so that dilating sees what lies just outside
    margin = reach
    canvas = np.zeros((y1 - y0 + 2 * margin, x1 - x0 + 2 * margin), np.uint8)
    side = max(1, round(brush.size_px))
    thin = brush.square or side <= _SMALL_PX
    # pixel i covers [i, i + 1): its middle is where OpenCV has i; an even brush lies around a corner of pixels
    middle = 1.0 if thin and side % 2 == 0 else 0.5
    at = np.rint((path - (x0 - margin + middle, y0 - margin + middle)) * (1 << _SHIFT)).astype(np.int32)
    at = at if len(at) > 1 else np.repeat(at, 2, axis=0)  # of a single point nothing would be drawn
    cv2.polylines(canvas, [at], False, 1, 1 if thin else side, cv2.LINE_8, _SHIFT)
    if thin and side > 1:
        canvas = np.asarray(cv2.dilate(canvas, np.ones((side, side), np.uint8) if brush.square else _disc(side)))
    return bitmask_from_array(canvas[margin : margin + y1 - y0, margin : margin + x1 - x0], x0, y0)


def _disc(side: int) -> NDArray[np.uint8]:
    """Return the pixels (side, side) whose middle lies within a circle."""
    offset = np.arange(side) - (side - 1) / 2
    return (offset[:, None] ** 2 + offset**2 <= (side / 2) ** 2).astype(np.uint8)


# --- by colour -------------------------------------------------------------------------------------


def like_colour(stroke: Bitmask, pixels: Pixels, colour: NDArray[np.float32], tolerance: float) -> Bitmask:
    """Return the pixels of a stroke whose colour differs by less than `tolerance` (CIE76, L from 0 to 100).

    Args:
        stroke: Lies in the frame.
        pixels: The frame.
        colour: Lab (3,), as `mean_colour` returns it.
        tolerance: 2 is a difference that one just sees, 20 a different tone of the same thing.
    """
    bits = array_of(stroke)
    differs = np.sqrt(((_lab(_crop(stroke, pixels)) - colour) ** 2).sum(axis=2))
    return bitmask_from_array(bits & (differs < tolerance), stroke.left, stroke.top)


def mean_colour(area: Bitmask, pixels: Pixels) -> NDArray[np.float32]:
    """Return the mean Lab colour (3,) of an area in the frame.

    Raises:
        InvalidShape: the area has no pixels.
    """
    bits = array_of(area)
    if not bits.any():
        raise InvalidShape("the stroke begins outside of the frame")
    mean: NDArray[np.float32] = _lab(_crop(area, pixels))[bits].mean(axis=0)
    return mean


def flooded(pixels: Pixels, seed: tuple[float, float], tolerance: float) -> Bitmask:
    """Return the pixels that hang together with the seed's and differ from it by at most `tolerance` in L, a and b.

    Raises:
        InvalidShape: the seed lies outside of the frame.
    """
    import cv2

    height, width = pixels.shape[:2]
    x, y = int(np.floor(seed[0])), int(np.floor(seed[1]))
    if not (0 <= x < width and 0 <= y < height):
        raise InvalidShape("the flood begins outside of the frame")
    lab = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2LAB)
    reached = np.zeros((height + 2, width + 2), np.uint8)
    step = (tolerance * _LIGHT, tolerance, tolerance)
    flags = 8 | cv2.FLOODFILL_FIXED_RANGE | cv2.FLOODFILL_MASK_ONLY | 1 << 8
    cv2.floodFill(lab, reached, (x, y), 0, step, step, flags)
    return bitmask_from_array(reached[1:-1, 1:-1])


def _crop(mask: Bitmask, pixels: Pixels) -> Pixels:
    return pixels[mask.top : mask.top + mask.height, mask.left : mask.left + mask.width]


def _lab(pixels: Pixels) -> NDArray[np.float32]:
    import cv2

    scaled = np.ascontiguousarray(pixels, np.float32) / 255
    return np.asarray(cv2.cvtColor(scaled, cv2.COLOR_RGB2LAB), np.float32)
