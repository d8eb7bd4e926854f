"""The demo's tasks as importers yield them, and the list of what is wrong in them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tui_editor.api.demo.actors import FPS, FRAME_COUNT, HEIGHT, WIDTH
from tui_editor.api.demo.discussion import decisions_of, issues_of
from tui_editor.api.demo.draft import ANNOTATOR, REVIEWER
from tui_editor.api.demo.faults import plant_in_street
from tui_editor.api.demo.photo_labels import CAT, COFFEE, EYE, PAGODA, PHOTO_FAULTS, PHOTOS, photo_drafts
from tui_editor.api.demo.stable import task_id, unit_id
from tui_editor.api.demo.street_labels import STREET, street_draft
from tui_editor.model.document import make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.project import Task
from tui_editor.model.workflow import TaskState, TaskStatus
from tui_editor.ports import ImportedTask

if TYPE_CHECKING:
    from tui_editor.api.demo.draft import Draft
    from tui_editor.api.demo.faults import PlantedFault

MEDIA_ROOT = "media"
"""Name of the demo's media root."""
STREET_FILE = "street.mp4"
PHOTO_FOLDER = "photos"

_FOR_REVIEW = TaskStatus(stage="review", state=TaskState.NEW, author=ANNOTATOR)
_STATUS = {
    CAT: TaskStatus(stage="complete", state=TaskState.COMPLETED, author=ANNOTATOR, reviewer=REVIEWER),
    COFFEE: TaskStatus(
        stage="annotate", state=TaskState.REOPENED, assignee=ANNOTATOR, author=ANNOTATOR, reviewer=REVIEWER
    ),
    PAGODA: TaskStatus(stage="annotate", state=TaskState.NEW),
    EYE: TaskStatus(stage="annotate", state=TaskState.SKIPPED),
}
"""Where the tasks stand that don't wait for a review."""


@cache
def demo_tasks() -> tuple[ImportedTask, ...]:
    """Return the demo's tasks with their labels, faults and issues; the same in every build."""
    return _built()[0]


@cache
def planted_faults() -> tuple[PlantedFault, ...]:
    """Return what is wrong in the demo's labels, by task and frame."""
    return _built()[1]


@cache
def _built() -> tuple[tuple[ImportedTask, ...], tuple[PlantedFault, ...]]:
    street = street_draft()
    faults = plant_in_street(street) + PHOTO_FAULTS
    drafts = (street, *photo_drafts())
    return tuple(_imported(draft, row) for row, draft in enumerate(drafts)), faults


def _imported(draft: Draft, row: int) -> ImportedTask:
    issues = issues_of(draft.task)
    status = _STATUS.get(draft.task, _FOR_REVIEW)
    instances, tracks = draft.instances(), draft.tracks()
    judged = make_document(instances=instances, tracks=tracks, issues=issues, status=status)
    document = make_document(
        instances=instances,
        tracks=tracks,
        issues=issues,
        status=status,
        decisions=decisions_of(draft.task, judged),
    )
    unit = _street_unit() if draft.task == STREET else _photo_unit(draft.task)
    task = Task(id=task_id(draft.task), title=draft.task, units=(unit,), priority=round(0.9 - 0.1 * row, 1))
    return ImportedTask(task=task, document=document)


def _street_unit() -> Unit:
    return Unit(
        id=unit_id(STREET),
        kind=UnitKind.VIDEO,
        title=STREET_FILE,
        media=MediaRef(root=MEDIA_ROOT, paths=(STREET_FILE,)),
        frame_count=FRAME_COUNT,
        width=WIDTH,
        height=HEIGHT,
        fps=float(FPS),
    )


def _photo_unit(task: str) -> Unit:
    pictures = PHOTOS[task]
    sizes = tuple((width, height) for _, width, height in pictures)
    several = len(pictures) > 1
    return Unit(
        id=unit_id(task),
        kind=UnitKind.IMAGE_GROUP if several else UnitKind.IMAGE,
        title=task if several else pictures[0][0],
        media=MediaRef(root=MEDIA_ROOT, paths=tuple(f"{PHOTO_FOLDER}/{name}" for name, _, _ in pictures)),
        frame_count=len(pictures),
        width=sizes[0][0],
        height=sizes[0][1],
        frame_sizes=sizes if several else (),
    )
