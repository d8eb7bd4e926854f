"""What the pointer does on the canvas: select, draw, drag handles, scroll, zoom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands import moving, view
from tui_editor.commands.by_pointer import do, places, say_not_recorded
from tui_editor.commands.label_menu import open_menu
from tui_editor.commands.objects import needs_selection
from tui_editor.state.tool import DrawTool, HandleTool, PathTool, PinTool
from tui_editor.tools.handles import Handle, HandleKind, handles_of
from tui_editor.tools.hit import hit_test
from tui_editor.tools.vertices import is_path, nearest_edge
from tui_editor.ui.gestures import DrawGesture, MoveGesture, ReshapeGesture
from tui_editor.ui.path_pointer import RIGHT, PathPointer

if TYPE_CHECKING:
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.shapes import Shape
    from tui_editor.tools.boxes import Point
    from tui_editor.ui.gestures import Gesture
    from tui_editor.ui.screens.editor import EditorScreen
    from tui_editor.ui.widgets.frame_view import FrameView

HIT_RADIUS_SCREEN_PX = 10.0
WHEEL_ZOOM = 1.15


class PointerGestures:
    """Turns pointer events into selections and gestures; a gesture is one undo step, and Escape drops it."""

    def __init__(self, screen: EditorScreen) -> None:
        self._screen = screen
        self._gesture: Gesture | None = None
        self._paths = PathPointer(screen)

    def take(self, event: FrameView.Pointer) -> None:
        """Take one event, in image pixels."""
        tool = self._screen.store.state.tool
        if isinstance(tool, PathTool) and event.kind != "scroll":
            self._paths.take(event, tool)
            return
        place = event.x, event.y
        match event.kind:
            case "down" if event.button == RIGHT:
                self._press_right(place)
            case "down":
                self._press(place, more=event.shift)
            case "move":
                if self._gesture is not None:
                    self._gesture.move(place)
            case "up":
                self._release()
            case "scroll":
                view.zoom_at(self._screen.context(), WHEEL_ZOOM**event.delta, place)

    def cancel(self) -> None:
        """Drop what is being drawn or dragged; nothing stays behind."""
        self._paths.cancel()
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.drop()

    def _release(self) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.release()

    def _screen_px(self) -> float:
        """Return a screen pixel's size in image pixels."""
        return 1 / max(moving.viewport(self._screen.context()).scale, 1e-6)

    def _radius(self) -> float:
        return HIT_RADIUS_SCREEN_PX * self._screen_px()

    def _press(self, place: Point, *, more: bool) -> None:
        self.cancel()
        tool = self._screen.store.state.tool
        if isinstance(tool, PinTool):
            do(self._screen.context(), "draw.points", places([place]))
        elif isinstance(tool, DrawTool):
            inside = moving.within(self._screen.context(), place)
            self._gesture = DrawGesture(
                self._screen.context, tool, inside, screen_px=self._screen_px(), radius_px=self._radius()
            )
        elif more or not self._take_handle(place):
            self._select(place, more=more)

    def _press_right(self, place: Point) -> None:
        """Take the last point back while drawing; take away the selected label's vertex there; else open the menu."""
        self.cancel()
        if isinstance(self._screen.store.state.tool, DrawTool):
            do(self._screen.context(), "draw.back")
            return
        shape = self._selected_shape()
        found = None if shape is None else self._near(shape, place)
        if is_path(shape) and found is not None:
            do(self._screen.context(), "geometry.remove_vertex", str(found[0] + 1))
        else:
            self._open_menu(place)

    def _open_menu(self, place: Point) -> None:
        """Open the menu of the label under the pointer."""
        store = self._screen.store
        hit = hit_test(
            store.state.document, store.state.frame, place, self._radius(), hidden=store.state.display.hidden
        )
        if hit is None:
            return
        if hit.instance not in store.state.selection:
            self._select_one(hit.instance)
        context = self._screen.context()
        why = needs_selection(context)
        if why:
            self._screen.tell(why, severity="warning")
        else:
            open_menu(context)

    def _select(self, place: Point, *, more: bool) -> None:
        store = self._screen.store
        if not more and self._on_own_edge(place):
            self._begin_move(place)
            return
        hit = hit_test(store.state.document, store.state.frame, place, self._radius())
        if more:
            if hit is not None:
                others = tuple(i for i in store.state.selection if i != hit.instance)
                self._select_one(*others, *(() if hit.instance in store.state.selection else (hit.instance,)))
        elif hit is None:
            do(self._screen.context(), "object.deselect")
        elif hit.instance in store.state.selection and not store.state.read_only:
            self._begin_move(place)
        else:
            self._select_one(hit.instance)

    def _select_one(self, *instances: InstanceId) -> None:
        """Select what was clicked; a macro goes to objects by keys, for it is played at others."""
        self._screen.store.select(*instances)
        say_not_recorded(self._screen.context(), "a click on an object")

    def _on_own_edge(self, place: Point) -> bool:
        """Return whether a place is on an edge of the selected polygon or polyline; others may lie below it."""
        shape = self._selected_shape()
        return (
            not self._screen.store.state.read_only
            and is_path(shape)
            and nearest_edge(shape, place).distance_px <= self._radius()
        )

    def _begin_move(self, place: Point) -> None:
        self._gesture = MoveGesture(self._screen.context, place, screen_px=self._screen_px(), edge_px=self._radius())

    def _take_handle(self, place: Point) -> bool:
        """Begin to drag the selected label's handle under the pointer; return whether there is one."""
        shape = self._selected_shape()
        found = None if shape is None or self._screen.store.state.read_only else self._near(shape, place)
        if shape is None or found is None:
            return False
        number, _ = found
        if isinstance(self._screen.store.state.tool, HandleTool):
            self._screen.store.set(tool=HandleTool(handle=number))
        self._gesture = ReshapeGesture(self._screen.context, shape, number, place)
        return True

    def _near(self, shape: Shape, place: Point) -> tuple[int, Handle] | None:
        radius = self._radius()
        near = [
            (n, h)
            for n, h in enumerate(handles_of(shape))
            if h.kind is not HandleKind.BODY and abs(h.x - place[0]) <= radius and abs(h.y - place[1]) <= radius
        ]
        return min(near, key=lambda item: (item[1].x - place[0]) ** 2 + (item[1].y - place[1]) ** 2, default=None)

    def _selected_shape(self) -> Shape | None:
        state = self._screen.store.state
        if state.selected is None:
            return None
        label = state.document.label(state.selected, state.view.unit, state.view.frame)
        return label.shape if label and handles_of(label.shape) else None
