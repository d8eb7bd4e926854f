"""What the layers ask of a check, and what it reports."""

from __future__ import annotations

from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from msgspec import Struct, field

from tui_editor.model.empty import EMPTY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import FrameIdentity
    from tui_editor.model.ids import IssueId, TaskId, UnitId
    from tui_editor.model.project import Project, Task
    from tui_editor.model.sheet import Sheet
    from tui_editor.ports.formats import Loss
    from tui_editor.ports.media import FrameSource
    from tui_editor.ports.store import JournalEntry, Lease


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Reads(StrEnum):
    """What a check looks at: it runs again when that changed."""

    LABEL = "label"
    """Each label by itself."""
    TRACK = "track"
    """The labels of an instance in a data unit, one after the other."""
    FRAME = "frame"
    """The labels of a frame together."""
    TRACKS = "tracks"
    """The tracks of a data unit together."""
    ANSWERS = "answers"
    """The answers of each instance."""
    TASK = "task"
    """The task as a whole: its units, references, journal, workflow."""
    PIXELS = "pixels"
    """Decoded frames: only where decoding is asked for."""
    PROJECT = "project"
    """All tasks together."""
    REFERENCE = "reference"
    """Other labels of the same frames: ground truth, predictions, another annotator."""


class Param(NamedTuple):
    """A threshold of a check, with its default."""

    name: str
    default: float | str | tuple[str, ...]
    doc: str


Values = "Mapping[str, Any]"
"""A check's thresholds by name."""


class Finding(Struct, frozen=True, kw_only=True):
    """What a check reports: one fault at one place."""

    rule: str
    """Stable id: `G03`."""
    severity: Severity
    message: str
    task: TaskId | None = None
    """None for what concerns the whole project or a file that can't be read."""
    unit: UnitId | None = None
    frame: int | None = None
    """Index in the unit; the first one of a run of frames."""
    instance: int | None = None
    issue: IssueId | None = None
    last_frame: int | None = None
    """Of a run of frames; None for one frame."""
    other: int | None = None
    """The second instance of a pair."""
    title: str = ""
    """Of the task."""
    file: str = ""
    """The medium, relative to its root, or the label file."""
    name: str = ""
    """What people call the instance."""
    source_id: str = ""
    """The identifier that the source gave the instance."""
    box_px: tuple[float, float, float, float] | None = None
    """x, y, width, height of what it is about, in pixels of the displayed frame."""
    fix: str = ""
    """Id of what mends it; empty when only a person can."""
    hint: str = ""
    """What to do about it."""

    @property
    def key(self) -> str:
        """Return what names this finding in baselines and waivers: the same whenever the same place has the fault."""
        place = (self.rule, self.title, self.file, self.frame, self.source_id or self.name, self.other is not None)
        return blake2b(repr(place).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


class CheckContext(Struct, frozen=True, kw_only=True, eq=False):
    """What a check may look at: one task at a time."""

    project: Project
    task: Task
    document: LabelDocument
    source: Callable[[UnitId], FrameSource]
    """Opens a data unit's pixels; raises a `MediaError`."""
    deep: bool = False
    """Look at every frame of every video, however long that takes."""
    only: frozenset[int] | None = None
    """The instances to look at; None: all of them."""
    journal: Callable[[], Sequence[JournalEntry]] = tuple
    """The task's journal, oldest first; empty where there is no store."""
    identities: Callable[[UnitId], Mapping[int, FrameIdentity]] = lambda _unit: EMPTY
    """The recorded proofs of a data unit's frames."""
    lease: Lease | None = None
    """Who holds the task's editor lock."""
    losses: tuple[Loss, ...] = ()
    """What could not be carried when the task was read."""
    now_ms: int = 0
    """Milliseconds since 1970 UTC."""
    reference: LabelDocument | None = None
    """Other labels of the same frames; their class ids are the project's."""
    is_truth: bool = True
    """Whether the reference is ground truth or predictions; otherwise it is another annotator's work."""
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Thresholds by rule, where they are not the defaults."""


class Check(Protocol):
    """A rule that finds faults in a task. A plug-in needs no more; our own are `Rule`s, which tell more."""

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


class SourceFault(NamedTuple):
    """A fault that only the reader of a format sees: two annotations of one id, a category that isn't listed."""

    rule: str
    message: str
    where: str
    """File and place in it."""


class SheetSource(Protocol):
    """A data set that can hand over its labels by columns, without making a task of each picture."""

    def sheets(self, most: int) -> Iterator[Sheet]:
        """Yield the labels in the file's order of pictures, in sheets of about `most` labels."""

    def faults(self) -> Iterator[SourceFault]:
        """Yield what is wrong with identifiers and references."""
