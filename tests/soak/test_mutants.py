"""No fault of the list goes unnoticed."""

from __future__ import annotations

import pytest

from tests.soak.figures import tell
from tests.storage.mutants import MUTANTS, survivors

pytestmark = pytest.mark.soak


def test_every_fault_of_the_store_is_caught() -> None:
    alive = survivors()

    tell("faults of the store", {"put in": len(MUTANTS), "caught": len(MUTANTS) - len(alive)})
    assert alive == []
