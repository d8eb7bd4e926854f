"""The tools for polygons and polylines: brush, eraser, touch-up, split, scissors, merge, subtract, simplify."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui_editor.commands import paths, strokes
from tui_editor.commands.command import Command, on
from tui_editor.commands.context import Choice
from tui_editor.commands.geometry import home_mode
from tui_editor.commands.objects import may_edit
from tui_editor.edits import shapes
from tui_editor.errors import Refused, UsageError
from tui_editor.model import polygons, polylines
from tui_editor.model.ids import InstanceId, from_text, to_text
from tui_editor.model.shapes import Polygon, Polyline, Shape, ShapeKind
from tui_editor.state import selectors
from tui_editor.state.tool import PathTool, PathUse
from tui_editor.state.view import Mode
from tui_editor.text import one_line
from tui_editor.tools.paths import falls_apart

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.commands.context import Context

GROUP = paths.GROUP
TENTH_PX = 0.1
TOLERANCE_PX = 1.0
"""Of simplifying without a count."""
MOST_TOLERANCE_PX = 1000.0


def needs(*kinds: ShapeKind) -> Callable[[Context], str]:
    """Return what tells why a tool can't be taken: nothing of these kinds is selected here, or being painted."""
    names = " or ".join(str(kind) for kind in kinds)

    def enabled(context: Context) -> str:
        why = may_edit(context)
        if why:
            return why
        state = context.state
        if isinstance(state.tool, PathTool) and state.tool.class_id is not None:
            return "" if strokes.kind_worked_on(context, state.tool) in kinds else f"what is painted is no {names}"
        if state.selected is None:
            return "nothing is selected"
        track = state.document.track(state.selected, state.view.unit)
        if track is None or track.row_of(state.view.frame) is None:
            return "the object has no label on this frame"
        return "" if track.kind in kinds else f"the label is no {names}"

    return enabled


_PATHS = needs(ShapeKind.POLYGON, ShapeKind.POLYLINE)
_POLYGON = needs(ShapeKind.POLYGON)
_AREA = needs(ShapeKind.POLYGON, ShapeKind.BITMASK)
_ANY = needs(ShapeKind.POLYGON, ShapeKind.POLYLINE, ShapeKind.BITMASK)


def scissors_offered(context: Context) -> str:
    """Return why the scissors aren't offered: in review never, else without a polygon or polyline."""
    if context.task is not None and home_mode(context) is Mode.REVIEW:
        return "the scissors are not offered in review"
    return _PATHS(context)


def _take(use: PathUse, context: Context) -> None:
    paths.begin(context, use)


# --- with another ----------------------------------------------------------------------------------


def _pick_other(context: Context, title: str, done: Callable[[InstanceId, Polygon], None]) -> None:
    """Ask for another polygon of the frame; an argument names it, or a second one is selected already."""
    selected = context.selected()
    found = _others(context, selected)
    if not found:
        raise Refused("there is no other polygon on this frame")
    state = context.state
    names = {
        key: one_line(selectors.instance_name(state.project.ontology, state.document.instances[key])) for key in found
    }
    if context.argument:
        key = next((k for k, name in names.items() if name == context.argument), None)
        if key is None:
            raise UsageError(f"there is no polygon {one_line(context.argument)} on this frame")
        done(key, found[key])
    elif len(state.selection) == 2 and state.selection[0] in found:
        done(state.selection[0], found[state.selection[0]])
    else:
        choices = [
            Choice(value=to_text(key), label=name, key=str(n) if n < 10 else "")
            for n, (key, name) in enumerate(names.items(), start=1)
        ]
        context.front.pick(title, choices, lambda values: _picked(found, values[0], done))


def _picked(found: dict[InstanceId, Polygon], value: str, done: Callable[[InstanceId, Polygon], None]) -> None:
    key = InstanceId(from_text(value))
    done(key, found[key])


def _others(context: Context, selected: InstanceId) -> dict[InstanceId, Polygon]:
    state = context.state
    found = {}
    for key in state.document.on_frame(state.view.unit, state.view.frame):
        label = None if key == selected else state.document.label(key, state.view.unit, state.view.frame)
        if label is not None and isinstance(label.shape, Polygon) and key not in state.display.hidden:
            found[key] = label.shape
    return found


def _selected_polygon(context: Context) -> Polygon:
    shape = strokes.shape_of(context, context.selected())
    if not isinstance(shape, Polygon):
        raise Refused("the label is no polygon")
    return shape


def _merge(context: Context) -> None:
    mine, selected, frame = _selected_polygon(context), context.selected(), context.state.frame

    def done(other: InstanceId, taken: Polygon) -> None:
        both = polygons.merged(mine, taken)

        def go_on(shape: Shape) -> None:
            patch = shapes.take_in(context.state.document, selected, [other], frame, shape, context.stamp())
            context.apply(patch, "polygon.merge")
            context.store.select(selected)

        _ask_apart(context, mine, both, go_on)

    _pick_other(context, "Merge with", done)


