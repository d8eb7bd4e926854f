"""What the layers ask of a store, and the values that go in and out of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.encoded import EncodedLabels
    from tui_editor.model.frames import FrameIdentity
    from tui_editor.model.ids import ClassId, TaskId, UnitId
    from tui_editor.model.instances import Instance
    from tui_editor.model.issues import FiledIssue
    from tui_editor.model.patch import Patch
    from tui_editor.model.project import Project, Task, TaskQuery, TaskRow
    from tui_editor.model.workflow import TaskStatus
    from tui_editor.ports.activities import Activity


class Session(Struct, frozen=True, kw_only=True):
    """One window of one person: who asks for leases and writes the journal."""

    id: str
    person: str
    host: str = ""
    pid: int = 0
    tty: str = ""
    boot_id: str = ""


class Lease(Struct, frozen=True, kw_only=True):
    """The editor lock of a task. Every write carries its fence; a higher one makes it worthless."""

    task: TaskId
    fence: int
    session: str
    person: str
    host: str = ""
    tty: str = ""
    acquired_ms: int = 0
    expires_ms: int = 0
    """Without a sign of life until then it may be taken."""
    live: bool = True
    """Its holder gave signs of life until now; a suspended or hung window does not."""


class EntryKind(StrEnum):
    """What a journal entry is."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"
    IMPORT = "import"
    """The task as it came in: points at its snapshot instead of holding a patch."""
    ASSIGN = "assign"
    """Who works on the task, and its skip: `u` goes past it."""
    WORKFLOW = "workflow"
    """Submitting, skipping, approving, rejecting: `u` stops here."""


class Edit(Struct, frozen=True, kw_only=True, eq=False):
    """What a window asks the store to keep: one undo step."""

    task: TaskId
    patch: Patch
    person: str
    session: str
    command: str
    """Id of the command that made it, for the log."""
    at_ms: int
    idem: str
    """Unique name of this edit: a retry after a lost answer gives the same sequence number."""
    kind: EntryKind = EntryKind.EDIT
    undoes: str = ""
    """`idem` of the entry that this one takes back (undo: an edit or redo; redo: an undo); of several, newest first,
    with spaces between. By name, not by number: the entry may still be waiting for its own commit. The store resolves
    them and marks those entries as undone."""
    fence: int | None = None
    """The lease's fence; None for tools that write without an open editor (import, CLI), which need no other holder."""
    view: Mapping[str, Any] = field(default_factory=dict)
    """Where the person was (frame, selection, viewport): kept in the same transaction, for the next opening."""


class JournalEntry(Struct, frozen=True, kw_only=True, eq=False):
    """An edit as the store keeps it."""

    task: TaskId
    seq: int
    """1, 2, 3… within the task."""
    kind: EntryKind
    patch: Patch
    person: str
    session: str
    command: str
    at_ms: int
    idem: str = ""
    undoes: int | None = None
    """Sequence number of the entry that this one takes or brings back; of several, that of the newest."""
    undone: bool = False
    """A later entry took it back (an undo entry: a redo brought the edit back)."""


ABOUT_MOVES: Final = frozenset({EntryKind.ASSIGN, EntryKind.WORKFLOW})
ABOUT_ISSUES: Final = "issue."
"""How the commands begin that people are told of."""


def is_news(entry: JournalEntry) -> bool:
    """Return whether people are told of an entry: it moves a task, or is about an issue."""
    return entry.kind in ABOUT_MOVES or entry.command.startswith(ABOUT_ISSUES)


