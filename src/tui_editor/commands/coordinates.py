"""Type coordinates: for the crosshair, a handle, vertices, or a whole box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands import drawing, geometry
from tui_editor.commands.command import Command, on
from tui_editor.commands.moving import within
from tui_editor.commands.objects import may_edit
from tui_editor.errors import UsageError
from tui_editor.model.shapes import Box, RotatedBox, Shape, ShapeKind
from tui_editor.state.tool import DrawTool, PinTool
from tui_editor.state.view import Mode
from tui_editor.tools import drafts
from tui_editor.tools.boxes import Typed, parse_place
from tui_editor.tools.handles import move_handle

if TYPE_CHECKING:
    from tui_editor.commands.context import Context


def _place_typed(context: Context) -> None:
    if context.argument:
        place(context, context.argument)
    else:
        hint = "120,40 or 120,40 200x80 or 10,10 50,10 50,40"
        context.front.ask_text("Place", "", lambda text: place(context, text), hint=hint)


def place(context: Context, text: str) -> None:
    """Put what is being drawn or edited at typed coordinates.

    `120,40` moves the crosshair or the handle, `120,40 200x80` makes the whole box, and several points are the vertices
    of a polygon or polyline that is being drawn.

    Raises:
        UsageError: the text is none of these, or makes no sense for this shape.
        Refused: the shape would lie outside of the frame, or has no extent.
    """
    typed, tool = parse_place(text), context.state.tool
    match tool:
        case DrawTool():
            _draw_at(context, tool, typed)
        case PinTool():
            context.store.set(tool=replace(tool, crosshair=within(context, typed.points[0])))
        case _:
            _edit_at(context, typed)


def _draw_at(context: Context, tool: DrawTool, typed: Typed) -> None:
    if typed.size is not None:
        drawing.keep(context, tool, _sized(context, tool, typed))
    elif len(typed.points) == 1:
        context.store.set(tool=replace(tool, crosshair=within(context, typed.points[0])))
    else:
        drawing.set_points(context, tool, [within(context, point) for point in typed.points])


def _sized(context: Context, tool: DrawTool, typed: Typed) -> Shape:
    box = Box(*typed.points[0], *(typed.size or (0.0, 0.0)))
    match tool.kind:
        case ShapeKind.BOX:
            return box
        case ShapeKind.ROTATED_BOX:
            return RotatedBox(box.x, box.y, box.width, box.height, 0.0)
        case ShapeKind.SKELETON if template := drawing.template_of(context, tool.class_id):
            return drafts.fit_template(template, box)
        case _:
            raise UsageError(f"{drawing.POINT_BY_POINT[tool.kind]} has no width and height", hint="write points: x,y")


def _edit_at(context: Context, typed: Typed) -> None:
    shape = geometry.label_shape(context)
    if typed.size is not None:
        if not isinstance(shape, Box | RotatedBox):
            raise UsageError("only boxes have a width and a height", hint="write one point: x,y")
        (x, y), (width, height) = typed.points[0], typed.size
        after: Shape = replace(shape, x=x, y=y, width=width, height=height)
    else:
        handle, (x, y) = geometry.current_handle(context)[0], typed.points[0]
        after = move_handle(shape, handle, x - handle.x, y - handle.y)
    geometry.put_shape(context, after, "geometry.place")


COMMANDS = (
    Command(
        id="geometry.place",
        title="Type coordinates",
        doc="Puts the handle, crosshair or whole box at typed numbers: 120,40 or 120,40 200x80; or several vertices.",
        run=_place_typed,
        keys=on("@", Mode.EDIT, Mode.DRAW),
        hint="type",
        takes="X,Y [WxH]",
        enabled=may_edit,
        group=geometry.GROUP,
    ),
)
