"""Random documents over an ontology with every shape and attribute type."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st
from msgspec.structs import replace

from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, IssueId, OptionId, ProjectId, TaskId, UnitId
from tui_editor.model.instances import DynamicAnswer, Instance
from tui_editor.model.issues import Comment, DecisionState, Issue, IssueKind, Resolution, ReviewDecision
from tui_editor.model.masks import bitmask_from_array
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
from tui_editor.model.project import Project, Task
from tui_editor.model.shapes import (
    Box,
    Keypoint,
    Polygon,
    Polyline,
    Presence,
    RotatedBox,
    Shape,
    ShapeKind,
    Skeleton,
    Verbatim,
)
from tui_editor.model.tracks import Label, LabelFlag, Origin, Track, make_track
from tui_editor.model.workflow import TaskState, TaskStatus
from tui_editor.ports import ImportedTask


def _attribute(name: str, kind: AttributeKind, *options: Option, dynamic: bool = False) -> Attribute:
    return Attribute(id=AttributeId(f"a{name}"), name=name, kind=kind, dynamic=dynamic, options=options)


def _option(name: str, *attributes: Attribute) -> Option:
    return Option(id=OptionId(f"o{name}"), label=name, value=name.lower(), attributes=attributes)


def _nested(depth: int) -> Attribute:
    inner = (_nested(depth - 1),) if depth else ()
    name = f"Level {depth}"
    return _attribute(name, AttributeKind.RADIO, _option(f"{name} yes", *inner), _option(f"{name} no"))


CAR = ObjectClass(
    id=ClassId("car"),
    name="Red Car",
    color="#D33115",
    shape=ShapeKind.BOX,
    hotkey="c",
    attributes=(
        _nested(6),
        _attribute("Parts", AttributeKind.CHECKLIST, _option("Roof"), _option("Bar"), _option("Lamp")),
        _attribute("Plate", AttributeKind.TEXT),
        _attribute("Seats", AttributeKind.NUMERIC),
        _attribute("State", AttributeKind.RADIO, _option("Moves"), _option("Stands"), dynamic=True),
        _attribute("Lights", AttributeKind.CHECKLIST, _option("Left"), _option("Right"), dynamic=True),
        _attribute("Note", AttributeKind.TEXT, dynamic=True),
        _attribute("Speed", AttributeKind.NUMERIC, dynamic=True),
    ),
)
TRIANGLE = SkeletonTemplate(
    name="Triangle",
    width=0.25,
    height=0.5,
    points=tuple(SkeletonPoint(id=f"p{i}", name=f"corner {i}", color="#00FF00", x=0.1 * i, y=0.2) for i in range(3)),
    edges=((0, 1), (1, 2), (2, 0)),
)


def _class(name: str, shape: ShapeKind, **more: Any) -> ObjectClass:
    return ObjectClass(id=ClassId(name), name=name.title(), color="#16406C", shape=shape, **more)


ONTOLOGY = Ontology(
    classes=(
        CAR,
        _class("ship", ShapeKind.ROTATED_BOX, required=True),
        _class("lake", ShapeKind.POLYGON),
        _class("road", ShapeKind.POLYLINE, archived=True),
        _class("nose", ShapeKind.KEYPOINT),
        _class("cell", ShapeKind.BITMASK),
        _class("triangle", ShapeKind.SKELETON, skeleton=TRIANGLE),
        _class("ball", ShapeKind.VERBATIM, foreign_shape="circle"),
    ),
    classifications=(
        Classification(
            id=ClassId("scene"),
            name="Scene",
            attributes=(
                _attribute(
                    "Scene",
                    AttributeKind.RADIO,
                    _option("Outdoor", _attribute("Weather", AttributeKind.CHECKLIST, _option("Sun"), _option("Rain"))),
                    _option("Indoor"),
                ),
            ),
        ),
        Classification(
            id=ClassId("quality"),
            name="Quality",
            is_global=True,
            attributes=(_attribute("Quality", AttributeKind.TEXT),),
        ),
    ),
)
PROJECT = Project(id=ProjectId(7), name="random", ontology=ONTOLOGY)

STEP = 1 / 64
"""Coordinates are multiples of this many pixels and sizes powers of two: they survive division exactly."""


def _unit(kind: UnitKind, names: tuple[str, ...], **more: Any) -> Unit:
    media = MediaRef(root="data", paths=names)
    sizes = {"frame_count": len(names), "width": 64, "height": 32} | more
    return Unit(id=UnitId(11), kind=kind, title=names[0], media=media, **sizes)


UNITS = (
    _unit(UnitKind.IMAGE, ("street.png",)),
    _unit(UnitKind.IMAGE_GROUP, ("a/1.png", "a/2.png", "b.png"), frame_sizes=((64, 32), (128, 64), (32, 64))),
    _unit(UnitKind.VIDEO, ("drive.mp4",), frame_count=30, fps=10.0),
)

_names = st.sampled_from(["", "ann@example.com", "rev@example.com"])
_seconds = st.integers(0, 2_000_000_000).map(lambda s: s * 1000)
_texts = st.text(st.characters(codec="utf-8"), max_size=20)
_numbers = st.one_of(st.integers(-(10**9), 10**9), st.integers(-4000, 4000).map(lambda v: v / 8))


def _steps(low: int, high: int) -> st.SearchStrategy[float]:
    return st.integers(int(low / STEP), int(high / STEP)).map(lambda v: v * STEP)


_coordinate = _steps(-20, 80)
_length = _steps(0, 60)


def _ring(least: int) -> st.SearchStrategy[Any]:
    points = st.lists(st.tuples(_coordinate, _coordinate), min_size=least, max_size=6)
    return points.map(lambda p: np.array(p, np.float64).reshape(-1, 2))


def _polygon(parts: Any) -> Polygon:
    return Polygon(tuple(tuple(part) for part in parts))


_SHAPES: dict[ShapeKind, st.SearchStrategy[Shape]] = {
    ShapeKind.BOX: st.builds(Box, _coordinate, _coordinate, _length, _length),
    ShapeKind.ROTATED_BOX: st.builds(RotatedBox, _coordinate, _coordinate, _length, _length, _steps(-360, 360)),
    ShapeKind.POLYGON: st.lists(st.lists(_ring(3), min_size=1, max_size=3), min_size=1, max_size=3).map(_polygon),
    ShapeKind.POLYLINE: _ring(2).map(Polyline),
    ShapeKind.KEYPOINT: st.builds(Keypoint, _coordinate, _coordinate),
    ShapeKind.BITMASK: st.integers(0, 2**32 - 1).map(
        lambda seed: bitmask_from_array(np.random.default_rng(seed).random((7, 9)) < 0.4, left=3, top=5)
    ),
    ShapeKind.SKELETON: st.tuples(
        st.lists(st.tuples(_coordinate, _coordinate), min_size=3, max_size=3),
        st.lists(st.integers(0, 3), min_size=3, max_size=3),
    ).map(lambda v: Skeleton(np.array(v[0], np.float64), np.array(v[1], np.uint8))),
    ShapeKind.VERBATIM: st.just(Verbatim(b'{"circle":{"x":0.5,"y":0.25,"r":0.1,"stretch":1.0,"theta":0.0}}')),
    ShapeKind.PRESENCE: st.just(Presence()),
}


@st.composite
def _labels(draw: st.DrawFn, kind: ShapeKind, unit: Unit, *, plain: bool) -> Track:
    frames = draw(st.lists(st.integers(0, unit.frame_count - 1), min_size=1, max_size=5, unique=True))
    return make_track([draw(_label(kind, frame, plain=plain)) for frame in frames])


@st.composite
def _label(draw: st.DrawFn, kind: ShapeKind, frame: int, *, plain: bool) -> Label:
    created, edited = draw(_seconds), draw(_seconds)
    editor = "rev@example.com" if plain else draw(_names)
    edited = max(edited, 1000) if editor else edited  # who edited has a time
    known = editor or edited != created
    return Label(
        frame=frame,
        shape=draw(_SHAPES[kind]),
        confidence=1.0 if plain else round(float(np.float32(draw(st.floats(0, 1)))), 7),
        origin=Origin.MANUAL if plain else draw(st.sampled_from(Origin)),
        flags=LabelFlag.KEY if plain else LabelFlag(draw(st.integers(0, 7))),
        author="ann@example.com" if plain else draw(_names),
        editor=editor,
        created_ms=created,
        edited_ms=edited if known else 0,
    )


def _value(attribute: Attribute) -> st.SearchStrategy[Any]:
    if attribute.kind is AttributeKind.TEXT:
        return _texts
    if attribute.kind is AttributeKind.NUMERIC:
        return _numbers
    ids = [o.id for o in attribute.options]
    if attribute.kind is AttributeKind.RADIO:
        return st.sampled_from(ids).map(lambda o: (o,))
    return st.sets(st.sampled_from(ids), min_size=1).map(lambda s: tuple(o for o in ids if o in s))


@st.composite
def _answers(draw: st.DrawFn, attributes: tuple[Attribute, ...]) -> dict[AttributeId, Any]:
    """Answers that the SDK takes as well: a nested attribute only below the option that was chosen."""
    found: dict[AttributeId, Any] = {}
    for attribute in attributes:
        if attribute.dynamic or not draw(st.booleans()):
            continue
        value = found[attribute.id] = draw(_value(attribute))
        if attribute.kind is AttributeKind.RADIO:
            option = attribute.option(value[0])
            found |= draw(_answers(option.attributes if option else ()))
    return found


@st.composite
def _dynamic(draw: st.DrawFn, attributes: tuple[Attribute, ...], unit: Unit, track: Track) -> Any:
    found = []
    for attribute in (a for a in attributes if a.dynamic):
        for first, last in track.ranges():
            if draw(st.booleans()):
                value = draw(_value(attribute))
                found.append(DynamicAnswer(attribute=attribute.id, value=value, unit=unit.id, first=first, last=last))
    return tuple(found)


@st.composite
def _instance(draw: st.DrawFn, number: int, ordinal: int, kind: Any, *, unit: Unit, plain: bool) -> Any:
    key = InstanceId(1000 + number)
    track = None
    if not getattr(kind, "is_global", False):
        track = draw(_labels(kind.shape, unit, plain=plain))
    instance = Instance(
        id=key,
        class_id=kind.id,
        ordinal=ordinal,
        answers=draw(_answers(kind.attributes)),
        dynamic=draw(_dynamic(kind.attributes, unit, track)) if track is not None else (),
        source_id=f"hash{number:04}",
        created_by="ann@example.com" if plain else draw(_names),
        created_ms=draw(_seconds),
    )
    return instance, track


def _issue(draw: st.DrawFn, number: int, unit: Unit, instances: list[Instance]) -> Issue:
    kind = draw(st.sampled_from([k for k in IssueKind if k is not IssueKind.REQUIREMENT]))
    frame = draw(st.integers(0, unit.frame_count - 1))
    framed = kind in {IssueKind.PIN, IssueKind.FRAME, IssueKind.FRAME_RANGE, IssueKind.LABEL}
    when = number * 10**12 + draw(st.integers(0, 10**12 - 1))
    return Issue(
        id=IssueId(5000 + number),
        kind=kind,
        author="rev@example.com",
        created_ms=when,
        unit=unit.id,
        frames=(frame, frame if kind in {IssueKind.PIN, IssueKind.FRAME} else unit.frame_count - 1) if framed else None,
        point=(draw(_coordinate), draw(_coordinate)) if kind is IssueKind.PIN else None,
        instance=instances[0].id if instances and kind is IssueKind.LABEL else None,
        tags=("tag",) if draw(st.booleans()) else (),
        comments=(Comment(author="rev@example.com", at_ms=when, text=draw(_texts)),),
        history=(Resolution(resolved=True, by="ann@example.com", at_ms=when + 1),) if draw(st.booleans()) else (),
        rejection=draw(st.booleans()),
        skip=draw(st.booleans()),
    )


@st.composite
def documents(draw: st.DrawFn, *, plain: bool = False) -> ImportedTask:
    """A task with labels of random classes; `plain`: only what a label row alone can tell and the SDK reads."""
    unit = draw(st.sampled_from(UNITS))
    kinds = draw(st.lists(st.sampled_from(ONTOLOGY.all()), max_size=6))
    if plain:
        kinds = list({k.id: k for k in kinds}.values())  # the SDK allows a classification once on a frame
    counts: dict[ClassId, int] = {}
    made = []
    for number, kind in enumerate(kinds):
        ordinal = counts[kind.id] = counts.get(kind.id, -1) + 1
        made.append(draw(_instance(number, ordinal, kind, unit=unit, plain=plain)))
    instances = [i for i, _ in made]
    tracks = {(i.id, unit.id): t for i, t in made if t is not None}
    issues = [] if plain else [_issue(draw, n, unit, instances) for n in range(draw(st.integers(0, 2)))]
    document = make_document(
        instances=instances,
        tracks=tracks,
        issues=issues,
        decisions=None if plain else draw(_decisions(instances, issues)),
        status=TaskStatus() if plain else TaskStatus(stage="review", state=TaskState.REOPENED, assignee="x"),
    )
    task = Task(
        id=TaskId(99), title=unit.title, units=(unit,), priority=0.5 if plain else draw(st.sampled_from([0.5, 1]))
    )
    return ImportedTask(task=task, document=document)


@st.composite
def _decisions(draw: st.DrawFn, instances: list[Instance], issues: list[Issue]) -> dict[InstanceId, ReviewDecision]:
    found = {}
    for instance in instances:
        if draw(st.booleans()):
            issue = issues[0].id if issues else None
            state = draw(st.sampled_from(DecisionState))
            found[instance.id] = ReviewDecision(state=state, by="rev@example.com", at_ms=5, issue=issue, content="c0")
    return found


def with_ids_of(read: ImportedTask, original: ImportedTask) -> LabelDocument:
    """Return the document that was read with the ids of the original: instances by hash, units and issues by place."""
    units = {b.id: a.id for a, b in zip(original.task.units, read.task.units, strict=True)}
    hashes = {i.source_id: i.id for i in original.document.instances.values()}
    ids = {i.id: hashes[i.source_id] for i in read.document.instances.values()}
    issues = {new.id: old.id for new, old in zip(_sorted(read), _sorted(original), strict=True)}
    document = read.document
    return make_document(
        instances=[in_order(_moved(i, ids, units)) for i in document.instances.values()],
        tracks={(ids[i], units[u]): t for (i, u), t in document.tracks.items()},
        issues=[
            replace(
                i,
                id=issues[i.id],
                unit=units[i.unit] if i.unit is not None else None,
                instance=ids[i.instance] if i.instance is not None else None,
            )
            for i in document.issues.values()
        ],
        decisions={
            ids[k]: replace(d, issue=issues[d.issue] if d.issue is not None else None)
            for k, d in document.decisions.items()
        },
        status=document.status,
    )


def _sorted(item: ImportedTask) -> list[Issue]:
    return sorted(item.document.issues.values(), key=lambda i: i.created_ms)


def _moved(instance: Instance, ids: dict[InstanceId, InstanceId], units: dict[UnitId, UnitId]) -> Instance:
    dynamic = tuple(replace(d, unit=units[d.unit]) for d in instance.dynamic)
    return replace(instance, id=ids[instance.id], dynamic=dynamic)


def in_order(instance: Instance) -> Instance:
    """Return the instance with its dynamic answers in one order: that of a row means nothing."""
    ordered = sorted(instance.dynamic, key=lambda d: (d.attribute, d.unit, d.first))
    return replace(instance, dynamic=tuple(ordered))


def ordered(document: LabelDocument) -> LabelDocument:
    """Return the document with each instance's dynamic answers in one order."""
    return make_document(
        instances=[in_order(i) for i in document.instances.values()],
        tracks=dict(document.tracks.items()),
        issues=document.issues.values(),
        decisions=dict(document.decisions.items()),
        status=document.status,
    )
