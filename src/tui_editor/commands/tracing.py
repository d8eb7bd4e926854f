"""Trace an outline along the edges of the picture while a polygon or a polyline is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from tui_editor.commands import drawing, moving
from tui_editor.commands.command import Command, on
from tui_editor.commands.reshaping import shown_frame
from tui_editor.errors import Refused
from tui_editor.model.shapes import ShapeKind
from tui_editor.state.tool import DrawTool
from tui_editor.state.view import Mode
from tui_editor.tools import edge_paths

if TYPE_CHECKING:
    from tui_editor.commands.context import Context
    from tui_editor.tools.boxes import Point

_TRACED = frozenset({ShapeKind.POLYGON, ShapeKind.POLYLINE})


def _tracing(context: Context) -> DrawTool:
    tool = context.state.tool
    if not isinstance(tool, DrawTool) or tool.kind not in _TRACED:
        raise Refused("only the outlines of polygons and polylines follow edges")
    if not tool.points:
        raise Refused("an edge is followed from the point before", hint="‹draw.point› sets the first one")
    return tool


def _between(context: Context, start: Point, end: Point) -> list[Point]:
    """Return the points of an edge of the picture from one place to another, without both, in image pixels."""
    frame = shown_frame(context)
    share = frame.pixels.shape[1] / frame.full_size[0]
    found = edge_paths.edge_path(frame.pixels, (start[0] * share, start[1] * share), (end[0] * share, end[1] * share))
    places = np.round(found / share, 1).tolist()
    return [moving.within(context, (x, y)) for x, y in places]


def _follow(context: Context) -> None:
    tool = _tracing(context)
    if tool.points[-1] == tool.crosshair:
        raise Refused("a point lies where the one before was set", hint="move the crosshair first")
    points = (*_between(context, tool.points[-1], tool.crosshair), tool.crosshair)
    before = len(tool.points)
    drawing.set_points(context, replace(tool, traced=(*tool.traced, (before, before + len(points)))), points)


def _follow_to_the_end(context: Context) -> None:
    tool = _tracing(context)
    points = tool.points
    if points[-1] != tool.crosshair:
        points = (*points, *_between(context, points[-1], tool.crosshair), tool.crosshair)
    if tool.kind is ShapeKind.POLYGON:
        points = (*points, *_between(context, points[-1], points[0]))
    drawing.end(context, replace(tool, points=points, crosshair=points[-1]))


COMMANDS = (
    Command(
        id="draw.follow",
        title="Set a point along the edge",
        doc="Sets a point where the crosshair is; the outline follows the edge in the picture from the point before.",
        run=_follow,
        keys=on("f", Mode.DRAW),
        hint="follow edge",
        group=drawing.GROUP,
    ),
    Command(
        id="draw.follow_end",
        title="End along the edge",
        doc="Sets the last point and ends the shape; a polygon follows the edge back to its first point as well.",
        run=_follow_to_the_end,
        keys=on("F", Mode.DRAW),
        group=drawing.GROUP,
    ),
)
