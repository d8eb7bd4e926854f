"""What the pointer does on the canvas, as commands with places: so that `.` and macros do it once more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands import brushes, drawing, geometry, strokes
from tui_editor.commands.command import Command
from tui_editor.commands.moving import within
from tui_editor.commands.objects import may_edit, needs_selection
from tui_editor.errors import Refused, UsageError
from tui_editor.state.tool import DrawTool, PathTool, PinTool
from tui_editor.text import one_line
from tui_editor.tools.boxes import parse_place
from tui_editor.tools.handles import Handle, HandleKind, handles_of, move_handle
from tui_editor.tools.vertices import insert_vertex, is_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui_editor.commands.context import Context
    from tui_editor.model.shapes import Shape
    from tui_editor.tools.boxes import Point

_HANDLE = re.compile(r"(\d{1,9})(?:\s+(.*))?")


# --- for whoever follows the pointer ---------------------------------------------------------------


def do(context: Context, command: str, argument: str = "") -> bool:
    """Run a command as a key would; what goes wrong is told to the user. Return whether it ran."""
    from tui_editor.commands.table import by_id, run  # the table is made of this module

    context.argument = argument
    return run(by_id()[command], context)


def places(points: Iterable[Point]) -> str:
    """Return places or distances in image pixels as an argument, to a millionth of a pixel."""
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def say_not_recorded(context: Context, what: str) -> None:
    """Say that something is no step of the macro that is being recorded."""
    name = context.loop.macros.recording
    if name:
        context.front.tell(f"{what} is no step of macro {name}: keys that go to objects are", severity="warning")


# --- reshape ---------------------------------------------------------------------------------------


def _by(text: str) -> Point:
    """Return the distance of an argument."""
    typed = parse_place(text)
    if len(typed.points) != 1 or typed.size is not None:
        raise UsageError(f"{one_line(text)} is no distance", hint="12,-5")
    return typed.points[0]


def _move(context: Context) -> None:
    geometry.move_selected(context, _by(context.argument), "geometry.move")


def numbered_handle(shape: Shape, text: str) -> tuple[Handle, str]:
    """Return the handle that an argument begins with, by its number from 1 on, and the rest of the argument.

    Raises:
        UsageError: it begins with no number.
        Refused: the shape has no such handle.
    """
    found, handles = _HANDLE.fullmatch(text.strip()), handles_of(shape)
    if found is None:
        raise UsageError(f"{one_line(text) or 'nothing'} begins with no handle's number", hint="3 12,-5")
    number = int(found[1])
    if not 0 < number <= len(handles):
        raise Refused(f"this label has no handle {number}")
    return handles[number - 1], found[2] or ""


def _drag(context: Context) -> None:
    shape = geometry.label_shape(context)
    handle, rest = numbered_handle(shape, context.argument)
    geometry.put_shape(context, move_handle(shape, handle, *_by(rest)), "geometry.drag")


def _add_vertex(context: Context) -> None:
    shape = geometry.label_shape(context)
    if not is_path(shape):
        raise Refused("only polygons and polylines have vertices that come and go")
    handle, rest = numbered_handle(shape, context.argument)
    if handle.kind is not HandleKind.VERTEX:
        raise Refused("that handle is no vertex")
    dx, dy = _by(rest)
    geometry.put_shape(
        context, insert_vertex(shape, handle.vertex, (handle.x + dx, handle.y + dy)), "geometry.add_vertex"
    )


# --- draw ------------------------------------------------------------------------------------------


def _points(context: Context) -> None:
    tool, points = context.state.tool, [within(context, point) for point in parse_place(context.argument).points]
    match tool:
        case DrawTool():
            drawing.set_points(context, tool, points)
        case PinTool() if context.loop.place_pin is not None:
            context.loop.place_pin(points[-1])
        case _:
            raise Refused("nothing is being drawn")


def _end(context: Context) -> None:
    tool = context.state.tool
    if not isinstance(tool, DrawTool) or not tool.points:
        raise Refused("nothing is being drawn")
    drawing.end(context, replace(tool, crosshair=tool.points[-1]))


def _stroke(context: Context) -> None:
    path = [within(context, point) for point in parse_place(context.argument).points]
    if not isinstance(context.state.tool, PathTool):
        raise Refused("no tool is in use", hint="‹tool.brush› takes the brush")
    strokes.finish(context, path)


COMMANDS = (
    Command(
        id="geometry.move",
        title="Move the labels",
        doc="Moves the selected labels on this frame by pixels, right and down: what a drag does.",
        run=_move,
        takes="DX,DY",
        enabled=needs_selection,
        group=geometry.GROUP,
    ),
    Command(
        id="geometry.drag",
        title="Move a handle",
        doc="Moves a handle of the label, by its number from 1 on, by pixels, right and down: what a drag of it does.",
        run=_drag,
        takes="HANDLE DX,DY",
        enabled=needs_selection,
        group=geometry.GROUP,
    ),
    Command(
        id="geometry.add_vertex",
        title="Add a vertex at a place",
        doc="Adds a vertex behind another one, so far from it: what a click on an edge does.",
        run=_add_vertex,
        takes="HANDLE DX,DY",
        enabled=needs_selection,
        group=geometry.GROUP,
    ),
    Command(
        id="draw.points",
        title="Set points at places",
        doc="Sets points of what is being drawn, or the pin: what clicks and drags do.",
        run=_points,
        takes="X,Y …",
        enabled=may_edit,
        group=drawing.GROUP,
    ),
    Command(
        id="draw.end",
        title="End with the points that are set",
        doc="Ends what is being drawn at its last point: what a click on that point does.",
        run=_end,
        enabled=may_edit,
        group=drawing.GROUP,
    ),
    Command(
        id="tool.stroke",
        title="Draw a path",
        doc="Does what the tool in the hand does along a path: what a drag does.",
        run=_stroke,
        takes="X,Y …",
        enabled=may_edit,
        group=brushes.GROUP,
    ),
)
