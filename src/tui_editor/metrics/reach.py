"""The upright rectangles around many shapes at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.model.shapes import ShapeKind, Visibility

if TYPE_CHECKING:
    from tui_editor.metrics.pairs import Floats
    from tui_editor.model.columns import Geometry, Ragged


def rectangles(geometry: Geometry) -> Floats:
    """Return x, y, width and height around each shape, float64 (n, 4) in pixels; NaN where there is no geometry.

    A skeleton's invisible points don't count unless all are invisible.
    """
    low, high = _corners(geometry)
    broken = ~(np.isfinite(low) & np.isfinite(high)).all(axis=1)
    low[broken] = high[broken] = np.nan
    return np.concatenate([low, high - low], axis=1)


def _corners(geometry: Geometry) -> tuple[Floats, Floats]:
    fixed = geometry.fixed
    match geometry.kind:
        case ShapeKind.BOX | ShapeKind.BITMASK:
            ends = fixed[:, :2] + fixed[:, 2:4]
            return np.minimum(fixed[:, :2], ends), np.maximum(fixed[:, :2], ends)
        case ShapeKind.ROTATED_BOX:
            points = turned_corners(fixed)
            return points.min(axis=1), points.max(axis=1)
        case ShapeKind.KEYPOINT:
            return fixed[:, :2].copy(), fixed[:, :2].copy()
        case ShapeKind.SKELETON if fixed.shape[1]:
            return _seen(fixed.reshape(len(fixed), -1, 3))
        case ShapeKind.POLYGON | ShapeKind.POLYLINE:
            return _around(geometry.ragged[0])
        case _:
            nowhere = np.full((len(geometry), 2), np.nan)
            return nowhere, nowhere.copy()


def turned_corners(fixed: Floats) -> Floats:
    """Return the corners of rotated boxes (n, 5), as (n, 4, 2), beginning with those that were top left."""
    with np.errstate(invalid="ignore"):  # numbers may be infinite in a foreign file
        centre, half = fixed[:, :2] + fixed[:, 2:4] / 2, fixed[:, 2:4] / 2
        turn = np.deg2rad(fixed[:, 4])
        cosine, sine = np.cos(turn)[:, None], np.sin(turn)[:, None]
        x = half[:, :1] * np.array([-1, 1, 1, -1])
        y = half[:, 1:] * np.array([-1, -1, 1, 1])
        turned = np.stack([x * cosine - y * sine, x * sine + y * cosine], axis=2)
        return np.asarray(centre[:, None, :] + turned)


def _seen(table: Floats) -> tuple[Floats, Floats]:
    seen = table[:, :, 2] != Visibility.INVISIBLE
    counts = (seen | ~seen.any(axis=1, keepdims=True))[:, :, None]
    points = table[:, :, :2]
    return np.where(counts, points, np.inf).min(axis=1), np.where(counts, points, -np.inf).max(axis=1)


def _around(column: Ragged) -> tuple[Floats, Floats]:
    low = np.full((len(column), 2), np.nan)
    high = low.copy()
    filled = np.flatnonzero(np.diff(column.offsets) > 0)
    if len(filled):
        points, starts = column.values.reshape(-1, 2), column.offsets[:-1][filled] // 2
        low[filled] = np.minimum.reduceat(points, starts, axis=0)
        high[filled] = np.maximum.reduceat(points, starts, axis=0)
    return low, high
