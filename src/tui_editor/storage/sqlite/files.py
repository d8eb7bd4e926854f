"""The files of a store beside its database: the lock at which writers queue, the ballast; and which files they are."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tui_editor.errors import StoreError
from tui_editor.storage import host

if TYPE_CHECKING:
    from pathlib import Path

BALLAST_BYTES = 8 << 20
"""A file that is given up when the disk is full, so that there is room for the spool and the log."""

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


def inode(path: str) -> Inode:
    """Return which file lies at a path. By stat only: opening and closing it would drop SQLite's locks (POSIX)."""
    try:
        found = os.stat(path)  # noqa: PTH116  # twice in every commit: no Path is made for it
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def fill_ballast(ballast: Path, size: int) -> None:
    """Make the ballast where there is room for many."""
    if ballast.exists():
        return
    space = os.statvfs(ballast.parent)
    if space.f_bavail * space.f_frsize < 8 * size:
        return
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)
