"""Figures of the project's issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.command import Command, on
from tui_editor.commands.issues import GROUP
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from tui_editor.commands.context import Context


def _show(context: Context) -> None:
    context.front.show("issue-stats")


COMMANDS = (
    Command(
        id="issue.stats",
        title="Figures of the issues",
        doc="Shows the issues of all tasks by kind, tag, author, class and stage, and how long they took to resolve.",
        run=_show,
        keys=on("S", Mode.ISSUES) + on("I", Mode.QUEUE),
        group=GROUP,
    ),
)
