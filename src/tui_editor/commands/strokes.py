"""What a drawn path does: show it, do it, ask where a polygon falls into several parts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from tui_editor.commands.context import Choice
from tui_editor.commands.geometry import home_mode
from tui_editor.commands.objects import may_edit
from tui_editor.edits import labels, masks, shapes
from tui_editor.errors import InvalidShape, Refused, TuiEditorError
from tui_editor.model import mask_strokes, polygons
from tui_editor.model.mask_outlines import polygon_to_bitmask
from tui_editor.model.shapes import Bitmask, Polygon, Shape, ShapeKind, coordinates, kind_of
from tui_editor.state.tool import HandleTool, PathTool, PathUse
from tui_editor.state.view import Mode
from tui_editor.tools.handles import handles_of
from tui_editor.tools.paths import falls_apart, reshaped

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from tui_editor.commands.context import Context
    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.patch import Patch
    from tui_editor.tools.boxes import Point

ONCE = {PathUse.TOUCH_UP, PathUse.SPLIT, PathUse.SCISSORS}
"""Tools that are put away when they were used; the others go on with the next stroke."""
COMMAND_OF = {
    PathUse.BRUSH: "tool.brush",
    PathUse.ERASER: "tool.eraser",
    PathUse.THRESHOLD: "bitmask.threshold",
    PathUse.FLOOD: "bitmask.flood",
    PathUse.PEN: "bitmask.pen",
    PathUse.TOUCH_UP: "polygon.touch_up",
    PathUse.SPLIT: "polygon.split",
    PathUse.SCISSORS: "geometry.scissors",
}
"""The command under whose name the journal keeps what a path did."""
BY_COLOUR = {PathUse.THRESHOLD, PathUse.FLOOD}
SHOWN_VERTICES, SHOWN_POINTS = 4000, 300
"""Of larger polygons and longer paths the result isn't shown before it is done: to work it out takes too long."""
KEEP, SPLIT, LARGEST = "keep", "split", "largest"


def path_tool(context: Context) -> PathTool:
    """Return the tool with which a path is drawn.

    Raises:
        Refused: none is.
    """
    tool = context.state.tool
    if not isinstance(tool, PathTool):
        raise Refused(
            "no tool is in use", hint="‹geometry.edit› edits the selected label, ‹tool.brush› takes the brush"
        )
    return tool


def in_use(context: Context) -> str:
    """Return why there is no tool in the hand; empty when there is one."""
    why = may_edit(context)
    return why or ("" if isinstance(context.state.tool, PathTool) else "no tool is in use")


def for_uses(uses: Collection[PathUse], lacks: str) -> Callable[[Context], str]:
    """Return what tells why a command is for none of the tools but these: `lacks`; empty while one is in use."""

    def enabled(context: Context) -> str:
        why = in_use(context)
        tool = context.state.tool if context.task is not None else None
        return why or ("" if isinstance(tool, PathTool) and tool.use in uses else lacks)

    return enabled


def target(context: Context, tool: PathTool) -> InstanceId | None:
    """Return the instance that a path changes; None when it makes one.

    Raises:
        Refused: nothing is selected.
    """
    if tool.class_id is None:
        return context.selected()
    return tool.begun if tool.begun in context.state.document.instances else None


def shape_of(context: Context, instance: InstanceId) -> Shape:
    """Return an instance's shape on the active frame.

    Raises:
        Refused: it has no label there.
    """
    shape = shape_here(context, instance)
    if shape is None:
        raise Refused("the object has no label on this frame", hint="‹object.here› labels it here")
    return shape


def shape_here(context: Context, instance: InstanceId | None) -> Shape | None:
    """Return an instance's shape on the active frame, None when it has no label there."""
    state = context.state
    label = None if instance is None else state.document.label(instance, state.view.unit, state.view.frame)
    return None if label is None else label.shape


def kind_worked_on(context: Context, tool: PathTool) -> ShapeKind:
    """Return whether polygons, polylines or bitmasks are being worked on."""
    instance = target(context, tool)
    if tool.class_id is None and instance is not None:
        return kind_of(shape_of(context, instance))
    entry = context.state.project.ontology.find(tool.class_id) if tool.class_id is not None else None
    return entry.shape if entry is not None else ShapeKind.POLYGON


# --- show ------------------------------------------------------------------------------------------


def show(context: Context, tool: PathTool) -> None:
    """Take a tool's next state, and show what it would do if it ended now."""
    context.store.set(tool=tool, preview=_would_do(context, tool))


