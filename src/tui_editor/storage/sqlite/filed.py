"""The issues of all tasks, without their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.model.codec import decode_value
from tui_editor.model.ids import ClassId, TaskId
from tui_editor.model.issues import FiledIssue, Issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.storage.sqlite.connection import Connection

PAGE = 100
"""Issues read in one transaction: nobody who writes waits long."""

_PAGE = """select issue.task, issue.id, task.id, issue.data from issue join task on task.num = issue.task
where (issue.task, issue.id) > (?, ?) order by issue.task, issue.id limit ?"""
_CLASS = "select class_id from instance where task = ? and id = ?"


def read(db: Connection) -> Iterator[FiledIssue]:
    """Yield every issue with the class of the instance that it hangs on, by task and id."""
    last = (-1, -1)
    while True:
        with db.reading():
            rows = list(db.run(_PAGE, (*last, PAGE)))
            found = [_filed(db, num, TaskId(task), decode_value(data, Issue)) for num, _, task, data in rows]
        yield from found
        if len(rows) < PAGE:
            return
        last = rows[-1][0], rows[-1][1]


def _filed(db: Connection, num: int, task: TaskId, issue: Issue) -> FiledIssue:
    row = db.one(_CLASS, (num, issue.instance)) if issue.instance is not None else None
    return FiledIssue(task=task, issue=issue, class_id=ClassId(row[0]) if row is not None else None)
