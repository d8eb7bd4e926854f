"""The canvases of the editor: one, or those of the project's layout, of which one is active."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.containers import Horizontal, Vertical

from tui_editor.state.task_state import MAIN
from tui_editor.state.view import Mode
from tui_editor.text import one_line
from tui_editor.ui.widgets.bars import Bar
from tui_editor.ui.widgets.frame_view import FrameView
from tui_editor.ui.widgets.rows import BOLD, DIM, WARN

if TYPE_CHECKING:
    from textual.widget import Widget

    from tui_editor.media.service import FrameService
    from tui_editor.model.editor_layouts import Split
    from tui_editor.state.store import TaskState, TaskStore
    from tui_editor.state.view import Window
    from tui_editor.ui.desk import Desk
    from tui_editor.ui.widgets.rows import Line

FIRST_NUMBER, PER_SCREEN = 4, 6
"""Names of pictures: those below are for the first canvases, each of two screens in turn has six others."""


def open_windows(desk: Desk, store: TaskStore) -> str:
    """Open the windows of the layout that the project or the person wants; return why there are none.

    A project without layouts costs nothing here.
    """
    info = store.state.project
    if "layouts" not in info.settings:
        return ""
    from tui_editor.api.layouts import chosen_layout, layouts_of
    from tui_editor.state.windows import choice_of, windows_for, with_windows

    layouts, mine = layouts_of(info), desk.arrangement.now.layout
    name = choice_of(layouts, chosen_layout(info), mine)
    if not name:
        return ""
    if name not in layouts:
        return f"there is no layout {one_line(name, 40)}: one window is shown"
    found = windows_for(name, layouts[name], store.state.task)
    if found.windows:
        store.set(**with_windows(store.state, found))
    return one_line(found.problem) if len(store.state.task.units) > 1 or "broken" in found.problem else ""


class Canvases:
    """The canvases of a screen; without windows there is the one.

    Args:
        desk: Of the window.
        store: Of the task; the windows that the layout says are opened in it.
        frames: Where decoded frames come from.
    """

    def __init__(self, desk: Desk, store: TaskStore, frames: FrameService) -> None:
        if why := open_windows(desk, store):
            desk.app.later_message = desk.app.later_message or why
        self._desk, self._store, self._frames = desk, store, frames
        self._windows, self._number = store.state.windows, desk.canvas_number
        self._views: dict[str, FrameView] = {}
        self._titles: dict[str, Bar] = {}

    def _make(self, view: str, number: int, name: str) -> FrameView:
        first = self._desk.first_picture(self._frames) if view == MAIN else None
        canvas = FrameView(self._frames, self._desk.graphics, view=view, view_number=number, first=first, id=name)
        canvas.can_focus = True
        return canvas

    def takes(self, event: FrameView.Pointer) -> bool:
        """Return whether the pointer acts on a canvas: a press or the wheel brings the keys to its window."""
        if event.view != self._store.state.active:
            if event.kind not in {"down", "scroll"}:
                return False
            self._store.set(active=event.view)
        return True

    def compose(self) -> Widget:
        """Return the canvas, or the canvases as the layout says."""
        if self._windows.windows:
            return self._part(self._windows.split)
        self._views[MAIN] = self._make(MAIN, self._number, "canvas")
        return self._views[MAIN]

    def _part(self, part: Split | int) -> Widget:
        if isinstance(part, int):
            return self._window(next(w for w in self._windows.windows if w.number == part))
        widgets = [self._part(each) for each in part.parts]
        for widget, share in zip(widgets, part.shares, strict=True):
            setattr(widget.styles, "width" if part.across else "height", f"{share}fr")
        return (Horizontal if part.across else Vertical)(*widgets)

    def _window(self, window: Window) -> Widget:
        place = self._windows.windows.index(window)
        number = FIRST_NUMBER + (self._number % 2) * PER_SCREEN + place - 1 if place else self._number
        view = self._make(window.view, number, f"canvas-{place}" if place else "canvas")
        self._views[window.view], self._titles[window.view] = view, Bar()
        return Vertical(self._titles[window.view], view)

    def active(self, name: str) -> FrameView:
        """Return the canvas of a view."""
        return self._views[name]

    @property
    def settled(self) -> bool:
        """Return whether every picture is the one of the state."""
        return all(view.settled for view in self._views.values())

    def show(self, state: TaskState) -> None:
        """Show a state: what is drawn or previewed, in the active window only."""
        if not self._titles:
            self._views[MAIN].show(state)
            return
        for name, view in self._views.items():
            here = name == state.active
            view.show(state if here else _beside(state, name))
            self._titles[name].left = _title(state, name, here=here)


def _beside(state: TaskState, name: str) -> TaskState:
    return replace(state, active=name, tool=None, preview=None, mode=Mode.BROWSE)


def _title(state: TaskState, name: str, *, here: bool) -> Line:
    window = next(w for w in state.windows.windows if w.view == name)
    view = state.views[name]
    unit = state.task.unit(view.unit)
    frame = f" {view.frame}/{unit.frame_count - 1}" if unit.frame_count > 1 else ""
    among = len(window.units) > 1 and view.unit in window.units
    place = f" · {window.units.index(view.unit) + 1} of {len(window.units)}" if among else ""
    fixed = " · read-only" if window.read_only else ""
    title = one_line(unit.title, 60)
    return ((" ● " if here else "   ", WARN), (title, BOLD if here else DIM), (frame + place, DIM), (fixed, WARN))
