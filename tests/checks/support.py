"""A small task to check: a clip of ten frames of 100×80 pixels, and an ontology with one class of each sort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec.structs import replace

from tui_editor.checks.registry import BUILT_IN, load
from tui_editor.checks.rule import Rule
from tui_editor.checks.runner import Plan, Runner
from tui_editor.errors import MediaCorrupt, MediaError
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import Frame, FrameIdentity, MediaRef, Unit, UnitKind
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, OptionId, ProjectId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.ontology import Attribute, AttributeKind, Classification, ObjectClass, Ontology, Option
from tui_editor.model.project import Project, Task
from tui_editor.model.shapes import Shape, ShapeKind
from tui_editor.model.tracks import Label, LabelFlag, Track, make_track
from tui_editor.model.workflow import TaskState, TaskStatus
from tui_editor.ports import CheckContext, Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tui_editor.ports import FrameSource

UNIT = UnitId(7)
CAR = InstanceId(1)
WIDTH, HEIGHT, FRAMES = 100, 80, 10

COLOR = Attribute(
    id=AttributeId("color"),
    name="Color",
    kind=AttributeKind.RADIO,
    required=True,
    options=(
        Option(id=OptionId("red"), label="Red", value="red"),
        Option(id=OptionId("blue"), label="Blue", value="b"),
    ),
)
SPEED = Attribute(
    id=AttributeId("speed"),
    name="Speed",
    kind=AttributeKind.NUMERIC,
    dynamic=True,
    extra={"minimum": 0, "maximum": 50},
)
LAMP = Attribute(id=AttributeId("lamp"), name="Lamp", kind=AttributeKind.TEXT, dynamic=True, required=True)
ONTOLOGY = Ontology(
    classes=(
        ObjectClass(id=ClassId("box"), name="Box", color="#D33115", shape=ShapeKind.BOX),
        ObjectClass(id=ClassId("car"), name="Car", color="#E27300", shape=ShapeKind.BOX, attributes=(COLOR, SPEED)),
        ObjectClass(id=ClassId("tram"), name="Tram", color="#E27300", shape=ShapeKind.BOX, attributes=(LAMP,)),
        *(
            ObjectClass(id=ClassId(kind.value), name=kind.value, color="#16406C", shape=kind)
            for kind in ShapeKind
            if kind not in (ShapeKind.BOX, ShapeKind.PRESENCE)
        ),
    ),
    classifications=(Classification(id=ClassId("night"), name="Night"),),
)
PROJECT = Project(id=ProjectId(1), name="test", ontology=ONTOLOGY, roots={"data": "media"})
CLIP = Unit(
    id=UNIT,
    kind=UnitKind.VIDEO,
    title="clip",
    media=MediaRef(root="data", paths=("clip.mp4",)),
    frame_count=FRAMES,
    width=WIDTH,
    height=HEIGHT,
)


class Pixels:
    """Frames without a file; those of `broken` can't be decoded."""

    def __init__(
        self,
        count: int = FRAMES,
        size: tuple[int, int] = (WIDTH, HEIGHT),
        broken: Iterable[int] = (),
        warnings: tuple[str, ...] = (),
    ) -> None:
        self.frame_count, self._size, self._broken = count, size, set(broken)
        self.kind, self.fps, self.warnings = UnitKind.VIDEO, 10.0, ()
        self._frame_warnings = warnings
        self.decoded: list[int] = []

    def size(self, index: int) -> tuple[int, int]:
        return self._size

    def read(self, index: int, fit: tuple[int, int] | None = None) -> Frame:
        self.decoded.append(index)
        if index in self._broken:
            raise MediaCorrupt("the data end early", where="clip.mp4")
        width, height = self._size
        pixels = np.zeros((height, width, 3), np.uint8)
        return Frame(pixels=pixels, full_size=self._size, warnings=self._frame_warnings)

    def time_s(self, index: int) -> float | None:
        return index / 10

    def identity(self, index: int) -> FrameIdentity:
        return FrameIdentity(algorithm="test", digest=str(index))

    def close(self) -> None:
        pass


def label(frame: int, shape: Shape, flags: LabelFlag = LabelFlag.KEY) -> Label:
    return Label(frame=frame, shape=shape, flags=flags)


def instance(class_id: str = "box", key: int = CAR, **more: Any) -> Instance:
    return Instance(id=InstanceId(key), class_id=ClassId(class_id), ordinal=key - 1, **more)


def one(shape: Shape, *frames: int, class_id: str = "box", **more: Any) -> LabelDocument:
    """Return a document of one instance with a shape on the frames (0 when none is named)."""
    track = make_track([label(frame, shape) for frame in frames or (0,)])
    return document(instance(class_id, **more), tracks={(CAR, UNIT): track})


def document(
    *instances: Instance, tracks: Mapping[tuple[InstanceId, UnitId], Track] | None = None, **more: Any
) -> LabelDocument:
    return make_document(instances=instances, tracks=tracks, **{"status": TaskStatus(state=TaskState.ASSIGNED), **more})


def found(
    rule: str,
    labels: LabelDocument | None = None,
    *,
    units: tuple[Unit, ...] = (CLIP,),
    project: Project = PROJECT,
    source: FrameSource | MediaError | None = None,
    identities: Mapping[int, FrameIdentity] | None = None,
    **more: Any,
) -> list[Finding]:
    """Return what a rule finds in a task, alone and as all that there is."""

    def opened(unit: UnitId) -> FrameSource:
        if isinstance(source, MediaError):
            raise source
        return source or Pixels()

    task = Task(id=TaskId(3), title="clip", units=units)
    if identities is not None:
        more["identities"] = lambda _unit: identities
    context = CheckContext(project=project, task=task, document=labels or document(), source=opened, **more)
    (check,) = [c for c in load(BUILT_IN)[0] if c.rule == rule]
    assert isinstance(check, Rule)
    alone = list(check.run(context))
    return alone if check.conclude is None else alone + concluded(rule, [context])


def concluded(rule: str, contexts: Sequence[CheckContext]) -> list[Finding]:
    """Return what a rule finds in all tasks together."""
    runner = Runner(Plan(select=(rule,)))
    _, tallies = runner.of_tasks(contexts)
    return list(runner.concluded(tallies))


def whole(
    rule: str, *tasks: tuple[Task, LabelDocument], source: Callable[[UnitId], FrameSource] | None = None
) -> list[Finding]:
    """Return what a rule finds in several tasks together."""
    opened = source or (lambda _unit: Pixels())
    contexts = [CheckContext(project=PROJECT, task=t, document=d, source=opened) for t, d in tasks]
    return concluded(rule, contexts)


def with_ontology(ontology: Ontology) -> Project:
    return replace(PROJECT, ontology=ontology)
