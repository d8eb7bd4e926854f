"""One connection to the store's file: opening, transactions, and what is checked before each write."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import apsw

from tui_editor.errors import StoreCorrupt, StoreError, StoreFull, StoreLocked, StoreMissing, StoreTooNew
from tui_editor.storage import host
from tui_editor.storage.sqlite import schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

BUSY_MS = 20_000
BALLAST_BYTES = 8 << 20
"""A file that is given up when the disk is full, so that there is room for the spool and the log."""


class Connection:
    """The SQLite connection of one store, used by one thread at a time.

    Writers of all processes queue at a lock on a file beside the store: SQLite's own waiting lets the process that has
    just committed win again and again.

    Args:
        path: The store's file.
        create: Make it; otherwise it must be there.
        migrations: The steps of `schema.MIGRATIONS`.
        ballast: Bytes to hold back for a full disk; 0 for none.
    """

    def __init__(
        self,
        path: Path,
        *,
        create: bool = False,
        migrations: Sequence[str] = schema.MIGRATIONS,
        ballast: int = BALLAST_BYTES,
        vfs: str | None = None,
    ) -> None:
        self.path = path
        self._pid = os.getpid()
        self._lock_file = -1
        _refuse_network(path)
        if not create and not path.exists():
            raise StoreMissing("there is no project here", where=str(path), hint="make one with `tui-editor init`")
        with translated(path):
            self._lock_file = _open_lock(path)
            flags = apsw.SQLITE_OPEN_READWRITE | (apsw.SQLITE_OPEN_CREATE if create else 0)
            self.db = apsw.Connection(str(path), flags=flags, vfs=vfs)
            try:
                self._prepare(migrations, create=create)
            except BaseException:
                self.close()
                raise
        self._files = self._identity()
        self._ballast = path.with_name("ballast") if ballast else None
        self._fill_ballast(ballast)

    def _prepare(self, migrations: Sequence[str], *, create: bool) -> None:
        self.db.set_busy_timeout(BUSY_MS)
        for pragma in ("synchronous = full", "foreign_keys = on", "trusted_schema = off", "cache_size = -32768"):
            self.db.pragma(*pragma.split(" = "))
        version = self.db.pragma("user_version")
        ours = self.db.pragma("application_id") == schema.APPLICATION_ID
        if not ours and (version or self.one("select 1 from sqlite_schema limit 1")):
            raise StoreCorrupt("this file is not a project of ours", where=str(self.path))
        if version > len(migrations):
            raise StoreTooNew(
                f"the project has version {version}, this program knows up to {len(migrations)}",
                where=str(self.path),
                hint="update tui-editor",
            )
        self.db.pragma("journal_mode", "wal")
        if version < len(migrations):
            with self.queued():
                # again: another process may have been faster
                if not create and not self.db.pragma("user_version"):
                    raise StoreCorrupt(
                        "the project's file is empty",
                        where=str(self.path),
                        hint="restore a backup, or remove the file when there was no project in it yet",
                    )
                self._migrate(migrations)

    def _migrate(self, migrations: Sequence[str]) -> None:
        version = self.db.pragma("user_version")  # again: another process may have been faster
        if 0 < version < len(migrations):
            self.backup(self.path.with_name(f"project.v{version}.{time.strftime('%Y%m%d-%H%M%S')}.db"))
        for number in range(version, len(migrations)):
            with self.db:
                self.db.execute(migrations[number])
                self.db.pragma("user_version", number + 1)
                if number == 0:
                    self.db.pragma("application_id", schema.APPLICATION_ID)
                    self.db.execute("insert into meta values ('store_id', ?)", (uuid4().hex,))

    def run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Execute a statement; return its rows.

        Raises:
            StoreError: a value is text that is not Unicode (it holds a lone surrogate).
        """
        try:
            return self.db.execute(sql, values)
        except UnicodeEncodeError as error:
            raise StoreError("text that is not Unicode can't be kept") from error

    def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Execute a statement for each row of values.

        Raises:
            StoreError: a value is text that is not Unicode (it holds a lone surrogate).
        """
        try:
            self.db.executemany(sql, rows)
        except UnicodeEncodeError as error:
            raise StoreError("text that is not Unicode can't be kept") from error

    # --- reading ---------------------------------------------------------------------------------

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row, None when there is none."""
        row: tuple[Any, ...] | None = self.run(sql, values).fetchone()
        return row

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Give everything read inside the same state of the store."""
        with translated(self.path):
            if self.db.in_transaction:
                yield
                return
            self.db.execute("begin")
            try:
                yield
            finally:
                self.db.execute("rollback")

    # --- writing ---------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run one transaction: on disk when the block has ended, undone when it raised."""
        with translated(self.path), self.queued():
            self.check_files()
            self.db.execute("begin immediate")
            try:
                yield
                self.db.execute("commit")
            except BaseException as error:
                if self.db.in_transaction:
                    self.db.execute("rollback")
                if isinstance(error, apsw.FullError):
                    self._drop_ballast()
                raise

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what the block wrote when it raises."""
        self.db.execute("savepoint edit")
        try:
            yield
        except BaseException:
            # SQLite has ended the transaction by itself after a full disk or an I/O error.
            if self.db.in_transaction:
                self.db.execute("rollback to edit")
                self.db.execute("release edit")
            raise
        self.db.execute("release edit")

    @contextmanager
    def queued(self) -> Iterator[None]:
        """Wait for this process's turn to write."""
        if os.getpid() != self._pid:
            raise StoreError("a store can't be used in a forked process", hint="open it there anew")
        fcntl.flock(self._lock_file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._lock_file, fcntl.LOCK_UN)

    def check_files(self) -> None:
        """Refuse to write into files that are no longer those at the store's path.

        Raises:
            StoreCorrupt: the file or its write-ahead log was moved, replaced or deleted.
        """
        if self._identity() != self._files:
            raise StoreCorrupt(
                "the project's file was replaced or moved while it was open",
                where=str(self.path),
                hint="nothing more is written to it; put it back or open the new one again",
            )

    def _identity(self) -> tuple[tuple[int, int] | None, ...]:
        # stat only: opening and closing the file would drop SQLite's locks on it (POSIX).
        return tuple(_inode(f) for f in (str(self.path), f"{self.path}-wal"))

    # --- the rest --------------------------------------------------------------------------------

    def backup(self, target: Path) -> None:
        """Write a consistent copy; it appears whole or not at all."""
        part = target.with_name(target.name + ".part")
        part.unlink(missing_ok=True)
        with translated(target):
            copy = apsw.Connection(str(part))
            try:
                with copy.backup("main", self.db, "main") as job:
                    job.step()
                copy.pragma("journal_mode", "delete")
            finally:
                copy.close()
            part.replace(target)

    def close(self) -> None:
        """Free the files."""
        self.db.close()
        if self._lock_file >= 0:
            os.close(self._lock_file)
            self._lock_file = -1

    def _fill_ballast(self, size: int) -> None:
        if self._ballast is None or self._ballast.exists():
            return
        space = os.statvfs(self.path.parent)
        if space.f_bavail * space.f_frsize < 8 * size:
            return
        with self._ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, size)

    def _drop_ballast(self) -> None:
        if self._ballast is not None:
            self._ballast.unlink(missing_ok=True)


def _inode(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116  # twice in every commit: no Path is made for it
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _open_lock(path: Path) -> int:
    try:
        return os.open(path.with_name("lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise StoreError(
            "the project can't be written to",
            where=str(path.parent),
            hint="copy the project to a folder where you may write",
        ) from error


def _refuse_network(path: Path) -> None:
    kind = host.file_system(path.parent)
    if host.is_network(kind):
        raise StoreError(
            f"the project lies on a network file system ({kind}), where its locks don't work",
            where=str(path),
            hint="keep it on a local disk",
        )


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except apsw.FullError as error:
        raise StoreFull("the disk is full, nothing was written", where=str(path), hint="make room") from error
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise StoreCorrupt("the project's file is damaged", where=str(path), hint="restore a backup") from error
    except (apsw.ReadOnlyError, apsw.CantOpenError, apsw.PermissionsError, apsw.AuthError) as error:
        raise StoreError(
            "the project can't be written to",
            where=str(path),
            hint="copy the project to a folder where you may write",
        ) from error
    except (apsw.BusyError, apsw.LockedError) as error:
        raise StoreLocked("another program keeps the project busy", where=str(path)) from error
    except apsw.Error as error:
        raise StoreError(f"the project can't be used: {error}", where=str(path)) from error
