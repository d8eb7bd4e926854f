"""Taking back what was done in earlier sittings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.doctext import PROJECT, TASK, document, text_of
from tui_editor.api.editing import Task
from tui_editor.api.project import Project
from tui_editor.api.undoing import deleted_things, plan_undo, restore_thing, undo_planned, undo_steps
from tui_editor.commands.headless import Keyboard
from tui_editor.errors import Refused, StoreLocked
from tui_editor.ports import ImportedTask
from tui_editor.state.taking_back import Wanted
from tui_editor.storage.committer import Committer
from tui_editor.storage.memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.model.ids import TaskId
    from tui_editor.ports import Lease, Session

BOX = "car@0 box 10,10 20,20"


@pytest.fixture
def project() -> Project:
    store = MemoryStore(PROJECT)
    store.add_tasks([ImportedTask(task=TASK, document=document(BOX, "review"))], "ann")
    return Project(Path(), store, "ann")


def press(project: Project, keys: str, person: str = "ann") -> None:
    """Press keys in a sitting of a person's own."""
    mine = Project(project.folder, project.store, person)
    committer = Committer(lambda: project.store)
    try:
        with Task(mine, TASK.id, committer=committer) as task:
            task.store.select(next(iter(task.store.state.document.instances)))
            keyboard = Keyboard(task.store)
            if keys.startswith(":"):
                assert keyboard.line(keys)
            else:
                keyboard.type(keys)
    finally:
        committer.close(5)


def labels(project: Project) -> str:
    return text_of(project.read(TASK.id).document)


def test_the_last_step_is_taken_back_first(project: Project) -> None:
    press(project, "a")
    press(project, "x 1")
    steps = undo_steps(project, TASK.id)

    assert [step.command for step in steps] == ["review.reject"]
    assert labels(project) == f"{BOX} approved"


def test_all_steps_are_taken_back_as_one_entry_and_nothing_is_erased(project: Project) -> None:
    press(project, "a x 1")
    before = [entry.seq for entry in project.store.journal(TASK.id)]
    undo_steps(project, TASK.id, count=None)

    assert labels(project) == BOX
    assert [entry.seq for entry in project.store.journal(TASK.id)] == [*before, 4]
    assert undo_steps(project, TASK.id, count=None) == ()


def test_the_steps_of_another_person_stay(project: Project) -> None:
    press(project, "a", "ann")
    press(project, ":issue Is this a car?", "bob")
    before = labels(project)
    undo_steps(project, TASK.id, author="ann")

    assert "Is this a car?" in before
    assert labels(project) == before.replace(" approved", "")


def test_a_step_on_which_a_later_one_stands_is_refused_and_nothing_changes(project: Project) -> None:
    press(project, "a", "ann")
    press(project, "x 1", "bob")
    after = labels(project)

    with pytest.raises(Refused, match=r"entry 2 by ann .* can't be taken back: .* entry 3 by bob"):
        undo_steps(project, TASK.id, author="ann")
    assert labels(project) == after


def test_the_end_of_a_review_is_a_border(project: Project) -> None:
    press(project, "a")
    press(project, "enter")

    assert undo_steps(project, TASK.id, count=None) == ()
    assert labels(project) == f"{BOX} approved"


class _HandedOnFirst(MemoryStore):
    """A store in which the review ends right before somebody gets the lock to take something back."""

    ends: Callable[[], None] | None = None

    def acquire(self, task: TaskId, session: Session, *, take: bool = False) -> Lease:
        ends, self.ends = self.ends, None
        if ends is not None:
            ends()
        return super().acquire(task, session, take=take)


def test_a_review_that_ended_a_moment_ago_is_a_border_too() -> None:
    store = _HandedOnFirst(PROJECT)
    store.add_tasks([ImportedTask(task=TASK, document=document(BOX, "review"))], "ann")
    project = Project(Path(), store, "ann")
    press(project, "a")
    store.ends = lambda: press(project, "enter")

    assert undo_steps(project, TASK.id, count=None) == ()
    assert labels(project) == f"{BOX} approved"


def test_what_was_redone_can_be_taken_back(project: Project) -> None:
    press(project, "a u U")
    undo_steps(project, TASK.id)

    assert labels(project) == BOX


def test_only_steps_since_a_time_are_taken_back(project: Project) -> None:
    press(project, "a")
    at_ms = next(iter(project.store.recent(TASK.id))).at_ms

    assert undo_steps(project, TASK.id, since_ms=at_ms + 1, count=None) == ()
    assert len(undo_steps(project, TASK.id, since_ms=at_ms, count=None)) == 1


def test_the_lock_of_an_editor_holds(project: Project) -> None:
    press(project, "a")
    committer = Committer(lambda: project.store)
    with Task(project, TASK.id, committer=committer), pytest.raises(StoreLocked):
        undo_steps(project, TASK.id)
    committer.close(5)

    assert project.store.holder(TASK.id) is None
    undo_steps(project, TASK.id)
    assert project.store.holder(TASK.id) is None


def test_all_of_a_person_goes_also_from_before_the_task_moved_on() -> None:
    store = MemoryStore(PROJECT)
    store.add_tasks([ImportedTask(task=TASK, document=document(BOX))], "ann")
    project = Project(Path(), store, "ann")
    press(project, "e l escape", "kim")
    press(project, "enter", "bob")
    wanted = Wanted(author="kim")
    plan = plan_undo(project, TASK.id, wanted)
    status = project.read(TASK.id).document.status
    undo_planned(project, TASK.id, wanted, plan)

    assert status.stage == "review"
    assert [e.command for e in plan.entries] == ["geometry.nudge"]
    assert labels(project) == BOX
    assert project.read(TASK.id).document.status == status


def test_nothing_goes_where_the_workflow_lets_nothing_change(project: Project) -> None:
    press(project, "a", "kim")
    press(project, "enter", "bob")
    plan = plan_undo(project, TASK.id, Wanted(author="kim"))

    with pytest.raises(Refused, match="the task is in complete"):
        undo_planned(project, TASK.id, Wanted(author="kim"), plan)
    assert labels(project) == f"{BOX} approved"


def test_what_was_not_in_the_preview_does_not_go(project: Project) -> None:
    press(project, "a", "kim")
    plan = plan_undo(project, TASK.id, Wanted(author="kim"))
    press(project, ":issue Is this a car?", "kim")
    before = labels(project)

    with pytest.raises(Refused, match="meanwhile"):
        undo_planned(project, TASK.id, Wanted(author="kim"), plan)
    assert labels(project) == before


def test_a_take_back_can_be_taken_back_in_the_editor(project: Project) -> None:
    press(project, "a", "kim")
    undo_planned(project, TASK.id, 2, plan_undo(project, TASK.id, 2))
    assert labels(project) == BOX
    press(project, "U")
    assert labels(project) == f"{BOX} approved"


def test_a_deleted_thing_is_brought_back() -> None:
    store = MemoryStore(PROJECT)
    store.add_tasks([ImportedTask(task=TASK, document=document(BOX))], "ann")
    project = Project(Path(), store, "ann")
    press(project, "d a", "kim")
    assert labels(project) == ""
    (gone,) = deleted_things(project, TASK.id)
    restore_thing(project, TASK.id, gone)

    assert labels(project) == BOX
    assert deleted_things(project, TASK.id) == []
    assert project.store.holder(TASK.id) is None
