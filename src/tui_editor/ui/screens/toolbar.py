"""What the editor does with the quick toolbar: shows the state in it, gives it its keys, runs what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.command import LOOP
from tui_editor.commands.pages import doc_of
from tui_editor.commands.table import by_id, keys_in, run
from tui_editor.render.camera import pixel_options
from tui_editor.render.pixels import value_limits
from tui_editor.state.view import Mode
from tui_editor.ui.panes.toolbar import ToolbarPane, toolbar_buttons

if TYPE_CHECKING:
    from tui_editor.state.store import TaskState
    from tui_editor.ui.screens.editor import EditorScreen

HINTS = (("h l", "along"), ("⏎", "run"), ("Esc", "canvas"), ("?", "help"))
"""What keys do while the toolbar has them."""
_MODES = (*LOOP, Mode.EDIT)


class Toolbar:
    """The toolbar of a screen."""

    def __init__(self, screen: EditorScreen) -> None:
        self._screen = screen

    @property
    def has_keys(self) -> bool:
        """Return whether keys go to the toolbar: it is focused, and nothing is drawn or adjusted."""
        return isinstance(self._screen.focused, ToolbarPane) and self._screen.mode in _MODES

    def show(self, state: TaskState) -> None:
        """Show the values of a state."""
        self._screen.query_one(ToolbarPane).buttons = toolbar_buttons(state, self._screen.context())

    def take(self, key: str) -> bool:
        """Take a key; return whether it was for the toolbar."""
        pane = self._screen.focused
        if not isinstance(pane, ToolbarPane) or not self.has_keys:
            return False
        if key != "escape" and key not in self._own_keys():
            return pane.press(key)
        self._screen.clear_message()
        self._screen.focus_pane("canvas")
        return True

    def _own_keys(self) -> list[str]:
        """Return the keys that lead here, and back."""
        command = self._screen.loop.keymap.command("app.toolbar")
        return keys_in(command, self._screen.mode) if command is not None else []

    def run(self, command: str) -> None:
        """Run the command of a button; one that can't be run says why."""
        self._screen.clear_message()
        run(by_id()[command], self._screen.context())
        self._screen.show_keys()

    def explain(self, command: str) -> None:
        """Tell what a button does."""
        found = by_id()[command]
        self._screen.tell(f"{found.title}: {doc_of(found)}")


def shown_window(screen: EditorScreen) -> tuple[float, float] | None:
    """Return (centre, width) of the pixel values that the picture shows from black to white; None without one."""
    frame = screen.canvas.frame
    if frame is None:
        return None
    low, high = value_limits(frame, pixel_options(screen.store.state.view.picture))
    return (low + high) / 2, high - low
