"""A thousand power cuts, each with what the disk may hold then: nothing acknowledged is lost, nothing is damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crash.test_power_cut import cut_and_look, record
from tests.soak.figures import tell

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.soak

CUTS = 1000


def test_a_thousand_power_cuts(tmp_path: Path) -> None:
    recording = record(tmp_path, steps=300)

    outcome = cut_and_look(tmp_path, recording, CUTS, most=12)

    tell(
        "power cuts",
        {
            "steps acknowledged": len(recording.sights) - 1,
            "writes and syncs": len(recording.events),
            "cuts": outcome.cuts,
            "disks looked at": outcome.disks,
            "holding a step not yet acknowledged": outcome.ahead,
            "lost or damaged": len(outcome.faults),
        },
    )
    assert outcome.faults == []
    assert outcome.cuts >= CUTS
