"""Whether what a command does is allowed here: by the lock, and by the table of `model.transitions`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.model.transitions import Action, refusal

if TYPE_CHECKING:
    from tui_editor.commands.context import Context
    from tui_editor.model.project import Project
    from tui_editor.model.workflow import TaskStatus


def may(context: Context, *actions: Action) -> str:
    """Return why none of the actions can be done with the open task; empty when one of them can."""
    if context.task is None:
        return "no task is open"
    state = context.state
    if state.read_only:
        return state.read_only
    refused = _refusals(state.project, state.document.status, context.task.person, state.task.parent is not None)
    why = ""
    for action in actions:
        if action not in refused.known:
            refused.known[action] = refusal(refused.standing, action)
        if not refused.known[action]:
            return ""
        why = why or refused.known[action]
    return why


class _Refusals:
    """What the table says of one standing, as far as it was asked: each key asks for every command of the footer."""

    def __init__(self, project: Project, status: TaskStatus, person: str, branch: bool) -> None:
        self.of = project, status, person, branch
        self.standing = project.standing(status, person, branch=branch)
        self.known: dict[Action, str] = {}


_last: _Refusals | None = None


def _refusals(project: Project, status: TaskStatus, person: str, branch: bool) -> _Refusals:
    global _last  # noqa: PLW0603  # a cache of one entry, replaced whole
    last = _last
    if last is not None and last.of[0] is project and last.of[1] is status and last.of[2:] == (person, branch):
        return last
    _last = last = _Refusals(project, status, person, branch)
    return last


def may_submit(context: Context) -> str:
    """Return why the task can't be handed on; empty when it can."""
    return may(context, Action.SUBMIT, Action.APPROVE, Action.REJECT)


def may_write(context: Context) -> str:
    """Return why nothing at all can be changed in the task; empty when something can."""
    return may(context, Action.LABEL, Action.DECIDE, Action.ISSUE)


def may_discuss(context: Context) -> str:
    """Return why no issue can be raised or answered; empty when one can."""
    return may(context, Action.ISSUE)
