"""What the layers ask of each other: protocols only. Knows the model and the errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from tui_editor.model.document import LabelDocument
from tui_editor.model.frames import Frame, FrameIdentity, FrameRef, UnitKind
from tui_editor.model.frozen import dataclass
from tui_editor.model.ids import IssueId, TaskId, UnitId
from tui_editor.model.ontology import Ontology
from tui_editor.model.patch import Patch
from tui_editor.model.project import Project, Task, TaskQuery, TaskRow
from tui_editor.model.shapes import Shape
from tui_editor.model.tracks import Track

# --- time ----------------------------------------------------------------------------------------


class Clock(Protocol):
    """Tells the time, so that tests can."""

    def now_ms(self) -> int:
        """Return milliseconds since 1970 UTC."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""


# --- media ---------------------------------------------------------------------------------------


@runtime_checkable
class FrameSource(Protocol):
    """Frames 0..n-1 of one data unit, read by exact index in presentation order.

    Not thread-safe: one thread owns a source. Every method raises a `MediaError` leaf when the file can't be used;
    a damaged frame doesn't spoil the others.
    """

    @property
    def kind(self) -> UnitKind:
        """Return what the source is."""

    @property
    def frame_count(self) -> int:
        """Return n, exact: as many frames as a sequential decode shows."""

    @property
    def fps(self) -> float | None:
        """Return the average frame rate, None for stills."""

    @property
    def warnings(self) -> Sequence[str]:
        """Return what a user should know of the file (several video streams, hidden pictures, no index)."""

    def size(self, index: int) -> tuple[int, int]:
        """Return (width, height) of the displayed frame in pixels, from the header where that is enough."""

    def read(self, index: int, fit: tuple[int, int] | None = None) -> Frame:
        """Return frame `index`.

        Args:
            index: 0..n-1.
            fit: A (width, height) in pixels that the caller will show at most. The source may return a reduced
                picture that is at least as large as the frame scaled into it; `Frame.full_size` stays true.
        """

    def time_s(self, index: int) -> float | None:
        """Return the presentation time of a frame in seconds from the first one; None for stills."""

    def identity(self, index: int) -> FrameIdentity:
        """Return what proves which frame this is."""

    def close(self) -> None:
        """Free the file and the decoder."""


# --- store ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One window of one person: who asks for leases and writes the journal."""

    id: str
    person: str
    host: str = ""
    pid: int = 0
    tty: str = ""
    boot_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The editor lock of a task. Every write carries its fence; a higher one makes it worthless."""

    task: TaskId
    fence: int
    session: str
    person: str
    host: str = ""
    tty: str = ""
    acquired_ms: int = 0
    expires_ms: int = 0


class EntryKind(StrEnum):
    """What a journal entry is."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"
    IMPORT = "import"
    """The task as it came in: points at its snapshot instead of holding a patch."""
    WORKFLOW = "workflow"
    """Submitting, skipping, approving, rejecting: `u` stops here."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Edit:
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
    """`idem` of the entry that this one takes back (undo: an edit or redo; redo: an undo). By name, not by number:
    the entry may still be waiting for its own commit. The store resolves it and marks that entry as undone."""
    fence: int | None = None
    """The lease's fence; None for tools that write without an open editor (import, CLI), which need no other holder."""
    view: Mapping[str, Any] = field(default_factory=dict)
    """Where the person was (frame, selection, viewport): kept in the same transaction, for the next opening."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JournalEntry:
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
    """Sequence number of the entry that this one takes or brings back."""
    undone: bool = False
    """A later entry took it back (an undo entry: a redo brought the edit back)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OpenedTask:
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


class ProjectStore(Protocol):
    """A project, its tasks, labels and journal, kept durably.

    One thread uses a store at a time, except `interrupt`. What a method acknowledges by returning is on disk.
    """

    def project(self) -> Project:
        """Return the project."""

    def save_project(self, project: Project) -> None:
        """Keep a changed project: ontology, workflow, roots, settings."""

    def add_tasks(
        self, tasks: Iterable[ImportedTask], person: str, progress: Callable[[int], None] | None = None
    ) -> int:
        """Add tasks with their labels, each with one journal entry of kind import; return how many.

        All or nothing: an error in the middle leaves the store as it was.
        """

    def tasks(self, query: TaskQuery) -> Sequence[TaskRow]:
        """Return one page of the queue: by falling priority, then id. Cost does not grow with the page's depth."""

    def count(self, query: TaskQuery) -> Mapping[tuple[str, str], int]:
        """Return the number of tasks by (stage, state), ignoring the query's page."""

    def task(self, task: TaskId) -> Task:
        """Return a task without its labels. Raises `StoreMissing` when there is none."""

    def save_task(self, task: Task) -> None:
        """Keep a changed task (priority, title, metadata), not its labels."""

    def open(self, task: TaskId, person: str = "") -> OpenedTask:
        """Return a task with its labels and where `person` left it."""

    def commit(self, edits: Sequence[Edit]) -> Sequence[int | Exception]:
        """Keep edits in one transaction; return for each its sequence number or why it was refused.

        A refused edit (`StoreFenced`, `PatchMismatch`) doesn't stop the others. Raises `StoreError` when none was kept.
        """

    def journal(
        self, task: TaskId, after: int = 0, until: int | None = None, person: str = ""
    ) -> Iterator[JournalEntry]:
        """Yield entries after `after` (up to and including `until`), oldest first, of one person when given."""

    def recent(self, task: TaskId, before: int | None = None, limit: int = 200) -> Sequence[JournalEntry]:
        """Return the last entries before a sequence number, newest first."""

    def acquire(self, task: TaskId, session: Session, *, take: bool = False) -> Lease:
        """Take the editor lock. Raises `StoreLocked` when another live session holds it and `take` is false."""

    def renew(self, lease: Lease) -> Lease:
        """Prolong the lock. Raises `StoreFenced` when it was taken over."""

    def release(self, lease: Lease) -> None:
        """Give the lock back; does nothing when it was taken over."""

    def holder(self, task: TaskId) -> Lease | None:
        """Return who holds the lock now, None when nobody does."""

    def save_view(self, task: TaskId, person: str, view: Mapping[str, Any]) -> None:
        """Keep where a person is in a task, and that this is the task to come back to."""

    def last_task(self, person: str) -> TaskId | None:
        """Return the task in which the person was last."""

    def save_identities(self, unit: UnitId, identities: Mapping[int, FrameIdentity]) -> None:
        """Record what proves frames; a frame that has a record keeps it."""

    def identities(self, unit: UnitId) -> Mapping[int, FrameIdentity]:
        """Return the recorded proofs by frame."""

    def version(self) -> int:
        """Return a number that changes when anybody else has written."""

    def backup(self, target: Path) -> None:
        """Write a consistent copy while others may write."""

    def close(self) -> None:
        """Free the store's files."""


