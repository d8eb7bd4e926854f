"""The pointer draws the path of a tool: strokes and freehand lines by dragging, places by clicks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.commands import strokes
from tui_editor.commands.by_pointer import do, places
from tui_editor.commands.moving import within
from tui_editor.state.tool import PathTool, PathUse
from tui_editor.tools.paths import BRUSHES, STEP_PX, draw_path

if TYPE_CHECKING:
    from collections.abc import Generator

    from tui_editor.tools.boxes import Point
    from tui_editor.ui.screens.editor import EditorScreen
    from tui_editor.ui.widgets.frame_view import FrameView

RIGHT = 3
"""Number of the right button; it ends a path of clicks, as Enter does."""


class PathPointer:
    """Turns pointer events into paths; a path is one undo step, and Escape drops it."""

    def __init__(self, screen: EditorScreen) -> None:
        self._screen = screen
        self._gesture: Generator[tuple[Point, ...], Point | None, tuple[Point, ...]] | None = None
        self._before: tuple[Point, ...] = ()
        """The places that were set before the press."""

    def take(self, event: FrameView.Pointer, tool: PathTool) -> None:
        """Take one event while a tool is in the hand."""
        place = within(self._screen.context(), (event.x, event.y))
        match event.kind:
            case "down" if event.button == RIGHT:
                self._end(tool.path)
            case "down":
                self._press(place, tool)
            case "move" if self._gesture is not None:
                path = self._gesture.send(place)
                self._show(tool, (*self._before, *path[:-1]), path[-1])
            case "move":
                self._follow(place, tool)
            case "up":
                self._release(tool)
            case _:
                pass

    def cancel(self) -> None:
        """Forget the path that is being dragged."""
        if self._gesture is not None:
            self._gesture.close()
            self._gesture = None
            strokes.drop_path(self._screen.context())

    def _show(self, tool: PathTool, path: tuple[Point, ...], crosshair: Point) -> None:
        strokes.show(self._screen.context(), replace(tool, path=path, crosshair=crosshair, pointer=True))

    def _press(self, place: Point, tool: PathTool) -> None:
        self._before = tool.path
        self._gesture = draw_path(place)
        next(self._gesture)
        self._show(tool, tool.path, place)

    def _follow(self, place: Point, tool: PathTool) -> None:
        """Let the brush follow the pointer; a touch-up that was begun by a click goes on with every move."""
        path = tool.path
        if path and tool.use is PathUse.TOUCH_UP and _far(path[-1], place):
            path = (*path, place)
        self._show(tool, path, place)

    def _release(self, tool: PathTool) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return
        drawn: tuple[Point, ...] = ()
        try:
            gesture.send(None)
        except StopIteration as end:
            drawn = end.value
        whole = (*self._before, *drawn)
        if tool.use not in BRUSHES and self._goes_on(tool.use, clicked=len(drawn) == 1):
            self._show(tool, whole, whole[-1])
            return
        self._end(whole)

    def _end(self, path: tuple[Point, ...]) -> None:
        """Do what a path does; one that makes no sense is dropped."""
        if path and not do(self._screen.context(), "tool.stroke", places(path)):
            strokes.drop_path(self._screen.context())

    def _goes_on(self, use: PathUse, *, clicked: bool) -> bool:
        """Return whether more places are to come: a click sets the first one, of the pen any; Enter ends.

        Of the brushes a press and its release are a stroke of their own.
        """
        if use is PathUse.FLOOD or not clicked:
            return False
        return use is PathUse.PEN or not self._before


def _far(a: Point, b: Point) -> bool:
    return abs(a[0] - b[0]) + abs(a[1] - b[1]) >= STEP_PX
