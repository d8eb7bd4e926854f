"""How many pictures are on their way: the terminal acknowledges each, so that no more than it can show are sent."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

ASK: Final = b"\x1b[6n"
"""Cursor position report: the terminal answers it after everything before it was worked off."""
IN_FLIGHT: Final = 2
LOST_AFTER_S: Final = 5.0


class Sent(NamedTuple):
    """An update that the terminal has worked off."""

    size: int
    """Bytes."""
    elapsed_ms: float
    """From the write to the acknowledgement."""


class Flow:
    """Counts updates that were sent and not acknowledged yet. One thread sends, another may acknowledge."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sent: deque[tuple[float, int]] = deque()

    @property
    def in_flight(self) -> int:
        """Return how many updates were not acknowledged yet."""
        return len(self._sent)

    def ready(self) -> bool:
        """Return whether another update may be sent. An acknowledgement that never came is given up in the end."""
        if len(self._sent) >= IN_FLIGHT and self._clock() - self._sent[-1][0] > LOST_AFTER_S:
            self._sent.clear()
        return len(self._sent) < IN_FLIGHT

    def sent(self, size: int) -> None:
        """Note an update of so many bytes that ends in `ASK`."""
        self._sent.append((self._clock(), size))

    def acknowledged(self) -> Sent | None:
        """Note an answer; return the update it is for, None when there is none."""
        try:
            begun, size = self._sent.popleft()
        except IndexError:
            return None
        return Sent(size, (self._clock() - begun) * 1000)

    def reset(self) -> None:
        """Forget what was sent: the terminal was left."""
        self._sent.clear()
