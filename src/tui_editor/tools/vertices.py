"""Vertices of polygons and polylines: find the nearest edge, add one on it, take one away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, TypeGuard

import numpy as np

from tui_editor.errors import Refused
from tui_editor.model.shapes import Polygon, Polyline, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from tui_editor.tools.boxes import Point

    _Change = Callable[[NDArray[np.float64]], NDArray[np.float64]]

VertexAt = tuple[int, int, int]
"""Part, ring and row of a polygon's vertex; of a polyline's the last number alone counts."""
_LEAST_RING, _LEAST_LINE = 3, 2


class EdgeHit(NamedTuple):
    """The place on a shape's edges that is nearest to a point."""

    after: VertexAt
    """The vertex with which the edge begins."""
    point: Point
    distance_px: float


def nearest_edge(shape: Polygon | Polyline, point: Point) -> EdgeHit:
    """Return the place on the edges of a shape that is nearest to a point, in image pixels."""
    closed = isinstance(shape, Polygon)
    return min((_nearest(at, path, point, closed=closed) for at, path in _paths(shape)), key=lambda hit: hit[2])


def _paths(shape: Polygon | Polyline) -> Iterator[tuple[tuple[int, int], NDArray[np.float64]]]:
    if isinstance(shape, Polyline):
        yield (0, 0), shape.points
    else:
        yield from (((p, r), ring) for p, part in enumerate(shape.parts) for r, ring in enumerate(part))


def _nearest(at: tuple[int, int], path: NDArray[np.float64], point: Point, *, closed: bool) -> EdgeHit:
    ends = np.roll(path, -1, axis=0) if closed else path[1:]
    along = ends - path[: len(ends)]
    offset = np.asarray(point) - path[: len(ends)]
    squared = (along**2).sum(axis=1)
    share = ((offset * along).sum(axis=1) / np.where(squared > 0, squared, 1)).clip(0, 1)
    distances = np.hypot(*(offset - share[:, None] * along).T)
    row = int(distances.argmin())
    x, y = (path[row] + share[row] * along[row]).tolist()
    return EdgeHit((*at, row), (x, y), float(distances[row]))


def middle_after(shape: Polygon | Polyline, at: VertexAt) -> Point | None:
    """Return the middle of the edge that begins with a vertex; None behind the last point of a polyline."""
    path = dict(_paths(shape))[at[:2]]
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
    path = dict(_paths(shape))[at[:2]]
    if isinstance(shape, Polyline):
        if len(path) <= _LEAST_LINE:
            raise Refused("a polyline needs two points", hint="d d deletes the label")
    elif len(path) <= _LEAST_RING:
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
    raise Refused("a polygon needs three vertices", hint="d d deletes the label")


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
