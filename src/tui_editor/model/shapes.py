"""One label's geometry as a value. Coordinates are pixels of the displayed frame."""

from __future__ import annotations

import math
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.errors import InvalidShape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


class ShapeKind(StrEnum):
    """The kinds of geometry. The values are the names that ontologies use."""

    BOX = "bounding_box"
    ROTATED_BOX = "rotatable_bounding_box"
    POLYGON = "polygon"
    POLYLINE = "polyline"
    KEYPOINT = "point"
    BITMASK = "bitmask"
    SKELETON = "skeleton"
    PRESENCE = "presence"
    """No geometry: a classification that holds on the frame."""
    VERBATIM = "verbatim"
    """A shape without an editor (circle, ellipse, 2D cuboid): kept as the source wrote it."""


class Visibility(IntEnum):
    """How a skeleton's point can be seen."""

    INVISIBLE = 0
    VISIBLE = 1
    OCCLUDED = 2
    SELF_OCCLUDED = 3


class Box(Struct, frozen=True):
    """An upright rectangle by its top-left corner and size in pixels."""

    x: float
    y: float
    width: float
    height: float


class RotatedBox(Struct, frozen=True):
    """A rectangle turned about its centre; x, y, width and height are those of the unturned one, in pixels."""

    x: float
    y: float
    width: float
    height: float
    theta_deg: float
    """Degrees, clockwise on the screen."""


class Polygon(Struct, frozen=True, eq=False):
    """One or more parts, each an outer ring and its holes; rings are float64 (n, 2), not closed by a repeated point."""

    parts: tuple[tuple[NDArray[np.float64], ...], ...]


class Polyline(Struct, frozen=True, eq=False):
    """An open line of points, float64 (n, 2)."""

    points: NDArray[np.float64]


class Keypoint(Struct, frozen=True):
    """A single point in pixels."""

    x: float
    y: float


class Bitmask(Struct, frozen=True, eq=False):
    """Set pixels as run lengths of a rectangle, row by row, beginning with a run of unset ones."""

    left: int
    top: int
    width: int
    height: int
    runs: NDArray[np.uint32]
    """Their sum is width × height; the first may be 0."""


class Skeleton(Struct, frozen=True, eq=False):
    """Points of a template in its order: float64 (k, 2), and a `Visibility` for each, uint8 (k,)."""

    points: NDArray[np.float64]
    visibility: NDArray[np.uint8]


class Presence(Struct, frozen=True):
    """A classification holds on the frame; there is nothing to draw."""


class Verbatim(Struct, frozen=True):
    """A foreign shape: the source's own JSON, as UTF-8 bytes."""

    raw: bytes = b"{}"


Shape = Box | RotatedBox | Polygon | Polyline | Keypoint | Bitmask | Skeleton | Presence | Verbatim

KIND_OF: dict[type, ShapeKind] = {
    Box: ShapeKind.BOX,
    RotatedBox: ShapeKind.ROTATED_BOX,
    Polygon: ShapeKind.POLYGON,
    Polyline: ShapeKind.POLYLINE,
    Keypoint: ShapeKind.KEYPOINT,
    Bitmask: ShapeKind.BITMASK,
    Skeleton: ShapeKind.SKELETON,
    Presence: ShapeKind.PRESENCE,
    Verbatim: ShapeKind.VERBATIM,
}


def kind_of(shape: Shape) -> ShapeKind:
    """Return the kind of a shape value."""
    return KIND_OF[type(shape)]


def ring(points: ArrayLike) -> NDArray[np.float64]:
    """Return `points` as a float64 (n, 2) array; flat x, y, x, y… is accepted."""
    return np.asarray(points, np.float64).reshape(-1, 2)


def polygon(*rings: ArrayLike) -> Polygon:
    """Return a polygon of one part: an outer ring and its holes."""
    return Polygon((tuple(ring(r) for r in rings),))


def polyline(points: ArrayLike) -> Polyline:
    """Return a polyline through `points`."""
    return Polyline(ring(points))


def skeleton(points: ArrayLike, visibility: Sequence[int] | None = None) -> Skeleton:
    """Return a skeleton; every point visible when `visibility` is absent."""
    xy = ring(points)
    seen = np.full(len(xy), Visibility.VISIBLE, np.uint8) if visibility is None else np.asarray(visibility, np.uint8)
    return Skeleton(xy, seen)


