"""Each fault of the list can still be put into the store: its line is there, once."""

from __future__ import annotations

import pytest

from tests.storage.mutants import MUTANTS, Mutant, places


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.fact.replace(" ", "-"))
def test_the_line_of_each_fault_is_there_once(mutant: Mutant) -> None:
    assert len(places(mutant)) == 1, f"{mutant.file}: {mutant.line}"
    assert mutant.becomes != mutant.line


def test_there_are_enough_faults_and_each_breaks_a_fact_of_its_own() -> None:
    assert len(MUTANTS) >= 15
    assert len({mutant.fact for mutant in MUTANTS}) == len(MUTANTS)
