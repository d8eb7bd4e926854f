"""The insides of shapes: collected on one layer of premultiplied RGBA, then laid over the surface at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.render.rects import EMPTY, Rect
from tui_editor.render.strokes import fixed_paths, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tui_editor.render.marks import MaskMark
    from tui_editor.render.strokes import Ink, Points, Surface
    from tui_editor.render.viewport import Viewport

_SHIFT = 4
_NOWHERE = np.zeros((0, 2))


def translucent(ink: Ink, alpha: float) -> Ink:
    """Return the ink weighted by an opacity of 0..1."""
    red, green, blue, opacity = (round(value * alpha) for value in ink)
    return red, green, blue, opacity


def fill_boxes(layer: Surface, corners: Points, ink: Ink) -> Rect:
    """Fill upright boxes (n, 4) x0, y0, x1, y1 in screen pixels, rounded to whole pixels."""
    height, width = layer.shape[:2]
    limits = np.array([width, height, width, height])
    inside = np.rint(corners.clip(0, limits)).astype(np.int64)
    inside = inside[(inside[:, 0] < inside[:, 2]) & (inside[:, 1] < inside[:, 3])]
    if not len(inside):
        return EMPTY
    pixels = layer.view(np.uint32)[:, :, 0]
    value = np.array(ink, np.uint8).view(np.uint32)[0]
    for x0, y0, x1, y1 in inside.tolist():
        pixels[y0:y1, x0:x1] = value
    low, high = inside.min(axis=0), inside.max(axis=0)
    return Rect(int(low[0]), int(low[1]), int(high[2]), int(high[3]))


def fill_polygons(layer: Surface, polygons: Sequence[Sequence[Points]], ink: Ink) -> Rect:
    """Fill the space between the outer ring and the holes of each polygon, in screen pixels."""
    import cv2

    seen, touched = visible([rings[0] if rings else _NOWHERE for rings in polygons], layer, 1)
    here = {id(outer) for outer in seen}
    shown = [[ring for ring in rings if len(ring)] for rings in polygons if rings and id(rings[0]) in here]
    every = iter(fixed_paths([ring for rings in shown for ring in rings]) if shown else ())
    for rings in shown:
        cv2.fillPoly(layer, [next(every) for _ in rings], ink, cv2.LINE_8, _SHIFT)
    return touched


def mask_on_screen(mask: MaskMark, viewport: Viewport) -> tuple[NDArray[np.bool_], Rect]:
    """Return which screen pixels a mask sets, bool, and the rectangle of the canvas in which they lie."""
    rows, columns = mask.bits.shape
    corners = viewport.to_screen([(mask.left, mask.top), (mask.left + columns, mask.top + rows)])
    (x0, y0), (x1, y1) = np.rint(corners.clip(-1, 1 << 20)).astype(int).tolist()
    where = Rect(x0, y0, x1, y1).clipped(*viewport.canvas_size)
    if where.empty or not mask.bits.size:
        return np.zeros((0, 0), np.bool_), EMPTY
    sx, sy = viewport.scale_xy
    left, top = viewport.offset
    x = np.floor((np.arange(where.x0, where.x1) + 0.5 - left) / sx).astype(np.intp) - mask.left
    y = np.floor((np.arange(where.y0, where.y1) + 0.5 - top) / sy).astype(np.intp) - mask.top
    return mask.bits[np.ix_(y.clip(0, rows - 1), x.clip(0, columns - 1))], where


def lay_over(surface: Surface, layer: Surface, part: Rect) -> None:
    """Put a layer over a surface (Porter and Duff's "over", premultiplied) inside a rectangle."""
    import cv2

    if part.empty:
        return
    above, below = part.of(layer), part.of(surface)
    hidden = cv2.merge([cv2.bitwise_not(np.ascontiguousarray(above[:, :, 3]))] * 4)
    cv2.add(above, cv2.multiply(below, hidden, scale=1 / 255), dst=below)
