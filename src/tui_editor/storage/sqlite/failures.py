"""Turns SQLite's errors into ours."""

from __future__ import annotations

import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING

import apsw

from tui_editor.errors import StoreCorrupt, StoreError, StoreFull, StoreLocked
from tui_editor.model.unreadable import UNREADABLE
from tui_editor.storage.sqlite import files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_LOOK_AT = "is a quota or a limit reached (quota, ulimit -f), or does the disk fail (dmesg)?"
_FOREIGN = "the project's file holds something that we did not write"
_UNFIT = (TypeError, ValueError, LookupError, OverflowError, struct.error, *UNREADABLE)
"""What values of other types than ours bring about: SQLite's columns take any, and another program may have written."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors inside into ours."""
    try:
        yield
    except apsw.Error as error:
        raise ours(error, path) from error


@contextmanager
def sound(path: Path) -> Iterator[None]:
    """Turn what rows that are none of ours bring about inside into an error of ours."""
    try:
        yield
    except _UNFIT as error:
        raise StoreCorrupt(f"{_FOREIGN}: {error}", where=str(path), hint="restore a backup") from error


def ours(error: apsw.Error, path: Path) -> StoreError:
    """Return our error for one of SQLite's about the store at `path`."""
    where = str(path)
    match error:
        case apsw.FullError():
            return StoreFull("the disk is full, nothing was written", where=where, hint="make room")
        case apsw.CorruptError() | apsw.NotADBError():
            return StoreCorrupt("the project's file is damaged", where=where, hint="restore a backup")
        case apsw.IOError() | apsw.CantOpenError() if files.is_full(path):
            return StoreFull("the disk is full, the project can't be used", where=where, hint="make room")
        case apsw.ReadOnlyError() | apsw.CantOpenError() | apsw.PermissionsError() | apsw.AuthError():
            return StoreError(
                "the project can't be written to",
                where=where,
                hint="copy the project to a folder where you may write",
            )
        case apsw.BusyError() | apsw.LockedError():
            return StoreLocked("another program keeps the project busy", where=where)
        case apsw.IOError():
            return StoreError(f"the project can't be used: {error}", where=where, hint=_LOOK_AT)
    return StoreError(f"the project can't be used: {error}", where=where)
