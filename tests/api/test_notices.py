"""What others did that concerns a person, from the journal of a project."""

from __future__ import annotations

import time

import pytest
from msgspec.structs import replace

from tests.storage.engine import TASK
from tests.storage.samples import ANN, BO, edit, imported, moved, project
from tui_editor.api.marks import Marks, ProjectMarks, changed, decoded, digest
from tui_editor.api.notices import Notice, ago, notices
from tui_editor.edits import issues as edits
from tui_editor.edits.stamp import Stamp
from tui_editor.model.issues import IssueKind
from tui_editor.model.patch import Patch, StatusChange
from tui_editor.model.workflow import TaskState
from tui_editor.ports import EntryKind, Session
from tui_editor.storage.memory import MemoryStore

NOW = time.time_ns() // 1_000_000


class Office:
    """A store in which ann and bo act, one after the other."""

    def __init__(self) -> None:
        self.store = MemoryStore(project())
        self.store.add_tasks([imported()], "ann")
        self.at_ms = NOW - 100_000

    def do(self, who: Session, patch: Patch, command: str, kind: EntryKind = EntryKind.EDIT) -> None:
        self.at_ms += 1000
        (answer,) = self.store.commit([edit(patch, who, command=command, kind=kind, at_ms=self.at_ms)])
        assert isinstance(answer, int)

    def move(self, who: Session, **status: object) -> None:
        before = self.store.status(TASK)
        self.do(who, Patch((StatusChange(before, replace(before, **status)),)), "task.x", EntryKind.WORKFLOW)

    def raise_issue(self, who: Session, text: str) -> None:
        issue = edits.new_issue(IssueKind.FILE, text, Stamp(who.person, self.at_ms))
        self.do(who, edits.raise_issue(issue), "issue.new")

    def seen_by(self, person: str) -> list[str]:
        return [f"{n.title}: {n.words}" for n in notices(self.store, person)]


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_task_that_is_given_to_somebody_is_told_to_that_person_alone(office: Office) -> None:
    office.move(ANN, assignee="bo", state=TaskState.ASSIGNED)
    assert office.seen_by("bo") == ["clip: ann gave you a task"]
    assert office.seen_by("ann") == office.seen_by("cy") == []


def test_a_task_that_a_reviewer_sends_back_is_told_to_its_author(office: Office) -> None:
    office.move(ANN, stage="review", author="ann", state=TaskState.NEW)
    office.move(BO, stage="annotate", assignee="ann", state=TaskState.REOPENED)
    assert office.seen_by("ann") == ["clip: bo sent a task back to you"]


def test_an_author_is_told_when_the_task_is_approved(office: Office) -> None:
    office.move(ANN, stage="review", author="ann", state=TaskState.NEW)
    office.move(BO, stage="complete", state=TaskState.COMPLETED)
    assert office.seen_by("ann") == ["clip: bo approved your task"]


def test_a_reply_is_told_to_everybody_of_the_thread_but_who_wrote_it(office: Office) -> None:
    office.raise_issue(ANN, "too dark")
    now = office.store.open(TASK).document
    (issue,) = now.issues
    office.do(BO, edits.comment(now, issue, "it is night", Stamp("bo", NOW)), "issue.reply")
    assert office.seen_by("ann") == ["clip: bo replied: it is night"]
    assert office.seen_by("bo") == []


def test_issues_of_a_task_that_is_nothing_of_the_person_are_not_told(office: Office) -> None:
    office.raise_issue(ANN, "too dark")
    assert office.seen_by("bo") == []
    office.move(ANN, assignee="bo")
    assert office.seen_by("bo") == ["clip: ann gave you a task", "clip: ann raised an issue: too dark"]


def test_edits_of_labels_are_not_told(office: Office) -> None:
    office.move(ANN, assignee="ann")
    office.do(BO, moved(office.store.open(TASK).document, 3, 9.5), "label.move")
    assert office.seen_by("ann") == []


def test_what_others_wrote_reaches_the_screen_as_one_harmless_line(office: Office) -> None:
    office.move(ANN, assignee="bo")
    office.raise_issue(ANN, "a\x1b]52;c;eA==\x07\nb\u202e")
    assert office.seen_by("bo")[0] == "clip: ann raised an issue: a␛]52;c;eA==␇⏎b⟨U+202E⟩"


def test_only_what_came_after_a_time_is_told(office: Office) -> None:
    office.move(ANN, assignee="bo")
    (notice,) = notices(office.store, "bo")
    assert isinstance(notice, Notice)
    assert list(notices(office.store, "bo", notice.at_ms)) == []


def test_marks_of_one_project_leave_those_of_another_alone() -> None:
    first, second = project(), replace(project(), id=2)
    content = changed(b"", lambda marks: marks.with_project(first, ProjectMarks(read_ms=5)))
    content = changed(content, lambda marks: replace(marks, tour=True).with_project(second, ProjectMarks(read_ms=7)))
    assert [decoded(content).of(p).read_ms for p in (first, second)] == [5, 7]
    assert decoded(content).tour
    assert decoded(b"no json") == Marks()


def test_instructions_that_differ_have_other_digests_and_none_have_none() -> None:
    assert digest(" \n") == ""
    assert digest("Draw tight") != digest("Draw tight.") != ""


@pytest.mark.parametrize(("ms", "words"), [(0, "now"), (61_000, "1 min ago"), (7_200_000, "2 h ago"), (-9, "now")])
def test_a_time_is_told_as_how_long_ago_it_was(ms: int, words: str) -> None:
    assert ago(NOW - ms, NOW) == words
