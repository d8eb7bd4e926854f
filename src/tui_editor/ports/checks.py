"""What the layers ask of a check, and what it reports."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import IssueId, TaskId, UnitId
    from tui_editor.model.project import Project, Task
    from tui_editor.ports.media import FrameSource


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Finding(Struct, frozen=True, kw_only=True):
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


class CheckContext(Struct, frozen=True, kw_only=True, eq=False):
    """What a check may look at: one task at a time."""

    project: Project
    task: Task
    document: LabelDocument
    source: Callable[[UnitId], FrameSource]
    """Opens a data unit's pixels; raises a `MediaError`."""
    deep: bool = False
    """Look at every frame of every video, however long that takes."""


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
