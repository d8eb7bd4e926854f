"""Take back what was done in a task, also in an earlier sitting: a new journal entry, nothing is erased."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui_editor.api.activities import note_done
from tui_editor.api.editing import this_session
from tui_editor.errors import Refused
from tui_editor.model.ids import new_token
from tui_editor.ports import Edit, EntryKind
from tui_editor.state.taking_back import (
    Deleted,
    TakeBack,
    Wanted,
    check_may,
    deleted,
    planned,
    planned_entry,
    restored,
    since_import,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui_editor.api.project import Project
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import TaskId
    from tui_editor.model.patch import Patch
    from tui_editor.ports import JournalEntry, Lease
    from tui_editor.state.taking_back import Older

PAGE = 200
COMMAND, RESTORE = "history.take_back", "history.restore"
"""What the journal calls these steps."""


def undo_steps(
    project: Project, task: TaskId, *, author: str = "", since_ms: int = 0, count: int | None = 1
) -> tuple[JournalEntry, ...]:
    """Take back a person's last steps, all or none; return the entries that were taken back, the newest first.

    As in the editor, a step that moved the task in the workflow is a border: nothing before it is taken back.

    Args:
        project: Where the task lies.
        task: Which one; its editor lock is held meanwhile.
        author: Whose steps; those of the project's person when empty.
        since_ms: Only steps at or after this time, in milliseconds since 1970 UTC.
        count: How many at most; None: all.

    Raises:
        StoreLocked: somebody edits the task.
        Refused: a later step stands on one of them.
    """
    wanted = Wanted(author=author or project.person, since_ms=since_ms, count=count)
    with _writing(project, task) as (document, lease):
        # Under the lock: somebody may have handed the task on a moment before.
        border = next((e.seq for e in since_import(older(project, task)) if _is_border(e)), 0)
        plan = planned(document, _after(older(project, task), border), wanted)
        _keep(project, task, plan, COMMAND, lease)
    return plan.entries


def _after(entries: Older, border: int) -> Older:
    """Return what reads a journal backwards, down to the entry after a number."""
    return lambda before: [e for e in entries(before) if e.seq > border]


def _is_border(entry: JournalEntry) -> bool:
    return entry.kind is EntryKind.WORKFLOW and not entry.undone


def older(project: Project, task: TaskId) -> Older:
    """Return what reads a task's journal backwards, a page at a time."""
    return lambda before: project.store.recent(task, before, PAGE)


def plan_undo(project: Project, task: TaskId, wanted: Wanted | int) -> TakeBack:
    """Return what `undo_planned` would take back: entries of the journal that are wanted, or the one of a number.

    The workflow is no border here: labels go back, the task stays where it stands.

    Raises:
        Refused: later entries stand on one of them; it says which.
    """
    return _plan(project.read(task).document, older(project, task), wanted)


def _plan(document: LabelDocument, entries: Older, wanted: Wanted | int) -> TakeBack:
    return planned_entry(document, entries, wanted) if isinstance(wanted, int) else planned(document, entries, wanted)


def undo_planned(project: Project, task: TaskId, wanted: Wanted | int, plan: TakeBack) -> None:
    """Take back what was planned, as one entry of the journal that can be taken back itself.

    Raises:
        StoreLocked: somebody edits the task.
        Refused: the person may not change that where the task stands; or other entries than were planned would go,
            as somebody worked meanwhile.
    """
    with _writing(project, task) as (document, lease):
        fresh = _plan(document, older(project, task), wanted)
        if [e.seq for e in fresh.entries] != [e.seq for e in plan.entries]:
            raise Refused("somebody worked on the task meanwhile", hint="look again at what would go")
        _check_may(project, task, fresh.patch)
        _keep(project, task, fresh, COMMAND, lease)


def deleted_things(project: Project, task: TaskId) -> list[Deleted]:
    """Return the instances that were deleted since the import and can be brought back, the last one first."""
    return deleted(project.read(task).document, since_import(older(project, task)))


def restore_thing(project: Project, task: TaskId, gone: Deleted) -> None:
    """Bring a deleted instance back, as one entry of the journal.

    Raises:
        StoreLocked: somebody edits the task.
        Refused: something else is in its place.
    """
    with _writing(project, task) as (document, lease):
        patch = restored(document, gone)
        _check_may(project, task, patch)
        _commit(project, _edit(task, patch, RESTORE, lease))


def change_task(project: Project, task: TaskId, make: Callable[[LabelDocument], Patch], command: str) -> Patch:
    """Change a task under its lock, as one entry of the journal; return the patch.

    Args:
        project: Where the task lies.
        task: Which one.
        make: Returns the patch for the document as it is under the lock; an empty one changes nothing.
        command: What the journal calls it.

    Raises:
        StoreLocked: somebody edits the task.
        Refused: the person may not change that where the task stands.
    """
    with _writing(project, task) as (document, lease):
        patch = make(document)
        if patch:
            _check_may(project, task, patch)
            _commit(project, _edit(task, patch, command, lease))
    return patch


def _check_may(project: Project, task: TaskId, patch: Patch) -> None:
    branch = project.store.task(task).parent is not None
    check_may(project.info.standing(project.store.status(task), project.person, branch=branch), patch)


@contextmanager
def _writing(project: Project, task: TaskId) -> Iterator[tuple[LabelDocument, Lease]]:
    """Hold the editor lock; yield the document as it is under it."""
    lease = project.store.acquire(task, this_session(project.person))
    try:
        yield project.read(task).document, lease
    finally:
        project.store.release(lease)


def _keep(project: Project, task: TaskId, plan: TakeBack, command: str, lease: Lease) -> None:
    if plan.patch:
        many = len(plan.entries) > 1
        command = command if many else plan.entries[0].command
        _commit(project, _edit(task, plan.patch, command, lease, plan.kind, plan.undoes))
        if many:
            note_done(project, "undo", project.store.task(task).title, f"{len(plan.entries):,} steps taken back")


def _commit(project: Project, edit: Edit) -> None:
    for answer in project.store.commit([edit]):
        if isinstance(answer, Exception):
            raise answer


def _edit(
    task: TaskId, patch: Patch, command: str, lease: Lease, kind: EntryKind = EntryKind.EDIT, undoes: str = ""
) -> Edit:
    return Edit(
        task=task,
        patch=patch,
        person=lease.person,
        session=lease.session,
        command=command,
        at_ms=time.time_ns() // 1_000_000,
        idem=new_token(),
        kind=kind,
        undoes=undoes,
        fence=lease.fence,
    )
