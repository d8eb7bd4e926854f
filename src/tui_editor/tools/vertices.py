"""Vertices of polygons and polylines: find the nearest edge, add one on it, take one away."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

import numpy as np
from msgspec.structs import replace

from tui_editor.errors import Refused
from tui_editor.model.rings import LEAST_LINE, LEAST_RING, nearest_edge, paths
from tui_editor.model.shapes import Polygon, Polyline, Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tui_editor.model.rings import VertexAt
    from tui_editor.tools.boxes import Point

    _Change = Callable[[NDArray[np.float64]], NDArray[np.float64]]

__all__ = ["insert_vertex", "is_path", "middle_after", "nearest_edge", "remove_vertex"]


def middle_after(shape: Polygon | Polyline, at: VertexAt) -> Point | None:
    """Return the middle of the edge that begins with a vertex; None behind the last point of a polyline."""
    path = dict(paths(shape))[at[:2]]
    if isinstance(shape, Polyline) and at[2] + 1 >= len(path):
        return None
    x, y = ((path[at[2]] + path[(at[2] + 1) % len(path)]) / 2).tolist()
    return x, y


def insert_vertex(shape: Polygon | Polyline, after: VertexAt, point: Point) -> Polygon | Polyline:
    """Return the shape with another vertex behind the one named."""
    return _with_path(shape, after, lambda path: np.insert(path, after[2] + 1, point, axis=0))


def remove_vertex(shape: Polygon | Polyline, at: VertexAt) -> Polygon | Polyline:
    """Return the shape without a vertex; a hole or further part that would have two goes as a whole.

    Raises:
        Refused: the shape would have too few left.
    """
    path = dict(paths(shape))[at[:2]]
    if isinstance(shape, Polyline):
        if len(path) <= LEAST_LINE:
            raise Refused("a polyline needs two points", hint="delete the label instead")
    elif len(path) <= LEAST_RING:
        return _without_ring(shape, at)
    return _with_path(shape, at, lambda path: np.delete(path, at[2], axis=0))


def _without_ring(shape: Polygon, at: VertexAt) -> Polygon:
    part, ring, _ = at
    if ring:
        rings = shape.parts[part]
        kept = (*rings[:ring], *rings[ring + 1 :])
        return Polygon((*shape.parts[:part], kept, *shape.parts[part + 1 :]))
    if len(shape.parts) > 1:
        return Polygon((*shape.parts[:part], *shape.parts[part + 1 :]))
    raise Refused("a polygon needs three vertices", hint="delete the label instead")


def _with_path(shape: Polygon | Polyline, at: VertexAt, change: _Change) -> Polygon | Polyline:
    if isinstance(shape, Polyline):
        return replace(shape, points=change(shape.points))
    part, ring, _ = at
    rings = shape.parts[part]
    changed = (*rings[:ring], change(rings[ring]), *rings[ring + 1 :])
    return Polygon((*shape.parts[:part], changed, *shape.parts[part + 1 :]))


def is_path(shape: Shape | None) -> TypeGuard[Polygon | Polyline]:
    """Return whether a shape has vertices that come and go."""
    return isinstance(shape, Polygon | Polyline)
