"""A dialog: a box in the overlay layer that has all keys until it closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static

from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult
    from textual.await_remove import AwaitRemove
    from textual.widget import Widget


KEPT_LINES = 3
"""The header, the message line and the keys stay in sight."""


class Dialog(Vertical):
    """Floats over the screen; Escape closes it without an answer.

    Args:
        title: Shown in the border.
    """

    ALLOW_SELECT: ClassVar[bool] = False
    WIDTH: ClassVar[int] = 64

    class Closed(Message):
        """The dialog is gone."""

        bubble = True

    def __init__(self, title: str) -> None:
        super().__init__(classes="dialog")
        self.border_title = Text(one_line(title, 60))  # a Text is not parsed as markup
        self._then: Callable[[], None] | None = None
        self.back: Callable[[], None] | None = None
        """What is done when it closes without an answer."""

    def first_focus(self) -> Widget:
        """Return the widget that gets the keys."""
        return next(iter(self.query(Input)), self)

    def on_mount(self) -> None:
        """Take the keys and the middle of the screen."""
        self.place()
        self.trap_focus()
        self.first_focus().focus()

    def place(self) -> None:
        """Put the dialog into the upper middle of the screen; a tall one goes up until it fits."""
        size = self.screen.size
        width = min(self.WIDTH, size.width - 2)
        self.styles.width = width
        self.styles.max_height = max(5, size.height - KEPT_LINES)
        top = min(size.height // 6, size.height - KEPT_LINES - self.outer_size.height)
        self.styles.offset = ((size.width - width) // 2, max(1, top + 1))

    def on_resize(self) -> None:
        """Go where the height that came out fits."""
        self.place()

    def on_key(self, event: events.Key) -> None:
        """Close on Escape; keys that neither a field nor the dialog takes go on to the fields' own bindings."""
        if event.key == "escape":
            event.stop()
            self.close()
        elif self.handle(event):
            event.stop()
            event.prevent_default()

    def handle(self, event: events.Key) -> bool:
        """Take a key that no field of the dialog took; return whether it meant something."""
        del event
        return False

    def answer(self, then: Callable[[], None]) -> None:
        """Close, then do what was asked for."""
        self._then = then
        self.close()

    def remove(self) -> AwaitRemove:
        """Leave the screen, which would else keep each field for as long as it lives: 40 kB."""
        for field in self.query("Input, TextArea"):  # they follow what is selected by mouse
            self.screen.text_selection_started_signal.unsubscribe(field)
        return super().remove()

    def close(self) -> None:
        """Leave the screen and give the keys back."""
        then, self._then = self._then or self.back, None
        self.screen.dialog_closed(self, then)  # type: ignore[attr-defined]  # dialogs live on FrontScreens


class TextDialog(Dialog):
    """Asks for a line of text."""

    def __init__(self, title: str, initial: str, done: Callable[[str], None], hint: str = "") -> None:
        super().__init__(title)
        self._initial, self._done, self._hint = initial, done, hint

    def compose(self) -> ComposeResult:
        """Show the field and how its text may look."""
        yield Input(value=self._initial, select_on_focus=False)
        if self._hint:
            yield Static(Text(one_line(self._hint)), classes="hint")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with the text."""
        event.stop()
        value = event.value
        self.answer(lambda: self._done(value))
