"""Take back what a person did last in a task, also in an earlier sitting: new journal entries, nothing is erased."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tui_editor.api.editing import this_session
from tui_editor.errors import PatchMismatch, Refused
from tui_editor.model.ids import new_token
from tui_editor.ports import Edit, EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.api.project import Project
    from tui_editor.model.ids import TaskId
    from tui_editor.ports import JournalEntry, Lease

PAGE = 200


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
    session = this_session(project.person)
    lease = project.store.acquire(task, session)
    try:
        candidates = _steps(project, task, author or project.person)
        chosen: list[JournalEntry] = []
        for entry in candidates:
            if entry.at_ms < since_ms or (count is not None and len(chosen) >= count):
                break
            chosen.append(entry)
        _commit(project, task, chosen, lease)
    finally:
        project.store.release(lease)
    return tuple(chosen)


def _steps(project: Project, task: TaskId, author: str) -> Iterator[JournalEntry]:
    """Yield what can be taken back, the newest first."""
    before: int | None = None
    while entries := project.store.recent(task, before, PAGE):
        for entry in entries:
            if entry.kind in {EntryKind.WORKFLOW, EntryKind.IMPORT} and not entry.undone:
                return
            if entry.person == author and entry.kind in {EntryKind.EDIT, EntryKind.REDO} and not entry.undone:
                yield entry
        before = entries[-1].seq


def _commit(project: Project, task: TaskId, steps: list[JournalEntry], lease: Lease) -> None:
    document = project.read(task).document
    for entry in steps:  # a rehearsal: what would be refused is told before anything is written
        try:
            document = document.apply(entry.patch.inverse())
        except PatchMismatch as error:
            raise Refused(
                f"entry {entry.seq} can't be taken back: somebody changed the same thing later",
                hint="take the later change back first, or fewer steps with -n",
            ) from error
    edits = [_undoing(entry, lease) for entry in steps]
    for answer in project.store.commit(edits) if edits else ():
        if isinstance(answer, Exception):
            raise answer


def _undoing(entry: JournalEntry, lease: Lease) -> Edit:
    return Edit(
        task=entry.task,
        patch=entry.patch.inverse(),
        person=lease.person,
        session=lease.session,
        command=entry.command,
        at_ms=time.time_ns() // 1_000_000,
        idem=new_token(),
        kind=EntryKind.UNDO,
        undoes=entry.idem,
        fence=lease.fence,
    )
