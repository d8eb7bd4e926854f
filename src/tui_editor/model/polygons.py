"""Reshapes polygons as figures in the plane: brush, eraser, merge, subtract, split, simplify, touch-up, scissors.

Every result is valid: rings cross nowhere, holes lie inside, parts don't overlap. Rings keep their start vertex and
the way they run (`rings.like`). Coordinates are pixels of the displayed frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.errors import InvalidShape
from tui_editor.model.geometry import polygon_area, ring_area
from tui_editor.model.rings import LEAST_RING, like, with_arc
from tui_editor.model.shapes import Polygon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from tui_editor.model.brush import Brush
    from tui_editor.model.rings import Ring, VertexAt

CRUMB_PX2 = 1.0
"""Parts and holes with less area that an operation made are dropped."""
THIN_PX = 0.5
"""How far an outline may move when vertices that a stroke made are left out: rings would grow without bound."""
_ROUND_PX = 0.25
"""How far a disc's outline may lie within the circle; also the tolerance for paths of a brush."""
_PIECE_EDGES = 6
_POLYGON_TYPE = 3


# --- brush -----------------------------------------------------------------------------------------


def stroke(path: Ring, brush: Brush) -> Polygon:
    """Return what a brush covers that is drawn along a path, points (n, 2) with n ≥ 1; a closed path leaves a hole."""
    return _polygon(_empty(), _swept(path, brush))


def with_stroke(polygon: Polygon, path: Ring, brush: Brush) -> Polygon:
    """Return what a polygon or a brush's stroke covers."""
    swept = _swept(path, brush)
    return _polygon(polygon, figure(polygon).union(swept), around=swept)


def without_stroke(polygon: Polygon, path: Ring, brush: Brush) -> Polygon:
    """Return what a polygon covers and an eraser's stroke doesn't; without parts when nothing is left."""
    swept = _swept(path, brush)
    return _polygon(polygon, figure(polygon).difference(swept), around=swept)


def _swept(path: Ring, brush: Brush) -> BaseGeometry:
    import shapely

    points = _distinct(np.asarray(path, np.float64).reshape(-1, 2))
    if len(points) > 1:
        line = shapely.simplify(shapely.linestrings(points), _ROUND_PX, preserve_topology=False)
        points = shapely.get_coordinates(line)
    if brush.square:
        return _square_swept(points, brush.size_px / 2)
    segments = _quad_segments(brush.size_px / 2)
    if len(points) == 1:
        return shapely.Point(points[0]).buffer(brush.size_px / 2, quad_segs=segments)
    # a path that crosses itself often is buffered faster in short pieces
    starts = np.arange(0, len(points) - 1, _PIECE_EDGES)
    counts = np.minimum(starts + _PIECE_EDGES, len(points) - 1) - starts + 1
    rows = np.concatenate([np.arange(start, start + count) for start, count in zip(starts, counts, strict=True)])
    lines = shapely.linestrings(points[rows], indices=np.repeat(np.arange(len(starts)), counts))
    union: BaseGeometry = shapely.union_all(shapely.buffer(lines, brush.size_px / 2, quad_segs=segments))
    return union


def _distinct(points: Ring) -> Ring:
    """Return a path without points that repeat the one before."""
    if not len(points) or not np.isfinite(points).all():
        raise InvalidShape("a stroke has no points, or one that is not a number")
    moved = (points[1:] != points[:-1]).any(axis=1)
    distinct: Ring = points[np.concatenate([[True], moved])]
    return distinct


def _quad_segments(radius: float) -> int:
    """Return into how many pieces a quarter of a circle is divided to stay within `_ROUND_PX` of it."""
    if radius <= _ROUND_PX:
        return 2
    return min(max(int(np.ceil(np.pi / 4 / np.arccos(1 - _ROUND_PX / radius))), 2), 32)


def _square_swept(points: Ring, half: float) -> BaseGeometry:
    """Return what an upright square covers on its way: of each straight piece the hull of the squares at its ends."""
    import shapely

    corners = points[:, None, :] + np.array([[-half, -half], [half, -half], [half, half], [-half, half]])
    if len(points) == 1:
        return shapely.Polygon(corners[0])
    both = np.concatenate([corners[:-1], corners[1:]], axis=1)
    rows = np.repeat(np.arange(len(both)), both.shape[1])
    hulls = shapely.convex_hull(shapely.multipoints(both.reshape(-1, 2), indices=rows))
    union: BaseGeometry = shapely.union_all(hulls)
    return union


# --- with others -----------------------------------------------------------------------------------


def merged(polygon: Polygon, other: Polygon) -> Polygon:
    """Return what either polygon covers; in several parts where they don't touch."""
    return _polygon(polygon, figure(polygon).union(figure(other)))


def subtracted(polygon: Polygon, taken: Polygon) -> Polygon:
    """Return what `polygon` covers and `taken` doesn't; without parts when nothing is left."""
    return _polygon(polygon, figure(polygon).difference(figure(taken)))


