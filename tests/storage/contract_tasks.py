"""What every project store must do: the project, its tasks, the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from tests.storage.engine import TASK, Engine, StoreSuite
from tests.storage.samples import (
    BO,
    CAR,
    UNIT,
    document,
    edit,
    encoded,
    imported,
    moved,
    passed_on,
    project,
    task,
)
from tui_editor.errors import PatchMismatch, ProjectChanged, StoreError, StoreMissing
from tui_editor.model.document import make_document
from tui_editor.model.ids import ClassId, IssueId, TaskId
from tui_editor.model.instances import Instance
from tui_editor.model.issues import DecisionState, Issue, IssueKind, Resolution, ReviewDecision
from tui_editor.model.patch import IssueChange, Patch
from tui_editor.model.project import Task, TaskQuery, TaskSort
from tui_editor.model.project_change import changed_settings
from tui_editor.model.workflow import TaskState, TaskStatus
from tui_editor.ports import ImportedTask
from tui_editor.ports.activities import MOST_ACTIVITIES, Activity, ActivityState
from tui_editor.storage import host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.ports import ProjectStore


def described(key: int, **metadata: object) -> Task:
    """Return a task whose data unit has client metadata."""
    plain = task(key)
    return replace(plain, units=(replace(plain.units[0], metadata=metadata),))


class TaskContract(StoreSuite):
    """The suite."""

    # --- project and tasks -----------------------------------------------------------------------

    def test_a_project_comes_back_after_reopening(self, engine: Engine) -> None:
        engine.create().close()

        back = engine.reopen().project()

        assert (project().name, project().ontology.classes) == (back.name, back.ontology.classes)

    def test_a_changed_project_is_kept(self, engine: Engine, store: ProjectStore) -> None:
        store.save_project(replace(store.project(), name="lanes"))
        store.close()

        assert engine.reopen().project().name == "lanes"

    def test_a_change_of_settings_leaves_those_that_others_changed_meanwhile(self, store: ProjectStore) -> None:
        before = store.project()
        store.save_project(replace(before, name="lanes", settings={"gates": {"annotate": ["S"]}}), before)

        kept = store.save_project(replace(before, description="mine", settings={"layouts": {}}), before)

        assert changed_settings(kept, store.project()) == ()
        assert (kept.name, kept.description) == ("lanes", "mine")
        assert kept.settings == {"gates": {"annotate": ["S"]}, "layouts": {}}

    def test_of_two_who_change_one_setting_the_second_is_refused_and_nothing_of_his_is_kept(
        self, store: ProjectStore
    ) -> None:
        before = store.project()
        store.save_project(replace(before, name="lanes"), before)

        with pytest.raises(ProjectChanged) as refused:
            store.save_project(
                replace(before, name="roads", description="mine"),
                before,
                Activity(kind="settings", what="", person="bo"),
            )

        assert refused.value.settings == ("name",)
        assert (store.project().name, store.project().description) == ("lanes", before.description)
        assert store.activities() == []

    def test_who_changes_a_setting_to_what_it_has_become_is_not_refused(self, store: ProjectStore) -> None:
        before = store.project()
        store.save_project(replace(before, name="lanes"), before)

        assert store.save_project(replace(before, name="lanes", description="x"), before).description == "x"

    # --- what was done with the project ----------------------------------------------------------

    def test_activities_come_back_newest_first_with_their_times(self, engine: Engine, store: ProjectStore) -> None:
        begun = Activity(kind="import", what="a.json", person="ann", state=ActivityState.RUNNING)
        number = store.note(begun)
        engine.clock.pass_ms(5_000)
        store.note(Activity(kind="check", what="all", person="bo"))
        (running,) = (a for a in store.activities() if a.number == number)
        engine.clock.pass_ms(5_000)
        store.note(replace(running, state=ActivityState.DONE, outcome="2 tasks"))
        store.close()

        check, imported = engine.reopen().activities()

        assert (check.kind, imported.kind, imported.outcome) == ("check", "import", "2 tasks")
        assert imported.ended_ms - imported.at_ms == 10_000
        assert (check.at_ms, check.ended_ms) == (imported.at_ms + 5_000,) * 2

    def test_only_activities_that_began_or_ended_after_a_time_are_told(
        self, engine: Engine, store: ProjectStore
    ) -> None:
        store.note(Activity(kind="import", what="old", person="ann"))
        engine.clock.pass_ms(5_000)
        since = store.activities()[0].ended_ms
        store.note(Activity(kind="import", what="new", person="ann"))

        assert [a.what for a in store.activities(since)] == ["new"]
        assert [a.what for a in store.activities(limit=1)] == ["new"]

    def test_an_activity_whose_process_is_gone_was_broken_off(
        self, store: ProjectStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store.note(Activity(kind="export", what="x", person="ann", state=ActivityState.RUNNING))
        assert [a.state for a in store.activities()] == [ActivityState.RUNNING]

        monkeypatch.setattr(host, "pid_alive", lambda _: False)

        assert [a.state for a in store.activities()] == [ActivityState.BROKEN]

    def test_the_oldest_activities_go(self, store: ProjectStore) -> None:
        last = Activity(kind="check", what="last", person="ann", number=MOST_ACTIVITIES + 1)
        store.note(Activity(kind="check", what="first", person="ann"))
        store.note(last)

        assert [a.what for a in store.activities()] == ["last"]

    def test_a_project_is_the_same_object_while_nobody_changes_it(self, store: ProjectStore) -> None:
        before = store.project()
        assert store.project() is before
        store.save_project(replace(before, name="lanes"))

        assert store.project().name == "lanes"

    def test_a_task_comes_back_with_its_labels(self, engine: Engine, store: ProjectStore) -> None:
        store.close()

        back = engine.reopen().open(TASK)

        assert task() == back.task
        assert back.document.same(document())
        assert back.seq == 1

    def test_instances_issues_decisions_and_status_come_back(self, store: ProjectStore) -> None:
        car = Instance(id=CAR, class_id=ClassId("car"), ordinal=3, source_id="x1", extra={"k": [1]})
        issue = Issue(id=IssueId(1), kind=IssueKind.PIN, author="ann", created_ms=1, point=(1.5, 2.5), unit=UNIT)
        judged = ReviewDecision(state=DecisionState.REJECTED, by="bo", issue=issue.id)
        status = TaskStatus(stage="review", state=TaskState.ASSIGNED, assignee="bo", author="ann", reviewer="bo")
        whole = make_document(instances=[car], issues=[issue], decisions={CAR: judged}, status=status)

        store.add_tasks([ImportedTask(task=task(12), document=whole)], "ann")

        assert store.open(TaskId(12)).document.same(whole)

    def test_an_encoded_task_comes_back_with_its_labels(self, engine: Engine, store: ProjectStore) -> None:
        store.add_tasks([encoded(12, [0, 300])], "ann")
        store.close()

        back = engine.reopen().open(TaskId(12))

        assert back.task == task(12)
        assert back.document.same(encoded(12, [0, 300]).document)
        assert (back.document.label_count, back.seq) == (2, 1)

    def test_a_task_that_is_not_there_is_named_missing(self, store: ProjectStore) -> None:
        for ask in (store.task, store.open, store.journal, store.recent, store.holder):
            with pytest.raises(StoreMissing):
                ask(TaskId(99))

    def test_adding_tasks_is_all_or_nothing(self, store: ProjectStore) -> None:
        def broken() -> Iterator[ImportedTask]:
            yield imported(12)
            raise ValueError("the file ends here")

        with pytest.raises((ValueError, StoreError)):
            store.add_tasks(broken(), "ann")

        assert [row.id for row in store.tasks(TaskQuery())] == [TASK]

    def test_a_task_is_not_added_twice(self, store: ProjectStore) -> None:
        with pytest.raises(StoreError):
            store.add_tasks([imported(12), imported(11)], "ann")

        assert [row.id for row in store.tasks(TaskQuery())] == [TASK]

    def test_adding_tasks_tells_its_progress(self, store: ProjectStore) -> None:
        told: list[int] = []

        assert store.add_tasks([imported(12), imported(13)], "ann", told.append) == 2
        assert told == [1, 2]

    def test_tasks_are_changed_together_or_not_at_all(self, store: ProjectStore) -> None:
        store.add_tasks([imported(12)], "ann")
        asked: list[TaskId] = []

        def named(found: Task) -> Task:
            asked.append(found.id)
            return replace(found, title="other") if found.id == 12 else found

        with pytest.raises(StoreMissing):
            store.change_tasks([TaskId(12), TaskId(99)], named)
        assert store.task(TaskId(12)).title != "other"
        assert store.change_tasks([TASK, TaskId(12)], named) == 1
        assert asked[-2:] == [TASK, 12]
        assert [row.id for row in store.tasks(TaskQuery(text="other"))] == [12]

    def test_a_changed_task_is_kept_without_touching_its_labels(self, store: ProjectStore) -> None:
        store.save_task(task(title="other", priority=0.75, frames=3))

        row = store.tasks(TaskQuery())[0]
        assert (row.title, row.priority, row.frame_count, row.label_count) == ("other", 0.75, 3, 300)
        assert store.task(TASK).title == "other"
        assert store.open(TASK).document.same(document())

    # --- the queue -------------------------------------------------------------------------------

    def test_the_queue_goes_by_falling_priority_then_id_page_by_page(self, store: ProjectStore) -> None:
        store.add_tasks([imported(k, priority=p) for k, p in ((3, 0.1), (4, 0.9), (2, 0.9), (8, 0.1))], "ann")
        query, found = TaskQuery(limit=2), list[int]()

        while rows := store.tasks(query):
            found += [row.id for row in rows]
            query = replace(query, after=rows[-1])

        assert found == [2, 4, 11, 3, 8]

    def test_the_queue_shows_what_an_edit_changed(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        raised = Issue(id=IssueId(1), kind=IssueKind.FILE, author="ann", created_ms=1)
        more = Patch((IssueChange(raised.id, None, raised),)).then(moved(now, 700, 1.5)).then(passed_on(now))

        store.commit([edit(more, at_ms=77)])

        row = store.tasks(TaskQuery())[0]
        assert (row.label_count, row.issue_count, row.stage, row.state, row.updated_ms) == (301, 1, "review", "new", 77)
        assert (row.kind, row.frame_count, row.title) == ("video", 1000, "clip")

    def test_a_resolved_issue_no_longer_counts(self, store: ProjectStore) -> None:
        raised = Issue(id=IssueId(1), kind=IssueKind.FILE, author="ann", created_ms=1)
        solved = replace(raised, history=(Resolution(resolved=True, by="bo", at_ms=2),))
        store.commit([edit(Patch((IssueChange(raised.id, None, raised),)))])

        store.commit([edit(Patch((IssueChange(raised.id, raised, solved),)))])

        assert store.tasks(TaskQuery())[0].issue_count == 0

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            (TaskQuery(stage="review"), [2]),
            (TaskQuery(state="assigned"), [2]),
            (TaskQuery(stage="annotate", state="new"), [3, 11]),
            (TaskQuery(assignee="bo"), [2]),
            (TaskQuery(text="STRAßE 1"), [3]),
            (TaskQuery(text="100%"), []),
            (TaskQuery(has_issues=True), [3]),
            (TaskQuery(has_issues=False), [2, 11]),
            (TaskQuery(stage="nowhere"), []),
            (TaskQuery(kind="video"), [2, 3, 11]),
            (TaskQuery(kind="image"), []),
            (TaskQuery(group="g1"), [3]),
            (TaskQuery(metadata=(("City", "bonn"),)), [2]),
            (TaskQuery(metadata=(("city", "bonn"),)), []),
            (TaskQuery(metadata=(("City", "Bonn"), ("night", "True"))), [2]),
            (TaskQuery(metadata=(("City", "Bonn"), ("night", "False"))), []),
            (TaskQuery(metadata=(("n", "1.5"),)), [2]),
            (TaskQuery(open_to="bo"), [2, 3, 11]),
            (TaskQuery(open_to="ann"), [3, 11]),
            (TaskQuery(open_to="bo", stage="review"), [2]),
            (TaskQuery(text="raß", metadata=(("City", "Bonn"),)), []),
            (TaskQuery(text="a"), [3]),
        ],
    )
    def test_the_queue_is_filtered(self, store: ProjectStore, query: TaskQuery, found: list[int]) -> None:
        status = TaskStatus(stage="review", state=TaskState.ASSIGNED, assignee="bo")
        store.add_tasks(
            [
                ImportedTask(task=described(2, City="Bonn", night=True, n=1.5), document=document(status=status)),
                ImportedTask(task=replace(task(3, title="Straße 1"), group_key="g1"), document=document(issues=2)),
            ],
            "ann",
        )

        assert found == [row.id for row in store.tasks(query)]
        assert len(found) == sum(store.count(query).values())

    @pytest.mark.parametrize(
        ("sort", "found"),
        [
            (TaskSort.PRIORITY, [2, 11, 1, 3]),
            (TaskSort.TITLE, [3, 1, 2, 11]),
            (TaskSort.ISSUES, [3, 1, 2, 11]),
            (TaskSort.FRAMES, [2, 11, 1, 3]),
            (TaskSort.LABELS, [11, 2, 3, 1]),
        ],
    )
    @pytest.mark.parametrize("reverse", [False, True])
    def test_the_queue_is_sorted_page_by_page_and_turned_round(
        self, store: ProjectStore, sort: TaskSort, found: list[int], reverse: bool
    ) -> None:
        some = document(range(200))
        store.add_tasks(
            [
                ImportedTask(task=task(1, title="B", priority=0.1, frames=9), document=document(range(3), issues=1)),
                ImportedTask(task=task(2, title="b", priority=0.9), document=some),
                ImportedTask(task=task(3, title="A", priority=0.1, frames=9), document=document(range(7), issues=2)),
            ],
            "ann",
        )
        query, seen = TaskQuery(sort=sort, reverse=reverse, limit=1), list[int]()

        while rows := store.tasks(query):
            seen += [row.id for row in rows]
            query = replace(query, after=rows[-1])

        assert seen == (found[::-1] if reverse else found)

    def test_what_the_queue_finds_follows_a_changed_task(self, store: ProjectStore) -> None:
        store.save_task(replace(described(11, City="Bonn"), title="renamed", group_key="g", priority=0.25))
        store.save_task(replace(described(11, City="Köln"), title="again", group_key="h", priority=0.75))

        def ids(**query: Any) -> list[int]:
            return [row.id for row in store.tasks(TaskQuery(**query))]

        assert ids(text="again") == ids(group="h") == ids(metadata=(("City", "köln"),)) == [TASK]
        assert ids(text="renamed") == ids(text="clip") == ids(group="g") == ids(metadata=(("City", "bonn"),)) == []

    def test_a_branch_is_found_by_the_task_that_it_belongs_to(self, store: ProjectStore) -> None:
        store.add_tasks([ImportedTask(task=replace(task(2), parent=TASK, branch="bo"), document=document())], "bo")

        (row,) = store.tasks(TaskQuery(parent=TASK))
        assert (row.id, row.parent, row.branch) == (2, TASK, "bo")
        assert store.task(TaskId(2)).branch == "bo"

    def test_edits_of_several_tasks_are_kept_together_or_not_at_all(self, store: ProjectStore) -> None:
        store.add_tasks([imported(12), imported(13)], "ann")
        now = store.open(TASK).document
        right, wrong = passed_on(now), passed_on(document(status=TaskStatus(stage="review")), "complete")

        first, second = store.commit([edit(right, key=12), edit(wrong, key=13)], together=True)

        assert isinstance(first, PatchMismatch)
        assert isinstance(second, PatchMismatch)
        assert store.count(TaskQuery()) == {("annotate", "new"): 3}
        assert [entry.seq for entry in store.journal(TaskId(12))] == [1]
        assert store.commit([edit(right, key=12), edit(right, key=13)], together=True) == [2, 2]
        assert store.count(TaskQuery()) == {("annotate", "new"): 1, ("review", "new"): 2}

    def test_edits_that_are_kept_together_or_not_leave_nobody_elsewhere(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        fitting = edit(moved(now, 3, 9.5), view={"frame": 3})
        other = edit(moved(now, 3, 1.0), BO, view={"frame": 9})

        store.commit([fitting, other], together=True)

        assert [dict(store.open(TASK, person).view) for person in ("ann", "bo")] == [{}, {}]
        assert [store.last_task(person) for person in ("ann", "bo")] == [None, None]

    def test_edits_are_not_kept_together_with_one_of_a_task_that_is_not_there(self, store: ProjectStore) -> None:
        right = passed_on(store.open(TASK).document)

        answers = store.commit([edit(right), edit(right, key=99)], together=True)

        assert [StoreMissing, StoreMissing] == [type(a) for a in answers]
        assert store.count(TaskQuery()) == {("annotate", "new"): 1}

    def test_tasks_are_counted_by_stage_and_state(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        store.add_tasks([imported(12), imported(13)], "ann")
        store.commit([edit(passed_on(now))])

        assert store.count(TaskQuery(limit=1)) == {("annotate", "new"): 2, ("review", "new"): 1}
