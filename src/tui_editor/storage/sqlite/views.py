"""Where each person was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_editor.model.codec import decode_value, encode_value
from tui_editor.model.ids import TaskId
from tui_editor.storage.sqlite import journal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui_editor.storage.sqlite.connection import Connection


_SAVE = f"""insert into view (task, person, data, seq) select num, ?, ?, (select seq {journal.LAST_OF_TASK})
  from task where num = ? on conflict do update set data = excluded.data, seq = excluded.seq"""  # noqa: S608  # ours
_SAVED = "select data, seq from view where task = ? and person = ?"
_LEFT = """select view from journal where id > ? and id <= ? and person = ? and view is not null
  order by id desc limit 1"""
_LOOKED_AT = 1000
"""How many entries are looked through for the place that a person's edits left."""


def save(db: Connection, num: int, person: str, view: Mapping[str, Any]) -> None:
    """Keep a person's place in a task, within the caller's transaction."""
    db.do(_SAVE, (person, encode_value(dict(view)), num))
    save_last_task(db, num, person)


def save_last_task(db: Connection, num: int, person: str) -> None:
    """Keep that this is the person's last task, within the caller's transaction."""
    db.do("insert or replace into last_task values (?, ?)", (person, num))


def make_way(db: Connection, num: int, seq: int, person: str) -> None:
    """Keep the place that the edits of the last person left, the last of them `seq`, since somebody else edits now.

    So nobody's place has to be looked for further back than the last change of persons.
    """
    data = _place(db, num, seq, person)
    if data is not None:
        db.do(_SAVE, (person, data, num))


def read(db: Connection, num: int, seq: int, person: str) -> Mapping[str, Any]:
    """Return a person's place in a task whose last entry is `seq`, empty when there is none."""
    data = _place(db, num, seq, person)
    return decode_value(data, dict) if data else {}


def _place(db: Connection, num: int, seq: int, person: str) -> bytes | None:
    saved = db.one(_SAVED, (num, person))
    since = max(saved[1] if saved else 0, seq - _LOOKED_AT, 0)
    found = db.one(_LEFT, (journal.id_of(num, since), journal.id_of(num, seq), person)) or saved
    return bytes(found[0]) if found else None


def last_task(db: Connection, person: str) -> TaskId | None:
    """Return the task in which a person was last."""
    row = db.one("select t.id from last_task l join task t on t.num = l.task where l.person = ?", (person,))
    return TaskId(row[0]) if row else None
