"""The keys of all modes, with a search; a key is bound anew by pressing it, and holds at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.widgets import Static

from tui_editor.api.config import load_config
from tui_editor.api.config_edit import drop_bindings, set_bindings
from tui_editor.commands.keymap import GROUPS, read_aloud
from tui_editor.commands.presets import keymap_for
from tui_editor.commands.shortcuts import (
    ALL,
    check_can_be,
    conflicts,
    rebinding,
    restoring,
    shortcut_items,
    shortcut_of,
    table_of,
)
from tui_editor.errors import Refused, TuiEditorError
from tui_editor.text import one_line
from tui_editor.ui.boards.asking import ask
from tui_editor.ui.dialogs.base import Dialog
from tui_editor.ui.dialogs.board import Board
from tui_editor.ui.dialogs.confirm import ConfirmDialog
from tui_editor.ui.keys import key_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult

    from tui_editor.api.config import Config
    from tui_editor.commands.keymap import Keymap
    from tui_editor.commands.menu import MenuItem
    from tui_editor.commands.shortcuts import Shortcut
    from tui_editor.ui.screens.front import FrontScreen

MOST_KEYS = 4
MOST_NAMED = 4
"""Commands that would lose their keys and are named."""


class CaptureDialog(Dialog):
    """Takes the keys that are pressed; what they would take from other commands is shown before Enter binds them."""

    can_focus = True
    WIDTH: ClassVar[int] = 72

    def __init__(self, keymap: Keymap, found: Shortcut, table: str, done: Callable[[str], None]) -> None:
        command = keymap.command(found.command)
        super().__init__(f"Keys for {command.title if command else found.command}")
        self._keymap, self._found, self._table, self._done = keymap, found, table, done
        self._pressed: list[str] = []

    def compose(self) -> ComposeResult:
        """Show what is pressed, what that means, and how to go on."""
        yield Static(id="pressed")
        yield Static(id="means", classes="hint")
        yield Static(Text("Enter: bind them   Backspace: the last one again   Escape: leave it"), classes="hint")

    def on_mount(self) -> None:
        """Ask for the first key."""
        super().on_mount()
        self._show()

    def handle(self, event: events.Key) -> bool:
        """Take a key; the first one may also be Enter or Backspace."""
        key = key_name(event)
        if self._pressed and key == "enter":
            keys = " ".join(self._pressed)
            self.answer(lambda: self._done(keys))
        elif self._pressed and key == "backspace":
            self._pressed.pop()
        elif len(self._pressed) < MOST_KEYS:
            self._pressed.append(key)
        if self.is_attached:
            self._show()
        return True

    def _show(self) -> None:
        now = f"now {read_aloud(self._found.keys)}" if self._found.keys else "now without keys"
        pressed = read_aloud(" ".join(self._pressed)) if self._pressed else f"press them ({now})"
        self.query_one("#pressed", Static).update(Text(f" {one_line(pressed)}"))
        self.query_one("#means", Static).update(Text(f" {self._meaning()}"))

    def _meaning(self) -> str:
        """Return what binding what is pressed would mean."""
        where = "browse and review" if self._table == "loop" else self._table
        if not self._pressed:
            return f"in {where} mode; a key, or up to {MOST_KEYS} one after the other"
        try:
            keys = check_can_be(" ".join(self._pressed))
        except TuiEditorError as error:
            return one_line(error.what, 200)
        lost = conflicts(self._keymap, GROUPS[self._table], keys, self._found)
        if not lost:
            return f"free in {where} mode"
        named = ", ".join(f"{read_aloud(k)} {command.title}" for k, command in lost[:MOST_NAMED])
        more = f" and {len(lost) - MOST_NAMED} more" if len(lost) > MOST_NAMED else ""
        return one_line(f"in {where} mode it takes the keys of: {named}{more}", 300)


def show_shortcuts(screen: FrontScreen, at: str = "", typed: str = "") -> None:
    """Show the keys; Enter asks for others, Delete gives back those that a command had."""
    config = load_config()

    def again(key: str) -> Callable[[], None]:
        return lambda: show_shortcuts(screen, key, board.typed_last)

    def chosen(item: MenuItem) -> None:
        if item.key == ALL:
            text = "All keys are as they were before you bound any; a preset stays."
            listed = [f"{e.group}: {e.keys} {e.command or '(nothing)'}" for e in config.keys.entries]
            ask(
                screen,
                lambda done: ConfirmDialog("Give all keys back", text, lambda: done(None), listed),
                lambda _: _take_over(screen, drop_bindings()),
                again(item.key),
            )
            return
        found = shortcut_of(item.key)
        table = table_of(screen.loop.keymap, found)
        ask(
            screen,
            lambda done: CaptureDialog(screen.loop.keymap, found, table, done),
            lambda keys: _rebind(screen, found, table, keys),
            again(item.key),
        )

    def removed(item: MenuItem) -> None:
        if item.key != ALL:
            screen.guarded(lambda: _restore(screen, shortcut_of(item.key)))
        again(item.key)()

    board = Board(
        "Shortcuts",
        shortcut_items(screen.loop.keymap, config.keys.entries),
        chosen,
        removed=removed,
        keys=True,
        hint="type to search, Enter binds other keys, Delete gives those from before back",
        at=at,
        typed=typed,
    )
    screen.open_dialog(board)


def _rebind(screen: FrontScreen, found: Shortcut, table: str, keys: str) -> None:
    """Bind keys; what can't be is said, and the file is as it was."""
    bindings = rebinding(found, check_can_be(keys))
    before = {e.keys: e.command for e in load_config().keys.entries if e.group == table}
    config = set_bindings(table, bindings)
    made = keymap_for(screen.loop.keymap.name, config.keys)
    new = [problem for problem in made.problems if problem not in screen.loop.keymap.problems]
    if new:
        set_bindings(table, {name: before.get(name) for name in bindings})
        raise Refused(new[0])
    _take_over(screen, config)
    screen.tell(f"{read_aloud(keys)} is bound")


def _restore(screen: FrontScreen, found: Shortcut) -> None:
    back = restoring(found, load_config().keys.entries)
    if not back:
        raise Refused("nothing of this command is bound by you")
    for table, bindings in back.items():
        config = set_bindings(table, bindings)
    _take_over(screen, config)
    screen.tell("the keys are those from before")


def _take_over(screen: FrontScreen, config: Config) -> None:
    screen.loop.keymap = keymap_for(screen.loop.keymap.name, config.keys)
    screen.rebind()
