"""The in-memory engine keeps the contract."""

from __future__ import annotations

import pytest

from tests.storage.contract import Engine, StoreContract
from tests.storage.samples import HERE, FakeClock, project
from tui_editor.storage.memory import MemoryStore


class _Memory:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self._store = MemoryStore(project(), now=self.clock, here=HERE)

    def create(self) -> MemoryStore:
        return self._store

    def reopen(self) -> MemoryStore:
        return self._store


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def engine(self) -> Engine:
        return _Memory()