def _ask_apart(context: Context, before: Polygon, after: Polygon, go_on: Callable[[Shape], None]) -> None:
    """Go on with a merged polygon; ask first where the two don't touch."""
    if not falls_apart(before, after):
        go_on(after)
        return
    text = f"They don't touch: one label of {len(after.parts)} parts will be kept."
    context.front.confirm("Merge polygons", text, lambda: go_on(after))


def _subtract(context: Context) -> None:
    mine, selected = _selected_polygon(context), context.selected()

    def done(_: InstanceId, taken: Polygon) -> None:
        strokes.keep_parts(context, selected, [polygons.subtracted(mine, taken)], "polygon.subtract")

    _pick_other(context, "Subtract", done)


# --- simplify --------------------------------------------------------------------------------------


def _simplify(context: Context) -> None:
    tolerance = _tolerance(context)
    shape = strokes.shape_of(context, context.selected())
    match shape:
        case Polygon():
            fewer: Shape = polygons.simplified(shape, tolerance)
        case Polyline():
            fewer = polylines.simplified(shape, tolerance)
        case _:
            raise Refused("only polygons and polylines have vertices")
    before, after = _vertices(shape), _vertices(fewer)
    if after < before:
        strokes.keep_parts(context, context.selected(), [fewer], "polygon.simplify")
    context.front.tell(f"{before} vertices, {after} left at {tolerance:g} px")


def _tolerance(context: Context) -> float:
    """Return how far an outline may move: the argument in pixels, else the count in tenths, else a pixel."""
    if not context.argument:
        return min(context.count * TENTH_PX, MOST_TOLERANCE_PX) if context.count else TOLERANCE_PX
    try:
        typed = float(context.argument)
    except ValueError:
        typed = 0.0
    if not 0 < typed <= MOST_TOLERANCE_PX:
        raise UsageError("write how many pixels the outline may move", hint="simplify 1.5")
    return typed


def _vertices(shape: Shape) -> int:
    if isinstance(shape, Polygon):
        return sum(len(ring) for part in shape.parts for ring in part)
    return len(shape.points) if isinstance(shape, Polyline) else 0


COMMANDS = (
    Command(
        id="tool.brush",
        title="Brush",
        doc="Adds to a polygon or bitmask what a brush covers; goes on with a polyline, or replaces a part of it.",
        run=partial(_take, PathUse.BRUSH),
        keys=on("b", Mode.EDIT, Mode.TOOL),
        hint="brush",
        enabled=_ANY,
        group=GROUP,
    ),
    Command(
        id="tool.eraser",
        title="Eraser",
        doc="Takes from a polygon or bitmask what the brush covers.",
        run=partial(_take, PathUse.ERASER),
        keys=on("g", Mode.EDIT, Mode.TOOL),
        hint="eraser",
        enabled=_AREA,
        group=GROUP,
    ),
    Command(
        id="polygon.touch_up",
        title="Touch up an edge",
        doc="Redraws the outline between two vertices: the path's ends choose them. The shorter arc gives way.",
        run=partial(_take, PathUse.TOUCH_UP),
        keys=on("f", Mode.EDIT),
        hint="touch up",
        enabled=_PATHS,
        group=GROUP,
    ),
    Command(
        id="polygon.merge",
        title="Merge with another polygon",
        doc="Adds another polygon of the frame to the selected one; the other label goes.",
        run=_merge,
        keys=on("m", Mode.EDIT),
        hint="merge",
        takes="OBJECT",
        enabled=_POLYGON,
        group=GROUP,
    ),
    Command(
        id="polygon.subtract",
        title="Subtract another polygon",
        doc="Takes the area of another polygon of the frame from the selected one; the other stays.",
        run=_subtract,
        keys=on("M", Mode.EDIT),
        hint="subtract",
        takes="OBJECT",
        enabled=_POLYGON,
        group=GROUP,
    ),
    Command(
        id="polygon.split",
        title="Split by a line",
        doc="Divides a polygon or polyline along a line through two places; what is cut off becomes a new object.",
        run=partial(_take, PathUse.SPLIT),
        keys=on("c", Mode.EDIT),
        hint="split",
        enabled=_PATHS,
        group=GROUP,
    ),
    Command(
        id="polygon.simplify",
        title="Simplify",
        doc="Leaves out vertices within a pixel of the outline, or within as many tenths as the count says.",
        run=_simplify,
        keys=on("t", Mode.EDIT),
        hint="simplify",
        takes="PIXELS",
        count="tenths of a pixel",
        enabled=_PATHS,
        group=GROUP,
    ),
    Command(
        id="geometry.scissors",
        title="Scissors",
        doc="Cuts vertices out of a polygon or polyline: those in the rectangle between two places, or within a path.",
        run=partial(_take, PathUse.SCISSORS),
        keys=on("w x", Mode.BROWSE, Mode.EDIT) + on("x", Mode.EDIT),
        hint="scissors",
        enabled=scissors_offered,
        group=GROUP,
    ),
)
