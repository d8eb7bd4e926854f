"""Draw a path by keys: move the crosshair, set places, end; size, shape and tolerance of the brush."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from tui_editor.commands import brushes, strokes
from tui_editor.commands.command import Command, on
from tui_editor.commands.moving import DIRECTIONS, image_direction, show_point, within
from tui_editor.errors import Refused, UsageError
from tui_editor.model.shapes import Polygon, Polyline, ShapeKind, coordinates
from tui_editor.state.tool import HandleTool, PathTool, PathUse
from tui_editor.state.view import Mode
from tui_editor.tools import hint_zoom
from tui_editor.tools.handles import HandleKind, handles_of

if TYPE_CHECKING:
    from tui_editor.commands.context import Context
    from tui_editor.model.ids import ClassId, InstanceId
    from tui_editor.tools.boxes import Point
    from tui_editor.tools.handles import Handle

GROUP = brushes.GROUP
STEP_PX, BIG_STEP_PX = 1, 10


# --- begin and end ---------------------------------------------------------------------------------


def begin(context: Context, use: PathUse, *, class_id: ClassId | None = None, begun: InstanceId | None = None) -> None:
    """Take a tool in the hand; the crosshair goes to the active handle, or to the middle of what is reshaped.

    Raises:
        Refused: nothing is selected that the tool could be for.
    """
    tool = context.state.tool
    if isinstance(tool, PathTool) and class_id is None:
        strokes.show(context, replace(tool, use=use, path=()))
        brushes.tell_tool(context)
        return
    window = _whole_frame(context)
    place = hint_zoom.center(window) if class_id is not None else _where(context)
    path = (place,) if use is PathUse.TOUCH_UP and _at_vertex(context) else ()
    made = PathTool(
        use=use,
        crosshair=place,
        window=window,
        paint=context.loop.paint,
        path=path,
        class_id=class_id,
        begun=begun,
    )
    context.store.set(mode=Mode.TOOL, tool=made, preview=None)
    brushes.tell_tool(context)


def start_brush(context: Context, class_id: ClassId, *, replaces: bool = False) -> None:
    """Begin a new polygon or bitmask by brush: the first stroke makes the instance, the next ones add to it.

    With `replaces` the strokes become the selected instance's label on this frame, not a new instance.

    Raises:
        Refused: the class is labelled with another kind of shape.
    """
    entry = context.state.project.ontology.find(class_id)
    if entry is None or entry.shape not in {ShapeKind.POLYGON, ShapeKind.BITMASK}:
        raise Refused("only polygons and bitmasks are painted")
    begin(context, PathUse.BRUSH, class_id=class_id, begun=context.selected() if replaces else None)
    context.loop.drawn = class_id


def _where(context: Context) -> Point:
    """Return the place of the handle that keys move, else the middle of the label."""
    handles = handles_of(strokes.shape_of(context, context.selected()))
    if not handles:
        raise Refused("this label has no geometry to edit")
    handle = _active_handle(context) or handles[-1]
    return within(context, (handle.x, handle.y))


def _active_handle(context: Context) -> Handle | None:
    tool = context.state.tool
    handles = handles_of(strokes.shape_of(context, context.selected()))
    return handles[tool.handle] if isinstance(tool, HandleTool) and 0 <= tool.handle < len(handles) else None


def _at_vertex(context: Context) -> bool:
    handle = _active_handle(context)
    return handle is not None and handle.kind is HandleKind.VERTEX


def _whole_frame(context: Context) -> hint_zoom.Window:
    width, height = context.state.unit.size(context.state.view.frame)
    return 0.0, 0.0, float(width), float(height)


# --- the crosshair ---------------------------------------------------------------------------------


def _aim(context: Context, tool: PathTool) -> None:
    """Put the crosshair elsewhere; a view that is zoomed in follows it."""
    strokes.show(context, tool)
    show_point(context, tool.crosshair)


def _hint(context: Context) -> None:
    tool = strokes.path_tool(context)
    if len(context.argument) != 1 or context.argument not in hint_zoom.KEYS:
        raise UsageError("write one of the nine keys", hint=" ".join(hint_zoom.KEYS))
    window = hint_zoom.zoomed(tool.window, context.argument, context.state.view.picture.quarter_turns)
    place = hint_zoom.corner(window, _whole_frame(context)[2:])
    _aim(context, replace(tool, window=window, crosshair=place, pointer=False))


def _move(by: int, context: Context) -> None:
    tool = strokes.path_tool(context)
    dx, dy = image_direction(context, context.argument)
    step = by * context.times
    place = within(context, (tool.crosshair[0] + dx * step, tool.crosshair[1] + dy * step))
    _aim(context, replace(tool, crosshair=place, pointer=False))


def _turn_vertex(by: int, context: Context) -> None:
    tool = strokes.path_tool(context)
    shape = strokes.shape_of(context, context.selected())
    if not isinstance(shape, Polygon | Polyline):
        raise Refused("only polygons and polylines have vertices")
    vertices = np.concatenate(coordinates(shape))
    nearest = int(np.hypot(*(vertices - tool.crosshair).T).argmin())
    at_it = bool((vertices[nearest] == tool.crosshair).all())
    x, y = vertices[(nearest + (by * context.times if at_it else 0)) % len(vertices)].tolist()
    _aim(context, replace(tool, crosshair=within(context, (x, y)), pointer=False))


def _set_place(context: Context) -> None:
    tool = strokes.path_tool(context)
    if tool.use is PathUse.FLOOD:
        strokes.finish(context, (tool.crosshair,))
        return
    if tool.path[-1:] == (tool.crosshair,):
        raise Refused("that place was just set", hint="move the crosshair, or ‹tool.end› ends")
    strokes.show(context, replace(tool, path=tool.aimed, window=_whole_frame(context), pointer=False))


def _enter(context: Context) -> None:
    tool = strokes.path_tool(context)
    if tool.path:
        strokes.finish(context, tool.aimed)
    elif tool.use is PathUse.FLOOD:
        strokes.finish(context, (tool.crosshair,))
    else:
        strokes.leave(context)


def _take_back(context: Context) -> None:
    tool, whole = strokes.path_tool(context), _whole_frame(context)
    if tool.path and tool.window == whole:
        strokes.show(context, replace(tool, path=tool.path[:-1], crosshair=tool.path[-1], pointer=False))
    else:
        strokes.show(context, replace(tool, window=whole, pointer=False))


def _flip(context: Context) -> None:
    tool = strokes.path_tool(context)
    strokes.show(context, replace(tool, flipped=not tool.flipped))


_HAS_ARCS = strokes.for_uses({PathUse.TOUCH_UP}, "only a touch-up has two arcs to choose from")

COMMANDS = (
    Command(
        id="tool.point",
        title="Set a place of the path",
        doc="Sets a place where the crosshair is: the path goes on from there. The flood begins there at once.",
        run=_set_place,
        keys=on("space", Mode.TOOL),
        hint="set place",
        enabled=strokes.in_use,
        group=GROUP,
    ),
    Command(
        id="tool.end",
        title="End the path",
        doc="Ends the path at the crosshair and does what the tool is for; without a path puts the tool away.",
        run=_enter,
        keys=on("enter", Mode.TOOL),
        hint="end",
        enabled=strokes.in_use,
        group=GROUP,
    ),
    Command(
        id="tool.back",
        title="Take the last place back",
        doc="Shows the 3×3 keys over the whole frame again; when they are, takes back the place that was set last.",
        run=_take_back,
        keys=on("backspace", Mode.TOOL),
        hint="take back",
        enabled=strokes.in_use,
        group=GROUP,
    ),
    Command(
        id="tool.leave",
        title="Put the tool away",
        doc="Drops the path that is being drawn; what was painted before is kept already.",
        run=strokes.leave,
        keys=on("escape", Mode.TOOL),
        hint="back",
        enabled=strokes.in_use,
        group=GROUP,
    ),
    Command(
        id="tool.hint",
        title="Zoom the crosshair into a ninth",
        doc="Puts the crosshair into the middle of the ninth that the key names: q w e / a s d / z x c.",
        run=_hint,
        keys=tuple(k for d in hint_zoom.KEYS for k in on(d, Mode.TOOL, argument=d)),
        hint="zoom in",
        takes="KEY",
        enabled=strokes.in_use,
        group=GROUP,
    ),
    Command(
        id="tool.move",
        title="Move the tool",
        doc="Moves the crosshair by a pixel, or by as many as the count says.",
        run=partial(_move, STEP_PX),
        keys=tuple(k for d in DIRECTIONS for k in on(d, Mode.TOOL, argument=d)),
        hint="move",
        count="pixels",
        takes="h|j|k|l",
        enabled=strokes.in_use,
        group=GROUP,
    ),
    Command(
        id="tool.move_ten",
        title="Move the tool by ten",
        doc="Moves the crosshair by ten pixels.",
        run=partial(_move, BIG_STEP_PX),
        keys=tuple(k for d in "hjkl" for k in on(d.upper(), Mode.TOOL, argument=d)),
        count="tens of pixels",
        takes="h|j|k|l",
        enabled=strokes.in_use,
        group=GROUP,
    ),
    Command(
        id="tool.next_vertex",
        title="Crosshair to the next vertex",
        doc="Puts the crosshair on the nearest vertex of the label; when it is on one, on the next.",
        run=partial(_turn_vertex, 1),
        keys=on("tab", Mode.TOOL),
        hint="vertex",
        count="vertices",
        enabled=strokes.in_use,
        group=GROUP,
    ),
    Command(
        id="tool.previous_vertex",
        title="Crosshair to the previous vertex",
        doc="Puts the crosshair on the nearest vertex of the label; when it is on one, on the previous.",
        run=partial(_turn_vertex, -1),
        keys=on("shift+tab", Mode.TOOL),
        count="vertices",
        enabled=strokes.in_use,
        group=GROUP,
    ),
    Command(
        id="tool.flip",
        title="The other arc",
        doc="Lets the touch-up replace the longer arc between its vertices, or the shorter one again.",
        run=_flip,
        keys=on("f", Mode.TOOL),
        hint="other arc",
        enabled=_HAS_ARCS,
        group=GROUP,
    ),
)
