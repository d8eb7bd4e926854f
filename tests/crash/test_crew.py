"""Eight people at work on one store, stopped and killed at any instant: nothing is lost, nothing is done twice."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.crash.crew import run_crew
from tests.crash.verdict import judge

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = float(os.environ.get("TUI_EDITOR_CREW_S", "12"))


@pytest.mark.slow
def test_eight_processes_lose_nothing_double_nothing_and_write_nothing_stale(tmp_path: Path) -> None:
    run = run_crew(tmp_path, SECONDS)

    verdict = judge(run)

    assert verdict.faults == []
    for happened in ("edits acknowledged", "tasks handed out", "undone, redone", "steps of issues", "killed"):
        assert verdict.figures[happened] > 0, happened
    assert verdict.figures["stopped beyond the lock's life"] > 0
    assert min(verdict.figures["taken over"], verdict.figures["refused as stale"]) > 0
