"""A line that is helped along: ways to go on below it, and a mark under what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual import on
from textual.widgets import Input, Static

from tui_editor.commands.assist import Assisted
from tui_editor.commands.context import Choice
from tui_editor.text import one_line
from tui_editor.ui.dialogs.base import Dialog
from tui_editor.ui.dialogs.picker import MOVES, ChoiceRows
from tui_editor.ui.widgets.inks import themed
from tui_editor.ui.widgets.rows import DIM, WARN
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import ComposeResult

    from tui_editor.commands.assist import Assist, Suggestion

ROWS: Final = 10
FIELD_CELLS: Final = 3
"""Columns of the field before its text."""


class AssistedDialog(Dialog):
    """Asks for a line; Tab puts the next way to go on into it, the arrows go through earlier lines where there are any.

    Args:
        title: Shown in the border.
        assist: Asked with the text up to the cursor.
        done: Gets the line.
        initial: What stands in the field at first.
        hint: How the line may look, shown while nothing else is said.
        placeholder: Shown in the empty field.
        history: Earlier lines, oldest first.
    """

    WIDTH = 96

    def __init__(
        self,
        title: str,
        assist: Assist,
        done: Callable[[str], None],
        *,
        initial: str = "",
        hint: str = "",
        placeholder: str = "",
        history: Sequence[str] = (),
    ) -> None:
        super().__init__(title)
        self._assist, self._done, self._hint = assist, done, hint
        self._initial, self._placeholder = initial, placeholder
        self._history, self._earlier, self._typed_first = history, len(history), ""
        self._assisted = Assisted()
        self._taking: int | None = None
        """Which suggestion stands in the field; None when it was typed."""
        self._put_in = ""
        """What was put into the field and not typed: the suggestions stay those of what was typed."""

    def compose(self) -> ComposeResult:
        """Show the field, what may follow, and what is wrong."""
        yield Input(value=self._initial, placeholder=self._placeholder, select_on_focus=False)
        listed = VirtualList()
        listed.can_focus = False
        yield listed
        yield Static(classes="hint")

    def on_mount(self) -> None:
        """Show the ways to go on."""
        super().on_mount()
        self.query_one(VirtualList).styles.height = ROWS
        self._look()

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """Return the ways to go on that are listed."""
        return self._assisted.suggestions

    @property
    def names_commands(self) -> bool:
        """Return whether the suggestions are for the first word."""
        return not self.query_one(Input).value[: self._assisted.start].strip(" :")

    def _look(self) -> None:
        field = self.query_one(Input)
        self._assisted, self._taking = self._assist(field.value[: field.cursor_position]), None
        listed = self.query_one(VirtualList)
        listed.rows = ChoiceRows([_choice(s) for s in self.suggestions], None)
        listed.cursor = 0 if self.suggestions else None
        self.query_one(".hint", Static).update(self._said(field.value))

    def _said(self, typed: str) -> Text:
        """Return the mark under what is wrong, and why; the hint when nothing is."""
        fault = self._assisted.fault
        if fault is None or (self.suggestions and fault.stop >= len(typed)):  # it is still being typed
            return Text(one_line(self._hint, 400), style=DIM)
        room = self.size.width - 2 * FIELD_CELLS
        mark = " " * (fault.start + FIELD_CELLS) + "^" * (fault.stop - fault.start)
        why = one_line(f"column {fault.start + 1}: {fault.what}", 300)
        return Text(f"{mark}\n{why}" if len(mark) < room else why, style=themed(WARN))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self._put_in:
            self._put_in = ""
            self._look()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.take(self.line(event.value))

    def line(self, typed: str) -> str:
        """Return what is answered with when the field holds this."""
        return typed

    def take(self, line: str) -> None:
        """Answer with a line."""
        self.answer(lambda: self._done(line))

    @on(VirtualList.Chosen)
    def _chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        at = self.query_one(VirtualList).cursor
        if at is not None:
            self.chosen(at)

    def chosen(self, number: int) -> None:
        """Put a suggestion that was clicked into the field."""
        self._put(number)

    @on(VirtualList.Moved)
    def _moved(self, event: VirtualList.Moved) -> None:
        event.stop()

    def handle(self, event: events.Key) -> bool:
        """Complete, go through earlier lines, or move in the list; the field keeps the letters."""
        if event.key in {"tab", "shift+tab"}:
            self._complete(1 if event.key == "tab" else -1)
        elif event.key in {"up", "down"} and self._history:
            self._recall(-1 if event.key == "up" else 1)
        elif event.key in MOVES:
            self.query_one(VirtualList).move(MOVES[event.key])
        else:
            return False
        return True

    def _complete(self, by: int) -> None:
        """Put the suggestion under the cursor into the field, then the next one."""
        if self.suggestions:
            at = self.query_one(VirtualList).cursor or 0
            self._put(at if self._taking is None else (self._taking + by) % len(self.suggestions))

    def _put(self, number: int) -> None:
        field = self.query_one(Input)
        head = field.value[: self._assisted.start]
        self._put_in = head + self.suggestions[number].text
        self._taking = number
        field.value = self._put_in
        field.cursor_position = len(self._put_in)
        self.query_one(VirtualList).cursor = number

    def _recall(self, by: int) -> None:
        """Put an earlier line that begins with what was typed into the field."""
        field = self.query_one(Input)
        if self._earlier == len(self._history):
            self._typed_first = field.value
        at = self._earlier + by
        while 0 <= at < len(self._history) and not self._history[at].startswith(self._typed_first):
            at += by
        if at >= 0:
            self._earlier = min(at, len(self._history))
            field.value = self._history[at] if at < len(self._history) else self._typed_first
            field.cursor_position = len(field.value)


def _choice(suggestion: Suggestion) -> Choice:
    return Choice(value=suggestion.text, label=suggestion.title, hint=suggestion.hint, disabled=suggestion.disabled)
