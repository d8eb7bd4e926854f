"""Whole tasks as rows: keeping a changed one, and reading them back with their labels."""

from __future__ import annotations

import dataclasses
import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tui_editor.errors import StoreMissing
from tui_editor.model.codec import decode_value, encode_value
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.ids import InstanceId, to_text
from tui_editor.model.instances import Instance
from tui_editor.model.issues import Issue, ReviewDecision
from tui_editor.model.project import Task
from tui_editor.model.workflow import TaskState, TaskStatus
from tui_editor.storage.sqlite import chunks, metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui_editor.model.ids import TaskId
    from tui_editor.storage.sqlite.connection import Connection


def number_of(db: Connection, task: TaskId) -> int:
    """Return a task's number within the store.

    Raises:
        StoreMissing: there is no such task.
    """
    row = db.one("select num from task where id = ?", (task,))
    if row is None:
        raise missing(task)
    return int(row[0])


def missing(task: TaskId) -> StoreMissing:
    """Return the error for a task that is not there."""
    return StoreMissing(f"the project has no task {to_text(task)}")


# --- the task itself --------------------------------------------------------------------------------


def title_columns(task: Task) -> tuple[str, str]:
    """Return a task's title, as it is and folded for searching."""
    return task.title, task.title.casefold()


def queue_columns(task: Task) -> tuple[float, str, int]:
    """Return what the queue is ordered by and shows: rank, kind, number of frames."""
    kind = str(task.units[0].kind) if task.units else ""
    return -task.priority, kind, sum(u.frame_count for u in task.units)


def workflow_columns(task: Task) -> tuple[str, int, str]:
    """Return what ties a task to others: its group, the task whose branch it is, whose branch."""
    return task.group_key, task.parent or 0, task.branch


def save(db: Connection, task: Task) -> None:
    """Keep a changed task, within the caller's transaction.

    Raises:
        StoreMissing: there is no such task.
    """
    num = number_of(db, task.id)
    db.do(
        """update task set title = ?, folded = ?, rank = ?, kind = ?, frame_count = ?,
           group_key = ?, parent = ?, branch = ? where num = ?""",
        (*title_columns(task), *queue_columns(task), *workflow_columns(task), num),
    )
    metadata.replace(db, num, task)
    db.do("update task_body set data = ? where task = ?", (encode_value(task), num))


def change(db: Connection, key: TaskId, make: Callable[[Task], Task]) -> bool:
    """Keep what `make` makes of a task, within the caller's transaction; return whether it became another one.

    Raises:
        StoreMissing: there is no such task.
    """
    old = read(db, key)
    new = make(old)
    if new != old:
        save(db, new)
    return new != old


# --- reading -------------------------------------------------------------------------------------


def read(db: Connection, task: TaskId) -> Task:
    """Return a task without its labels.

    Raises:
        StoreMissing: there is no such task.
    """
    row = db.one("select data from task_body where task = (select num from task where id = ?)", (task,))
    if row is None:
        raise missing(task)
    return decode_value(row[0], Task)


def read_document(db: Connection, num: int, status: TaskStatus) -> LabelDocument:
    """Return everything labelled in a task."""
    with _no_garbage_collection():
        return _read_document(db, num, status)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Spare the collector the many objects made inside, all of which stay: a sixth of the time of opening."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read_document(db: Connection, num: int, status: TaskStatus) -> LabelDocument:
    instances = _column(db, "select data from instance where task = ?", num)
    issues = _column(db, "select data from issue where task = ?", num)
    decisions = db.run("select instance, data from decision where task = ?", (num,))
    document = make_document(
        instances=[decode_value(data, Instance) for data in instances],
        tracks=chunks.read_tracks(db, num),
        issues=[decode_value(data, Issue) for data in issues],
        decisions={InstanceId(int(key)): decode_value(data, ReviewDecision) for key, data in decisions},
        status=status,
    )
    ordinals = document.next_ordinals
    for class_id, following in db.run("select class_id, next from ordinal where task = ?", (num,)):
        ordinals = ordinals.insert(class_id, max(following, ordinals.get(class_id, 0)))
    return dataclasses.replace(document, next_ordinals=ordinals)


def _column(db: Connection, sql: str, num: int) -> list[bytes]:
    return [row[0] for row in db.run(sql, (num,))]


STATUS_COLUMNS = "stage, state, assignee, author, reviewer"


def status_of(columns: tuple[Any, ...]) -> TaskStatus:
    """Return the status that the columns of `STATUS_COLUMNS` hold."""
    stage, state, assignee, author, reviewer = columns
    return TaskStatus(stage=stage, state=TaskState(state), assignee=assignee, author=author, reviewer=reviewer)
