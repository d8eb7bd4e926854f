"""Tasks handed out and on: next task, groups, consensus, priority, metadata, members."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.support.consensus import CONSENSUS
from tests.support.doctext import PROJECT, TASK, UNIT, document, standing
from tui_editor.api import workflow
from tui_editor.api.consensus import branch_rows, branches, settle
from tui_editor.api.project import Project
from tui_editor.edits import workflow as edits
from tui_editor.edits.labels import move_labels
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import Refused, StoreLocked, UsageError
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import InstanceId, TaskId
from tui_editor.model.project import TaskQuery
from tui_editor.model.workflow import TaskState, TaskStatus
from tui_editor.ports import ImportedTask, Session
from tui_editor.storage.locate import create_store, open_store
from tui_editor.storage.memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.model.project import Project as ProjectInfo
    from tui_editor.model.project import TaskRow

MEMBERS = {
    "ann": "annotator",
    "bo": "annotator",
    "rae": "reviewer",
    "both": "annotator_reviewer",
    "max": "manager",
    "adm": "admin",
    "vic": "viewer",
}
TEAM = replace(PROJECT, members=MEMBERS)
SUBMIT = workflow.Step(command="task.submit", make=edits.submit)
APPROVE = workflow.Step(command="task.approve", make=edits.approve_task)


def one(key: int, *, priority: float = 0.5, status: TaskStatus | None = None, **unit: object) -> ImportedTask:
    task = replace(
        TASK,
        id=TaskId(key),
        title=f"task {key}",
        priority=priority,
        units=(replace(TASK.units[0], metadata=unit),),
    )
    found = document("car@0 box 1,1 2,2")
    return ImportedTask(task=task, document=standing(found, status or found.status))


def project(*tasks: ImportedTask, info: ProjectInfo = TEAM) -> Project:
    store = MemoryStore(info)
    store.add_tasks(tasks, "adm")
    return Project(Path(), store, "adm")


def as_(found: Project, person: str) -> Project:
    return Project(found.folder, found.store, person)


def status(found: Project, key: int) -> TaskStatus:
    return found.store.status(TaskId(key))


# --- next task -------------------------------------------------------------------------------------------------------


def test_the_next_task_is_the_one_of_the_highest_priority_and_is_taken_with_it() -> None:
    found = project(one(1, priority=0.2), one(2, priority=0.9), one(3, priority=0.9))
    assert [workflow.next_task(as_(found, who)) for who in ("ann", "bo", "both")] == [2, 3, 1]
    assert [status(found, n).assignee for n in (1, 2, 3)] == ["both", "ann", "bo"]
    assert [entry.kind.value for entry in found.store.journal(TaskId(2))] == ["import", "assign"]


def test_ones_own_task_comes_again_until_it_is_handed_on() -> None:
    found = project(one(1), one(2))
    ann = as_(found, "ann")
    assert workflow.next_task(ann) == workflow.next_task(ann) == 1
    workflow.do(ann, TaskId(1), SUBMIT)
    assert workflow.next_task(ann) == 2


def test_a_person_gets_only_tasks_of_stages_that_the_role_allows() -> None:
    found = project(one(1, status=TaskStatus(stage="review", author="ann")), one(2))
    assert workflow.next_task(as_(found, "rae")) == 1
    assert workflow.next_task(as_(found, "ann")) == 2
    assert workflow.next_task(as_(found, "rae")) == 1
    assert workflow.next_task(as_(found, "vic")) is None


def test_skipped_and_finished_tasks_are_not_handed_out_and_a_reopened_one_returns_to_its_author() -> None:
    found = project(
        one(1, status=TaskStatus(state=TaskState.SKIPPED)),
        one(2, status=TaskStatus(stage="complete", state=TaskState.COMPLETED)),
        one(3, status=TaskStatus(state=TaskState.REOPENED, assignee="ann", author="ann")),
    )
    assert workflow.next_task(as_(found, "bo")) is None
    assert workflow.next_task(as_(found, "ann")) == 3
    assert status(found, 3).state is TaskState.REOPENED


def test_a_stage_that_is_not_there_is_named() -> None:
    with pytest.raises(UsageError, match="no stage nowhere"):
        workflow.next_task(project(one(1)), "nowhere")


def test_a_task_that_somebody_has_open_is_passed_over() -> None:
    found = project(one(1), one(2))
    found.store.acquire(TaskId(1), Session(id="s", person="bo"))
    assert workflow.next_task(as_(found, "ann")) == 2
    with pytest.raises(StoreLocked, match="bo has the task open"):
        workflow.take_task(as_(found, "ann"), TaskId(1))


def test_a_skipped_task_that_is_taken_has_its_issue_resolved() -> None:
    found = project(one(1))
    ann = as_(found, "ann")
    skip = workflow.Step(command="task.skip", make=lambda d, p, s, t: edits.skip(d, p, "dark", s, t))
    workflow.do(ann, TaskId(1), skip)
    assert len(ann.read(TaskId(1)).document.open_issues()) == 1
    workflow.take_task(ann, TaskId(1))
    assert not ann.read(TaskId(1)).document.open_issues()
    assert status(found, 1).state is TaskState.ASSIGNED


class _Late(MemoryStore):
    """A store in which somebody takes every task right after its row was read."""

    taker = ""

    def tasks(self, query: TaskQuery) -> Sequence[TaskRow]:
        rows = super().tasks(query)
        if self.taker:
            other, self.taker = Project(Path(), self, self.taker), ""
            for row in rows:
                workflow.take_task(other, row.id)
        return rows


@pytest.mark.parametrize("group", ["", "g"])
def test_what_somebody_took_a_moment_ago_is_handed_out_to_nobody_else_not_even_to_a_manager(group: str) -> None:
    store = _Late(TEAM)
    taken = one(1)
    store.add_tasks([taken.as_task(replace(taken.task, group_key=group))], "adm")
    store.taker = "ann"

    assert workflow.next_task(Project(Path(), store, "max")) is None
    assert store.status(TaskId(1)).assignee == "ann"


def test_many_people_at_once_get_each_task_once(tmp_path: Path) -> None:
    tasks = 40
    store = create_store(tmp_path, replace(PROJECT, members={**MEMBERS, **{f"p{n}": "annotator" for n in range(6)}}))
    store.add_tasks([one(n) for n in range(1, tasks + 1)], "adm")
    store.close()
    got: list[int] = []

    def work(person: str) -> None:
        mine = Project(tmp_path, open_store(tmp_path), person)
        try:
            while (task := workflow.next_task(mine, "annotate")) is not None:
                got.append(task)
                workflow.do(mine, task, SUBMIT)
        finally:
            mine.close()

    workers = [threading.Thread(target=work, args=(f"p{n}",)) for n in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(got) == list(range(1, tasks + 1))


# --- assign, release, move, priority -----------------------------------------------------------------------------


def test_a_manager_assigns_releases_moves_and_prioritises() -> None:
    found = project(one(1))
    boss = as_(found, "max")
    workflow.do(boss, TaskId(1), workflow.assign_step("bo"))
    assert status(found, 1) == TaskStatus(state=TaskState.ASSIGNED, assignee="bo")
    workflow.do(boss, TaskId(1), workflow.release_step())
    assert status(found, 1) == TaskStatus(state=TaskState.RELEASED)
    workflow.do(boss, TaskId(1), workflow.move_step("complete"))
    assert status(found, 1) == TaskStatus(stage="complete", state=TaskState.COMPLETED)
    workflow.do(boss, TaskId(1), workflow.reopen_step())
    assert status(found, 1) == TaskStatus(state=TaskState.REOPENED)
    workflow.prioritize(boss, TaskId(1), 0.75)
    assert found.store.tasks(TaskQuery())[0].priority == 0.75


@pytest.mark.parametrize("person", ["ann", "rae", "vic"])
def test_who_is_no_manager_neither_assigns_nor_moves_nor_prioritises(person: str) -> None:
    found = as_(project(one(1)), person)
    for step in (workflow.assign_step("bo"), workflow.move_step("review")):
        with pytest.raises(Refused, match=f"task 1: {person} is an? {MEMBERS[person]} here"):
            workflow.do(found, TaskId(1), step)
    with pytest.raises(Refused, match="can't change priorities"):
        workflow.prioritize(found, TaskId(1), 1)
    with pytest.raises(Refused, match="can't set client metadata"):
        workflow.set_metadata(found, TaskId(1), "a", 1)


def test_a_priority_is_between_nothing_and_one() -> None:
    with pytest.raises(UsageError, match="2 is no priority"):
        workflow.prioritize(project(one(1)), TaskId(1), 2)


# --- groups ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def patient() -> Project:
    """Two tasks of one patient and one of another."""
    found = project(one(1, patient=7), one(2, patient=7), one(3, patient=8))
    assert workflow.group_by(found, "patient") == 3
    return found


def test_tasks_of_one_group_are_taken_submitted_approved_and_reopened_together(patient: Project) -> None:
    ann, rae = as_(patient, "ann"), as_(patient, "rae")
    workflow.take_task(ann, TaskId(1))
    assert [status(patient, n).assignee for n in (1, 2, 3)] == ["ann", "ann", ""]
    assert set(workflow.do(ann, TaskId(2), SUBMIT)) == {1, 2}
    assert [status(patient, n).stage for n in (1, 2, 3)] == ["review", "review", "annotate"]
    workflow.do(rae, TaskId(1), APPROVE)
    assert [status(patient, n).stage for n in (1, 2, 3)] == ["complete", "complete", "annotate"]
    workflow.do(rae, TaskId(2), workflow.reopen_step())
    assert [status(patient, n).stage for n in (1, 2)] == ["annotate", "annotate"]


def test_a_group_is_submitted_whole_or_not_at_all_and_the_task_that_hinders_is_named(patient: Project) -> None:
    store = patient.store
    held = store.open(TaskId(2)).document
    from tui_editor.edits.issues import new_issue, raise_issue
    from tui_editor.model.issues import IssueKind

    issue = raise_issue(new_issue(IssueKind.FILE, "?", Stamp("ann", 1)))
    store.commit([workflow.edit_of(patient, TaskId(2), issue, SUBMIT)])
    assert held.status.stage == "annotate"
    with pytest.raises(Refused, match="task 2: 1 open issue"):
        workflow.do(as_(patient, "ann"), TaskId(1), SUBMIT)
    assert [status(patient, n).stage for n in (1, 2)] == ["annotate", "annotate"]


def test_a_group_that_somebody_works_on_is_busy(patient: Project) -> None:
    patient.store.acquire(TaskId(2), Session(id="s", person="bo"))
    assert workflow.busy_in_group(as_(patient, "ann"), TaskId(1)) == "bo has task 2 of this group open"
    assert workflow.busy_in_group(as_(patient, "bo"), TaskId(1)) == ""
    assert workflow.busy_in_group(as_(patient, "ann"), TaskId(3)) == ""


def test_what_a_window_does_with_its_own_task_the_others_of_the_group_do_as_well(patient: Project) -> None:
    assert workflow.do_with_others(as_(patient, "ann"), TaskId(1), SUBMIT) == 1
    assert [status(patient, n).stage for n in (1, 2, 3)] == ["annotate", "review", "annotate"]
    assert workflow.do_with_others(as_(patient, "ann"), TaskId(1), SUBMIT) == 0


def test_a_task_whose_key_changes_joins_the_other_group(patient: Project) -> None:
    workflow.set_metadata(patient, TaskId(3), "patient", 7)
    assert [row.title for row in workflow.group_rows(patient, TaskId(1))] == ["task 1", "task 2", "task 3"]
    workflow.set_metadata(patient, TaskId(3), "patient", None)
    assert workflow.group_rows(patient, TaskId(3)) == []


# --- metadata, members -----------------------------------------------------------------------------------------------


def test_client_metadata_is_set_shown_and_found() -> None:
    found = project(one(1, site="Bonn"), one(2, site="Jena"))
    workflow.set_metadata(found, TaskId(1), "night", True, unit=0)
    assert found.store.task(TaskId(1)).units[0].metadata == {"site": "Bonn", "night": True}
    assert [r.id for r in found.store.tasks(TaskQuery(metadata=(("night", "true"), ("site", "bonn"))))] == [1]
    workflow.set_metadata(found, TaskId(1), "site", None)
    assert found.store.tasks(TaskQuery(metadata=(("site", "bonn"),))) == []
    with pytest.raises(UsageError, match="no data unit 3"):
        workflow.set_metadata(found, TaskId(1), "a", 1, unit=3)


def test_the_first_member_is_an_admin_and_the_last_admin_stays() -> None:
    found = project(info=PROJECT)
    with pytest.raises(Refused, match="needs an admin"):
        workflow.set_role(found, "ann", "annotator")
    workflow.set_role(found, "adm", "admin")
    workflow.set_role(found, "ann", "annotator")
    with pytest.raises(Refused, match="needs an admin"):
        workflow.set_role(found, "adm", "viewer")
    with pytest.raises(UsageError, match="king is no role"):
        workflow.set_role(found, "ann", "king")
    with pytest.raises(Refused, match="ann is an annotator here"):
        workflow.set_role(as_(found, "ann"), "ann", "admin")
    workflow.set_role(found, "ann", "")
    assert dict(found.info.members) == {"adm": "admin"}


# --- consensus -------------------------------------------------------------------------------------------------------

START = TaskStatus(stage="label")


@pytest.fixture
def agreeing() -> Project:
    """A task of which two branches are asked for."""
    return project(one(1, status=START), info=replace(TEAM, workflow=CONSENSUS))


def test_each_annotator_gets_a_branch_and_no_more_than_are_asked_for(agreeing: Project) -> None:
    first, second = (workflow.next_task(as_(agreeing, who)) for who in ("ann", "bo"))
    assert first != second
    assert workflow.next_task(as_(agreeing, "both")) is None
    assert workflow.next_task(as_(agreeing, "ann")) == first
    assert [(row.branch, row.assignee) for row in branch_rows(agreeing, TaskId(1))] == [("ann", "ann"), ("bo", "bo")]
    assert workflow.next_task(as_(agreeing, "rae")) is None


def labelled(found: Project, person: str, dx: float) -> TaskId:
    """Move the car in a person's branch and hand it in."""
    mine = as_(found, person)
    task = workflow.next_task(mine)
    assert task is not None
    patch = move_labels(mine.read(task).document, [InstanceId(1)], FrameRef(UNIT, 0), (dx, 0.0), Stamp(person, 5))
    mine.store.commit([workflow.edit_of(mine, task, patch, SUBMIT)])
    workflow.do(mine, task, SUBMIT)
    settle(mine, task)
    return task


