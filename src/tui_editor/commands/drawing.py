"""Draw shapes: begin with a class, set points, keep what they make."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands import paths
from tui_editor.commands.command import Command, on
from tui_editor.commands.geometry import home_mode
from tui_editor.commands.objects import class_choices, find_class, may_edit
from tui_editor.edits import labels
from tui_editor.errors import Refused
from tui_editor.model.ids import ClassId
from tui_editor.model.ontology import ObjectClass
from tui_editor.model.shapes import ShapeKind, kind_of
from tui_editor.state.tool import DrawTool
from tui_editor.state.view import Mode
from tui_editor.tools import drafts, hint_zoom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.commands.context import Context
    from tui_editor.model.ontology import SkeletonTemplate
    from tui_editor.model.shapes import Shape

GROUP = "Drawing"
POINT_BY_POINT = {
    ShapeKind.BOX: "a box",
    ShapeKind.ROTATED_BOX: "a rotated box",
    ShapeKind.POLYGON: "a polygon",
    ShapeKind.POLYLINE: "a polyline",
    ShapeKind.KEYPOINT: "a keypoint",
    ShapeKind.SKELETON: "a skeleton",
}
"""The kinds that are drawn by setting points, and what people call one."""
_TWO_CORNERS = frozenset({ShapeKind.BOX, ShapeKind.SKELETON})
"""Their second corner is mostly near the first one."""


# --- begin -------------------------------------------------------------------------------------------


def _draw(kind: ShapeKind, context: Context) -> None:
    choices = class_choices(context, kind)
    if not choices:
        raise Refused(f"the ontology has no class that is labelled with {POINT_BY_POINT[kind]}")
    if context.argument:
        start(context, find_class(context, context.argument).id)
    elif len(choices) == 1:
        start(context, ClassId(choices[0].value))
    else:
        title = f"Draw {POINT_BY_POINT[kind]} of"
        context.front.pick(title, choices, lambda values: start(context, ClassId(values[0])))


def start(context: Context, class_id: ClassId, *, replaces: bool = False) -> None:
    """Begin to place a shape of a class, or to paint a bitmask.

    With `replaces` it becomes the selected instance's label on this frame, not a new instance.

    Raises:
        Refused: shapes of that class aren't drawn point by point, or the class has no template to place.
    """
    entry = context.state.project.ontology.find(class_id)
    if entry is not None and entry.shape is ShapeKind.BITMASK:
        paths.start_brush(context, class_id, replaces=replaces)
        return
    if entry is None or entry.shape not in POINT_BY_POINT:
        what = str(entry.shape).replace("_", " ") if entry else "nothing"
        raise Refused(f"a {what} is not drawn point by point")
    if entry.shape is ShapeKind.SKELETON and template_of(context, class_id) is None:
        raise Refused(f"{entry.name} has no skeleton template in the ontology")
    window = whole_frame(context)
    tool = DrawTool(
        class_id=class_id, kind=entry.shape, crosshair=hint_zoom.center(window), window=window, replaces=replaces
    )
    context.store.set(mode=Mode.DRAW, tool=tool)
    context.loop.drawn = class_id


def template_of(context: Context, class_id: ClassId) -> SkeletonTemplate | None:
    """Return the skeleton template of a class, None where it has none."""
    entry = context.state.project.ontology.find(class_id)
    return entry.skeleton if isinstance(entry, ObjectClass) else None


def whole_frame(context: Context) -> hint_zoom.Window:
    """Return the active frame as the window of the 3×3 keys."""
    width, height = context.state.unit.size(context.state.view.frame)
    return 0.0, 0.0, float(width), float(height)


def _draw_again(context: Context) -> None:
    if context.loop.drawn is None:
        raise Refused("nothing was drawn yet", hint="‹draw.box› draws a box")
    start(context, context.loop.drawn)


# --- points ------------------------------------------------------------------------------------------


def set_points(context: Context, tool: DrawTool, points: Sequence[tuple[float, float]]) -> None:
    """Add points; a kind of shape that needs no more of them is kept at once.

    Raises:
        Refused: a point lies where the last one was set, or the shape has no extent.
    """
    after = (*tool.points, *points)
    if any(a == b for a, b in pairwise(after)):
        raise Refused("a point lies where the one before was set", hint="move the crosshair first")
    needed = drafts.POINTS.get(tool.kind)
    window = hint_zoom.beside(whole_frame(context), after[-1]) if tool.kind in _TWO_CORNERS else whole_frame(context)
    tool = replace(tool, points=after[:needed], crosshair=after[-1], window=window)
    if needed is not None and len(after) >= needed:
        end(context, tool)
    else:
        context.store.set(tool=tool)


def end(context: Context, tool: DrawTool) -> None:
    """Keep the shape that the points make, the crosshair's included, and leave drawing.

    Raises:
        Refused: there are too few points, or they make no shape.
    """
    keep(context, tool, drafts.draft(tool.kind, tool.aimed, template_of(context, tool.class_id)))


def keep(context: Context, tool: DrawTool, shape: Shape | None) -> None:
    """Make a label of a drawn shape, and leave drawing."""
    good = drafts.finished(shape, tool.kind, whole_frame(context)[2:])
    if tool.replaces:
        state = context.state
        patch = labels.put_label(state.document, context.selected(), state.frame, good, context.stamp())
        context.apply(patch, f"draw.{tool.kind.name.lower()}")
    else:
        add_instance(context, tool.class_id, good)
    context.store.set(mode=home_mode(context), tool=None, preview=None)


def add_instance(context: Context, class_id: ClassId, shape: Shape) -> None:
    """Make a new instance of a class with this shape on the active frame, and select it."""
    state = context.state
    patch, made = labels.create_instance(
        state.document, state.project.ontology, class_id, state.frame, shape, context.stamp()
    )
    context.apply(patch, f"draw.{kind_of(shape).name.lower()}")
    context.store.select(made)


def _drawn(kind: ShapeKind, keys: str, how: str, hint: str = "") -> Command:
    name = kind.name.lower()
    return Command(
        id=f"draw.{name}",
        title=f"Draw {POINT_BY_POINT[kind]}",
        doc=f"Asks for the class, then for points: the 3×3 keys zoom in, hjkl move the crosshair. {how}",
        run=partial(_draw, kind),
        keys=on(keys),
        hint=hint,
        takes="CLASS",
        enabled=may_edit,
        group=GROUP,
    )


_BACK = "‹draw.back› takes the last one back, ‹draw.enter› ends."

COMMANDS = (
    _drawn(ShapeKind.BOX, "s b", "‹draw.enter› sets a corner, then the opposite one.", "draw box"),
    _drawn(ShapeKind.ROTATED_BOX, "s r", "‹draw.enter› sets both ends of one side, then a place on the opposite side."),
    _drawn(ShapeKind.POLYGON, "s p", f"‹draw.point› sets a vertex, {_BACK}"),
    _drawn(ShapeKind.POLYLINE, "s l", f"‹draw.point› sets a point, {_BACK}"),
    _drawn(ShapeKind.KEYPOINT, "s k", "‹draw.enter› sets it."),
    _drawn(ShapeKind.SKELETON, "s s", "‹draw.enter› sets two corners between which the template is placed."),
    Command(
        id="draw.again",
        title="Draw another one",
        doc="Begins a shape of the class that was drawn last.",
        run=_draw_again,
        enabled=may_edit,
        group=GROUP,
    ),
)
