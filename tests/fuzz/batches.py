"""Shares mutated inputs among child processes, goes on behind one that was killed, and keeps what failed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fuzz.child import MOST_CPU_S, MOST_WALL_S, Seen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CHECKOUT = Path(__file__).parents[2]
KEPT = CHECKOUT / "build" / "fuzz"
"""Where inputs that failed are kept."""
BATCH = 250


@dataclass(slots=True)
class Figures:
    """What a target's inputs came to."""

    read: int = 0
    refused: int = 0
    longest_s: float = 0.0
    """Processor time of the slowest input."""
    peak_bytes: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, seen: Seen) -> None:
        """Count an input."""
        self.read += seen.outcome == "read"
        self.refused += seen.outcome == "refused"
        self.longest_s = max(self.longest_s, seen.cpu_s)
        self.peak_bytes = max(self.peak_bytes, seen.peak_bytes)


def fuzz(counts: Mapping[str, int], seed: int, jobs: int = 2) -> dict[str, Figures]:
    """Give each target so many mutated inputs; return what became of them, in the order of the targets."""
    figures = {name: Figures() for name in counts}
    batches = [
        (name, first, min(BATCH, count - first)) for name, count in counts.items() for first in range(0, count, BATCH)
    ]

    def run(batch: tuple[str, int, int]) -> list[Seen]:
        name, first, count = batch
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            return list(_all_of(name, seed, range(first, first + count), Path(folder)))

    with ThreadPoolExecutor(jobs) as pool:
        for (name, _, _), found in zip(batches, pool.map(run, batches), strict=True):
            for seen in found:
                figures[name].add(seen)
                if seen.fault:
                    figures[name].faults.append(f"{name} seed {seed} input {seen.number}: {seen.fault}")
    return figures


def _all_of(name: str, seed: int, numbers: range, folder: Path) -> Iterator[Seen]:
    """Yield what became of each input; a new child goes on behind an input that ended one."""
    while numbers:
        done = -1
        for seen in _child(name, seed, numbers, folder / str(numbers.start)):
            done = seen.number
            if seen.fault:
                _keep(folder / str(numbers.start) / str(seen.number), f"{name}-{seed}-{seen.number}", seen.fault)
            yield seen
        if done < 0:
            raise RuntimeError(f"the child of {name} told nothing of {numbers}")
        numbers = range(done + 1, numbers.stop)


def _child(name: str, seed: int, numbers: range, folder: Path) -> Iterator[Seen]:
    argv = [
        sys.executable,
        "-m",
        "tests.fuzz.child",
        name,
        str(seed),
        str(numbers.start),
        str(len(numbers)),
        str(folder),
    ]
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": f"{CHECKOUT / 'src'}:{CHECKOUT}"}
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(argv, cwd=CHECKOUT, env=env, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        assert process.stdout is not None
        begun = None
        for line in process.stdout:
            said = json.loads(line)
            if isinstance(said, int):
                begun = said
            else:
                begun = None
                yield Seen(*said)
        code = process.wait()
        errors.seek(0)
        stack = errors.read().decode("utf-8", "backslashreplace")
        if begun is not None:
            yield Seen(number=begun, outcome="broken", fault=f"{_why(code)}\n{stack}", cpu_s=0.0, peak_bytes=0)
        elif code:
            raise RuntimeError(f"the child of {name} ended with {code}:\n{stack}")


def _why(code: int) -> str:
    if code == -signal.SIGPROF:
        return f"it hung: more than {MOST_CPU_S:g} s of the processor"
    if code == -signal.SIGALRM:
        return f"it hung: more than {MOST_WALL_S:g} s"
    return f"it ended the process: {signal.Signals(-code).name if code < 0 else code}"


def _keep(place: Path, name: str, fault: str) -> None:
    """Keep an input with what was wrong, for whoever looks into it."""
    target = KEPT / name
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(place, target, symlinks=True, ignore_dangling_symlinks=True)
    (target / "fault.txt").write_text(fault, encoding="utf-8", errors="backslashreplace")
