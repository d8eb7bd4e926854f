"""Reshape the selected label: turn, mirror, vertices that come and go, snap to edges, what of a skeleton is seen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands import drawing, geometry, moving
from tui_editor.commands.by_pointer import numbered_handle
from tui_editor.commands.command import Command, on
from tui_editor.commands.objects import may_edit, needs_selection
from tui_editor.errors import Refused
from tui_editor.model.shapes import Box, Polygon, Polyline, Shape, Skeleton, Visibility
from tui_editor.state.tool import DrawTool, HandleTool, PinTool
from tui_editor.state.view import Mode
from tui_editor.tools import reshape, snapping, vertices
from tui_editor.tools.handles import Handle, HandleKind, handles_of, move_handle

if TYPE_CHECKING:
    from tui_editor.commands.context import Context
    from tui_editor.model.frames import Frame
    from tui_editor.tools.boxes import Point

GROUP = geometry.GROUP
SNAP_SCREEN_PX = 24.0
"""How far on the screen an edge is looked for."""
LEAST_SNAP_PX, MOST_SNAP_PX = 4, 96
"""The same in image pixels, at every zoom."""


# --- as a whole --------------------------------------------------------------------------------------


def _turn(by: int, context: Context) -> None:
    shape = reshape.turned(geometry.label_shape(context), by * context.times)
    geometry.put_shape(context, shape, "geometry.turn")


def _mirror(context: Context) -> None:
    geometry.put_shape(context, reshape.mirrored(geometry.label_shape(context)), "geometry.mirror")


# --- vertices ----------------------------------------------------------------------------------------


def _path(context: Context) -> Polygon | Polyline:
    shape = geometry.label_shape(context)
    if not vertices.is_path(shape):
        raise Refused("only polygons and polylines have vertices that come and go")
    return shape


def _vertex(context: Context) -> Handle:
    handle = geometry.current_handle(context)[0]
    if handle.kind is not HandleKind.VERTEX:
        raise Refused("no vertex is chosen", hint="‹geometry.next_handle› goes through the vertices")
    return handle


def _insert(context: Context) -> None:
    shape, handle, number = _path(context), _vertex(context), geometry.current_handle(context)[1]
    middle = vertices.middle_after(shape, handle.vertex)
    if middle is None:
        raise Refused("no edge begins at the last point", hint="‹geometry.previous_handle› goes to the one before")
    geometry.put_shape(context, vertices.insert_vertex(shape, handle.vertex, middle), "geometry.insert_vertex")
    context.store.set(tool=HandleTool(handle=number + 1))


def _remove(context: Context) -> None:
    if context.argument:
        shape = _path(context)
        handle, _ = numbered_handle(shape, context.argument)
        if handle.kind is not HandleKind.VERTEX:
            raise Refused("that handle is no vertex")
        geometry.put_shape(context, vertices.remove_vertex(shape, handle.vertex), "geometry.remove_vertex")
    else:
        _remove_chosen(context)


def _remove_chosen(context: Context) -> None:
    shape = vertices.remove_vertex(_path(context), _vertex(context).vertex)
    number = geometry.current_handle(context)[1]
    geometry.put_shape(context, shape, "geometry.remove_vertex")
    # the body is the last handle: the next removal shall not be refused for it
    context.store.set(tool=HandleTool(handle=min(number, len(handles_of(shape)) - 2)))


# --- edges of the picture ----------------------------------------------------------------------------


def shown_frame(context: Context) -> Frame:
    """Return the picture that is shown.

    Raises:
        Refused: it is still being read.
    """
    frame = context.front.frame()
    if frame is None:
        raise Refused("the picture is not there yet")
    return frame


def _radius(context: Context) -> int:
    wanted = SNAP_SCREEN_PX / max(moving.viewport(context).scale, 1e-6)
    return int(min(max(wanted, LEAST_SNAP_PX), MOST_SNAP_PX))


def snapped_point(context: Context, point: Point) -> Point:
    """Return the nearest edge in the picture.

    Raises:
        Refused: there is none near, or no picture.
    """
    frame = shown_frame(context)
    share = frame.pixels.shape[1] / frame.full_size[0]
    found = snapping.snapped(frame.pixels, (point[0] * share, point[1] * share), max(2, int(_radius(context) * share)))
    if found is None:
        raise Refused("there is no edge near in the picture")
    return moving.within(context, (found[0] / share, found[1] / share))


def _snapped_box(context: Context, box: Box, handle: Handle) -> Shape:
    """Return the box whose sides at the handle were moved to the edges of the picture; the whole box moves all four."""
    sides = (handle,) if handle.kind is not HandleKind.BODY else tuple(h for h in handles_of(box) if 0 in h.sides)[:4]
    frame, after = shown_frame(context), box
    share, radius = frame.pixels.shape[1] / frame.full_size[0], _radius(context)
    for side in sides:
        here = side.x * share, side.y * share
        for axis, towards in enumerate(side.sides):
            if towards:
                along = (box.height if axis == 0 else box.width) / 2 * share
                at = snapping.snapped_side(
                    frame.pixels, here, max(2, int(radius * share)), upright=axis == 0, along_px=along
                )
                by = 0.0 if at is None else (at - here[axis]) / share
                one_side = Handle(
                    kind=HandleKind.EDGE,
                    name=side.name,
                    x=side.x,
                    y=side.y,
                    sides=(towards, 0) if axis == 0 else (0, towards),
                )
                moved = move_handle(after, one_side, by if axis == 0 else 0.0, by if axis else 0.0)
                assert isinstance(moved, Box)
                after = moved
    if after == box:
        raise Refused("there is no edge near in the picture")
    return after


def _snap(context: Context) -> None:
    tool = context.state.tool
    if isinstance(tool, DrawTool | PinTool):
        context.store.set(tool=replace(tool, crosshair=snapped_point(context, tool.crosshair)))
        return
    shape, handle = geometry.label_shape(context), geometry.current_handle(context)[0]
    if isinstance(shape, Box):
        geometry.put_shape(context, _snapped_box(context, shape, handle), "geometry.snap")
    else:
        x, y = snapped_point(context, (handle.x, handle.y))
        geometry.put_shape(context, move_handle(shape, handle, x - handle.x, y - handle.y), "geometry.snap")


# --- skeletons ---------------------------------------------------------------------------------------


def _skeleton(context: Context) -> Skeleton:
    shape = geometry.label_shape(context)
    if not isinstance(shape, Skeleton):
        raise Refused("only a skeleton's points are visible or hidden")
    return shape


def _see(seen: Visibility, context: Context) -> None:
    shape, handle = _skeleton(context), _vertex(context)
    after = reshape.with_visibility(shape, handle.vertex[2], seen)
    geometry.put_shape(context, after, "geometry.visibility")


def _complete(context: Context) -> None:
    shape, state = _skeleton(context), context.state
    template = drawing.template_of(context, state.document.instances[context.selected()].class_id)
    after = shape if template is None else reshape.completed(shape, template)
    if after is shape:
        raise Refused("the skeleton has all points of its template")
    geometry.put_shape(context, after, "geometry.complete")


_SEEN = {
    "v": (Visibility.VISIBLE, "visible"),
    "o": (Visibility.OCCLUDED, "occluded"),
    "s": (Visibility.SELF_OCCLUDED, "self-occluded"),
    "i": (Visibility.INVISIBLE, "invisible"),
}

COMMANDS = (
    Command(
        id="geometry.turn",
        title="Turn",
        doc="Turns the shape clockwise about its middle by a degree, or by the count.",
        run=partial(_turn, 1),
        keys=on("r", Mode.EDIT),
        hint="turn",
        count="degrees",
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="geometry.turn_back",
        title="Turn back",
        doc="Turns the shape anticlockwise about its middle by a degree, or by the count.",
        run=partial(_turn, -1),
        keys=on("R", Mode.EDIT),
        count="degrees",
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="geometry.mirror",
        title="Mirror",
        doc="Exchanges left and right of a skeleton, polygon, polyline or rotated box about its middle.",
        run=_mirror,
        keys=on("|", Mode.EDIT),
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="geometry.insert_vertex",
        title="Insert a vertex",
        doc="Adds a vertex in the middle of the edge behind the chosen one, and goes to it.",
        run=_insert,
        keys=on("I", Mode.EDIT),
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="geometry.remove_vertex",
        title="Remove the vertex",
        doc="Takes the chosen vertex away, or the one of a number; a polygon keeps three, a polyline two.",
        run=_remove,
        keys=on("D, delete", Mode.EDIT),
        takes="HANDLE",
        enabled=needs_selection,
        group=GROUP,
    ),
    Command(
        id="geometry.snap",
        title="Snap to the picture",
        doc="Moves the crosshair, vertex or side to the nearest edge in the picture; of a whole box all four sides.",
        run=_snap,
        keys=on("=", Mode.EDIT, Mode.DRAW),
        hint="snap",
        enabled=may_edit,
        group=GROUP,
    ),
    *(
        Command(
            id=f"geometry.{name.replace('-', '_')}",
            title=f"Point {name}",
            doc=f"Says that the chosen point of the skeleton is {name}.",
            run=partial(_see, seen),
            keys=on(f"v {key}", Mode.EDIT),
            enabled=needs_selection,
            group=GROUP,
        )
        for key, (seen, name) in _SEEN.items()
    ),
    Command(
        id="geometry.complete",
        title="Add the missing points",
        doc="Gives a skeleton the points of its template that it lacks, invisible, where the template has them.",
        run=_complete,
        keys=on("v a", Mode.EDIT),
        enabled=needs_selection,
        group=GROUP,
    ),
)
