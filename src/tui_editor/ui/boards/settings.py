"""The person's settings: what they are, where they come from, changed by key; taken over at once where that can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui_editor.api.config import KEYS, Config, config_file, load_config, said_in
from tui_editor.api.config_edit import set_setting
from tui_editor.commands.context import Choice
from tui_editor.commands.menu import MenuItem
from tui_editor.ui.boards.asking import ask
from tui_editor.ui.dialogs.base import TextDialog
from tui_editor.ui.dialogs.board import Board
from tui_editor.ui.dialogs.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tui_editor.api.config import Key
    from tui_editor.ui.app import EditorApp
    from tui_editor.ui.screens.front import FrontScreen

GROUPS: Final[Mapping[str, str]] = {
    "theme": "Look",
    "graphics": "Look",
    "colours": "Look",
    "turbo": "Labelling",
    "skip": "Labelling",
    "freehand": "Labelling",
}
_BACKUP: Final = MenuItem(
    key="backup",
    title="Backup interval",
    group="Not yet",
    disabled="the plain-text backup is not built yet; every key is on disk as it is pressed",
)


def setting_items() -> list[MenuItem]:
    """Return the settings with value and source.

    Raises:
        ConfigBroken: the file is broken.
    """
    config, said = load_config(), said_in(config_file())
    ordered = sorted(KEYS, key=lambda key: list(GROUPS).index(key.name))
    return [*(_item(key, config, key.name in said) for key in ordered), _BACKUP]


def _item(key: Key, config: Config, said: bool) -> MenuItem:
    value, default = str(getattr(config, key.name)), key.values[0]
    source = "from your file" if said else "default"
    when = "" if key.live else " From the next start on."
    return MenuItem(
        key=key.name,
        title=key.title,
        value=f"{value:<10} {source}",
        hint=f"{key.doc.replace('`', '')} {key.allowed.capitalize()}; default {default}.{when} In the file: {key.name}",
        group=GROUPS[key.name],
    )


def show_settings(screen: FrontScreen, app: EditorApp, at: str = "", typed: str = "") -> None:
    """Show the settings; Enter changes one, Delete gives the default back."""

    def again(name: str) -> Callable[[], None]:
        return lambda: show_settings(screen, app, name, board.typed_last)

    def chosen(item: MenuItem) -> None:
        _change(screen, app, next(key for key in KEYS if key.name == item.key), again(item.key))

    def removed(item: MenuItem) -> None:
        _set(screen, app, item.key, "")
        again(item.key)()

    board = Board(
        "Settings",
        setting_items(),
        chosen,
        removed=removed,
        hint="type to search, Enter changes, Delete gives the default back",
        at=at,
        typed=typed,
    )
    screen.open_dialog(board)


def _change(screen: FrontScreen, app: EditorApp, key: Key, again: Callable[[], None]) -> None:
    """Toggle what has two values; ask for one of more, or for a number."""
    now = str(getattr(load_config(), key.name))
    if key.range is not None:
        ask(
            screen,
            lambda done: TextDialog(key.title, now, done, key.allowed),
            lambda typed: _set(screen, app, key.name, typed),
            again,
        )
    elif len(key.values) == 2:  # one or the other
        _set(screen, app, key.name, key.values[1 - key.values.index(now)])
        again()
    else:
        choices = [Choice(value=v, label=v, hint="as it is" if v == now else "") for v in key.values]
        ask(
            screen,
            lambda done: Picker(key.title, choices, done),
            lambda picked: _set(screen, app, key.name, picked[0]),
            again,
        )


def _set(screen: FrontScreen, app: EditorApp, name: str, value: str) -> None:
    config = set_setting(name, value.strip())
    take_over(app, config)
    key = next(key for key in KEYS if key.name == name)
    screen.tell(f"{key.title}: {getattr(config, name)}{'' if key.live else ', from the next start on'}")


def take_over(app: EditorApp, config: Config) -> None:
    """Do what the configuration says, as far as an open window can."""
    loop = app.desk.loop
    loop.turbo, loop.skip, loop.freehand = config.turbo == "on", int(config.skip), config.freehand == "on"
    if app.is_light != (config.theme == "light"):
        app.set_light(config.theme == "light")


def toggle_theme(screen: FrontScreen, app: EditorApp) -> None:
    """Change between the dark and the light theme, and remember it."""
    _set(screen, app, "theme", "dark" if app.is_light else "light")
