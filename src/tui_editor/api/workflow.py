"""Tasks handed out and on: what queue, editor and shell do with a task where it stands; groups go together."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.edits import workflow as edits
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import PatchMismatch, Refused, StoreLocked, UsageError
from tui_editor.model.document import make_document
from tui_editor.model.ids import new_token
from tui_editor.model.project import Task, TaskQuery, TaskRow
from tui_editor.model.transitions import WORK, Action, Role, refusal
from tui_editor.model.workflow import StageKind, TaskState
from tui_editor.ports import Edit, EntryKind, OpenedTask
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tui_editor.api.project import Project
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import TaskId
    from tui_editor.model.patch import Patch
    from tui_editor.model.project import Project as ProjectInfo

_TASKS_AT_ONCE = 250
"""Tasks that are changed in a transaction: others who write wait for it."""
_CANDIDATES = 50
"""Tasks that are looked at in a turn for one that is still free."""


def now_stamp(project: Project) -> Stamp:
    """Return the project's person and the time."""
    return Stamp(project.person, time.time_ns() // 1_000_000)


# --- what is done with one task or with its group ----------------------------------------------------------------


class Step(Struct, frozen=True, kw_only=True):
    """A move in the workflow: how it changes a task, and what the journal calls it."""

    command: str
    make: Callable[[LabelDocument, ProjectInfo, Stamp, Task], Patch]
    kind: EntryKind = EntryKind.WORKFLOW


def take_step() -> Step:
    """Return the step by which a person takes a task."""
    return Step(command="task.take", make=edits.take, kind=EntryKind.ASSIGN)


def _claim_step() -> Step:
    return Step(command="task.take", make=_claim, kind=EntryKind.ASSIGN)


def _claim(document: LabelDocument, info: ProjectInfo, stamp: Stamp, task: Task) -> Patch:
    """Take a task that nobody else has: a manager may take anybody's, but is not handed it out."""
    if document.status.assignee not in {"", stamp.person}:
        raise Refused(f"{document.status.assignee} took it a moment ago")
    return edits.take(document, info, stamp, task)


def assign_step(person: str) -> Step:
    """Return the step that gives a task to a person."""
    return Step(command="task.assign", make=lambda d, p, s, t: edits.assign(d, p, person, s, t), kind=EntryKind.ASSIGN)


def release_step() -> Step:
    """Return the step that gives a task back."""
    return Step(command="task.release", make=edits.release, kind=EntryKind.ASSIGN)


def move_step(stage: str) -> Step:
    """Return the step that puts a task into a stage."""
    return Step(command="task.move", make=lambda d, p, s, t: edits.move(d, p, stage, s, t))


def reopen_step() -> Step:
    """Return the step that brings a finished task back."""
    return Step(command="task.reopen", make=edits.reopen)


def do(project: Project, task: TaskId, step: Step) -> tuple[TaskId, ...]:
    """Do a step with a task and with those of its group that stand in the same stage, all or none; return them.

    Raises:
        Refused: a rule forbids it for one of them.
        StoreLocked: somebody edits one of them.
        PatchMismatch: somebody did something with one of them meanwhile.
    """
    found = [project.read(key) for key in _group_of(project, project.store.task(task))]
    mine = next(each for each in found if each.task.id == task)
    together = [each for each in found if each.document.status.stage == mine.document.status.stage]
    made = [edit for each in together if (edit := _edit(project, each, step)) is not None]
    for answer in project.store.commit(made, together=True) if made else ():
        if isinstance(answer, Exception):
            raise answer
    return tuple(edit.task for edit in made)


def do_with_others(project: Project, task: TaskId, step: Step) -> int:
    """Do a step with the other tasks of a group that stand in the same stage; return how many.

    For a window that does it with its own task itself: doing it again after a crash in between does what is left.

    Raises:
        Refused: a rule forbids it for one of them.
        StoreLocked: somebody edits one of them.
    """
    found = project.store.task(task)
    if not found.group_key:
        return 0
    stage = project.store.status(task).stage
    others = [key for key in _group_of(project, found)[1:] if project.store.status(key).stage == stage]
    made = [edit for key in others if (edit := _edit(project, project.read(key), step)) is not None]
    for answer in project.store.commit(made, together=True) if made else ():
        if isinstance(answer, Exception):
            raise answer
    return len(made)


def busy_in_group(project: Project, task: TaskId) -> str:
    """Return who has another task of the group open; empty when nobody else does."""
    for key in _group_of(project, project.store.task(task))[1:]:
        holder = project.store.holder(key)
        if holder is not None and holder.person != project.person:
            title = one_line(project.store.task(key).title, 40)
            return f"{one_line(holder.person)} has {title} of this group open"
    return ""


def group_rows(project: Project, task: TaskId) -> Sequence[TaskRow]:
    """Return the tasks that go together with one, by title; none when it is alone."""
    key = project.store.task(task).group_key
    return sorted(project.tasks(TaskQuery(group=key)), key=lambda row: (row.title, row.id)) if key else []


def _group_of(project: Project, task: Task) -> list[TaskId]:
    """Return the tasks that go together with one, itself first."""
    if not task.group_key or task.parent is not None:
        return [task.id]
    others = project.tasks(TaskQuery(group=task.group_key))
    return [task.id, *(row.id for row in others if row.id != task.id and row.parent is None)]


def _edit(project: Project, opened: OpenedTask, step: Step) -> Edit | None:
    stamp = now_stamp(project)
    try:
        patch = step.make(opened.document, project.info, stamp, opened.task)
    except Refused as error:
        raise Refused(f"{one_line(opened.task.title, 40)}: {error.what}", hint=error.hint) from error
    return edit_of(project, opened.task.id, patch, step) if patch else None


def edit_of(project: Project, task: TaskId, patch: Patch, step: Step) -> Edit:
    """Return what the store keeps of a step."""
    return Edit(
        task=task,
        patch=patch,
        person=project.person,
        session="",
        command=step.command,
        at_ms=time.time_ns() // 1_000_000,
        idem=new_token(),
        kind=step.kind,
    )


# --- next task ------------------------------------------------------------------------------------------------------


def open_rows(project: Project, stage: str = "", *, limit: int = _CANDIDATES) -> Iterator[TaskRow]:
    """Yield the tasks that wait for the project's person, as the queue orders them.

    Args:
        project: Where to look.
        stage: Only in this one; all stages in which the person may work when empty.
        limit: Tasks of each stage that are read in a turn.
    """
    info = project.info
    stages = [s for s in info.workflow.stages if s.kind in WORK and (not stage or s.name == stage)]
    rows: list[TaskRow] = []
    for each in stages:
        rows += project.store.tasks(TaskQuery(stage=each.name, open_to=project.person, limit=limit))
    for row in sorted(rows, key=lambda r: (-r.priority, r.id)):
        if _may_take(info, row, project.person):
            yield row


def _may_take(info: ProjectInfo, row: TaskRow, person: str) -> bool:
    from tui_editor.model.workflow import TaskStatus

    status = TaskStatus(stage=row.stage, state=TaskState(row.state), assignee=row.assignee)
    return not refusal(info.standing(status, person, branch=row.parent is not None), Action.TAKE)


def next_task(project: Project, stage: str = "", *, but: TaskId | None = None) -> TaskId | None:
    """Hand out the next task: the one of the highest priority that waits, now the person's; None when none waits.

    What somebody else took a moment ago is passed over, so that no task is handed out twice.

    Raises:
        UsageError: the workflow has no such stage.
    """
    if stage and all(stage != s.name for s in project.info.workflow.stages):
        raise UsageError(f"the workflow has no stage {one_line(stage)}", hint="see tui-editor workflow")
    passed: set[TaskId] = {but} if but is not None else set()
    limit = _CANDIDATES
    while True:
        rows = list(open_rows(project, stage, limit=limit))
        fresh = [row for row in rows if row.id not in passed]
        for row in fresh:
            passed.add(row.id)
            taken = _claimed(project, row)
            if taken is not None:
                return taken
        if not fresh and len(rows) < limit:
            return None
        limit *= 2 if not fresh else 1


def _claimed(project: Project, row: TaskRow) -> TaskId | None:
    try:
        return take_task(project, row.id, _claim_step())
    except (PatchMismatch, StoreLocked, Refused):
        return None


def take_task(project: Project, task: TaskId, step: Step | None = None) -> TaskId:
    """Take a task for the project's person; in a consensus annotate stage a branch of it, which is returned.

    Args:
        project: Where the task lies.
        task: Which one.
        step: How it is taken; from whoever has it when None, as far as the person may.

    Raises:
        Refused: it is somebody else's, or not for this person.
        StoreLocked: somebody edits it.
        PatchMismatch: somebody took it a moment ago.
    """
    step = step or take_step()
    found = project.store.task(task)
    info = project.info
    status = project.store.status(task)
    if found.parent is None and info.stage_kind(status) is StageKind.CONSENSUS_ANNOTATE:
        from tui_editor.api.consensus import branch_for

        return branch_for(project, found, status)
    if (holder := project.store.holder(task)) is not None and holder.person != project.person:
        raise StoreLocked(f"{one_line(holder.person)} has the task open", hint="take another one")
    if found.group_key or status.state is TaskState.SKIPPED:
        do(project, task, step)
        return task
    patch = step.make(make_document(status=status), info, now_stamp(project), found)
    if patch:
        (answer,) = project.store.commit([edit_of(project, task, patch, step)])
        if isinstance(answer, Exception):
            raise answer
    return task


# --- what is no move ------------------------------------------------------------------------------------------------


def prioritize(project: Project, task: TaskId, priority: float) -> None:
    """Change a task's priority.

    Raises:
        UsageError: it is not 0..1.
        Refused: the person may not, or the task is finished.
    """
    if not 0 <= priority <= 1:
        raise UsageError(f"{priority:g} is no priority", hint="0 to 1; 1 comes first")
    found = project.store.task(task)
    standing = project.info.standing(project.store.status(task), project.person)
    if why := refusal(standing, Action.PRIORITIZE):
        raise Refused(f"{one_line(found.title, 40)}: {why}")
    project.store.change_tasks([task], lambda kept: replace(kept, priority=priority))


def set_metadata(project: Project, task: TaskId, key: str, value: object, unit: int | None = None) -> None:
    """Set a key of the client metadata of a task's data units, or remove it (None); the group follows its key.

    Args:
        project: Where the task is.
        task: Which one.
        key: Of the metadata.
        value: Text, number, truth; None removes the key.
        unit: Number of the data unit from 0; all of them when None.

    Raises:
        UsageError: there is no such data unit.
        Refused: the person may not.
    """
    need_role(project, "set client metadata", Role.MANAGER, Role.ADMIN)
    count = len(project.store.task(task).units)
    if unit is not None and not 0 <= unit < count:
        raise UsageError(f"the task has no data unit {unit}", hint=f"0 to {count - 1}")

    def change(found: Task) -> Task:
        units = tuple(
            each if unit not in {None, n} else replace(each, metadata=_with(each.metadata, key, value))
            for n, each in enumerate(found.units)
        )
        return grouped(replace(found, units=units), project.info.group_by)

    project.store.change_tasks([task], change)


def _with(metadata: object, key: str, value: object) -> dict[str, object]:
    kept = {name: had for name, had in dict(metadata).items() if name != key}  # type: ignore[call-overload]  # a mapping
    return kept if value is None else {**kept, key: value}


def grouped(task: Task, key: str) -> Task:
    """Return a task in the group that a key of its client metadata names; as it is without a key."""
    if not key:
        return task
    from tui_editor.model.project import metadata_text

    value = next((unit.metadata[key] for unit in task.units if key in unit.metadata), None)
    return replace(task, group_key="" if value is None else f"{key}={metadata_text(value)}")


def group_by(project: Project, key: str) -> int:
    """Group all tasks by a key of the client metadata, or none (empty); return how many are in a group.

    Raises:
        Refused: the person may not.
    """
    need_role(project, "change the workflow", Role.ADMIN)
    project.save(replace(project.info, group_by=key))
    rows = [row.id for row in project.tasks()]
    make = (lambda task: grouped(task, key)) if key else (lambda task: replace(task, group_key=""))
    for start in range(0, len(rows), _TASKS_AT_ONCE):
        project.store.change_tasks(rows[start : start + _TASKS_AT_ONCE], make)
    return sum(bool(row.group_key) for row in project.tasks())


def need_role(project: Project, what: str, *roles: Role) -> None:
    """Refuse who has none of the roles.

    Raises:
        Refused: the project's person has another one.
    """
    role = project.store.project().role_of(project.person)  # a person may have lost it since the screen was shown
    if role not in roles:
        raise Refused(f"{project.person} is {role.with_article} here, who can't {what}")


def set_role(project: Project, person: str, role: str) -> None:
    """Make somebody a member with a role, or no member (empty).

    The first member must be an admin: from then on the roles hold.

    Raises:
        UsageError: there is no such role.
        Refused: the person may not, or nobody would be an admin any more.
    """
    need_role(project, "change members", Role.ADMIN)
    if role and role not in set(Role):
        raise UsageError(f"{one_line(role)} is no role", hint=", ".join(Role))
    members = {name: had for name, had in project.info.members.items() if name != person}
    if role:
        members[person] = role
    if members and Role.ADMIN.value not in members.values():
        raise Refused("a project with members needs an admin", hint=f"tui-editor members {project.person} admin")
    project.save(replace(project.info, members=members))


def waiting_counts(project: Project) -> Sequence[tuple[str, str, int, int]]:
    """Return for each stage its name, kind, tasks, and those that wait for the project's person at most counted."""
    counts = project.store.count(TaskQuery())
    found = []
    for stage in project.info.workflow.stages:
        total = sum(n for (name, _), n in counts.items() if name == stage.name)
        done = counts.get((stage.name, TaskState.COMPLETED), 0) + counts.get((stage.name, TaskState.SKIPPED), 0)
        found.append((stage.name, stage.kind.value, total, total - done))
    return found
