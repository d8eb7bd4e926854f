"""What others did that concerns a person: tasks given and sent back, issues raised and answered."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from tui_editor.errors import StoreMissing
from tui_editor.model.patch import IssueChange, StatusChange
from tui_editor.model.workflow import TaskState
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui_editor.model.ids import IssueId, TaskId
    from tui_editor.model.issues import Issue
    from tui_editor.ports import JournalEntry, ProjectStore

OLDEST_DAYS: Final = 30
MOST: Final = 400
"""Entries of the journal that are looked at, the last ones."""
_DAY_MS: Final = 86_400_000
_MOST_TEXT: Final = 80


class Notice(Struct, frozen=True, kw_only=True):
    """One thing that somebody did."""

    task: TaskId
    title: str
    """Of the task."""
    person: str
    what: str
    at_ms: int
    issue: IssueId | None = None

    @property
    def words(self) -> str:
        """Return it as one harmless line."""
        return f"{one_line(self.person, 40)} {self.what}"


def notices(store: ProjectStore, person: str, since_ms: int = 0) -> Sequence[Notice]:
    """Return what others did that concerns a person, newest first; of the last `OLDEST_DAYS` days at most."""
    oldest = time.time_ns() // 1_000_000 - OLDEST_DAYS * _DAY_MS
    found = store.news(max(since_ms, oldest), MOST)
    reader = _Reader(store, person)
    return [notice for entry in found if entry.person != person for notice in reader.read(entry)]


class _Reader:
    """Tells what entries mean for a person; asks the store once for each task."""

    def __init__(self, store: ProjectStore, person: str) -> None:
        self._store, self._person = store, person
        self._tasks: dict[TaskId, tuple[str, bool]] = {}

    def _task(self, task: TaskId) -> tuple[str, bool]:
        """Return a task's title, and whether the person works on it or did."""
        if task not in self._tasks:
            try:
                status = self._store.status(task)
                mine = self._person in {status.assignee, status.author, status.reviewer}
                self._tasks[task] = self._store.task(task).title, mine
            except StoreMissing:
                self._tasks[task] = "", False
        return self._tasks[task]

    def read(self, entry: JournalEntry) -> Iterator[Notice]:
        """Yield what an entry means."""
        for change in entry.patch.changes:
            if isinstance(change, StatusChange) and (what := self._moved(change)):
                yield self._notice(entry, what)
                return  # what came with it is told by the task itself
        said = [change for change in entry.patch.changes if isinstance(change, IssueChange)]
        for change in said[:1]:
            if what := self._said(entry.task, change):
                yield self._notice(entry, what, change.id)

    def _notice(self, entry: JournalEntry, what: str, issue: IssueId | None = None) -> Notice:
        title = one_line(self._task(entry.task)[0], 60)
        return Notice(task=entry.task, title=title, person=entry.person, what=what, at_ms=entry.at_ms, issue=issue)

    def _moved(self, change: StatusChange) -> str:
        before, after, me = change.before, change.after, self._person
        if after.assignee == me and before.assignee != me:
            return "sent a task back to you" if after.state is TaskState.REOPENED else "gave you a task"
        if after.state is TaskState.REOPENED and before.state is not TaskState.REOPENED and after.author == me:
            return "reopened your task"
        if before.assignee == me and after.assignee != me and before.stage == after.stage:
            return "took a task from you"
        if after.state is TaskState.COMPLETED and before.state is not TaskState.COMPLETED and after.author == me:
            return "approved your task"
        return ""

    def _said(self, task: TaskId, change: IssueChange) -> str:
        before, after = change.before, change.after
        if after is None:
            return ""
        if not (self._person in _who(after) or self._task(task)[1]):
            return ""
        if before is None:
            return f"raised an issue{_quoted(after)}"
        if len(after.comments) > len(before.comments):
            return f"replied{_quoted(after)}"
        if after.resolved != before.resolved:
            return f"{'resolved' if after.resolved else 'reopened'} an issue{_quoted(after)}"
        return ""


def _who(issue: Issue) -> set[str]:
    return {issue.author, *(comment.author for comment in issue.comments)}


def _quoted(issue: Issue) -> str:
    text = one_line(issue.comments[-1].text, _MOST_TEXT) if issue.comments else ""
    return f": {text}" if text else ""


def ago(at_ms: int, now_ms: int) -> str:
    """Return how long ago something was, in words."""
    minutes = max(0, now_ms - at_ms) // 60_000
    if minutes < 60:
        return f"{minutes} min ago" if minutes else "now"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days ago"
