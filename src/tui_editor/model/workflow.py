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
    """No task stays here: it goes on at once by share or by who worked on it."""
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


class Route(Struct, frozen=True, kw_only=True):
    """One way out of a router."""

    to: str
    """Name of the stage that it leads to."""
    percent: float = 0.0
    """Of the tasks, 0..100; the last route takes what is left."""
    people: tuple[str, ...] = ()
    """A router by user: who handed the task on for it to go this way; a route without people takes everybody else's."""


class Sampling(Struct, frozen=True, kw_only=True):
    """Which instances of a task a reviewer has to judge; with several rules those that any of them picks."""

    every: int = 0
    """Every n-th one, in an order that is random and the same for everybody; 0: not by number."""
    each_author: int = 0
    """So many of each author; 0: not by author."""
    lowest_percent: float = 0.0
    """Those with the lowest mean confidence, 0..100 per cent of the instances; 0: not by confidence."""

    @property
    def picks(self) -> bool:
        """Return whether only some are judged."""
        return self.every > 1 or self.each_author > 0 or self.lowest_percent > 0


ALL_OF_THEM = Sampling()


class Stage(Struct, frozen=True, kw_only=True):
    """One station of the workflow; `next` is where submitting or approving leads, `back` where rejecting does."""

    name: str
    kind: StageKind
    next: str = ""
    back: str = ""
    people: tuple[str, ...] = ()
    """Who works here; empty: everybody whose role allows it."""
    routes: tuple[Route, ...] = ()
    """Of a router."""
    annotators: int = 2
    """Of a consensus annotate stage: how many branches are asked for."""
    determine: bool = False
    """Of a consensus review stage: one decision for the whole task and no editing, instead of review and refine."""
    edit: bool = True
    """Of a review stage: labels may be changed in it."""
    sampling: Sampling = ALL_OF_THEM
    """Of a review stage."""


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
