"""The SQLite store: `ProjectStore` over one connection."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from tui_editor.errors import StoreCorrupt, StoreError
from tui_editor.model.codec import decode_value, encode_value
from tui_editor.model.frames import FrameIdentity
from tui_editor.model.project import Project, Task, TaskQuery, TaskRow
from tui_editor.model.project_change import rebased
from tui_editor.ports import Edit, ImportedTask, JournalEntry, Lease, OpenedTask, Session
from tui_editor.storage import host, leases
from tui_editor.storage.activities import as_seen, begun
from tui_editor.storage.sqlite import activities, bulk, filed, instances, journal, lease_rows, queue, tasks, views
from tui_editor.storage.sqlite.connection import Connection
from tui_editor.storage.sqlite.edits import keep_all
from tui_editor.storage.sqlite.files import BALLAST_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tui_editor.model.ids import ClassId, TaskId, UnitId
    from tui_editor.model.instances import Instance
    from tui_editor.model.issues import FiledIssue
    from tui_editor.model.workflow import TaskStatus
    from tui_editor.ports.activities import Activity
    from tui_editor.storage.host import Moment

IMPORT_CACHE_KIB = 128 << 10
_OPEN = f"""select num, (select seq {journal.LAST_OF_TASK}), {tasks.STATUS_COLUMNS}
  from task where id = ?"""  # noqa: S608  # constants of ours


class SqliteStore:
    """A project in one SQLite file.

    Args:
        path: The file.
        project: Makes a new store that holds this project; None opens the one that is there.
        now: Tells the time; tests give their own.
        here: Name of this machine.
        ballast: Bytes to hold back for a full disk.
        edits: Whether many commits are to come, for which room is made.
        vfs: Name of a SQLite file system; tests record or fail writes with one.
        read_only: Write nothing, neither to the file nor beside it.

    Raises:
        StoreMissing: there is no such file.
        StoreTooNew: a later version wrote it.
        StoreCorrupt: it is damaged or not ours.
        StoreError: it can't be written to, or lies on a network file system.
    """

    def __init__(
        self,
        path: Path,
        project: Project | None = None,
        *,
        now: Callable[[], Moment] = host.now,
        here: str = "",
        ballast: int = BALLAST_BYTES,
        edits: bool = False,
        vfs: str | None = None,
        read_only: bool = False,
    ) -> None:
        if project is not None and path.exists():
            raise StoreError("there is a project already", where=str(path))
        self._db = Connection(path, create=project is not None, ballast=ballast, vfs=vfs, read_only=read_only)
        if edits and not read_only:
            self._db.lengthen_log()
        self._project: tuple[bytes, Project | None] = (b"", None)
        """As it was read last: a large ontology takes long to decode, and is seldom another one."""
        self._now = now
        self._here = here or os.uname().nodename
        if project is not None:
            self.save_project(project)

    @property
    def path(self) -> Path:
        """Return the store's file."""
        return self._db.path

    @property
    def read_only(self) -> bool:
        """Return whether the store may only be read here."""
        return self._db.read_only

    # --- project ---------------------------------------------------------------------------------

    def project(self) -> Project:
        """Return the project."""
        with self._db.reading():
            return self._read_project()

    def _read_project(self) -> Project:
        row = self._db.one("select data from project")
        if row is None:
            raise StoreCorrupt("the store holds no project", where=str(self.path))
        data, known = self._project
        if known is None or data != row[0]:
            known = decode_value(row[0], Project)
            self._project = row[0], known
        return known

    def save_project(
        self, project: Project, before: Project | None = None, activity: Activity | None = None
    ) -> Project:
        """Keep a changed project, laid over what others changed since `before`; return it as it is kept."""
        with self._db.writing():
            if before is not None:
                project = rebased(before, project, self._read_project())
            self._db.do("insert or replace into project values (1, ?)", (encode_value(project),))
            if activity is not None:
                activities.keep(self._db, begun(activity, self._now(), self._here))
        return project

    def note(self, activity: Activity) -> int:
        """Keep what was done with the project; return its number."""
        with self._db.writing():
            return activities.keep(self._db, begun(activity, self._now(), self._here))

    def activities(self, since_ms: int = 0, limit: int = 200) -> Sequence[Activity]:
        """Return the last activities that began or ended after a time, newest first."""
        with self._db.reading():
            found = activities.read(self._db, since_ms, limit)
        now = self._now()
        return [as_seen(activity, now, self._here) for activity in found]

    # --- tasks -----------------------------------------------------------------------------------

    def add_tasks(
        self, tasks: Iterable[ImportedTask], person: str, progress: Callable[[int], None] | None = None
    ) -> int:
        """Add tasks with their labels in one transaction, as they come; return how many."""
        return self._add(tasks, person, progress)

    def _add(self, found: Iterable[ImportedTask], person: str, progress: Callable[[int], None] | None) -> int:
        usual = self._db.db.pragma("cache_size")
        self._db.db.pragma("cache_size", -IMPORT_CACHE_KIB)
        try:
            with self._db.writing():
                at_ms = self._now().wall_ms
                return bulk.add(self._db, found, person=person, at_ms=at_ms, progress=progress)
        finally:
            self._db.db.pragma("cache_size", usual)

    def tasks(self, query: TaskQuery) -> Sequence[TaskRow]:
        """Return one page of the queue."""
        with self._db.reading():
            return queue.page(self._db, query)

    def count(self, query: TaskQuery) -> Mapping[tuple[str, str], int]:
        """Return the number of tasks by (stage, state)."""
        with self._db.reading():
            return queue.counts(self._db, query)

    def task(self, task: TaskId) -> Task:
        """Return a task without its labels."""
        with self._db.reading():
            return tasks.read(self._db, task)

    def status(self, task: TaskId) -> TaskStatus:
        """Return where a task stands."""
        with self._db.reading():
            row = self._db.one(f"select {tasks.STATUS_COLUMNS} from task where id = ?", (task,))  # noqa: S608  # constants of ours
        if row is None:
            raise tasks.missing(task)
        return tasks.status_of(row)

    def save_task(self, task: Task) -> None:
        """Keep a changed task, not its labels."""
        with self._db.writing():
            tasks.save(self._db, task)

    def change_tasks(self, tasks_: Sequence[TaskId], change: Callable[[Task], Task]) -> int:
        """Keep what `change` makes of tasks in one transaction."""
        with self._db.writing():
            return sum(tasks.change(self._db, key, change) for key in tasks_)

    def open(self, task: TaskId, person: str = "") -> OpenedTask:
        """Return a task with its labels and where `person` left it."""
        with self._db.reading():
            row = self._db.one(_OPEN, (task,))
            if row is None:
                raise tasks.missing(task)
            num, seq = row[:2]
            return OpenedTask(
                task=tasks.read(self._db, task),
                document=tasks.read_document(self._db, num, tasks.status_of(row[2:])),
                seq=seq,
                view=views.read(self._db, num, seq, person),
            )

    # --- edits -----------------------------------------------------------------------------------

    def commit(self, edits: Sequence[Edit], *, together: bool = False) -> Sequence[int | Exception]:
        """Keep edits in one transaction; on disk when this returns."""
        return keep_all(self._db, edits, self._now(), self._here, together=together)

    def journal(
        self, task: TaskId, after: int = 0, until: int | None = None, person: str = ""
    ) -> Iterator[JournalEntry]:
        """Yield entries after `after`, oldest first."""
        num = self._number(task)
        return journal.entries(self._db, task, num, after=after, until=until, person=person)

    def recent(self, task: TaskId, before: int | None = None, limit: int = 200) -> Sequence[JournalEntry]:
        """Return the last entries before a sequence number, newest first."""
        with self._db.reading():
            return journal.recent(self._db, task, tasks.number_of(self._db, task), before, limit)

    def worked(self, since_ms: int = 0, person: str = "", *, imports: bool = False) -> Sequence[TaskId]:
        """Return the tasks in which something was done since, of a person those in which they did something."""
        with self._db.reading():
            return journal.worked(self._db, since_ms, person, imports=imports)

    def news(self, since_ms: int, limit: int = 200) -> Sequence[JournalEntry]:
        """Return the last entries of all tasks that move a task or are about an issue, newest first."""
        with self._db.reading():
            return journal.news(self._db, since_ms, limit)

    def _number(self, task: TaskId) -> int:
        with self._db.reading():
            return tasks.number_of(self._db, task)

    # --- leases ----------------------------------------------------------------------------------

    def acquire(self, task: TaskId, session: Session, *, take: bool = False) -> Lease:
        """Take the editor lock."""
        with self._db.writing():
            num = tasks.number_of(self._db, task)
            held = lease_rows.read(self._db, num)
            record = leases.taken(held, session, self._now(), here=self._here, take=take)
            lease_rows.write(self._db, num, record)
        return leases.as_lease(task, record)

    def renew(self, lease: Lease) -> Lease:
        """Prolong the lock."""
        with self._db.writing():
            num = tasks.number_of(self._db, lease.task)
            record = lease_rows.read(self._db, num)
            leases.check_fence(record, lease.fence)
            record = leases.prolonged(record, self._now())
            lease_rows.write(self._db, num, record)
        return leases.as_lease(lease.task, record)

    def release(self, lease: Lease) -> None:
        """Give the lock back."""
        with self._db.writing():
            num = tasks.number_of(self._db, lease.task)
            record = lease_rows.read(self._db, num)
            if record.session and record.fence == lease.fence:
                lease_rows.write(self._db, num, leases.freed(record))

    def holder(self, task: TaskId, *, stale: bool = False) -> Lease | None:
        """Return who holds the lock now."""
        with self._db.reading():
            record = lease_rows.read(self._db, tasks.number_of(self._db, task))
        return leases.held(task, record, self._now(), self._here, stale=stale)

    # --- views and identities --------------------------------------------------------------------

    def save_view(self, task: TaskId, person: str, view: Mapping[str, Any]) -> None:
        """Keep where a person is in a task."""
        with self._db.writing():
            views.save(self._db, tasks.number_of(self._db, task), person, view)

    def last_task(self, person: str) -> TaskId | None:
        """Return the task in which the person was last."""
        with self._db.reading():
            return views.last_task(self._db, person)

    def save_identities(self, unit: UnitId, identities: Mapping[int, FrameIdentity]) -> None:
        """Record what proves frames; a frame that has a record keeps it."""
        rows = [(unit, frame, i.algorithm, i.digest, i.pts) for frame, i in identities.items()]
        with self._db.writing():
            self._db.db.executemany("insert or ignore into identity values (?, ?, ?, ?, ?)", rows)

    def identities(self, unit: UnitId) -> Mapping[int, FrameIdentity]:
        """Return the recorded proofs by frame."""
        with self._db.reading():
            rows = self._db.run("select frame, algorithm, digest, pts from identity where unit = ?", (unit,))
            return {frame: FrameIdentity(algorithm=a, digest=d, pts=pts) for frame, a, d, pts in rows}

    def issues(self) -> Iterator[FiledIssue]:
        """Yield the issues of all tasks, a few hundred of them a transaction."""
        return filed.read(self._db)

    def instances(self, classes: Collection[ClassId]) -> Iterator[tuple[TaskId, Instance]]:
        """Yield the instances of some classes, a few thousand gone through a transaction."""
        return instances.read(self._db, classes)

    # --- the file --------------------------------------------------------------------------------

    def version(self) -> int:
        """Return a number that changes when another connection has written."""
        with self._db.reading():
            return int(self._db.db.pragma("data_version"))

    def check(self) -> list[str]:
        """Return what SQLite finds wrong with the file; empty when it is sound."""
        with self._db.reading():
            found = [str(row[0]) for row in self._db.run("pragma integrity_check")]
        return [] if found == ["ok"] else found

    def backup(self, target: Path) -> None:
        """Write a consistent copy while others may write."""
        self._db.backup(target)

    def interrupt(self) -> None:
        """End what another thread is reading here; it gets a `StoreError`."""
        self._db.db.interrupt()

    def close(self) -> None:
        """Free the store's files."""
        self._db.close()
