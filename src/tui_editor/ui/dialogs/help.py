"""Help: every key that works in a mode, from the command table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.table import TABLE, keys_in
from tui_editor.ui.dialogs.base import Dialog
from tui_editor.ui.widgets.bars import KEY
from tui_editor.ui.widgets.rows import BOLD, DIM, PLAIN, Line, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from tui_editor.commands.command import Command
    from tui_editor.commands.context import Context
    from tui_editor.state.view import Mode

KEYS_CELLS = 16
MOVES = {"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": 12, "space": 12, "pageup": -12}


class HelpRows:
    """Commands with keys in a mode, under the names of their groups."""

    def __init__(self, mode: Mode, context: Context | None) -> None:
        self._mode, self._context = mode, context
        self._lines: list[Command | str] = []
        group = ""
        for command in sorted((c for c in TABLE if keys_in(c, mode)), key=lambda c: _rank(c.group)):
            if command.group != group:
                group = command.group
                self._lines.append(group)
            self._lines.append(command)

    def __len__(self) -> int:
        return len(self._lines)

    def key(self, index: int) -> object:
        """Return the command or group name."""
        return self._lines[index]

    def line(self, index: int) -> Line:
        """Return the keys and what they do; dim with the reason when they can't be used now."""
        entry = self._lines[index]
        if isinstance(entry, str):
            return ((f" {entry}", BOLD),)
        why = entry.why_not(self._context) if self._context else entry.later
        keys = shown_keys(keys_in(entry, self._mode))
        doc = f"{entry.doc} ({why})" if why else entry.doc
        return ((f"  {keys}".ljust(KEYS_CELLS), KEY), text(entry.title.ljust(28), PLAIN), text(doc, DIM, 300))


GROUPS: list[str] = list(dict.fromkeys(c.group for c in TABLE))


def _rank(group: str) -> int:
    return GROUPS.index(group)


def shown_keys(keys: list[str]) -> str:
    """Return key sequences as people read them: few of them, chords without blanks."""
    named = {"backspace": "⌫", "enter": "⏎", "escape": "Esc", "space": "Space", "tab": "Tab", "shift+tab": "⇧Tab"}
    arrows = {"left": "←", "right": "→", "up": "↑", "down": "↓", "home": "Home", "end": "End", "delete": "Del"}
    signs = [
        "".join({**named, **arrows}.get(part, part).replace("<any>", "…") for part in sequence.split())
        for sequence in keys[:3]
    ]
    return " ".join(signs) + ("…" if len(keys) > 3 else "")


class HelpDialog(Dialog):
    """Lists the keys of the mode."""

    WIDTH = 110

    def __init__(self, mode: Mode, context: Context | None) -> None:
        super().__init__(f"Keys in {mode.value} mode")
        self._rows = HelpRows(mode, context)

    def compose(self) -> ComposeResult:
        """Show the list."""
        yield VirtualList()

    def on_mount(self) -> None:
        """Show all that fits."""
        listed = self.query_one(VirtualList)
        listed.styles.height = min(len(self._rows), max(4, self.screen.size.height - 8))
        listed.rows = self._rows
        super().on_mount()
        listed.focus()

    def handle(self, event: events.Key) -> bool:
        """Scroll with the keys of lists; q and ? close."""
        listed = self.query_one(VirtualList)
        if event.key in {"q", "question_mark", "enter"}:
            self.close()
        elif event.key in MOVES:
            at = listed.cursor or 0
            listed.move(MOVES[event.key] if listed.cursor is not None else MOVES[event.key] - at)
        else:
            return False
        return True
