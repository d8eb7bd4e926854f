"""Snap a place to the nearest edge in the picture: where brightness or colour changes most."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.tools.boxes import Point

    Levels = NDArray[np.float32]
    """(h, w, channels), 0..255."""

STRONG = 0.5
"""Share of the strongest change nearby from which on a change is an edge."""
LEAST_STEP = 6.0
"""Levels of 255 between neighbours below which there is no edge but noise."""


FADES = 0.75
"""Share of its strength that an edge has lost at the radius: a strong one far away gives way to one that is near."""


def _levels(pixels: NDArray[np.generic]) -> Levels:
    """Return levels 0..255 of pixels (h, w) or (h, w, channels); of other than 8 bits the range that there is."""
    levels = (pixels[..., None] if pixels.ndim == 2 else pixels[..., :3]).astype(np.float32)
    if pixels.dtype == np.uint8:
        return levels
    low, high = float(np.nanmin(levels)), float(np.nanmax(levels))
    return np.asarray(np.nan_to_num((levels - low) * (255.0 / (high - low or 1.0))), np.float32)


def _window(pixels: NDArray[np.generic], point: Point, across: int, down: int) -> tuple[Levels, int, int]:
    """Return the levels around a point, smoothed a little, and the place of their first pixel."""
    height, width = pixels.shape[:2]
    x, y = int(np.floor(point[0])), int(np.floor(point[1]))
    x0, y0 = max(0, min(x - across, width - 1)), max(0, min(y - down, height - 1))
    levels = _levels(pixels[y0 : max(y + down + 2, y0 + 2), x0 : max(x + across + 2, x0 + 2)])
    padded = np.pad(levels, ((1, 1), (0, 0), (0, 0)), mode="edge")
    smooth = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    padded = np.pad(smooth, ((0, 0), (1, 1), (0, 0)), mode="edge")
    return np.asarray((padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]) / 4, np.float32), x0, y0


def snapped(pixels: NDArray[np.generic], point: Point, radius_px: int) -> Point | None:
    """Return the place of the nearest edge in the picture, None when there is none within a radius.

    Args:
        pixels: The frame, (h, w) or (h, w, channels), any integer dtype or float.
        point: Where to begin, in image pixels.
        radius_px: How far to look, in image pixels.
    """
    levels, x0, y0 = _window(pixels, point, radius_px, radius_px)
    places, steps = _boundaries(levels)
    if not len(steps):
        return None
    places = places + np.array([x0, y0])
    distances = np.hypot(*(places - point).T)
    near = (distances <= radius_px) & (steps >= LEAST_STEP)
    if not near.any():
        return None
    good = near & _strong(steps, distances / radius_px, near)
    first = int(np.argmin(np.where(good, distances, np.inf)))
    # a soft edge has a flank: go on to its steepest place
    close = good & (np.hypot(*(places - places[first]).T) <= _FLANK_PX)
    x, y = places[int(np.argmax(np.where(close, steps - distances * _NEARER, -np.inf)))].tolist()
    return float(x), float(y)


def _strong(steps: NDArray[np.float64], away: NDArray[np.float64], near: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which changes are edges beside the strongest one nearby; `away` is 1 at the radius."""
    weighed = steps * (1 - FADES * np.minimum(away, 1))
    return np.asarray(weighed >= STRONG * weighed[near].max(initial=0.0), np.bool_)


_FLANK_PX = 1.5
_NEARER = 1e-3
"""Levels for a pixel: of places that are alike the nearest is meant."""


def _boundaries(levels: Levels) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the places (n, 2) of the boundaries between neighbours, and the change of level over each."""
    over_x = np.abs(np.diff(levels, axis=1)).max(axis=2)
    over_y = np.abs(np.diff(levels, axis=0)).max(axis=2)
    rows, columns = np.indices(over_x.shape)
    upright = np.stack([columns + 1.0, rows + 0.5], axis=-1).reshape(-1, 2)
    rows, columns = np.indices(over_y.shape)
    level = np.stack([columns + 0.5, rows + 1.0], axis=-1).reshape(-1, 2)
    return np.vstack([upright, level]), np.concatenate([over_x.ravel(), over_y.ravel()]).astype(np.float64)


def snapped_side(
    pixels: NDArray[np.generic], point: Point, radius_px: int, *, upright: bool, along_px: float = math.inf
) -> float | None:
    """Return where a box's side finds its edge: x of an upright side, y of a level one; None when there is none.

    The change is summed along the side, so that an edge wins over a speck.

    Args:
        pixels: The frame, as `snapped` takes it.
        point: The middle of the side, or a corner, in image pixels.
        radius_px: How far to look, in image pixels.
        upright: Whether the side runs up and down.
        along_px: How far the side reaches from the point, both ways: no more than that, and the radius, is looked at.
    """
    along = max(1, int(min(along_px, radius_px)))
    levels, x0, y0 = _window(pixels, point, *((radius_px, along) if upright else (along, radius_px)))
    steps = np.abs(np.diff(levels, axis=1 if upright else 0)).mean(axis=0 if upright else 1).max(axis=1)
    places = np.arange(1, len(steps) + 1) + (x0 if upright else y0)
    distances = np.abs(places - point[0 if upright else 1])
    near = (distances <= radius_px) & (steps >= LEAST_STEP / 2)
    if not near.any():
        return None
    good = near & _strong(steps.astype(np.float64), distances / radius_px, near)
    first = int(np.argmin(np.where(good, distances, np.inf)))
    close = good & (np.abs(places - places[first]) <= _FLANK_PX)
    return float(places[int(np.argmax(np.where(close, steps, -1.0)))])
