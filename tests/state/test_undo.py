"""Undo and redo: without limit, across restarts, up to a stage crossing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.doctext import UNIT, document, text_of
from tests.support.journal import Journal
from tui_editor.edits.labels import delete_instance, move_labels, put_label
from tui_editor.edits.stamp import Stamp
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import InstanceId
from tui_editor.model.patch import Patch, StatusChange
from tui_editor.model.shapes import Box
from tui_editor.model.workflow import TaskStatus
from tui_editor.ports import EntryKind

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.state.store import TaskStore

CAR = InstanceId(1)
HERE = FrameRef(UNIT, 0)
ONE = "car@0 box 0,0 5,5"


def nudge(store: TaskStore, by: float = 1) -> None:
    patch = move_labels(store.state.document, [CAR], HERE, (by, 0), Stamp(store.person, 5))
    store.apply(patch, "geometry.nudge")


def x_of(store: TaskStore) -> float:
    label = store.state.document.label(CAR, UNIT, 0)
    assert label is not None
    assert isinstance(label.shape, Box)
    return label.shape.x


def test_hundreds_of_steps_are_undone_and_redone() -> None:
    store = Journal(ONE).open()
    for _ in range(400):
        nudge(store)
    assert sum(bool(store.undo()) for _ in range(400)) == 400
    assert (x_of(store), store.undo(), store.can_undo()) == (0, "", False)
    assert sum(bool(store.redo()) for _ in range(400)) == 400
    assert (x_of(store), store.redo(), store.can_redo()) == (400, "", False)


def test_undo_names_the_command_that_it_takes_back() -> None:
    store = Journal(ONE).open()
    nudge(store)
    store.apply(delete_instance(store.state.document, CAR), "object.delete_all")
    assert [store.undo() for _ in range(3)] == ["object.delete_all", "geometry.nudge", ""]
    assert [store.redo() for _ in range(3)] == ["geometry.nudge", "object.delete_all", ""]


def test_an_edit_after_an_undo_ends_what_could_be_redone() -> None:
    store = Journal(ONE).open()
    nudge(store, 1)
    store.undo()
    nudge(store, 7)
    assert not store.can_redo()
    assert store.undo()
    assert (x_of(store), store.can_redo()) == (0, True)


def test_steps_of_before_a_restart_are_undone_after_it() -> None:
    journal = Journal(ONE, page=3)
    first = journal.open()
    for _ in range(10):
        nudge(first)
    second = journal.open()
    for _ in range(4):
        second.undo()
    third = journal.open()
    assert x_of(third) == 6
    assert sum(bool(third.undo()) for _ in range(20)) == 6
    assert x_of(third) == 0


def test_what_was_undone_before_a_restart_is_redone_after_it() -> None:
    journal = Journal(ONE, page=3)
    store = journal.open()
    for _ in range(10):
        nudge(store)
    for _ in range(8):
        store.undo()
    for _ in range(5):  # more than a page of redos lies over the undos that are left
        store.redo()
    again = journal.open()
    assert x_of(again) == 7
    assert sum(bool(again.redo()) for _ in range(20)) == 3
    assert x_of(again) == 10


def test_undo_leaves_alone_what_somebody_else_did() -> None:
    journal = Journal(ONE + "\ncar(1)@0 box 9,9 5,5")
    mine = journal.open("me")
    nudge(mine)
    theirs = journal.open("you")
    patch = put_label(theirs.state.document, InstanceId(2), HERE, Box(1, 1, 1, 1), Stamp("you", 1))
    theirs.apply(patch, "geometry.place")
    again = journal.open("me")
    assert again.undo() == "geometry.nudge"
    assert "car(1)@0 box 1,1 1,1" in text_of(again.state.document)
    assert again.undo() == ""


@pytest.mark.parametrize("person", ["me", "you"])
def test_a_stage_crossing_is_not_undone_by_undo_whoever_made_it(person: str) -> None:
    journal = Journal(ONE)
    nudge(journal.open())
    crossing = journal.open(person)
    before = crossing.state.document.status
    change = StatusChange(before, TaskStatus(stage="review"))
    crossing.apply(Patch((change,)), "task.submit", EntryKind.WORKFLOW)
    assert not crossing.can_undo()
    assert not journal.open().can_undo()


def test_undo_stops_at_an_import_of_somebody_else() -> None:
    journal = Journal(ONE)
    nudge(journal.open())
    journal.imported()
    assert not journal.open().can_undo()


def test_an_empty_patch_is_no_step() -> None:
    journal = Journal(ONE)
    store = journal.open()
    store.apply(Patch(), "nothing")
    assert not store.can_undo()
    assert journal.entries == []


def test_the_journal_says_what_an_undo_takes_back() -> None:
    journal = Journal(ONE)
    store = journal.open()
    nudge(store)
    store.undo()
    store.redo()
    assert [e.undoes for e in journal.entries] == [None, 1, 2]
    assert [e.undone for e in journal.entries] == [True, True, False]
    assert [e.kind.value for e in journal.entries] == ["edit", "undo", "redo"]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["edit", "undo", "redo", "restart"]), max_size=40), st.integers(1, 5))
def test_undo_and_redo_walk_a_line_of_documents_whatever_happens_between(steps: list[str], page: int) -> None:
    """The model: a list of documents and a place in it; an edit cuts what lies after the place."""
    journal = Journal(ONE, page)
    store = journal.open()
    line: list[LabelDocument] = [store.state.document]
    at = 0
    for number, step in enumerate(steps):
        if step == "edit":
            nudge(store, number + 1)
            line = [*line[: at + 1], store.state.document]
            at += 1
        elif step == "restart":
            store = journal.open()
        elif step == "undo":
            assert bool(at) == bool(store.undo())
            at = max(0, at - 1)
        else:
            assert (at + 1 < len(line)) == bool(store.redo())
            at = min(len(line) - 1, at + 1)
        assert line[at].same(store.state.document)
    assert journal.document.same(store.state.document)
    assert document(ONE).same(line[0])
