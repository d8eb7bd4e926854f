"""The `:` line and the palette: a command by name, with its keys beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.line import LineAssist, known
from tui_editor.ui.dialogs.assisted import AssistedDialog
from tui_editor.ui.dialogs.help import shown_keys
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.commands.command import Command
    from tui_editor.commands.context import Context
    from tui_editor.state.view import Mode


class LineDialog(AssistedDialog):
    """Asks for a command line.

    Args:
        context: What commands would work with.
        commands: All there are.
        mode: In which it is opened.
        done: Gets the line.
        history: Earlier lines; None for the palette, where the arrows move in the list.
    """

    def __init__(
        self,
        context: Context,
        commands: Sequence[Command],
        mode: Mode,
        done: Callable[[str], None],
        history: Sequence[str] | None = None,
    ) -> None:
        super().__init__(
            "Command" if history is None else "Command line",
            LineAssist(context, commands, mode, shown_keys),
            done,
            placeholder="a command, a frame number, or @x,y",
            history=history or (),
        )
        self._palette = history is None

    def line(self, typed: str) -> str:
        """Return what was typed; where that names nothing, the command under the cursor."""
        value = typed.strip()
        name = value.lstrip(": ").split(" ", 1)[0]
        at = self.query_one(VirtualList).cursor
        if known(name) or name.isdecimal() or name.startswith("@") or at is None:
            return value
        return self.suggestions[at].text if value or self._palette else ""

    def chosen(self, number: int) -> None:
        """Run the command that was clicked; an argument is put into the field."""
        if self.names_commands:
            self.take(self.suggestions[number].text)
        else:
            super().chosen(number)
