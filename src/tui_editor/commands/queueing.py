"""The queue's keys: move, find, open, hand out, assign, prioritise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.command import Command, on
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.commands.context import Context


def _verb(name: str) -> Callable[[Context], None]:
    def run(context: Context) -> None:
        context.front.queue(f"{name} {context.argument}".strip())

    return run


def _command(name: str, keys: str, title: str, doc: str, *, hint: str = "", takes: str = "") -> Command:
    return Command(
        id=f"queue.{name}",
        title=title,
        doc=doc,
        run=_verb(name),
        keys=on(keys, Mode.QUEUE),
        hint=hint,
        takes=takes,
        group="Queue",
    )


COMMANDS = (
    _command("next", "j, down", "Next task", "Moves down in the queue.", hint="next"),
    _command("previous", "k, up", "Previous task", "Moves up in the queue."),
    _command("first", "g g, home", "First task", "Goes to the top of the queue."),
    _command("last", "G, end", "Last task", "Goes to the end of what is listed."),
    _command(
        "open",
        "enter, l, right",
        "Open the task",
        "Opens the task under the cursor; one that waits for you is yours with it. Managers look until they change "
        "something; a skipped one is taken with ‹task.edit_here›.",
        hint="open",
    ),
    _command(
        "start",
        "n",
        "Start the next task",
        "Hands out the task of the highest priority that waits for you, and opens it.",
        hint="start next",
    ),
    _command(
        "filter",
        "/",
        "Filter the queue",
        "Lists tasks by title, stage:, state:, assignee:, kind:, group:, issue:open, KEY=VALUE of client metadata.",
        hint="filter",
        takes="FILTER",
    ),
    _command("clear_filter", "g /, escape", "List all tasks", "Takes the filter away."),
    _command(
        "mine",
        "M",
        "What waits for me",
        "Lists the tasks that you may begin: yours and nobody's, or all again.",
        hint="mine",
    ),
    _command(
        "sort", "s", "Sort the queue", "Sorts by priority, title, issues, labels or frames.", hint="sort", takes="ORDER"
    ),
    _command("reverse", "S", "Turn the order round", "Lists the last ones first."),
    _command(
        "details", "d", "Details of the task", "Shows or hides what there is to know of the task.", hint="details"
    ),
    _command(
        "assign", "a", "Assign the task", "Gives the task under the cursor to somebody.", hint="assign", takes="PERSON"
    ),
    _command("release", "r", "Release the task", "Gives the task under the cursor back: nobody has it."),
    _command("move", "v", "Move the task", "Puts the task under the cursor into another stage.", takes="STAGE"),
    _command("priority", "p", "Priority of the task", "Sets the priority, 0 to 1; 1 comes first.", takes="PRIORITY"),
    _command(
        "reopen", "R", "Reopen the finished task", "Brings the finished task under the cursor back to the first stage."
    ),
    _command(
        "metadata",
        "m",
        "Client metadata",
        "Sets a key of the client metadata of the task under the cursor; an empty value removes it.",
        takes="KEY=VALUE",
    ),
)
