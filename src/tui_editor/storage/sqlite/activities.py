"""Rows of what was done with the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.model.codec import decode_value, encode_value
from tui_editor.ports.activities import MOST_ACTIVITIES, Activity

if TYPE_CHECKING:
    from tui_editor.storage.sqlite.connection import Connection

_KEEP = """insert into activity (number, last_ms, data) values (?, ?, ?)
  on conflict (number) do update set last_ms = excluded.last_ms, data = excluded.data"""


def keep(db: Connection, activity: Activity) -> int:
    """Keep an activity, under its own number or the next one; let the oldest go. Within a write transaction."""
    (last,) = db.one("select max(number) from activity") or (None,)
    number = activity.number or (last or 0) + 1
    data = encode_value(replace(activity, number=number))
    db.do(_KEEP, (number, max(activity.at_ms, activity.ended_ms), data))
    db.do("delete from activity where number <= ?", (number - MOST_ACTIVITIES,))
    return number


def read(db: Connection, since_ms: int, limit: int) -> list[Activity]:
    """Return the last activities that began or ended after a time, newest first. Within a transaction."""
    rows = db.run("select data from activity where last_ms > ? order by number desc limit ?", (since_ms, limit))
    return [decode_value(data, Activity) for (data,) in rows]
