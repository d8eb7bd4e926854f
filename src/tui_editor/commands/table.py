"""The one table of commands: keys, footer, palette, `:` line, help and manual all come from it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tui_editor.commands import (
    adjusting,
    answering,
    app,
    batch,
    bitmasks,
    brushes,
    bulk,
    by_pointer,
    clipboard,
    comparing,
    consensus,
    coordinates,
    crosshair,
    display,
    drawing,
    filtering,
    findings,
    geometry,
    identities,
    instances,
    issue_stats,
    issues,
    jumping,
    label_menu,
    later,
    listing,
    locking,
    log,
    macros,
    mending,
    navigate,
    objects,
    painting,
    paths,
    picture,
    polygons,
    queueing,
    repeating,
    reshaping,
    review,
    screens,
    searching,
    selecting,
    single,
    tracing,
    tracks,
    turbo,
    undoing,
    view,
    windows,
    workflow,
)
from tui_editor.errors import FilterInvalid, TuiEditorError, UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.commands.command import Command
    from tui_editor.commands.context import Context
    from tui_editor.state.view import Mode

TABLE: tuple[Command, ...] = (
    *review.COMMANDS,
    *navigate.COMMANDS,
    *view.COMMANDS,
    *display.COMMANDS,
    *listing.COMMANDS,
    *searching.COMMANDS,
    *selecting.COMMANDS,
    *filtering.COMMANDS,
    *picture.COMMANDS,
    *adjusting.COMMANDS,
    *objects.COMMANDS,
    *undoing.COMMANDS,
    *log.COMMANDS,
    *answering.COMMANDS,
    *turbo.COMMANDS,
    *jumping.COMMANDS,
    *label_menu.COMMANDS,
    *repeating.COMMANDS,
    *batch.COMMANDS,
    *geometry.COMMANDS,
    *reshaping.COMMANDS,
    *coordinates.COMMANDS,
    *by_pointer.COMMANDS,
    *drawing.COMMANDS,
    *crosshair.COMMANDS,
    *tracing.COMMANDS,
    *instances.COMMANDS,
    *clipboard.COMMANDS,
    *tracks.COMMANDS,
    *identities.COMMANDS,
    *bulk.COMMANDS,
    *painting.COMMANDS,
    *paths.COMMANDS,
    *brushes.COMMANDS,
    *polygons.COMMANDS,
    *bitmasks.COMMANDS,
    *issues.COMMANDS,
    *findings.COMMANDS,
    *mending.COMMANDS,
    *comparing.COMMANDS,
    *single.COMMANDS,
    *consensus.COMMANDS,
    *issue_stats.COMMANDS,
    *windows.COMMANDS,
    *workflow.COMMANDS,
    *locking.COMMANDS,
    *macros.COMMANDS,
    *app.COMMANDS,
    *screens.COMMANDS,
    *queueing.COMMANDS,
    *later.COMMANDS,
)

LINE_NAMES = {
    "q": "app.quit",
    "quit": "app.quit",
    "w": "app.save",
    "submit": "task.end",
    "skip": "task.skip",
    "approve-task": "task.approve",
    "reject-task": "task.reject",
    "reopen": "task.reopen",
    "filter": "view.filter",
    "rotate": "view.rotate",
    "contrast": "view.contrast",
    "brightness": "view.brightness",
    "gamma": "view.gamma",
    "window": "view.window",
    "class": "range.class",
    "delete": "range.delete",
    "approve": "range.approve",
    "hide": "range.hide",
    "show": "range.show",
    "select": "range.select",
    "issue": "issue.new",
    "reply": "issue.reply",
    "waive": "finding.waive",
    "box": "draw.box",
    "brush": "tool.brush",
    "merge": "polygon.merge",
    "subtract": "polygon.subtract",
    "simplify": "polygon.simplify",
    "panoptic": "bitmask.panoptic",
    "help": "app.help",
}
"""Short names on the `:` line, beside each command's id."""


@cache
def by_id() -> dict[str, Command]:
    """Return the commands by their ids."""
    return {command.id: command for command in TABLE}


def keys_in(command: Command, mode: Mode) -> list[str]:
    """Return the key sequences of a command in a mode."""
    return [key.keys for key in command.keys if mode in key.modes]


def find(name: str) -> Command:
    """Return a command by id, short name or title.

    Raises:
        UsageError: there is none.
    """
    wanted = LINE_NAMES.get(name, name)
    command = by_id().get(wanted) or by_id().get(wanted.replace("-", "_"))
    if command is None:
        folded = wanted.casefold()
        command = next((c for c in TABLE if c.title.casefold() == folded), None)
    if command is None:
        raise UsageError(f"there is no command {one_line(name)}", hint="‹app.help› lists them all")
    return command


def run(command: Command, context: Context) -> bool:
    """Run a command; what goes wrong is told to the user. Return whether it ran."""
    why = attempt(command, context)
    if why:
        context.front.tell(why, severity="warning")
    return not why


def attempt(command: Command, context: Context) -> str:
    """Run a command; return what went wrong, empty when nothing did."""
    why = command.why_not(context)
    if why:
        return f"{command.title}: {why}"
    step = None if context.replayed else context.begin(command.id)
    try:
        command.run(context)
    except FilterInvalid as error:
        return one_line(str(error.moved(context.offset)))
    except TuiEditorError as error:
        return one_line(str(error))
    if step is not None:
        context.loop.macros.note(step)
    return ""


def run_line(text: str, context: Context) -> bool:
    """Run what was typed on the `:` line: a frame number, `@x,y`, or a command's name and its argument."""
    words = text.strip().lstrip(":").strip()
    if not words:
        return False
    if words.isdecimal():
        words = f"frame.go {words}"
    elif words.startswith("@"):
        words = f"geometry.place {words}"
    name, _, argument = words.partition(" ")
    if words in text:  # columns are those of the line
        context.offset = text.index(words) + len(name) + 1 + len(argument) - len(argument.lstrip())
    try:
        command = find(name)
    except UsageError as error:
        context.front.tell(str(error), severity="warning")
        return False
    context.argument = argument.strip()
    return run(command, context)
