"""Reading the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import convert

from tui_editor.model.codec import decode_patch
from tui_editor.ports import EntryKind, JournalEntry
from tui_editor.storage.sqlite.schema import NEWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui_editor.model.ids import TaskId
    from tui_editor.storage.sqlite.connection import Connection

PAGE = 256
_COLUMNS = "seq, kind, person, session, command, at_ms, idem, undoes, undone, patch"
_AFTER = f"""select {_COLUMNS} from journal where id > ? and id <= ? and (? = '' or person = ?)
  order by id limit {PAGE}"""  # noqa: S608  # constants of ours
_BEFORE = f"select {_COLUMNS} from journal where id >= ? and id < ? order by id desc limit ?"  # noqa: S608  # the same
_NEWS = f"""select task.id, {", ".join(f"journal.{name}" for name in _COLUMNS.split(", "))}
  from (select * from journal where ({NEWS}) and at_ms > ? order by at_ms desc limit ?) as journal
  join task on task.num = journal.task order by at_ms desc"""  # noqa: S608  # the same
_WORKED = """select id from task where (select at_ms {last}) >= ? and exists (
  select 1 from journal where journal.id > (num << 32) + ? and journal.id < (num + 1) << 32 and (? = '' or person = ?))
  order by num"""
LAST = 2**32 - 1
LAST_OF_TASK = "from journal where id >= num << 32 and id < (num + 1) << 32 order by id desc limit 1"
"""The last entry of the task whose number is `num`; every task has that of its import."""


def id_of(num: int, seq: int) -> int:
    """Return the row of an entry: the entries of a task lie in one range, in order."""
    return (num << 32) + min(seq, LAST)


def entries(
    db: Connection, task: TaskId, num: int, *, after: int, until: int | None, person: str
) -> Iterator[JournalEntry]:
    """Yield entries, oldest first; no transaction stays open between them."""
    end = LAST if until is None else until
    while True:
        with db.reading():
            rows = db.run(_AFTER, (id_of(num, after), id_of(num, end), person, person))
            found = [_entry(task, row) for row in rows]
        yield from found
        if len(found) < PAGE:
            return
        after = found[-1].seq


def recent(db: Connection, task: TaskId, num: int, before: int | None, limit: int) -> Sequence[JournalEntry]:
    """Return the last entries before a sequence number, newest first."""
    return [
        _entry(task, row)
        for row in db.run(_BEFORE, (id_of(num, 0), id_of(num, LAST if before is None else before), limit))
    ]


def worked(db: Connection, since_ms: int, person: str, *, imports: bool) -> Sequence[TaskId]:
    """Return the tasks whose last entry is of that time or later, of a person those in which they did something."""
    sql = _WORKED.format(last=LAST_OF_TASK)
    return [row[0] for row in db.run(sql, (since_ms, 0 if imports else 1, person, person))]


def news(db: Connection, since_ms: int, limit: int) -> Sequence[JournalEntry]:
    """Return the last entries of all tasks that move a task or are about an issue, newest first."""
    return [_entry(row[0], row[1:]) for row in db.run(_NEWS, (since_ms, limit))]


_Row = tuple[int, str, str, str, str, int, str, int | None, int, bytes]


def _entry(task: TaskId, row: tuple[Any, ...]) -> JournalEntry:
    seq, kind, person, session, command, at_ms, idem, undoes, undone, patch = convert(row, _Row)
    return JournalEntry(
        task=task,
        seq=seq,
        kind=EntryKind(kind),
        patch=decode_patch(patch),
        person=person,
        session=session,
        command=command,
        at_ms=at_ms,
        idem=idem,
        undoes=undoes,
        undone=bool(undone),
    )
