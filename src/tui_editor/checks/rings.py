"""The rings of many polygons at once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.model.columns import Geometry


class Rings(NamedTuple):
    """m points in k rings of n polygons."""

    points: NDArray[np.float64]
    """(m, 2) pixels."""
    ring: NDArray[np.int64]
    """(m,) the ring of each point."""
    before: NDArray[np.int64]
    """(m,) the point before each one, around its ring."""
    after: NDArray[np.int64]
    """(m,) the point behind each one, around its ring."""
    lengths: NDArray[np.int64]
    """(k,) points of each ring."""
    outer: NDArray[np.bool_]
    """(k,) whether a ring is the outer one of a part."""
    rows: NDArray[np.int64]
    """(k,) the polygon of each ring."""


@lru_cache(maxsize=2)
def rings_of(geometry: Geometry) -> Rings:
    """Return the rings of polygons."""
    points = geometry.ragged[0].values.reshape(-1, 2)
    signed = geometry.ragged[1].values.astype(np.int64)
    lengths = np.abs(signed)
    ends = np.cumsum(lengths)
    starts = ends - lengths
    at = np.arange(len(points))
    before, after = at - 1, at + 1
    filled = lengths > 0
    before[starts[filled]] = ends[filled] - 1
    after[ends[filled] - 1] = starts[filled]
    ring = np.repeat(np.arange(len(lengths)), lengths)
    rows = np.repeat(np.arange(len(geometry)), np.diff(geometry.ragged[1].offsets))
    return Rings(points, ring, before, after, lengths, signed < 0, rows)


def ring_areas(rings: Rings) -> NDArray[np.float64]:
    """Return each ring's area in square pixels, never negative: (k,)."""
    (x, y), after = rings.points.T, rings.after
    crossed = x * y[after] - x[after] * y
    return np.asarray(np.abs(np.bincount(rings.ring, weights=crossed, minlength=len(rings.lengths))) / 2)


def perimeters(rings: Rings, n: int) -> NDArray[np.float64]:
    """Return the length of each polygon's outlines in pixels: (n,)."""
    steps = np.hypot(*(rings.points[rings.after] - rings.points).T)
    return np.asarray(np.bincount(rings.rows[rings.ring], weights=steps, minlength=n), np.float64)
