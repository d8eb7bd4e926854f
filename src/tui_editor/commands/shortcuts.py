"""The keys of all modes as a list that can be changed: what a change would take from others, and how it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tui_editor.commands.command import ANY_KEY, LOOP
from tui_editor.commands.keymap import GROUPS, default_keymap, normal
from tui_editor.commands.menu import MenuItem
from tui_editor.commands.pages import doc_of
from tui_editor.errors import UsageError
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui_editor.api.config import KeyEntry
    from tui_editor.commands.command import Command
    from tui_editor.commands.keymap import Keymap

ALL: Final = "reset all"
"""Key of the item that gives all keys back."""
_SEPARATOR: Final = "\n"


class Shortcut(NamedTuple):
    """Keys that lead to a command in a mode; without keys a command that has none."""

    mode: Mode
    keys: str
    command: str
    argument: str

    @property
    def written(self) -> str:
        """Return the command and its argument as the configuration has them."""
        return f"{self.command} {self.argument}".strip()

    @property
    def key(self) -> str:
        """Return what tells it from others in a list."""
        return _SEPARATOR.join(self)


def shortcut_of(key: str) -> Shortcut:
    """Return the shortcut of an item's key."""
    mode, keys, command, argument = key.split(_SEPARATOR)
    return Shortcut(Mode(mode), keys, command, argument)


def shortcuts(keymap: Keymap) -> Iterator[Shortcut]:
    """Yield all keys by mode, then the commands that have none anywhere."""
    for mode in Mode:
        for command in keymap.commands:
            for key in command.keys:
                if mode in key.modes:
                    yield Shortcut(mode, key.keys, command.id, key.argument)
    yield from (Shortcut(Mode.BROWSE, "", command.id, "") for command in keymap.commands if not command.keys)


def shortcut_items(keymap: Keymap, entries: Sequence[KeyEntry]) -> list[MenuItem]:
    """Return the list: first the way back, then the keys by mode."""
    mine = {(mode, _normal(e.keys)) for e in entries for mode in GROUPS.get(e.group, ())}
    bound = sum(1 for e in entries if e.command)
    back = MenuItem(
        key=ALL,
        title="All keys as they were",
        value=f"{bound} of your own" if bound else "nothing is bound by you",
        group="Shortcuts",
        hint="Takes your bindings out of the configuration file; a preset stays.",
        disabled="" if entries else "nothing is bound by you",
    )
    return [back, *(_item(keymap, each, mine=(each.mode, each.keys) in mine) for each in shortcuts(keymap))]


def _item(keymap: Keymap, found: Shortcut, *, mine: bool) -> MenuItem:
    command = keymap.command(found.command)
    assert command is not None
    argument = f" {found.argument}" if found.argument else ""
    return MenuItem(
        key=found.key,
        title=f"{command.title}{argument}",
        value="yours" if mine else "",
        hint=f"{doc_of(command)} :{command.id}{argument}",
        keys=found.keys,
        group=f"{found.mode.value.capitalize()} mode" if found.keys else "Without keys",
        disabled="it takes whatever is typed after it: bind it in the file" if ANY_KEY in found.keys else "",
    )


def _normal(keys: str) -> str:
    try:
        return normal(keys)
    except ValueError:
        return keys


def table_of(keymap: Keymap, found: Shortcut) -> str:
    """Return the configuration's table for a change: browse and review together where the keys mean the same."""
    if found.mode not in LOOP:
        return found.mode.value
    both = not found.keys or all(
        any(s.mode is mode and (s.keys, s.written) == (found.keys, found.written) for s in shortcuts(keymap))
        for mode in LOOP
    )
    return "loop" if both else found.mode.value


def conflicts(keymap: Keymap, modes: Sequence[Mode], keys: str, but: Shortcut) -> list[tuple[str, Command]]:
    """Return the keys, with their commands, that would do nothing any more when these are bound."""
    found = []
    for command in keymap.commands:
        for key in command.keys:
            clash = key.keys == keys or key.keys.startswith(f"{keys} ") or keys.startswith(f"{key.keys} ")
            if clash and set(modes) & set(key.modes) and (key.keys, command.id) != (but.keys, but.command):
                found.append((key.keys, command))
    return found


def check_can_be(keys: str) -> str:
    """Return keys as they are bound.

    Raises:
        UsageError: no terminal sends them.
    """
    try:
        return normal(keys)
    except ValueError as error:
        raise UsageError(str(error)) from error


def rebinding(found: Shortcut, keys: str) -> dict[str, str | None]:
    """Return what is written so that keys lead to a command, and those that did no longer do."""
    bindings: dict[str, str | None] = {keys: found.written}
    if found.keys and found.keys != keys:
        bindings[found.keys] = ""
    return bindings


def restoring(found: Shortcut, entries: Sequence[KeyEntry]) -> dict[str, dict[str, str | None]]:
    """Return by table what is taken out so that a command has the keys again that it has without the person's."""
    back: dict[str, dict[str, str | None]] = {}
    own = {
        key.keys
        for command in default_keymap().commands
        if command.id == found.command
        for key in command.keys
        if found.mode in key.modes
    }
    for entry in entries:
        here = found.mode in GROUPS.get(entry.group, ())
        if here and (entry.command == found.written or (not entry.command and _normal(entry.keys) in own)):
            back.setdefault(entry.group, {})[entry.keys] = None
    return back
