"""The engine that keeps everything in memory: for tests, dry runs and looking at a data set without a project."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from tui_editor.errors import PatchMismatch, StoreError, StoreMissing, TuiEditorError
from tui_editor.model.codec import encode_patch
from tui_editor.model.ids import to_text
from tui_editor.model.issues import FiledIssue
from tui_editor.model.patch import Patch
from tui_editor.model.project import Project, Task, TaskQuery, TaskRow, metadata_pairs, metadata_text, place
from tui_editor.model.project_change import rebased
from tui_editor.model.transitions import WAITING
from tui_editor.model.workflow import TaskState
from tui_editor.ports import Edit, EntryKind, ImportedTask, JournalEntry, Lease, OpenedTask, Session, is_news
from tui_editor.ports.activities import MOST_ACTIVITIES
from tui_editor.storage import host, leases
from tui_editor.storage.activities import as_seen, begun
from tui_editor.storage.leases import FREE, LeaseRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import FrameIdentity
    from tui_editor.model.ids import ClassId, TaskId, UnitId
    from tui_editor.model.instances import Instance
    from tui_editor.model.workflow import TaskStatus
    from tui_editor.ports.activities import Activity
    from tui_editor.storage.host import Moment


class _Kept(Struct):
    """All that is kept of a task."""

    task: Task
    document: LabelDocument
    updated_ms: int
    entries: list[JournalEntry]
    lease: LeaseRecord = FREE
    views: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def copy(self) -> _Kept:
        """Return the same, which stays as it is when this one changes."""
        return replace(self, entries=list(self.entries), views=dict(self.views))

    def row(self) -> TaskRow:
        status, units = self.document.status, self.task.units
        return TaskRow(
            id=self.task.id,
            title=self.task.title,
            stage=status.stage,
            state=status.state,
            priority=self.task.priority,
            assignee=status.assignee,
            kind=str(units[0].kind) if units else "",
            frame_count=sum(u.frame_count for u in units),
            label_count=self.document.label_count,
            issue_count=self.document.open_count,
            updated_ms=self.updated_ms,
            group_key=self.task.group_key,
            parent=self.task.parent,
            branch=self.task.branch,
        )

    def fits(self, query: TaskQuery) -> bool:
        """Return whether a query asks for the task, whatever its page."""
        row = self.row()
        exact = (
            (query.stage, row.stage),
            (query.state, row.state),
            (query.assignee, row.assignee),
            (query.kind, row.kind),
            (query.group, row.group_key),
            (query.parent, row.parent),
        )
        pairs = metadata_pairs(self.task) if query.metadata else ()
        return (
            all(not wanted or wanted == has for wanted, has in exact)
            and query.text.casefold() in row.title.casefold()
            and query.has_issues in {None, bool(row.issue_count)}
            and all((key, metadata_text(value)) in pairs for key, value in query.metadata)
            and (not query.open_to or _is_open_to(row, query.open_to))
        )


class MemoryStore:
    """A project in memory.

    Args:
        project: What it holds.
        now: Tells the time; tests give their own.
        here: Name of this machine.
    """

    def __init__(self, project: Project, *, now: Callable[[], Moment] = host.now, here: str = "") -> None:
        self._project = project
        self._now = now
        self._here = here or os.uname().nodename
        self._tasks: dict[TaskId, _Kept] = {}
        self._last: dict[str, TaskId] = {}
        self._activities: dict[int, Activity] = {}
        self._identities: dict[UnitId, dict[int, FrameIdentity]] = {}

    @property
    def read_only(self) -> bool:
        """Return whether nothing can be changed: never."""
        return False

    # --- project and tasks -----------------------------------------------------------------------

    def project(self) -> Project:
        """Return the project."""
        return self._project

    def save_project(
        self, project: Project, before: Project | None = None, activity: Activity | None = None
    ) -> Project:
        """Keep a changed project, laid over what others changed since `before`; return it as it is kept."""
        self._project = project if before is None else rebased(before, project, self._project)
        if activity is not None:
            self.note(activity)
        return self._project

    def note(self, activity: Activity) -> int:
        """Keep what was done with the project; return its number."""
        number = activity.number or max(self._activities, default=0) + 1
        self._activities[number] = replace(begun(activity, self._now(), self._here), number=number)
        self._activities.pop(number - MOST_ACTIVITIES, None)
        return number

    def activities(self, since_ms: int = 0, limit: int = 200) -> Sequence[Activity]:
        """Return the last activities that began or ended after a time, newest first."""
        now, every = self._now(), (self._activities[n] for n in sorted(self._activities, reverse=True))
        found = [as_seen(a, now, self._here) for a in every if max(a.at_ms, a.ended_ms) > since_ms]
        return found[:limit]

    def add_tasks(
        self, tasks: Iterable[ImportedTask], person: str, progress: Callable[[int], None] | None = None
    ) -> int:
        """Add tasks with their labels, all or none; return how many."""
        added: dict[TaskId, _Kept] = {}
        at_ms = self._now().wall_ms
        for found in tasks:
            key = found.task.id
            if key in added or key in self._tasks:
                raise StoreError(f"there is a task {key} already", where=found.task.title)
            entry = JournalEntry(
                task=key,
                seq=1,
                kind=EntryKind.IMPORT,
                patch=Patch(),
                person=person,
                session="",
                command="import",
                at_ms=at_ms,
            )
            added[key] = _Kept(found.task, found.document, at_ms, [entry])
            if progress is not None:
                progress(len(added))
        self._tasks.update(added)
        return len(added)

    def tasks(self, query: TaskQuery) -> Sequence[TaskRow]:
        """Return one page of the queue."""
        rows = sorted(self._found(query), key=lambda row: place(row, query), reverse=query.reverse)
        if query.after is not None:
            at = place(query.after, query)
            rows = [row for row in rows if (place(row, query) < at if query.reverse else place(row, query) > at)]
        return rows[: query.limit]

    def count(self, query: TaskQuery) -> Mapping[tuple[str, str], int]:
        """Return the number of tasks by (stage, state)."""
        found: dict[tuple[str, str], int] = {}
        for row in self._found(query):
            key = (row.stage, str(row.state))
            found[key] = found.get(key, 0) + 1
        return found

    def _found(self, query: TaskQuery) -> Iterator[TaskRow]:
        return (kept.row() for kept in self._tasks.values() if kept.fits(query))

    def task(self, task: TaskId) -> Task:
        """Return a task without its labels."""
        return self._kept(task).task

    def status(self, task: TaskId) -> TaskStatus:
        """Return where a task stands."""
        return self._kept(task).document.status

    def save_task(self, task: Task) -> None:
        """Keep a changed task, not its labels."""
        self._kept(task.id).task = task

    def change_tasks(self, tasks: Sequence[TaskId], change: Callable[[Task], Task]) -> int:
        """Keep what `change` makes of tasks, all or none."""
        kept = [self._kept(key) for key in tasks]
        changed = [change(each.task) for each in kept]
        count = sum(new != each.task for new, each in zip(changed, kept, strict=True))
        for each, new in zip(kept, changed, strict=True):
            each.task = new
        return count

    def open(self, task: TaskId, person: str = "") -> OpenedTask:
        """Return a task with its labels and where `person` left it."""
        kept = self._kept(task)
        view = kept.views.get(person, {})
        return OpenedTask(task=kept.task, document=kept.document, seq=len(kept.entries), view=view)

    def _kept(self, task: TaskId) -> _Kept:
        try:
            return self._tasks[task]
        except KeyError:
            raise StoreMissing(f"the project has no task {to_text(task)}") from None

    # --- edits -----------------------------------------------------------------------------------

    def commit(self, edits: Sequence[Edit], *, together: bool = False) -> Sequence[int | Exception]:
        """Keep edits; return for each its sequence number or why it was refused."""
        answers: list[int | Exception] = []
        before = {e.task: self._kept(e.task).copy() for e in edits if together and e.task in self._tasks}
        last = dict(self._last)
        for edit in edits:
            try:
                answers.append(self._keep(edit))
            except TuiEditorError as refusal:
                if together:
                    self._tasks |= before
                    self._last = last
                    return [refusal] * len(edits)
                answers.append(refusal)
        return answers

    def _keep(self, edit: Edit) -> int:
        kept, now = self._kept(edit.task), self._now()
        known = next((e.seq for e in kept.entries if edit.idem and e.idem == edit.idem), None)
        if known is not None:
            return known
        leases.check_write(kept.lease, edit.session, edit.fence, now, self._here)
        taken_back = [_to_take_back(kept.entries, idem) for idem in edit.undoes.split()]
        encode_patch(edit.patch)  # refuses what no engine can write, so that tests over this one find it
        kept.document = kept.document.apply(edit.patch)
        seq = len(kept.entries) + 1
        for number in taken_back:
            kept.entries[number - 1] = replace(kept.entries[number - 1], undone=True)
        kept.entries.append(_entry(edit, seq, max(taken_back, default=None)))
        kept.updated_ms = edit.at_ms
        if edit.view:
            self.save_view(edit.task, edit.person, edit.view)
        if edit.fence is not None and leases.is_ageing(kept.lease.expires_boot_ms, now):
            kept.lease = leases.prolonged(kept.lease, now)
        return seq

    def journal(
        self, task: TaskId, after: int = 0, until: int | None = None, person: str = ""
    ) -> Iterator[JournalEntry]:
        """Yield entries after `after`, oldest first."""
        found = self._kept(task).entries[after:until]
        return (e for e in found if not person or e.person == person)

    def recent(self, task: TaskId, before: int | None = None, limit: int = 200) -> Sequence[JournalEntry]:
        """Return the last entries before a sequence number, newest first."""
        entries = self._kept(task).entries
        older = entries if before is None else entries[: before - 1]
        return older[::-1][:limit]

    def worked(self, since_ms: int = 0, person: str = "", *, imports: bool = False) -> Sequence[TaskId]:
        """Return the tasks in which something was done since, of a person those in which they did something."""
        return [
            key
            for key, kept in self._tasks.items()
            if kept.entries[-1].at_ms >= since_ms
            and any(person in {"", e.person} for e in kept.entries[0 if imports else 1 :])
        ]

    def news(self, since_ms: int, limit: int = 200) -> Sequence[JournalEntry]:
        """Return the last entries of all tasks that move a task or are about an issue, newest first."""
        every = (e for kept in self._tasks.values() for e in kept.entries if e.at_ms > since_ms and is_news(e))
        return sorted(every, key=lambda e: e.at_ms, reverse=True)[:limit]

    # --- leases ----------------------------------------------------------------------------------

    def acquire(self, task: TaskId, session: Session, *, take: bool = False) -> Lease:
        """Take the editor lock."""
        kept = self._kept(task)
        kept.lease = leases.taken(kept.lease, session, self._now(), here=self._here, take=take)
        return leases.as_lease(task, kept.lease)

    def renew(self, lease: Lease) -> Lease:
        """Prolong the lock."""
        kept = self._kept(lease.task)
        leases.check_fence(kept.lease, lease.fence)
        kept.lease = leases.prolonged(kept.lease, self._now())
        return leases.as_lease(lease.task, kept.lease)

    def release(self, lease: Lease) -> None:
        """Give the lock back."""
        kept = self._kept(lease.task)
        if kept.lease.session and kept.lease.fence == lease.fence:
            kept.lease = leases.freed(kept.lease)

    def holder(self, task: TaskId, *, stale: bool = False) -> Lease | None:
        """Return who holds the lock now."""
        return leases.held(task, self._kept(task).lease, self._now(), self._here, stale=stale)

    # --- the rest --------------------------------------------------------------------------------

    def save_view(self, task: TaskId, person: str, view: Mapping[str, Any]) -> None:
        """Keep where a person is in a task."""
        self._kept(task).views[person] = dict(view)
        self._last[person] = task

    def last_task(self, person: str) -> TaskId | None:
        """Return the task in which the person was last."""
        return self._last.get(person)

    def save_identities(self, unit: UnitId, identities: Mapping[int, FrameIdentity]) -> None:
        """Record what proves frames; a frame that has a record keeps it."""
        self._identities[unit] = {**identities, **self._identities.get(unit, {})}

    def identities(self, unit: UnitId) -> Mapping[int, FrameIdentity]:
        """Return the recorded proofs by frame."""
        return dict(self._identities.get(unit, {}))

    def issues(self) -> Iterator[FiledIssue]:
        """Yield the issues of all tasks, task by task."""
        for key, kept in list(self._tasks.items()):
            document = kept.document
            for issue in document.issues.values():
                instance = document.instances.get(issue.instance) if issue.instance is not None else None
                yield FiledIssue(task=key, issue=issue, class_id=instance.class_id if instance else None)

    def instances(self, classes: Collection[ClassId]) -> Iterator[tuple[TaskId, Instance]]:
        """Yield the instances of some classes, task by task."""
        for key, kept in list(self._tasks.items()):
            yield from ((key, value) for value in kept.document.instances.values() if value.class_id in classes)

    def version(self) -> int:
        """Return 0: nobody else can write."""
        return 0

    def backup(self, target: Path) -> None:
        """Refuse: there is no file to copy."""
        raise StoreError("a project in memory can't be backed up", where=str(target))

    def close(self) -> None:
        """Do nothing: the content stays for who still holds the store."""


def _is_open_to(row: TaskRow, person: str) -> bool:
    """Return whether a task waits for a person: it is this person's, or free. One assigned to nobody is not free."""
    free = not row.assignee and row.state != TaskState.ASSIGNED
    return row.state in WAITING and (free or row.assignee == person)


def _to_take_back(entries: Sequence[JournalEntry], idem: str) -> int:
    entry = next((e for e in entries if e.idem == idem), None)
    if entry is None:
        raise PatchMismatch("the step to take back was never kept")
    if entry.undone:
        raise PatchMismatch("that step was taken back already")
    return entry.seq


def _entry(edit: Edit, seq: int, undoes: int | None) -> JournalEntry:
    return JournalEntry(
        task=edit.task,
        seq=seq,
        kind=edit.kind,
        patch=edit.patch,
        person=edit.person,
        session=edit.session,
        command=edit.command,
        at_ms=edit.at_ms,
        idem=edit.idem,
        undoes=undoes,
    )
