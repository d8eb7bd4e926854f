"""Draw boxes by key, and place pins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui_editor.commands.command import Command, on
from tui_editor.commands.geometry import BIG_NUDGE_PX, NUDGE_PX, finish_box
from tui_editor.commands.moving import DIRECTIONS, image_direction, within
from tui_editor.commands.objects import class_choices, find_class, may_edit
from tui_editor.errors import Refused, UsageError
from tui_editor.model.ids import ClassId
from tui_editor.model.shapes import ShapeKind
from tui_editor.state.tool import BoxTool, PinTool
from tui_editor.state.view import Mode
from tui_editor.tools import hint_zoom
from tui_editor.tools.boxes import box_between

if TYPE_CHECKING:
    from tui_editor.commands.context import Context

GROUP = "Drawing"


def _draw_box(context: Context) -> None:
    def picked(values: tuple[str, ...]) -> None:
        start_box(context, ClassId(values[0]))

    choices = class_choices(context, ShapeKind.BOX)
    if not choices:
        raise Refused("the ontology has no class that is labelled with a box")
    if context.argument:
        picked((find_class(context, context.argument).id,))
    elif len(choices) == 1:
        picked((choices[0].value,))
    else:
        context.front.pick("Draw a box of", choices, picked)


def start_box(context: Context, class_id: ClassId) -> None:
    """Begin to place a box of a class by keys."""
    width, height = context.state.unit.size(context.state.view.frame)
    window = (0.0, 0.0, float(width), float(height))
    tool = BoxTool(class_id=class_id, crosshair=hint_zoom.center(window), window=window)
    context.store.set(mode=Mode.DRAW, tool=tool)
    context.loop.drawn = class_id


def _draw_again(context: Context) -> None:
    if context.loop.drawn is None:
        raise Refused("nothing was drawn yet", hint="s b draws a box")
    start_box(context, context.loop.drawn)


def _drawing(context: Context) -> BoxTool | PinTool:
    tool = context.state.tool
    if not isinstance(tool, BoxTool | PinTool):
        raise Refused("nothing is being drawn")
    return tool


def _size(context: Context) -> tuple[float, float]:
    width, height = context.state.unit.size(context.state.view.frame)
    return float(width), float(height)


def _hint(context: Context) -> None:
    tool = _drawing(context)
    if len(context.argument) != 1 or context.argument not in hint_zoom.KEYS:
        raise UsageError("write one of the nine keys", hint=" ".join(hint_zoom.KEYS))
    window = hint_zoom.zoomed(tool.window, context.argument, context.state.view.picture.quarter_turns)
    context.store.set(tool=replace(tool, window=window, crosshair=hint_zoom.corner(window, _size(context))))


def _unzoom(context: Context) -> None:
    tool = _drawing(context)
    if isinstance(tool, BoxTool) and tool.corner is not None and tool.window[2:] == _size(context):
        context.store.set(tool=replace(tool, corner=None, crosshair=tool.corner))
        return
    context.store.set(tool=replace(tool, window=(0.0, 0.0, *_size(context))))


def _move_crosshair(context: Context, by: int) -> None:
    tool = _drawing(context)
    dx, dy = image_direction(context, context.argument)
    step = by * context.times
    place = tool.crosshair[0] + dx * step, tool.crosshair[1] + dy * step
    context.store.set(tool=replace(tool, crosshair=within(context, place)))


def _crosshair_one(context: Context) -> None:
    _move_crosshair(context, NUDGE_PX)


def _crosshair_ten(context: Context) -> None:
    _move_crosshair(context, BIG_NUDGE_PX)


def _set_corner(context: Context) -> None:
    tool = _drawing(context)
    if isinstance(tool, PinTool):
        _place_pin(context, tool)
    elif tool.corner is None:
        window = (0.0, 0.0, *_size(context))
        context.store.set(tool=replace(tool, corner=tool.crosshair, window=window))
    else:
        finish_box(context, tool, box_between(tool.corner, tool.crosshair, _size(context)))


def _place_pin(context: Context, tool: PinTool) -> None:
    if context.loop.place_pin is not None:
        context.loop.place_pin(tool.crosshair)


COMMANDS = (
    Command(
        id="draw.box",
        title="Draw a box",
        doc="Asks for the class, then for two corners: the 3×3 keys zoom in, hjkl move the crosshair, Enter sets it.",
        run=_draw_box,
        keys=on("s b"),
        hint="draw box",
        takes="CLASS",
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="draw.again",
        title="Draw another one",
        doc="Begins a box of the class that was drawn last.",
        run=_draw_again,
        keys=on(".", Mode.BROWSE),
        enabled=may_edit,
        group=GROUP,
    ),
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
        id="draw.unzoom",
        title="Begin the corner again",
        doc="Shows the 3×3 keys over the whole frame again; once more gives up the first corner.",
        run=_unzoom,
        keys=on("backspace", Mode.DRAW),
        hint="again",
        group=GROUP,
    ),
    Command(
        id="draw.move",
        title="Move the crosshair",
        doc="Moves the crosshair by a pixel, or by as many as the count says.",
        run=_crosshair_one,
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
        run=_crosshair_ten,
        keys=tuple(k for d in "hjkl" for k in on(d.upper(), Mode.DRAW, argument=d)),
        count="tens of pixels",
        takes="h|j|k|l",
        group=GROUP,
    ),
    Command(
        id="draw.corner",
        title="Set the corner",
        doc="Sets the first corner, then the second one: the box is made.",
        run=_set_corner,
        keys=on("enter", Mode.DRAW),
        hint="set corner",
        group=GROUP,
    ),
)
