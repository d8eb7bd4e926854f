"""What a click on a mark of the header does, and what is noted with the project: the same on every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tui_editor.commands.table import run

if TYPE_CHECKING:
    from tui_editor.ui.screens.front import FrontScreen
    from tui_editor.ui.widgets.bars import Bar


class Marks:
    """A part of `FrontScreen`."""

    def on_bar_pressed(self, event: Bar.Pressed) -> None:
        """Run what a piece of a bar is for; what can't be done says why."""
        event.stop()
        screen = cast("FrontScreen", self)
        command = screen.loop.keymap.command(event.command)
        if command is not None and not screen.is_asking:
            screen.clear_message()
            run(command, screen.context())
            screen.show_keys()

    def note_done(self, kind: str, what: str, outcome: str) -> None:
        """Keep in the project's store that something was done."""
        from tui_editor.ui.boards.storing import note_activity

        note_activity(cast("FrontScreen", self), kind, what, outcome)
