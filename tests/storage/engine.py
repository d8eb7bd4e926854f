"""How the contract of project stores makes and reopens stores of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from tests.storage.samples import (
    FakeClock,
    imported,
)
from tui_editor.model.ids import TaskId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.ports import ProjectStore

TASK = TaskId(11)


class Engine(Protocol):
    """How the suite makes and reopens stores of one kind."""

    clock: FakeClock

    def create(self) -> ProjectStore: ...

    def reopen(self) -> ProjectStore:
        """Return the same project as a new process would see it."""


class StoreSuite:
    """What the parts of the contract share."""

    @pytest.fixture
    def store(self, engine: Engine) -> Iterator[ProjectStore]:
        made = engine.create()
        made.add_tasks([imported()], "ann")
        yield made
        made.close()
