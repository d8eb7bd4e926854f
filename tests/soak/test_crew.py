"""Eight processes on one store for ten minutes: nothing lost, nothing doubled, nothing stale, nobody starved."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.crash.crew import run_crew
from tests.crash.verdict import judge
from tests.soak.figures import tell

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.soak

SECONDS = float(os.environ.get("CREW_S", "600"))
P99_MS = 50.0
LEAST_SHARE = 0.5
"""Of the edits of the busiest process that the idlest one got to make; both had as many mishaps."""


def test_eight_processes_work_on_one_store(tmp_path: Path) -> None:
    run = run_crew(tmp_path, SECONDS)

    verdict = judge(run)

    tell("eight processes on one store", {**verdict.figures, "faults": len(verdict.faults)})
    assert verdict.faults == []
    late = f"the machine itself was late by {verdict.figures['machine late p99 ms']} ms: let nothing run beside it"
    assert verdict.figures["edit p99 ms"] <= P99_MS, late
    assert verdict.figures["least / most edits of a process"] >= LEAST_SHARE
