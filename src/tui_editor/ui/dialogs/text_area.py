"""Asks for a text of several lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.widgets import Static, TextArea

from tui_editor.text import safe
from tui_editor.ui.dialogs.base import KEPT_LINES, Dialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult
    from textual.widget import Widget


class TextAreaDialog(Dialog):
    """A field of several lines. Escape ends typing: then y keeps the text, n leaves it, Enter goes on typing."""

    WIDTH: ClassVar[int] = 100
    can_focus = True

    def __init__(self, title: str, text: str, done: Callable[[str], None], limit: int) -> None:
        super().__init__(title)
        self._text, self._done = safe(text, limit), done
        self._asking = False

    def compose(self) -> ComposeResult:
        """Show the field and its keys."""
        yield TextArea(self._text, soft_wrap=True, tab_behavior="focus", theme="css")
        yield Static(classes="hint")

    def first_focus(self) -> Widget:
        """Return the field."""
        return self.query_one(TextArea)

    def on_mount(self) -> None:
        """Say how it is left."""
        super().on_mount()
        self._ask(asking=False)

    def place(self) -> None:
        """Take the room that there is."""
        self.query_one(TextArea).styles.height = max(3, self.screen.size.height - KEPT_LINES - 4)
        super().place()

    def _ask(self, *, asking: bool) -> None:
        self._asking = asking
        words = "y: keep the text   n: leave it as it was   Enter: go on typing" if asking else "Escape: done"
        self.query_one(Static).update(Text(words))
        (self if asking else self.query_one(TextArea)).focus()

    def on_key(self, event: events.Key) -> None:
        """Leave the field with Escape; only then y and n mean something."""
        area = self.query_one(TextArea)
        if not self._asking and event.key == "escape":
            self._stop(event)
            if area.text == self._text:
                self.close()
            else:
                self._ask(asking=True)
        elif self._asking:
            self._stop(event)
            if event.key == "y":
                text = area.text
                self.answer(lambda: self._done(text))
            elif event.key in {"n", "escape"}:
                self.close()
            elif event.key == "enter":
                self._ask(asking=False)

    @staticmethod
    def _stop(event: events.Key) -> None:
        event.stop()
        event.prevent_default()
