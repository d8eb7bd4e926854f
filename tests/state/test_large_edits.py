"""Large edits are done in steps: all of it or nothing, as one step of the history, and the lists know it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.content import content, finished
from tests.support.doctext import opened, text_of
from tui_editor.commands.headless import HeadlessFront, Keyboard
from tui_editor.edits.labels import delete_instance, set_flag
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import PatchMismatch, Refused
from tui_editor.model.ids import InstanceId
from tui_editor.model.patch import Patch, compose
from tui_editor.model.tracks import LabelFlag
from tui_editor.state import selectors
from tui_editor.state.large_edits import MOST_AT_ONCE

if TYPE_CHECKING:
    from tui_editor.state.store import TaskState, TaskStore

MANY = "\n".join(f"car({n})@{n % 40} box {n},1 9,9\ncar({n})@{n % 40 + 3} box {n},1 9,9" for n in range(300))


def without_all(store: TaskStore) -> Patch:
    return compose(*(delete_instance(store.state.document, key) for key in sorted(store.state.document.instances)))


def occlude(store: TaskStore) -> Patch:
    return set_flag(store.state.document, InstanceId(1), store.state.frame, LabelFlag.OCCLUDED, True, Stamp("me", 1))


def test_nothing_is_changed_before_the_last_step() -> None:
    store = opened(MANY)
    before = store.state
    steps = store.apply_steps(without_all(store), "range.delete")
    shares = [next(steps) for _ in range(20)]
    assert store.state is before
    assert shares == sorted(shares)
    steps.close()
    assert store.state is before
    assert not store.can_undo()


def test_a_large_edit_is_one_step_of_the_history() -> None:
    store = opened(MANY)
    before = content(store.state.document)
    finished(store.apply_steps(without_all(store), "range.delete"))
    assert text_of(store.state.document) == ""
    assert finished(store.undo_steps()) == "range.delete"
    assert content(store.state.document) == before
    assert finished(store.redo_steps()) == "range.delete"
    assert (text_of(store.state.document), finished(store.redo_steps())) == ("", "")


def test_what_happened_meanwhile_stays() -> None:
    store = opened(MANY)
    gone = compose(*(delete_instance(store.state.document, InstanceId(n)) for n in range(2, 200)))
    steps = store.apply_steps(gone, "range.delete")
    next(steps)
    store.apply(occlude(store), "object.occluded")
    finished(steps)
    label = store.state.document.label(InstanceId(1), *(store.state.frame.unit, store.state.frame.index))
    assert label is not None
    assert label.flags & LabelFlag.OCCLUDED
    assert [store.undo(), store.undo()] == ["range.delete", "object.occluded"]


def test_an_edit_that_no_longer_fits_is_refused_and_changes_nothing() -> None:
    store = opened(MANY)
    steps = store.apply_steps(without_all(store), "range.delete")
    next(steps)
    store.apply(occlude(store), "object.occluded")
    after = store.state.document
    with pytest.raises(PatchMismatch):
        finished(steps)
    assert store.state.document is after


def test_a_task_that_became_read_only_meanwhile_is_not_changed() -> None:
    store = opened(MANY)
    steps = store.apply_steps(without_all(store), "range.delete")
    next(steps)
    store.set(read_only="somebody else edits it")
    with pytest.raises(Refused, match="somebody else"):
        finished(steps)
    assert len(store.state.document.instances) == 300


def test_an_edit_that_waits_for_its_commit_is_not_done_a_second_time_when_it_is_kept() -> None:
    kept: list[str] = []
    store = opened(MANY)
    store._keep = lambda edit: kept.append(edit.idem)
    finished(store.apply_steps(Patch(without_all(store).changes[: 3 * MOST_AT_ONCE]), "range.delete"))
    first = store.state.document
    some = max(first.instances)
    store.apply(delete_instance(first, some), "object.delete")
    store.kept(kept[0], 1)
    assert store._kept is first
    store.refused(kept[1], Refused("the disk is full"))
    assert store.state.document is first


@pytest.mark.parametrize("filters", ["", "class:car frames:0-20"])
def test_the_lists_of_a_document_that_was_made_in_steps_are_those_of_a_fresh_one(filters: str) -> None:
    keyboard = Keyboard(opened(MANY, "review"), HeadlessFront(("yes",)))
    keyboard.line(f"filter {filters}" if filters else "view.clear_filter")
    selectors.to_judge(keyboard.store.state)
    assert keyboard.line("approve frames:20-30")
    assert keyboard.line("delete frames:0-9")
    here = keyboard.store.state
    fresh = Keyboard(opened(text_of(here.document), "review"))
    fresh.line(f"filter {filters}")
    assert names(here, selectors.review_order(here)) == names(
        fresh.store.state, selectors.review_order(fresh.store.state)
    )
    assert names(here, selectors.listed(here)) == names(fresh.store.state, selectors.listed(fresh.store.state))
    left = [i for i in here.document.instances if selectors.is_undecided(here.document, i)]
    assert selectors.to_judge(here) == set(left)
    assert 0 < len(left) < len(here.document.instances)


def names(state: TaskState, instances: tuple[InstanceId, ...]) -> list[str]:
    return [selectors.instance_name(state.project.ontology, state.document.instances[i]) for i in instances]
