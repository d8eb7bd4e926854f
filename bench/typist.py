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
from typing import TYPE_CHECKING, NamedTuple

import pyte
from tests.terminals.answers import PLAIN
from tests.terminals.pty_host import PtyHost
from tests.terminals.text_screen import NO_TEXT

from bench.figures import Figure, figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

QUIET_S = 0.3
START_S = 120.0
CALLBACK_MS = 8
ESCAPE, ENTER = "\x1b", "\r"


class Typed(NamedTuple):
    """What became of keys that were pressed, in ms since.

    Attributes:
        effect: When the screen showed what the keys are for.
        last: When the last byte was written before it was quiet.
    """

    effect: float
    last: float


def quiet(host: PtyHost, seconds: float, since: int = 0) -> float:
    """Return when nothing was written for a while: the moment of the last byte of the chunks from `since` on.

    Where nothing at all comes, 0 after four times as long.
    """
    begun = time.monotonic()
    while True:
        fresh = host.chunks[since:]
        last = fresh[-1][0] if fresh else begun + 3 * seconds
        if time.monotonic() - last > seconds:
            return last if fresh else 0.0
        time.sleep(0.003)


class Typist:
    """Presses keys and notes how long what they lead to takes to be painted."""

    def __init__(self, host: PtyHost) -> None:
        self.host = host
        self._seen = 0
        self._screen = pyte.Screen(host.geometry.columns, host.geometry.rows)
        self._stream = pyte.Stream(self._screen)

    @property
    def rows(self) -> list[str]:
        """Return the rows of text on the screen."""
        for _, data in self._fresh():
            self._feed(data)
        return self._lines()

    def press(self, keys: str, *, quiet_s: float = QUIET_S) -> float:
        """Press keys at once; return the milliseconds until the last byte before it is quiet."""
        seen, sent = len(self.host.chunks), time.monotonic()
        self.host.send(keys.encode())
        last = quiet(self.host, quiet_s, seen)
        return (last - sent) * 1000 if last else 0.0

    def see(self, keys: str, shows: Callable[[list[str]], bool]) -> Typed:
        """Press keys at once, and tell when the screen showed what they are for; AssertionError where it never did."""
        _ = self.rows  # what was written before doesn't count
        sent = time.monotonic()
        last = self.press(keys)
        effect = None
        for at, data in self._fresh():
            self._feed(data)
            if effect is None and shows(self._lines()):
                effect = (at - sent) * 1000
        assert effect is not None, "\n".join([f"{keys!r} did not lead to it:", *self._lines()])
        return Typed(effect, last)

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

    def _fresh(self) -> list[tuple[float, bytes]]:
        chunks = self.host.chunks[self._seen :]
        self._seen += len(chunks)
        return chunks

    def _feed(self, data: bytes) -> None:
        self._stream.feed(NO_TEXT.sub("", data.decode("utf-8", "replace")))

    def _lines(self) -> list[str]:
        return [line.rstrip() for line in self._screen.display]


def p95(name: str, times: Sequence[float], limit_ms: int = 50) -> Figure:
    """Return the 95th percentile of times, against a limit."""
    return figure(
        f"{name}, key to paint, p95", percentile(times), "ms", n=len(times), peer="limit, <= 1.0", peer_value=limit_ms
    )


def seen(name: str, typed: Sequence[Typed], limit_ms: int = 50) -> list[Figure]:
    """Return when keys had their effect, against a limit, and when the last byte was written that they led to."""
    last = percentile([each.last for each in typed])
    return [
        p95(name, [each.effect for each in typed], limit_ms),
        figure(f"{name}, until all is painted, p95", last, "ms", n=len(typed)),
    ]


def percentile(times: Sequence[float], share: float = 0.95) -> float:
    """Return what so large a share of times doesn't exceed."""
    return sorted(times)[max(0, round(share * len(times)) - 1)]


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
            f"{name}: callbacks of the loop, p99, own time",
            own[int(len(own) * 0.99)] * 1000,
            "ms",
            n=len(own),
            peer="limit, <= 1.0",
            peer_value=CALLBACK_MS,
        )
    )
    over = sum(time_s * 1000 > CALLBACK_MS for time_s in own)
    found.append(figure(f"{name}: callbacks of the loop of more than {CALLBACK_MS} ms", over, "times", n=len(own)))
    found.append(figure(f"{name}: callbacks of the loop, longest, own time", own[-1] * 1000, "ms", n=len(own)))
    found.append(
        figure(f"{name}: callbacks of the loop, median, own time", statistics.median(own) * 1000, "ms", n=len(own))
    )
