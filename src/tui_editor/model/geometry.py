"""Measures and combines shapes as figures in the plane: area, validity, hits, overlap, union.

Coordinates are pixels of the displayed frame. A polygon's parts are united; holes belong to their part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.errors import InvalidShape
from tui_editor.model import masks
from tui_editor.model.shapes import Bitmask, Box, Polygon, RotatedBox, Shape, rotated_corners

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from tui_editor.model.columns import Geometry

_FLAT = 1e-9
"""Parts with less area, in square pixels, are crumbs of rounding."""


def ring_area(ring: NDArray[np.float64]) -> float:
    """Return the signed area of a ring (n, 2) in square pixels: positive when it runs clockwise on the screen."""
    if not len(ring):
        return 0.0
    x, y = np.ascontiguousarray(ring.T)
    closing = x[-1] * y[0] - x[0] * y[-1]
    # no dot product: of long rings OpenBLAS makes it on threads, and waits for them on a busy machine
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() + closing) / 2


def polygon_area(polygon: Polygon) -> float:
    """Return the outer rings' areas without those of their holes, in square pixels; overlaps count twice."""
    return sum(
        abs(ring_area(r)) * (1 if i == 0 else -1) for part in polygon.parts for i, r in enumerate(part) if len(r)
    )


def area(shape: Shape) -> float:
    """Return a shape's area in square pixels; 0 for points, lines and what has no geometry."""
    match shape:
        case Box(_, _, width, height) | RotatedBox(_, _, width, height):
            return abs(width * height)
        case Polygon():
            return polygon_area(shape)
        case Bitmask():
            return float(masks.area(shape))
        case _:
            return 0.0


def explain_invalid(polygon: Polygon) -> str:
    """Return why a polygon is no simple figure (`Self-intersection[3 4]`), empty when it is one."""
    import shapely

    problems = _unbuildable(polygon)
    if problems:
        return problems
    reason = str(shapely.is_valid_reason(_geometry(polygon)))
    return "" if reason == "Valid Geometry" else reason


def problems_of(geometry: Geometry) -> dict[int, str]:
    """Return why polygons are no simple figures (`Self-intersection[3 4]`), by their row; sound ones are left out.

    Of several problems the first is told. Outlines of fewer than three points and numbers that are not finite are
    left out as well.
    """
    import shapely

    parts, owner = _parts_of(geometry)
    bad = np.flatnonzero(~shapely.is_valid(parts))
    found: dict[int, str] = {}
    for row, reason in zip(owner[bad].tolist(), shapely.is_valid_reason(parts[bad]).tolist(), strict=True):
        found.setdefault(row, str(reason))
    first, counts = np.unique(owner, return_index=True, return_counts=True)[1:]
    for start, count in zip(first[counts > 1].tolist(), counts[counts > 1].tolist(), strict=True):
        row = int(owner[start])
        if row not in found and not shapely.is_valid(shapely.multipolygons(parts[start : start + count])):
            reason = str(shapely.is_valid_reason(shapely.multipolygons(parts[start : start + count])))
            found[row] = f"Parts overlap[{reason.partition('[')[2]}" if "[" in reason else "Parts overlap"
    return found


def _parts_of(geometry: Geometry) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return the parts of polygons as geometries of GEOS, and the row of each."""
    import shapely

    points = geometry.ragged[0].values.reshape(-1, 2)
    signed = geometry.ragged[1].values.astype(np.int64)
    lengths = np.abs(signed)
    ends = np.cumsum(lengths)
    rows = np.repeat(np.arange(len(geometry)), np.diff(geometry.ragged[1].offsets))
    finite = np.concatenate([[0], np.cumsum(~np.isfinite(points).all(axis=1))])
    sound = (lengths >= 3) & (finite[ends] == finite[ends - lengths])
    part = np.cumsum(signed < 0)
    lost = np.isin(part, part[~sound & (signed < 0)])  # the holes of a part without an outer ring
    kept = np.flatnonzero(sound & ~lost)
    if not len(kept):
        return np.empty(0, object), np.empty(0, np.int64)
    size = lengths[kept] + 1
    first = np.repeat(ends[kept] - lengths[kept], size)
    within = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
    closed = points[first + within % np.repeat(lengths[kept], size)]
    ring_ends = np.concatenate([[0], np.cumsum(size)])
    begins = np.flatnonzero(np.diff(part[kept], prepend=-1))
    offsets = ring_ends, np.concatenate([begins, [len(kept)]])
    made = shapely.from_ragged_array(shapely.GeometryType.POLYGON, closed, offsets)
    return np.asarray(made, object), rows[kept][begins]


def is_valid(polygon: Polygon) -> bool:
    """Return whether rings neither cross nor touch along a line, holes lie inside, and parts don't overlap."""
    return not explain_invalid(polygon)


