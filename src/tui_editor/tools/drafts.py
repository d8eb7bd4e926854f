"""What a drawing makes of the points that were set: the shape so far, and the shape at the end."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tui_editor.errors import Refused
from tui_editor.model.shapes import (
    Box,
    Keypoint,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    ShapeKind,
    Skeleton,
    bounds,
    ring,
    skeleton,
)
from tui_editor.tools.boxes import Point, box_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.model.ontology import SkeletonTemplate

POINTS = {ShapeKind.BOX: 2, ShapeKind.ROTATED_BOX: 3, ShapeKind.KEYPOINT: 1, ShapeKind.SKELETON: 2}
"""Points that end a drawing by themselves; polygons and polylines go on until they are ended."""
LEAST = {ShapeKind.POLYGON: 3, ShapeKind.POLYLINE: 2}
_FLAT = 1e-9


def draft(kind: ShapeKind, points: Sequence[Point], template: SkeletonTemplate | None = None) -> Shape | None:
    """Return what the points make, the crosshair's included; None while they make nothing that can be shown.

    A box and a skeleton lie between two corners. A rotated box has its first side between two points, and the third one
    tells how far the opposite side is.
    """
    if not points:
        return None
    match kind:
        case ShapeKind.KEYPOINT:
            return Keypoint(*points[-1])
        case ShapeKind.BOX:
            return box_between(points[0], points[1]) if len(points) > 1 else None
        case ShapeKind.SKELETON:
            return _placed(points, template)
        case ShapeKind.ROTATED_BOX if len(points) > 2:
            return rotated_box(points[0], points[1], points[2])
        case ShapeKind.POLYGON if len(points) > 2:
            return Polygon(((ring(points),),))
        case _:
            return Polyline(ring(points)) if len(points) > 1 else None


def _placed(points: Sequence[Point], template: SkeletonTemplate | None) -> Skeleton | None:
    if template is None or not template.points or len(points) < 2:
        return None
    return fit_template(template, box_between(points[0], points[1]))


def fit_template(template: SkeletonTemplate, box: Box) -> Skeleton:
    """Return a template's skeleton scaled so that its points just fill a box, all of them visible."""
    xy = np.array([(p.x, p.y) for p in template.points], np.float64)
    low, span = xy.min(axis=0), np.ptp(xy, axis=0)
    share = np.where(span > 0, (xy - low) / np.where(span > 0, span, 1), 0.5)
    return skeleton(share * (box.width, box.height) + (box.x, box.y))


def rotated_box(start: Point, end: Point, across: Point) -> RotatedBox:
    """Return the rotated box with one side from `start` to `end` whose opposite side goes through `across`."""
    side = np.subtract(end, start)
    width = float(np.hypot(*side))
    theta = math.atan2(side[1], side[0])
    normal = np.array([-math.sin(theta), math.cos(theta)])
    height = float(np.subtract(across, start) @ normal)
    middle = (np.add(start, end) + normal * height) / 2
    x, y = (middle - (width / 2, abs(height) / 2)).tolist()
    return RotatedBox(x, y, width, abs(height), math.degrees(theta))


def finished(shape: Shape | None, kind: ShapeKind, size: tuple[float, float]) -> Shape:
    """Return a drawn shape that can be kept; a box is cut to the image of `size` (width, height).

    Raises:
        Refused: it has no extent, or lies outside of the image.
    """
    if shape is None or (isinstance(shape, Polyline) and kind is not ShapeKind.POLYLINE):
        raise Refused(f"{LEAST.get(kind, POINTS.get(kind, 0))} points are needed", hint="set more points first")
    check_inside(shape, size)
    if isinstance(shape, Box):
        shape = box_between((shape.x, shape.y), (shape.x + shape.width, shape.y + shape.height), size)
    if _has_no_extent(shape):
        raise Refused("the points are on one line or in one place", hint="move the crosshair away from them")
    return shape


def _has_no_extent(shape: Shape) -> bool:
    match shape:
        case Box(_, _, width, height) | RotatedBox(_, _, width, height):
            return width <= _FLAT or height <= _FLAT
        case Polygon(parts):
            xy = parts[0][0] - parts[0][0][0]
            following = np.roll(xy, -1, axis=0)
            return bool(np.abs(xy[:, 0] * following[:, 1] - xy[:, 1] * following[:, 0]).max() <= _FLAT)
        case Polyline(points) | Skeleton(points):
            return len(points) > 1 and bool((np.ptp(points, axis=0) <= _FLAT).all())
        case _:
            return False


def check_inside(shape: Shape, size: tuple[float, float]) -> None:
    """Refuse a shape that lies wholly outside of an image of `size` (width, height).

    Raises:
        Refused: it does.
    """
    if lies_outside(shape, size):
        width, height = size
        raise Refused(f"that is outside of the frame of {width:g} × {height:g} pixels")


def lies_outside(shape: Shape, size: tuple[float, float]) -> bool:
    """Return whether nothing of a shape's bounds touches an image of `size` (width, height)."""
    box = bounds(shape)
    return box is not None and (box[2] < 0 or box[3] < 0 or box[0] > size[0] or box[1] > size[1])
