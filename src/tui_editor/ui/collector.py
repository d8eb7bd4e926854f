"""When the garbage collector works: never where somebody waits, who would see a pass of 20 to 100 ms as a stutter.

It rests while a window starts and while a long piece of work goes on: what is made then stays. Its passes cost a tenth
of the start, and a fifth of a second each among the tracks of a large edit. What lives at the end (modules, the
document) is left out of later passes: those are shorter for it. While somebody works it collects between the keys.
"""

from __future__ import annotations

import asyncio
import gc
from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

PAUSE_S: Final = 0.1
"""Without a key for so long what the last one left is collected: a millisecond or two."""
REST_S: Final = 0.6
"""Without a key for so long all is that was made since the rest before, and what lives is left out from then on."""
LONG_REST_S: Final = 60.0
"""Without a key for so long all is that there is: what was left out may have died since."""
LEAST: Final = 1000
"""New containers that are worth a pass."""
MOST: Final = 100_000
"""New containers after which a pass comes although nobody rests: some 20 MB."""


def rest() -> None:
    """Stop collecting until `work`."""
    gc.disable()


def work() -> None:
    """Collect again, only what comes from now on; does nothing when it never rested."""
    if not gc.isenabled():
        _leave_out()
        gc.enable()


class Leisure:
    """Collects when the person at the keys doesn't wait for anything. Used on the event loop only.

    Args:
        clock: Seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._busy_at = clock()
        self._usual: tuple[int, int, int] | None = None
        self._later: asyncio.TimerHandle | None = None
        self._full_at = _left_out.times
        """When all was collected that there was, in times something was left out."""

    def begin(self) -> None:
        """Keep passes away from the keys until `end`."""
        if self._usual is None:
            self._usual = gc.get_threshold()
            gc.set_threshold(MOST, *self._usual[1:])

    def end(self) -> None:
        """Let passes come when they like."""
        if self._later is not None:
            self._later.cancel()
        if self._usual is not None:
            gc.set_threshold(*self._usual)
            self._usual = None
            gc.unfreeze()

    def busy(self) -> None:
        """Take in that somebody pressed a key, or that what is shown changes by itself."""
        self._busy_at = self._clock()
        if self._later is None and self._usual is not None:
            self._later = asyncio.get_running_loop().call_later(PAUSE_S, self.pause)

    def pause(self) -> None:
        """Collect what the last keys left, unless there was another one a moment ago."""
        self._later = None
        left = self._busy_at + PAUSE_S - self._clock()
        if left > 0:
            self._later = asyncio.get_running_loop().call_later(left, self.pause)
        elif _is_worth_it():
            gc.collect(0)

    def look(self) -> None:
        """Collect what a rest has time for; called twice a second or so."""
        idle = self._clock() - self._busy_at
        if self._usual is None or not gc.isenabled() or idle < REST_S:
            return
        if idle >= LONG_REST_S and _left_out.times != self._full_at:
            gc.unfreeze()
            _collect_all()
            self._full_at = _left_out.times
        elif _is_worth_it():
            _collect_all()


def _is_worth_it() -> bool:
    new, *passes = gc.get_count()
    return gc.isenabled() and (new > LEAST or any(passes))


def _collect_all() -> None:
    """Collect everything that is not left out, and leave out what lives."""
    gc.collect()
    _leave_out()


def _leave_out() -> None:
    gc.freeze()
    _left_out.times += 1


class _Times:
    times = 0


_left_out = _Times()
"""How often what lives was left out of later passes."""
