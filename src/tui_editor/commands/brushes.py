"""Size, shape and tolerance of the brush; a sitting remembers them from one tool to the next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands import strokes
from tui_editor.commands.command import Command, on
from tui_editor.edits.masks import Panoptic
from tui_editor.state.tool import Paint, PathTool, PathUse
from tui_editor.state.view import Mode
from tui_editor.tools.paths import BRUSHES

if TYPE_CHECKING:
    from tui_editor.commands.context import Context

GROUP = "Tools"
MOST_TOLERANCE = 200.0
_ADDS = frozenset({PathUse.BRUSH, PathUse.THRESHOLD, PathUse.FLOOD, PathUse.PEN})
"""What panoptic mode is for."""
_SIZE_STEP = 1.25
"""Factor of the brush's size without a count."""


def tell_tool(context: Context) -> None:
    """Tell which tool is in the hand, and how it is set."""
    context.front.tell(tool_words(strokes.path_tool(context)))


def tool_words(tool: PathTool) -> str:
    """Return which tool it is, and how it is set: `brush, 20 px round`."""
    paint = tool.paint
    words = [str(tool.use)]
    if tool.use in BRUSHES:
        words.append(f"{paint.brush.size_px:g} px {'square' if paint.brush.square else 'round'}")
    if tool.use in strokes.BY_COLOUR:
        words.append(f"tolerance {paint.tolerance:g}")
    if paint.panoptic is not Panoptic.OFF and tool.use in _ADDS:
        words.append(f"panoptic: {paint.panoptic}")
    return ", ".join(words)


def set_paint(context: Context, paint: Paint) -> None:
    """Paint so from now on, and tell it."""
    context.loop.paint = paint
    tool = context.state.tool
    if isinstance(tool, PathTool):
        strokes.show(context, replace(tool, paint=paint))
        tell_tool(context)


def _resize(by: int, context: Context) -> None:
    strokes.path_tool(context)
    paint = context.loop.paint
    size = paint.brush.size_px
    stepped = size + by * context.count if context.count else size * _SIZE_STEP**by
    if not context.count:
        stepped = max(round(stepped), size + 1) if by > 0 else min(round(stepped), size - 1)
    set_paint(context, replace(paint, brush=paint.brush.sized(stepped)))


def _toggle_square(context: Context) -> None:
    strokes.path_tool(context)
    paint = context.loop.paint
    set_paint(context, replace(paint, brush=replace(paint.brush, square=not paint.brush.square)))


def _tolerate(by: int, context: Context) -> None:
    strokes.path_tool(context)
    paint = context.loop.paint
    set_paint(context, replace(paint, tolerance=min(max(paint.tolerance + by * context.times, 0.0), MOST_TOLERANCE)))


_HAS_BRUSH = strokes.for_uses(BRUSHES, "this tool has no brush")
_SEES_COLOUR = strokes.for_uses(strokes.BY_COLOUR, "this tool doesn't look at colours")

COMMANDS = (
    Command(
        id="tool.larger",
        title="Larger brush",
        doc="Makes the brush larger by a quarter, or by as many pixels as the count says.",
        run=partial(_resize, 1),
        keys=on("]", Mode.TOOL),
        hint="larger",
        count="pixels",
        enabled=_HAS_BRUSH,
        group=GROUP,
    ),
    Command(
        id="tool.smaller",
        title="Smaller brush",
        doc="Makes the brush smaller by a fifth, or by as many pixels as the count says.",
        run=partial(_resize, -1),
        keys=on("[", Mode.TOOL),
        hint="smaller",
        count="pixels",
        enabled=_HAS_BRUSH,
        group=GROUP,
    ),
    Command(
        id="tool.square",
        title="Round or square brush",
        doc="Makes the brush a square, or a disc again.",
        run=_toggle_square,
        keys=on("v", Mode.TOOL),
        hint="round, square",
        enabled=_HAS_BRUSH,
        group=GROUP,
    ),
    Command(
        id="tool.more_tolerance",
        title="Tolerate more colours",
        doc="Lets the threshold brush and the flood take colours that differ more, by 1 or by the count.",
        run=partial(_tolerate, 1),
        keys=on("}", Mode.TOOL),
        count="steps of colour",
        enabled=_SEES_COLOUR,
        group=GROUP,
    ),
    Command(
        id="tool.less_tolerance",
        title="Tolerate fewer colours",
        doc="Lets the threshold brush and the flood take only colours that differ less, by 1 or by the count.",
        run=partial(_tolerate, -1),
        keys=on("{", Mode.TOOL),
        count="steps of colour",
        enabled=_SEES_COLOUR,
        group=GROUP,
    ),
)
