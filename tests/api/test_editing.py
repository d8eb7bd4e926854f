"""A task in a script: its lock, what is on disk when, and what the next session finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.projects import UNIT, boxes_project
from tui_editor import Keyboard, open_project
from tui_editor.api.editing import Task
from tui_editor.edits.labels import delete_instance
from tui_editor.errors import Refused, StoreLocked, StoreMissing
from tui_editor.model.ids import InstanceId, TaskId
from tui_editor.model.issues import DecisionState
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui_editor.api import Project

TASK = TaskId(5)
FIRST = InstanceId(1)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = boxes_project(tmp_path, boxes=4, frames=2)
    yield made
    made.close()


def test_a_decision_by_key_is_on_disk_when_it_has_settled(project: Project) -> None:
    with project.edit(TASK) as task:
        assert Mode.REVIEW is task.store.state.mode
        Keyboard(task.store).type("j a")
        assert task.settle()
        assert task.store.state.durability.kept
        assert DecisionState.APPROVED is project.read(TASK).document.decisions[FIRST].state


def test_closing_waits_for_the_disk_and_gives_the_lock_back(project: Project) -> None:
    task = project.edit(TASK)
    Keyboard(task.store).type("j a x 1")
    task.close()
    assert project.store.holder(TASK) is None
    assert project.read(TASK).document.lookup.decided == 2
    assert [e.kind.value for e in project.store.journal(TASK)] == ["import", "edit", "edit"]


def test_a_task_is_closed_twice_without_harm(project: Project) -> None:
    task = project.edit(TASK)
    task.close()
    task.close()
    project.edit(TASK).close()


def test_the_next_session_opens_where_the_last_one_was_and_undoes_its_steps(project: Project) -> None:
    with project.edit(TASK) as task:
        Keyboard(task.store).type("j a l")
        frame = task.store.state.view.frame
    with project.edit(TASK) as task:
        assert (frame, InstanceId(3)) == (task.store.state.view.frame, task.store.state.selected)
        Keyboard(task.store).press("u")
        task.settle()
    assert project.read(TASK).document.lookup.decided == 0


def test_a_second_session_is_refused_while_the_first_one_works(project: Project) -> None:
    with project.edit(TASK), pytest.raises(StoreLocked, match="tester"):
        project.edit(TASK)
    project.edit(TASK).close()


def test_a_lock_that_was_taken_over_makes_the_first_sessions_edits_fall(project: Project) -> None:
    first = project.edit(TASK)
    second = project.edit(TASK, take=True)
    Keyboard(first.store).type("j a")
    assert first.store.state.document.lookup.decided == 1
    first.settle()
    assert (first.store.state.document.lookup.decided, first.store.state.durability.kept) == (0, True)
    assert first.store.state.durability.problem
    Keyboard(second.store).type("j x 1")
    second.settle()
    assert second.store.state.durability.problem == ""
    first.close()
    assert project.store.holder(TASK) is not None
    second.close()
    assert project.read(TASK).document.lookup.rejected == 1


def test_a_read_only_task_needs_no_lock_and_changes_nothing(project: Project) -> None:
    with project.edit(TASK), Task(project, TASK, read_only="somebody edits it") as looking:
        assert looking.lease is None
        with pytest.raises(Refused, match="somebody edits it"):
            looking.store.apply(delete_instance(looking.store.state.document, FIRST), "x")
        keyboard = Keyboard(looking.store)
        keyboard.type("j l h j")
        assert looking.store.state.selected is not None
        keyboard.press("a")
        assert "somebody edits it" in keyboard.front.warnings[-1]
    assert len(project.read(TASK).document.instances) == 4


def test_a_submitted_review_moves_the_task_in_the_queue(project: Project) -> None:
    with project.edit(TASK) as task:
        Keyboard(task.store).type("j a a a x 2 enter")
    (row,) = project.tasks()
    assert (row.stage, row.state, row.issue_count) == ("annotate", "reopened", 1)
    with project.edit(TASK) as task:
        assert Mode.BROWSE is task.store.state.mode


def test_a_task_that_there_is_not_is_refused(project: Project) -> None:
    with pytest.raises(StoreMissing):
        project.edit(TaskId(77))


def test_two_people_share_a_project_and_each_comes_back_to_own_places(project: Project, tmp_path: Path) -> None:
    with project.edit(TASK) as task:
        task.store.go(UNIT, 1)
    with open_project(tmp_path, person="other") as theirs, theirs.edit(TASK) as task:
        assert task.store.state.view.frame == 0
        assert not task.store.can_undo()
    with project.edit(TASK) as task:
        assert task.store.state.view.frame == 1


def test_a_task_that_was_read_a_moment_ago_is_not_read_again(project: Project) -> None:
    opened = project.read(TASK)
    with Task(project, TASK, opened=opened) as task:
        assert task.store.state.document is opened.document


def test_a_task_that_somebody_changed_since_it_was_read_is_read_again(project: Project) -> None:
    opened = project.read(TASK)
    with project.edit(TASK) as other:
        Keyboard(other.store).type("j a")
    with Task(project, TASK, opened=opened) as task:
        assert task.store.state.document is not opened.document
        assert task.store.state.document.decisions[FIRST].state is DecisionState.APPROVED
