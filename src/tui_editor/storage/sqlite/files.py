"""The files of a store beside its database: the lock at which writers queue, the ballast; and which files they are."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import apsw

from tui_editor.errors import StoreError
from tui_editor.storage import host

if TYPE_CHECKING:
    from pathlib import Path

LEAST_ROOM = 128 << 10
"""Bytes without which a store can't even be read: the index of its log takes 32 KiB."""
BALLAST_BYTES = 8 << 20
"""A file that is given up when the disk is full, so that there is room for the spool and the log."""

LOG_ROOM_BYTES = 1024 * (24 + 4096)
"""Room for a thousand pages, after which SQLite begins its log anew, and for the commit that reaches them."""
_PIECE = bytes(1 << 16)

Inode = tuple[int, int] | None
"""Device and number of a file; None when there is none."""


def open_lock(path: Path) -> int:
    """Return the open lock file of a store.

    Raises:
        StoreError: it can't be made.
    """
    try:
        return os.open(path.with_name("lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise StoreError(
            "the project can't be written to",
            where=str(path.parent),
            hint="copy the project to a folder where you may write",
        ) from error


def refuse_network(path: Path) -> None:
    """Refuse a file on a network file system.

    Raises:
        StoreError: it lies on one.
    """
    kind = host.file_system(path.parent)
    if host.is_network(kind):
        raise StoreError(
            f"the project lies on a network file system ({kind}), where its locks don't work",
            where=str(path),
            hint="keep it on a local disk",
        )


class Opened:
    """Which files lay at a store's path when it was opened: the store and its write-ahead log.

    By stat only: opening and closing one of them would drop SQLite's locks (POSIX).
    """

    def __init__(self, path: Path) -> None:
        self._folder, self._paths = str(path.parent), (str(path), f"{path}-wal")
        self._inodes = self._look()
        self._unchanged: tuple[int, int, int] | None = None
        """The folder and its time of change, at which nothing had been moved."""

    def _look(self) -> tuple[Inode, Inode]:
        return _inode(self._paths[0]), _inode(self._paths[1])

    def are_there(self) -> bool:
        """Return whether they are still there; one look at the folder tells it, while nothing comes or goes in it."""
        try:
            found = os.stat(self._folder)  # noqa: PTH116  # in every commit: no Path is made for it
        except FileNotFoundError:
            return False
        folder = found.st_dev, found.st_ino, found.st_mtime_ns
        if folder == self._unchanged:
            return True
        if self._look() != self._inodes:
            return False
        self._unchanged = folder if _is_past(found.st_mtime_ns) else None
        return True


def _is_past(ns: int) -> bool:
    """Return whether no later change can have the same time: clocks tick milliseconds, some disks two seconds."""
    return time.time_ns() - ns > (100_000_000 if ns % 1_000_000_000 else 3_000_000_000)


def _inode(path: str) -> Inode:
    try:
        found = os.stat(path)  # noqa: PTH116  # in commits: no Path is made for it
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def has_room(path: Path, size: int) -> bool:
    """Return whether a disk has room for many files of a size."""
    space = os.statvfs(path.parent)
    return space.f_bavail * space.f_frsize >= 8 * size


def is_full(path: Path) -> bool:
    """Return whether the disk on which a file lies has no room for the index of a write-ahead log."""
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < LEAST_ROOM


def drop_ballast(ballast: Path) -> bool:
    """Make room on a full disk; return whether there is some now that was not there before."""
    if not is_full(ballast):
        return False
    try:
        ballast.unlink()
    except OSError:
        return False
    return not is_full(ballast)


def fill_ballast(ballast: Path, size: int) -> None:
    """Make the ballast where there is room for many."""
    if ballast.exists():
        return
    if not has_room(ballast, size):
        return
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)


def lengthen_log(log: str, size: int, vfs: str = "") -> None:
    """Write zeros behind a write-ahead log until it is `size` bytes long, within a write transaction.

    Writing over what is there spares each commit a change of the file's size, which takes half as long again. A reader
    of the log stops at what is no page of it. SQLite opens the file, as everything that it has open.

    Raises:
        apsw.Error: there is no room, or it can't be written to.
    """
    file = apsw.VFSFile(vfs, log, [apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_READWRITE, 0])
    try:
        for at in range(file.xFileSize(), size, len(_PIECE)):
            file.xWrite(_PIECE, at)
        file.xSync(apsw.SQLITE_SYNC_NORMAL | apsw.SQLITE_SYNC_DATAONLY)
    finally:
        file.xClose()
