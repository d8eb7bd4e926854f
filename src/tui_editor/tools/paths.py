"""What a drawn path makes of a polygon or polyline, and how the pointer draws one. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.errors import InvalidShape, Refused
from tui_editor.model import polygons, polylines
from tui_editor.model.rings import nearest_vertex, path_of
from tui_editor.model.shapes import Polygon, Polyline, Shape
from tui_editor.state.tool import PathUse

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from tui_editor.model.rings import Ring, VertexAt
    from tui_editor.state.tool import PathTool
    from tui_editor.tools.boxes import Point

STEP_PX = 0.5
"""The pointer's path gets a point when it has gone so far, in image pixels."""
LEAST_REACH_PX = 4.0
"""How near to a polyline the smallest brush has to begin."""
CIRCLE_POINTS = 48
BRUSHES = frozenset({PathUse.BRUSH, PathUse.ERASER, PathUse.THRESHOLD})
"""Tools that reach as far as the brush does."""


def reshaped(shape: Shape, tool: PathTool, path: Sequence[Point]) -> tuple[Shape, ...]:
    """Return what a path makes of a polygon or polyline: one shape, or the pieces of a split.

    Raises:
        InvalidShape: the path makes no sense there.
        Refused: the tool isn't for this kind of shape.
    """
    points = np.array(path, np.float64).reshape(-1, 2)
    match shape:
        case Polygon():
            return _polygon(shape, tool, points)
        case Polyline():
            return _polyline(shape, tool, points)
        case _:
            raise Refused(f"the {tool.use} is for polygons and polylines")


def _polygon(shape: Polygon, tool: PathTool, path: Ring) -> tuple[Shape, ...]:
    match tool.use:
        case PathUse.BRUSH:
            return (polygons.with_stroke(shape, path, tool.paint.brush),)
        case PathUse.ERASER:
            return (polygons.without_stroke(shape, path, tool.paint.brush),)
        case PathUse.TOUCH_UP:
            first, last, inner = _between_vertices(shape, path)
            return (polygons.touched_up(shape, first, last, inner, flipped=tool.flipped),)
        case PathUse.SPLIT:
            return _divided(polygons.split(shape, *_both_ends(path)))
        case PathUse.SCISSORS:
            return (polygons.snipped(shape, lasso(path)),)
        case _:
            raise Refused(f"the {tool.use} is for bitmasks")


def _polyline(shape: Polyline, tool: PathTool, path: Ring) -> tuple[Shape, ...]:
    match tool.use:
        case PathUse.BRUSH:
            return (polylines.extended(shape, path, max(LEAST_REACH_PX, tool.paint.brush.size_px / 2)),)
        case PathUse.TOUCH_UP:
            first, last, inner = _between_vertices(shape, path)
            return (polylines.touched_up(shape, first[2], last[2], inner),)
        case PathUse.SPLIT:
            return _divided(polylines.split(shape, *_both_ends(path)))
        case PathUse.SCISSORS:
            return (polylines.snipped(shape, lasso(path)),)
        case _:
            raise Refused(f"the {tool.use} doesn't work on polylines", hint="x cuts points out, c splits the line")


def _between_vertices(shape: Polygon | Polyline, path: Ring) -> tuple[VertexAt, VertexAt, Ring]:
    """Return the vertices nearest to both ends of a path, the last one on the first one's ring, and what is between."""
    first = nearest_vertex(shape, (float(path[0][0]), float(path[0][1])))
    if first is None:
        raise InvalidShape("the shape has no vertices")
    distances = np.hypot(*(path_of(shape, first) - path[-1]).T)
    return first, (*first[:2], int(distances.argmin())), path[1:-1]


def _both_ends(path: Ring) -> tuple[Point, Point]:
    (x0, y0), (x1, y1) = path[0].tolist(), path[-1].tolist()
    return (x0, y0), (x1, y1)


def _divided(pieces: tuple[Shape, ...]) -> tuple[Shape, ...]:
    if len(pieces) < 2:
        raise InvalidShape("the line doesn't cross the label")
    return pieces


def lasso(path: Ring) -> Ring:
    """Return the area of a path: of two places the rectangle between them, of more the path closed.

    Raises:
        InvalidShape: there is one place only, or no area.
    """
    if len(path) > 2:
        return path
    (x0, y0), (x1, y1) = path[0], path[-1]
    if x0 == x1 or y0 == y1:
        raise InvalidShape("the area has no width or no height", hint="move the crosshair away from the first place")
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])


def falls_apart(before: Shape | None, after: Shape) -> bool:
    """Return whether a polygon has more parts than it had, and several."""
    parts = len(before.parts) if isinstance(before, Polygon) else 1
    return isinstance(after, Polygon) and len(after.parts) > max(1, parts)


# --- what is shown ---------------------------------------------------------------------------------


def cursor_outline(tool: PathTool) -> Ring | None:
    """Return the outline (n, 2) of the brush where the crosshair is; None of tools without one."""
    if tool.use not in BRUSHES:
        return None
    if tool.paint.brush.square:
        around = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    else:
        angles = np.linspace(0, 2 * np.pi, CIRCLE_POINTS, endpoint=False)
        around = np.column_stack([np.cos(angles), np.sin(angles)])
    outline: Ring = np.array(tool.crosshair) + around * (tool.paint.brush.size_px / 2)
    return outline


def path_outline(tool: PathTool) -> tuple[Ring, bool] | None:
    """Return the path (n, 2) that is being drawn and whether it is shown closed; None while there is none."""
    if not tool.path:
        return None
    points = np.array(tool.aimed, np.float64)
    if tool.use is PathUse.SCISSORS and len(points) == 2 and (points[0] != points[1]).all():
        return lasso(points), True
    return points, tool.use in {PathUse.SCISSORS, PathUse.PEN}


# --- pointer ---------------------------------------------------------------------------------------


def draw_path(start: Point) -> Generator[tuple[Point, ...], Point | None, tuple[Point, ...]]:
    """Draw a path from the place of the press; yields it so far, returns it at the release."""
    path: tuple[Point, ...] = (start,)
    place = yield path
    while place is not None:
        if abs(place[0] - path[-1][0]) + abs(place[1] - path[-1][1]) >= STEP_PX:
            path = (*path, place)
        place = yield path
    return path
