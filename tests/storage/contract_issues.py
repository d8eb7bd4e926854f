"""What every project store must do: the issues and the instances of all tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tests.storage.engine import TASK, Engine, StoreSuite
from tests.storage.samples import CAR, edit, imported
from tui_editor.edits.issues import new_issue, raise_issue
from tui_editor.edits.stamp import Stamp
from tui_editor.model.ids import ClassId, InstanceId, IssueId, TaskId
from tui_editor.model.issues import FiledIssue, Issue, IssueKind
from tui_editor.model.patch import IssueChange, Patch
from tui_editor.model.project import TaskQuery

if TYPE_CHECKING:
    from tui_editor.ports import Edit, ProjectStore


def raised(kind: IssueKind, number: int, instance: InstanceId | None = None) -> Issue:
    issue = new_issue(kind, f"issue {number}", Stamp("ann", number), instance=instance, stage="review")
    return replace(issue, id=IssueId(number))


def raising(issue: Issue, task: TaskId = TASK) -> Edit:
    return replace(edit(raise_issue(issue)), task=task)


class IssueContract(StoreSuite):
    """The suite."""

    def test_the_issues_of_all_tasks_are_read_with_the_class_that_they_hang_on(
        self, engine: Engine, store: ProjectStore
    ) -> None:
        before = len(list(store.issues()))
        store.add_tasks([imported(12)], "ann")
        base = len(list(store.issues()))
        on_car, on_file = raised(IssueKind.LABEL, 7, CAR), raised(IssueKind.FILE, 8)
        gone = raised(IssueKind.LABEL, 9, InstanceId(999))
        store.commit([raising(on_car), raising(gone), raising(on_file, TaskId(12))])
        store.close()

        again = engine.reopen()
        found = {f.issue.id: f for f in again.issues()}
        car = again.open(TASK).document.instances[CAR].class_id
        assert base >= before
        assert len(found) == base + 3
        assert found[on_car.id] == FiledIssue(task=TASK, issue=on_car, class_id=car)
        assert found[gone.id] == FiledIssue(task=TASK, issue=gone)
        assert found[on_file.id] == FiledIssue(task=TaskId(12), issue=on_file)

    def test_more_issues_than_are_read_at_once_come_each_once(self, store: ProjectStore) -> None:
        base = len(list(store.issues()))
        many = [raised(IssueKind.FILE, 1000 + n) for n in range(1203)]
        store.commit([edit(Patch(tuple(IssueChange(i.id, None, i) for i in many)))])

        found = [f.issue.id for f in store.issues()]
        assert len(found) == len(set(found)) == base + 1203

    def test_a_deleted_issue_is_read_no_more(self, store: ProjectStore) -> None:
        issue = raised(IssueKind.FILE, 8)
        store.commit([raising(issue), edit(Patch((IssueChange(issue.id, issue, None),)))])

        assert issue.id not in {f.issue.id for f in store.issues()}

    def test_the_instances_of_some_classes_are_read_from_all_tasks(self, engine: Engine, store: ProjectStore) -> None:
        store.add_tasks([imported(12)], "ann")
        store.close()

        again = engine.reopen()
        car = again.open(TASK).document.instances[CAR]
        found = [(task, value.id) for task, value in again.instances({car.class_id})]
        documents = {row.id: again.open(row.id).document for row in again.tasks(TaskQuery(limit=1000))}
        assert sorted(found) == sorted((key, i.id) for key, d in documents.items() for i in d.of_class(car.class_id))
        assert (TASK, car) in list(again.instances({car.class_id}))
        assert not list(again.instances({ClassId("none")}))
