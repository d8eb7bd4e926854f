"""Where the real data lie that tests may read; they are never part of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def shared_data(*parts: str) -> Path:
    """Return a path below the shared data; skip the test where they are absent."""
    if not SHARED.is_dir():
        pytest.skip("the shared data kit (../shared/data beside the checkout) is not on this machine")
    return SHARED.joinpath(*parts)