def make_valid(polygon: Polygon) -> Polygon:
    """Return a valid polygon that covers the same points; without parts when it covers none.

    Parts that overlap are united, rings that cross are split (even-odd, as GEOS does).

    Raises:
        InvalidShape: a coordinate is not finite; so do the set operations below.
    """
    import shapely

    _check_finite(polygon)
    kept = [part for part in polygon.parts if part and len(part[0]) >= 3]
    pieces = [
        shapely.make_valid(shapely.Polygon(part[0], [hole for hole in part[1:] if len(hole) >= 3])) for part in kept
    ]
    return _polygon(shapely.union_all(pieces))


def contains_point(shape: Shape, x: float, y: float) -> bool:
    """Return whether the point lies in a box, rotated box, polygon (even-odd within a part) or bitmask."""
    match shape:
        case Box(left, top, width, height):
            return min(left, left + width) <= x <= max(left, left + width) and (
                min(top, top + height) <= y <= max(top, top + height)
            )
        case RotatedBox():
            return _inside(rotated_corners(shape), x, y)
        case Polygon(parts):
            return any(sum(_inside(ring, x, y) for ring in part) % 2 == 1 for part in parts)
        case Bitmask():
            return masks.contains(shape, x, y)
        case _:
            return False


def _inside(ring: NDArray[np.float64], x: float, y: float) -> bool:
    """Return whether a ray to the right crosses the ring an odd number of times."""
    ends = np.roll(ring, -1, axis=0)
    crossing = (ring[:, 1] > y) != (ends[:, 1] > y)
    a, b = ring[crossing], ends[crossing]
    at = a[:, 0] + (y - a[:, 1]) * (b[:, 0] - a[:, 0]) / (b[:, 1] - a[:, 1])
    return bool((at > x).sum() % 2)


def box_iou(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return intersection over union of boxes (n, 4) and (m, 4) as x, y, width, height: float64 (n, m) in 0..1.

    Boxes without area have 0 with everything.
    """
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, :2] + a[:, None, 2:], b[None, :, :2] + b[None, :, 2:])
    common = np.prod(np.maximum(high - low, 0), axis=2)
    sizes = np.maximum(a[:, 2:], 0).prod(axis=1)[:, None] + np.maximum(b[:, 2:], 0).prod(axis=1)[None, :]
    union = sizes - common
    overlap: NDArray[np.float64] = np.divide(common, union, out=np.zeros_like(common), where=union > 0)
    return overlap


def union(polygons: Sequence[Polygon]) -> Polygon:
    """Return what any of the polygons covers; each is made valid first."""
    import shapely

    return _polygon(shapely.union_all([_geometry(make_valid(p)) for p in polygons]))


def difference(polygon: Polygon, taken: Polygon) -> Polygon:
    """Return what `polygon` covers and `taken` doesn't; both are made valid first."""
    return _polygon(_geometry(make_valid(polygon)).difference(_geometry(make_valid(taken))))


def intersection(a: Polygon, b: Polygon) -> Polygon:
    """Return what both polygons cover; both are made valid first."""
    return _polygon(_geometry(make_valid(a)).intersection(_geometry(make_valid(b))))


def _unbuildable(polygon: Polygon) -> str:
    rings = [ring for part in polygon.parts for ring in part]
    if not polygon.parts or any(not part for part in polygon.parts):
        return "it has no points"
    if any(len(ring) < 3 for ring in rings):
        return "a ring has fewer than three points"
    return "" if all(np.isfinite(ring).all() for ring in rings) else "a coordinate is not a number"


def _check_finite(polygon: Polygon) -> None:
    if any(not np.isfinite(ring).all() for part in polygon.parts for ring in part):
        raise InvalidShape("a polygon has a coordinate that is not a number")


def _geometry(polygon: Polygon) -> BaseGeometry:
    import shapely

    return shapely.MultiPolygon([shapely.Polygon(part[0], part[1:]) for part in polygon.parts])


def _polygon(geometry: BaseGeometry) -> Polygon:
    """Return the areas of a geometry of any kind; lines and points that it also has are dropped."""
    parts = tuple((_ring(found.exterior), *(_ring(hole) for hole in found.interiors)) for found in _areas(geometry))
    return Polygon(parts)


def _areas(geometry: BaseGeometry) -> Iterable[Any]:
    pieces = getattr(geometry, "geoms", (geometry,))
    for piece in pieces:
        if hasattr(piece, "geoms"):
            yield from _areas(piece)
        elif piece.geom_type == "Polygon" and piece.area > _FLAT:
            yield piece


def _ring(line: Any) -> NDArray[np.float64]:
    return np.asarray(line.coords, np.float64)[:-1, :2]
