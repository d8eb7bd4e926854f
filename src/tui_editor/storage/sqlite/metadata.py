"""Client metadata of data units as rows: tasks are found by key and value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.model.codec import decode_value
from tui_editor.model.project import Task, metadata_pairs

if TYPE_CHECKING:
    from tui_editor.storage.sqlite.connection import Connection

INSERT = "insert or ignore into metadata values (?, ?, ?, ?, ?)"

Row = tuple[str, str, float, int, int]


def metadata_json(data: bytes) -> str:
    """Return the pairs of an encoded task as JSON: the function `metadata_of` of SQL."""
    import json  # only a store of an older version needs it

    return json.dumps(metadata_pairs(decode_value(data, Task)))


def rows(num: int, task: Task) -> list[Row]:
    """Return a task's rows."""
    return [(key, value, -task.priority, task.id, num) for key, value in metadata_pairs(task)]


def replace(db: Connection, num: int, task: Task) -> None:
    """Write a task's rows in place of those that it had, within the caller's transaction."""
    db.do("delete from metadata where task = ?", (num,))
    for row in rows(num, task):
        db.do(INSERT, row)
