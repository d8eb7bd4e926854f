"""Whatever two people do to tasks, in whatever order: the store holds what an oracle says, and so does its journal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.storage.machine import machine, memory, sqlite

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.storage.samples import FakeClock
    from tui_editor.ports import ProjectStore

SEQUENCES = int(os.environ.get("TUI_EDITOR_SEQUENCES", "300"))


@pytest.mark.slow
@pytest.mark.parametrize("make", [memory, sqlite])
def test_the_store_is_its_oracle_is_its_journal(
    make: Callable[[FakeClock, Path], Callable[[], ProjectStore]],
) -> None:
    run_state_machine_as_test(
        machine(make),
        settings=settings(
            max_examples=SEQUENCES, stateful_step_count=7, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
