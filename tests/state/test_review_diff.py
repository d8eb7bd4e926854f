"""What changed since a review ended."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.support.doctext import PROJECT, UNIT
from tests.support.reviewed import ANN, Journal
from tui_editor.edits.attributes import set_answer
from tui_editor.edits.labels import delete_instances, move_labels, set_class
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, OptionId
from tui_editor.model.instances import Instance
from tui_editor.model.overlap import iou
from tui_editor.model.patch import InstanceChange, Patch, StatusChange, TrackChange
from tui_editor.model.shapes import Bitmask, Box, Keypoint, RotatedBox, ShapeKind, polygon
from tui_editor.model.tracks import Label, empty_track, make_track
from tui_editor.ports import EntryKind
from tui_editor.state.change_words import change_words
from tui_editor.state.review_diff import ChangeKind, ReviewDiff
from tui_editor.state.store import TaskStore

CAR, VAN, NEW = InstanceId(1), InstanceId(2), InstanceId(3)
HERE = FrameRef(UNIT, 0)


@pytest.fixture
def journal() -> Journal:
    made = Journal()
    made.send_back()
    return made


def seen(journal: Journal) -> ReviewDiff:
    found = journal.diff()
    assert found is not None
    return found


def added() -> Patch:
    car = Instance(id=NEW, class_id=ClassId("car"), ordinal=5)
    after = make_track([Label(frame=9, shape=Box(1, 2, 3, 4))])
    return Patch((InstanceChange(NEW, None, car), TrackChange(NEW, UNIT, empty_track(ShapeKind.BOX), after)))


def test_without_a_review_before_there_is_nothing_to_compare_with() -> None:
    assert Journal().diff() is None


def test_right_after_a_review_nothing_changed(journal: Journal) -> None:
    found = seen(journal)
    assert (found.by, dict(found.changes)) == ("rae", {})


def test_a_moved_label_is_a_change_with_its_old_shape_as_a_ghost(journal: Journal) -> None:
    journal.keep(move_labels(journal.document, [CAR], HERE, (10.0, 0.0), ANN))
    found = seen(journal)
    assert [(c.instance, c.kind, c.frame_count) for c in found.changes.values()] == [(CAR, ChangeKind.CHANGED, 1)]
    assert found.ghosts(HERE) == ((CAR, Box(10, 10, 20, 20)),)
    assert found.ghosts(FrameRef(UNIT, 1)) == ()
    assert found.overlap(CAR, journal.document, HERE) == pytest.approx(1 / 3)


def test_added_and_deleted_objects_are_told_apart(journal: Journal) -> None:
    journal.keep(added())
    journal.keep(delete_instances(journal.document, [VAN]))
    found = seen(journal)
    assert {c.instance: c.kind for c in found.changes.values()} == {VAN: ChangeKind.DELETED, NEW: ChangeKind.ADDED}
    assert found.ghosts(FrameRef(UNIT, 3)) == ((VAN, Box(40, 10, 20, 20)),)


def test_what_was_changed_and_taken_back_is_no_change(journal: Journal) -> None:
    patch = move_labels(journal.document, [CAR], HERE, (10.0, 0.0), ANN)
    idem = journal.keep(patch)
    journal.keep(patch.inverse(), kind=EntryKind.UNDO, undoes=idem)
    assert not seen(journal).changes


def test_the_last_review_counts_not_an_earlier_one(journal: Journal) -> None:
    journal.keep(move_labels(journal.document, [CAR], HERE, (10.0, 0.0), ANN))
    status = replace(journal.document.status, stage="review")
    journal.keep(Patch((StatusChange(journal.document.status, status),)), kind=EntryKind.WORKFLOW)
    journal.send_back()
    assert not seen(journal).changes


def words(journal: Journal, key: InstanceId) -> str:
    found, now = seen(journal), journal.now()
    state = TaskStore(now, PROJECT, person="rae").state
    return change_words(state, found, found.changes[key])


def test_class_and_answers_are_told_as_they_were_and_are(journal: Journal) -> None:
    red = set_answer(journal.document, PROJECT.ontology, CAR, AttributeId("color"), (OptionId("red"),))
    journal.keep(red)
    assert words(journal, CAR) == "car (0): Color — → Red"
    journal.keep(move_labels(journal.document, [CAR], HERE, (10.0, 0.0), ANN))
    assert words(journal, CAR) == "car (0): labels on frame 0, IoU 0.33 · Color — → Red"
    journal.keep(set_class(journal.document, PROJECT.ontology, [VAN], ClassId("car")))
    assert "class van → car" in words(journal, VAN)


def test_an_object_that_came_or_went_is_told_with_its_frames(journal: Journal) -> None:
    journal.keep(added())
    journal.keep(delete_instances(journal.document, [CAR]))
    assert words(journal, NEW) == "car (5): added on frame 9"
    assert words(journal, CAR) == "car (0): deleted on 2 frames (0–1)"


# --- overlap ---------------------------------------------------------------------------------------------------------


def test_shapes_with_area_overlap_by_their_area_and_others_not_at_all() -> None:
    square = polygon([(0, 0), (10, 0), (10, 10), (0, 10)])
    assert iou(Box(0, 0, 10, 10), Box(5, 0, 10, 10)) == pytest.approx(1 / 3)
    assert iou(square, polygon([(5, 0), (15, 0), (15, 10), (5, 10)])) == pytest.approx(1 / 3)
    assert iou(RotatedBox(0, 0, 10, 10, 0), square) == pytest.approx(1.0)
    whole, half = mask(10, 10), mask(5, 10)
    assert iou(whole, half) == pytest.approx(0.5)
    assert iou(Keypoint(1, 1), Keypoint(1, 1)) is None
    assert iou(Box(0, 0, 0, 0), Box(0, 0, 0, 0)) == 0.0


def mask(width: int, height: int) -> Bitmask:
    import numpy as np

    from tui_editor.model.masks import bitmask_from_array

    return bitmask_from_array(np.ones((height, width), np.bool_))
