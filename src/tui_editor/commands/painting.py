"""Begin new polygons and bitmasks by brush."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui_editor.commands import paths
from tui_editor.commands.command import Command, on
from tui_editor.commands.objects import class_choices, find_class, may_edit
from tui_editor.errors import Refused
from tui_editor.model.ids import ClassId
from tui_editor.model.shapes import ShapeKind
from tui_editor.state.tool import DrawTool
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from tui_editor.commands.context import Context

GROUP = "Drawing"


def _paint(kind: ShapeKind, context: Context) -> None:
    choices = class_choices(context, kind)
    if not choices:
        raise Refused(f"the ontology has no class that is labelled with a {kind}")
    if context.argument:
        paths.start_brush(context, find_class(context, context.argument).id)
    elif len(choices) == 1:
        paths.start_brush(context, ClassId(choices[0].value))
    else:
        context.front.pick(f"Paint a {kind} of", choices, lambda values: paths.start_brush(context, ClassId(values[0])))


def _with_brush(context: Context) -> None:
    tool = context.state.tool
    if not isinstance(tool, DrawTool) or tool.kind is not ShapeKind.POLYGON or tool.replaces:
        raise Refused("only a new polygon can be painted")
    paths.start_brush(context, tool.class_id)


COMMANDS = (
    Command(
        id="draw.bitmask",
        title="Paint a bitmask",
        doc=(
            "Asks for the class, then paints: ‹tool.point› begins a stroke, ‹tool.end› ends it. The next strokes add "
            "to the mask."
        ),
        run=partial(_paint, ShapeKind.BITMASK),
        keys=on("s m"),
        takes="CLASS",
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="draw.painted_polygon",
        title="Paint a polygon",
        doc="Asks for the class, then paints a polygon with the brush; the next strokes add to it.",
        run=partial(_paint, ShapeKind.POLYGON),
        keys=on("s P"),
        takes="CLASS",
        enabled=may_edit,
        group=GROUP,
    ),
    Command(
        id="draw.with_brush",
        title="Go on with the brush",
        doc="Paints the polygon that is being drawn with the brush, in place of setting its vertices.",
        run=_with_brush,
        keys=on("b", Mode.DRAW),
        enabled=may_edit,
        group=GROUP,
    ),
)
