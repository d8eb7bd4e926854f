"""Five thousand sequences of what two people do to tasks, on each engine: the store is its oracle is its journal."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.soak.figures import tell
from tests.storage.machine import machine, memory, sqlite

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.storage.samples import FakeClock
    from tui_editor.ports import ProjectStore

pytestmark = pytest.mark.soak

SEQUENCES = int(os.environ.get("SEQUENCES", "5000"))
STEPS = 10


@pytest.mark.parametrize("make", [memory, sqlite])
def test_five_thousand_sequences(make: Callable[[FakeClock, Path], Callable[[], ProjectStore]]) -> None:
    made = machine(make)
    counted = {"sequences": 0, "steps": 0}

    def teardown(self: object) -> None:
        counted["sequences"] += 1
        counted["steps"] += self.steps  # type: ignore[attr-defined]
        super(made, self).teardown()  # type: ignore[misc]

    made.teardown = teardown  # type: ignore[method-assign]
    began = time.monotonic()

    run_state_machine_as_test(
        made,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

    tell(f"sequences on {make.__name__}", {**counted, "seconds": round(time.monotonic() - began)})
    assert counted["sequences"] >= SEQUENCES
