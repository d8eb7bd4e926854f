"""The insides of shapes: numbers of inks on a layer, the last one counts, laid over the surface at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.render.rects import EMPTY, Rect, overlap
from tui_editor.render.strokes import packed
from tui_editor.render.turning import turned_bits, upright_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tui_editor.render.marks import MaskMark
    from tui_editor.render.strokes import Ink, Paths, Points, Surface
    from tui_editor.render.viewport import Viewport

    Layer = NDArray[np.integer[Any]]
    """(h, w): 0 where nothing lies, else the number of an ink, from 1."""

BAND = 32
"""Rows that are worked on at once: what is needed for them stays in the processor's cache."""

_SHIFT = 4


def translucent(ink: Ink, alpha: float) -> Ink:
    """Return the ink weighted by an opacity of 0..1."""
    red, green, blue, opacity = (round(value * alpha) for value in ink)
    return red, green, blue, opacity


def empty_layer(shape: tuple[int, int], inks: int) -> Layer:
    """Return a layer (h, w) for so many inks; the fewer, the quicker it is drawn on."""
    kind: type[np.integer[Any]] = np.uint8 if inks < 1 << 8 else np.uint16 if inks < 1 << 16 else np.int32
    return np.zeros(shape, kind)


def fill_boxes(layer: Layer, corners: Points, number: int) -> None:
    """Fill upright boxes (n, 4) x0, y0, x1, y1 in screen pixels, rounded to whole pixels."""
    height, width = layer.shape
    inside = np.rint(corners.clip(0, (width, height, width, height))).astype(np.intp)
    for x0, y0, x1, y1 in inside.tolist():
        layer[y0:y1, x0:x1] = number


def fill_polygons(layer: Layer, rings: Paths, ring_counts: Sequence[int], number: int) -> None:
    """Fill the space between the outer ring and the holes of each polygon, whose rings follow on each other."""
    import cv2

    at, fixed = 0, rings.fixed
    for count in ring_counts:
        cv2.fillPoly(layer, fixed[at : at + count], (number,), cv2.LINE_8, _SHIFT)
        at += count


def mask_on_screen(mask: MaskMark, viewport: Viewport, within: Rect) -> tuple[NDArray[np.bool_], Rect]:
    """Return which pixels within a rectangle of the canvas a mask sets, bool, and the rectangle in which they lie."""
    if viewport.upright:
        return _upright_mask(mask, viewport, within)
    around = upright_of(viewport)
    shown, where = _upright_mask(mask, around, Rect(0, 0, *around.canvas_size))
    if where.empty:
        return shown, where
    shown, where = turned_bits(shown, where, viewport)
    part = overlap(where, within)
    return (part.moved(-where.x0, -where.y0).of(shown), part) if not part.empty else (np.zeros((0, 0), np.bool_), EMPTY)


def _upright_mask(mask: MaskMark, viewport: Viewport, within: Rect) -> tuple[NDArray[np.bool_], Rect]:
    rows, columns = mask.bits.shape
    corners = viewport.to_screen([(mask.left, mask.top), (mask.left + columns, mask.top + rows)])
    (x0, y0), (x1, y1) = np.rint(corners.clip(-1, 1 << 20)).astype(int).tolist()
    where = overlap(Rect(x0, y0, x1, y1).clipped(*viewport.canvas_size), within)
    if where.empty or not mask.bits.size:
        return np.zeros((0, 0), np.bool_), EMPTY
    sx, sy = viewport.scale_xy
    left, top = viewport.offset
    x = np.floor((np.arange(where.x0, where.x1) + 0.5 - left) / sx).astype(np.intp) - mask.left
    y = np.floor((np.arange(where.y0, where.y1) + 0.5 - top) / sy).astype(np.intp) - mask.top
    return mask.bits[np.ix_(y.clip(0, rows - 1), x.clip(0, columns - 1))], where


def lay_over(surface: Surface, layer: Layer, inks: Sequence[Ink], part: Rect) -> None:
    """Put a layer over a surface inside a rectangle."""
    table = packed([(0, 0, 0, 0), *inks])
    for band in part.bands(BAND) if part.width > 0 else ():
        above = table[band.of(layer)].view(np.uint8).reshape(band.height, band.width, 4)
        _over(above, band.of(surface))


def put_over(surface: Surface, picture: Surface, x: int, y: int) -> None:
    """Put a picture over a surface, its top-left corner at a pixel; what sticks out is cut off."""
    whole = Rect(x, y, x + picture.shape[1], y + picture.shape[0])
    where = whole.clipped(surface.shape[1], surface.shape[0])
    if not where.empty:
        inside = picture[where.y0 - y : where.y1 - y, where.x0 - x : where.x1 - x]
        _over(inside, where.of(surface))


def _over(above: Surface, below: Surface) -> None:
    """Change what is below (Porter and Duff's "over", premultiplied)."""
    import cv2

    hidden = cv2.merge([cv2.bitwise_not(cv2.extractChannel(above, 3))] * 4)
    cv2.add(above, cv2.multiply(below, hidden, scale=1 / 255), dst=below)
