"""20,000 mutated inputs for the readers: no traceback, no hang, little memory; the short twin is `tests/fuzz`."""

from __future__ import annotations

import os
import time

import pytest

from tests.fuzz.batches import BATCH, KEPT, fuzz
from tests.fuzz.child import MOST_BYTES, MOST_CPU_S
from tests.fuzz.targets import shares
from tests.soak.figures import tell

pytestmark = pytest.mark.soak

INPUTS = int(os.environ.get("FUZZ_INPUTS", "20000"))
SEED = int(os.environ.get("FUZZ_SEED", "20000"))


def test_no_mutated_input_brings_a_reader_to_a_traceback_a_hang_or_much_memory() -> None:
    start = time.monotonic()
    found = fuzz(shares(INPUTS), SEED)

    for name, each in found.items():
        longest, peak = f"longest {each.longest_s:.2f} s of {MOST_CPU_S:g}", f"most {each.peak_bytes >> 20} MiB"
        counts = f"{each.read:5} read {each.refused:5} refused {len(each.faults):3} faults"
        tell(f"fuzz {name}", {"inputs": f"{counts}, {longest}, {peak} of {MOST_BYTES >> 20}"})
    total = sum(each.read + each.refused + len(each.faults) for each in found.values())
    tell("fuzz", {"inputs": total, "seed": SEED, "a child": BATCH, "took_s": round(time.monotonic() - start)})
    assert [fault for each in found.values() for fault in each.faults] == [], f"the inputs are kept in {KEPT}"
    assert total >= INPUTS * 0.99
