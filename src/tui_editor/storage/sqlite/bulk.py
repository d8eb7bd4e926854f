"""Adding many tasks with their labels, within the caller's transaction: rows are gathered and written by the batch."""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import apsw

from tui_editor.errors import StoreError
from tui_editor.model.codec import encode_patch, encode_value
from tui_editor.model.patch import Patch
from tui_editor.model.workflow import TaskStatus
from tui_editor.ports import EncodedTask
from tui_editor.storage.sqlite import chunks, journal, metadata
from tui_editor.storage.sqlite.tasks import queue_columns, title_columns, workflow_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.encoded import EncodedLabels
    from tui_editor.ports import ImportedTask
    from tui_editor.storage.sqlite.connection import Connection

BATCH_LABELS = 4000
BATCH_TASKS = 256
"""A batch is written when it has reached one of them."""

_TASK = """insert into task (num, id, title, folded, stage, state, assignee, author, reviewer, rank, kind, frame_count,
  group_key, parent, branch, label_count, issue_count) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_TALLY = "insert into tally values (?, ?, ?) on conflict do update set n = n + excluded.n"
_JOURNAL = """insert into journal (id, task, seq, kind, person, session, command, at_ms, idem, patch)
  values (?, ?, 1, 'import', ?, '', 'import', ?, '', ?)"""
_NO_PATCH = encode_patch(Patch())

_Row = tuple[Any, ...]


def add(
    db: Connection,
    tasks: Iterable[ImportedTask],
    *,
    person: str,
    at_ms: int,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write tasks as they come, within the caller's transaction; return how many.

    Raises:
        StoreError: a task of that id is there already, or holds text that can't be written.
    """
    count = 0
    with _rare_collection():
        batch = _Batch(db, person, at_ms)
        for imported in tasks:
            batch.add(imported)
            count += 1
            if progress is not None:
                progress(count)
        batch.write()
    return count


@contextmanager
def _rare_collection() -> Iterator[None]:
    """Let the garbage collector look seldom: most of what is made here is freed without it."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class _Batch:
    """Rows that wait to be written."""

    def __init__(self, db: Connection, person: str, at_ms: int) -> None:
        self._db, self._person, self._at_ms = db, person, at_ms
        self._num = int((db.one("select coalesce(max(num), 0) from task") or (0,))[0])
        self._forget()

    def _forget(self) -> None:
        self._tasks: list[_Row] = []
        self._bodies: list[_Row] = []
        self._instances: list[_Row] = []
        self._chunks: list[chunks.ChunkRow] = []
        self._issues: list[_Row] = []
        self._decisions: list[_Row] = []
        self._metadata: list[metadata.Row] = []

    def add(self, imported: ImportedTask) -> None:
        """Take a task; write when there are enough."""
        self._num += 1
        if isinstance(imported, EncodedTask):
            self._add_task(imported, TaskStatus(), open_issues=0)
            self._add_encoded(imported.labels)
        else:
            document = imported.document
            open_issues = sum(not i.resolved for i in document.issues.values())
            self._add_task(imported, document.status, open_issues=open_issues)
            self._add_document(self._num, document)
        if len(self._chunks) >= BATCH_LABELS or len(self._tasks) >= BATCH_TASKS:
            self.write()

    def _add_task(self, imported: ImportedTask, status: TaskStatus, *, open_issues: int) -> None:
        num, task = self._num, imported.task
        who = (status.stage, status.state, status.assignee, status.author, status.reviewer)
        counts = (imported.label_count, open_issues)
        what = (*title_columns(task), *who, *queue_columns(task), *workflow_columns(task))
        self._tasks.append((num, task.id, *what, *counts))
        if any(unit.metadata for unit in task.units):
            self._metadata += metadata.rows(num, task)
        self._bodies.append((num, encode_value(task)))

    def _add_encoded(self, found: EncodedLabels) -> None:
        num = self._num
        self._instances += [(num, key, class_id, value) for key, class_id, _, _, value, _ in found.labels]
        self._chunks += chunks.rows_of_encoded(num, found)

    def _add_document(self, num: int, document: LabelDocument) -> None:
        self._instances += [(num, i.id, i.class_id, encode_value(i)) for i in document.instances.values()]
        for key, track in document.tracks.items():
            self._chunks += chunks.rows_of(num, key, track)
        self._issues += [(num, i.id, i.resolved, encode_value(i)) for i in document.issues.values()]
        self._decisions += [(num, key, encode_value(value)) for key, value in document.decisions.items()]

    def write(self) -> None:
        """Write what was gathered.

        Raises:
            StoreError: a task of that id is there already, or holds text that can't be written.
        """
        many = self._db.run_many
        try:
            many(_TASK, self._tasks)
        except apsw.ConstraintError as error:
            raise self._taken() or error from error
        many("insert into title (rowid, folded) values (?, ?)", [(row[0], row[3]) for row in self._tasks])
        many(_TALLY, [(*key, n) for key, n in Counter((row[4], row[5]) for row in self._tasks).items()])
        many(metadata.INSERT, self._metadata)
        many("insert into task_body values (?, ?)", self._bodies)
        many("insert into instance values (?, ?, ?, ?)", self._instances)
        many(chunks.INSERT, self._chunks)
        many("insert into issue values (?, ?, ?, ?)", self._issues)
        many("insert into decision values (?, ?, ?)", self._decisions)
        entry = (self._person, self._at_ms, _NO_PATCH)
        many(_JOURNAL, [(journal.id_of(row[0], 1), row[0], *entry) for row in self._tasks])
        self._forget()

    def _taken(self) -> StoreError | None:
        """Return the error for the first task whose id another one has; those before it in the batch are written."""
        for num, key, title, *_ in self._tasks:
            row = self._db.one("select num from task where id = ?", (key,))
            if row is not None and row[0] != num:
                return StoreError(f"there is a task {key} already", where=title)
        return None
