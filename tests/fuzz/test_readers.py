"""Mutated inputs are read or refused with an error of ours, soon and in little memory: some of each reader's.

`make soak` gives them 20,000 (`tests/soak/test_readers.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fuzz import batches, targets
from tests.fuzz.batches import Figures, fuzz
from tests.fuzz.faulty import DEEDS, FAULTY

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

INPUTS = 400
SEED = 1


@pytest.fixture(scope="module")
def figures() -> dict[str, Figures]:
    return fuzz(targets.shares(INPUTS), SEED)


def test_every_mutated_input_is_read_or_refused_with_an_error_of_ours(figures: dict[str, Figures]) -> None:
    assert [fault for found in figures.values() for fault in found.faults] == []


def test_of_each_readers_inputs_some_are_read(figures: dict[str, Figures]) -> None:
    seldom = {"workflow"}  # a word wrong and it leads nowhere
    assert [name for name, found in figures.items() if not found.read and name not in seldom] == []


# --- what the watch over them notices ------------------------------------------------------------


def test_each_thing_that_a_reader_must_not_do_is_one_fault_and_the_next_inputs_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUZZ_CPU_S", "3")
    monkeypatch.setattr(batches, "KEPT", tmp_path / "kept")

    found = fuzz({FAULTY.name: len(DEEDS)}, SEED)[FAULTY.name]

    assert (found.read, found.refused) == (1, 1)
    told = [told for _, told in DEEDS if told]
    assert [fault for fault, said in zip(found.faults, told, strict=True) if said not in fault] == []
    assert len(list((tmp_path / "kept").iterdir())) == len(told), "each is kept"
