"""Undo and redo, a few milliseconds at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands import moving
from tui_editor.commands.command import CANVAS, LOOP, Command, on
from tui_editor.commands.objects import GROUP
from tui_editor.commands.permissions import may_write
from tui_editor.model.patch import Patch
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from tui_editor.commands.context import Context

MOST_LOOKED_AT = 1000
"""Changes of a patch whose objects may be gone to."""


def _undo(context: Context) -> None:
    context.front.go_through(_steps_back(context, context.store.undo_steps, "undo"), lambda: None)


def _redo(context: Context) -> None:
    context.front.go_through(_steps_back(context, context.store.redo_steps, "redo"), lambda: None)


def _steps_back(context: Context, step: Callable[[], Generator[float, None, str]], word: str) -> Iterator[float]:
    """Undo or redo as often as the count says, and show what changed."""
    for _ in range(context.times):
        with context.unchanged_if_stopped():
            command = yield from step()
        if not command:
            context.front.tell(f"there is nothing to {word}", severity="warning")
            return
        _show_changed(context, context.store.last_patch)
        context.front.tell(f"{word}ne: {title_of(command)}")


def title_of(command: str) -> str:
    """Return what a step is called, from the id that the journal names: another version, or the shell, has others."""
    from tui_editor.commands.table import by_id  # the table is made of this module

    known = by_id().get(command)
    return one_line(known.title if known is not None else command.replace(".", ": ").replace("_", " "))


def _show_changed(context: Context, patch: Patch) -> None:
    """Go to the first of the objects that a patch changed; of a large one, of those that it begins with."""
    here = context.state.document.instances
    changed = [i for i in Patch(patch.changes[:MOST_LOOKED_AT]).instances() if i in here]
    if changed:
        moving.focus(context, min(changed))


COMMANDS = (
    Command(
        id="edit.undo",
        title="Undo",
        doc="Takes back your last step in this task, also one from before a restart.",
        run=_undo,
        keys=on("u", *CANVAS) + on("backspace", *LOOP),
        hint="undo",
        count="steps",
        enabled=may_write,
        group=GROUP,
    ),
    Command(
        id="edit.redo",
        title="Redo",
        doc="Brings back what was undone last.",
        run=_redo,
        keys=on("U", *CANVAS),
        count="steps",
        enabled=may_write,
        group=GROUP,
    ),
)
