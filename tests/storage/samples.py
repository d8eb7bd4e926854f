"""A small project and its tasks, and edits of them, for the tests of stores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from msgspec.structs import replace

from tui_editor.model.codec import encode_imported
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.encoded import EncodedLabel, EncodedLabels, encode_numbers
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import ClassId, InstanceId, IssueId, ProjectId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.issues import Issue, IssueKind
from tui_editor.model.ontology import ObjectClass, Ontology
from tui_editor.model.patch import Patch, StatusChange, TrackChange
from tui_editor.model.project import Project, Task
from tui_editor.model.shapes import Box, ShapeKind
from tui_editor.model.track_codec import encode_label
from tui_editor.model.tracks import Label, Track, empty_track, make_track
from tui_editor.model.workflow import TaskState, TaskStatus
from tui_editor.ports import Edit, EncodedTask, EntryKind, ImportedTask, Session
from tui_editor.storage.host import Moment

if TYPE_CHECKING:
    from collections.abc import Iterable

CAR, UNIT = InstanceId(5), UnitId(7)
HERE = "host-a"
ANN = Session(id="s-ann", person="ann", host=HERE, tty="tty1")
BO = Session(id="s-bo", person="bo", host=HERE)


class FakeClock:
    """A machine's clocks that stand still until they are moved."""

    def __init__(self) -> None:
        self.moment = Moment(boot_id="boot-1", boot_ms=1_000, wall_ms=1_700_000_000_000)

    def __call__(self) -> Moment:
        return self.moment

    def pass_ms(self, ms: int) -> None:
        m = self.moment
        self.moment = replace(m, boot_ms=m.boot_ms + ms, wall_ms=m.wall_ms + ms)

    def set_wall(self, ms: int) -> None:
        self.moment = replace(self.moment, wall_ms=self.moment.wall_ms + ms)

    def restart(self) -> None:
        self.moment = replace(self.moment, boot_id=self.moment.boot_id + "+", boot_ms=0)


def project() -> Project:
    """Return a project with one class."""
    car = ObjectClass(id=ClassId("car"), name="Car", color="#123456", shape=ShapeKind.BOX)
    return Project(id=ProjectId(1), name="streets", ontology=Ontology(classes=(car,)), roots={"data": "."})


def task(key: int = 11, *, title: str = "clip", priority: float = 0.5, frames: int = 1000) -> Task:
    """Return a task of one video."""
    media = MediaRef(root="data", paths=("clip.mp4",))
    unit = Unit(
        id=UNIT, kind=UnitKind.VIDEO, title=title, media=media, frame_count=frames, width=640, height=480, fps=25.0
    )
    return Task(id=TaskId(key), title=title, units=(unit,), priority=priority)


def boxes(frames: Iterable[int], x: float = 0.0) -> Track:
    """Return a track with a box on each of the frames."""
    return make_track([Label(frame=f, shape=Box(x + f, 2, 3, 4)) for f in frames])


def document(frames: Iterable[int] = range(300), *, status: TaskStatus | None = None, issues: int = 0) -> LabelDocument:
    """Return a document with one car."""
    car = Instance(id=CAR, class_id=ClassId("car"), ordinal=0)
    raised = [Issue(id=IssueId(i + 1), kind=IssueKind.FILE, author="ann", created_ms=i) for i in range(issues)]
    return make_document(instances=[car], tracks={(CAR, UNIT): boxes(frames)}, issues=raised, status=status)


def imported(key: int = 11, **of_task: Any) -> ImportedTask:
    """Return a task with one car on 300 frames."""
    return ImportedTask(task=task(key, **of_task), document=document())


def encoded(key: int, frames: list[int]) -> EncodedTask:
    """Return an encoded task with a box on each of the frames, each of an instance of its own."""
    car = ClassId("car")
    labels = [
        EncodedLabel(
            InstanceId(900 - n),
            car,
            frame,
            ShapeKind.BOX,
            encode_imported(InstanceId(900 - n), car, n, f"s{n}", {"n": n}),
            encode_label(frame, *encode_numbers(ShapeKind.BOX, [frame, 1, 2, 3])),
        )
        for n, frame in enumerate(frames)
    ]
    return EncodedTask(task=task(key), labels=EncodedLabels(UNIT, labels))


def moved(now: LabelDocument, frame: int, x: float) -> Patch:
    """Return the patch that puts the car's box of a frame elsewhere."""
    track = now.track(CAR, UNIT) or empty_track(ShapeKind.BOX)
    after = make_track([Label(frame=frame, shape=Box(x, 2, 3, 4), author="ann", edited_ms=9)])
    return Patch((TrackChange(CAR, UNIT, track.between(frame, frame), after),))


def passed_on(now: LabelDocument, stage: str = "review", state: TaskState = TaskState.NEW) -> Patch:
    """Return the patch that moves the task in the workflow."""
    return Patch((StatusChange(now.status, replace(now.status, stage=stage, state=state)),))


def edit(patch: Patch, session: Session = ANN, *, key: int = 11, **more: Any) -> Edit:
    """Return an edit of a task with a name of its own."""
    values: dict[str, Any] = {"command": "label.move", "at_ms": 5, "idem": uuid4().hex, "kind": EntryKind.EDIT, **more}
    return Edit(task=TaskId(key), patch=patch, person=session.person, session=session.id, **values)
