"""Stages of work and where a task stands in them."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class StageKind(StrEnum):
    """What is done in a stage."""

    ANNOTATE = "annotate"
    REVIEW = "review"
    CONSENSUS_ANNOTATE = "consensus_annotate"
    CONSENSUS_REVIEW = "consensus_review"
    ROUTER = "router"
    COMPLETE = "complete"
    ARCHIVE = "archive"


class TaskState(StrEnum):
    """Where a task stands within its stage."""

    NEW = "new"
    ASSIGNED = "assigned"
    RELEASED = "released"
    SKIPPED = "skipped"
    REOPENED = "reopened"
    """Sent back by a reviewer with rejections."""
    COMPLETED = "completed"


class Stage(Struct, frozen=True, kw_only=True):
    """One station of the workflow; `next` is where submitting or approving leads, `back` where rejecting does."""

    name: str
    kind: StageKind
    next: str = ""
    back: str = ""


class Workflow(Struct, frozen=True, kw_only=True):
    """The stages in order; the first one is where tasks begin."""

    stages: tuple[Stage, ...]

    def stage(self, name: str) -> Stage:
        """Return the stage of that name.

        Raises:
            KeyError: there is none.
        """
        for stage in self.stages:
            if stage.name == name:
                return stage
        raise KeyError(name)

    @property
    def first(self) -> Stage:
        """Return the stage where tasks begin."""
        return self.stages[0]


DEFAULT_WORKFLOW = Workflow(
    stages=(
        Stage(name="annotate", kind=StageKind.ANNOTATE, next="review"),
        Stage(name="review", kind=StageKind.REVIEW, next="complete", back="annotate"),
        Stage(name="complete", kind=StageKind.COMPLETE),
    )
)


class TaskStatus(Struct, frozen=True, kw_only=True):
    """The part of a task that the workflow changes: it travels in patches like labels do."""

    stage: str = "annotate"
    state: TaskState = TaskState.NEW
    assignee: str = ""
    author: str = ""
    """Who submitted it last: a rejected task returns to this person."""
    reviewer: str = ""
    """Who reviewed it last."""
