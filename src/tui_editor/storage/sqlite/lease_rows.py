"""Leases as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import convert
from msgspec.structs import astuple

from tui_editor.storage.leases import FREE, LeaseRecord

if TYPE_CHECKING:
    from tui_editor.storage.sqlite.connection import Connection

_COLUMNS = ", ".join(LeaseRecord.__struct_fields__)
_GET = f"select {_COLUMNS} from lease where task = ?"  # noqa: S608  # names of our own fields
_PUT = f"insert or replace into lease (task, {_COLUMNS}) values (?{', ?' * len(LeaseRecord.__struct_fields__)})"  # noqa: S608  # the same


def read(db: Connection, num: int) -> LeaseRecord:
    """Return the lock of a task."""
    row = db.one(_GET, (num,))
    return convert(dict(zip(_NAMES, row, strict=True)), LeaseRecord) if row else FREE


_NAMES = LeaseRecord.__struct_fields__


def write(db: Connection, num: int, record: LeaseRecord) -> None:
    """Keep the lock of a task, within the caller's transaction."""
    db.do(_PUT, (num, *astuple(record)))
