"""A front screen with panes around a canvas: shown, hidden, given the keys, resized by keys and by the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.ui.screens.arrangement import WIDE_FROM, ArrangementFile, Border
from tui_editor.ui.screens.front import FrontScreen
from tui_editor.ui.screens.layout import PaneLayout

if TYPE_CHECKING:
    from textual import events
    from textual.geometry import Region
    from textual.widget import Widget

    from tui_editor.commands.context import Loop


class PanedScreen(FrontScreen):
    """Answers what commands and the pointer ask of panes. Subclasses compose them, with the ids of `layout.PANES`.

    Args:
        kept: Where the arrangement of the panes is kept.
    """

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  Textual declares it as a list of the instance
        (0, "-narrow"),
        (WIDE_FROM, "-wide"),
    ]

    def __init__(self, kept: ArrangementFile, loop: Loop) -> None:
        super().__init__(loop)
        self._panes = PaneLayout(self, kept)
        self._dragged: Border | None = None

    def focus_pane(self, pane: str) -> None:
        """Give a pane the keys; one that is hidden comes into sight."""
        self._panes.focus(pane)
        self.show_keys()

    def toggle_pane(self, pane: str) -> None:
        """Show or hide a pane, or all of them."""
        if not self._panes.toggle(pane):
            super().toggle_pane(pane)

    def resize_pane(self, pane: str, by: int) -> None:
        """Make a pane larger or smaller by cells; without a name the one that has the keys."""
        if not self._panes.resize(pane, by):
            super().resize_pane(pane, by)

    def reset_panes(self) -> None:
        """Give the panes the sizes that they have at first."""
        self._panes.reset_sizes()

    def on_descendant_focus(self) -> None:
        """Show the keys of the pane that has them now."""
        if self.is_mounted:
            self._panes.focused(self.focused.id if self.focused is not None else None)
            self.show_keys()

    # --- the pointer on a border -------------------------------------------------------------------

    def get_widget_at(self, x: int, y: int) -> tuple[Widget, Region]:
        """Return what the pointer acts on: on a border between panes, the screen."""
        widget, region = super().get_widget_at(x, y)
        if widget is not self and self._dialog is None and self.is_mounted and self._panes.border_at(x, y) is not None:
            return self, self.region
        return widget, region

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of a border."""
        self._dragged = self._panes.border_at(event.screen_x, event.screen_y) if self._dialog is None else None
        if self._dragged is not None:
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Bring the border along."""
        if self._dragged is not None:
            self._panes.drag(self._dragged, event.screen_x, event.screen_y)

    def on_mouse_up(self) -> None:
        """Let it go."""
        if self._dragged is not None:
            self._dragged = None
            self.release_mouse()
