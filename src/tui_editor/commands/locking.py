"""The editor lock by keys: go on here, take a task over, put back what was kept aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.command import CANVAS, Command, on
from tui_editor.commands.permissions import may, may_write
from tui_editor.errors import Refused
from tui_editor.model.transitions import MANAGERS, Action
from tui_editor.state.lock import Held, Lock, lock_words
from tui_editor.state.view import Mode
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.commands.context import Context
    from tui_editor.state.store import TaskState

GROUP = "Task"


def may_edit_here(context: Context) -> str:
    """Return why the lock can't come to this window; empty when it can."""
    if context.task is None:
        return "no task is open"
    lock = context.state.lock
    if lock.held is Held.HERE:
        return "the task is edited here already"
    if not lock.can_be_asked:
        return context.state.read_only
    if lock.held is Held.LOOKING and (why := may(context, Action.LABEL, Action.DECIDE, Action.TAKE)):
        return why
    return refusal_to_take(context.state, context.task.person)


def refusal_to_take(state: TaskState, person: str) -> str:
    """Return why a person can't take a task's lock; empty when they can.

    From one who edits it a manager takes it, and whom the task is assigned to, unless that one is a manager.
    """
    lock, role_of = state.lock, state.project.role_of
    theirs = state.document.status.assignee == person and role_of(lock.person) not in MANAGERS
    if lock.held is Held.OTHER and role_of(person) not in MANAGERS and not theirs:
        who = one_line(lock.person, 24)
        return f"only a team manager takes a task over while it is edited: ask {who}, or wait"
    return ""


def _edit_here(context: Context) -> None:
    lock = context.state.lock
    if why := may_edit_here(context):
        raise Refused(why)
    if lock.held in {Held.OTHER, Held.STALE}:
        who = one_line(lock.person, 24)
        context.front.confirm(f"Take the task over from {who}", _what_happens(lock, who), context.front.take_lock)
    else:
        context.front.take_lock()


def _what_happens(lock: Lock, who: str) -> str:
    """Return what becomes of the holder."""
    keeps = f"All that was told there as kept stays; what was not on disk yet is kept aside for {who}."
    if lock.held is Held.STALE:
        return f"{lock_words(lock)}. When that window comes back it may only look. {keeps}"
    return f"{lock_words(lock)}. That window turns read-only at once, and says who took the task. {keeps}"


def _put_back(context: Context) -> None:
    if why := may_write(context):
        raise Refused(why)
    context.front.put_back()


COMMANDS = (
    Command(
        id="task.edit_here",
        title="Edit the task here",
        doc="Brings the editor lock to this window, and with it a task that nobody has, skipped ones among them: from "
        "your other window at once; from somebody who gives no sign of life, and from anybody where the task is yours "
        "or you are a team manager, after a question.",
        run=_edit_here,
        keys=on("!", *CANVAS, Mode.ISSUES),
        hint="edit here",
        enabled=may_edit_here,
        group=GROUP,
    ),
    Command(
        id="edit.put_back",
        title="Put back what was kept aside",
        doc="Does your edits of this task again that could not be kept: it had been taken over, or the disk was full.",
        run=_put_back,
        keys=on("g !"),
        enabled=may_write,
        group="Edit",
    ),
)
