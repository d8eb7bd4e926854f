"""A small language for documents: what a test begins with and expects, as text.

One label a line: `car@0 box 10,10 20,20`, `car@0 point 3,4`, `car(1)@2 polygon 0,0 9,0 9,9`; a state may follow:
`car@0 box 10,10 20,20 approved`. Several labels with one name and number are one instance. `issue file "text"`,
`issue frame@3 "text" resolved`, `issue label car@0 "text"` add issues. Names are those of `ONTOLOGY`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tui_editor.commands.headless import Answer, HeadlessFront, Keyboard
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, IssueId, OptionId, ProjectId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.issues import Comment, DecisionState, Issue, IssueKind, Resolution, ReviewDecision
from tui_editor.model.ontology import Attribute, AttributeKind, Classification, ObjectClass, Ontology, Option
from tui_editor.model.project import Project, Task
from tui_editor.model.shapes import Box, Keypoint, Polygon, Presence, Shape, ShapeKind, polygon
from tui_editor.model.tracks import Label, make_track
from tui_editor.model.workflow import TaskStatus
from tui_editor.ports import OpenedTask
from tui_editor.state.store import TaskStore
from tui_editor.state.view import Mode

if TYPE_CHECKING:
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
ONTOLOGY = Ontology(
    classes=(
        ObjectClass(id=ClassId("car"), name="car", color="#D33115", shape=ShapeKind.BOX, attributes=(COLOR, SPEED)),
        ObjectClass(id=ClassId("van"), name="van", color="#E27300", shape=ShapeKind.BOX),
        ObjectClass(id=ClassId("eye"), name="eye", color="#16406C", shape=ShapeKind.KEYPOINT),
        ObjectClass(id=ClassId("lake"), name="lake", color="#FE9200", shape=ShapeKind.POLYGON),
    ),
    classifications=(Classification(id=ClassId("night"), name="night"),),
)
PROJECT = Project(id=ProjectId(1), name="test", ontology=ONTOLOGY, issue_tags=("hard", "ask"))
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

_LABEL = re.compile(r"^(\w+)(?:\((\d+)\))?@(\d+) (box|point|polygon|present)\s*([-\d., ]*?)\s*([a-z]+)?$")
_ISSUE = re.compile(r'^issue (file|frame|label)(?: ?(\w*)(?:\((\d+)\))?@(\d+))? "([^"]*)"( resolved)?$')


def _numbers(text: str) -> list[float]:
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text)]


def _shape(kind: str, numbers: list[float]) -> Shape:
    if kind == "box":
        return Box(*numbers)
    if kind == "point":
        return Keypoint(*numbers)
    return polygon(numbers) if kind == "polygon" else Presence()


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
            self.labels.setdefault(owner, []).append(Label(frame=int(frame), shape=_shape(kind, _numbers(numbers))))
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


def _number(value: float) -> str:
    return f"{value:g}"


def _shape_text(shape: Shape) -> str:
    match shape:
        case Box(x, y, w, h):
            return f"box {_number(x)},{_number(y)} {_number(w)},{_number(h)}"
        case Keypoint(x, y):
            return f"point {_number(x)},{_number(y)}"
        case Polygon(parts):
            return "polygon " + " ".join(",".join(map(_number, p)) for p in np.concatenate(parts[0]).tolist())
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
        lines += [f"{name}@{label.frame} {_shape_text(label.shape)}{state}" for label in track.labels()]
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


def opened(text: str, stage: str = "annotate", frame: int = 0) -> TaskStore:
    """Return a store with the document opened at a frame."""
    task = OpenedTask(task=TASK, document=document(text, stage), seq=0, view={"frame": frame})
    store = TaskStore(task, PROJECT, person="me", session="test", clock=FixedClock())
    store.set(mode=Mode.REVIEW if stage == "review" else Mode.BROWSE)
    return store


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
