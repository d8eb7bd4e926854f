"""Hypothesis strategies for the values of the model.

Persistent maps are gone through in sorted order: their own order differs from run to run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from hypothesis import strategies as st

from tui_editor.model.document import LabelDocument, TrackKey, make_document
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, IssueId, OptionId, UnitId
from tui_editor.model.instances import DynamicAnswer, Instance
from tui_editor.model.issues import Comment, DecisionState, Issue, IssueKind, Resolution, ReviewDecision
from tui_editor.model.patch import (
    Change,
    DecisionChange,
    InstanceChange,
    IssueChange,
    Patch,
    StatusChange,
    TrackChange,
)
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
    Verbatim,
)
from tui_editor.model.tracks import Label, LabelFlag, Origin, Track, empty_track, make_track
from tui_editor.model.workflow import TaskState, TaskStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn, SearchStrategy
    from numpy.typing import NDArray

_Made = TypeVar("_Made")


def made(
    what: Callable[..., _Made], /, *places: SearchStrategy[Any], **fields: SearchStrategy[Any]
) -> SearchStrategy[_Made]:
    """Return a strategy for values of which every field that varies is given.

    `st.builds` would look for the others, for which it needs types that are imported for type checking only.
    """

    def make(*args: Any, **values: Any) -> _Made:
        return what(*args, **values)

    return st.builds(make, *places, **fields)


SKELETON_POINTS = 3
"""Every skeleton that `shapes` makes has as many points, as those of one class do."""

ids = st.integers(1, 2**63 - 1)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
people = st.sampled_from(["", "ann", "bo", "Ω"])
coordinates = st.floats(-1e6, 1e6, allow_nan=False).map(lambda v: v + 0.0)  # without minus zero
times_ms = st.integers(0, 2**42)
# A handful of unknown fields: arbitrary JSON for every label would take most of a test's time.
extras = st.sampled_from([{}, {"iscrowd": 0}, {"Ω": [1, None, "x", 0.5], "": {"deep": True}}])


def points(least: int, most: int) -> SearchStrategy[NDArray[np.float64]]:
    """Return a strategy for float64 (n, 2), least ≤ n ≤ most."""
    pair = st.tuples(coordinates, coordinates)
    return st.lists(pair, min_size=least, max_size=most).map(lambda p: np.array(p, np.float64).reshape(-1, 2))


_rings = st.lists(points(3, 5), min_size=1, max_size=2).map(tuple)
_masks = st.tuples(st.integers(-5, 50), st.integers(-5, 50), st.lists(st.integers(0, 9), max_size=6)).map(
    lambda m: Bitmask(m[0], m[1], sum(m[2]), 1, np.array(m[2], np.uint32))
)
_skeletons = st.tuples(
    points(SKELETON_POINTS, SKELETON_POINTS),
    st.lists(st.integers(0, 3), min_size=SKELETON_POINTS, max_size=SKELETON_POINTS),
).map(lambda s: Skeleton(s[0], np.array(s[1], np.uint8)))

SHAPES: dict[ShapeKind, SearchStrategy[Any]] = {
    ShapeKind.BOX: made(Box, *[coordinates] * 4),
    ShapeKind.ROTATED_BOX: made(RotatedBox, *[coordinates] * 5),
    ShapeKind.POLYGON: st.lists(_rings, max_size=2).map(lambda parts: Polygon(tuple(parts))),
    ShapeKind.POLYLINE: points(2, 5).map(Polyline),
    ShapeKind.KEYPOINT: made(Keypoint, coordinates, coordinates),
    ShapeKind.BITMASK: _masks,
    ShapeKind.SKELETON: _skeletons,
    ShapeKind.PRESENCE: st.just(Presence()),
    ShapeKind.VERBATIM: st.binary(max_size=12).map(Verbatim),
}
kinds = st.sampled_from(list(ShapeKind))


def shapes(kind: ShapeKind | None = None) -> SearchStrategy[Shape]:
    """Return a strategy for shapes, of one kind when given."""
    return SHAPES[kind] if kind else kinds.flatmap(lambda k: SHAPES[k])


def labels(kind: ShapeKind | None = None, frame: SearchStrategy[int] | None = None) -> SearchStrategy[Label]:
    """Return a strategy for labels."""
    return made(
        Label,
        frame=st.integers(0, 2000) if frame is None else frame,
        shape=shapes(kind),
        confidence=st.integers(0, 100).map(lambda v: v / 100),
        origin=st.sampled_from(Origin),
        flags=st.integers(0, 7).map(LabelFlag),
        author=people,
        editor=people,
        created_ms=times_ms,
        edited_ms=times_ms,
        extra=extras,
    )


@st.composite
def tracks(draw: DrawFn, kind: ShapeKind | None = None, *, last: int = 2000, least: int = 0, most: int = 6) -> Track:
    """Draw a track of one kind on frames 0..last."""
    kind = kind or draw(kinds)
    frames = draw(st.lists(st.integers(0, last), min_size=least, max_size=most, unique=True))
    if not frames:
        return empty_track(kind)
    return make_track([draw(labels(kind, st.just(frame))) for frame in frames])


answer_values = (
    st.lists(texts.map(OptionId), max_size=2).map(tuple) | texts | coordinates | st.integers(-(2**53), 2**53)
)
class_ids = st.sampled_from([ClassId("car"), ClassId("person"), ClassId("τρένο")])
units = st.sampled_from([UnitId(7), UnitId(2**63 - 1)])

dynamic_answers = made(
    DynamicAnswer,
    attribute=texts.map(AttributeId),
    value=answer_values,
    unit=units,
    first=st.integers(0, 50),
    last=st.integers(50, 99),
    extra=extras,
)


def instances(key: SearchStrategy[int] = ids) -> SearchStrategy[Instance]:
    """Return a strategy for instances."""
    return made(
        Instance,
        id=key.map(InstanceId),
        class_id=class_ids,
        ordinal=st.integers(0, 9),
        answers=st.dictionaries(texts.map(AttributeId), answer_values, max_size=2),
        dynamic=st.lists(dynamic_answers, max_size=2).map(tuple),
        created_by=people,
        created_ms=times_ms,
        source_id=texts,
        extra=extras,
    )


def issues(key: SearchStrategy[int] = ids) -> SearchStrategy[Issue]:
    """Return a strategy for issues."""
    comment = made(Comment, author=people, at_ms=times_ms, text=texts)
    resolution = made(Resolution, resolved=st.booleans(), by=people, at_ms=times_ms)
    return made(
        Issue,
        id=key.map(IssueId),
        kind=st.sampled_from([k for k in IssueKind if k is not IssueKind.REQUIREMENT]),
        author=people,
        created_ms=times_ms,
        unit=st.none() | units,
        frames=st.none() | st.tuples(st.integers(0, 9), st.integers(9, 20)),
        point=st.none() | st.tuples(coordinates, coordinates),
        instance=st.none() | ids.map(InstanceId),
        tags=st.lists(texts, max_size=2).map(tuple),
        comments=st.lists(comment, max_size=2).map(tuple),
        history=st.lists(resolution, max_size=2).map(tuple),
        rejection=st.booleans(),
        skip=st.booleans(),
    )


decisions = made(
    ReviewDecision,
    state=st.sampled_from(DecisionState),
    by=people,
    at_ms=times_ms,
    issue=st.none() | ids.map(IssueId),
    content=texts,
)
statuses = made(
    TaskStatus,
    stage=st.sampled_from(["annotate", "review", "complete"]),
    state=st.sampled_from(TaskState),
    assignee=people,
    author=people,
    reviewer=people,
)


@st.composite
def documents(draw: DrawFn, *, last: int = 600) -> LabelDocument:
    """Draw a document with a few instances of different kinds, over up to two data units."""
    found = draw(st.lists(instances(), max_size=3, unique_by=lambda i: i.id))
    kept: dict[TrackKey, Track] = {}
    for instance in found:
        kind = draw(kinds)
        for unit in sorted(draw(st.sets(units, max_size=2))):
            kept[instance.id, unit] = draw(tracks(kind, last=last))
    judged = draw(st.sets(st.sampled_from([i.id for i in found]), max_size=2)) if found else set()
    return make_document(
        instances=found,
        tracks=kept,
        issues=draw(st.lists(issues(), max_size=2, unique_by=lambda i: i.id)),
        decisions={key: draw(decisions) for key in sorted(judged)},
        status=draw(statuses),
    )


@st.composite
def patches(draw: DrawFn, document: LabelDocument, *, last: int = 600, most: int = 3) -> Patch:
    """Draw a patch that fits `document`."""
    found: list[Change] = []
    for _ in range(draw(st.integers(1, most))):
        change = draw(_change(document, last))
        document = document.apply(Patch((change,)))
        found.append(change)
    return Patch(tuple(found))


def _change(document: LabelDocument, last: int) -> SearchStrategy[Change]:
    makers: list[SearchStrategy[Change]] = [
        _instance_change(document),
        _issue_change(document),
        statuses.map(lambda after: StatusChange(document.status, after)),
    ]
    if len(document.instances):
        # Labels are what is edited most.
        makers += [_track_change(document, last)] * 3 + [_decision_change(document)]
    return st.one_of(makers)


@st.composite
def _instance_change(draw: DrawFn, document: LabelDocument) -> Change:
    bare = [key for key in document.instances if not document.units_of.get(key)]
    key = InstanceId(draw(st.sampled_from(sorted(document.instances)) | ids if len(document.instances) else ids))
    before = document.instances.get(key)
    gone = before is not None and key in bare and draw(st.booleans())
    return InstanceChange(key, before, None if gone else draw(instances(st.just(key))))


@st.composite
def _issue_change(draw: DrawFn, document: LabelDocument) -> Change:
    key = IssueId(draw(st.sampled_from(sorted(document.issues)) | ids if len(document.issues) else ids))
    before = document.issues.get(key)
    gone = before is not None and draw(st.booleans())
    return IssueChange(key, before, None if gone else draw(issues(st.just(key))))


@st.composite
def _decision_change(draw: DrawFn, document: LabelDocument) -> Change:
    key = draw(st.sampled_from(sorted(document.instances)))
    before = document.decisions.get(key)
    return DecisionChange(key, before, draw(st.none() | decisions) if before else draw(decisions))


@st.composite
def _track_change(draw: DrawFn, document: LabelDocument, last: int) -> Change:
    instance, unit = draw(st.sampled_from(sorted(document.instances))), draw(units)
    track = document.track(instance, unit)
    if track is None:
        before = empty_track(draw(kinds))
        return TrackChange(instance, unit, before, draw(tracks(before.kind, last=last, least=1)))
    rows = draw(st.sets(st.integers(0, len(track) - 1)))
    before = track.take(np.array(sorted(rows), np.intp))
    kept = set(track.frames.tolist()) - set(before.frames.tolist())
    after = draw(tracks(track.kind, last=last))
    free = [row for row, frame in enumerate(after.frames.tolist()) if frame not in kept]
    return TrackChange(instance, unit, before, after.take(np.array(free, np.intp)))
