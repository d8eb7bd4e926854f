"""Where each person was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_editor.model.codec import decode_value, encode_value
from tui_editor.model.ids import TaskId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui_editor.storage.sqlite.connection import Connection


_READ = """select coalesce((select last_view from task where num = ?1 and last_person = ?2),
  (select data from view where task = ?1 and person = ?2))"""


def save(db: Connection, num: int, person: str, view: Mapping[str, Any]) -> None:
    """Keep a person's place in a task, within the caller's transaction."""
    data = encode_value(dict(view))
    db.do("update task set last_view = ? where num = ? and last_person = ?", (data, num, person))
    if not db.db.changes():
        db.do("insert into view values (?, ?, ?) on conflict do update set data = excluded.data", (num, person, data))
    save_last_task(db, num, person)


def save_last_task(db: Connection, num: int, person: str) -> None:
    """Keep that this is the person's last task, within the caller's transaction."""
    db.do("insert or replace into last_task values (?, ?)", (person, num))


def make_way(db: Connection, num: int) -> None:
    """Take the place of the person of the last edit out of the task's row, since somebody else edits."""
    db.do(
        """insert into view select num, last_person, last_view from task where num = ? and last_view is not null
           on conflict do update set data = excluded.data""",
        (num,),
    )
    db.do("update task set last_view = null where num = ?", (num,))


def read(db: Connection, num: int, person: str) -> Mapping[str, Any]:
    """Return a person's place in a task, empty when there is none."""
    (data,) = db.one(_READ, (num, person)) or (None,)
    return decode_value(data, dict) if data else {}


def last_task(db: Connection, person: str) -> TaskId | None:
    """Return the task in which a person was last."""
    row = db.one("select t.id from last_task l join task t on t.num = l.task where l.person = ?", (person,))
    return TaskId(row[0]) if row else None