# --- formats -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """How surely a format recognises a path, and why."""

    confidence: float
    """0 (not at all) .. 1 (surely)."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Something that could not be carried over."""

    what: str
    """`crowd flag`, `circle shown read-only`: the same text for the same kind of loss, so that they can be counted."""
    where: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """How to read a data set."""

    media_dir: Path | None = None
    """Where the pictures lie, when the label file doesn't tell."""
    group: str = ""
    """`folder`, `all` or a number: how many images make one task; empty: the format's habit."""
    root: str = "data"
    """Name of the media root that paths will be relative to; `ImportSource.root_dir` tells its folder."""


class ImportSource(Protocol):
    """A data set that was opened for reading."""

    @property
    def ontology(self) -> Ontology:
        """Return the classes that the data set uses; known before the tasks are read."""

    @property
    def total(self) -> int | None:
        """Return the number of tasks where it is known beforehand."""

    @property
    def root_dir(self) -> Path:
        """Return the folder that the tasks' media paths are relative to."""

    def tasks(self) -> Iterator[ImportedTask]:
        """Yield the tasks, once."""

    def losses(self) -> Sequence[Loss]:
        """Return what could not be carried; complete when `tasks` has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """What an export wrote, and what its target could not hold."""

    files: tuple[Path, ...]
    tasks: int
    labels: int
    losses: tuple[Loss, ...] = ()


class Format(Protocol):
    """A label format: reads and writes without loss what the format can hold."""

    @property
    def name(self) -> str:
        """Return the name on the command line."""

    @property
    def title(self) -> str:
        """Return one line for `tui-editor formats`."""

    @property
    def can_export(self) -> bool:
        """Return whether it writes as well."""

    def detect(self, path: Path) -> Detection:
        """Return how surely `path` (file or folder) is of this format, from its beginning only."""

    def read(self, path: Path, options: ImportOptions) -> ImportSource:
        """Open a data set. Raises `FormatError` with the place when it is malformed."""

    def write(self, project: Project, tasks: Iterable[ImportedTask], target: Path) -> ExportReport:
        """Write tasks to `target` (a file or a folder, as the format has it); it appears whole or not at all."""


# --- checks --------------------------------------------------------------------------------------


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check reports: one fault at one place."""

    rule: str
    """Stable id: `G03`."""
    severity: Severity
    message: str
    task: TaskId
    unit: UnitId | None = None
    frame: int | None = None
    instance: int | None = None
    issue: IssueId | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CheckContext:
    """What a check may look at: one task at a time."""

    project: Project
    task: Task
    document: LabelDocument
    source: Callable[[UnitId], FrameSource]
    """Opens a data unit's pixels; raises a `MediaError`."""


class Check(Protocol):
    """A rule that finds faults in a task."""

    @property
    def rule(self) -> str:
        """Return the stable id."""

    @property
    def title(self) -> str:
        """Return one line: what is wrong when it reports."""

    @property
    def severity(self) -> Severity:
        """Return how bad its findings are."""

    def run(self, context: CheckContext) -> Iterator[Finding]:
        """Yield the faults of one task, in a fixed order."""


# --- automation ----------------------------------------------------------------------------------


class Tracker(Protocol):
    """Follows an object over frames."""

    def track(
        self, source: FrameSource, start: FrameRef, shape: Shape, frames: Sequence[int], stop: Callable[[], bool]
    ) -> Iterator[Track]:
        """Yield labels piece by piece, in the order of `frames`; ends early when `stop` says so."""


class Segmenter(Protocol):
    """Makes a shape from hints on one frame."""

    def segment(self, frame: Frame, points: Sequence[tuple[float, float, bool]], box: Sequence[float] | None) -> Shape:
        """Return the shape for points (x, y, belongs) and an optional box x, y, width, height, in pixels."""
