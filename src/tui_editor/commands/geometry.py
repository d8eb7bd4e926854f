"""Reshape the selected label by key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui_editor.commands.command import Command, on
from tui_editor.commands.moving import DIRECTIONS, image_direction, within
from tui_editor.commands.objects import may_edit, needs_selection
from tui_editor.edits import labels
from tui_editor.errors import Refused
from tui_editor.model.shapes import Box, RotatedBox, Shape
from tui_editor.model.workflow import StageKind
from tui_editor.state.tool import BoxTool, HandleTool, PinTool
from tui_editor.state.view import Mode
from tui_editor.tools.boxes import parse_place
from tui_editor.tools.handles import Handle, grown, handles_of, move_handle

if TYPE_CHECKING:
    from tui_editor.commands.context import Context
    from tui_editor.model.ids import ClassId

GROUP = "Geometry"
NUDGE_PX = 1
BIG_NUDGE_PX = 10


def home_mode(context: Context) -> Mode:
    """Return the mode to go back to: review in a review stage, else browse."""
    kind = context.state.project.stage_kind(context.state.document.status)
    return Mode.REVIEW if kind in {StageKind.REVIEW, StageKind.CONSENSUS_REVIEW} else Mode.BROWSE


def _label_shape(context: Context) -> Shape:
    state = context.state
    label = state.document.label(context.selected(), state.view.unit, state.view.frame)
    if label is None:
        raise Refused("the object has no label on this frame", hint="r labels it here")
    return label.shape


# --- edit ------------------------------------------------------------------------------------------


def _edit(context: Context) -> None:
    handles = handles_of(_label_shape(context))
    if not handles:
        raise Refused("this label has no geometry to edit")
    # The last handle moves the whole shape: the first nudge does what one expects of it.
    context.store.set(mode=Mode.EDIT, tool=HandleTool(handle=len(handles) - 1))


def _leave(context: Context) -> None:
    context.store.set(mode=home_mode(context), tool=None, preview=None)


def _handle(context: Context) -> tuple[Handle, int, int]:
    handles = handles_of(_label_shape(context))
    tool = context.state.tool
    if not isinstance(tool, HandleTool) or not handles:
        raise Refused("nothing is being edited", hint="e edits the selected label")
    at = min(tool.handle, len(handles) - 1)
    return handles[at], at, len(handles)


def _turn_handle(context: Context, by: int) -> None:
    _, at, count = _handle(context)
    after = (at + by) % count
    context.store.set(tool=HandleTool(handle=after))


def _next_handle(context: Context) -> None:
    _turn_handle(context, context.times)


def _previous_handle(context: Context) -> None:
    _turn_handle(context, -context.times)


def put_shape(context: Context, shape: Shape, command: str) -> None:
    """Give the selected instance this shape on the active frame."""
    state = context.state
    patch = labels.put_label(state.document, context.selected(), state.frame, shape, context.stamp())
    context.apply(patch, command)


def _nudge(context: Context, by: int) -> None:
    dx, dy = image_direction(context, context.argument or "l")
    step = by * context.times
    shape = move_handle(_label_shape(context), _handle(context)[0], dx * step, dy * step)
    put_shape(context, shape, "geometry.nudge")


def _nudge_one(context: Context) -> None:
    _nudge(context, NUDGE_PX)


def _nudge_ten(context: Context) -> None:
    _nudge(context, BIG_NUDGE_PX)


def _grow(context: Context, by: int) -> None:
    shape = _label_shape(context)
    if not isinstance(shape, Box | RotatedBox):
        raise Refused("only boxes grow and shrink for now")
    put_shape(context, grown(shape, by), "geometry.grow")


def _grow_more(context: Context) -> None:
    _grow(context, context.times)


def _shrink(context: Context) -> None:
    _grow(context, -context.times)


def _place_typed(context: Context) -> None:
    def typed(text: str) -> None:
        place(context, text)

    if context.argument:
        typed(context.argument)
    else:
        context.front.ask_text("Place", "", typed, hint="120,40 or 120,40 200x80")


def place(context: Context, text: str) -> None:
    """Put what is being drawn or edited at typed coordinates: `120,40`, or `120,40 200x80` for a whole box."""
    point, size = parse_place(text)
    tool = context.state.tool
    if isinstance(tool, BoxTool):
        if size is not None:
            finish_box(context, tool, Box(*point, *size))
        else:
            context.store.set(tool=replace(tool, crosshair=within(context, point)))
    elif isinstance(tool, PinTool):
        context.store.set(tool=replace(tool, crosshair=within(context, point)))
    elif size is not None:
        put_shape(context, Box(*point, *size), "geometry.place")
    else:
        handle = _handle(context)[0]
        shape = move_handle(_label_shape(context), handle, point[0] - handle.x, point[1] - handle.y)
        put_shape(context, shape, "geometry.place")


def finish_box(context: Context, tool: BoxTool, box: Box) -> None:
    """Make the box that was being drawn, and leave drawing."""
    if box.width <= 0 or box.height <= 0:
        raise Refused("the two corners are on one line", hint="move the crosshair away from the first corner")
    add_box(context, tool.class_id, box)
    context.store.set(mode=home_mode(context), tool=None)


def add_box(context: Context, class_id: ClassId, box: Box) -> None:
    """Make a new instance of a class with this box on the active frame, and select it."""
    state = context.state
    patch, made = labels.create_instance(
        state.document, state.project.ontology, class_id, state.frame, box, context.stamp()
    )
    context.apply(patch, "draw.box")
    context.store.select(made)


COMMANDS = (
    Command(
        id="geometry.edit",
        title="Edit the shape",
        doc="Goes into edit mode: Tab goes through the handles, hjkl nudge by a pixel, HJKL by ten, @ types numbers.",
        run=_edit,
        keys=on("e"),
        hint="edit",
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="geometry.leave",
        title="Leave editing or drawing",
        doc="Goes back to the loop; what was edited is kept already, what was being drawn is dropped.",
        run=_leave,
        keys=on("escape, q", Mode.EDIT) + on("escape", Mode.DRAW),
        hint="back",
        group=GROUP,
    ),
    Command(
        id="geometry.next_handle",
        title="Next handle",
        doc="Goes to the next corner, edge or point; the last one moves the whole shape.",
        run=_next_handle,
        keys=on("tab", Mode.EDIT),
        hint="handle",
        group=GROUP,
    ),
    Command(
        id="geometry.previous_handle",
        title="Previous handle",
        doc="Goes to the previous corner, edge or point.",
        run=_previous_handle,
        keys=on("shift+tab", Mode.EDIT),
        group=GROUP,
    ),
    Command(
        id="geometry.nudge",
        title="Nudge",
        doc="Moves the handle by a pixel, or by as many as the count says.",
        run=_nudge_one,
        keys=tuple(k for d in DIRECTIONS for k in on(d, Mode.EDIT, argument=d)),
        hint="nudge",
        count="pixels",
        takes="h|j|k|l",
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="geometry.nudge_ten",
        title="Nudge by ten",
        doc="Moves the handle by ten pixels.",
        run=_nudge_ten,
        keys=tuple(k for d in "hjkl" for k in on(d.upper(), Mode.EDIT, argument=d)),
        count="tens of pixels",
        takes="h|j|k|l",
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="geometry.grow",
        title="Grow",
        doc="Moves every side of a box outwards by a pixel, or by the count.",
        run=_grow_more,
        keys=on("s", Mode.EDIT),
        hint="grow",
        count="pixels",
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="geometry.shrink",
        title="Shrink",
        doc="Moves every side of a box inwards by a pixel, or by the count.",
        run=_shrink,
        keys=on("S", Mode.EDIT),
        count="pixels",
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="geometry.place",
        title="Type coordinates",
        doc="Puts the handle, crosshair or whole box at typed numbers: 120,40 or 120,40 200x80.",
        run=_place_typed,
        keys=on("@", Mode.EDIT, Mode.DRAW),
        hint="type",
        takes="X,Y [WxH]",
        enabled=may_edit,
        group=GROUP,
    ),
)
