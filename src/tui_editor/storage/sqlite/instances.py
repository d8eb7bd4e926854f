"""The instances of all tasks, without their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.model.codec import decode_value
from tui_editor.model.ids import TaskId
from tui_editor.model.instances import Instance

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from tui_editor.model.ids import ClassId
    from tui_editor.storage.sqlite.connection import Connection

PAGE = 2000
"""Instances gone through in one transaction: nobody who writes waits long."""

_PAGE = """select instance.task, instance.id, task.id, instance.class_id, instance.data
from instance join task on task.num = instance.task
where (instance.task, instance.id) > (?, ?) order by instance.task, instance.id limit ?"""


def read(db: Connection, classes: Collection[ClassId]) -> Iterator[tuple[TaskId, Instance]]:
    """Yield every instance of some classes with its task, by task and id."""
    last = (-1, -1)
    while True:
        with db.reading():
            rows = list(db.run(_PAGE, (*last, PAGE)))
        wanted = ((task, data) for _, _, task, named, data in rows if named in classes)
        yield from ((TaskId(task), decode_value(data, Instance)) for task, data in wanted)
        if len(rows) < PAGE:
            return
        last = rows[-1][0], rows[-1][1]
