"""Eight processes at work on one store, and what happens to them: stopped beyond the life of their locks, killed."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
import time
from typing import TYPE_CHECKING

from msgspec import Struct, field

from tests.crash.member import Orders, work
from tests.crash.witness import clock_ns
from tests.storage.samples import document, project, task
from tui_editor.ports import ImportedTask
from tui_editor.storage.locate import create_store

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, ForkServerProcess
    from pathlib import Path

MEMBERS = 8
TTL_MS = 1_500
"""A lock's life in the crew: short enough for many to end while somebody is stopped."""
NAP_S = 0.05
MISHAPS = (1.5 * TTL_MS / 1000, None, 0.1, 2 * TTL_MS / 1000, 0.3)
"""What happens to the processes in turn: standing still for so many seconds, or kill -9 (None)."""


class Stop(Struct, frozen=True):
    """A process stood still."""

    slot: int
    began_ns: int
    ended_ns: int


class Run(Struct):
    """A crew's work: where it is, and what was done to its processes."""

    folder: Path
    logs: Path
    seconds: float
    tasks: int
    stops: list[Stop] = field(default_factory=list)
    killed_ns: dict[str, int] = field(default_factory=dict)
    """When a process was killed, by the name of its log."""
    late_ms: list[float] = field(default_factory=list)
    """By how much the machine itself woke somebody too late who does nothing but sleep."""


def run_crew(folder: Path, seconds: float, *, tasks: int = 60, think_s: float = 0.1, seed: int = 5) -> Run:
    """Let a crew work on a new project for some time, with a mishap every half second or so."""
    run = Run(folder, folder / "logs", seconds, tasks)
    run.logs.mkdir()
    store = create_store(folder, project())
    # Few are left at once for eight people, so that they meet.
    store.add_tasks((ImportedTask(task=task(n + 1), document=document()) for n in range(tasks)), "boss")
    store.close()
    crew = _Crew(run, think_s)
    sleeper = threading.Thread(target=_sleeps, args=(run.late_ms, crew.ends_ns), daemon=True)
    sleeper.start()
    rng = random.Random(seed)
    while clock_ns() < crew.ends_ns - 4 * TTL_MS * 1_000_000:
        time.sleep(rng.uniform(0.2, 0.8))
        crew.mishap()
    crew.ends()
    sleeper.join()
    return run


def _sleeps(late_ms: list[float], ends_ns: int) -> None:
    while (began := clock_ns()) < ends_ns:
        time.sleep(NAP_S)
        late_ms.append((clock_ns() - began) / 1e6 - NAP_S * 1000)


class _Crew:
    def __init__(self, run: Run, think_s: float) -> None:
        self._run, self._think_s = run, think_s
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.crash.member"])
        self.ends_ns = clock_ns() + int(run.seconds * 1e9)
        self._turns = [0] * MEMBERS
        self._at_work = [self._starts(slot) for slot in range(MEMBERS)]
        self._mishaps = 0

    def _orders(self, slot: int) -> Orders:
        run = self._run
        return Orders(
            folder=run.folder,
            logs=run.logs,
            slot=slot,
            turn=self._turns[slot],
            ends_ns=self.ends_ns,
            ttl_ms=TTL_MS,
            think_s=self._think_s,
            tasks=run.tasks,
        )

    def _starts(self, slot: int) -> ForkServerProcess:
        process = self._context.Process(target=work, args=(self._orders(slot),), daemon=True)
        process.start()
        return process

    def mishap(self) -> None:
        """Do something bad to the next process: each gets as many as the others, of every kind."""
        slot = self._mishaps % MEMBERS
        stands_still_s = MISHAPS[self._mishaps % len(MISHAPS)]
        self._mishaps += 1
        if stands_still_s is None:
            self._kills(slot)
        else:
            self._stops(slot, stands_still_s)

    def _stops(self, slot: int, seconds: float) -> None:
        pid = self._at_work[slot].pid
        assert pid is not None
        began = clock_ns()
        os.kill(pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(pid, signal.SIGCONT)
        self._run.stops.append(Stop(slot, began, clock_ns()))

    def _kills(self, slot: int) -> None:
        process = self._at_work[slot]
        assert process.pid is not None
        name = self._orders(slot).log.name
        self._run.killed_ns[name] = clock_ns()
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        assert process.exitcode == -signal.SIGKILL, f"{name} had ended by itself"
        self._turns[slot] += 1
        self._at_work[slot] = self._starts(slot)

    def ends(self) -> None:
        """Wait until everybody is done."""
        for slot, process in enumerate(self._at_work):
            process.join(60)
            assert process.exitcode == 0, f"{self._orders(slot).log.name} ended with {process.exitcode}"
