"""Bytes of labels, values and patches."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support import strategies as some
from tui_editor.errors import StoreCorrupt, StoreError, StoreTooNew
from tui_editor.model.codec import decode_patch, decode_value, encode_patch, encode_value
from tui_editor.model.empty import EMPTY
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, OptionId, ProjectId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.issues import Issue, ReviewDecision
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
from tui_editor.model.patch import InstanceChange, Patch, TrackChange
from tui_editor.model.project import Project, Task
from tui_editor.model.shapes import Box, ShapeKind
from tui_editor.model.track_codec import decode_track, encode_track
from tui_editor.model.tracks import Label, Track, empty_track, make_track, track_from_columns
from tui_editor.model.workflow import TaskStatus

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument


@pytest.mark.parametrize("kind", list(ShapeKind))
@settings(max_examples=30)
@given(data=st.data())
def test_a_track_of_any_kind_comes_back_from_its_bytes(kind: ShapeKind, data: st.DataObject) -> None:
    track = data.draw(some.tracks(kind))

    back = decode_track(encode_track(track))

    assert back.kind == kind
    assert len(back) == len(track)
    assert back.same(track)


@given(some.tracks(least=1), st.data())
def test_a_slice_of_a_track_comes_back_from_its_bytes(track: Track, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(track) - 1))
    part = track.part(start, data.draw(st.integers(start + 1, len(track))))

    assert decode_track(encode_track(part)).same(part)


@given(some.tracks(least=1), st.data())
def test_equal_labels_have_equal_bytes_however_they_came_to_be(track: Track, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(track) - 1))
    part = track.part(start, data.draw(st.integers(start + 1, len(track))))

    assert encode_track(part) == encode_track(make_track(list(part.labels())))


def test_a_track_with_one_value_for_all_labels_stores_it_once() -> None:
    boxes = make_track([Label(frame=f, shape=Box(f, f, 1, 1)) for f in range(256)])

    assert len(encode_track(boxes)) == 48 + 256 * 4 * 8


def test_tracks_with_the_same_constants_share_the_arrays() -> None:
    a, b = (decode_track(encode_track(make_track([Label(frame=1, shape=Box(x, 0, 1, 1))]))) for x in (1, 2))

    assert a.confidence is b.confidence


def test_a_confidence_that_is_not_a_number_is_kept() -> None:
    track = make_track([Label(frame=f, shape=Box(0, 0, 1, 1), confidence=float("nan")) for f in range(3)])

    assert np.isnan(decode_track(encode_track(track)).confidence).all()


def test_decoded_columns_are_aligned_and_read_only() -> None:
    track = make_track([Label(frame=f * f, shape=Box(f, 0, 1, 1), confidence=f / 7, edited_ms=f) for f in range(5)])

    back = decode_track(encode_track(track))

    for array in (back.frames, back.geometry.fixed, back.confidence, back.edited_ms, back.author):
        assert array.flags.aligned
        assert not array.flags.writeable


@pytest.mark.parametrize("size", [0, 10, 47, 48, 60])
def test_cut_bytes_of_a_track_are_refused(size: int) -> None:
    whole = encode_track(make_track([Label(frame=f * 2, shape=Box(f, 0, 1, 1)) for f in range(5)]))

    with pytest.raises(StoreCorrupt):
        decode_track(whole[:size])


@given(st.binary(max_size=200))
def test_arbitrary_bytes_never_make_another_error_than_ours(data: bytes) -> None:
    for decode in (decode_track, decode_patch):
        with suppress(StoreCorrupt, StoreTooNew):
            decode(data)


def test_a_track_of_a_later_format_is_named_so() -> None:
    later = b"\xff" + encode_track(empty_track(ShapeKind.BOX))[1:]

    with pytest.raises(StoreTooNew):
        decode_track(later)


# --- values --------------------------------------------------------------------------------------


@given(some.instances())
def test_an_instance_comes_back_from_its_bytes(instance: Instance) -> None:
    assert instance == decode_value(encode_value(instance), Instance)


@given(some.issues())
def test_an_issue_comes_back_from_its_bytes(issue: Issue) -> None:
    assert issue == decode_value(encode_value(issue), Issue)


@given(some.decisions, some.statuses)
def test_decisions_and_statuses_come_back_from_their_bytes(decision: ReviewDecision, status: TaskStatus) -> None:
    assert (decision, status) == (
        decode_value(encode_value(decision), ReviewDecision),
        decode_value(encode_value(status), TaskStatus),
    )


def test_a_field_that_is_empty_comes_back_as_the_shared_default() -> None:
    bare = Instance(id=InstanceId(1), class_id=ClassId("car"), ordinal=0)

    assert decode_value(encode_value(bare), Instance).answers is EMPTY


def test_unknown_fields_are_ignored_and_missing_ones_have_their_default() -> None:
    data = msgspec.msgpack.encode({"id": 1, "class_id": "car", "ordinal": 2, "from_the_future": [1]})

    assert Instance(id=InstanceId(1), class_id=ClassId("car"), ordinal=2) == decode_value(data, Instance)


def test_a_project_comes_back_with_its_ontology() -> None:
    nested = Attribute(id=AttributeId("n"), name="n", kind=AttributeKind.NUMERIC, extra={"minimum": 0.5})
    chosen = Option(id=OptionId("o"), label="O", value="o", attributes=(nested,))
    color = Attribute(id=AttributeId("c"), name="color", kind=AttributeKind.RADIO, options=(chosen,), dynamic=True)
    template = SkeletonTemplate(
        name="t",
        width=1.0,
        height=2.0,
        points=(SkeletonPoint(id="a", name="a", color="#fff", x=0.5, y=0.25),),
        edges=((0, 0),),
    )
    skeleton = ObjectClass(
        id=ClassId("s"), name="S", color="#000", shape=ShapeKind.SKELETON, attributes=(color,), skeleton=template
    )
    day = Classification(id=ClassId("d"), name="day", is_global=True)
    ontology = Ontology(classes=(skeleton,), classifications=(day,), extra={"k": [1]})
    project = Project(id=ProjectId(1), name="p", ontology=ontology, roots={"data": "."}, settings={"a": {"b": 1}})

    back = decode_value(encode_value(project), Project)

    assert (skeleton,) == back.ontology.classes
    assert (day,) == back.ontology.classifications
    assert nested == back.ontology.attribute(AttributeId("n"))
    assert back.ontology.extra == {"k": [1]}
    assert replace(project, ontology=back.ontology) == back


def test_a_task_comes_back_with_its_units() -> None:
    unit = Unit(
        id=UnitId(1),
        kind=UnitKind.IMAGE_GROUP,
        title="g",
        media=MediaRef(root="data", paths=("a.png", "b.png")),
        frame_count=2,
        width=3,
        height=4,
        frame_sizes=((3, 4), (5, 6)),
        fps=None,
        metadata={"camera": "left"},
    )
    task = Task(id=TaskId(2**63 - 1), title="t", units=(unit,), priority=0.25, extra={"license": 3})

    assert task == decode_value(encode_value(task), Task)


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(StoreError, match="surrogate"):
        encode_value(Instance(id=InstanceId(1), class_id=ClassId("car"), ordinal=0, source_id="\ud800"))


# --- patches -------------------------------------------------------------------------------------


@settings(max_examples=50)
@given(some.documents(), st.data())
def test_a_patch_does_the_same_after_its_way_through_bytes(document: LabelDocument, data: st.DataObject) -> None:
    patch = data.draw(some.patches(document))

    back = decode_patch(encode_patch(patch))

    after = document.apply(patch)
    assert document.apply(back).same(after)
    assert after.apply(back.inverse()).same(document)


def test_a_patch_of_a_later_format_is_named_so() -> None:
    with pytest.raises(StoreTooNew):
        decode_patch(msgspec.msgpack.encode([99, []]))


def test_a_change_may_grow_fields_that_we_do_not_know() -> None:
    made = Instance(id=InstanceId(1), class_id=ClassId("car"), ordinal=0)
    raw = msgspec.msgpack.decode(encode_patch(Patch((InstanceChange(made.id, None, made),))))
    raw[1][0].append("more")

    assert (InstanceChange(made.id, None, made),) == decode_patch(msgspec.msgpack.encode(raw)).changes


def test_one_box_takes_less_than_300_bytes_in_the_journal() -> None:
    before, after = (make_track([Label(frame=1, shape=Box(x, 0, 1, 1), author="ann")]) for x in (1, 2))

    assert len(encode_patch(Patch((TrackChange(InstanceId(1), UnitId(2), before, after),)))) < 300


def test_columns_given_as_one_value_come_back() -> None:
    frames = np.arange(5, 300, dtype=np.int32)
    geometry = make_track([Label(frame=int(f), shape=Box(0, 0, 1, 1)) for f in frames]).geometry
    track = track_from_columns(frames, geometry, confidence=0.5, author="ann", created_ms=7)

    assert decode_track(encode_track(track)).same(track)


def test_an_instance_is_written_as_any_other_value(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Instance(id=InstanceId(1), class_id=ClassId("car"), ordinal=0)
    for value in (
        plain,
        replace(
            plain,
            answers={AttributeId("a"): (OptionId("x"), OptionId("y"))},
            source_id="7",
            extra={"b": [1], "a": None},
        ),
        replace(plain, created_by="ann", created_ms=5),
    ):
        written = encode_value(value)
        with monkeypatch.context() as patched:
            patched.setattr("tui_editor.model.codec.Instance", None)
            assert encode_value(value) == written
        assert decode_value(written, Instance) == value
