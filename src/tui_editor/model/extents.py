"""How far the shapes of a track reach, all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.model.shapes import ShapeKind, Visibility

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.model.columns import Geometry, Ragged

_UPRIGHT = (ShapeKind.BOX, ShapeKind.BITMASK)
_BY_POINTS = (ShapeKind.POLYGON, ShapeKind.POLYLINE)


def extents(geometry: Geometry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lowest and highest coordinates of each shape: float64 (n, 2) each, pixels.

    The rows of shapes without geometry, without points, or with numbers that are not finite are NaN. A skeleton's
    invisible points don't count unless all are invisible. A bitmask reaches as far as its rectangle.
    """
    low, high = _raw(geometry)
    broken = ~(np.isfinite(low) & np.isfinite(high)).all(axis=1)
    low[broken] = high[broken] = np.nan
    return low, high


def _raw(geometry: Geometry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    fixed, kind = geometry.fixed, geometry.kind
    if kind in _UPRIGHT:
        ends = fixed[:, :2] + fixed[:, 2:4]
        return np.minimum(fixed[:, :2], ends), np.maximum(fixed[:, :2], ends)
    if kind is ShapeKind.ROTATED_BOX:
        points = turned_corners(fixed)
        return points.min(axis=1), points.max(axis=1)
    if kind is ShapeKind.KEYPOINT:
        return fixed[:, :2].copy(), fixed[:, :2].copy()
    if kind is ShapeKind.SKELETON:
        return _of_skeletons(fixed)
    if kind in _BY_POINTS:
        return _of_points(geometry.ragged[0])
    nowhere = np.full((len(geometry), 2), np.nan)
    return nowhere, nowhere.copy()


def rectangles(geometry: Geometry) -> NDArray[np.float64]:
    """Return x, y, width and height around each shape: float64 (n, 4), pixels; NaN as in `extents`."""
    low, high = extents(geometry)
    return np.concatenate([low, high - low], axis=1)


def turned_corners(fixed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the corners of rotated boxes (n, 5), as (n, 4, 2), beginning with those that were top left."""
    with np.errstate(invalid="ignore"):  # numbers may be infinite in a foreign file
        centre, half = fixed[:, :2] + fixed[:, 2:4] / 2, fixed[:, 2:4] / 2
        turn = np.deg2rad(fixed[:, 4])
        cosine, sine = np.cos(turn)[:, None], np.sin(turn)[:, None]
        x = half[:, :1] * np.array([-1, 1, 1, -1])
        y = half[:, 1:] * np.array([-1, -1, 1, 1])
        turned = np.stack([x * cosine - y * sine, x * sine + y * cosine], axis=2)
        return np.asarray(centre[:, None, :] + turned)


def _of_skeletons(fixed: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    table = fixed.reshape(len(fixed), -1, 3)
    seen = table[:, :, 2] != Visibility.INVISIBLE
    counts = (seen | ~seen.any(axis=1, keepdims=True))[:, :, None]
    points = table[:, :, :2]
    if not points.shape[1]:
        nowhere = np.full((len(fixed), 2), np.nan)
        return nowhere, nowhere.copy()
    low = np.where(counts, points, np.inf).min(axis=1)
    high = np.where(counts, points, -np.inf).max(axis=1)
    return low, high


def _of_points(column: Ragged) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low = np.full((len(column), 2), np.nan)
    high = low.copy()
    filled = np.flatnonzero(np.diff(column.offsets) > 0)
    if len(filled):
        points = column.values.reshape(-1, 2)
        starts = column.offsets[filled] // 2
        low[filled] = np.minimum.reduceat(points, starts, axis=0)
        high[filled] = np.maximum.reduceat(points, starts, axis=0)
    return low, high


def polygon_areas(geometry: Geometry) -> NDArray[np.float64]:
    """Return the area inside the outer rings of each polygon, holes not subtracted: float64 (n,), square pixels."""
    points = geometry.ragged[0].values.reshape(-1, 2)
    signed = geometry.ragged[1].values.astype(np.int64)
    lengths = np.abs(signed)
    starts = np.cumsum(lengths) - lengths
    following = np.arange(1, len(points) + 1)
    filled = lengths > 0
    following[(starts + lengths - 1)[filled]] = starts[filled]
    x, y = points[:, 0], points[:, 1]
    crossed = x * y[following] - x[following] * y
    rings = np.zeros(len(lengths))
    if filled.any():
        rings[filled] = np.abs(np.add.reduceat(crossed, starts[filled])) / 2
    rows = np.repeat(np.arange(len(geometry)), np.diff(geometry.ragged[1].offsets))
    outer = signed < 0
    return np.bincount(rows[outer], weights=rings[outer], minlength=len(geometry)).astype(np.float64)
