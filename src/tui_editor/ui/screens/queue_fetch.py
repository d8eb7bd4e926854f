"""What the queue lists, read from the store: pages of tasks, and how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.model.project import TaskQuery, TaskRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui_editor.model.ids import TaskId
    from tui_editor.ports import ProjectStore

PAGE = 200
"""Rows fetched at a time; more are fetched when the cursor nears the end."""
MOST_SEARCHED = 5000
"""Rows that are fetched to find one task."""


class Wanted(Struct, frozen=True, kw_only=True):
    """What is to be listed."""

    query: TaskQuery
    known: tuple[TaskRow, ...] = ()
    """Rows that are there already: one more page is fetched."""
    at_least: int = PAGE
    """How many rows are fetched where none are known."""
    cursor: TaskId | None = None
    """Pages are fetched until this task is among them, but not for ever."""


class Fetched(Struct, frozen=True, kw_only=True):
    """What is listed."""

    query: TaskQuery
    rows: tuple[TaskRow, ...]
    complete: bool
    """There are no more."""
    everything: Mapping[tuple[str, str], int]
    """The number of all tasks by stage and state."""
    listed: int | None
    """How many tasks fit, None where that takes a while."""
    cursor: TaskId | None = None
    """The task that was looked for."""

    def row_of(self, task: TaskId | None) -> int | None:
        """Return where a task stands, None when it is not listed."""
        return next((n for n, row in enumerate(self.rows) if row.id == task), None)


def fetch(store: ProjectStore, wanted: Wanted) -> Fetched:
    """Read what is wanted; takes up to 50 ms for a page of a million tasks."""
    rows = list(wanted.known)
    size = PAGE if rows else max(PAGE, wanted.at_least)
    while True:
        page = store.tasks(replace(wanted.query, after=rows[-1] if rows else None, limit=size))
        rows += page
        complete = len(page) < size
        if complete or len(rows) >= MOST_SEARCHED or _found(page, wanted.cursor):
            break
        size = PAGE
    everything = store.count(TaskQuery())
    return Fetched(
        query=wanted.query,
        rows=tuple(rows),
        complete=complete,
        everything=everything,
        listed=_listed(store, wanted.query, len(rows) if complete else None),
        cursor=wanted.cursor,
    )


def _found(page: Sequence[TaskRow], cursor: TaskId | None) -> bool:
    return cursor is None or any(row.id == cursor for row in page)


def _listed(store: ProjectStore, query: TaskQuery, rows: int | None) -> int | None:
    if rows is not None:
        return rows
    return sum(store.count(query).values()) if query.is_plain else None
