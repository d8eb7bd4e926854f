"""Polygons to masks by COCO's rule, masks to polygons along the pixels' edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.model.masks import array_of, bitmask_from_array, columns_array
from tui_editor.model.shapes import Bitmask, Polygon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tui_editor.model.masks import Mask

_SCALE = 5.0
"""COCO's rasteriser walks the outline on a grid five times finer than pixels."""
_FAR = 1e8
"""Coordinates are clamped to ± this before they are walked, so that a wild one costs time, not correctness."""


def polygon_to_bitmask(polygon: Polygon, width: int, height: int) -> Bitmask:
    """Return the pixels of a frame of `width` × `height` that belong to a polygon by COCO's rule.

    Each ring is filled by `rleFrPoly` of cocodataset/cocoapi (`common/maskApi.c`); holes are cut out of their part and
    the parts are united. Without holes the pixels are those of `pycocotools.mask.frPyObjects` and `merge`.
    """
    parts = [p for p in (_part(part, width, height) for part in polygon.parts) if p is not None]
    if not parts:
        return bitmask_from_array(np.zeros((0, 0), bool))
    x0, x1 = min(p[0] for p in parts), max(p[0] + len(p[1]) for p in parts)
    columns = np.zeros((x1 - x0, height), bool)
    for left, filled in parts:
        columns[left - x0 : left - x0 + len(filled)] |= filled
    return bitmask_from_array(columns.T, left=x0)


def _part(rings: Sequence[NDArray[np.float64]], width: int, height: int) -> tuple[int, Mask] | None:
    """Return a part's first column and its columns (n, height); None when it covers no pixel."""
    outer = _changes(rings[0], width, height) if rings else np.empty(0, np.int64)
    if not len(outer):
        return None
    x0, x1 = int(outer[0]) // height, (int(outer[-1]) - 1) // height + 1
    filled = columns_array(outer, height, x0, x1)
    for hole in rings[1:]:
        changes = _changes(hole, width, height)
        if len(changes):
            h0, h1 = int(changes[0]) // height, (int(changes[-1]) - 1) // height + 1
            a, b = max(h0, x0), min(h1, x1)
            filled[a - x0 : b - x0] &= ~columns_array(changes, height, h0, h1)[a - h0 : b - h0]
    return x0, filled


def _changes(ring: NDArray[np.float64], width: int, height: int) -> NDArray[np.int64]:
    """Return the positions `x * height + y` at which the ring's pixels turn on, off, on …, ascending."""
    if len(ring) == 0 or width <= 0 or height <= 0 or not np.isfinite(ring).all():
        return np.empty(0, np.int64)
    u, v = _walk(ring, width, height)
    crossed = np.flatnonzero(u[1:] != u[:-1])
    before_u, after_u, before_v, after_v = u[crossed], u[crossed + 1], v[crossed], v[crossed + 1]
    column = np.where(after_u < before_u, after_u, after_u - 1)
    on_pixel = (column % 5 == 2) & (column >= 0) & (column <= 5 * (width - 1) + 2)  # (column + .5) / 5 - .5 is whole
    y = (np.minimum(before_v, after_v)[on_pixel] + 0.5) / _SCALE - 0.5
    row = np.ceil(np.clip(y, 0, height)).astype(np.int64)
    positions, times = np.unique((column[on_pixel] // 5) * height + row, return_counts=True)
    kept: NDArray[np.int64] = positions[times % 2 == 1]
    return kept


def _walk(ring: NDArray[np.float64], width: int, height: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the grid points (u, v) along the closed outline, every edge with both of its ends."""
    limit = min(_FAR, 64.0 * (width + height))
    fine = np.trunc(_SCALE * np.clip(ring, -limit, limit) + 0.5)
    start, end = fine, np.roll(fine, -1, axis=0)
    delta = np.abs(end - start)
    wide = delta[:, 0] >= delta[:, 1]
    main = np.where(wide, 0, 1)
    rows = np.arange(len(fine))
    flip = start[rows, main] > end[rows, main]
    low, high = np.where(flip[:, None], end, start), np.where(flip[:, None], start, end)
    steps = delta[rows, main]
    slope = (high[rows, 1 - main] - low[rows, 1 - main]) / np.maximum(steps, 1)
    counts = steps.astype(np.int64) + 1
    edge = np.repeat(rows, counts)
    at = np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts)
    at = np.where(flip[edge], counts[edge] - 1 - at, at)
    along = low[rows, main][edge] + at
    across = np.trunc(low[rows, 1 - main][edge] + slope[edge] * at + 0.5)
    u, v = np.where(wide[edge], along, across), np.where(wide[edge], across, along)
    return u.astype(np.int64), v.astype(np.int64)


def bitmask_to_polygon(bitmask: Bitmask) -> Polygon:
    """Return the outline along the pixels' edges: parts with holes, integer corners only, exact when filled again.

    Pixels that touch at a corner belong to one part, so that a ring may touch itself there. The contour of the mask
    enlarged twice runs half a pixel beside the edges; rounding moves it onto them.
    """
    import cv2

    double = np.repeat(np.repeat(array_of(bitmask).astype(np.uint8), 2, axis=0), 2, axis=1)
    if not double.any():
        return Polygon(())
    contours, hierarchy = cv2.findContours(double, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    parents = np.asarray(hierarchy).reshape(-1, 4)[:, 3].tolist()
    parts: dict[int, list[NDArray[np.float64]]] = {i: [] for i, parent in enumerate(parents) if parent < 0}
    for i, (contour, parent) in enumerate(zip(contours, parents, strict=True)):
        ring = _corners(np.asarray(contour)) + np.array([bitmask.left, bitmask.top])
        if parent < 0:
            parts[i].insert(0, ring)
        else:
            parts[parent].append(ring)
    return Polygon(tuple(tuple(rings) for rings in parts.values()))


def _corners(contour: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the points of a contour of the doubled mask at which it turns, on the pixels' edges."""
    points = (contour.reshape(-1, 2) + 1) >> 1
    points = points[(points != np.roll(points, 1, axis=0)).any(axis=1)]
    step = points - np.roll(points, 1, axis=0)
    turns = (step != np.roll(step, -1, axis=0)).any(axis=1)
    corners: NDArray[np.float64] = points[turns].astype(np.float64)
    return corners
