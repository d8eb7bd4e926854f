"""The editor menu: what can be done here, in groups, with its keys; what can't be done now, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from tui_editor.commands.command import ANY_KEY
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tui_editor.commands.command import Command
    from tui_editor.commands.context import Context

FIRST: Final[Mapping[str, tuple[str, ...]]] = {
    "Task": ("app.back", "app.save", "task.end", "task.skip", "app.instructions", "app.notifications", "app.copy_url"),
    "View": (
        "view.menu",
        "view.words",
        "view.colour_by",
        "view.labels",
        "view.dim",
        "view.filter",
        "app.toolbar",
        "view.layout",
    ),
    "Bulk operations": ("bulk.open", "bulk.merge", "bulk.delete_class", "bulk.delete_range", "bulk.delete_below"),
    "Automated labeling": ("auto.interpolate", "auto.track", "labels.auto", "finding.open"),
    "Program": (
        "app.theme",
        "app.shortcuts",
        "app.settings",
        "app.project",
        "app.tour",
        "app.help",
        "app.palette",
        "app.quit",
    ),
}
"""What the menu begins with, whatever has keys; the other commands of the mode follow in the groups of the table."""


class MenuItem(Struct, frozen=True, kw_only=True):
    """A line of a menu or of a list of settings."""

    key: str
    """What the line stands for."""
    title: str
    value: str = ""
    hint: str = ""
    """What is to be said of it."""
    keys: str = ""
    """Keys that do it at once, as a person reads them."""
    group: str = ""
    disabled: str = ""
    """Why it can't be chosen."""


def searched(items: Sequence[MenuItem], typed: str) -> list[MenuItem]:
    """Return the items that hold every word that was typed, in any case, in their order."""
    words = typed.casefold().split()
    return [item for item in items if all(word in _text(item) for word in words)]


def nearest(items: Sequence[MenuItem], typed: str) -> str:
    """Return the key of the item that was most likely meant: one whose title begins so; the first one's."""
    begun = (item.key for item in items if typed.strip() and item.title.casefold().startswith(typed.strip().casefold()))
    return next(begun, items[0].key if items else "")


def _text(item: MenuItem) -> str:
    return f"{item.title} {item.group} {item.value} {item.keys} {item.hint} {item.key}".casefold()


def editor_menu(context: Context, mode: Mode) -> list[MenuItem]:
    """Return the menu for a mode."""
    by_id = {command.id: command for command in context.loop.keymap.commands}
    first = [(group, by_id[name]) for group, names in FIRST.items() for name in names if name in by_id]
    seen = {command.id for _, command in first}
    others = [(c.group, c) for c in context.loop.keymap.commands if c.id not in seen and _has_place(c, mode)]
    groups = list(dict.fromkeys(group for group, _ in (*first, *others)))
    return [
        _item(command, group, context, mode)
        for group, command in sorted((*first, *others), key=lambda found: groups.index(found[0]))
        if _means_something(command, mode)
    ]


def _has_place(command: Command, mode: Mode) -> bool:
    """Return whether a command that the menu does not begin with has a key of its own here."""
    return any(mode in key.modes and ANY_KEY not in key.keys for key in command.keys)


def _means_something(command: Command, mode: Mode) -> bool:
    """Return whether a command is about what is on the screen: the queue has no task."""
    return mode is not Mode.QUEUE or not command.keys or any(mode in key.modes for key in command.keys)


def _item(command: Command, group: str, context: Context, mode: Mode) -> MenuItem:
    keys = next(iter(_keys(command, mode)), "")
    return MenuItem(
        key=command.id,
        title=command.title,
        hint=one_line(context.loop.keymap.told(command.doc, mode), 300),
        keys=keys,
        group=group,
        disabled=command.why_not(context),
    )


def _keys(command: Command, mode: Mode) -> Iterator[str]:
    yield from (key.keys for key in command.keys if mode in key.modes)
