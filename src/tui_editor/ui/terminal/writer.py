"""Writes to the terminal on a thread of its own: a terminal that does not read holds nobody up."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 1 << 16


class Writer:
    """A queue of bytes for one file descriptor. `write` never blocks; the queue has no end: look at `waiting`.

    Args:
        descriptor: Where to write.
        drained: Called on the writer's thread each time everything was written.
    """

    def __init__(self, descriptor: int, drained: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._drained = drained
        self._queue: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._busy = False
        self._progress_s = time.monotonic()
        """When the terminal took something last, or something came after it had all."""
        self.broken = False
        """The terminal is gone: what is written goes nowhere."""
        self._thread = threading.Thread(target=self._run, daemon=True, name="terminal-output")

    @property
    def waiting(self) -> int:
        """Return how many writes are not done yet."""
        return len(self._queue) + self._busy

    @property
    def stuck_s(self) -> float:
        """Return for how many seconds the terminal has taken nothing of what waits; 0 when nothing does."""
        return time.monotonic() - self._progress_s if self.waiting else 0.0

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Queue bytes."""
        if data and not self.broken:
            with self._changed:
                self._queue.append(data)
                self._changed.notify_all()

    def wait_drained(self, timeout_s: float) -> bool:
        """Wait until everything is written, at most so long; return whether it was."""
        deadline = time.monotonic() + timeout_s
        with self._changed:
            return self._changed.wait_for(lambda: not self.waiting, max(0.0, deadline - time.monotonic()))

    def stop(self, timeout_s: float) -> None:
        """Write what is queued, at most so long, then end; the rest is lost with a terminal that does not read."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while (data := self._next()) is not None:
            self._put(data)
            with self._changed:
                self._busy = False
                empty = not self._queue
                self._changed.notify_all()
            if empty:
                self._drained()

    def _next(self) -> bytes | None:
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._stopping)
            if not self._queue:
                return None
            self._busy = True
            self._progress_s = time.monotonic()
            # Small writes go out as one: the terminal sees whole updates.
            taken = [self._queue.popleft()]
            size = len(taken[0])
            while self._queue and size + len(self._queue[0]) <= _CHUNK:
                taken.append(self._queue.popleft())
                size += len(taken[-1])
            return b"".join(taken)

    def _put(self, data: bytes) -> None:
        view = memoryview(data)
        while view and not self.broken:
            try:
                view = view[os.write(self._descriptor, view[:_CHUNK]) :]
                self._progress_s = time.monotonic()
            except BlockingIOError:
                time.sleep(0.005)
            except OSError:
                self.broken = True
