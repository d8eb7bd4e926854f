"""One connection to the store's file: opening, transactions, and what is checked before each write."""

from __future__ import annotations

import fcntl
import logging
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import apsw

from tui_editor.errors import StoreCorrupt, StoreError, StoreMissing, StoreReadOnly, StoreTooNew
from tui_editor.model.ids import new_token
from tui_editor.model.label_bytes import with_label
from tui_editor.storage.sqlite import files, schema
from tui_editor.storage.sqlite import read_only as read_only_store
from tui_editor.storage.sqlite.failures import ours, sound, translated
from tui_editor.storage.sqlite.metadata import metadata_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

BUSY_MS = 20_000
_log = logging.getLogger(__name__)
_NOT_UNICODE = "text that is not Unicode can't be kept"


class Connection:
    """The SQLite connection of one store, used by one thread at a time.

    Writers of all processes queue at a lock on a file beside the store: SQLite's own waiting lets the process that has
    just committed win again and again.

    Args:
        path: The store's file.
        create: Make it; otherwise it must be there.
        migrations: The steps of `schema.MIGRATIONS`.
        ballast: Bytes to hold back for a full disk; 0 for none.
        vfs: Name of a SQLite file system.
        read_only: Write nothing, neither to the file nor beside it.
    """

    def __init__(
        self,
        path: Path,
        *,
        create: bool = False,
        migrations: Sequence[str] = schema.MIGRATIONS,
        ballast: int = files.BALLAST_BYTES,
        vfs: str | None = None,
        read_only: bool = False,
    ) -> None:
        self.path = path
        self.read_only = read_only
        self._unlocked: read_only_store.Files | None = None
        self._transaction = _Transaction(self)
        self._vfs = vfs or ""
        self._pid = os.getpid()
        self._lock_file = -1
        files.refuse_network(path)
        if not create and not path.exists():
            raise StoreMissing("there is no project here", where=str(path), hint="make one with `tui-editor init`")
        with translated(path):
            try:
                self._connect(migrations, create=create, vfs=vfs)
            except (apsw.IOError, apsw.FullError, apsw.CantOpenError):
                # On a full disk not even reading works: for that, room is held back.
                if read_only or not files.drop_ballast(path.with_name("ballast")):
                    raise
                self._connect(migrations, create=create, vfs=vfs)
        self._files = files.Opened(path)
        self._ballast = path.with_name("ballast") if ballast and not read_only else None
        if self._ballast is not None:
            files.fill_ballast(self._ballast, ballast)

    def _connect(self, migrations: Sequence[str], *, create: bool, vfs: str | None) -> None:
        if self.read_only:
            self.db, self._unlocked = read_only_store.connect(self.path)
        else:
            self._lock_file = files.open_lock(self.path)
            flags = apsw.SQLITE_OPEN_READWRITE | (apsw.SQLITE_OPEN_CREATE if create else 0)
            self.db = apsw.Connection(str(self.path), flags=flags, vfs=vfs)
        self._cursor = self.db.cursor()
        try:
            self._prepare(migrations, create=create)
        except BaseException:
            self.close()
            raise

    def _prepare(self, migrations: Sequence[str], *, create: bool) -> None:
        self.db.set_busy_timeout(BUSY_MS)
        self._add_functions()
        for pragma in ("synchronous = full", "foreign_keys = on", "trusted_schema = off", "cache_size = -32768"):
            self.db.pragma(*pragma.split(" = "))
        version = self.db.pragma("user_version")
        self._check_kind(version, len(migrations))
        if self.read_only:
            if version < len(migrations):
                self._migrate_copy(version, migrations)
            return
        self.db.pragma("journal_mode", "wal")
        if version < len(migrations):
            with self.queued():
                # again: another process may have been faster
                version = self.db.pragma("user_version")
                if not create and not version:
                    raise self._empty()
                if 0 < version < len(migrations):
                    self.backup(self.path.with_name(f"project.v{version}.{time.strftime('%Y%m%d-%H%M%S')}.db"))
                self._migrate(version, migrations)

    def _add_functions(self) -> None:
        """Let statements call what is written in Python."""
        add = self.db.create_scalar_function
        add("with_label", with_label, 3, deterministic=True)  # type: ignore[arg-type]  # blobs are bytes
        add("metadata_of", metadata_json, 1, deterministic=True)  # type: ignore[arg-type]  # the same

    def _check_kind(self, version: int, newest: int) -> None:
        ours = self.db.pragma("application_id") == schema.APPLICATION_ID
        if not ours and (version or self.one("select 1 from sqlite_schema limit 1")):
            raise StoreCorrupt("this file is not a project of ours", where=str(self.path))
        if version > newest:
            raise StoreTooNew(
                f"the project has version {version}, this program knows up to {newest}",
                where=str(self.path),
                hint="update tui-editor",
            )

    def _empty(self) -> StoreCorrupt:
        return StoreCorrupt(
            "the project's file is empty",
            where=str(self.path),
            hint="restore a backup, or remove the file when there was no project in it yet",
        )

    def _migrate_copy(self, version: int, migrations: Sequence[str]) -> None:
        """Bring an older store up to date where nothing may be written: in memory."""
        if not version:
            raise self._empty()
        self.db = read_only_store.in_memory(self.db)
        self._add_functions()
        self._cursor = self.db.cursor()
        self._migrate(version, migrations)

    def _migrate(self, version: int, migrations: Sequence[str]) -> None:
        for number in range(version, len(migrations)):
            with self.db:
                self.db.execute(migrations[number])
                self.db.pragma("user_version", number + 1)
                if number == 0:
                    self.db.pragma("application_id", schema.APPLICATION_ID)
                    self.db.execute("insert into meta values ('store_id', ?)", (new_token(),))

    def run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Execute a statement; return its rows, to be gone through.

        Raises:
            StoreError: a value is text that is not Unicode (it holds a lone surrogate).
        """
        try:
            return self.db.execute(sql, values)
        except UnicodeEncodeError as error:
            raise StoreError(_NOT_UNICODE) from error

    def do(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Execute statements without rows; a cursor that is there already spares half of the time of `run`.

        Raises:
            StoreError: a value is text that is not Unicode (it holds a lone surrogate).
        """
        try:
            self._cursor.execute(sql, values)
        except UnicodeEncodeError as error:
            raise StoreError(_NOT_UNICODE) from error

    def run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Execute a statement for each row of values.

        Raises:
            StoreError: a value is text that is not Unicode (it holds a lone surrogate).
        """
        try:
            self.db.executemany(sql, rows)
        except UnicodeEncodeError as error:
            raise StoreError(_NOT_UNICODE) from error

    # --- reading ---------------------------------------------------------------------------------

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Return the only row, None when there is none.

        Raises:
            StoreError: a value is text that is not Unicode (it holds a lone surrogate).
        """
        try:
            rows = self._cursor.execute(sql, values).fetchall()  # to the end: an open statement keeps its snapshot
        except UnicodeEncodeError as error:
            raise StoreError(_NOT_UNICODE) from error
        return rows[0] if rows else None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Give everything read inside the same state of the store.

        Raises:
            StoreCorrupt: what is read has other types than ours.
        """
        with translated(self.path), sound(self.path):
            if self.db.in_transaction:
                yield
                return
            if self._unlocked is not None:
                self._unlocked.check()
            self.db.execute("begin")
            try:
                yield
            finally:
                self.db.execute("rollback")
            if self._unlocked is not None:
                self._unlocked.check()

    # --- writing ---------------------------------------------------------------------------------

    def writing(self) -> _Transaction:
        """Run one transaction: on disk when the block has ended, undone when it raised."""
        return self._transaction

    def begin(self) -> None:
        """Wait for this process's turn to write, and begin.

        Raises:
            StoreReadOnly: nothing may be written here.
            StoreCorrupt: the file or its write-ahead log was moved, replaced or deleted.
        """
        if self.read_only:
            raise StoreReadOnly(
                "the project may only be read here",
                where=str(self.path),
                hint="copy it to a folder where you may write to change it",
            )
        self.take_turn()
        try:
            if not self._files.are_there():
                raise self._moved()
            self._cursor.execute("begin immediate")
        except BaseException:
            self.end_turn()
            raise

    def commit(self) -> None:
        """Put what was written on disk."""
        self._cursor.execute("commit")

    def undo(self, why: BaseException) -> None:
        """Forget what was written."""
        if self.db.in_transaction:
            self._cursor.execute("rollback")
        if isinstance(why, apsw.FullError):
            self._drop_ballast()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what the block wrote when it raises."""
        self._cursor.execute("savepoint edit")
        try:
            yield
        except BaseException:
            # SQLite has ended the transaction by itself after a full disk or an I/O error.
            if self.db.in_transaction:
                self._cursor.execute("rollback to edit")
                self._cursor.execute("release edit")
            raise
        self._cursor.execute("release edit")

    @contextmanager
    def queued(self) -> Iterator[None]:
        """Wait for this process's turn to write."""
        self.take_turn()
        try:
            yield
        finally:
            self.end_turn()

    def take_turn(self) -> None:
        """Wait for this process's turn to write, until `end_turn`."""
        if os.getpid() != self._pid:
            raise StoreError("a store can't be used in a forked process", hint="open it there anew")
        fcntl.flock(self._lock_file, fcntl.LOCK_EX)

    def end_turn(self) -> None:
        """Let the next one write."""
        fcntl.flock(self._lock_file, fcntl.LOCK_UN)

    def _moved(self) -> StoreCorrupt:
        return StoreCorrupt(
            "the project's file was replaced or moved while it was open",
            where=str(self.path),
            hint="nothing more is written to it; put it back or open the new one again",
        )

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

    def lengthen_log(self) -> None:
        """Give the write-ahead log its usual length beforehand: commits are faster from the first on."""
        if not files.has_room(self.path, files.LOG_ROOM_BYTES):
            return
        with self.writing():
            try:
                files.lengthen_log(f"{self.path}-wal", files.LOG_ROOM_BYTES, self._vfs)
            except apsw.Error as error:
                _log.warning("no room was made in the log: %s", error)

    def close(self) -> None:
        """Free the files."""
        self.db.close()
        if self._lock_file >= 0:
            os.close(self._lock_file)
            self._lock_file = -1

    def _drop_ballast(self) -> None:
        if self._ballast is not None:
            self._ballast.unlink(missing_ok=True)


class _Transaction:
    """What `writing` enters and leaves. Written out, since it is part of every commit."""

    def __init__(self, connection: Connection) -> None:
        self._on = connection

    def __enter__(self) -> None:
        try:
            self._on.begin()
        except apsw.Error as error:
            raise ours(error, self._on.path) from error

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        failure = error
        try:
            if failure is None:
                try:
                    self._on.commit()
                except BaseException as raised:  # noqa: BLE001  # it goes on from here
                    failure = raised
            if failure is not None:
                self._on.undo(failure)
        finally:
            self._on.end_turn()
        if isinstance(failure, apsw.Error):
            raise ours(failure, self._on.path) from failure
        if failure is not error and failure is not None:
            raise failure