def test_annotators_do_not_see_each_other_and_the_task_goes_on_when_all_are_done(agreeing: Project) -> None:
    labelled(agreeing, "ann", 1)
    assert status(agreeing, 1).stage == "label"
    assert workflow.next_task(as_(agreeing, "ann")) is None
    labelled(agreeing, "bo", 7)
    assert (status(agreeing, 1).stage, status(agreeing, 1).state) == ("consensus", TaskState.NEW)
    lefts = [each.document.label(InstanceId(1), UNIT, 0).shape.x for each in branches(agreeing, TaskId(1))]  # type: ignore[union-attr]  # boxes are there
    assert lefts == [2, 8]
    assert not settle(agreeing, TaskId(1))


def test_without_consensus_the_branches_are_reopened_at_their_annotators(agreeing: Project) -> None:
    mine = labelled(agreeing, "ann", 1)
    labelled(agreeing, "bo", 7)
    reject = workflow.Step(command="task.reject", make=lambda d, p, s, t: edits.reject_task(d, p, "no", s, t))
    workflow.do(as_(agreeing, "rae"), TaskId(1), reject)
    assert settle(agreeing, TaskId(1))
    assert [(r.state, r.assignee) for r in branch_rows(agreeing, TaskId(1))] == [
        ("reopened", "ann"),
        ("reopened", "bo"),
    ]
    assert workflow.next_task(as_(agreeing, "ann")) == mine
    assert not settle(agreeing, TaskId(1))


def test_two_who_begin_the_last_branch_at_once_do_not_both_get_it(tmp_path: Path) -> None:
    store = create_store(tmp_path, replace(TEAM, workflow=CONSENSUS))
    store.add_tasks([one(1, status=START)], "adm")
    store.close()
    got: list[TaskId | None] = []
    ready = threading.Barrier(3)

    def work(person: str) -> None:
        mine = Project(tmp_path, open_store(tmp_path), person)
        try:
            ready.wait()
            got.append(workflow.next_task(mine))
        finally:
            mine.close()

    workers = [threading.Thread(target=work, args=(who,)) for who in ("ann", "bo", "both")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    taken = [task for task in got if task is not None]
    assert len(taken) == len(set(taken)) == 2