def _would_do(context: Context, tool: PathTool) -> Patch | None:
    if not tool.path or tool.use in BY_COLOUR:
        return None
    try:
        if kind_worked_on(context, tool) is ShapeKind.BITMASK:
            return mask_patch(context, tool, _stroke(context, tool, tool.aimed))[0] or None
        instance = target(context, tool)
        before = shape_here(context, instance)
        if len(tool.path) > SHOWN_POINTS or (before is not None and _is_large(before)):
            return None
        found = _shapes(context, tool, tool.aimed)
        if instance is None:
            return _made(context, tool, found[0])[0]
        return shapes.put_shapes(context.state.document, instance, _here(context), found, context.stamp())
    except TuiEditorError:
        return None  # what makes no sense yet isn't shown; at the end it is told


def _is_large(shape: Shape) -> bool:
    return sum(len(points) for points in coordinates(shape)) > SHOWN_VERTICES


def _here(context: Context) -> FrameRef:
    return context.state.frame


# --- do --------------------------------------------------------------------------------------------


def finish(context: Context, path: Sequence[Point]) -> None:
    """Do what the path does, as one step; the brushes stay in the hand.

    Raises:
        Refused: the tool isn't for this label, or nothing would be left of it.
        InvalidShape: the path makes no sense there.
    """
    tool = path_tool(context)
    if tool.use in BY_COLOUR:
        _by_colour(context, tool, path)
    elif kind_worked_on(context, tool) is ShapeKind.BITMASK:
        put_mask(context, tool, _stroke(context, tool, path))
    else:
        _reshape(context, tool, _shapes(context, tool, path))
    if tool.use in ONCE:
        leave(context)
    elif context.state.tool is tool:  # an instance that was made has set another one
        drop_path(context)


def drop_path(context: Context) -> None:
    """Forget the path that is being drawn; the tool stays in the hand."""
    tool = context.state.tool
    if isinstance(tool, PathTool):
        context.store.set(tool=replace(tool, path=(), flipped=False), preview=None)


def leave(context: Context) -> None:
    """Put the tool away: back to the handles of the label, or to where drawing was begun."""
    state = context.state
    tool = state.tool
    began = isinstance(tool, PathTool) and tool.class_id is not None
    label = None if state.selected is None else state.document.label(state.selected, state.view.unit, state.view.frame)
    handles = () if label is None or began else handles_of(label.shape)
    if handles:
        context.store.set(mode=Mode.EDIT, tool=HandleTool(handle=len(handles) - 1), preview=None)
    else:
        context.store.set(mode=home_mode(context), tool=None, preview=None)


def _shapes(context: Context, tool: PathTool, path: Sequence[Point]) -> tuple[Shape, ...]:
    before = shape_here(context, target(context, tool))
    if before is not None:
        return reshaped(before, tool, path)
    if tool.use is not PathUse.BRUSH:
        raise Refused("there is nothing yet that the tool could change", hint="‹tool.brush› takes the brush")
    return (polygons.stroke(np.array(path, np.float64), tool.paint.brush),)


def _reshape(context: Context, tool: PathTool, found: tuple[Shape, ...]) -> None:
    instance = target(context, tool)
    if instance is None:
        patch, made = _made(context, tool, found[0])
        context.apply(patch, "tool.brush")
        _go_on_with(context, tool, made)
    elif shape_here(context, instance) is None:
        state = context.state
        context.apply(labels.put_label(state.document, instance, state.frame, found[0], context.stamp()), "tool.brush")
    else:
        keep_parts(context, instance, found, COMMAND_OF[tool.use])


def _made(context: Context, tool: PathTool, shape: Shape) -> tuple[Patch, InstanceId]:
    assert tool.class_id is not None
    state = context.state
    return labels.create_instance(
        state.document, state.project.ontology, tool.class_id, state.frame, shape, context.stamp()
    )


def _go_on_with(context: Context, tool: PathTool, made: InstanceId) -> None:
    """Select the instance that the first stroke made: the next strokes add to it."""
    context.store.select(made)
    context.store.set(tool=replace(tool, path=(), crosshair=tool.aimed[-1], begun=made), preview=None)


# --- parts -----------------------------------------------------------------------------------------