def check_shape(shape: Shape) -> None:
    """Refuse a shape that no tool of ours may make.

    Imported labels are not checked here: what a file holds is kept and reported by `tui-editor check`.

    Raises:
        InvalidShape: a number is not finite, a size is negative, a ring has fewer than 3 points, a line fewer than 2.
    """
    if isinstance(shape, RotatedBox) and not math.isfinite(shape.theta_deg):
        raise InvalidShape("a rotated box has an angle that is not a finite number")
    for numbers in coordinates(shape):
        if not np.isfinite(numbers).all():
            raise InvalidShape(f"a {kind_of(shape)} has a coordinate that is not a finite number")
    problem = _too_small(shape)
    if problem:
        raise InvalidShape(problem)


def _too_small(shape: Shape) -> str:
    match shape:
        case Box() | RotatedBox() | Bitmask():
            return "" if shape.width >= 0 and shape.height >= 0 else "its width or height is negative"
        case Polygon():
            short = any(len(r) < 3 for part in shape.parts for r in part)
            return "a polygon's ring needs three points" if short or not shape.parts else ""
        case Polyline():
            return "" if len(shape.points) >= 2 else "a polyline needs two points"
        case _:
            return ""


def coordinates(shape: Shape) -> tuple[NDArray[np.float64], ...]:
    """Return the arrays (n, 2) of a shape's points in pixels; none for presence and verbatim."""
    match shape:
        case Box(x, y, w, h):
            return (np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]]),)
        case RotatedBox():
            return (rotated_corners(shape),)
        case Polygon(parts):
            return tuple(r for part in parts for r in part)
        case Polyline(points) | Skeleton(points):
            return (points,)
        case Keypoint(x, y):
            return (np.array([[x, y]]),)
        case Bitmask():
            return coordinates(Box(shape.left, shape.top, shape.width, shape.height))
        case Presence() | Verbatim():
            return ()


def rotated_corners(shape: RotatedBox) -> NDArray[np.float64]:
    """Return the four corners (4, 2) of a turned box, beginning with the one that was top left."""
    theta = np.deg2rad(shape.theta_deg)
    half = np.array([shape.width, shape.height]) / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    turn = np.array([[np.cos(theta), np.sin(theta)], [-np.sin(theta), np.cos(theta)]])
    centre = np.array([shape.x, shape.y]) + half
    return np.asarray(corners @ turn + centre, np.float64)


def bounds(shape: Shape) -> tuple[float, float, float, float] | None:
    """Return (x0, y0, x1, y1) around a shape in pixels; None where there is no geometry.

    A skeleton's invisible points don't count unless all are invisible.
    """
    arrays = coordinates(shape)
    if isinstance(shape, Skeleton):
        seen = shape.points[shape.visibility != Visibility.INVISIBLE]
        arrays = (seen if len(seen) else shape.points,)
    arrays = tuple(a for a in arrays if len(a))
    if not arrays:
        return None
    low = np.min([a.min(axis=0) for a in arrays], axis=0)
    high = np.max([a.max(axis=0) for a in arrays], axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def translated(shape: Shape, dx: float, dy: float) -> Shape:
    """Return the shape moved by (dx, dy) pixels; a bitmask moves by whole pixels."""
    step = np.array([dx, dy])
    match shape:
        case Box(x, y, w, h):
            return Box(x + dx, y + dy, w, h)
        case RotatedBox(x, y, w, h, theta):
            return RotatedBox(x + dx, y + dy, w, h, theta)
        case Polygon(parts):
            return Polygon(tuple(tuple(r + step for r in part) for part in parts))
        case Polyline(points):
            return Polyline(points + step)
        case Keypoint(x, y):
            return Keypoint(x + dx, y + dy)
        case Skeleton(points, visibility):
            return Skeleton(points + step, visibility)
        case Bitmask(left, top, width, height, runs):
            return Bitmask(left + round(dx), top + round(dy), width, height, runs)
        case Presence() | Verbatim():
            return shape


def same_shape(a: Shape, b: Shape) -> bool:
    """Return whether two shapes are of one kind with equal numbers."""
    if type(a) is not type(b):
        return False
    if isinstance(a, Polygon) and isinstance(b, Polygon):
        return [len(p) for p in a.parts] == [len(p) for p in b.parts] and _same_arrays(coordinates(a), coordinates(b))
    if isinstance(a, Polyline) and isinstance(b, Polyline):
        return np.array_equal(a.points, b.points)
    if isinstance(a, Skeleton) and isinstance(b, Skeleton):
        return np.array_equal(a.points, b.points) and np.array_equal(a.visibility, b.visibility)
    if isinstance(a, Bitmask) and isinstance(b, Bitmask):
        rects = (a.left, a.top, a.width, a.height) == (b.left, b.top, b.width, b.height)
        return rects and np.array_equal(a.runs, b.runs)
    return a == b


def _same_arrays(a: Sequence[NDArray[np.float64]], b: Sequence[NDArray[np.float64]]) -> bool:
    return len(a) == len(b) and all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))
