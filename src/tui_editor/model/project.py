"""A project and its tasks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from tui_editor.model.frames import NO_EXTRA, Unit
from tui_editor.model.ids import ProjectId, TaskId, UnitId
from tui_editor.model.ontology import Ontology
from tui_editor.model.workflow import DEFAULT_WORKFLOW, StageKind, TaskStatus, Workflow

DEFAULT_REASONS = (
    "Not tight",
    "Wrong class",
    "Missing part",
    "Duplicate",
    "Not an object",
    "Wrong attribute",
    "Wrong identity",
    "Occluded too far",
    "Other",
)
"""Canned rejection reasons on the digits 1..9."""


class Project(Struct, frozen=True, kw_only=True):
    """What all tasks share."""

    id: ProjectId
    name: str
    ontology: Ontology = field(default_factory=Ontology)
    workflow: Workflow = DEFAULT_WORKFLOW
    issue_tags: tuple[str, ...] = ()
    reasons: tuple[str, ...] = DEFAULT_REASONS
    roots: Mapping[str, str] = NO_EXTRA
    """Name → folder of the media roots: relative to the project's folder where they lie in it or beside it."""
    instructions: str = ""
    settings: Mapping[str, Any] = NO_EXTRA

    def stage_kind(self, status: TaskStatus) -> StageKind:
        """Return what is done in the stage where a task stands."""
        return self.workflow.stage(status.stage).kind


class Task(Struct, frozen=True, kw_only=True):
    """One unit of work: its data units as a row of frames. Where it stands is in the document's status."""

    id: TaskId
    title: str
    units: tuple[Unit, ...]
    priority: float = 0.5
    """0..1; 1 comes first."""
    group_key: str = ""
    split: str = ""
    source_format: str = ""
    """The format it was imported from."""
    extra: Mapping[str, Any] = NO_EXTRA
    """Keys of the source's record (label row, image) that we don't use: written back at export."""

    def unit(self, unit_id: UnitId) -> Unit:
        """Return a data unit by id.

        Raises:
            KeyError: the task has none of that id.
        """
        for unit in self.units:
            if unit.id == unit_id:
                return unit
        raise KeyError(unit_id)


class TaskRow(Struct, frozen=True, kw_only=True):
    """What the queue shows of a task, without its labels."""

    id: TaskId
    title: str
    stage: str
    state: str
    priority: float
    assignee: str
    kind: str
    """Kind of its first data unit."""
    frame_count: int
    label_count: int
    issue_count: int
    """Open issues."""
    updated_ms: int


class TaskQuery(Struct, frozen=True, kw_only=True):
    """Which tasks to list, and from where."""

    stage: str = ""
    state: str = ""
    assignee: str = ""
    text: str = ""
    """Part of the title, any case."""
    has_issues: bool | None = None
    after: TaskRow | None = None
    """The last row of the page before."""
    limit: int = 100
