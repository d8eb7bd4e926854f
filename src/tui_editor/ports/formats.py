"""What the layers ask of a label format, and the values that tell of an import or export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tui_editor.model.ontology import Ontology
    from tui_editor.model.project import Project
    from tui_editor.ports.store import ImportedTask


class Detection(Struct, frozen=True, kw_only=True):
    """How surely a format recognises a path, and why."""

    confidence: float
    """0 (not at all) .. 1 (surely)."""
    reason: str


class Loss(Struct, frozen=True, kw_only=True):
    """Something that could not be carried over."""

    what: str
    """`crowd flag`, `circle shown read-only`: the same text for the same kind of loss, so that they can be counted."""
    where: str = ""
    count: int = 1


class ImportOptions(Struct, frozen=True, kw_only=True):
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
        """Yield the tasks, once; as `EncodedTask` where they are many and the format can."""

    def losses(self) -> Sequence[Loss]:
        """Return what could not be carried; complete when `tasks` has ended."""


class ExportReport(Struct, frozen=True, kw_only=True):
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
