"""The points by which a shape is taken and reshaped."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tui_editor.model.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    Presence,
    RotatedBox,
    Shape,
    Skeleton,
    Verbatim,
    Visibility,
    bounds,
    rotated_corners,
    translated,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


class HandleKind(StrEnum):
    """What moving a handle does."""

    CORNER = "corner"
    EDGE = "edge"
    VERTEX = "vertex"
    ROTATION = "rotation"
    """Turns a rotated box about its middle."""
    BODY = "body"
    """Moves the whole shape."""


class Handle(Struct, frozen=True, kw_only=True):
    """A handle at a place in image pixels."""

    kind: HandleKind
    name: str
    x: float
    y: float
    sides: tuple[int, int] = (0, 0)
    """Of boxes: -1 left / top, 1 right / bottom, 0 neither."""
    vertex: tuple[int, int, int] = (0, 0, 0)
    """Of polygons: part, ring, vertex; of lines and skeletons the last number alone counts."""


_ROTATION_PART, _ROTATION_PX = 0.2, 8.0
"""How far the handle of rotation lies beyond its side: a part of the box's height, at least some image pixels."""
_BOX = (
    ("top left", -1, -1),
    ("top", 0, -1),
    ("top right", 1, -1),
    ("right", 1, 0),
    ("bottom right", 1, 1),
    ("bottom", 0, 1),
    ("bottom left", -1, 1),
    ("left", -1, 0),
)


def handles_of(shape: Shape) -> tuple[Handle, ...]:
    """Return a shape's handles in the order in which Tab goes through them; the last one moves the whole."""
    box = bounds(shape)
    if box is None:
        return ()
    center = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    if isinstance(shape, RotatedBox):
        center = (shape.x + shape.width / 2, shape.y + shape.height / 2)
    body = Handle(kind=HandleKind.BODY, name="whole shape", x=center[0], y=center[1])
    return (*_own_handles(shape), body)


def _own_handles(shape: Shape) -> tuple[Handle, ...]:
    match shape:
        case Box(x, y, w, h):
            corners = np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]])
            return _box_handles(corners)
        case RotatedBox():
            corners = rotated_corners(shape)
            return (*_box_handles(corners), _rotation_handle(corners))
        case Polygon(parts):
            return tuple(
                _vertex(point, (p, r, v))
                for p, part in enumerate(parts)
                for r, ring in enumerate(part)
                for v, point in enumerate(ring)
            )
        case Polyline(points) | Skeleton(points):
            return tuple(_vertex(point, (0, 0, v)) for v, point in enumerate(points))
        case Keypoint() | Bitmask() | Presence() | Verbatim():
            return ()


def _box_handles(corners: NDArray[np.float64]) -> tuple[Handle, ...]:
    """Return the eight handles of a box whose corners run clockwise from the top left."""
    across, down = (corners[1] - corners[0]) / 2, (corners[3] - corners[0]) / 2
    center = corners.mean(axis=0)
    made = []
    for name, sx, sy in _BOX:
        x, y = (center + sx * across + sy * down).tolist()
        kind = HandleKind.CORNER if sx and sy else HandleKind.EDGE
        made.append(Handle(kind=kind, name=name, x=x, y=y, sides=(sx, sy)))
    return tuple(made)


def _rotation_handle(corners: NDArray[np.float64]) -> Handle:
    """Return the handle beyond the top side by which a box is turned; corners run clockwise from the top left."""
    out = corners[0] - corners[3]
    length = float(np.hypot(*out))
    reach = max(length * _ROTATION_PART, _ROTATION_PX)
    x, y = ((corners[0] + corners[1]) / 2 + (out / length if length else np.array([0.0, -1.0])) * reach).tolist()
    return Handle(kind=HandleKind.ROTATION, name="rotation", x=x, y=y)


def _vertex(point: NDArray[np.float64], at: tuple[int, int, int]) -> Handle:
    x, y = point.tolist()
    return Handle(kind=HandleKind.VERTEX, name=f"point {at[2] + 1}", x=x, y=y, vertex=at)


def move_handle(shape: Shape, handle: Handle, dx: float, dy: float) -> Shape:
    """Return the shape after a handle moved by (dx, dy) pixels.

    A box's edge moves only across itself; sides that would pass each other stop at size 0.
    """
    if handle.kind is HandleKind.BODY:
        return translated(shape, dx, dy)
    match shape:
        case Box():
            return _resized(shape, handle.sides, dx, dy)
        case RotatedBox() if handle.kind is HandleKind.ROTATION:
            return _turned_to(shape, handle.x + dx, handle.y + dy)
        case RotatedBox():
            return _resized_rotated(shape, handle.sides, dx, dy)
        case Polygon(parts):
            return Polygon(tuple(_moved_part(part, i, handle.vertex, dx, dy) for i, part in enumerate(parts)))
        case Polyline(points):
            return Polyline(_moved_row(points, handle.vertex[2], dx, dy))
        case Skeleton(points, visibility):
            row = handle.vertex[2]
            seen = visibility
            if seen[row] == Visibility.INVISIBLE:  # whoever puts it somewhere sees it there
                seen = seen.copy()
                seen[row] = Visibility.VISIBLE
            return Skeleton(_moved_row(points, row, dx, dy), seen)
        case _:
            return translated(shape, dx, dy)


def _resized(box: Box, sides: tuple[int, int], dx: float, dy: float) -> Box:
    x, width = _side(box.x, box.width, sides[0], dx)
    y, height = _side(box.y, box.height, sides[1], dy)
    return Box(x, y, width, height)


def _side(start: float, size: float, side: int, by: float) -> tuple[float, float]:
    """Return (start, size) after its lower (-1) or upper (1) side moved; 0 leaves both."""
    if side < 0:
        by = min(by, size)
        return start + by, size - by
    return start, max(0.0, size + by) if side > 0 else size


def _resized_rotated(box: RotatedBox, sides: tuple[int, int], dx: float, dy: float) -> RotatedBox:
    theta = np.deg2rad(box.theta_deg)
    along = np.array([np.cos(theta), np.sin(theta)])
    across = np.array([-np.sin(theta), np.cos(theta)])
    move = np.array([dx, dy])
    new = _resized(Box(0, 0, box.width, box.height), sides, float(move @ along), float(move @ across))
    old_center = np.array([box.width, box.height]) / 2
    shift = np.array([new.x + new.width / 2, new.y + new.height / 2]) - old_center
    center = np.array([box.x, box.y]) + old_center + shift[0] * along + shift[1] * across
    x, y = (center - np.array([new.width, new.height]) / 2).tolist()
    return replace(box, x=x, y=y, width=new.width, height=new.height)


def _turned_to(box: RotatedBox, x: float, y: float) -> RotatedBox:
    """Return the box turned so that the middle of its top side points to a place."""
    across, down = x - (box.x + box.width / 2), y - (box.y + box.height / 2)
    if not across and not down:
        return box
    return replace(box, theta_deg=float(np.rad2deg(np.arctan2(across, -down))))


def _moved_part(
    part: tuple[NDArray[np.float64], ...], number: int, at: tuple[int, int, int], dx: float, dy: float
) -> tuple[NDArray[np.float64], ...]:
    if number != at[0]:
        return part
    return tuple(_moved_row(ring, at[2], dx, dy) if r == at[1] else ring for r, ring in enumerate(part))


def _moved_row(points: NDArray[np.float64], row: int, dx: float, dy: float) -> NDArray[np.float64]:
    moved = points.copy()
    moved[row] += (dx, dy)
    return moved
