"""How much two shapes of one kind have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.model import masks
from tui_editor.model.geometry import box_iou, intersection, make_valid, polygon_area
from tui_editor.model.mask_sets import common
from tui_editor.model.shapes import Bitmask, Box, Polygon, RotatedBox, rotated_corners

if TYPE_CHECKING:
    from tui_editor.model.shapes import Shape


def iou(a: Shape, b: Shape) -> float | None:
    """Return intersection over union, 0..1; None where a shape has no area by its kind or the kinds don't compare."""
    if isinstance(a, Box) and isinstance(b, Box):
        first, second = (np.array([[s.x, s.y, s.width, s.height]], np.float64) for s in (a, b))
        return float(box_iou(first, second)[0, 0])
    if isinstance(a, Bitmask) and isinstance(b, Bitmask):
        shared = masks.area(common(a, b))
        return _share(shared, masks.area(a) + masks.area(b) - shared)
    outlines = _outline(a), _outline(b)
    if outlines[0] is None or outlines[1] is None:
        return None
    first_area, second_area = polygon_area(outlines[0]), polygon_area(outlines[1])
    shared_area = polygon_area(intersection(outlines[0], outlines[1]))
    return _share(shared_area, first_area + second_area - shared_area)


def _share(part: float, whole: float) -> float:
    return min(part / whole, 1.0) if whole > 0 else 0.0


def _outline(shape: Shape) -> Polygon | None:
    match shape:
        case Polygon():
            return make_valid(shape)
        case RotatedBox():
            return Polygon(((rotated_corners(shape),),))
        case Box(x, y, w, h):
            return Polygon(((np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], np.float64),),))
        case _:
            return None
