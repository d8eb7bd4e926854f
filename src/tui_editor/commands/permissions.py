"""Whether what a command does is allowed here: by the lock, and by the table of `model.transitions`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.model.transitions import Action, refusal

if TYPE_CHECKING:
    from tui_editor.commands.context import Context


def may(context: Context, *actions: Action) -> str:
    """Return why none of the actions can be done with the open task; empty when one of them can."""
    if context.task is None:
        return "no task is open"
    state = context.state
    if state.read_only:
        return state.read_only
    is_branch = state.task.parent is not None
    standing = state.project.standing(state.document.status, context.task.person, branch=is_branch)
    why = ""
    for action in actions:
        refused = refusal(standing, action)
        if not refused:
            return ""
        why = why or refused
    return why


def may_submit(context: Context) -> str:
    """Return why the task can't be handed on; empty when it can."""
    return may(context, Action.SUBMIT, Action.APPROVE, Action.REJECT)


def may_write(context: Context) -> str:
    """Return why nothing at all can be changed in the task; empty when something can."""
    return may(context, Action.LABEL, Action.DECIDE, Action.ISSUE)


def may_discuss(context: Context) -> str:
    """Return why no issue can be raised or answered; empty when one can."""
    return may(context, Action.ISSUE)
