"""Help: every key that works in a mode, from the command table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import set_cell_size
from rich.text import Text
from textual import on
from textual.widgets import Static

from tui_editor.commands.keymap import default_keymap
from tui_editor.commands.table import TABLE, keys_in
from tui_editor.text import one_line
from tui_editor.ui.dialogs.base import KEPT_LINES, Dialog
from tui_editor.ui.widgets.bars import KEY
from tui_editor.ui.widgets.rows import BOLD, DIM, PLAIN, Line, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from tui_editor.commands.command import Command
    from tui_editor.commands.context import Context
    from tui_editor.state.view import Mode

KEYS_CELLS = 14
TITLE_CELLS = 32
DETAIL_LINES = 2
MOVES = {"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": 12, "space": 12, "pageup": -12}


class HelpRows:
    """Commands with keys in a mode, under the names of their groups."""

    def __init__(self, mode: Mode, context: Context | None) -> None:
        self._mode, self._context = mode, context
        self._lines: list[Command | str] = []
        group = ""
        self._keymap = context.loop.keymap if context else default_keymap()
        for command in sorted((c for c in self._keymap.commands if keys_in(c, mode)), key=lambda c: _rank(c.group)):
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
        why = self._why_not(entry)
        keys = shown_keys(keys_in(entry, self._mode))
        return (
            (set_cell_size(f"  {keys}", KEYS_CELLS - 1) + " ", DIM if why else KEY),
            (set_cell_size(entry.title, TITLE_CELLS - 1) + " ", DIM if why else PLAIN),
            text(f"not now: {why}" if why else self._keymap.told(entry.doc, self._mode), DIM, 300),
        )

    def detail(self, index: int) -> str:
        """Return all that is to be said of a command: what it does, its counts, its name on the `:` line."""
        entry = self._lines[index]
        if isinstance(entry, str):
            return ""
        why = self._why_not(entry)
        count = f" A count: {entry.count}." if entry.count else ""
        takes = f" {entry.takes}" if entry.takes else ""
        return f"{self._keymap.told(entry.doc, self._mode)}{count} :{entry.id}{takes}" + (
            f" — not now: {why}" if why else ""
        )

    def _why_not(self, command: Command) -> str:
        return command.why_not(self._context) if self._context else command.later


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

    WIDTH = 116

    def __init__(self, mode: Mode, context: Context | None) -> None:
        super().__init__(f"Keys in {mode.value} mode — j k move, Esc closes")
        self._rows = HelpRows(mode, context)

    def compose(self) -> ComposeResult:
        """Show the list, and below it all that is said of the line under the cursor."""
        yield VirtualList()
        yield Static(classes="hint")

    def on_mount(self) -> None:
        """Show all that fits."""
        listed = self.query_one(VirtualList)
        listed.rows = self._rows
        self.query_one(Static).styles.height = DETAIL_LINES
        super().on_mount()
        listed.focus()
        # below the first group's name, which is seen only when the list has its height
        self.call_after_refresh(listed.move_to, 1)

    def place(self) -> None:
        """Show as many lines as the screen has room for."""
        room = self.screen.size.height - KEPT_LINES - DETAIL_LINES - 2
        self.query_one(VirtualList).styles.height = min(len(self._rows), max(3, room))
        super().place()

    @on(VirtualList.Moved)
    def _moved(self, event: VirtualList.Moved) -> None:
        event.stop()
        at = self.query_one(VirtualList).cursor
        self.query_one(Static).update(Text(one_line(self._rows.detail(at), 400) if at is not None else ""))

    @on(VirtualList.Chosen)
    def _chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()

    def handle(self, event: events.Key) -> bool:
        """Scroll with the keys of lists; q and ? close."""
        listed = self.query_one(VirtualList)
        if event.key in {"q", "question_mark", "enter"}:
            self.close()
        elif event.key in MOVES:
            listed.move(MOVES[event.key])
        elif event.key in {"home", "g", "end", "G"}:
            listed.move_to(0 if event.key in {"home", "g"} else len(self._rows) - 1)
        else:
            return False
        return True
