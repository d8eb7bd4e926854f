"""The person's settings: what they are, where they come from, changed by key; taken over at once where that can be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui_editor.api.config import KEYS, Config, load_config, with_defaults
from tui_editor.api.config_edit import set_setting
from tui_editor.api.project_settings import DEFAULTS
from tui_editor.commands.context import Choice
from tui_editor.commands.menu import MenuItem
from tui_editor.commands.wishes import wishes_of
from tui_editor.state.view import Display
from tui_editor.ui.boards.asking import ask
from tui_editor.ui.dialogs.base import TextDialog
from tui_editor.ui.dialogs.board import Board
from tui_editor.ui.dialogs.picker import Picker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tui_editor.api.config import Key
    from tui_editor.ui.app import EditorApp
    from tui_editor.ui.screens.front import FrontScreen

VALUE_CELLS: Final = 22
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "Look": ("theme", "graphics", "colours"),
    "Labelling": ("zoom", "single_zoom", "skip", "turbo", "turbo_zoom", "backup"),
    "Drawing": ("words", "opacity", "line_width", "freehand"),
}


def setting_items(defaults: object = None) -> list[MenuItem]:
    """Return the settings with value and source.

    Args:
        defaults: What the project gives to those who say nothing else.

    Raises:
        ConfigBroken: the file is broken.
    """
    config, by_name = with_defaults(load_config(), defaults), {key.name: key for key in KEYS}
    return [_item(by_name[name], config, group) for group, names in GROUPS.items() for name in names]


def _item(key: Key, config: Config, group: str) -> MenuItem:
    when = "" if key.live else " From the next start on."
    where = " A project may have another default." if key.shared else ""
    said = f"{key.doc.replace('`', '')} {key.allowed.capitalize()}; default {key.values[0]}.{when}{where}"
    return MenuItem(
        key=key.name,
        title=key.title,
        value=f"{getattr(config, key.name):<{VALUE_CELLS}} {_from(config.source(key.name))}",
        hint=f"{said} In the file: {key.name}",
        group=group,
    )


def _from(source: str) -> str:
    return source if source == "default" else f"from {source}"


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
        setting_items(defaults_of(app)),
        chosen,
        removed=removed,
        hint="type to search, Enter changes, Delete gives the default back",
        at=at,
        typed=typed,
    )
    screen.open_dialog(board)


def defaults_of(app: EditorApp) -> object:
    """Return what the project gives to those who say nothing else."""
    return app.desk.project.info.settings.get(DEFAULTS)


def _change(screen: FrontScreen, app: EditorApp, key: Key, again: Callable[[], None]) -> None:
    """Toggle what has two values; ask for one of more, or for a number."""
    now = str(getattr(with_defaults(load_config(), defaults_of(app)), key.name))
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
    config = with_defaults(set_setting(name, value.strip()), defaults_of(app))
    take_over(app, config)
    key = next(key for key in KEYS if key.name == name)
    screen.tell(f"{key.title}: {getattr(config, name)}{'' if key.live else ', from the next start on'}")


def take_over(app: EditorApp, config: Config) -> None:
    """Do what the configuration says, as far as an open window can."""
    loop = app.desk.loop
    loop.turbo, loop.skip, loop.freehand = config.turbo == "on", int(config.skip), config.freehand == "on"
    before, loop.wishes = loop.wishes, wishes_of(config)
    app.desk.project.zoom = config.zoom
    task = app.desk.task
    if task is not None and before.display(Display()) != loop.wishes.display(Display()):
        task.store.set(display=loop.wishes.display(task.store.state.display))
    if app.is_light != (config.theme == "light"):
        app.set_light(config.theme == "light")


def toggle_theme(screen: FrontScreen, app: EditorApp) -> None:
    """Change between the dark and the light theme, and remember it."""
    _set(screen, app, "theme", "dark" if app.is_light else "light")
