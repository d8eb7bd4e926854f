"""The rows of the Labels pane: which objects, in which order, under which headings."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.doctext import ONTOLOGY, UNIT, opened
from tui_editor.edits.labels import delete_instance, put_label
from tui_editor.edits.review import approve
from tui_editor.edits.stamp import Stamp
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import InstanceId, TaskId, new_id
from tui_editor.model.shapes import Box
from tui_editor.state.filters import parse_filter
from tui_editor.state.label_list import Detail, Heading, LabelList, label_list, listing_steps
from tui_editor.state.listing import Listing, SortBy
from tui_editor.state.searching import found_count

if TYPE_CHECKING:
    from tui_editor.state.store import TaskState, TaskStore

ME = Stamp("me", 1)
TEXT = """
van@4 box 1,1 2,2
car@0 box 1,1 2,2 approved
car@1 box 1,1 2,2
car(12)@0 box 3,3 4,4
night@0 present
eye@9 point 1,1 rejected
"""
VAN, CAR, CAR_12, NIGHT, EYE = map(InstanceId, range(1, 6))


def listing(**changes: object) -> TaskStore:
    store = opened(TEXT)
    store.set(listing=replace(Listing(frame_only=False, group_by_class=False), **changes))
    return store


def rows(store: TaskStore) -> list[str]:
    """Return the rows as text: headings in capitals, objects by id, details with a dot."""
    listed = label_list(store.state)
    return [_text(listed, n) for n in range(len(listed))]


def _text(listed: LabelList, row: int) -> str:
    match listed.key(row):
        case Heading(title=title, count=count):
            return f"{title.upper()} {count}"
        case Detail(number=number):
            return f".{number}"
        case instance:
            return str(instance)


def test_objects_of_this_frame_or_of_all_are_listed() -> None:
    store = opened(TEXT)
    assert label_list(store.state).objects() == (CAR, CAR_12, NIGHT)
    store.set(listing=Listing(frame_only=False))
    assert label_list(store.state).objects() == (CAR, CAR_12, VAN, EYE, NIGHT)


def test_objects_stand_in_groups_by_class_and_frame_labels_apart_from_instances() -> None:
    grouped = ["CAR 2", "2", "3", "VAN 1", "1", "EYE 1", "5", "NIGHT 1", "4"]
    assert grouped == rows(listing(group_by_class=True))
    assert rows(listing()) == ["OBJECTS 4", "2", "3", "1", "5", "CLASSIFICATIONS 1", "4"]


def test_a_list_of_objects_alone_has_no_headings_without_groups() -> None:
    store = opened("car@0 box 1,1 2,2\nvan@0 box 1,1 2,2")
    store.set(listing=Listing(group_by_class=False))
    assert rows(store) == ["1", "2"]


def test_each_order_goes_both_ways_and_classifications_stay_last() -> None:
    orders = {
        SortBy.CREATION: (CAR, CAR_12, VAN, EYE),
        SortBy.NAME: (CAR, CAR_12, EYE, VAN),
        SortBy.CLASS: (CAR, CAR_12, VAN, EYE),
        SortBy.FIRST_FRAME: (CAR, CAR_12, VAN, EYE),
        SortBy.STATE: (EYE, CAR_12, VAN, CAR),
    }
    for sort, order in orders.items():
        assert label_list(listing(sort=sort).state).objects() == (*order, NIGHT)
        assert label_list(listing(sort=sort, descending=True).state).objects() == (*order[::-1], NIGHT)


def test_confidence_sorts_by_the_least_one_of_an_object() -> None:
    store = listing(sort=SortBy.CONFIDENCE)
    track = store.state.document.tracks[VAN, UNIT]
    doubted = replace(track, confidence=track.confidence * 0 + 0.25)
    document = store.state.document
    there = replace(
        store.state, document=dataclasses.replace(document, tracks=document.tracks.insert((VAN, UNIT), doubted))
    )
    assert label_list(there).object(0) == VAN


def test_a_range_of_frames_thins_the_list() -> None:
    store = listing(frames=(1, 4))
    assert label_list(store.state).objects() == (CAR, VAN)
    store.apply(put_label(store.state.document, CAR_12, FrameRef(UNIT, 2), Box(1, 1, 2, 2), ME), "test")
    assert label_list(store.state).objects() == (CAR, CAR_12, VAN)
    store.set(filters=parse_filter("class:car", ONTOLOGY))
    assert label_list(store.state).objects() == (CAR, CAR_12)
    store.undo()
    assert label_list(store.state).objects() == (CAR,)


def test_lines_of_details_follow_their_object() -> None:
    store = listing(expanded=frozenset([CAR_12, NIGHT]))
    assert rows(store) == ["OBJECTS 4", "2", "3", ".0", "1", "5", "CLASSIFICATIONS 1", "4", ".0"]
    listed = label_list(store.state)
    assert [listed.row(n) for n in range(listed.count)] == [1, 2, 4, 5, 7]
    assert (listed.nearest(3, 1), listed.nearest(3, -1), listed.nearest(8, 1)) == (4, 2, None)


def test_names_are_found_by_word_number_or_both() -> None:
    listed, state = label_list(listing().state), listing().state
    found = {
        text: found_count(listed.ranks(), text, state.project.ontology, listed.ranking)
        for text in ("car", "A", "1", "car 1", "Car (12)", "car (1)", "van 1", "", "12x")
    }
    assert found == {"car": 2, "A": 3, "1": 1, "car 1": 1, "Car (12)": 1, "car (1)": 0, "van 1": 0, "": 0, "12x": 0}


def test_the_order_that_is_found_in_steps_is_that_of_one_go() -> None:
    there = replace(opened(TEXT).state, listing=Listing(frame_only=False, sort=SortBy.NAME, descending=True))
    assert list(listing_steps(there))
    assert label_list(there).objects() == (CAR_12, CAR, VAN, EYE, NIGHT)


def anew(store: TaskStore) -> TaskState:
    """Return the state as one of another task: nothing that was remembered of this one holds for it."""
    return replace(store.state, task=replace(store.state.task, title="anew", id=TaskId(new_id())))


@given(st.lists(st.tuples(st.sampled_from(["move", "drop", "approve", "undo"]), st.integers(0, 4)), max_size=12))
def test_the_list_that_follows_edits_is_the_one_that_is_made_anew(edits: list[tuple[str, int]]) -> None:
    store = listing(sort=SortBy.FIRST_FRAME, group_by_class=True)
    for kind, number in edits:
        instance = sorted(store.state.document.instances)[number % max(len(store.state.document.instances), 1)]
        document = store.state.document
        if kind == "move" and instance in (VAN, CAR, CAR_12):
            store.apply(put_label(document, instance, FrameRef(UNIT, number), Box(1, 1, 2, 2), ME), "test")
        elif kind == "drop" and len(document.instances) > 1:
            store.apply(delete_instance(document, instance), "test")
        elif kind == "approve":
            store.apply(approve(document, [instance], ME), "test")
        elif kind == "undo":
            store.undo()
        followed = rows(store)
        assert label_list(store.state).objects() == label_list(anew(store)).objects()
        assert len(followed) == len(label_list(anew(store)))
        listed = label_list(store.state)
        assert all(listed.place(listed.object(n)) == n for n in range(listed.count))
        assert [listed.key(listed.row(n)) for n in range(listed.count)] == list(listed.objects())