class OpenedTask(Struct, frozen=True, kw_only=True, eq=False):
    """A task as it is read for editing."""

    task: Task
    document: LabelDocument
    seq: int
    """Sequence number of the last journal entry that the document holds."""
    view: Mapping[str, Any]
    """Where this person left it; empty when never opened."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImportedTask:
    """A task that a format read, with its labels."""

    task: Task
    document: LabelDocument

    @property
    def label_count(self) -> int:
        """Return the number of labels of all instances."""
        return self.document.label_count

    def as_task(self, task: Task) -> ImportedTask:
        """Return the same labels as those of a changed task."""
        return replace(self, task=task)


class EncodedTask(ImportedTask):
    """A task whose labels are encoded already: a store may keep their bytes as they are.

    The document is decoded when it is first asked for.
    """

    __slots__ = ("labels",)

    labels: EncodedLabels

    def __init__(self, *, task: Task, labels: EncodedLabels) -> None:
        object.__setattr__(self, "task", task)
        object.__setattr__(self, "labels", labels)

    def __getattr__(self, name: str) -> LabelDocument:
        if name != "document":
            raise AttributeError(name)
        made = self.labels.document()
        object.__setattr__(self, "document", made)
        return made

    @property
    def label_count(self) -> int:
        """Return the number of labels of all instances."""
        return len(self.labels.labels)

    def as_task(self, task: Task) -> ImportedTask:
        """Return the same labels as those of a changed task."""
        return EncodedTask(task=task, labels=self.labels)


class ProjectStore(Protocol):
    """A project, its tasks, labels and journal, kept durably.

    One thread uses a store at a time, except `interrupt`. What a method acknowledges by returning is on disk.
    """

    @property
    def read_only(self) -> bool:
        """Return whether nothing can be changed here: what would raises `StoreReadOnly`."""

    def project(self) -> Project:
        """Return the project; the same object while nobody changed it."""

    def save_project(
        self, project: Project, before: Project | None = None, activity: Activity | None = None
    ) -> Project:
        """Keep a changed project: ontology, workflow, roots, settings; return it as it is kept.

        Args:
            project: As it shall be.
            before: As it was when it was read: what others changed since in other settings stays as they made it.
            activity: What tells of the change; kept in the same transaction.

        Raises:
            ProjectChanged: somebody else changed the same setting since `before`; nothing is kept.
        """

    def note(self, activity: Activity) -> int:
        """Keep what was done with the project; return its number. One that has a number takes that one's place."""

    def activities(self, since_ms: int = 0, limit: int = 200) -> Sequence[Activity]:
        """Return the last activities that began or ended after a time, newest first.

        One whose process is gone without a word is `BROKEN`. The last `MOST_ACTIVITIES` are kept.
        """

    def add_tasks(
        self, tasks: Iterable[ImportedTask], person: str, progress: Callable[[int], None] | None = None
    ) -> int:
        """Add tasks with their labels, each with one journal entry of kind import; return how many.

        All or nothing: an error in the middle leaves the store as it was.
        """

    def tasks(self, query: TaskQuery) -> Sequence[TaskRow]:
        """Return one page of the queue: in the query's order, then by id. Cost does not grow with the page's depth."""

    def count(self, query: TaskQuery) -> Mapping[tuple[str, str], int]:
        """Return the number of tasks by (stage, state), ignoring the query's page."""

    def task(self, task: TaskId) -> Task:
        """Return a task without its labels. Raises `StoreMissing` when there is none."""

    def status(self, task: TaskId) -> TaskStatus:
        """Return where a task stands, without its labels. Raises `StoreMissing` when there is none."""

    def save_task(self, task: Task) -> None:
        """Keep a changed task (priority, title, metadata), not its labels."""

    def change_tasks(self, tasks: Sequence[TaskId], change: Callable[[Task], Task]) -> int:
        """Keep what `change` makes of tasks, not their labels, all or none; return how many became others.

        What others did to a task until then is in what `change` is given.
        """

    def open(self, task: TaskId, person: str = "") -> OpenedTask:
        """Return a task with its labels and where `person` left it."""

    def commit(self, edits: Sequence[Edit], *, together: bool = False) -> Sequence[int | Exception]:
        """Keep edits in one transaction; return for each its sequence number or why it was refused.

        A refused edit (`StoreFenced`, `PatchMismatch`) doesn't stop the others; with `together` none is kept when one
        is refused, and each has that answer. They may be of several tasks. Raises `StoreError` when none was kept.
        """

    def journal(
        self, task: TaskId, after: int = 0, until: int | None = None, person: str = ""
    ) -> Iterator[JournalEntry]:
        """Yield entries after `after` (up to and including `until`), oldest first, of one person when given."""

    def recent(self, task: TaskId, before: int | None = None, limit: int = 200) -> Sequence[JournalEntry]:
        """Return the last entries before a sequence number, newest first."""

    def worked(self, since_ms: int = 0, person: str = "", *, imports: bool = False) -> Sequence[TaskId]:
        """Return the tasks whose last entry is of that time or later, of a person those in which they did something.

        Imports count only with `imports`. A walk over the tasks, or of a person over the journal, in the store.
        """

    def news(self, since_ms: int, limit: int = 200) -> Sequence[JournalEntry]:
        """Return the last entries of all tasks after a time that move a task or are about an issue, newest first."""

    def acquire(self, task: TaskId, session: Session, *, take: bool = False) -> Lease:
        """Take the editor lock. Raises `StoreLocked` when another live session holds it and `take` is false."""

    def renew(self, lease: Lease) -> Lease:
        """Prolong the lock. Raises `StoreFenced` when it was taken over."""

    def release(self, lease: Lease) -> None:
        """Give the lock back; does nothing when it was taken over."""

    def holder(self, task: TaskId, *, stale: bool = False) -> Lease | None:
        """Return who holds the lock now, None when nobody does.

        With `stale` also a holder that may still run but gave no sign of life in time: the lease's `live` says so.
        """

    def save_view(self, task: TaskId, person: str, view: Mapping[str, Any]) -> None:
        """Keep where a person is in a task, and that this is the task to come back to."""

    def last_task(self, person: str) -> TaskId | None:
        """Return the task in which the person was last."""

    def save_identities(self, unit: UnitId, identities: Mapping[int, FrameIdentity]) -> None:
        """Record what proves frames; a frame that has a record keeps it."""

    def identities(self, unit: UnitId) -> Mapping[int, FrameIdentity]:
        """Return the recorded proofs by frame."""

    def issues(self) -> Iterator[FiledIssue]:
        """Yield the issues of all tasks, task by task; labels are not read."""

    def instances(self, classes: Collection[ClassId]) -> Iterator[tuple[TaskId, Instance]]:
        """Yield every instance of some classes with its task, task by task; labels are not read."""

    def version(self) -> int:
        """Return a number that changes when anybody else has written."""

    def backup(self, target: Path) -> None:
        """Write a consistent copy while others may write."""

    def close(self) -> None:
        """Free the store's files."""
