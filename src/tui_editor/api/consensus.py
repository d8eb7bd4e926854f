"""Consensus: a branch for each annotator, and the task going on when all are handed in."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.api.workflow import Step, edit_of, now_stamp
from tui_editor.edits.routing import after
from tui_editor.errors import Refused, StoreError
from tui_editor.model.ids import TaskId
from tui_editor.model.patch import Patch, StatusChange
from tui_editor.model.project import TaskQuery
from tui_editor.model.transitions import TABLE, Action, refusal
from tui_editor.model.workflow import StageKind, TaskState, TaskStatus
from tui_editor.ports import ImportedTask
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.api.project import Project
    from tui_editor.model.project import Task, TaskRow
    from tui_editor.ports import OpenedTask

_SUBMIT = next(r for r in TABLE if r.action is Action.SUBMIT)
_SETTLE = Step(command="consensus.settle", make=lambda d, p, s, t: Patch())  # noqa: ARG005  # made below


def branch_rows(project: Project, task: TaskId) -> Sequence[TaskRow]:
    """Return the branches of a task, by annotator."""
    return sorted(project.store.tasks(TaskQuery(parent=task)), key=lambda row: row.branch)


def branches(project: Project, task: TaskId) -> Sequence[OpenedTask]:
    """Return the branches of a task with their labels, by annotator."""
    return [project.read(row.id) for row in branch_rows(project, task)]


def branch_for(project: Project, task: Task, status: TaskStatus) -> TaskId:
    """Return the person's branch of a task in a consensus annotate stage, made when it is the first time.

    A branch has an id that follows from the task's and its number: of two who begin the last one only one gets it.

    Raises:
        Refused: the task has all its branches, or the person's is handed in, or the person may not annotate.
    """
    stage = project.info.stage_of(status)
    rows = branch_rows(project, task.id)
    mine = _branch_of(rows, project.person)
    if mine is not None:
        if mine.state == TaskState.COMPLETED:
            raise Refused("your branch is handed in")
        return mine.id
    fresh = TaskStatus(stage=stage.name, state=TaskState.NEW)
    if why := refusal(project.info.standing(fresh, project.person, branch=True), Action.TAKE):
        raise Refused(why)
    begun = replace(fresh, state=TaskState.ASSIGNED, assignee=project.person)
    whole = project.read(task.id)
    for number in range(stage.annotators):
        key = _branch_id(task.id, number)
        made = replace(task, id=key, parent=task.id, branch=project.person)
        labels = whole.document.apply(Patch((StatusChange(whole.document.status, begun),)))
        try:
            project.store.add_tasks([ImportedTask(task=made, document=labels)], project.person)
        except StoreError:
            rows = branch_rows(project, task.id)
            if all(row.id != key for row in rows):
                raise
            if mine := _branch_of(rows, project.person):
                return mine.id  # begun in another window a moment ago
            continue  # somebody has this one
        return key
    raise Refused(f"{one_line(task.title, 40)} has its {stage.annotators} annotators")


def _branch_of(rows: Sequence[TaskRow], person: str) -> TaskRow | None:
    return next((row for row in rows if row.branch == person), None)


def _branch_id(task: TaskId, number: int) -> TaskId:
    digest = blake2b(f"branch {task} {number}".encode(), digest_size=8).digest()
    return TaskId(int.from_bytes(digest) >> 1 or 1)


def settle(project: Project, task: TaskId) -> bool:
    """Bring a task and its branches to where they belong together; return whether anything moved.

    When all branches are handed in the task goes on to its review. When it came back from there, its branches are
    reopened. Doing it again does nothing.
    """
    found = project.store.task(task)
    parent = found.parent if found.parent is not None else task
    status = project.store.status(parent)
    stage = project.info.stage_of(status)
    if stage.kind is not StageKind.CONSENSUS_ANNOTATE:
        return False
    rows = branch_rows(project, parent)
    if status.state is TaskState.REOPENED:
        return _reopened(project, parent, status, rows)
    if sum(row.state == TaskState.COMPLETED for row in rows) < stage.annotators:
        return False
    whole = project.store.task(parent)
    on = after(project.info, status, _SUBMIT, now_stamp(project).person, whole)
    return _moved(project, [(parent, status, replace(on, assignee=""))])


def _reopened(project: Project, parent: TaskId, status: TaskStatus, rows: Sequence[TaskRow]) -> bool:
    changes = [(parent, status, replace(status, state=TaskState.NEW, assignee=""))]
    for row in rows:
        old = project.store.status(row.id)
        changes.append((row.id, old, replace(old, state=TaskState.REOPENED, assignee=row.branch)))
    return _moved(project, changes)


def _moved(project: Project, changes: Sequence[tuple[TaskId, TaskStatus, TaskStatus]]) -> bool:
    edits = [edit_of(project, key, Patch((StatusChange(old, new),)), _SETTLE) for key, old, new in changes]
    answers = project.store.commit(edits, together=True)
    return not any(isinstance(answer, Exception) for answer in answers)
