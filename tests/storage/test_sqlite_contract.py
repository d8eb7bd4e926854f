"""The SQLite engine keeps the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.storage.contract import Engine, StoreContract
from tests.storage.samples import HERE, FakeClock, project
from tui_editor.storage.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class SqliteEngine:
    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.path = folder / "project.db"
        self._open: list[SqliteStore] = []

    def create(self) -> SqliteStore:
        return self._opened(SqliteStore(self.path, project(), now=self.clock, here=HERE, ballast=0))

    def reopen(self) -> SqliteStore:
        return self._opened(SqliteStore(self.path, now=self.clock, here=HERE, ballast=0))

    def _opened(self, store: SqliteStore) -> SqliteStore:
        self._open.append(store)
        return store

    def close(self) -> None:
        for store in self._open:
            store.close()


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> Iterator[Engine]:
        engine = SqliteEngine(tmp_path)
        yield engine
        engine.close()
