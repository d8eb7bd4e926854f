"""Issues, their threads, and review decisions."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from tui_editor.model.ids import ClassId, InstanceId, IssueId, TaskId, UnitId

SKIP_REASON = "This task was skipped"


class IssueKind(StrEnum):
    """What an issue hangs on."""

    LABEL = "label"
    """A label rejection, or feedback on an instance. Rejections can't be deleted."""
    FILE = "file"
    PIN = "pin"
    FRAME = "frame"
    FRAME_RANGE = "frame_range"
    REQUIREMENT = "requirement"
    """Computed from the ontology's required classes and attributes; never stored."""


class Comment(Struct, frozen=True, kw_only=True):
    """One message of a thread."""

    author: str
    at_ms: int
    text: str


class Resolution(Struct, frozen=True, kw_only=True):
    """One change of an issue between open and resolved."""

    resolved: bool
    by: str
    at_ms: int


class Issue(Struct, frozen=True, kw_only=True):
    """A question, a fault or a remark with an anchor and a thread."""

    id: IssueId
    kind: IssueKind
    author: str
    created_ms: int
    unit: UnitId | None = None
    frames: tuple[int, int] | None = None
    """First and last frame, both included; equal for a frame issue."""
    point: tuple[float, float] | None = None
    """Pixels of the displayed frame, for pins."""
    instance: InstanceId | None = None
    tags: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    history: tuple[Resolution, ...] = ()
    rejection: bool = False
    """A reviewer's rejection of the instance: not deletable."""
    skip: bool = False
    """Made by skipping the task: resolved when the task is next handed out."""
    stage: str = ""
    """Name of the stage in which it was raised; empty when that is not known."""

    @property
    def resolved(self) -> bool:
        """Return whether the last change resolved it."""
        return bool(self.history) and self.history[-1].resolved

    @property
    def title(self) -> str:
        """Return the first line of the thread."""
        return self.comments[0].text if self.comments else ", ".join(self.tags)


class FiledIssue(Struct, frozen=True, kw_only=True):
    """An issue among those of all tasks."""

    task: TaskId
    issue: Issue
    class_id: ClassId | None = None
    """Of the instance that it hangs on; None where it hangs on none, or on one that is gone."""


class DecisionState(StrEnum):
    """Where the review of an instance stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    RESOLVED = "resolved"
    """Rejected, then ticked by the annotator: to be judged again."""
    REOPENED = "reopened"


class ReviewDecision(Struct, frozen=True, kw_only=True):
    """What a reviewer said of an instance, and of which content he said it."""

    state: DecisionState
    by: str = ""
    at_ms: int = 0
    issue: IssueId | None = None
    """The rejection issue that was made with it."""
    content: str = ""
    """Digest of the instance's labels when it was judged: tells whether they changed since."""

    @property
    def decided(self) -> bool:
        """Return whether a reviewer is done with the instance."""
        return self.state in {DecisionState.APPROVED, DecisionState.REJECTED}
