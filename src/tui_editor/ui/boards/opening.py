"""Opens the screens around the canvas by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tui_editor.commands.menu import editor_menu
from tui_editor.commands.table import run
from tui_editor.ui.dialogs.board import Board

if TYPE_CHECKING:
    from tui_editor.commands.menu import MenuItem
    from tui_editor.ui.app import EditorApp
    from tui_editor.ui.desk import Desk
    from tui_editor.ui.screens.front import FrontScreen


def open_screen(screen: FrontScreen, what: str) -> None:
    """Open the screen of a name; one of another name is none of ours."""
    if what == "menu":
        show_menu(screen)
    elif what == "notifications":
        from tui_editor.ui.boards.notifications import show_notifications

        show_notifications(screen, desk_of(screen).bell)
    elif what == "instructions":
        from tui_editor.ui.dialogs.instructions import show_instructions

        show_instructions(screen, desk_of(screen).project.info)
    elif what == "tour":
        from tui_editor.ui.guide import begin_guide

        begin_guide(screen)
    elif what == "project":
        from tui_editor.ui.boards.project import show_project

        show_project(screen, desk_of(screen))
    elif what == "layout":
        from tui_editor.ui.boards.layout import show_layouts

        show_layouts(screen)
    elif what == "shortcuts":
        from tui_editor.ui.boards.shortcuts import show_shortcuts

        screen.guarded(lambda: show_shortcuts(screen))
    elif what in {"settings", "theme"}:
        from tui_editor.ui.boards.settings import show_settings, toggle_theme

        app = cast("EditorApp", screen.app)
        screen.guarded(lambda: show_settings(screen, app) if what == "settings" else toggle_theme(screen, app))


def desk_of(screen: FrontScreen) -> Desk:
    """Return what the screens of the window share."""
    return cast("EditorApp", screen.app).desk


def show_menu(screen: FrontScreen) -> None:
    """Show the editor menu; what is chosen is run as its key would."""
    mode = screen.mode

    def chosen(item: MenuItem) -> None:
        command = screen.loop.keymap.command(item.key)
        if command is not None:
            argument = next((key.argument for key in command.keys if mode in key.modes), "")
            run(command, screen.context(argument=argument))

    screen.open_dialog(Board("Editor menu", editor_menu(screen.context(), mode), chosen, keys=True))