def keep_parts(context: Context, instance: InstanceId, found: Sequence[Shape], command: str) -> None:
    """Give an instance the first of some shapes, new instances the others; ask what becomes of new parts.

    Raises:
        Refused: nothing would be left of the label.
    """
    first = found[0]
    if isinstance(first, Polygon) and not first.parts:
        raise Refused("nothing would be left of the polygon", hint="‹object.delete› deletes the label")
    put = partial(_put_shapes, context, instance, context.state.frame, command)
    if len(found) > 1 or not falls_apart(shape_of(context, instance), first) or not isinstance(first, Polygon):
        put(found)
        return
    pieces = polygons.pieces(first)
    choices = [
        Choice(value=KEEP, label=f"Keep the {len(pieces)} parts as one label", key="1"),
        Choice(value=SPLIT, label="Make an object of each part", key="2"),
        Choice(value=LARGEST, label="Keep the largest part only", key="3"),
    ]
    outcomes: dict[str, Sequence[Shape]] = {KEEP: [first], SPLIT: pieces, LARGEST: pieces[:1]}
    title = f"The polygon falls into {len(pieces)} parts"
    context.front.pick(title, choices, lambda values: put(outcomes[values[0]]))


def _put_shapes(context: Context, instance: InstanceId, at: FrameRef, command: str, found: Sequence[Shape]) -> None:
    patch = shapes.put_shapes(context.state.document, instance, at, found, context.stamp())
    context.apply(patch, command)
    if len(found) > 1:
        context.front.tell(f"{len(found) - 1} new object{'s' if len(found) > 2 else ''}: ‹edit.undo› brings back")


# --- bitmasks --------------------------------------------------------------------------------------


def _stroke(context: Context, tool: PathTool, path: Sequence[Point]) -> Bitmask:
    """Return the pixels of the frame that a path reaches."""
    size = context.state.unit.size(context.state.view.frame)
    points = np.array(path, np.float64).reshape(-1, 2)
    match tool.use:
        case PathUse.BRUSH | PathUse.ERASER | PathUse.THRESHOLD:
            return mask_strokes.stroke_mask(points, tool.paint.brush, size)
        case PathUse.PEN:
            if len(points) < 3:
                raise InvalidShape("the pen needs three places", hint="‹tool.point› sets one")
            return polygon_to_bitmask(Polygon(((points,),)), *size)
        case _:
            raise Refused(f"the {tool.use} is for polygons and polylines")


def mask_patch(context: Context, tool: PathTool, stroke: Bitmask) -> tuple[Patch, InstanceId | None]:
    """Return what painted pixels do, and the instance when they make one."""
    state, instance = context.state, target(context, tool)
    if tool.use is PathUse.ERASER:
        if instance is None:
            raise Refused("there is nothing yet that could be erased", hint="‹tool.brush› takes the brush")
        return masks.erase(state.document, instance, state.frame, stroke, context.stamp()), None
    panoptic = tool.paint.panoptic
    if instance is not None:
        return masks.paint(state.document, instance, state.frame, stroke, panoptic, context.stamp()), None
    assert tool.class_id is not None
    return masks.paint_new(
        state.document, state.project.ontology, tool.class_id, state.frame, stroke, panoptic, context.stamp()
    )


def put_mask(context: Context, tool: PathTool, stroke: Bitmask) -> None:
    """Do what painted pixels do; a stroke that changes nothing says so."""
    patch, made = mask_patch(context, tool, stroke)
    if not patch:
        context.front.tell("the stroke changes nothing", severity="warning")
        return
    context.apply(patch, COMMAND_OF[tool.use])
    if made is not None:
        _go_on_with(context, tool, made)


def _by_colour(context: Context, tool: PathTool, path: Sequence[Point]) -> None:
    """Paint what has the colour of where the path begins, when the pixels are there."""
    if kind_worked_on(context, tool) is not ShapeKind.BITMASK:
        raise Refused(f"the {tool.use} is for bitmasks")
    frame, paint = context.state.frame, tool.paint

    def done(found: Bitmask) -> None:
        if context.state.frame != frame or not isinstance(context.state.tool, PathTool):
            raise Refused("the frame or the tool was changed before the pixels were there")
        put_mask(context, replace(context.state.tool, use=tool.use, paint=paint), found)

    context.front.with_pixels(_colour_job(context, tool, path), done)


def _colour_job(context: Context, tool: PathTool, path: Sequence[Point]) -> Callable[[mask_strokes.Pixels], Bitmask]:
    paint = tool.paint
    if tool.use is PathUse.FLOOD:
        return lambda pixels: mask_strokes.flooded(pixels, path[-1], paint.tolerance)
    stroke = _stroke(context, tool, path)
    begin = _stroke(context, tool, path[:1])

    def job(pixels: mask_strokes.Pixels) -> Bitmask:
        return mask_strokes.like_colour(stroke, pixels, mask_strokes.mean_colour(begin, pixels), paint.tolerance)

    return job
