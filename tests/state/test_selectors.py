"""What lists and keys see of a state."""

from __future__ import annotations

from msgspec.structs import replace

from tests.support.doctext import ONTOLOGY, PROJECT, TASK, UNIT, document, opened
from tui_editor.edits.review import approve, reject
from tui_editor.edits.stamp import Stamp
from tui_editor.model.document import make_document
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import ClassId, InstanceId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.issues import DecisionState
from tui_editor.model.shapes import Box
from tui_editor.model.tracks import Label, LabelFlag, make_track
from tui_editor.ports import OpenedTask
from tui_editor.state import selectors
from tui_editor.state.filters import parse_filter
from tui_editor.state.memo import remember_last
from tui_editor.state.store import TaskStore
from tui_editor.state.view import ReviewProgress

ME = Stamp("me", 1)
TEXT = """
van@4 box 1,1 2,2
car@0 box 1,1 2,2 approved
car@1 box 1,1 2,2
car@5 box 1,1 2,2
car(1)@0 box 3,3 4,4
issue label car@0 "one"
issue label car@0 "two" resolved
"""
VAN, CAR, CAR_1 = InstanceId(1), InstanceId(2), InstanceId(3)


def test_the_review_order_is_by_first_frame_class_and_number() -> None:
    assert selectors.review_order(opened(TEXT).state) == (CAR, CAR_1, VAN)


def test_units_come_in_the_tasks_order() -> None:
    rear = replace(TASK.units[0], id=UnitId(2))
    track = make_track([Label(frame=0, shape=Box(1, 1, 2, 2))])
    found = make_document(
        instances=[Instance(id=InstanceId(n), class_id=ClassId("car"), ordinal=n) for n in (1, 2, 3)],
        tracks={(InstanceId(1), UNIT): track, (InstanceId(2), UnitId(2)): track},
    )
    task = replace(TASK, units=(rear, TASK.units[0]))
    state = TaskStore(OpenedTask(task=task, document=found, seq=0, view={}), PROJECT, person="me").state
    assert selectors.review_order(state) == (3, 2, 1)


def test_a_filter_thins_the_list_and_the_frame() -> None:
    store = opened(TEXT)
    store.set(filters=parse_filter("class:car state:pending", ONTOLOGY))
    assert selectors.listed(store.state) == (CAR_1,)
    assert selectors.on_frame(store.state) == (CAR_1,)
    store.apply(approve(store.state.document, [CAR_1], ME), "review.approve")
    assert selectors.listed(store.state) == ()
    store.set(filters=parse_filter("", ONTOLOGY))
    assert selectors.on_frame(store.state) == (CAR, CAR_1)


def test_the_tally_follows_decisions_and_their_undo() -> None:
    store = opened(TEXT)
    assert selectors.Tally(done=1, total=3, rejected=0) == selectors.tally(store.state)
    store.apply(reject(store.state.document, [CAR_1, VAN], "why", ME), "review.reject")
    assert selectors.Tally(done=3, total=3, rejected=2) == selectors.tally(store.state)
    assert frozenset() == selectors.to_judge(store.state)
    store.undo()
    assert selectors.Tally(done=1, total=3, rejected=0) == selectors.tally(store.state)
    assert selectors.undecided(store.state, selectors.review_order(store.state)) == [CAR_1, VAN]


def test_a_row_says_everything_that_the_labels_pane_shows() -> None:
    store = opened(TEXT)
    store.select(CAR)
    assert selectors.LabelRow(
        instance=CAR,
        name="car (0)",
        color="#D33115",
        class_name="car",
        shape="bounding_box",
        ranges=((0, 1), (5, 5)),
        confidence=1.0,
        decision=DecisionState.APPROVED,
        issues_open=1,
        issues_resolved=1,
        selected=True,
        hidden=False,
        on_frame=True,
    ) == selectors.label_row(store.state, CAR)
    row = selectors.label_row(store.state, VAN)
    assert (row.confidence, row.on_frame, row.decision) == (None, False, DecisionState.PENDING)


def test_a_row_of_a_class_that_the_ontology_lacks_is_grey() -> None:
    found = make_document(instances=[Instance(id=CAR, class_id=ClassId("gone"), ordinal=3)])
    state = TaskStore(OpenedTask(task=TASK, document=found, seq=0, view={}), PROJECT, person="me").state
    row = selectors.label_row(state, CAR)
    assert (row.name, row.color, row.shape, row.ranges) == ("gone (3)", "#B3B3B3", "classification", ())


def test_where_an_instance_begins_and_its_key_frames() -> None:
    found = document(TEXT)
    assert selectors.first_frame(found, VAN) == (UNIT, 4)
    assert selectors.first_frame(found, InstanceId(9)) is None
    assert selectors.key_frames(found, CAR, UNIT) == [0, 1, 5]
    assert selectors.key_frames(found, CAR, UnitId(9)) == []


def test_derived_labels_are_no_key_frames() -> None:
    track = make_track(
        [
            Label(frame=0, shape=Box(1, 1, 2, 2)),
            Label(frame=1, shape=Box(1, 1, 2, 2), flags=LabelFlag.OCCLUDED),
            Label(frame=2, shape=Box(1, 1, 2, 2), flags=LabelFlag.KEY | LabelFlag.OUTSIDE),
        ]
    )
    assert selectors.key_frames(make_document(tracks={(CAR, UNIT): track}), CAR, UNIT) == [0, 2]


def test_the_pace_is_the_mean_of_this_sitting() -> None:
    assert ReviewProgress(total=10).seconds_left == 0.0
    progress = ReviewProgress(done=4, total=10, decided_now=2, seconds=6.0)
    assert (progress.seconds_each, progress.seconds_left) == (3.0, 18.0)


def test_a_remembered_result_is_made_anew_for_other_objects_only() -> None:
    calls = []

    @remember_last
    def listed(*things: object) -> int:
        calls.append(things)
        return len(calls)

    one, two = [1], [1]
    assert [listed(one), listed(one), listed(two), listed(two), listed(one)] == [1, 1, 2, 2, 3]
    assert listed() == 4


def test_the_nearest_labelled_frame_is_before_or_behind() -> None:
    found = document("van@4 box 1,1 2,2\nvan@20 box 1,1 2,2")
    near = [selectors.nearest_frame(found, InstanceId(1), FrameRef(UNIT, at)) for at in (0, 4, 11, 13, 90)]
    assert near == [(UNIT, 4), (UNIT, 4), (UNIT, 4), (UNIT, 20), (UNIT, 20)]
