"""The tools for bitmasks: threshold brush, flood, pen, panoptic mode, combining several."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands import brushes, paths
from tui_editor.commands.command import Command, on
from tui_editor.commands.objects import may_edit
from tui_editor.commands.polygons import needs
from tui_editor.edits import masks
from tui_editor.edits.masks import Panoptic
from tui_editor.errors import UsageError
from tui_editor.model.shapes import ShapeKind
from tui_editor.state.tool import PathUse
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.commands.context import Context

GROUP = paths.GROUP
_MASK = needs(ShapeKind.BITMASK)


def _take(use: PathUse, context: Context) -> None:
    paths.begin(context, use)


def _panoptic(context: Context) -> None:
    kinds = list(Panoptic)
    now = context.loop.paint.panoptic
    if context.argument:
        if context.argument not in kinds:
            raise UsageError(f"{one_line(context.argument)} is no panoptic mode", hint="off, overwrite or protect")
        after = Panoptic(context.argument)
    else:
        after = kinds[(kinds.index(now) + 1) % len(kinds)]
    brushes.set_paint(context, replace(context.loop.paint, panoptic=after))
    context.front.tell(f"panoptic mode: {after}")


def _may_be_panoptic(context: Context) -> str:
    """Return why the mode means nothing here; empty where pixels are painted or could be."""
    why = may_edit(context)
    ahead = not why and context.state.selected is None and context.state.tool is None
    return why if why or ahead else _MASK(context)


def _combine(context: Context) -> None:
    state, selected = context.state, context.selected()
    others = [key for key in state.selection if key != selected]
    patch = masks.combine(state.document, selected, others, state.frame, context.stamp())
    context.apply(patch, "bitmask.combine")
    context.store.select(selected)
    context.front.tell(f"{len(others) + 1} bitmasks are one: ‹edit.undo› brings back")


COMMANDS = (
    Command(
        id="bitmask.threshold",
        title="Threshold brush",
        doc="Adds to a bitmask what the brush covers and has the colour of where the stroke began.",
        run=partial(_take, PathUse.THRESHOLD),
        keys=on("T", Mode.EDIT) + on("t", Mode.TOOL),
        hint="threshold",
        enabled=_MASK,
        group=GROUP,
    ),
    Command(
        id="bitmask.flood",
        title="Flood",
        doc="Adds to a bitmask what hangs together with a place and has its colour.",
        run=partial(_take, PathUse.FLOOD),
        keys=on("F", Mode.EDIT, Mode.TOOL),
        hint="flood",
        enabled=_MASK,
        group=GROUP,
    ),
    Command(
        id="bitmask.pen",
        title="Polygon pen",
        doc="Adds to a bitmask what lies within a path.",
        run=partial(_take, PathUse.PEN),
        keys=on("p", Mode.EDIT, Mode.TOOL),
        hint="pen",
        enabled=_MASK,
        group=GROUP,
    ),
    Command(
        id="bitmask.panoptic",
        title="Panoptic mode",
        doc="Goes through off (masks may overlap), overwrite (a stroke takes pixels of other masks) and protect.",
        run=_panoptic,
        keys=on("n", Mode.EDIT, Mode.TOOL),
        hint="panoptic",
        takes="off|overwrite|protect",
        enabled=_may_be_panoptic,
        group=GROUP,
    ),
    Command(
        id="bitmask.combine",
        title="Combine the selected bitmasks",
        doc="Gives the bitmask that was selected last the pixels of all the others, whose labels go.",
        run=_combine,
        keys=on("g m", Mode.BROWSE) + on("C", Mode.EDIT),
        enabled=_MASK,
        group=GROUP,
    ),
)