def split(polygon: Polygon, start: tuple[float, float], end: tuple[float, float]) -> tuple[Polygon, ...]:
    """Return the two sides of a straight cut through two points, the larger first; one when the line misses it.

    The line is extended at both ends until it crosses the whole polygon. A side may have several parts.

    Raises:
        InvalidShape: both points are one.
    """
    import shapely

    whole = figure(polygon)
    if start == end or whole.is_empty:
        raise InvalidShape("a cut needs two places", hint="move the crosshair away from the first one")
    half_plane = shapely.Polygon(_beside(np.array(whole.bounds), np.array(start), np.array(end)))
    sides = [_polygon(polygon, g) for g in (whole.intersection(half_plane), whole.difference(half_plane))]
    return tuple(sorted((side for side in sides if side.parts), key=polygon_area, reverse=True))


def _beside(bounds: Ring, start: Ring, end: Ring) -> Ring:
    """Return a rectangle (4, 2) that covers everything on one side of a line as far as the bounds reach."""
    along = (end - start) / np.hypot(*(end - start))
    far = 2 * (np.abs(bounds).max() + np.abs(start).max() + 1)
    across = np.array([-along[1], along[0]]) * far
    left, right = start - along * far, start + along * far
    return np.array([left, right, right + across, left + across])


# --- vertices --------------------------------------------------------------------------------------


def kept_by_simplifying(points: Ring, tolerance_px: float, *, closed: bool = False) -> NDArray[np.intp]:
    """Return the rows that Douglas and Peucker's method keeps: those left out lie within the tolerance.

    The first point stays, and the last one of an open line.
    """
    import shapely

    path = np.vstack([points, points[:1]]) if closed else points
    line = shapely.linestrings(np.column_stack([path, np.arange(len(path))]))
    found = shapely.get_coordinates(shapely.simplify(line, tolerance_px, preserve_topology=False), include_z=True)
    rows = found[:, 2].astype(np.intp)
    return rows[:-1] if closed else rows


def simplified(polygon: Polygon, tolerance_px: float) -> Polygon:
    """Return the polygon with fewer vertices: those that go lie within `tolerance_px` of the outline that stays."""
    import shapely

    parts = [[ring[kept_by_simplifying(ring, tolerance_px, closed=True)] for ring in part] for part in polygon.parts]
    if all(len(ring) >= LEAST_RING for part in parts for ring in part):
        fewer = Polygon(tuple(tuple(part) for part in parts))
        if shapely.is_valid(_unchecked(fewer)):
            return fewer
    # rings that would cross or collapse are simplified together, with their topology preserved
    return _polygon(polygon, shapely.simplify(figure(polygon), tolerance_px, preserve_topology=True))


def touched_up(polygon: Polygon, first: VertexAt, last: VertexAt, path: Ring, *, flipped: bool = False) -> Polygon:
    """Return the polygon whose outline between two vertices of one ring is a drawn path.

    The shorter of the two arcs gives way, with `flipped` the longer one. What crosses itself becomes several parts.

    Raises:
        InvalidShape: the vertices are one, or belong to different rings.
    """
    if first[:2] != last[:2]:
        raise InvalidShape("both vertices must belong to the same ring")
    drawn = np.asarray(path, np.float64).reshape(-1, 2)
    ring = polygon.parts[first[0]][first[1]]
    led = np.vstack([ring[first[2]], drawn, ring[last[2]]])
    inner = led[kept_by_simplifying(led, THIN_PX)][1:-1]
    after = with_arc(ring, first[2], last[2], inner, flipped=flipped)
    parts = [
        tuple(after if (p, r) == first[:2] else old for r, old in enumerate(part))
        for p, part in enumerate(polygon.parts)
    ]
    return _polygon(polygon, figure(Polygon(tuple(parts))))


def snipped(polygon: Polygon, area: Ring) -> Polygon:
    """Return the polygon without the vertices that lie in an area, a ring (n, 2).

    Holes and parts of which fewer than three vertices are left go; the result has no parts when all do.
    """
    return without_rows(polygon, [[inside(area, ring) for ring in part] for part in polygon.parts])


def without_rows(polygon: Polygon, gone: Sequence[Sequence[NDArray[np.bool_]]]) -> Polygon:
    """Return the polygon without the vertices that are marked, one array for each ring of each part."""
    left = [[r[~g] for r, g in zip(part, marks, strict=True)] for part, marks in zip(polygon.parts, gone, strict=True)]
    parts = [
        (part[0], *(hole for hole in part[1:] if len(hole) >= LEAST_RING))
        for part in left
        if part and len(part[0]) >= LEAST_RING
    ]
    return _polygon(polygon, figure(Polygon(tuple(parts)))) if parts else _empty()


def inside(area: Ring, points: Ring) -> NDArray[np.bool_]:
    """Return which points (n, 2) lie in an area, a ring (m, 2) that may cross itself; those on its edge do."""
    import shapely

    if len(area) < LEAST_RING or not len(points):
        return np.zeros(len(points), np.bool_)
    lasso = _valid(shapely.Polygon(area))
    shapely.prepare(lasso)
    return np.asarray(shapely.intersects_xy(lasso, points[:, 0], points[:, 1]), np.bool_)


