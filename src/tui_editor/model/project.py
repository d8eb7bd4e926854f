"""A project and its tasks."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from tui_editor.model.frames import NO_EXTRA, Unit
from tui_editor.model.ids import ProjectId, TaskId, UnitId
from tui_editor.model.ontology import Ontology
from tui_editor.model.transitions import Role, Standing
from tui_editor.model.workflow import DEFAULT_WORKFLOW, Stage, StageKind, TaskStatus, Workflow

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
_ROLES = frozenset(Role)


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
    members: Mapping[str, str] = NO_EXTRA
    """Login → `Role`. Without any everybody is an admin: a project of one person needs no list."""
    description: str = ""
    group_by: str = ""
    """Key of the client metadata by which tasks are grouped; empty: not."""

    def role_of(self, person: str) -> Role:
        """Return what a person is here; somebody who is not a member only looks."""
        if not self.members:
            return Role.ADMIN
        named = self.members.get(person, "")
        return Role(named) if named in _ROLES else Role.VIEWER

    def group_named(self, name: str) -> str:
        """Return which group somebody means, who may leave out by which key the tasks are grouped."""
        return f"{self.group_by}={name}" if name and self.group_by and "=" not in name else name

    def stage_of(self, status: TaskStatus) -> Stage:
        """Return the stage where a task stands; one that the workflow does not have is like an archive."""
        for stage in self.workflow.stages:
            if stage.name == status.stage:
                return stage
        return Stage(name=status.stage, kind=StageKind.ARCHIVE)

    def standing(self, status: TaskStatus, person: str, *, branch: bool = False) -> Standing:
        """Return a task where it stands as a person meets it."""
        return Standing(
            stage=self.stage_of(status), status=status, person=person, role=self.role_of(person), branch=branch
        )

    def stage_kind(self, status: TaskStatus) -> StageKind:
        """Return what is done in the stage where a task stands."""
        return self.stage_of(status).kind


class Task(Struct, frozen=True, kw_only=True):
    """One unit of work: its data units as a row of frames. Where it stands is in the document's status."""

    id: TaskId
    title: str
    units: tuple[Unit, ...]
    priority: float = 0.5
    """0..1; 1 comes first."""
    group_key: str = ""
    """Tasks of one key are submitted, reviewed and reopened together; empty: alone."""
    parent: TaskId | None = None
    """The task of which this is an annotator's branch."""
    branch: str = ""
    """Whose branch it is; empty: `main`."""
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


MOST_METADATA_CHARS = 200
"""Of a value that tasks are found by; longer ones are cut."""


def metadata_text(value: object) -> str:
    """Return a value of client metadata as text: what filters compare, in any case."""
    if isinstance(value, str):
        return value.casefold()[:MOST_METADATA_CHARS]
    if isinstance(value, bool) or value is None:
        return str(value).casefold()
    return (f"{value:g}" if isinstance(value, float) else str(value)).casefold()[:MOST_METADATA_CHARS]


def metadata_pairs(task: Task) -> tuple[tuple[str, str], ...]:
    """Return the client metadata of a task's data units as pairs of key and text, each once."""
    found = ((key, metadata_text(value)) for unit in task.units for key, value in unit.metadata.items())
    return tuple(dict.fromkeys(found))


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
    group_key: str = ""
    parent: TaskId | None = None
    """The task whose branch this is."""
    branch: str = ""
    """Whose branch it is."""


class TaskSort(StrEnum):
    """What the queue is ordered by; equal ones by id, which is random and the same for everybody."""

    PRIORITY = "priority"
    """The highest first."""
    TITLE = "title"
    ISSUES = "issues"
    """The most open issues first."""
    LABELS = "labels"
    """The most labels first."""
    FRAMES = "frames"
    """The most frames first."""


class TaskQuery(Struct, frozen=True, kw_only=True):
    """Which tasks to list, and from where."""

    stage: str = ""
    state: str = ""
    assignee: str = ""
    text: str = ""
    """Part of the title, any case."""
    has_issues: bool | None = None
    kind: str = ""
    """Kind of the first data unit."""
    metadata: tuple[tuple[str, str], ...] = ()
    """Keys and values that the client metadata of a data unit have, in any case."""
    group: str = ""
    parent: TaskId | None = None
    """Only branches of this task."""
    open_to: str = ""
    """A person: only tasks that wait and are assigned to this person or to nobody."""
    sort: TaskSort = TaskSort.PRIORITY
    reverse: bool = False
    """The last ones first."""
    after: TaskRow | None = None
    """The last row of the page before."""
    limit: int = 100

    @property
    def any_order(self) -> TaskQuery:
        """Return what fits, whatever the order and the page: two queries that list the same tasks are equal in it."""
        usual = TaskQuery()
        return replace(self, sort=usual.sort, reverse=False, after=None, limit=usual.limit)

    @property
    def is_plain(self) -> bool:
        """Return whether nothing but stage and state is asked for: how many these are is known at once."""
        return self.any_order == TaskQuery(stage=self.stage, state=self.state)


def place(row: TaskRow, query: TaskQuery) -> tuple[float | str, int]:
    """Return by what a row stands where it does in the order of a query, before that is turned round."""
    values: dict[TaskSort, float | str] = {
        TaskSort.PRIORITY: -row.priority,
        TaskSort.TITLE: row.title.casefold(),
        TaskSort.ISSUES: -row.issue_count,
        TaskSort.LABELS: -row.label_count,
        TaskSort.FRAMES: -row.frame_count,
    }
    return values[query.sort], row.id
