"""How well a label fits what is really there: from 0, not at all, to 1."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from tui_editor.model import geometry
from tui_editor.model.masks import frame_array
from tui_editor.model.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    Skeleton,
    kind_of,
    polygon,
    rotated_corners,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAR_PX = 10.0
"""A point that is this far off doesn't fit at all."""
_SHEET = 4096


def fit(found: Shape, real: Shape) -> float:
    """Return how well a shape fits a real one: intersection over union; of points and lines, 1 - distance / 10 px.

    Shapes of different kinds don't fit.
    """
    if kind_of(found) != kind_of(real):
        return 0.0
    match found, real:
        case (Box() | RotatedBox() | Polygon(), _):
            return polygon_iou(_area(found), _area(real))
        case Bitmask(), Bitmask():
            ours, theirs = frame_array(found, _SHEET, _SHEET), frame_array(real, _SHEET, _SHEET)
            return float((ours & theirs).sum() / max((ours | theirs).sum(), 1))
        case Keypoint(), Keypoint():
            return _near(float(np.hypot(found.x - real.x, found.y - real.y)))
        case Skeleton(), Skeleton():
            return _near(float(np.hypot(*(found.points - real.points).T).max()))
        case Polyline(), Polyline():
            return _near(max(off(found.points, real.points), off(real.points, found.points)))
        case _:
            return 1.0


def polygon_iou(a: Polygon, b: Polygon) -> float:
    """Return intersection over union of two polygons."""
    return geometry.area(geometry.intersection(a, b)) / geometry.area(geometry.union([a, b]))


def off(path: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return how far the points of a path (n, 2) are off another one, at most: pixels."""
    places = np.vstack([np.linspace(a, b, 6) for a, b in pairwise(path)])
    first, span = other[:-1], np.diff(other, axis=0)
    share = np.clip(((places[:, None] - first) * span).sum(2) / np.maximum((span**2).sum(1), 1e-12), 0, 1)
    return float(np.hypot(*np.moveaxis(first + share[..., None] * span - places[:, None], 2, 0)).min(axis=1).max())


def _near(distance_px: float) -> float:
    return max(0.0, 1 - distance_px / NEAR_PX)


def _area(shape: Shape) -> Polygon:
    match shape:
        case Box(x, y, width, height):
            return polygon([x, y, x + width, y, x + width, y + height, x, y + height])
        case RotatedBox():
            return polygon(rotated_corners(shape))
        case Polygon():
            return shape
        case _:
            raise TypeError(f"a {kind_of(shape)} has no area")
