"""Snap a place to the nearest edge in the picture: where brightness changes most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.tools.boxes import Point

    Grey = NDArray[np.float32]

STRONG = 0.5
"""Share of the strongest change nearby from which on a change is an edge."""
LEAST_STEP = 6.0
"""Levels of 255 between neighbours below which there is no edge but noise."""


def _grey(pixels: NDArray[np.generic]) -> Grey:
    """Return levels 0..255 of pixels (h, w) or (h, w, channels); of other than 8 bits the range that there is."""
    grey = pixels.astype(np.float32) if pixels.ndim == 2 else pixels[..., :3].astype(np.float32).mean(axis=2)
    if pixels.dtype == np.uint8:
        return np.asarray(grey, np.float32)
    low, high = float(np.nanmin(grey)), float(np.nanmax(grey))
    return np.asarray(np.nan_to_num((grey - low) * (255.0 / (high - low or 1.0))), np.float32)


def _window(pixels: NDArray[np.generic], point: Point, radius: int) -> tuple[Grey, int, int]:
    """Return the grey levels around a point, smoothed a little, and the place of their first pixel."""
    height, width = pixels.shape[:2]
    x, y = int(np.floor(point[0])), int(np.floor(point[1]))
    x0, y0 = max(0, min(x - radius, width - 1)), max(0, min(y - radius, height - 1))
    grey = _grey(pixels[y0 : max(y + radius + 2, y0 + 2), x0 : max(x + radius + 2, x0 + 2)])
    padded = np.pad(grey, 1, mode="edge")
    smooth = (padded[:-2, 1:-1] + 2 * padded[1:-1, 1:-1] + padded[2:, 1:-1]) / 4
    across = np.pad(smooth, ((0, 0), (1, 1)), mode="edge")
    return np.asarray((across[:, :-2] + 2 * across[:, 1:-1] + across[:, 2:]) / 4, np.float32), x0, y0


def snapped(pixels: NDArray[np.generic], point: Point, radius_px: int) -> Point | None:
    """Return the place of the nearest edge in the picture, None when there is none within a radius.

    Args:
        pixels: The frame, (h, w) or (h, w, channels), any integer dtype or float.
        point: Where to begin, in image pixels.
        radius_px: How far to look, in image pixels.
    """
    grey, x0, y0 = _window(pixels, point, radius_px)
    places, steps = _boundaries(grey)
    if not len(steps):
        return None
    places = places + np.array([x0, y0])
    distances = np.hypot(*(places - point).T)
    near = distances <= radius_px
    strongest = float(steps[near].max(initial=0.0))
    if strongest < LEAST_STEP:
        return None
    good = near & (steps >= STRONG * strongest)
    first = int(np.argmin(np.where(good, distances, np.inf)))
    # a soft edge has a flank: go on to its steepest place
    close = good & (np.hypot(*(places - places[first]).T) <= _FLANK_PX)
    x, y = places[int(np.argmax(np.where(close, steps - distances * _NEARER, -np.inf)))].tolist()
    return float(x), float(y)


_FLANK_PX = 1.5
_NEARER = 1e-3
"""Levels for a pixel: of places that are alike the nearest is meant."""


def _boundaries(grey: Grey) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the places (n, 2) of the boundaries between neighbours, and the change of level over each."""
    over_x, over_y = np.abs(np.diff(grey, axis=1)), np.abs(np.diff(grey, axis=0))
    rows, columns = np.indices(over_x.shape)
    upright = np.stack([columns + 1.0, rows + 0.5], axis=-1).reshape(-1, 2)
    rows, columns = np.indices(over_y.shape)
    level = np.stack([columns + 0.5, rows + 1.0], axis=-1).reshape(-1, 2)
    return np.vstack([upright, level]), np.concatenate([over_x.ravel(), over_y.ravel()]).astype(np.float64)


def snapped_side(pixels: NDArray[np.generic], point: Point, radius_px: int, *, upright: bool) -> float | None:
    """Return where a box's side finds its edge: x of an upright side, y of a level one; None when there is none.

    The change is summed along the side, so that an edge wins over a speck.

    Args:
        pixels: The frame, as `snapped` takes it.
        point: The middle of the side, or a corner, in image pixels.
        radius_px: How far to look, in image pixels.
        upright: Whether the side runs up and down.
    """
    grey, x0, y0 = _window(pixels, point, radius_px)
    steps = np.abs(np.diff(grey, axis=1 if upright else 0)).mean(axis=0 if upright else 1)
    places = np.arange(1, len(steps) + 1) + (x0 if upright else y0)
    distances = np.abs(places - point[0 if upright else 1])
    near = distances <= radius_px
    strongest = float(steps[near].max(initial=0.0))
    if strongest < LEAST_STEP / 2:
        return None
    good = near & (steps >= STRONG * strongest)
    first = int(np.argmin(np.where(good, distances, np.inf)))
    close = good & (np.abs(places - places[first]) <= _FLANK_PX)
    return float(places[int(np.argmax(np.where(close, steps, -1.0)))])
