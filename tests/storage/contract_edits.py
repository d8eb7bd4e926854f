"""What every project store must do: edits and the journal."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from tests.storage.engine import TASK, Engine, StoreSuite
from tests.storage.samples import (
    ANN,
    BO,
    CAR,
    UNIT,
    boxes,
    document,
    edit,
    imported,
    moved,
    passed_on,
)
from tui_editor.errors import PatchMismatch, StoreError, StoreFenced, StoreMissing
from tui_editor.model.ids import ClassId, InstanceId, IssueId, TaskId
from tui_editor.model.instances import Instance
from tui_editor.model.issues import DecisionState, Issue, IssueKind, ReviewDecision
from tui_editor.model.patch import Change, DecisionChange, InstanceChange, IssueChange, Patch, StatusChange, TrackChange
from tui_editor.model.project import TaskQuery
from tui_editor.model.shapes import Keypoint, ShapeKind
from tui_editor.model.tracks import Label, empty_track, make_track
from tui_editor.model.workflow import TaskStatus
from tui_editor.ports import EntryKind
from tui_editor.storage.replay import imported as as_imported
from tui_editor.storage.replay import verify_journal

if TYPE_CHECKING:
    from tui_editor.ports import ProjectStore


class EditContract(StoreSuite):
    """The suite."""

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
        half = moved(now, 3, 9.5).then(passed_on(dataclasses.replace(now, status=TaskStatus(stage="elsewhere"))))

        (answer,) = store.commit([edit(half, view={"frame": 3})])

        assert isinstance(answer, PatchMismatch)
        assert store.open(TASK).document.same(now)
        assert store.open(TASK, "ann").view == {}
        assert [e.seq for e in store.journal(TASK)] == [1]

    def test_a_refused_edit_leaves_nothing_behind_among_others_that_are_kept(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        first = edit(moved(now, 5, 4.5))
        store.commit([first])
        elsewhere = passed_on(dataclasses.replace(now, status=TaskStatus(stage="elsewhere")))
        half = edit(moved(now, 3, 9.5).then(elsewhere), view={"frame": 3})
        undo = edit(first.patch.inverse().then(elsewhere), kind=EntryKind.UNDO, undoes=first.idem)

        answers = store.commit([half, undo, edit(moved(now, 4, 2.5), BO)])

        assert [PatchMismatch, PatchMismatch, 3] == [a if isinstance(a, int) else type(a) for a in answers]
        assert store.open(TASK).document.same(now.apply(first.patch).apply(moved(now, 4, 2.5)))
        assert store.open(TASK, "ann").view == {}
        assert [e.undone for e in store.journal(TASK)] == [False, False, False]
        assert verify_journal(store, TASK) == 3

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

    def test_moves_and_issues_of_all_tasks_are_news_and_edits_are_not(self, store: ProjectStore) -> None:
        store.add_tasks([imported(12)], "ann")
        now = store.open(TASK).document
        store.commit(
            [
                edit(moved(now, 3, 9.5), at_ms=10, command="label.move"),
                edit(passed_on(now), at_ms=20, kind=EntryKind.WORKFLOW, command="task.end"),
                edit(moved(store.open(TaskId(12)).document, 3, 8.5), BO, key=12, at_ms=30, command="issue.reply"),
            ]
        )

        assert [(e.task, e.command, e.person) for e in store.news(5)] == [
            (TaskId(12), "issue.reply", "bo"),
            (TASK, "task.end", "ann"),
        ]
        assert [e.at_ms for e in store.news(20)] == [30]
        assert [e.at_ms for e in store.news(5, limit=1)] == [30]

    def test_tasks_in_which_something_was_done_since_a_time_are_told_and_of_a_person(self, store: ProjectStore) -> None:
        store.add_tasks([imported(12), imported(13)], "ann")
        at = store.tasks(TaskQuery())[0].updated_ms + 1000
        twelve = moved(store.open(TaskId(12)).document, 3, 8.5)
        store.commit(
            [edit(moved(store.open(TASK).document, 3, 9.5), at_ms=at), edit(twelve, BO, key=12, at_ms=at + 10)]
        )

        assert set(store.worked()) == {TASK, 12}
        assert store.worked(at + 10) == [12]
        assert store.worked(person="bo") == [12]
        assert store.worked(at, "bo") == [12]
        assert store.worked(at + 10, "ann") == store.worked(at + 11) == []
        assert set(store.worked(imports=True)) == {TASK, 12, 13}

    def test_undo_marks_what_it_takes_back_and_redo_marks_the_undo(self, store: ProjectStore) -> None:
        patch = moved(store.open(TASK).document, 3, 9.5)
        done = edit(patch)
        undo = edit(patch.inverse(), kind=EntryKind.UNDO, undoes=done.idem)
        redo = edit(patch, kind=EntryKind.REDO, undoes=undo.idem)

        assert list(store.commit([done, undo, redo])) == [2, 3, 4]

        found = [(e.seq, e.undoes, e.undone) for e in store.journal(TASK, after=1)]
        assert found == [(2, None, True), (3, 2, True), (4, 3, False)]
        assert store.open(TASK).document.same(document().apply(patch))

    def test_one_undo_marks_all_that_it_takes_back_or_none(self, store: ProjectStore) -> None:
        now = store.open(TASK).document
        one, two = edit(moved(now, 3, 9.5)), edit(moved(now, 4, 9.5))
        store.commit([one, two])
        back = two.patch.inverse().then(one.patch.inverse())
        half = edit(back, kind=EntryKind.UNDO, undoes=f"{two.idem} never-kept")
        both = edit(back, kind=EntryKind.UNDO, undoes=f"{two.idem} {one.idem}")

        assert isinstance(store.commit([half])[0], PatchMismatch)
        assert not any(e.undone for e in store.journal(TASK))
        assert list(store.commit([both])) == [4]
        assert [(e.seq, e.undoes, e.undone) for e in store.journal(TASK, after=1)] == [
            (2, None, True),
            (3, None, True),
            (4, 3, False),
        ]
        assert store.open(TASK).document.same(now)

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
