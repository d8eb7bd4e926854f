"""Rings and lines as rows of vertices: where they begin, which way they run, their nearest edges, their slices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tui_editor.errors import InvalidShape
from tui_editor.model.geometry import ring_area
from tui_editor.model.shapes import Polygon, Polyline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ring = NDArray[np.float64]
    """Points (n, 2) in pixels."""

LEAST_RING, LEAST_LINE = 3, 2
Vertex = tuple[int, int, int]
"""Part, ring and row of a polygon's vertex; of a polyline's the last number alone counts."""


@dataclass(frozen=True, slots=True)
class EdgePlace:
    """A place on an edge: a vertex put there becomes `vertex`."""

    vertex: Vertex
    point: tuple[float, float]
    distance_px: float


# --- vertices --------------------------------------------------------------------------------------


def nearest_edge(shape: Polygon | Polyline, point: tuple[float, float]) -> EdgePlace | None:
    """Return the place on the outline that is nearest to a point; None for a shape without edges."""
    best: EdgePlace | None = None
    for (part, number), points, closed in _paths(shape):
        found = _nearest_on(points, point, closed=closed)
        if found is not None and (best is None or found[2] < best.distance_px):
            best = EdgePlace((part, number, found[0] + 1), found[1], found[2])
    return best


def nearest_vertex(shape: Polygon | Polyline, point: tuple[float, float]) -> Vertex | None:
    """Return the vertex that is nearest to a point; None for a shape without one."""
    best, least = None, np.inf
    for (part, number), points, _ in _paths(shape):
        if not len(points):
            continue
        distances = np.hypot(*(points - point).T)
        row = int(distances.argmin())
        if distances[row] < least:
            best, least = (part, number, row), float(distances[row])
    return best


def path_of(shape: Polygon | Polyline, vertex: Vertex) -> Ring:
    """Return the ring or line that a vertex belongs to."""
    return shape.points if isinstance(shape, Polyline) else shape.parts[vertex[0]][vertex[1]]


def with_vertex(shape: Polygon | Polyline, place: EdgePlace) -> Polygon | Polyline:
    """Return the shape with a vertex more, at a place of its outline that `nearest_edge` found."""
    return _with_path(
        shape, place.vertex, np.insert(path_of(shape, place.vertex), place.vertex[2], place.point, axis=0)
    )


def without_vertex(shape: Polygon | Polyline, vertex: Vertex) -> Polygon | Polyline:
    """Return the shape without a vertex; a hole of three goes.

    Raises:
        InvalidShape: a polygon needs the vertex for an area, or a polyline for a line.
    """
    points = path_of(shape, vertex)
    least = LEAST_LINE if isinstance(shape, Polyline) else LEAST_RING
    if len(points) > least:
        return _with_path(shape, vertex, np.delete(points, vertex[2], axis=0))
    if isinstance(shape, Polygon) and vertex[1] > 0:
        return _without_ring(shape, vertex)
    raise InvalidShape(f"a {'polyline' if isinstance(shape, Polyline) else 'polygon'} needs {least} vertices")


def _paths(shape: Polygon | Polyline) -> list[tuple[tuple[int, int], Ring, bool]]:
    if isinstance(shape, Polyline):
        return [((0, 0), shape.points, False)]
    return [((p, r), points, True) for p, part in enumerate(shape.parts) for r, points in enumerate(part)]


def _nearest_on(
    points: Ring, point: tuple[float, float], *, closed: bool
) -> tuple[int, tuple[float, float], float] | None:
    """Return the row at which the nearest edge starts, the nearest place on it, and its distance."""
    ends = np.roll(points, -1, axis=0) if closed else points[1:]
    starts = points[: len(ends)]
    if not len(starts):
        return None
    along, offset = ends - starts, np.asarray(point) - starts
    squared = (along**2).sum(axis=1)
    share = ((offset * along).sum(axis=1) / np.where(squared > 0, squared, 1)).clip(0, 1)
    places = starts + share[:, None] * along
    distances = np.hypot(*(places - point).T)
    row = int(distances.argmin())
    x, y = places[row].tolist()
    return row, (x, y), float(distances[row])


def _with_path(shape: Polygon | Polyline, at: Vertex, points: Ring) -> Polygon | Polyline:
    if isinstance(shape, Polyline):
        return Polyline(points)
    part = tuple(points if r == at[1] else old for r, old in enumerate(shape.parts[at[0]]))
    return Polygon((*shape.parts[: at[0]], part, *shape.parts[at[0] + 1 :]))


def _without_ring(shape: Polygon, at: Vertex) -> Polygon:
    part = tuple(old for r, old in enumerate(shape.parts[at[0]]) if r != at[1])
    return Polygon((*shape.parts[: at[0]], part, *shape.parts[at[0] + 1 :]))


# --- slices ----------------------------------------------------------------------------------------


def with_arc(ring: Ring, first: int, last: int, path: Ring, *, flipped: bool = False) -> Ring:
    """Return a ring whose vertices between two others gave way to a path that leads from `first` to `last`.

    Args:
        ring: Points (n, 2), not closed by a repeated one.
        first: Row of the vertex at which the path begins.
        last: Row of the vertex at which it ends.
        path: Points (k, 2) between the two, k may be 0.
        flipped: Replace the longer of the two arcs.

    Raises:
        InvalidShape: both are one vertex.
    """
    count = (last - first) % len(ring)
    if count == 0:
        raise InvalidShape("the path ends at the vertex where it began")
    turned = np.roll(ring, -first, axis=0)
    forward, total = length(turned[: count + 1]), length(np.vstack([turned, turned[:1]]))
    if (forward <= total - forward) != flipped:
        return np.vstack([turned[:1], path, turned[count:]])
    return np.vstack([turned[: count + 1], path[::-1]])


def length(points: Ring) -> float:
    """Return the length of an open line in pixels."""
    return float(np.hypot(*np.diff(points, axis=0).T).sum())


# --- the same as before ----------------------------------------------------------------------------


def like(old: Polygon, parts: Sequence[Sequence[Ring]]) -> Polygon:
    """Return parts as a polygon that keeps the habits of an old one.

    Parts and holes come in the order of the old ones nearest to them; each ring begins at the vertex that is nearest to
    the start of the old one and runs the same way. Set operations of GEOS lose all of that.
    """
    outers = [part[0] for part in old.parts if part and len(part[0])]
    if not outers or not parts:
        return Polygon(tuple(tuple(part) for part in parts))
    matched = _matched(outers, [part[0] for part in parts])
    order = sorted(range(len(parts)), key=lambda n: (matched[n] is None, matched[n] or 0))
    holes = [hole for part in old.parts for hole in part[1:] if len(hole)]
    return Polygon(tuple(_part_like(outers, holes, matched[n], parts[n]) for n in order))


def _part_like(
    outers: Sequence[Ring], holes: Sequence[Ring], number: int | None, part: Sequence[Ring]
) -> tuple[Ring, ...]:
    template = outers[number or 0]
    clockwise = ring_area(template) > 0
    outer = _run(part[0], clockwise=clockwise)
    if number is not None:
        outer = begun_near(outer, template[0])
    if len(part) == 1:
        return (outer,)
    matched = _matched(holes, part[1:])
    order = sorted(range(len(part) - 1), key=lambda n: (matched[n] is None, matched[n] or 0))
    return (outer, *(_hole_like(holes, matched[n], part[n + 1], clockwise) for n in order))


def _hole_like(holes: Sequence[Ring], number: int | None, hole: Ring, clockwise: bool) -> Ring:
    if number is None:
        return _run(hole, clockwise=not clockwise)
    return begun_near(_run(hole, clockwise=ring_area(holes[number]) > 0), holes[number][0])


def _run(ring: Ring, *, clockwise: bool) -> Ring:
    return ring if (ring_area(ring) > 0) == clockwise else ring[::-1]


def begun_near(ring: Ring, point: Ring) -> Ring:
    """Return the ring beginning at the vertex that is nearest to a point."""
    x, y = (ring - point).T
    row = int((x * x + y * y).argmin())
    return np.concatenate([ring[row:], ring[:row]]) if row else ring


def _matched(olds: Sequence[Ring], news: Sequence[Ring]) -> list[int | None]:
    """Return for each new ring the old one that continues in it: each old start takes the nearest ring left."""
    found: list[int | None] = [None] * len(news)
    if len(olds) == 1 and len(news) == 1:
        return [0]
    if not olds or not news:
        return found
    vertices = np.concatenate(list(news))
    begins = np.cumsum([0, *(len(ring) for ring in news[:-1])])
    for number, old in enumerate(olds[: len(news)]):
        distances = np.minimum.reduceat(((vertices - old[0]) ** 2).sum(axis=1), begins)
        distances[[n for n, taken in enumerate(found) if taken is not None]] = np.inf
        found[int(distances.argmin())] = number
    return found
