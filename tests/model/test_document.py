"""The document: patches there and back, its indexes, and what it tells."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support import strategies as some
from tests.support.doctext import UNIT, document
from tui_editor.errors import PatchMismatch
from tui_editor.model.document import TRAIL, LabelDocument, make_document
from tui_editor.model.frame_index import build_index
from tui_editor.model.ids import ClassId, InstanceId, IssueId, UnitId
from tui_editor.model.issues import DecisionState, Issue, IssueKind, ReviewDecision
from tui_editor.model.lookup import build_lookup
from tui_editor.model.patch import (
    DecisionChange,
    InstanceChange,
    IssueChange,
    Patch,
    StatusChange,
    TrackChange,
    compose,
)
from tui_editor.model.shapes import Box, ShapeKind
from tui_editor.model.tracks import Label, empty_track, make_track
from tui_editor.model.workflow import TaskStatus

TWO = """car@0 box 1,1 2,2
         car(1)@0 box 3,3 4,4
         car(1)@9 box 5,5 6,6"""
FIRST, SECOND = InstanceId(1), InstanceId(2)


def index_rows(found: LabelDocument) -> dict[tuple[int, int], list[list[int]]]:
    """Return the index as plain values: for each block its frames and the instances on them, in a fixed order."""
    return {
        (int(unit), number): sorted(map(list, zip(block.frames.tolist(), block.instances.tolist(), strict=True)))
        for (unit, number), block in found.index.blocks.items()
    }


def rebuilt(found: LabelDocument) -> LabelDocument:
    """Return the same content, made from its parts at once."""
    return make_document(
        instances=found.instances.values(),
        tracks=dict(found.tracks.items()),
        issues=found.issues.values(),
        decisions=dict(found.decisions.items()),
        status=found.status,
    )


def lookup_values(found: LabelDocument) -> tuple[object, ...]:
    lookup = found.lookup
    return (
        {key: set(ids) for key, ids in lookup.issues_of.items()},
        {key: set(ids) for key, ids in lookup.of_class.items()},
        (found.open_count, [i.id for i in found.open_issues()], found.oldest_open()),
        {unit: (table.order.tolist(), table.is_open.tolist()) for unit, table in lookup.by_place.items()},
        lookup.decided,
        lookup.rejected,
    )


@settings(max_examples=40)
@given(st.data())
def test_a_patch_and_its_inverse_leave_nothing_behind(data: st.DataObject) -> None:
    before = data.draw(some.documents())
    patch = data.draw(some.patches(before))
    after = before.apply(patch)
    assert before.same(after.apply(patch.inverse()))
    assert after.same(before.apply(patch.inverse().inverse()))


@settings(max_examples=40)
@given(st.data())
def test_every_index_after_any_edits_is_the_one_that_is_built_anew(data: st.DataObject) -> None:
    found = data.draw(some.documents())
    assert found.lookup.decided >= 0  # made now, so that the edits have to keep it up
    for _ in range(3):
        found = found.apply(data.draw(some.patches(found)))
    afresh = rebuilt(found)
    assert index_rows(afresh) == index_rows(found)
    assert lookup_values(afresh) == lookup_values(found)
    assert {k: set(v) for k, v in afresh.units_of.items()} == {k: set(v) for k, v in found.units_of.items()}


@settings(max_examples=40)
@given(st.data())
def test_composed_patches_do_what_they_do_one_by_one(data: st.DataObject) -> None:
    before = data.draw(some.documents())
    first = data.draw(some.patches(before))
    second = data.draw(some.patches(before.apply(first)))
    together = before.apply(first.then(second))
    assert before.apply(first).apply(second).same(together)
    assert before.apply(compose(first, second)).same(together)


@settings(max_examples=40)
@given(some.documents())
def test_the_frame_index_lists_the_labels_of_each_frame(found: LabelDocument) -> None:
    for (instance, unit), track in found.tracks.items():
        for frame in track.frames.tolist():
            assert instance in found.on_frame(unit, frame)
    assert build_index({}).on_frame(UnitId(7), 0) == []


@pytest.mark.parametrize("far", [300, 2**31 - 257, 2**31 - 2])
def test_the_index_follows_however_far_frames_lie_apart(far: int) -> None:
    found = document("car@0 box 1,1 2,2\ncar@5 box 1,1 2,2\nvan@5 box 1,1 2,2")
    label = make_track([Label(frame=far, shape=Box(0, 0, 1, 1))])
    for before, after in ((empty_track(ShapeKind.BOX), label), (found.tracks[InstanceId(1), UNIT].part(0, 1), label)):
        made = found.apply(Patch((TrackChange(InstanceId(1), UNIT, before, after),)))
        assert index_rows(rebuilt(made)) == index_rows(made)
        assert made.on_frame(UNIT, far) == (InstanceId(1),)


def test_the_index_counts_the_labels_of_each_frame() -> None:
    found = document("car@0 box 1,1 2,2\nvan@0 box 1,1 2,2\ncar@300 box 1,1 2,2\neye@2 point 1,1")
    assert found.index.counts(UNIT, 3).tolist() == [2, 0, 1]
    assert found.index.counts(UNIT, 301)[300] == 1
    assert found.index.counts(UnitId(99), 3).sum() == 0


def test_labels_on_a_frame_come_by_class_and_number() -> None:
    found = document("van@0 box 1,1 2,2\ncar(1)@0 box 1,1 2,2\ncar@0 box 1,1 2,2")
    names = [(found.instances[i].class_id, found.instances[i].ordinal) for i in found.on_frame(UNIT, 0)]
    assert names == [("car", 0), ("car", 1), ("van", 0)]


@pytest.mark.parametrize(
    "change",
    [
        InstanceChange(FIRST, None, None),
        IssueChange(IssueId(5), Issue(id=IssueId(5), kind=IssueKind.FILE, author="me", created_ms=1), None),
        DecisionChange(FIRST, ReviewDecision(state=DecisionState.APPROVED), None),
        StatusChange(TaskStatus(stage="review"), TaskStatus()),
        TrackChange(
            FIRST,
            UNIT,
            make_track([Label(frame=0, shape=Box(9, 9, 9, 9))]),
            empty_track(ShapeKind.BOX),
        ),
        TrackChange(
            FIRST,
            UNIT,
            make_track([Label(frame=5, shape=Box(1, 1, 2, 2))]),
            empty_track(ShapeKind.BOX),
        ),
        TrackChange(
            FIRST,
            UNIT,
            empty_track(ShapeKind.BOX),
            make_track([Label(frame=0, shape=Box(1, 1, 2, 2))]),
        ),
    ],
    ids=["instance", "issue", "decision", "status", "other label", "no such label", "frame is taken"],
)
def test_a_patch_made_for_other_content_is_refused_whole(change: object) -> None:
    found = document(TWO)
    good = StatusChange(found.status, TaskStatus(assignee="me"))
    with pytest.raises(PatchMismatch):
        found.apply(Patch((good, change)))  # type: ignore[arg-type]  # the parameters are changes
    assert found.status == TaskStatus()


def test_a_document_shares_the_tracks_that_an_edit_did_not_touch() -> None:
    found = document(TWO)
    track = found.tracks[FIRST, UNIT]
    after = found.apply(Patch((TrackChange(FIRST, UNIT, track, empty_track(ShapeKind.BOX)),)))
    assert after.tracks[SECOND, UNIT] is found.tracks[SECOND, UNIT]
    assert after.track(FIRST, UNIT) is None
    assert after.tracks_of(FIRST) == ()


def test_the_next_number_of_a_class_is_never_given_twice() -> None:
    found = document(TWO)
    value = found.instances[SECOND]
    gone = found.apply(Patch((InstanceChange(SECOND, value, None),)))
    assert gone.next_ordinal(ClassId("car")) == 2
    assert gone.next_ordinal(ClassId("van")) == 0


def test_instances_of_a_class_come_by_number() -> None:
    found = document("car(2)@0 box 1,1 2,2\nvan@0 box 1,1 2,2\ncar@0 box 1,1 2,2")
    assert [i.ordinal for i in found.of_class(ClassId("car"))] == [0, 2]
    assert list(found.of_class(ClassId("lake"))) == []


def test_issues_of_an_instance_and_open_issues_come_oldest_first() -> None:
    found = document(
        'car@0 box 1,1 2,2\nissue label car@0 "old"\nissue file "done" resolved\nissue label car@0 "new" resolved'
    )
    assert [i.title for i in found.issues_of(FIRST)] == ["old", "new"]
    assert [i.title for i in found.open_issues()] == ["old"]
    assert found.issues_of(SECOND) == ()


def test_open_issues_of_the_task_are_those_on_no_data_unit() -> None:
    found = document('car@0 box 1,1 2,2\nissue label car@0 "of it"\nissue file "done" resolved\nissue file "whole"')
    assert [i.title for i in found.open_issues_of_task()] == ["whole"]


def test_the_digest_changes_with_what_a_reviewer_sees_and_with_nothing_else() -> None:
    found = document(TWO)
    digest = found.content_of(FIRST)
    value, track = found.instances[FIRST], found.tracks[FIRST, UNIT]
    renamed = found.apply(Patch((InstanceChange(FIRST, value, replace(value, class_id=ClassId("van"))),)))
    moved = make_track([Label(frame=0, shape=Box(1, 1, 2, 3))])
    reshaped = found.apply(Patch((TrackChange(FIRST, UNIT, track, moved),)))
    retimed = found.apply(Patch((TrackChange(FIRST, UNIT, track, replace(track, edited_ms=track.edited_ms + 5)),)))
    issue = Issue(id=IssueId(3), kind=IssueKind.FILE, author="me", created_ms=1)
    raised = found.apply(Patch((IssueChange(issue.id, None, issue),)))
    assert digest not in {renamed.content_of(FIRST), reshaped.content_of(FIRST)}
    assert digest == retimed.content_of(FIRST) == raised.content_of(FIRST)


def test_a_document_tells_what_was_touched_since_an_earlier_one() -> None:
    found = document(TWO)
    status = Patch((StatusChange(found.status, TaskStatus(assignee="me")),))
    decided = Patch((DecisionChange(FIRST, None, ReviewDecision(state=DecisionState.APPROVED)),))
    issue = Issue(id=IssueId(9), kind=IssueKind.LABEL, author="me", created_ms=1, instance=SECOND)
    raised = Patch((IssueChange(issue.id, None, issue),))
    one = found.apply(status)
    three = one.apply(decided).apply(raised)
    assert frozenset() == one.touched_since(found.token)
    assert frozenset({FIRST, SECOND}) == three.touched_since(one.token)
    assert frozenset() == three.touched_since(three.token)
    assert found.touched_since(three.token) is None


def test_what_is_long_ago_is_forgotten() -> None:
    found = document(TWO)
    later = found
    for number in range(TRAIL + 1):
        later = later.apply(Patch((StatusChange(later.status, TaskStatus(assignee=str(number))),)))
    assert later.touched_since(found.token) is None
    assert len(later.trail) == TRAIL


def test_a_copy_with_another_table_does_not_keep_indexes_that_are_no_longer_true() -> None:
    found = document(TWO)
    assert found.lookup.decided == 0
    copy = dataclasses.replace(
        found, decisions=found.decisions.insert(FIRST, ReviewDecision(state=DecisionState.APPROVED))
    )
    assert copy.lookup.decided == 1
    assert copy.touched_since(found.token) is None


def test_tracks_without_labels_are_left_out() -> None:
    made = make_document(tracks={(FIRST, UNIT): empty_track(ShapeKind.BOX)})
    assert len(made.tracks) == 0
    assert made.units_of.get(FIRST) is None


def test_documents_of_equal_content_are_the_same_whatever_their_history() -> None:
    found = document(TWO)
    assert found.same(document(TWO))
    assert not found.same(document(TWO + "\nvan@0 box 1,1 2,2"))
    assert not found.same(document(TWO.replace("5,5", "5,6")))
    assert not found.same(document(TWO, "review"))


def test_label_count_counts_every_frame() -> None:
    assert document(TWO).label_count == 3


def test_a_patch_that_enters_another_stage_says_so() -> None:
    crossing = Patch((StatusChange(TaskStatus(), TaskStatus(stage="review")),))
    staying = Patch((StatusChange(TaskStatus(), TaskStatus(assignee="me")),))
    assert (crossing.crosses_stage(), staying.crosses_stage()) == (True, False)
    assert not Patch()


def test_an_index_without_a_change_is_the_same_object() -> None:
    found = document(TWO)
    track = found.tracks[FIRST, UNIT]
    moved = found.apply(Patch((TrackChange(FIRST, UNIT, track, make_track([Label(frame=0, shape=Box(0, 0, 1, 1))])),)))
    assert moved.index is found.index
    assert np.array_equal(track.frames, moved.tracks[FIRST, UNIT].frames)


def test_the_lookup_of_nothing_is_empty() -> None:
    empty = build_lookup((), (), ())
    assert (empty.decided, empty.rejected, len(empty.by_place)) == (0, 0, 0)
