"""Find a task by what a person types: its identifier, its title, or its number in the queue."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from tui_editor.errors import StoreMissing, UsageError
from tui_editor.model.ids import TaskId, from_text, to_text
from tui_editor.model.project import TaskQuery
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.api.project import Project

MOST_BITS = 63


class Named(NamedTuple):
    """A task as lists of what was done name it."""

    id: TaskId
    title: str


def worked_tasks(project: Project, since_ms: int, person: str, *, imports: bool = False) -> Iterator[Named]:
    """Yield the tasks in which something was done since a time, of a person those in which they did something."""
    for task in project.store.worked(since_ms, person, imports=imports):
        yield Named(task, project.store.task(task).title)


def find_task(project: Project, text: str) -> TaskId:
    """Return the task that a text names.

    Tried in this order: the identifier in base 32, the whole title (then ignoring case), the number of its row in the
    queue, 1 being the first; `#3` is always a number.

    Raises:
        UsageError: nothing or several tasks have that name.
    """
    found = _by_id(project, text) or _by_title(project, text) or _by_number(project, text.removeprefix("#"))
    if found is None:
        raise UsageError(f"there is no task {one_line(text)}", hint="`tui-editor tasks` lists them")
    return found


def _by_id(project: Project, text: str) -> TaskId | None:
    try:
        number = from_text(text)
    except ValueError:
        return None
    if number.bit_length() > MOST_BITS:
        return None
    try:
        return project.store.task(TaskId(number)).id
    except StoreMissing:
        return None


def _by_title(project: Project, text: str) -> TaskId | None:
    rows = [row for row in project.tasks(TaskQuery(text=text)) if row.title.casefold() == text.casefold()]
    same = [row for row in rows if row.title == text] or rows
    same = [row for row in same if not row.branch] or same  # branches have their task's title
    if len(same) > 1:
        names = ", ".join(to_text(row.id) for row in same[:4])
        raise UsageError(f"{len(same)} tasks have the title {one_line(text)}", hint=f"use an identifier: {names}")
    return same[0].id if same else None


def _by_number(project: Project, text: str) -> TaskId | None:
    if not (text.isascii() and text.isdigit()) or int(text) < 1:
        return None
    row = next(islice(project.tasks(), int(text) - 1, None), None)
    return row.id if row else None
