"""Taking back any entries of a journal: a subset of independent edits, one object, a deleted thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.doctext import UNIT, document, text_of
from tests.support.journal import Journal
from tui_editor.edits.labels import delete_instance, move_labels
from tui_editor.edits.review import approve
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import Refused
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import InstanceId
from tui_editor.ports import EntryKind
from tui_editor.state.taking_back import TakeBack, Wanted, deleted, planned, planned_entry, restored, since_import

if TYPE_CHECKING:
    from tui_editor.state.store import TaskStore

CAR, VAN, EYE = InstanceId(1), InstanceId(2), InstanceId(3)
TEXT = "car@0 box 0,0 5,5\nvan@0 box 10,0 5,5\neye@0 point 3,4\ncar@1 box 0,9 5,5\nvan@1 box 10,9 5,5\neye@1 point 3,9"
PLACES = tuple((thing, frame) for thing in (CAR, VAN, EYE) for frame in (0, 1))


def nudge(journal: Journal, thing: InstanceId, frame: int, person: str = "me") -> None:
    store = journal.open(person)
    patch = move_labels(store.state.document, [thing], FrameRef(UNIT, frame), (1, 0), Stamp(person, 5))
    store.apply(patch, "geometry.nudge")


def delete(journal: Journal, thing: InstanceId, person: str = "me") -> None:
    store = journal.open(person)
    store.apply(delete_instance(store.state.document, thing), "object.delete_all")


def plan(journal: Journal, wanted: Wanted) -> TakeBack:
    return planned(journal.document, journal.recent, wanted)


def take_back(journal: Journal, what: TakeBack, person: str = "me") -> TaskStore:
    store = journal.open(person)
    list(store.take_back_steps(what, "history.take_back"))
    return store


@given(st.lists(st.tuples(st.sampled_from(PLACES), st.booleans()), unique_by=lambda e: e[0]))
def test_independent_edits_of_one_person_go_and_those_of_the_others_stay(
    edits: list[tuple[tuple[InstanceId, int], bool]],
) -> None:
    journal, only_others = Journal(TEXT), Journal(TEXT)
    for place, goes in edits:
        nudge(journal, *place, "kim" if goes else "lee")
        if not goes:
            nudge(only_others, *place, "lee")
    before = journal.document
    what = plan(journal, Wanted(author="kim"))
    store = take_back(journal, what)

    assert journal.document.same(only_others.document)
    assert len(journal.entries) == len(edits) + bool(what.patch)
    if what.patch:
        assert not journal.open("kim").can_undo()
        assert store.redo()
        assert journal.document.same(before)


@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(["kim", "lee"])), max_size=8))
def test_edits_go_unless_somebody_elses_edit_of_the_same_label_came_later(
    edits: list[tuple[tuple[InstanceId, int], str]],
) -> None:
    journal, only_others = Journal(TEXT), Journal(TEXT)
    for place, person in edits:
        nudge(journal, *place, person)
        if person == "lee":
            nudge(only_others, *place, person)
    blocked = any(who == "kim" and (place, "lee") in edits[at + 1 :] for at, (place, who) in enumerate(edits))
    if blocked:
        with pytest.raises(Refused, match=r"later work stands on it: entry \d+ by lee"):
            plan(journal, Wanted(author="kim"))
    else:
        take_back(journal, plan(journal, Wanted(author="kim")))
        assert journal.document.same(only_others.document)


def test_the_refusal_names_the_later_work_and_nothing_else() -> None:
    journal = Journal(TEXT)
    nudge(journal, CAR, 0, "kim")
    nudge(journal, VAN, 0, "lee")
    nudge(journal, CAR, 1, "lee")
    nudge(journal, CAR, 0, "ann")
    with pytest.raises(Refused) as refusal:
        planned_entry(journal.document, journal.recent, 1)
    assert "entry 4 by ann (geometry.nudge)" in str(refusal.value)
    assert "lee" not in str(refusal.value)


def test_a_deletion_stands_on_every_edit_of_the_thing() -> None:
    journal = Journal(TEXT)
    nudge(journal, CAR, 0, "kim")
    delete(journal, CAR, "lee")
    with pytest.raises(Refused, match="entry 2 by lee"):
        plan(journal, Wanted(author="kim"))


def test_a_thing_that_others_decided_on_is_not_unmade() -> None:
    journal = Journal(TEXT)
    delete(journal, CAR, "kim")
    store = journal.open("kim")
    gone = deleted(journal.document, since_import(journal.recent))[0]
    store.apply(restored(journal.document, gone), "history.restore")
    reviewer = journal.open("lee")
    reviewer.apply(approve(reviewer.state.document, [CAR], Stamp("lee", 5)), "review.approve")

    with pytest.raises(Refused, match=r"entry 2 by kim .* entry 3 by lee \(review.approve\)"):
        planned_entry(journal.document, journal.recent, 2)


def test_what_was_done_to_one_object_goes_and_the_rest_stays() -> None:
    journal = Journal(TEXT)
    nudge(journal, CAR, 0)
    nudge(journal, VAN, 0)
    nudge(journal, CAR, 1)
    take_back(journal, plan(journal, Wanted(instance=CAR)))

    assert text_of(journal.document) == text_of(document(TEXT.replace("van@0 box 10", "van@0 box 11")))
    assert [e.undone for e in journal.entries] == [True, False, True, False]


def test_of_a_step_on_several_objects_only_the_part_of_one_goes() -> None:
    journal = Journal(TEXT)
    store = journal.open()
    both = move_labels(store.state.document, [CAR, VAN], FrameRef(UNIT, 0), (1, 0), Stamp("me", 5))
    store.apply(both, "geometry.nudge")
    after = take_back(journal, plan(journal, Wanted(instance=VAN)))

    assert text_of(journal.document) == text_of(document(TEXT.replace("car@0 box 0", "car@0 box 1")))
    assert [e.undone for e in journal.entries] == [False, False]
    assert after.redo()
    assert "van@0 box 11,0" in text_of(journal.document)


def test_only_edits_since_a_time_go_and_only_so_many() -> None:
    journal = Journal(TEXT)
    for thing in (CAR, VAN, EYE):
        nudge(journal, thing, 0)
    at_ms = journal.entries[1].at_ms
    assert [e.seq for e in plan(journal, Wanted(since_ms=at_ms)).entries] == [3, 2]
    assert [e.seq for e in plan(journal, Wanted(count=1)).entries] == [3]


def test_what_was_taken_back_already_is_passed_over() -> None:
    journal = Journal(TEXT)
    nudge(journal, CAR, 0)
    nudge(journal, VAN, 0)
    take_back(journal, plan(journal, Wanted(count=1)))

    what = plan(journal, Wanted(count=1))

    assert [entry.seq for entry in what.entries] == [1]
    take_back(journal, what)
    assert text_of(journal.document) == text_of(document(TEXT))
    assert not plan(journal, Wanted(count=None)).patch


def test_a_take_back_is_brought_back_by_its_number() -> None:
    journal = Journal(TEXT)
    nudge(journal, CAR, 0, "kim")
    nudge(journal, VAN, 0, "kim")
    before = journal.document
    take_back(journal, plan(journal, Wanted(author="kim")))
    back = planned_entry(journal.document, journal.recent, 3)
    take_back(journal, back, "lee")

    assert back.kind is EntryKind.REDO
    assert journal.document.same(before)
    with pytest.raises(Refused, match="entry 3 was taken back already"):
        planned_entry(journal.document, journal.recent, 3)


def test_an_unknown_number_and_what_lies_before_the_import_are_refused() -> None:
    journal = Journal(TEXT)
    nudge(journal, CAR, 0)
    journal.imported()
    for seq in (1, 9):
        with pytest.raises(Refused, match=f"entry {seq} can't be taken back"):
            planned_entry(journal.document, journal.recent, seq)


def test_a_deleted_thing_comes_back_while_later_edits_stay() -> None:
    journal = Journal(TEXT)
    delete(journal, CAR, "kim")
    nudge(journal, VAN, 0, "lee")
    (gone,) = deleted(journal.document, since_import(journal.recent))
    store = journal.open()
    store.apply(restored(journal.document, gone), "history.restore")

    assert text_of(journal.document) == text_of(document(TEXT.replace("van@0 box 10", "van@0 box 11")))
    assert deleted(journal.document, since_import(journal.recent)) == []
    assert store.undo() == "history.restore"
    assert CAR not in journal.document.instances
