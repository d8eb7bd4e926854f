"""What the pointer does on the canvas: select, draw, drag handles, scroll, zoom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands import geometry, moving, view
from tui_editor.model.patch import Patch, compose
from tui_editor.model.shapes import Box, Shape
from tui_editor.state.tool import BoxTool, HandleTool, PinTool
from tui_editor.tools.drag import drag_handle, draw_box
from tui_editor.tools.handles import Handle, HandleKind, handles_of
from tui_editor.tools.hit import hit_test

if TYPE_CHECKING:
    from collections.abc import Generator

    from tui_editor.ui.screens.editor import EditorScreen
    from tui_editor.ui.widgets.frame_view import FrameView

HIT_RADIUS_SCREEN_PX = 10.0
WHEEL_ZOOM = 1.15


class PointerGestures:
    """Turns pointer events into selections and gestures; a gesture is one undo step, and Escape drops it."""

    def __init__(self, screen: EditorScreen) -> None:
        self._screen = screen
        self._gesture: Generator[Shape | None, tuple[float, float] | None, Shape | None] | None = None
        self._draws = False

    def take(self, event: FrameView.Pointer) -> None:
        """Take one event, in image pixels."""
        match event.kind:
            case "down":
                self._press((event.x, event.y))
            case "move":
                self._move((event.x, event.y))
            case "up":
                self._release()
            case "scroll":
                view.zoom_at(self._screen.context(), WHEEL_ZOOM**event.delta, (event.x, event.y))

    def cancel(self) -> None:
        """Drop what is being drawn or dragged; nothing stays behind."""
        if self._gesture is not None:
            self._gesture.close()
            self._gesture = None
            self._screen.store.set(preview=None)

    def _radius(self) -> float:
        return HIT_RADIUS_SCREEN_PX / max(moving.viewport(self._screen.context()).scale, 1e-6)

    def _press(self, place: tuple[float, float]) -> None:
        self.cancel()
        store = self._screen.store
        tool = store.state.tool
        if isinstance(tool, PinTool):
            if self._screen.loop.place_pin is not None:
                self._screen.loop.place_pin(place)
            return
        if isinstance(tool, BoxTool):
            width, height = store.state.unit.size(store.state.view.frame)
            self._begin(draw_box(place, (float(width), float(height))), draws=True)
            return
        handle = self._handle_at(place)
        if handle is not None:
            return
        hit = hit_test(store.state.document, store.state.frame, place, self._radius())
        if hit is None:
            store.select()
        elif hit.instance == store.state.selected and not store.state.read_only:
            self._drag_whole(place)
        else:
            store.select(hit.instance)

    def _handle_at(self, place: tuple[float, float]) -> Handle | None:
        """Begin to drag the selected label's handle under the pointer, if there is one."""
        shape = self._selected_shape()
        if shape is None or self._screen.store.state.read_only:
            return None
        radius = self._radius()
        near = [
            (n, h)
            for n, h in enumerate(handles_of(shape))
            if h.kind is not HandleKind.BODY and abs(h.x - place[0]) <= radius and abs(h.y - place[1]) <= radius
        ]
        if not near:
            return None
        number, handle = min(near, key=lambda item: (item[1].x - place[0]) ** 2 + (item[1].y - place[1]) ** 2)
        if isinstance(self._screen.store.state.tool, HandleTool):
            self._screen.store.set(tool=HandleTool(handle=number))
        self._begin(drag_handle(place, shape, handle))
        return handle

    def _drag_whole(self, place: tuple[float, float]) -> None:
        shape = self._selected_shape()
        if shape is not None:
            self._begin(drag_handle(place, shape, handles_of(shape)[-1]))

    def _selected_shape(self) -> Shape | None:
        state = self._screen.store.state
        if state.selected is None:
            return None
        label = state.document.label(state.selected, state.view.unit, state.view.frame)
        return label.shape if label and handles_of(label.shape) else None

    def _begin(
        self, gesture: Generator[Shape | None, tuple[float, float] | None, Shape | None], *, draws: bool = False
    ) -> None:
        next(gesture)
        self._gesture, self._draws = gesture, draws

    def _move(self, place: tuple[float, float]) -> None:
        if self._gesture is None:
            return
        shape = self._gesture.send(place)
        if shape is not None:
            self._screen.store.set(preview=self._preview(shape))

    def _preview(self, shape: Shape) -> Patch:
        """Return what the gesture would do if it ended now."""
        from tui_editor.edits.labels import create_instance, put_label

        context, state = self._screen.context(), self._screen.store.state
        tool = state.tool
        if self._draws and isinstance(tool, BoxTool):
            patch, _ = create_instance(
                state.document, state.project.ontology, tool.class_id, state.frame, shape, context.stamp()
            )
            return patch
        if state.selected is None:
            return compose()
        return put_label(state.document, state.selected, state.frame, shape, context.stamp())

    def _release(self) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return
        shape = None
        try:
            gesture.send(None)
        except StopIteration as end:
            shape = end.value
        self._screen.store.set(preview=None)
        if shape is None:
            return
        if self._draws and isinstance(shape, Box):
            self._screen.finish_box(shape)
        else:
            geometry.put_shape(self._screen.context(), shape, "geometry.drag")
