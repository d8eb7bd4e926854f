"""A label's shape as a whole: larger, turned, mirrored; what of a skeleton can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from tui_editor.errors import Refused
from tui_editor.model.shapes import (
    Box,
    Polygon,
    Polyline,
    RotatedBox,
    Shape,
    Skeleton,
    Visibility,
    bounds,
    kind_of,
)
from tui_editor.tools.drafts import fit_template

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tui_editor.model.ontology import SkeletonTemplate

    Points = NDArray[np.float64]


def grown(shape: Shape, by_px: float) -> Shape:
    """Return the shape whose bounds moved outwards on every side, inwards when negative; its middle stays.

    Raises:
        Refused: it is a point, a mask, or without geometry.
    """
    match shape:
        case Box(x, y, w, h) | RotatedBox(x, y, w, h):
            by_x, by_y = max(by_px, -w / 2), max(by_px, -h / 2)
            return replace(shape, x=x - by_x, y=y - by_y, width=w + 2 * by_x, height=h + 2 * by_y)
        case Polygon() | Polyline() | Skeleton():
            low, high = _corners(shape)
            span = high - low
            factor = np.where(span > 0, np.maximum(span + 2 * by_px, 0) / np.where(span > 0, span, 1), 1.0)
            if not factor.all():
                raise Refused("it can't become smaller than it is thick")
            middle = (low + high) / 2
            return _moved(shape, lambda points: (points - middle) * factor + middle)
        case _:
            raise Refused(f"a {_name(shape)} neither grows nor shrinks")


def turned(shape: Shape, by_deg: float) -> Shape:
    """Return the shape turned clockwise on the screen about its middle.

    Raises:
        Refused: it is upright by its nature, a point, or without geometry.
    """
    match shape:
        case RotatedBox():
            return replace(shape, theta_deg=_half_turn(shape.theta_deg + by_deg))
        case Polygon() | Polyline() | Skeleton():
            low, high = _corners(shape)
            angle, middle = np.deg2rad(by_deg), (low + high) / 2
            turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
            return _moved(shape, lambda points: (points - middle) @ turn + middle)
        case _:
            raise Refused(f"a {_name(shape)} can't be turned")


def _half_turn(degrees: float) -> float:
    """Return the same angle in -180..180, exclusive of -180."""
    return 180.0 - (180.0 - degrees) % 360.0


def mirrored(shape: Shape) -> Shape:
    """Return the shape with left and right exchanged about its middle.

    Raises:
        Refused: it is a box, a point or a mask, or without geometry.
    """
    match shape:
        case Polygon() | Polyline() | Skeleton():
            low, high = _corners(shape)
            return _moved(shape, lambda points: points * (-1, 1) + (low[0] + high[0], 0))
        case RotatedBox():
            return replace(shape, theta_deg=-shape.theta_deg)
        case _:
            raise Refused(f"a {_name(shape)} has nothing to mirror")


def _corners(shape: Shape) -> tuple[Points, Points]:
    box = bounds(shape)
    assert box is not None, "shapes with points have bounds"
    return np.array(box[:2]), np.array(box[2:])


def _moved(shape: Polygon | Polyline | Skeleton, move: Callable[[Points], Points]) -> Shape:
    match shape:
        case Polygon(parts):
            return Polygon(tuple(tuple(move(ring) for ring in part) for part in parts))
        case Polyline(points):
            return Polyline(move(points))
        case Skeleton(points, visibility):
            return Skeleton(move(points), visibility)


def _name(shape: Shape) -> str:
    return kind_of(shape).name.lower().replace("_", " ")


# --- skeletons ---------------------------------------------------------------------------------------


def with_visibility(shape: Skeleton, row: int, seen: Visibility) -> Skeleton:
    """Return the skeleton with one of its points seen otherwise."""
    visibility = shape.visibility.copy()
    visibility[row] = seen
    return Skeleton(shape.points, visibility)


def completed(shape: Skeleton, template: SkeletonTemplate) -> Skeleton:
    """Return the skeleton with all points of its template; those that it lacks are invisible, where the template fits.

    Points that the template lacks stay.
    """
    have, wanted = len(shape.points), len(template.points)
    if have >= wanted:
        return shape
    box = bounds(shape) or (0.0, 0.0, 0.0, 0.0)
    placed = fit_template(template, Box(box[0], box[1], box[2] - box[0], box[3] - box[1]))
    hidden = np.full(wanted - have, Visibility.INVISIBLE, np.uint8)
    return Skeleton(np.vstack([shape.points, placed.points[have:]]), np.concatenate([shape.visibility, hidden]))
