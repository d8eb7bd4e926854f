"""How many pictures are on their way: the terminal acknowledges each, so that no more than it can show are sent."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.ui.terminal.facts import Terminal

ASK: Final = b"\x1b[6n"
"""Cursor position report: the terminal answers it after everything before it was worked off."""
IN_FLIGHT: Final = 2
LOST_AFTER_S: Final = 5.0
BACKLOG_MS: Final = 40.0
"""A second update follows only when the first has so little left to go: a key must not wait behind both."""

LOCAL_BYTES_A_S, REMOTE_BYTES_A_S = 40e6, 1.5e6
"""How fast a line is thought to be until pictures told."""
FAR_MS: Final = 15.0
"""A terminal that takes longer to answer the first questions is thought to be at the end of a slow line."""
_TELLING_BYTES: Final = 8_000
"""Smaller updates tell the round trip, larger ones the speed."""
_RTT_SAMPLES: Final = 16
_KEEP: Final = 0.6
_LEAST_S: Final = 1e-4


class Sent(NamedTuple):
    """An update that the terminal has worked off."""

    size: int
    """Bytes."""
    elapsed_ms: float
    """From the write to the acknowledgement."""
    shown: bool = True
    """Whether it changed the screen; False for an upload ahead."""


class Line:
    """What acknowledgements tell of the way to the terminal, the terminal's own work included."""

    def __init__(self, bytes_a_s: float = LOCAL_BYTES_A_S, *, remote: bool = False) -> None:
        self.bytes_a_s = bytes_a_s
        self.remote = remote
        """Whether the terminal is known to run on another machine; a slow one on this machine is only busy."""
        self._trips: deque[float] = deque(maxlen=_RTT_SAMPLES)

    @property
    def rtt_ms(self) -> float:
        """Return the shortest of the last round trips; 0 before the first."""
        return min(self._trips, default=0.0) * 1000

    def transfer_ms(self, size: float) -> float:
        """Return how long so many bytes are expected to take, without the round trip."""
        return size / self.bytes_a_s * 1000

    def note(self, size: int, begun: float, answered: float, last_answer: float) -> None:
        """Take in an acknowledgement.

        Args:
            size: Bytes of the update.
            begun: When it was written, in seconds.
            answered: When it was acknowledged.
            last_answer: When the update before it was: until then the line carried that one.
        """
        if size < _TELLING_BYTES:
            self._trips.append(answered - begun)
            return
        transfer = answered - max(last_answer, begun + self.rtt_ms / 1000)
        self.bytes_a_s = self.bytes_a_s * _KEEP + size / max(transfer, _LEAST_S) * (1 - _KEEP)


def is_far(terminal: Terminal) -> bool:
    """Return whether a terminal is thought to be at the end of a slow line."""
    return terminal.remote or terminal.elapsed_ms > FAR_MS


def line_to(terminal: Terminal) -> Line:
    """Return what is thought of the way to a terminal before pictures tell."""
    return Line(REMOTE_BYTES_A_S if is_far(terminal) else LOCAL_BYTES_A_S, remote=terminal.remote)


class Flow:
    """Counts updates that were sent and not acknowledged yet. One thread sends, another may acknowledge."""

    def __init__(self, line: Line | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._sent: deque[tuple[float, int, bool]] = deque()
        self._last_answer = 0.0
        self.line = line or Line()

    @property
    def in_flight(self) -> int:
        """Return how many updates were not acknowledged yet."""
        return len(self._sent)

    def ready(self) -> bool:
        """Return whether another update may be sent. An acknowledgement that never came is given up in the end."""
        return self.wait_s() == 0.0

    def wait_s(self) -> float:
        """Return how long to wait until another update may be sent, unless an acknowledgement comes before."""
        # another thread may take an answer in between: what is on its way is looked at once
        sent, now = tuple(self._sent), self._clock()
        if sent and now - sent[-1][0] > LOST_AFTER_S:
            self._sent.clear()
            return 0.0
        if len(sent) >= IN_FLIGHT:
            return LOST_AFTER_S
        return max(0.0, self._backlog_ms(sent, now) - BACKLOG_MS) / 1000

    def sent(self, size: int, *, shown: bool = True) -> None:
        """Note an update of so many bytes that ends in `ASK`."""
        self._sent.append((self._clock(), size, shown))

    def acknowledged(self) -> Sent | None:
        """Note an answer; return the update it is for, None when there is none."""
        try:
            begun, size, shown = self._sent.popleft()
        except IndexError:
            return None
        now = self._clock()
        self.line.note(size, begun, now, self._last_answer)
        self._last_answer = now
        return Sent(size, (now - begun) * 1000, shown)

    def reset(self) -> None:
        """Forget what was sent: the terminal was left."""
        self._sent.clear()

    def _backlog_ms(self, sent: tuple[tuple[float, int, bool], ...], now: float) -> float:
        """Return how long the line is expected to need for what is on its way."""
        if not sent:
            return 0.0
        needed = self.line.transfer_ms(sum(size for _, size, _ in sent))
        return max(0.0, needed - (now - sent[0][0]) * 1000)
