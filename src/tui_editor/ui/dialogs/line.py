"""The `:` line and the palette: a command by name, with its keys beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Input

from tui_editor.commands.context import Choice
from tui_editor.commands.table import LINE_NAMES, TABLE, keys_in
from tui_editor.ui.dialogs.base import Dialog
from tui_editor.ui.dialogs.help import shown_keys
from tui_editor.ui.dialogs.picker import MOVES, ChoiceRows, matching
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult

    from tui_editor.commands.context import Context
    from tui_editor.state.view import Mode

ROWS = 10


def command_choices(mode: Mode, context: Context | None) -> list[Choice]:
    """Return every command for a picker, with its keys in the mode: those with keys first, those of no use now last."""
    reasons = {c.id: c.why_not(context) if context else c.later for c in TABLE}
    return [
        Choice(
            value=c.id,
            label=c.title,
            hint=f"{shown_keys(keys_in(c, mode))}  :{c.id}{' ' + c.takes if c.takes else ''}",
            disabled=reasons[c.id],
        )
        for c in sorted(TABLE, key=lambda c: (bool(reasons[c.id]), not keys_in(c, mode)))
    ]


class LineDialog(Dialog):
    """Asks for a command line; what fits is listed while one types."""

    WIDTH = 96

    def __init__(self, choices: list[Choice], done: Callable[[str], None]) -> None:
        super().__init__("Command")
        self._choices, self._done = choices, done

    def compose(self) -> ComposeResult:
        """Show the field and the commands."""
        yield Input(placeholder="a command, a frame number, or @x,y", select_on_focus=False)
        listed = VirtualList()
        listed.can_focus = False
        yield listed

    def on_mount(self) -> None:
        """List the commands."""
        super().on_mount()
        self.query_one(VirtualList).styles.height = ROWS
        self._show("")

    def _show(self, value: str) -> None:
        listed = self.query_one(VirtualList)
        name = value.split(" ", 1)[0]
        exact = [c for c in self._choices if c.value in (name, LINE_NAMES.get(name))]
        found = [] if name.isdecimal() or name.startswith("@") else exact or matching(self._choices, value)
        listed.rows = ChoiceRows(found, None)
        listed.cursor = 0 if found else None

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._show(event.value)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        value = event.value.strip()
        name = value.split(" ", 1)[0]
        known = name in LINE_NAMES or any(c.value == name for c in self._choices)
        listed = self.query_one(VirtualList)
        if not known and not name.isdecimal() and not name.startswith("@") and listed.cursor is not None:
            chosen: Choice = listed.rows.key(listed.cursor)  # type: ignore[assignment]  # the rows' keys are choices
            value = chosen.value
        self.answer(lambda: self._done(value))

    @on(VirtualList.Chosen)
    def _chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        choice: Choice = event.key  # type: ignore[assignment]  # the rows' keys are choices
        self.answer(lambda: self._done(choice.value))

    @on(VirtualList.Moved)
    def _moved(self, event: VirtualList.Moved) -> None:
        event.stop()

    def handle(self, event: events.Key) -> bool:
        """Move in the list while the field keeps the letters."""
        by = MOVES.get(event.key)
        if by is not None:
            self.query_one(VirtualList).move(by)
        return by is not None
