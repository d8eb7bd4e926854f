"""A small language for documents: what a test begins with and expects, as text.

One label a line: `car@0 box 10,10 20,20`, `car@0 point 3,4`, `car(1)@2 polygon 0,0 9,0 9,9`; a state may follow:
`car@0 box 10,10 20,20 approved`. The kinds: box, rbox (a rotated box, its angle last), point, polygon (parts behind
` + `, holes behind ` - `), line, skeleton (x,y,visibility), mask (left,top width,height and its runs), present. Several
labels with one name and number are one instance. `issue file "text"`, `issue frame@3 "text" resolved`, `issue label
car@0 "text"` add issues. Names are those of `ONTOLOGY`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from tui_editor.commands.headless import Answer, HeadlessFront, Keyboard
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, IssueId, OptionId, ProjectId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.issues import Comment, DecisionState, Issue, IssueKind, Resolution, ReviewDecision
from tui_editor.model.ontology import (
    Attribute,
    AttributeKind,
    Classification,
    ObjectClass,
    Ontology,
    Option,
    SkeletonPoint,
    SkeletonTemplate,
)
from tui_editor.model.patch import Patch, StatusChange
from tui_editor.model.project import Project, Task
from tui_editor.model.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    Presence,
    RotatedBox,
    Shape,
    ShapeKind,
    Skeleton,
    polyline,
    ring,
    skeleton,
)
from tui_editor.model.tracks import Label, make_track
from tui_editor.model.workflow import TaskStatus
from tui_editor.ports import OpenedTask
from tui_editor.state.store import TaskStore
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.commands.context import IssueDraft

UNIT = UnitId(1)
FRAMES = 100
SIZE = (640, 480)

COLOR = Attribute(
    id=AttributeId("color"),
    name="Color",
    kind=AttributeKind.RADIO,
    options=(
        Option(
            id=OptionId("red"),
            label="Red",
            value="red",
            attributes=(Attribute(id=AttributeId("shade"), name="Shade", kind=AttributeKind.TEXT),),
        ),
        Option(id=OptionId("blue"), label="Blue", value="blue"),
    ),
)
SPEED = Attribute(id=AttributeId("speed"), name="Speed", kind=AttributeKind.NUMERIC, dynamic=True)
HAND = SkeletonTemplate(
    name="hand",
    width=1.0,
    height=1.0,
    points=tuple(
        SkeletonPoint(id=name, name=name, color="#00FF00", x=x, y=y)
        for name, x, y in (("wrist", 0.5, 0.9), ("thumb", 0.2, 0.1), ("finger", 0.8, 0.1))
    ),
    edges=((0, 1), (0, 2)),
)
ONTOLOGY = Ontology(
    classes=(
        ObjectClass(id=ClassId("car"), name="car", color="#D33115", shape=ShapeKind.BOX, attributes=(COLOR, SPEED)),
        ObjectClass(id=ClassId("van"), name="van", color="#E27300", shape=ShapeKind.BOX),
        ObjectClass(id=ClassId("eye"), name="eye", color="#16406C", shape=ShapeKind.KEYPOINT),
        ObjectClass(id=ClassId("lake"), name="lake", color="#FE9200", shape=ShapeKind.POLYGON),
        ObjectClass(id=ClassId("ship"), name="ship", color="#FCDC00", shape=ShapeKind.ROTATED_BOX),
        ObjectClass(id=ClassId("lane"), name="lane", color="#DBDF00", shape=ShapeKind.POLYLINE),
        ObjectClass(id=ClassId("hand"), name="hand", color="#A4DD00", shape=ShapeKind.SKELETON, skeleton=HAND),
        ObjectClass(id=ClassId("road"), name="road", color="#68CCCA", shape=ShapeKind.BITMASK),
    ),
    classifications=(Classification(id=ClassId("night"), name="night"),),
)
PROJECT = Project(
    id=ProjectId(1), name="test", ontology=ONTOLOGY, issue_tags=("hard", "ask"), instructions="Draw tight."
)
TASK = Task(
    id=TaskId(1),
    title="clip",
    units=(
        Unit(
            id=UNIT,
            kind=UnitKind.VIDEO,
            title="clip",
            media=MediaRef(root="data", paths=("clip.mp4",)),
            frame_count=FRAMES,
            width=SIZE[0],
            height=SIZE[1],
            fps=10.0,
        ),
    ),
)

_LABEL = re.compile(
    r"^(\w+)(?:\((\d+)\))?@(\d+) (box|rbox|point|polygon|line|skeleton|mask|present)\s*([-+\d., ]*?)\s*([a-z]+)?$"
)
_ISSUE = re.compile(r'^issue (file|frame|label)(?: ?(\w*)(?:\((\d+)\))?@(\d+))? "([^"]*)"( resolved)?$')


def _numbers(text: str) -> list[float]:
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text)]


def _shape(kind: str, text: str) -> Shape:
    numbers = _numbers(text)
    match kind:
        case "box":
            return Box(*numbers)
        case "rbox":
            return RotatedBox(*numbers)
        case "point":
            return Keypoint(*numbers)
        case "polygon":
            parts = (re.split(r" - ", part) for part in text.split(" + "))
            return Polygon(tuple(tuple(ring(_numbers(r)) for r in part) for part in parts))
        case "line":
            return polyline(numbers)
        case "skeleton":
            table = np.array(numbers).reshape(-1, 3)
            return skeleton(table[:, :2], [int(v) for v in table[:, 2]])
        case "mask":
            left, top, width, height, *runs = map(int, numbers)
            return Bitmask(left, top, width, height, np.array(runs, np.uint32))
        case _:
            return Presence()


@dataclass
class _Reader:
    instances: dict[tuple[str, int], InstanceId] = field(default_factory=dict)
    labels: dict[InstanceId, list[Label]] = field(default_factory=dict)
    decisions: dict[InstanceId, str] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def instance(self, name: str, ordinal: str | None) -> InstanceId:
        key = (name, int(ordinal or 0))
        return self.instances.setdefault(key, InstanceId(len(self.instances) + 1))

    def read(self, line: str) -> None:
        if match := _LABEL.match(line):
            name, ordinal, frame, kind, numbers, state = match.groups()
            owner = self.instance(name, ordinal)
            self.labels.setdefault(owner, []).append(Label(frame=int(frame), shape=_shape(kind, numbers)))
            if state:
                self.decisions[owner] = state
        elif match := _ISSUE.match(line):
            kind, name, ordinal, frame, text, resolved = match.groups()
            number = len(self.issues) + 1
            self.issues.append(
                Issue(
                    id=IssueId(number),
                    kind=IssueKind(kind),
                    author="me",
                    created_ms=number,
                    unit=UNIT if frame else None,
                    frames=(int(frame), int(frame)) if frame else None,
                    instance=self.instance(name, ordinal) if name else None,
                    comments=(Comment(author="me", at_ms=number, text=text),),
                    history=(Resolution(resolved=True, by="me", at_ms=number),) if resolved else (),
                )
            )
        else:
            raise ValueError(f"this is no line of a document: {line!r}")


def document(text: str, stage: str = "annotate") -> LabelDocument:
    """Return the document that the text describes."""
    reader = _Reader()
    for line in filter(None, (raw.strip() for raw in text.splitlines())):
        reader.read(line)
    made = make_document(
        instances=[
            Instance(id=key, class_id=ClassId(name), ordinal=number) for (name, number), key in reader.instances.items()
        ],
        tracks={(key, UNIT): make_track(labels) for key, labels in reader.labels.items()},
        issues=reader.issues,
        status=TaskStatus(stage=stage),
    )
    decisions = {
        key: ReviewDecision(state=DecisionState(state), by="me", content=made.content_of(key))
        for key, state in reader.decisions.items()
    }
    return make_document(
        instances=made.instances.values(),
        tracks=dict(made.tracks.items()),
        issues=reader.issues,
        decisions=decisions,
        status=made.status,
    )


def standing(found: LabelDocument, status: TaskStatus) -> LabelDocument:
    """Return a document as it is where a task stands elsewhere."""
    return found.apply(Patch((StatusChange(found.status, status),)))


def _number(value: float) -> str:
    return f"{value:g}"


def _points(points: NDArray[np.float64]) -> str:
    return " ".join(",".join(map(_number, p)) for p in points.tolist())


def shape_text(shape: Shape) -> str:
    """Return a shape as a line of a document writes it."""
    match shape:
        case Box(x, y, w, h):
            return f"box {_number(x)},{_number(y)} {_number(w)},{_number(h)}"
        case RotatedBox(x, y, w, h, theta):
            return f"rbox {_number(x)},{_number(y)} {_number(w)},{_number(h)} {_number(theta)}"
        case Keypoint(x, y):
            return f"point {_number(x)},{_number(y)}"
        case Polygon(parts):
            return "polygon " + " + ".join(" - ".join(_points(r) for r in part) for part in parts)
        case Polyline(points):
            return f"line {_points(points)}"
        case Skeleton(points, visibility):
            return f"skeleton {_points(np.column_stack([points, visibility]))}"
        case Bitmask(left, top, width, height, runs):
            return f"mask {left},{top} {width},{height} {','.join(map(str, runs.tolist()))}"
        case _:
            return "present"


def text_of(found: LabelDocument) -> str:
    """Return a document as text, one label a line, sorted."""
    lines = []
    for (key, _), track in found.tracks.items():
        value = found.instances[key]
        name = f"{value.class_id}({value.ordinal})" if value.ordinal else value.class_id
        decision = found.decisions.get(key)
        state = f" {decision.state.value}" if decision and decision.state is not DecisionState.PENDING else ""
        lines += [f"{name}@{label.frame} {shape_text(label.shape)}{state}" for label in track.labels()]
    for issue in found.issues.values():
        lines.append(_issue_text(found, issue))
    return "\n".join(sorted(lines))


def _issue_text(found: LabelDocument, issue: Issue) -> str:
    place = ""
    if issue.instance is not None and issue.instance in found.instances:
        value = found.instances[issue.instance]
        place = f" {value.class_id}({value.ordinal})" if value.ordinal else f" {value.class_id}"
    frame = f"@{issue.frames[0]}" if issue.frames else ""
    resolved = " resolved" if issue.resolved else ""
    return f'issue {issue.kind.value}{place}{frame} "{issue.title}"{resolved}'


class FixedClock:
    """A clock that goes on by a second at each look."""

    def __init__(self) -> None:
        self.now = 1_000_000

    def now_ms(self) -> int:
        self.now += 1000
        return self.now

    def monotonic(self) -> float:
        return self.now_ms() / 1000


def opened(text: str, stage: str = "annotate", frame: int = 0, size: tuple[int, int] = SIZE) -> TaskStore:
    """Return a store with the document opened at a frame; its frames have `size` (width, height) in pixels."""
    unit = replace(TASK.units[0], width=size[0], height=size[1])
    task = OpenedTask(task=replace(TASK, units=(unit,)), document=document(text, stage), seq=0, view={"frame": frame})
    store = TaskStore(task, PROJECT, person="me", session="test", clock=FixedClock())
    store.set(mode=Mode.REVIEW if stage == "review" else Mode.BROWSE)
    return store


def two_units(text: str, *titles: str) -> TaskStore:
    """Return a store with a task of two data units of some titles, UNIT and 2: each has the labels of the document."""
    units = [replace(TASK.units[0], id=UnitId(n), title=title) for n, title in enumerate(titles, start=1)]
    once = document(text)
    tracks = {(key, unit.id): track for (key, _), track in once.tracks.items() for unit in units}
    twice = make_document(instances=once.instances.values(), tracks=tracks)
    task = OpenedTask(task=replace(TASK, units=tuple(units)), document=twice, seq=0, view={})
    return TaskStore(task, PROJECT, person="me", session="test", clock=FixedClock())


def case(
    text: str,
    keys: str,
    expect: str,
    *,
    stage: str = "annotate",
    frame: int = 0,
    answers: tuple[Answer | IssueDraft, ...] = (),
) -> Keyboard:
    """Press keys on a document and compare what it becomes; return the keyboard for more questions."""
    keyboard = Keyboard(opened(text, stage, frame), HeadlessFront(answers))
    keyboard.type(keys)
    wanted = "\n".join(sorted(line.strip() for line in expect.splitlines() if line.strip()))
    assert wanted == text_of(keyboard.store.state.document), keyboard.front.warnings
    return keyboard
