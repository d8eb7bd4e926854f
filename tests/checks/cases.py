"""Documents with a fault and without it, from which the table of checks is made."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from msgspec.structs import replace
from tests.checks.support import (
    CAR,
    CLIP,
    UNIT,
    Pixels,
    document,
    found,
    instance,
    label,
    one,
    whole,
    with_ontology,
)
from tests.metrics.documents import Thing, excerpt

from tui_editor.api.quality.reference import figure_findings
from tui_editor.checks.runner import Plan
from tui_editor.metrics.comparison import Comparison
from tui_editor.metrics.rules import MatchRules
from tui_editor.model.frames import Frame, FrameIdentity, MediaRef, UnitKind
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, IssueId, OptionId, TaskId, UnitId
from tui_editor.model.instances import DynamicAnswer
from tui_editor.model.issues import Comment, DecisionState, Issue, IssueKind, ReviewDecision
from tui_editor.model.ontology import Attribute, AttributeKind, ObjectClass, Ontology, Option
from tui_editor.model.patch import Patch
from tui_editor.model.project import Task
from tui_editor.model.shapes import Bitmask, Box, Shape, ShapeKind, polygon
from tui_editor.model.tracks import Label, LabelFlag, Origin, make_track
from tui_editor.model.workflow import TaskState, TaskStatus
from tui_editor.ports import EntryKind, Finding, JournalEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BUS = InstanceId(2)
INSIDE = Box(10, 10, 20, 20)
DAY = 86_400_000


class Case(NamedTuple):
    """Two runs of a rule."""

    bad: Callable[[], list[Finding]]
    good: Callable[[], list[Finding]]


def shapes(rule: str, bad: Shape, good: Shape, **more: Any) -> Case:
    return Case(lambda: found(rule, one(bad, **more)), lambda: found(rule, one(good, **more)))


def labels(rule: str, bad: Any, good: Any, **more: Any) -> Case:
    return Case(lambda: found(rule, bad, **more), lambda: found(rule, good, **more))


def two(a: dict[int, Shape], b: dict[int, Shape], classes: tuple[str, str] = ("box", "box"), **more: Any) -> Any:
    tracks = {
        (key, UNIT): make_track([label(frame, shape) for frame, shape in shapes.items()])
        for key, shapes in ((CAR, a), (BUS, b))
    }
    return document(instance(classes[0], CAR, **more), instance(classes[1], BUS, **more), tracks=tracks)


def walk(*frames: int, x: float = 10, step: float = 2, size: float = 20) -> dict[int, Shape]:
    return {f: Box(x + step * f, 10, size, size) for f in frames}


def track(made: list[Label], class_id: str = "box", **more: Any) -> Any:
    return document(instance(class_id, **more), tracks={(CAR, UNIT): make_track(made)})


def answered(class_id: str = "car", **more: Any) -> Any:
    return document(instance(class_id, **more), tracks={(CAR, UNIT): make_track([label(0, INSIDE)])})


def says(name: str, value: Any, first: int = 0, last: int = 9) -> DynamicAnswer:
    return DynamicAnswer(attribute=AttributeId(name), value=value, unit=UNIT, first=first, last=last)


def ontology_of(*classes: ObjectClass) -> Any:
    return with_ontology(Ontology(classes=classes))


def box_class(name: str, key: str = "box", **more: Any) -> ObjectClass:
    return ObjectClass(id=ClassId(key), name=name, color="#D33115", shape=ShapeKind.BOX, **more)


def told(text: str) -> dict[str, str]:
    """What an instance read from COCO keeps of its annotation."""
    return {"coco": f'{{"keep": {{{text}}}}}'}


TRUNCATED = Attribute(id=AttributeId("cut"), name="Truncated", kind=AttributeKind.TEXT)
PARENT = Attribute(
    id=AttributeId("kind"),
    name="Kind",
    kind=AttributeKind.RADIO,
    options=(
        Option(
            id=OptionId("van"),
            label="Van",
            value="van",
            attributes=(Attribute(id=AttributeId("seats"), name="Seats", kind=AttributeKind.NUMERIC),),
        ),
        Option(id=OptionId("bus"), label="Bus", value="bus"),
    ),
)
LONG = replace(CLIP, frame_count=200)


class Moving(Pixels):
    """A clip whose picture changes from frame to frame, unless it stands still."""

    def __init__(self, count: int = 40, still: bool = False, times: tuple[float, ...] = (), key: str = "") -> None:
        super().__init__(count=count)
        self._still, self._times, self._key = still, times, key

    def read(self, index: int, fit: tuple[int, int] | None = None) -> Frame:
        rng = np.random.default_rng(0 if self._still else index)
        return Frame(pixels=rng.integers(0, 255, (80, 100, 3), np.uint8), full_size=(100, 80))

    def time_s(self, index: int) -> float | None:
        return self._times[index] if self._times else index / 10

    def identity(self, index: int) -> FrameIdentity:
        return FrameIdentity(algorithm="test", digest=f"{self._key}{index}")


IMAGE = replace(CLIP, kind=UnitKind.IMAGE, frame_count=1, media=MediaRef(root="data", paths=("a.png",)))
FORTY = replace(CLIP, frame_count=40)


def reviewed(state: DecisionState, content: str = "", **more: Any) -> Any:
    made = {"state": state, "by": "ada", "content": content, **more}
    return {CAR: ReviewDecision(**made)}


def status(stage: str = "review", **more: Any) -> TaskStatus:
    return TaskStatus(stage=stage, state=TaskState.ASSIGNED, **more)


def with_decision(state: DecisionState, *, changed: bool, **more: Any) -> Any:
    made = one(INSIDE)
    content = "another" if changed else made.content_of(CAR)
    return dataclasses.replace(made, decisions=made.decisions.insert(CAR, reviewed(state, content)[CAR]), **more)


def issue(**more: Any) -> Issue:
    made = {
        "id": IssueId(5),
        "kind": IssueKind.FRAME,
        "author": "ada",
        "created_ms": 1,
        "comments": (Comment(author="ada", at_ms=1, text="?"),),
    }
    return Issue(**{**made, **more})


def entry(command: str, at_ms: int) -> JournalEntry:
    return JournalEntry(
        task=TaskId(3),
        seq=1,
        kind=EntryKind.EDIT,
        patch=Patch(),
        person="ada",
        session="s",
        command=command,
        at_ms=at_ms,
    )


def decided(step_ms: int) -> Any:
    keys = [InstanceId(n) for n in range(1, 31)]
    decisions = {k: ReviewDecision(state=DecisionState.APPROVED, by="ada", at_ms=1000 + step_ms * k) for k in keys}
    return document(*(instance("box", k) for k in keys), decisions=decisions, status=status())


def many(
    *counts: int,
    size: Callable[[int], float] = lambda _n: 20,
    place: Callable[[int], tuple[float, float]] = lambda _n: (10, 10),
) -> Any:
    """A document with so many objects of the classes Box, Car, Tram, on frames of their own."""
    made: list[Any] = []
    tracks = {}
    for class_id, count in zip(("box", "car", "tram"), counts, strict=False):
        for n in range(count):
            key = InstanceId(len(made) + 1)
            made.append(instance(class_id, key))
            tracks[key, UNIT] = make_track([label(n, Box(*place(n), size(n), size(n)))])
    return document(*made, tracks=tracks)


def people(sizes: dict[str, float]) -> Any:
    made: list[Any] = []
    tracks = {}
    rng = np.random.default_rng(1)
    for person, size in sizes.items():
        for _ in range(60):
            key = InstanceId(len(made) + 1)
            side = size * float(np.exp(rng.normal(0, 0.1)))
            made.append(instance("box", key))
            tracks[key, UNIT] = make_track([replace(label(0, Box(1, 1, side, side)), author=person)])
    return document(*made, tracks=tracks)


def colours(red: int, blue: int) -> Any:
    chosen = [("red",)] * red + [("blue",)] * blue
    return document(*(instance("car", n + 1, answers={AttributeId("color"): c}) for n, c in enumerate(chosen)))


def split(*tasks: tuple[str, str, dict[str, Any]], rule: str) -> list[Finding]:
    """Findings of a rule in tasks of (split, file, metadata), each with a box."""
    made = []
    for number, (name, path, metadata) in enumerate(tasks):
        unit = replace(IMAGE, id=UnitId(number + 1), media=MediaRef(root="data", paths=(path,)), metadata=metadata)
        task = Task(id=TaskId(number + 1), title=path, units=(unit,), split=name)
        keys = [InstanceId(n) for n in range(1, 13)]
        boxes = {(k, unit.id): make_track([label(0, INSIDE)]) for k in keys}
        classes = metadata.get("class", "box")
        made.append((task, document(*(instance(classes, k) for k in keys), tracks=boxes)))
    return whole(rule, *made)


CROSSED = polygon([10, 10, 50, 50, 50, 10, 10, 50])
SQUARE = polygon([10, 10, 50, 10, 50, 50, 10, 50])
MASK = Bitmask(10, 10, 4, 4, np.array([0, 16], np.uint32))
OUTSIDE = LabelFlag.KEY | LabelFlag.OUTSIDE
PRINT = np.random.default_rng(3).integers(0, 255, (80, 100, 3), np.uint8)


class Still(Pixels):
    """One picture."""

    def __init__(self, pixels: Any) -> None:
        super().__init__(count=1)
        self._pixels = pixels

    def read(self, index: int, fit: tuple[int, int] | None = None) -> Frame:
        return Frame(pixels=self._pixels, full_size=(100, 80))


def pictures(*pixels: Any) -> list[Finding]:
    made = []
    for number in range(len(pixels)):
        unit = replace(IMAGE, id=UnitId(number + 1), media=MediaRef(root="data", paths=(f"{number}.png",)))
        made.append((Task(id=TaskId(number + 1), title=f"{number}", units=(unit,)), document()))
    return whole("M06", *made, source=lambda unit: Still(pixels[unit - 1]))


def interpolated(count: int) -> Any:
    """A box that moves from one key label to the next, with so many interpolated ones between."""
    made = [label(0, Box(10, 10, 20, 20)), label(count + 1, Box(60, 10, 20, 20))]
    between = [Box(10 + 50 * f / (count + 1), 10, 20, 20) for f in range(1, count + 1)]
    made += [
        replace(label(f + 1, shape, LabelFlag.NONE), origin=Origin.INTERPOLATED) for f, shape in enumerate(between)
    ]
    return track(made)


def crowded(count: int) -> Any:
    """Forty frames with one or two boxes each, and one with so many."""
    made: list[Any] = []
    tracks = {}
    for frame in range(40):
        for _ in range(count if frame == 7 else 1 + frame % 2):
            key = InstanceId(len(made) + 1)
            made.append(instance("box", key))
            tracks[key, UNIT] = make_track([label(frame, INSIDE)])
    return document(*made, tracks=tracks)


def predicted(class_id: str, box: Box, confidence: float = 0.9) -> Any:
    """Labels of the same frame as the other side has them."""
    return track([replace(label(0, box), confidence=confidence)], class_id)


def gate(rule: str, figure: str) -> Case:
    return Case(lambda: low(rule, {figure: 0.3}), lambda: low(rule, {figure: 0.95}))


def low(rule: str, figures: dict[str, float]) -> list[Finding]:
    """Findings of a rule about the figures of a comparison."""
    return list(figure_findings(figures, Plan(select=(rule,)), rule[0]))


def conflict(a: Sequence[Thing], bad: Sequence[Thing], good: Sequence[Thing] | None = None) -> Case:
    """A side and two others: one that differs from it, and one that doesn't: the side itself when not given."""
    return Case(lambda: disagreements(a, bad), lambda: disagreements(a, a if good is None else good))


def disagreements(a: Sequence[Thing], b: Sequence[Thing]) -> list[Finding]:
    """Findings about the second of two sides."""
    return [found.finding() for found in Comparison(MatchRules()).add([(excerpt(*a), excerpt(*b))])]
