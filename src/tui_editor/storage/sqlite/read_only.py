"""Opening a store that may only be read: on a read-only file system, or in somebody else's folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import apsw

from tui_editor.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

_FLAGS = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI


def may_write(path: Path) -> bool:
    """Return whether this process may write to a store: to its file, those beside it, and the folder."""
    beside = [path.with_name(path.name + end) for end in ("-wal", "-shm")] + [path.with_name("lock")]
    mine = os.access(path.parent, os.W_OK | os.X_OK) and os.access(path, os.W_OK)
    # asked in this order: whoever closes the store last deletes the first two
    return mine and all(os.access(file, os.W_OK) or not file.exists() for file in beside)


class Files:
    """What the files of a store were at one time: where SQLite may take no locks, that is how a change is noticed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._look()

    def _look(self) -> tuple[tuple[int, int, int] | None, ...]:
        return tuple(_state(f"{self._path}{end}") for end in ("", "-wal", "-shm"))

    def check(self) -> None:
        """Refuse to go on when they changed.

        Raises:
            StoreError: somebody writes to the store.
        """
        if self._look() != self._seen:
            raise StoreError(
                "the project was changed while it was read",
                where=str(self._path),
                hint="it may only be read here; open it again",
            )


def _state(path: str) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116  # before and after each reading: no Path is made for it
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def connect(path: Path) -> tuple[apsw.Connection, Files | None]:
    """Open a store for reading; with it what notices a change, None where SQLite's own locks do.

    Raises:
        apsw.Error: it can't be read.
    """
    if path.with_name(path.name + "-shm").exists():  # somebody has it open, or was killed
        try:
            return _locked(path), None
        except apsw.CantOpenError:
            pass  # that file may not be read
    files = Files(path)
    log = path.with_name(path.name + "-wal")
    has_log = log.exists() and log.stat().st_size > 0
    return _with_log(path) if has_log else _without_log(path), files


def _locked(path: Path) -> apsw.Connection:
    db = apsw.Connection(f"{path.absolute().as_uri()}?mode=ro", flags=_FLAGS)
    try:
        db.pragma("user_version")
    except apsw.Error:
        db.close()
        raise
    return db


def _with_log(path: Path) -> apsw.Connection:
    """Open a store whose log holds the last edits; the index of the log is kept in memory, not in a file beside."""
    db = apsw.Connection(f"{path.absolute().as_uri()}?mode=ro", flags=_FLAGS, vfs="unix-none")
    db.pragma("locking_mode", "exclusive")
    db.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    return db


def _without_log(path: Path) -> apsw.Connection:
    return apsw.Connection(f"{path.absolute().as_uri()}?mode=ro&immutable=1", flags=_FLAGS)


def in_memory(db: apsw.Connection) -> apsw.Connection:
    """Return a copy in memory, to be brought up to date there; closes what it was made of."""
    copy = apsw.Connection(":memory:")
    with copy.backup("main", db, "main") as job:
        job.step()
    db.close()
    return copy
