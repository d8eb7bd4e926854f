"""What the pointer does between a press and its release; nothing changes in the document before the release."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from tui_editor.commands import geometry
from tui_editor.commands.by_pointer import do, places
from tui_editor.edits.labels import move_labels, put_label
from tui_editor.model.shapes import ShapeKind
from tui_editor.tools import drafts
from tui_editor.tools.drag import drag_handle
from tui_editor.tools.handles import HandleKind, handles_of
from tui_editor.tools.vertices import is_path, nearest_edge

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.commands.context import Context
    from tui_editor.model.patch import Patch
    from tui_editor.model.shapes import Shape
    from tui_editor.state.tool import DrawTool
    from tui_editor.tools.boxes import Point

CLICK_SCREEN_PX = 4.0
"""A pointer that moved less between press and release has clicked."""
FREEHAND_SCREEN_PX = 3.0
"""Distance between the points of a freehand line: a hand is not steadier, and more of them are no truer."""


class Gesture(Protocol):
    """Something that began with a press."""

    def move(self, place: Point) -> None:
        """The pointer went to a place, in image pixels: show what a release there would make."""

    def release(self) -> None:
        """The pointer was let go: do it."""

    def drop(self) -> None:
        """Leave everything as it was at the press."""


def _far(a: Point, b: Point, px: float) -> bool:
    return hypot(a[0] - b[0], a[1] - b[1]) >= px


def _between(a: Point, b: Point) -> Point:
    return b[0] - a[0], b[1] - a[1]


class DrawGesture:
    """Sets points of the shape that is being drawn: a click one, a drag both corners or a freehand line.

    Args:
        context: Gives the command's context anew.
        tool: What is being drawn, as it was at the press.
        place: Of the press, in image pixels.
        screen_px: A screen pixel's size in image pixels.
        radius_px: How near a click must be to the first or last point to end the shape, in image pixels.
    """

    def __init__(
        self, context: Callable[[], Context], tool: DrawTool, place: Point, *, screen_px: float, radius_px: float
    ) -> None:
        self._context, self._tool, self._start = context, tool, place
        self._screen_px, self._radius_px = screen_px, radius_px
        self._path = [place]
        self._dragged = False
        self._freehand = tool.kind not in drafts.POINTS and context().loop.freehand

    def move(self, place: Point) -> None:
        """Show the shape so far."""
        self._dragged = self._dragged or _far(place, self._start, CLICK_SCREEN_PX * self._screen_px)
        if self._freehand and _far(place, self._path[-1], FREEHAND_SCREEN_PX * self._screen_px):
            self._path.append(place)
        elif not self._freehand:
            self._path[1:] = [place]
        if self._dragged:
            points = (*self._tool.points, *self._path[: None if self._freehand else 1])
            self._context().store.set(tool=replace(self._tool, points=points, crosshair=place))

    def release(self) -> None:
        """Set the points."""
        context = self._context()
        context.store.set(tool=self._tool)
        points = self._tool.points
        if self._dragged and (self._freehand or self._tool.kind in _CORNERS):
            do(context, "draw.points", places(self._path))
        elif self._ends_at(points):
            do(context, "draw.end")
        else:
            do(context, "draw.points", places(self._path[-1:]))

    def _ends_at(self, points: tuple[Point, ...]) -> bool:
        """Return whether a click ends the shape: on the last point, or on the first one of a polygon."""
        if len(points) < drafts.LEAST.get(self._tool.kind, len(points) + 1):
            return False
        ends = (points[-1], points[0]) if self._tool.kind is ShapeKind.POLYGON else (points[-1],)
        return any(not _far(end, self._start, self._radius_px) for end in ends)

    def drop(self) -> None:
        """Go on with the points from before the press."""
        self._context().store.set(tool=self._tool)


_CORNERS = frozenset({ShapeKind.BOX, ShapeKind.SKELETON})


class ReshapeGesture:
    """Moves a handle of the selected label.

    Args:
        context: Gives the command's context anew.
        shape: Of the selected label at the press.
        number: Of the handle that was taken hold of, 0 the first.
        place: Of the press, in image pixels.
    """

    def __init__(self, context: Callable[[], Context], shape: Shape, number: int, place: Point) -> None:
        self._context, self._number, self._start, self._place = context, number, place, place
        self._drag = drag_handle(place, shape, handles_of(shape)[number])
        next(self._drag)

    def move(self, place: Point) -> None:
        """Show the label as it would be."""
        self._place = place
        shape, context = self._drag.send(place), self._context()
        state = context.state
        if shape is not None and state.selected is not None:
            patch = put_label(state.document, state.selected, state.frame, shape, context.stamp())
            context.store.set(preview=patch)

    def release(self) -> None:
        """Keep the label as it is shown."""
        after = self._end()
        self.drop()
        if after is not None:
            by = places([_between(self._start, self._place)])
            do(self._context(), "geometry.drag", f"{self._number + 1} {by}")

    def _end(self) -> Shape | None:
        try:
            self._drag.send(None)
        except StopIteration as end:
            made: Shape | None = end.value
            return made
        return None

    def drop(self) -> None:
        """Show the label as it is kept."""
        self._drag.close()
        self._context().store.set(preview=None)


class MoveGesture:
    """Moves the selected labels as they are; a click on an edge of a polygon or polyline adds a vertex there.

    Args:
        context: Gives the command's context anew.
        place: Of the press, in image pixels.
        screen_px: A screen pixel's size in image pixels.
        edge_px: How near to an edge a click adds a vertex, in image pixels.
    """

    def __init__(self, context: Callable[[], Context], place: Point, *, screen_px: float, edge_px: float) -> None:
        self._context, self._start, self._place = context, place, place
        self._screen_px, self._edge_px = screen_px, edge_px

    def move(self, place: Point) -> None:
        """Show the labels where they would be."""
        self._place = place
        context = self._context()
        context.store.set(preview=self._moved(context) if self._dragged() else None)

    def _dragged(self) -> bool:
        return _far(self._place, self._start, CLICK_SCREEN_PX * self._screen_px)

    def _moved(self, context: Context) -> Patch:
        state, by = context.state, _between(self._start, self._place)
        return move_labels(state.document, state.selection, state.frame, by, context.stamp())

    def release(self) -> None:
        """Keep the labels where they are shown."""
        self.drop()
        context = self._context()
        if self._dragged():
            do(context, "geometry.move", places([_between(self._start, self._place)]))
        else:
            self._add_vertex(geometry.label_shape(context))

    def _add_vertex(self, shape: Shape) -> None:
        hit = nearest_edge(shape, self._start) if is_path(shape) else None
        if hit is None or hit.distance_px > self._edge_px:
            return
        for number, handle in enumerate(handles_of(shape), start=1):
            if handle.kind is HandleKind.VERTEX and handle.vertex == hit.after:
                by = places([_between((handle.x, handle.y), self._start)])
                do(self._context(), "geometry.add_vertex", f"{number} {by}")
                return

    def drop(self) -> None:
        """Show the labels where they are kept."""
        self._context().store.set(preview=None)
