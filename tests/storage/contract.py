"""What every project store must do. A test class of an engine inherits it and gives the fixture `engine`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import pytest

from tests.storage.samples import (
    ANN,
    BO,
    CAR,
    UNIT,
    FakeClock,
    boxes,
    document,
    edit,
    imported,
    moved,
    passed_on,
    project,
    task,
)
from tui_editor.errors import PatchMismatch, StoreError, StoreFenced, StoreLocked, StoreMissing
from tui_editor.model.document import make_document
from tui_editor.model.frames import FrameIdentity
from tui_editor.model.ids import ClassId, InstanceId, IssueId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.issues import DecisionState, Issue, IssueKind, Resolution, ReviewDecision
from tui_editor.model.patch import Change, DecisionChange, InstanceChange, IssueChange, Patch, StatusChange, TrackChange
from tui_editor.model.project import TaskQuery
from tui_editor.model.shapes import Keypoint, ShapeKind
from tui_editor.model.tracks import Label, empty_track, make_track
from tui_editor.model.workflow import TaskState, TaskStatus
from tui_editor.ports import EntryKind, ImportedTask
from tui_editor.storage.leases import TTL_MS
from tui_editor.storage.replay import imported as as_imported
from tui_editor.storage.replay import verify_journal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.ports import ProjectStore

TASK = TaskId(11)
FIXED = FrameIdentity(algorithm="planes-blake2b", digest="ab", pts=40)


class Engine(Protocol):
    """How the suite makes and reopens stores of one kind."""

    clock: FakeClock

    def create(self) -> ProjectStore: ...

    def reopen(self) -> ProjectStore:
        """Return the same project as a new process would see it."""


class StoreContract:
    """The suite."""

    @pytest.fixture
    def store(self, engine: Engine) -> Iterator[ProjectStore]:
        made = engine.create()
        made.add_tasks([imported()], "ann")
        yield made
        made.close()

    # --- project and tasks -----------------------------------------------------------------------

    def test_a_project_comes_back_after_reopening(self, engine: Engine) -> None:
        engine.create().close()

        back = engine.reopen().project()

        assert (project().name, project().ontology.classes) == (back.name, back.ontology.classes)

    def test_a_changed_project_is_kept(self, engine: Engine, store: ProjectStore) -> None:
        store.save_project(replace(store.project(), name="lanes"))
        store.close()

        assert engine.reopen().project().name == "lanes"

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
        ],
    )
    def test_the_queue_is_filtered(self, store: ProjectStore, query: TaskQuery, found: list[int]) -> None:
        status = TaskStatus(stage="review", state=TaskState.ASSIGNED, assignee="bo")
        store.add_tasks(
            [
                ImportedTask(task=task(2), document=document(status=status)),
                ImportedTask(task=task(3, title="Straße 1"), document=document(issues=2)),
            ],
            "ann",
        )

        assert found == [row.id for row in store.tasks(query)]
        assert len(found) == sum(store.count(query).values())

    def test_tasks_are_counted_by_stage_and_state(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        store.add_tasks([imported(12), imported(13)], "ann")
        store.commit([edit(passed_on(now))])

        assert store.count(TaskQuery(limit=1)) == {("annotate", "new"): 2, ("review", "new"): 1}

    # --- edits -----------------------------------------------------------------------------------

    def test_a_kept_edit_is_there_after_reopening(self, engine: Engine, store: ProjectStore) -> None:
        now = store.open(TASK).document
        patch = moved(now, 3, 9.5)

        assert list(store.commit([edit(patch)])) == [2]
        store.close()

        back = engine.reopen().open(TASK)
        assert back.seq == 2
        assert back.document.same(now.apply(patch))

    def test_edits_of_one_transaction_build_on_each_other(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        first = moved(now, 3, 9.5)
        second = moved(now.apply(first), 3, 10.5)

        assert list(store.commit([edit(first), edit(second)])) == [2, 3]
        assert store.open(TASK).document.same(now.apply(first).apply(second))

    def test_a_patch_that_does_not_fit_is_refused_and_the_others_are_kept(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        fits, stale = moved(now, 3, 9.5), moved(now, 3, 1.5)

        answers = store.commit([edit(fits), edit(stale), edit(moved(now, 4, 2.5))])

        assert [2, PatchMismatch, 3] == [a if isinstance(a, int) else type(a) for a in answers]
        assert store.open(TASK).document.same(now.apply(fits).apply(moved(now, 4, 2.5)))

    def test_a_refused_edit_leaves_nothing_behind(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        half = moved(now, 3, 9.5).then(passed_on(replace(now, status=TaskStatus(stage="elsewhere"))))

        (answer,) = store.commit([edit(half, view={"frame": 3})])

        assert isinstance(answer, PatchMismatch)
        assert store.open(TASK).document.same(now)
        assert store.open(TASK, "ann").view == {}
        assert [e.seq for e in store.journal(TASK)] == [1]

    def test_every_kind_of_change_is_checked_against_what_is_there(self, store: ProjectStore) -> None:
        car = store.open(TASK).document.instances[CAR]
        issue = Issue(id=IssueId(1), kind=IssueKind.FILE, author="ann", created_ms=1)
        judged = ReviewDecision(state=DecisionState.APPROVED)
        wrong: list[Change] = [
            InstanceChange(CAR, None, car),
            InstanceChange(CAR, replace(car, ordinal=7), None),
            InstanceChange(InstanceId(6), car, None),
            IssueChange(issue.id, issue, None),
            DecisionChange(CAR, judged, None),
            TrackChange(CAR, UNIT, boxes([3], x=1), empty_track(ShapeKind.BOX)),
            TrackChange(CAR, UNIT, empty_track(ShapeKind.BOX), boxes([3])),
            TrackChange(CAR, UNIT, boxes([999]), boxes([998])),
            TrackChange(InstanceId(77), UNIT, boxes([1]), boxes([1], x=2)),
        ]

        answers = store.commit([edit(Patch((change,))) for change in wrong])

        assert [PatchMismatch] * len(wrong) == [type(a) for a in answers]
        assert store.open(TASK).document.same(document())

    @pytest.mark.parametrize("frame", [700, 5000])
    def test_labels_of_another_kind_are_not_mixed_into_a_track(self, store: ProjectStore, frame: int) -> None:
        point = make_track([Label(frame=frame, shape=Keypoint(1, 2))])
        store.commit([edit(moved(store.open(TASK).document, 701, 3.0))])

        (answer,) = store.commit([edit(Patch((TrackChange(CAR, UNIT, empty_track(ShapeKind.KEYPOINT), point),)))])

        assert isinstance(answer, PatchMismatch)

    def test_all_labels_of_a_track_may_change_their_kind_at_once(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        old = now.track(CAR, UNIT)
        assert old is not None
        points = make_track([Label(frame=f, shape=Keypoint(1, 2)) for f in (3, 299, 700)])
        patch = Patch((TrackChange(CAR, UNIT, old, points),))

        assert list(store.commit([edit(patch)])) == [2]
        assert store.open(TASK).document.same(now.apply(patch))

    def test_a_bulk_edit_over_many_pieces_is_kept_as_one(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        old = now.track(CAR, UNIT)
        assert old is not None
        patch = Patch((TrackChange(CAR, UNIT, old.part(100, 290), boxes(range(150, 900, 3), x=1.5).between(150, 289)),))
        far = Patch((TrackChange(CAR, UNIT, empty_track(ShapeKind.BOX), boxes(range(2000, 2500))),))

        assert list(store.commit([edit(patch), edit(far)])) == [2, 3]

        assert store.open(TASK).document.same(now.apply(patch).apply(far))
        assert store.tasks(TaskQuery())[0].label_count == now.apply(patch).apply(far).label_count

    def test_the_last_label_of_an_instance_can_go_and_come_back(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        old = now.track(CAR, UNIT)
        assert old is not None
        gone = Patch((TrackChange(CAR, UNIT, old, empty_track(ShapeKind.BOX)),))

        store.commit([edit(gone)])
        assert store.open(TASK).document.track(CAR, UNIT) is None
        store.commit([edit(gone.inverse())])

        assert store.open(TASK).document.same(now)

    def test_the_ordinal_of_a_deleted_instance_is_not_given_again(self, engine: Engine, store: ProjectStore) -> None:
        last = Instance(id=InstanceId(6), class_id=ClassId("car"), ordinal=4)
        store.commit([edit(Patch((InstanceChange(last.id, None, last),)))])
        store.commit([edit(Patch((InstanceChange(last.id, last, None),)))])
        store.close()

        assert engine.reopen().open(TASK).document.next_ordinal(ClassId("car")) == 5

    def test_a_retry_gets_the_same_number_and_is_kept_once(self, store: ProjectStore) -> None:
        once = edit(moved(store.open(TASK).document, 3, 9.5))

        assert list(store.commit([once])) == [2]
        assert list(store.commit([once])) == [2]
        assert [e.seq for e in store.journal(TASK)] == [1, 2]

    def test_text_that_cannot_be_written_refuses_only_its_edit(self, store: ProjectStore) -> None:
        bad = Instance(id=InstanceId(6), class_id=ClassId("car"), ordinal=1, source_id="\ud800")
        fine = moved(store.open(TASK).document, 3, 9.5)

        answers = store.commit([edit(Patch((InstanceChange(bad.id, None, bad),))), edit(fine)])

        assert [StoreError, int] == [type(a) for a in answers]

    def test_a_name_that_cannot_be_written_refuses_only_its_edit(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        nameless = replace(now.status, assignee="\ud800")
        bad = edit(Patch((StatusChange(now.status, nameless),)))

        answers = store.commit([bad, edit(moved(now, 3, 9.5))])

        assert [type(a) for a in answers] == [StoreError, int]

    def test_a_fence_without_a_lock_is_worth_nothing(self, store: ProjectStore) -> None:
        (answer,) = store.commit([edit(moved(store.open(TASK).document, 3, 9.5), fence=0)])

        assert isinstance(answer, StoreFenced)

    def test_an_edit_of_a_task_that_is_not_there_is_refused(self, store: ProjectStore) -> None:
        (answer,) = store.commit([edit(Patch(), key=99)])

        assert isinstance(answer, StoreMissing)

    # --- the journal -----------------------------------------------------------------------------

    def test_the_journal_tells_who_did_what_when(self, store: ProjectStore) -> None:
        patch = moved(store.open(TASK).document, 3, 9.5)
        store.commit([edit(patch, BO, command="label.nudge", at_ms=42, idem="x", kind=EntryKind.WORKFLOW)])

        first, second = store.journal(TASK)

        assert (first.seq, first.kind, first.person, len(first.patch.changes)) == (1, EntryKind.IMPORT, "ann", 0)
        assert (second.seq, second.kind, second.person, second.session) == (2, EntryKind.WORKFLOW, "bo", BO.id)
        assert (second.command, second.at_ms, second.idem, second.undoes) == ("label.nudge", 42, "x", None)
        assert document().apply(second.patch).same(document().apply(patch))

    def test_the_journal_is_read_in_parts(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        for frame in range(6):
            store.commit([edit(moved(now, frame, 9.5), BO if frame % 2 else ANN)])

        assert [e.seq for e in store.journal(TASK, after=2, until=4)] == [3, 4]
        assert [e.seq for e in store.journal(TASK, person="bo")] == [3, 5, 7]
        assert [e.seq for e in store.recent(TASK, limit=2)] == [7, 6]
        assert [e.seq for e in store.recent(TASK, before=4)] == [3, 2, 1]

    def test_undo_marks_what_it_takes_back_and_redo_marks_the_undo(self, store: ProjectStore) -> None:
        patch = moved(store.open(TASK).document, 3, 9.5)
        done = edit(patch)
        undo = edit(patch.inverse(), kind=EntryKind.UNDO, undoes=done.idem)
        redo = edit(patch, kind=EntryKind.REDO, undoes=undo.idem)

        assert list(store.commit([done, undo, redo])) == [2, 3, 4]

        found = [(e.seq, e.undoes, e.undone) for e in store.journal(TASK, after=1)]
        assert found == [(2, None, True), (3, 2, True), (4, 3, False)]
        assert store.open(TASK).document.same(document().apply(patch))

    def test_a_step_is_not_taken_back_twice_nor_one_that_was_never_kept(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        done = edit(moved(now, 3, 9.5))
        undo = edit(done.patch.inverse(), kind=EntryKind.UNDO, undoes=done.idem)
        store.commit([done, undo])
        again = edit(moved(now, 4, 1.0), kind=EntryKind.UNDO, undoes=done.idem)
        never = edit(moved(now, 5, 1.0), kind=EntryKind.UNDO, undoes="never kept")

        assert [PatchMismatch] * 2 == [type(a) for a in store.commit([again, never])]

    def test_the_imported_labels_are_found_from_the_journal(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        for frame in (3, 3, 800, 299):
            patch = moved(now, frame, frame + 0.5)
            store.commit([edit(patch)])
            now = now.apply(patch)

        assert verify_journal(store, TASK) == 5
        assert as_imported(store, TASK).same(document())

    # --- leases ----------------------------------------------------------------------------------

    def test_a_lock_is_held_by_one_session(self, store: ProjectStore) -> None:
        lease = store.acquire(TASK, ANN)

        with pytest.raises(StoreLocked, match="ann"):
            store.acquire(TASK, BO)
        assert store.holder(TASK) == lease
        assert (lease.session, lease.person, lease.tty) == (ANN.id, "ann", "tty1")

    def test_a_free_lock_has_no_holder(self, store: ProjectStore) -> None:
        assert store.holder(TASK) is None

    def test_the_same_session_may_lock_again(self, store: ProjectStore) -> None:
        first = store.acquire(TASK, ANN)

        assert store.acquire(TASK, ANN).fence > first.fence

    def test_taking_over_makes_the_old_lock_worthless(self, store: ProjectStore) -> None:
        old = store.acquire(TASK, ANN)
        new = store.acquire(TASK, BO, take=True)
        now = store.open(TASK).document

        answers = store.commit(
            [edit(moved(now, 3, 9.5), fence=old.fence), edit(moved(now, 4, 9.5), BO, fence=new.fence)]
        )

        assert [StoreFenced, int] == [type(a) for a in answers]
        with pytest.raises(StoreFenced):
            store.renew(old)
        store.release(old)
        assert store.holder(TASK) == new

    def test_a_lock_that_was_given_back_is_worth_nothing(self, store: ProjectStore) -> None:
        lease = store.acquire(TASK, ANN)
        store.release(lease)

        (answer,) = store.commit([edit(moved(store.open(TASK).document, 3, 9.5), fence=lease.fence)])

        assert isinstance(answer, StoreFenced)
        assert store.holder(TASK) is None
        assert store.acquire(TASK, BO).fence > lease.fence

    def test_a_tool_without_a_lock_may_write_only_where_nobody_edits(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        assert list(store.commit([edit(moved(now, 3, 9.5), BO)])) == [2]
        lease = store.acquire(TASK, ANN)

        (refused,) = store.commit([edit(moved(now, 4, 9.5), BO)])
        store.release(lease)
        (kept,) = store.commit([edit(moved(now, 4, 9.5), BO)])

        assert isinstance(refused, StoreLocked)
        assert kept == 3

    def test_a_lock_ends_without_a_sign_of_life(self, engine: Engine, store: ProjectStore) -> None:
        old = store.acquire(TASK, ANN)
        engine.clock.pass_ms(TTL_MS - 1)
        assert store.holder(TASK) == old
        engine.clock.pass_ms(1)

        assert store.holder(TASK) is None
        assert store.acquire(TASK, BO).fence > old.fence

    def test_an_expired_lock_that_nobody_took_still_writes(self, engine: Engine, store: ProjectStore) -> None:
        lease = store.acquire(TASK, ANN)
        engine.clock.pass_ms(10 * TTL_MS)

        assert list(store.commit([edit(moved(store.open(TASK).document, 3, 9.5), fence=lease.fence)])) == [2]
        assert store.holder(TASK) is not None

    def test_renewing_and_editing_prolong_a_lock(self, engine: Engine, store: ProjectStore) -> None:
        lease = store.acquire(TASK, ANN)
        engine.clock.pass_ms(TTL_MS - 1)
        renewed = store.renew(lease)
        engine.clock.pass_ms(TTL_MS - 1)
        store.commit([edit(moved(store.open(TASK).document, 3, 9.5), fence=renewed.fence)])
        engine.clock.pass_ms(TTL_MS - 1)

        assert lease.fence == renewed.fence
        assert store.holder(TASK) is not None

    def test_a_corrected_wall_clock_neither_ends_nor_prolongs_a_lock(self, engine: Engine, store: ProjectStore) -> None:
        store.acquire(TASK, ANN)
        engine.clock.set_wall(24 * 3_600_000)
        assert store.holder(TASK) is not None
        engine.clock.set_wall(-48 * 3_600_000)
        engine.clock.pass_ms(TTL_MS)

        assert store.holder(TASK) is None

    def test_a_restart_of_the_machine_frees_its_locks(self, engine: Engine, store: ProjectStore) -> None:
        store.acquire(TASK, ANN)
        engine.clock.restart()

        assert store.holder(TASK) is None

    def test_the_lock_of_a_process_that_is_gone_is_free(self, store: ProjectStore) -> None:
        gone = replace(ANN, pid=2**22 + 1)  # beyond the largest number of a Linux process

        store.acquire(TASK, gone)

        assert store.holder(TASK) is None
        store.acquire(TASK, BO)

    def test_a_lock_from_another_machine_ends_by_the_wall_clock(self, engine: Engine, store: ProjectStore) -> None:
        store.acquire(TASK, replace(ANN, host="elsewhere", pid=2**22 + 1))
        engine.clock.restart()
        assert store.holder(TASK) is not None
        engine.clock.pass_ms(TTL_MS)

        assert store.holder(TASK) is None

    # --- views and identities --------------------------------------------------------------------

    def test_each_person_comes_back_to_where_they_were(self, engine: Engine, store: ProjectStore) -> None:
        now = store.open(TASK).document
        store.commit([edit(moved(now, 3, 9.5), view={"frame": 3, "selection": [CAR]})])
        store.save_view(TASK, "bo", {"frame": 9})
        store.close()

        again = engine.reopen()
        assert [again.open(TASK, person).view for person in ("ann", "bo", "")] == [
            {"frame": 3, "selection": [CAR]},
            {"frame": 9},
            {},
        ]

    def test_the_last_task_of_a_person_is_known(self, store: ProjectStore) -> None:
        store.add_tasks([imported(12)], "ann")
        assert store.last_task("ann") is None
        store.save_view(TaskId(12), "ann", {"frame": 1})
        store.commit([edit(moved(store.open(TASK).document, 3, 9.5), BO, view={"frame": 3})])

        assert (TaskId(12), TASK) == (store.last_task("ann"), store.last_task("bo"))

    def test_what_proves_a_frame_is_recorded_once(self, store: ProjectStore) -> None:
        still = FrameIdentity(algorithm="file-blake2b", digest="cd")
        store.save_identities(UnitId(7), {0: FIXED})
        store.save_identities(UnitId(7), {0: still, 1: still})

        assert {0: FIXED, 1: still} == dict(store.identities(UnitId(7)))
        assert dict(store.identities(UnitId(8))) == {}
