"""Reshape the selected label by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.command import Command, on
from tui_editor.commands.moving import DIRECTIONS, image_direction
from tui_editor.commands.objects import needs_selection
from tui_editor.edits import labels
from tui_editor.errors import Refused
from tui_editor.model.shapes import translated
from tui_editor.model.workflow import StageKind
from tui_editor.state.tool import HandleTool
from tui_editor.state.view import Mode
from tui_editor.tools.drafts import check_inside, lies_outside
from tui_editor.tools.handles import Handle, HandleKind, handles_of, move_handle
from tui_editor.tools.reshape import grown

if TYPE_CHECKING:
    from tui_editor.commands.context import Context
    from tui_editor.model.shapes import Shape

GROUP = "Geometry"
NUDGE_PX = 1
BIG_NUDGE_PX = 10


def home_mode(context: Context) -> Mode:
    """Return the mode to go back to: review in a review stage, else browse."""
    kind = context.state.project.stage_kind(context.state.document.status)
    return Mode.REVIEW if kind in {StageKind.REVIEW, StageKind.CONSENSUS_REVIEW} else Mode.BROWSE


def label_shape(context: Context) -> Shape:
    """Return the shape of the selected instance's label on the active frame.

    Raises:
        Refused: it has none there.
    """
    state = context.state
    label = state.document.label(context.selected(), state.view.unit, state.view.frame)
    if label is None:
        raise Refused("the object has no label on this frame", hint="‹object.here› labels it here")
    return label.shape


# --- edit ------------------------------------------------------------------------------------------


def _edit(context: Context) -> None:
    handles = handles_of(label_shape(context))
    if not handles:
        raise Refused("this label has no geometry to edit")
    # The last handle moves the whole shape: the first nudge does what one expects of it.
    context.store.set(mode=Mode.EDIT, tool=HandleTool(handle=len(handles) - 1))


def _leave(context: Context) -> None:
    context.store.set(mode=home_mode(context), tool=None, preview=None)


def current_handle(context: Context) -> tuple[Handle, int, int]:
    """Return the handle that keys move, its number, and how many there are.

    Raises:
        Refused: no label is being edited.
    """
    handles = handles_of(label_shape(context))
    tool = context.state.tool
    if not isinstance(tool, HandleTool) or not handles:
        raise Refused("nothing is being edited", hint="‹geometry.edit› edits the selected label")
    at = min(tool.handle, len(handles) - 1)
    return handles[at], at, len(handles)


def _turn_handle(context: Context, by: int) -> None:
    _, at, count = current_handle(context)
    after = (at + by) % count
    context.store.set(tool=HandleTool(handle=after))


def _next_handle(context: Context) -> None:
    _turn_handle(context, context.times)


def _previous_handle(context: Context) -> None:
    _turn_handle(context, -context.times)


def put_shape(context: Context, shape: Shape, command: str) -> None:
    """Give the selected instance this shape on the active frame.

    Raises:
        Refused: it would leave the frame.
    """
    state = context.state
    width, height = state.unit.size(state.view.frame)
    old = state.document.label(context.selected(), state.view.unit, state.view.frame)
    if old is None or not lies_outside(old.shape, (width, height)):  # one that is outside may be brought back in steps
        check_inside(shape, (width, height))
    patch = labels.put_label(state.document, context.selected(), state.frame, shape, context.stamp())
    context.apply(patch, command)


def move_selected(context: Context, by_px: tuple[float, float], command: str) -> None:
    """Move the labels of the selection on the active frame by (dx, dy) pixels.

    Raises:
        Refused: there are none, or one would leave the frame.
    """
    state, size = context.state, context.state.unit.size(context.state.view.frame)
    found = [(i, state.document.label(i, state.view.unit, state.view.frame)) for i in state.selection]
    if all(label is None for _, label in found):
        raise Refused("the object has no label on this frame", hint="‹object.here› labels it here")
    for _, label in found:
        if label is not None and not lies_outside(label.shape, size):
            check_inside(translated(label.shape, *by_px), size)
    patch = labels.move_labels(state.document, state.selection, state.frame, by_px, context.stamp())
    context.apply(patch, command)


def _nudge(context: Context, by: int) -> None:
    dx, dy = image_direction(context, context.argument or "l")
    step, handle, state = by * context.times, current_handle(context)[0], context.state
    if handle.kind is HandleKind.BODY and len(state.selection) > 1:
        move_selected(context, (float(dx * step), float(dy * step)), "geometry.nudge")
    else:
        put_shape(context, move_handle(label_shape(context), handle, dx * step, dy * step), "geometry.nudge")


def _nudge_one(context: Context) -> None:
    _nudge(context, NUDGE_PX)


def _nudge_ten(context: Context) -> None:
    _nudge(context, BIG_NUDGE_PX)


def _grow(context: Context, by: int) -> None:
    put_shape(context, grown(label_shape(context), by), "geometry.grow")


def _grow_more(context: Context) -> None:
    _grow(context, context.times)


def _shrink(context: Context) -> None:
    _grow(context, -context.times)


COMMANDS = (
    Command(
        id="geometry.edit",
        title="Edit the shape",
        doc=(
            "Goes into edit mode: ‹geometry.next_handle› goes through the handles, hjkl nudge by a pixel, HJKL by ten, "
            "‹geometry.place› types numbers."
        ),
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
)
