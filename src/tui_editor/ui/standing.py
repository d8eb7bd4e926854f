"""As what a task is opened: taken for the person, one's own branch of it, or only to look at, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui_editor.api.workflow import busy_in_group, take_task
from tui_editor.errors import PatchMismatch, Refused, StoreLocked
from tui_editor.model.ids import TaskId  # noqa: TC001  # a field's type
from tui_editor.model.transitions import MANAGERS, Action, refusal
from tui_editor.model.workflow import StageKind, TaskState
from tui_editor.state.lock import Held
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.api.project import Project
    from tui_editor.model.project import Project as ProjectInfo
    from tui_editor.model.transitions import Standing
    from tui_editor.model.workflow import TaskStatus
    from tui_editor.state.store import TaskState as TaskWindow


class Opening(NamedTuple):
    """How a task is opened."""

    task: TaskId
    """Itself, or the person's branch of it."""
    read_only: str = ""
    """Why nothing at all can be changed in it."""
    looks: bool = False
    """It is another one's, or nobody's yet: without the lock, until something is changed."""


_NEEDED = (Action.LABEL, Action.DECIDE, Action.ISSUE)


def opened_as(project: Project, task: TaskId) -> Opening:
    """Return how a task is opened.

    In a team whose work it is takes a task that nobody has by opening it. Managers look at first, and so does everybody
    at a task of somebody else's and at a skipped one: opening these changes nothing.
    """
    if project.read_only:
        return Opening(task, project.read_only)
    info, status = project.info, project.store.status(task)
    parent = project.store.task(task).parent
    standing = info.standing(status, project.person, branch=parent is not None)
    whole = info.stage_kind(status) is StageKind.CONSENSUS_ANNOTATE and parent is None
    if whole or _takes(info, standing):
        try:
            return Opening(take_task(project, task))
        except StoreLocked:
            return Opening(task, looks=True)  # whose the lock is will be seen; it may come here later
        except (Refused, PatchMismatch) as error:
            return Opening(task, one_line(error.what, 60))
    if why := busy_in_group(project, task):
        return Opening(task, why)
    return Opening(task, refusal_of_work(standing), _looks(info, status, project.person))


def _takes(info: ProjectInfo, standing: Standing) -> bool:
    status = standing.status
    waits = not status.assignee and status.state is not TaskState.SKIPPED
    return bool(info.members) and standing.role not in MANAGERS and waits and not refusal(standing, Action.TAKE)


def _looks(info: ProjectInfo, status: TaskStatus, person: str) -> bool:
    """Return whether a task is opened without the lock; alone, a task that nobody has is whose it is opened by."""
    free = not info.members and not status.assignee and status.state is not TaskState.SKIPPED
    return status.assignee != person and not free


def becomes_theirs(info: ProjectInfo, standing: Standing) -> bool:
    """Return whether a task is taken by the person to whom its lock comes: nobody has it, and it is for them."""
    status = standing.status
    taken = bool(info.members) or status.state is TaskState.SKIPPED
    return taken and not status.assignee and not refusal(standing, Action.TAKE)


def refusal_of_work(standing: Standing) -> str:
    """Return why nothing at all can be changed in a task; empty when something can."""
    refused = [refusal(standing, action) for action in _NEEDED]
    return refused[0] if all(refused) else ""


def opening_words(state: TaskWindow) -> str:
    """Return what is said when a task was opened, of its lock and of what it takes to work on it; empty: nothing."""
    if state.lock.held is Held.LOOKING:
        skipped = state.document.status.state is TaskState.SKIPPED
        return "the task is skipped: ‹task.edit_here› takes it, to go on with it" if skipped else ""
    return f"read-only: {state.read_only}" if state.lock.can_be_asked else ""


def became(status: TaskStatus) -> str:
    """Return what became of a task that was handed on, as a sentence says it after the title."""
    if status.state is TaskState.REOPENED:
        return f"goes back to {one_line(status.stage, 24)}"
    return "is skipped" if status.state is TaskState.SKIPPED else "is done"
