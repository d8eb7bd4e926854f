"""How much two shapes cover each other, whatever they are: for the few pairs whose extents do."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tui_editor.errors import TuiEditorError
from tui_editor.model.geometry import area, intersection
from tui_editor.model.masks import area as mask_area
from tui_editor.model.masks import array_of
from tui_editor.model.shapes import Bitmask, Box, Polygon, RotatedBox, Shape, ShapeKind, polygon, rotated_corners

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.checks.pairs import Pairs
    from tui_editor.model.sheet import Sheet


def overlap(a: Shape, b: Shape) -> tuple[float, float]:
    """Return intersection over union, and the share of the smaller one that the larger covers; NaN where unknown."""
    if isinstance(a, Bitmask) and isinstance(b, Bitmask):
        both, mine, theirs = float(_mask_overlap(a, b)), float(mask_area(a)), float(mask_area(b))
    else:
        one, other = _as_polygon(a), _as_polygon(b)
        if one is None or other is None:
            return math.nan, math.nan
        try:
            both = area(intersection(one, other))
        except TuiEditorError:
            return math.nan, math.nan
        mine, theirs = area(one), area(other)
    least, union = min(mine, theirs), mine + theirs - both
    return (both / union if union > 0 else math.nan), (both / least if least > 0 else math.nan)


def _as_polygon(shape: Shape) -> Polygon | None:
    match shape:
        case Polygon():
            return shape
        case RotatedBox():
            return polygon(rotated_corners(shape))
        case Box(x, y, w, h):
            return polygon([x, y, x + w, y, x + w, y + h, x, y + h])
        case _:
            return None


def _mask_overlap(a: Bitmask, b: Bitmask) -> int:
    left, top = max(a.left, b.left), max(a.top, b.top)
    right, bottom = min(a.left + a.width, b.left + b.width), min(a.top + a.height, b.top + b.height)
    if right <= left or bottom <= top:
        return 0
    mine = array_of(a)[top - a.top : bottom - a.top, left - a.left : right - a.left]
    theirs = array_of(b)[top - b.top : bottom - b.top, left - b.left : right - b.left]
    return int(np.logical_and(mine, theirs).sum())


def exact(sheet: Sheet, pairs: Pairs) -> Pairs:
    """Return pairs with the overlap of the shapes themselves where they are more than upright boxes."""
    where = _geometry_of(sheet)
    iou, inside = pairs.iou.copy(), pairs.inside.copy()
    for n, (a, b) in enumerate(zip(pairs.a.tolist(), pairs.b.tolist(), strict=True)):
        if where.kind(a) is not ShapeKind.BOX or where.kind(b) is not ShapeKind.BOX:
            iou[n], inside[n] = overlap(where.shape(a), where.shape(b))
    return pairs._replace(iou=iou, inside=inside)


class ShapesOf:
    """Finds the shape of a row of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._part = np.zeros(len(sheet), np.int32)
        self._at = np.zeros(len(sheet), np.int64)
        for number, part in enumerate(sheet.parts):
            self._part[part.rows] = number
            self._at[part.rows] = np.arange(len(part.rows))

    def kind(self, row: int) -> ShapeKind:
        """Return the kind of a row's shape."""
        kind: ShapeKind = self._sheet.parts[int(self._part[row])].geometry.kind
        return kind

    def shape(self, row: int) -> Shape:
        """Return a row's shape."""
        shape: Shape = self._sheet.parts[int(self._part[row])].geometry.shape(int(self._at[row]))
        return shape

    def same(self, a: NDArray[np.intp], b: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Return which pairs of rows have equal shapes."""
        from tui_editor.model.shapes import same_shape

        return np.array([same_shape(self.shape(x), self.shape(y)) for x, y in zip(a, b, strict=True)], bool)


def _geometry_of(sheet: Sheet) -> ShapesOf:
    return ShapesOf(sheet)