# --- parts -----------------------------------------------------------------------------------------


def pieces(polygon: Polygon) -> tuple[Polygon, ...]:
    """Return each part as a polygon, the largest first."""
    return tuple(sorted((Polygon((part,)) for part in polygon.parts), key=polygon_area, reverse=True))


# --- from and to shapely ---------------------------------------------------------------------------


def figure(polygon: Polygon) -> BaseGeometry:
    """Return a valid geometry that covers the same points.

    Raises:
        InvalidShape: a coordinate is not finite.
    """
    return _valid(_unchecked(polygon))


def figure_overlap(a: Sequence[BaseGeometry], b: Sequence[BaseGeometry]) -> NDArray[np.float64]:
    """Return intersection over union of n pairs of figures, float64 (n,) in 0..1; 0 where the union has no area."""
    import shapely

    common = np.asarray(shapely.area(shapely.intersection(a, b)), np.float64)
    union = shapely.area(a) + shapely.area(b) - common
    return np.divide(common, union, out=np.zeros_like(common), where=union > 0)


def _unchecked(polygon: Polygon) -> BaseGeometry:
    import shapely

    if not all(np.isfinite(ring).all() for part in polygon.parts for ring in part):
        raise InvalidShape("a polygon has a coordinate that is not a number")
    made = [
        shapely.Polygon(part[0], [hole for hole in part[1:] if len(hole) >= LEAST_RING])
        for part in polygon.parts
        if part and len(part[0]) >= LEAST_RING
    ]
    return made[0] if len(made) == 1 else shapely.MultiPolygon(made)


def _valid(geometry: BaseGeometry) -> BaseGeometry:
    import shapely

    if shapely.is_valid(geometry):
        return geometry
    return shapely.make_valid(geometry, method="structure", keep_collapsed=False)


def _empty() -> Polygon:
    return Polygon(())


def _polygon(old: Polygon, geometry: BaseGeometry, *, around: BaseGeometry | None = None) -> Polygon:
    """Return the areas of a geometry as a polygon like the old one, without crumbs.

    Args:
        old: What was there before.
        geometry: The result of an operation, valid.
        around: Where the operation was: vertices in its bounds are thinned out, all others stay.
    """
    limit = _crumb(old)
    parts = _parts(geometry, limit)
    if around is not None:
        parts = _thinned(parts, around)
    return like(old, parts)


def _crumb(old: Polygon) -> float:
    """Return the area in square pixels below which a part is dropped: none that was there before is one."""
    areas = [abs(ring_area(ring)) for part in old.parts for ring in part]
    return min([CRUMB_PX2, *(0.5 * a for a in areas if a > 0)])


def _parts(geometry: BaseGeometry, limit: float) -> list[list[Ring]]:
    import shapely

    if shapely.get_type_id(geometry) == _POLYGON_TYPE:  # the usual case, without arrays of one
        return [_rings(geometry, limit)] if shapely.area(geometry) >= limit else []
    found = shapely.get_parts(geometry)
    while (shapely.get_type_id(found) > _POLYGON_TYPE).any():
        found = shapely.get_parts(found)
    areas = found[(shapely.get_type_id(found) == _POLYGON_TYPE) & (shapely.area(found) >= limit)]
    return [_rings(area, limit) for area in areas]


def _rings(area: Any, limit: float) -> list[Ring]:
    import shapely

    outer = shapely.get_coordinates(shapely.get_exterior_ring(area))[:-1]
    count = shapely.get_num_interior_rings(area)
    holes = [shapely.get_coordinates(shapely.get_interior_ring(area, n))[:-1] for n in range(count)]
    return [outer, *(hole for hole in holes if abs(ring_area(hole)) >= limit)]


def _thinned(parts: list[list[Ring]], around: BaseGeometry) -> list[list[Ring]]:
    """Return rings with fewer vertices near a stroke; as they are when they would cross."""
    import shapely

    x0, y0, x1, y1 = around.bounds
    low, high = np.array([x0 - 1, y0 - 1]), np.array([x1 + 1, y1 + 1])
    fewer = [[_thinned_ring(ring, low, high) for ring in part] for part in parts]
    return fewer if shapely.is_valid(_unchecked(Polygon(tuple(map(tuple, fewer))))) else parts


def _thinned_ring(ring: Ring, low: Ring, high: Ring) -> Ring:
    free = ((ring >= low) & (ring <= high)).all(axis=1)
    if not free.any():
        return ring
    kept = ~free
    # begun at a vertex that stays, so that the start is no corner of its own
    first = int(kept.argmax())
    turned = np.roll(ring, -first, axis=0)
    stays = np.roll(kept, -first)
    stays[kept_by_simplifying(turned, THIN_PX, closed=True)] = True
    return turned[stays] if stays.sum() >= LEAST_RING else ring
