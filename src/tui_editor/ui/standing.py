"""As what a task is opened: taken for the person, one's own branch of it, or only to look at, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.api.workflow import busy_in_group, take_task
from tui_editor.errors import PatchMismatch, Refused, StoreLocked
from tui_editor.model.transitions import Action, refusal
from tui_editor.model.workflow import StageKind, TaskState
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.api.project import Project
    from tui_editor.model.ids import TaskId
    from tui_editor.model.transitions import Standing
    from tui_editor.model.workflow import TaskStatus

_NEEDED = (Action.LABEL, Action.DECIDE, Action.ISSUE)


def opened_as(project: Project, task: TaskId) -> tuple[TaskId, str]:
    """Return which task is opened for another, and why it is read-only; empty when it is not.

    In a team a task that nobody has is taken with it; one that a manager looks at stays whose it is. A skipped one is
    taken everywhere: its issue is resolved.
    """
    if project.read_only:
        return task, project.read_only
    info, status = project.info, project.store.status(task)
    parent = project.store.task(task).parent
    whole = info.stage_kind(status) is StageKind.CONSENSUS_ANNOTATE and parent is None
    standing = info.standing(status, project.person, branch=parent is not None)
    takes = whole or ((info.members or status.state is TaskState.SKIPPED) and not refusal(standing, Action.TAKE))
    if takes and (whole or not status.assignee or status.state is TaskState.SKIPPED):
        try:
            return take_task(project, task), ""
        except StoreLocked:
            return task, ""  # whose the lock is will be seen; it may come here later
        except (Refused, PatchMismatch) as error:
            return task, one_line(error.what, 60)
    if why := busy_in_group(project, task):
        return task, why
    return task, refusal_of_work(standing)


def refusal_of_work(standing: Standing) -> str:
    """Return why nothing at all can be changed in a task; empty when something can."""
    refused = [refusal(standing, action) for action in _NEEDED]
    return refused[0] if all(refused) else ""


def became(status: TaskStatus) -> str:
    """Return what became of a task that was handed on, as a sentence says it after the title."""
    if status.state is TaskState.REOPENED:
        return f"goes back to {one_line(status.stage, 24)}"
    return "is skipped" if status.state is TaskState.SKIPPED else "is done"
