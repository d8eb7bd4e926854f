"""Asks whether to go on, with a list of what it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.widgets import Static

from tui_editor.text import one_line
from tui_editor.ui.dialogs.base import Dialog
from tui_editor.ui.widgets.rows import Line, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import ComposeResult

MOST_ROWS = 10
MOST_TEXT = 400
"""Characters of the question: it may name objects and frames."""
MOVES = {"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": MOST_ROWS, "pageup": -MOST_ROWS}


class LineRows:
    """Lines of text as rows, made harmless when they are seen."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, index: int) -> Line:
        """Return a line."""
        return (text(self._lines[index]),)

    def key(self, index: int) -> object:
        """Return the number of the row."""
        return index


class ConfirmDialog(Dialog):
    """Asks whether to go on; j and k go through what it is about."""

    can_focus = True

    def __init__(self, title: str, question: str, done: Callable[[], None], listed: Sequence[str] = ()) -> None:
        super().__init__(title)
        self._question, self._done, self._listed = question, done, listed

    def compose(self) -> ComposeResult:
        """Show the question, the list and the two keys."""
        yield Static(Text(one_line(self._question, MOST_TEXT)))
        if self._listed:
            rows = VirtualList()
            rows.can_focus = False
            yield rows
        keys = "y or Enter: go on   Escape: leave it" + ("   j k: the list" if self._listed else "")
        yield Static(Text(keys), classes="hint")

    def on_mount(self) -> None:
        """Fill the list."""
        super().on_mount()
        for rows in self.query(VirtualList):
            rows.styles.height = min(len(self._listed), MOST_ROWS)
            rows.rows = LineRows(self._listed)
            rows.cursor = 0

    def handle(self, event: events.Key) -> bool:
        """Go on with y or Enter, leave with n, move in the list."""
        if event.key in {"y", "enter"}:
            self.answer(self._done)
        elif event.key in {"n", "q"}:
            self.close()
        else:
            for rows in self.query(VirtualList):
                rows.move(MOVES.get(event.key, 0))
        return True
