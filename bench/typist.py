"""Somebody who presses keys: from a key to the last byte that is written for it, on a pty of 160 × 45 cells.

The terminal shows half blocks: what is timed are the lists and dialogs. The loop's callbacks are timed meanwhile.
"""

from __future__ import annotations

import json
import signal
import statistics
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.terminals.answers import PLAIN
from tests.terminals.pty_host import PtyHost

from bench.figures import Figure, figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

QUIET_S = 0.3
START_S = 120.0
ESCAPE, ENTER = "\x1b", "\r"


class Typist:
    """Presses keys and notes how long what they lead to takes to be painted."""

    def __init__(self, host: PtyHost) -> None:
        self.host = host

    def press(self, keys: str, *, quiet_s: float = QUIET_S) -> float:
        """Press keys at once; return the milliseconds until the last byte before it is quiet."""
        seen, sent = len(self.host.chunks), time.monotonic()
        self.host.send(keys.encode())
        while True:
            fresh = self.host.chunks[seen:]
            last = fresh[-1][0] if fresh else sent + 2 * quiet_s
            if time.monotonic() - last > quiet_s:
                return (last - sent) * 1000 if fresh else 0.0
            time.sleep(0.003)

    def times(self, keys: Sequence[str], *, before: str = "", after: str = "", runs: int = 20) -> list[float]:
        """Press keys in turn, each time after others and before others that aren't timed."""
        found = []
        for n in range(runs):
            if before:
                self.press(before)
            found.append(self.press(keys[n % len(keys)]))
            if after:
                self.press(after)
        return found


def p95(name: str, times: Sequence[float], limit_ms: int = 50) -> Figure:
    """Return the 95th percentile of times."""
    at = sorted(times)[max(0, round(0.95 * len(times)) - 1)]
    return figure(f"{name}, key to paint, p95 (<= {limit_ms} ms)", at, "ms", n=len(times))


@contextmanager
def at_work(folder: Path, shows: str, found: list[Figure], name: str, task: str = "1") -> Iterator[Typist]:
    """Open the editor on a project; in the end add the figures of its loop.

    Args:
        folder: Of the project.
        shows: Words on the screen when it is up.
        found: Gets the figures of the loop.
        name: What the loop is busy with.
        task: The task that is opened; the queue where it is empty.
    """
    out = folder / "callbacks.json"
    with PtyHost([sys.executable, "-m", "bench.timed_app", str(folder), str(out), task], kind=PLAIN) as host:
        host.wait_for_text(shows, timeout_s=START_S)
        typist = Typist(host)
        typist.press("", quiet_s=1.0)
        yield typist
        host.signal(signal.SIGTERM)
        host.wait_exit(timeout_s=20)
    own = sorted(json.loads(out.read_text())["cpu"])
    found.append(
        figure(
            f"{name}: callbacks of the loop, p99, own time (<= 8 ms)",
            own[int(len(own) * 0.99)] * 1000,
            "ms",
            n=len(own),
        )
    )
    found.append(figure(f"{name}: callbacks of the loop, longest, own time", own[-1] * 1000, "ms", n=len(own)))
    found.append(
        figure(f"{name}: callbacks of the loop, median, own time", statistics.median(own) * 1000, "ms", n=len(own))
    )
