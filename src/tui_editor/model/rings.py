"""Rings and lines as rows of vertices: where they begin, which way they run, their nearest edges, their slices."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tui_editor.errors import InvalidShape
from tui_editor.model.geometry import ring_area
from tui_editor.model.shapes import Polygon, Polyline

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Ring = NDArray[np.float64]
    """Points (n, 2) in pixels."""

LEAST_RING, LEAST_LINE = 3, 2
VertexAt = tuple[int, int, int]
"""Part, ring and row of a polygon's vertex; of a polyline's the last number alone counts."""


class EdgeHit(NamedTuple):
    """The place on a shape's edges that is nearest to a point."""

    after: VertexAt
    """The vertex with which the edge begins."""
    point: tuple[float, float]
    distance_px: float


# --- vertices --------------------------------------------------------------------------------------


def nearest_edge(shape: Polygon | Polyline, point: tuple[float, float]) -> EdgeHit:
    """Return the place on the edges of a shape that is nearest to a point, in image pixels.

    Raises:
        InvalidShape: the shape has no edges.
    """
    closed = isinstance(shape, Polygon)
    hits = [_nearest(at, path, point, closed=closed) for at, path in paths(shape) if len(path) > 1]
    if not hits:
        raise InvalidShape("the shape has no edges")
    return min(hits, key=lambda hit: hit.distance_px)


def nearest_vertex(shape: Polygon | Polyline, point: tuple[float, float]) -> VertexAt | None:
    """Return the vertex that is nearest to a point; None for a shape without one."""
    best, least = None, np.inf
    for (part, number), points in paths(shape):
        if not len(points):
            continue
        distances = np.hypot(*(points - point).T)
        row = int(distances.argmin())
        if distances[row] < least:
            best, least = (part, number, row), float(distances[row])
    return best


def path_of(shape: Polygon | Polyline, vertex: VertexAt) -> Ring:
    """Return the ring or line that a vertex belongs to."""
    return shape.points if isinstance(shape, Polyline) else shape.parts[vertex[0]][vertex[1]]


def paths(shape: Polygon | Polyline) -> Iterator[tuple[tuple[int, int], Ring]]:
    """Yield the rings of a polygon with their part and number, or the one line of a polyline."""
    if isinstance(shape, Polyline):
        yield (0, 0), shape.points
    else:
        yield from (((p, r), ring) for p, part in enumerate(shape.parts) for r, ring in enumerate(part))


def _nearest(at: tuple[int, int], path: Ring, point: tuple[float, float], *, closed: bool) -> EdgeHit:
    ends = np.roll(path, -1, axis=0) if closed else path[1:]
    along = ends - path[: len(ends)]
    offset = np.asarray(point) - path[: len(ends)]
    squared = (along**2).sum(axis=1)
    share = ((offset * along).sum(axis=1) / np.where(squared > 0, squared, 1)).clip(0, 1)
    distances = np.hypot(*(offset - share[:, None] * along).T)
    row = int(distances.argmin())
    x, y = (path[row] + share[row] * along[row]).tolist()
    return EdgeHit((*at, row), (x, y), float(distances[row]))


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
