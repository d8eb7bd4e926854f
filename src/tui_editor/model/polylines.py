"""Reshapes polylines: extend by a drawn path, touch up, split by a line, simplify, scissors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.errors import InvalidShape
from tui_editor.model.polygons import THIN_PX, inside, kept_by_simplifying
from tui_editor.model.rings import LEAST_LINE, nearest_edge
from tui_editor.model.shapes import Polyline

if TYPE_CHECKING:
    from tui_editor.model.rings import EdgeHit, Ring


def touched_up(line: Polyline, first: int, last: int, path: Ring) -> Polyline:
    """Return the line whose points between rows `first` and `last` gave way to a path drawn from one to the other.

    Raises:
        InvalidShape: both are one.
    """
    if first == last:
        raise InvalidShape("the path ends at the vertex where it began")
    inner = np.asarray(path, np.float64).reshape(-1, 2)
    if first > last:
        first, last, inner = last, first, inner[::-1]
    return _replaced(line.points[: first + 1], inner, line.points[last:])


def extended(line: Polyline, path: Ring, reach_px: float) -> Polyline:
    """Return the line with a drawn path in it.

    A path that begins near an end of the line goes on from there. One that leaves the line and comes back to it takes
    the place of what lies between.

    Args:
        line: What is extended.
        path: Points (n, 2) in the order in which they were drawn.
        reach_px: How near to the line counts.

    Raises:
        InvalidShape: the path begins away from the line, or leaves it in the middle and doesn't come back.
    """
    drawn = np.asarray(path, np.float64).reshape(-1, 2)
    start, end = _near(line, drawn[0], reach_px), _near(line, drawn[-1], reach_px)
    if start is None and end is not None:
        drawn, start, end = drawn[::-1], end, start
    if start is None:
        raise InvalidShape("the path doesn't touch the line", hint="begin at the line, or use a larger brush")
    if end is None or _is_end(line, start, reach_px):
        return _gone_on(line, drawn, start, reach_px)
    if _along(line, start) > _along(line, end):
        drawn, start, end = drawn[::-1], end, start
    before = np.vstack([line.points[: start.after[2] + 1], start.point])
    after = np.vstack([end.point, line.points[end.after[2] + 1 :]])
    return _replaced(before, drawn, after)


def split(line: Polyline, start: tuple[float, float], end: tuple[float, float]) -> tuple[Polyline, ...]:
    """Return the pieces between the places at which a straight cut through two points crosses the line, in its order.

    Raises:
        InvalidShape: both points are one.
    """
    if start == end:
        raise InvalidShape("a cut needs two places", hint="move the crosshair away from the first one")
    points = line.points
    normal = np.array([start[1] - end[1], end[0] - start[0]]) / np.hypot(end[0] - start[0], end[1] - start[1])
    side = (points - start) @ normal
    sign = np.sign(side)
    sign = sign[np.maximum.accumulate(np.where(sign != 0, np.arange(len(sign)), 0))]  # a point on the cut is no side
    crossed = np.flatnonzero(sign[:-1] * sign[1:] < 0)
    pieces, begin = [], points[:1]
    row = 1
    for edge in crossed.tolist():
        share = side[edge] / (side[edge] - side[edge + 1])
        place = points[edge] + share * (points[edge + 1] - points[edge])
        pieces.append(np.vstack([begin, points[row : edge + 1], place]))
        begin, row = place[None], edge + 1
    pieces.append(np.vstack([begin, points[row:]]))
    return tuple(Polyline(found) for found in map(_without_repeats, pieces) if len(found) >= LEAST_LINE)


def simplified(line: Polyline, tolerance_px: float) -> Polyline:
    """Return the line with fewer points: those that go lie within `tolerance_px` of the line that stays."""
    return Polyline(line.points[kept_by_simplifying(line.points, tolerance_px)])


def snipped(line: Polyline, area: Ring) -> Polyline:
    """Return the line without the points that lie in an area, a ring (n, 2).

    Raises:
        InvalidShape: fewer than two points would be left.
    """
    left = line.points[~inside(area, line.points)]
    if len(left) < LEAST_LINE:
        raise InvalidShape("a polyline needs 2 vertices", hint="delete the label instead")
    return Polyline(left)


def _replaced(before: Ring, inner: Ring, after: Ring) -> Polyline:
    led = np.vstack([before[-1:], inner, after[:1]])
    thin = led[kept_by_simplifying(led, THIN_PX)]
    return Polyline(_without_repeats(np.vstack([before[:-1], thin, after[1:]])))


def _gone_on(line: Polyline, drawn: Ring, start: EdgeHit, reach_px: float) -> Polyline:
    points = line.points
    if not _is_end(line, start, reach_px):
        raise InvalidShape(
            "the path leaves the line in the middle and doesn't come back",
            hint="end it at the line, or begin at an end",
        )
    distances = np.hypot(*(points[[0, -1]] - start.point).T)
    backwards = bool(distances[0] < distances[1])
    led = np.vstack([points[0] if backwards else points[-1], drawn])
    thin = led[kept_by_simplifying(led, THIN_PX)][1:]
    return Polyline(_without_repeats(np.vstack([thin[::-1], points] if backwards else [points, thin])))


def _near(line: Polyline, point: Ring, reach_px: float) -> EdgeHit | None:
    found = nearest_edge(line, (float(point[0]), float(point[1])))
    return found if found.distance_px <= reach_px else None


def _is_end(line: Polyline, place: EdgeHit, reach_px: float) -> bool:
    return bool(np.hypot(*(line.points[[0, -1]] - place.point).T).min() <= reach_px)


def _along(line: Polyline, place: EdgeHit) -> tuple[int, float]:
    row = place.after[2]
    return row, float(np.hypot(*(np.asarray(place.point) - line.points[row])))


def _without_repeats(points: Ring) -> Ring:
    distinct: Ring = points[np.concatenate([[True], (points[1:] != points[:-1]).any(axis=1)])]
    return distinct
