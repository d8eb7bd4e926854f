"""The crosshair of drawing: zoom in by the 3×3 keys, move, snap, set a point, take one back, end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands import drawing
from tui_editor.commands.command import Command, on
from tui_editor.commands.geometry import BIG_NUDGE_PX, NUDGE_PX
from tui_editor.commands.moving import DIRECTIONS, image_direction, show_point, within
from tui_editor.errors import Refused, UsageError
from tui_editor.state.tool import DrawTool, PinTool
from tui_editor.state.view import Mode
from tui_editor.tools import drafts, hint_zoom

if TYPE_CHECKING:
    from tui_editor.commands.context import Context

GROUP = drawing.GROUP


def _drawing(context: Context) -> DrawTool | PinTool:
    tool = context.state.tool
    if not isinstance(tool, DrawTool | PinTool):
        raise Refused("nothing is being drawn")
    return tool


def aim(context: Context, tool: DrawTool | PinTool) -> None:
    """Put the crosshair elsewhere; a view that is zoomed in follows it."""
    context.store.set(tool=tool)
    show_point(context, tool.crosshair)


def _hint(context: Context) -> None:
    tool = _drawing(context)
    if len(context.argument) != 1 or context.argument not in hint_zoom.KEYS:
        raise UsageError("write one of the nine keys", hint=" ".join(hint_zoom.KEYS))
    window = hint_zoom.zoomed(tool.window, context.argument, context.state.view.picture.quarter_turns)
    size = drawing.whole_frame(context)[2:]
    aim(context, replace(tool, window=window, crosshair=hint_zoom.corner(window, size)))


def take_back(context: Context) -> None:
    """Show the 3×3 keys over the whole frame again, or take back the point that was set last."""
    tool, whole = _drawing(context), drawing.whole_frame(context)
    if isinstance(tool, DrawTool) and tool.points and tool.window == whole:
        context.store.set(tool=tool.taken_back)
        return
    context.store.set(tool=replace(tool, window=whole))


def _move(context: Context, by: int) -> None:
    tool = _drawing(context)
    dx, dy = image_direction(context, context.argument)
    step = by * context.times
    place = tool.crosshair[0] + dx * step, tool.crosshair[1] + dy * step
    aim(context, replace(tool, crosshair=within(context, place)))


def _move_one(context: Context) -> None:
    _move(context, NUDGE_PX)


def _move_ten(context: Context) -> None:
    _move(context, BIG_NUDGE_PX)


def _set_point(context: Context) -> None:
    tool = _drawing(context)
    if isinstance(tool, PinTool):
        _place_pin(context, tool)
    else:
        drawing.set_points(context, tool, (tool.crosshair,))


def _enter(context: Context) -> None:
    tool = _drawing(context)
    if isinstance(tool, DrawTool) and tool.kind not in drafts.POINTS:
        drawing.end(context, tool)
    else:
        _set_point(context)


def _place_pin(context: Context, tool: PinTool) -> None:
    if context.loop.place_pin is not None:
        context.loop.place_pin(tool.crosshair)


def _freehand(context: Context) -> None:
    context.loop.freehand = not context.loop.freehand
    context.front.tell("a drag draws a freehand line" if context.loop.freehand else "a drag sets one point")


COMMANDS = (
    Command(
        id="draw.hint",
        title="Zoom into a ninth",
        doc="Puts the crosshair into the middle of the ninth that the key names: q w e / a s d / z x c.",
        run=_hint,
        keys=tuple(k for d in hint_zoom.KEYS for k in on(d, Mode.DRAW, argument=d)),
        hint="zoom in",
        takes="KEY",
        group=GROUP,
    ),
    Command(
        id="draw.back",
        title="Take the last point back",
        doc="Shows the 3×3 keys over the whole frame again; when they are, takes back the point that was set last.",
        run=take_back,
        keys=on("backspace", Mode.DRAW),
        hint="back",
        group=GROUP,
    ),
    Command(
        id="draw.move",
        title="Move the crosshair",
        doc="Moves the crosshair by a pixel, or by as many as the count says.",
        run=_move_one,
        keys=tuple(k for d in DIRECTIONS for k in on(d, Mode.DRAW, argument=d)),
        hint="move",
        count="pixels",
        takes="h|j|k|l",
        group=GROUP,
    ),
    Command(
        id="draw.move_ten",
        title="Move the crosshair by ten",
        doc="Moves the crosshair by ten pixels.",
        run=_move_ten,
        keys=tuple(k for d in "hjkl" for k in on(d.upper(), Mode.DRAW, argument=d)),
        count="tens of pixels",
        takes="h|j|k|l",
        group=GROUP,
    ),
    Command(
        id="draw.point",
        title="Set a point",
        doc="Sets a corner, vertex or point where the crosshair is.",
        run=_set_point,
        keys=on("space", Mode.DRAW),
        hint="set point",
        group=GROUP,
    ),
    Command(
        id="draw.enter",
        title="Set the last point",
        doc="Sets a corner, or the pin; of a polygon and a polyline it sets the last vertex and ends the shape.",
        run=_enter,
        keys=on("enter", Mode.DRAW),
        hint="set, end",
        group=GROUP,
    ),
    Command(
        id="draw.freehand",
        title="Freehand or point by point",
        doc="Chooses what a drag of the mouse draws in polygons and polylines: a freehand line, or a single point.",
        run=_freehand,
        group=GROUP,
    ),
)
