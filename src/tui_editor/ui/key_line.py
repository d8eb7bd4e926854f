"""Keys wait in line: each is handed on when what the one before it led to is there, so none goes to the wrong place.

A dialog or a screen that a key opens is not there at once, and one that a key closes still has the keys for a moment.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual import events

AT_ONCE: Final = 50
"""Turns of the event loop in which the answer to a key usually comes."""
LOOK_S: Final = 0.005
LONGEST_S: Final = 2.0
"""A place that is not ready by then is not waited for: keys must never get stuck."""


class KeyLine:
    """Hands keys on in their order. Used on the event loop only.

    Args:
        send: Hands a key to whatever has the keys now.
        ready: Whether all that was sent was dealt with, and whatever has the keys now is there.
        later: Calls something where defects are taken care of.
        busy: Whether even the first key has to wait, as for rows that are being fetched.
    """

    def __init__(
        self,
        send: Callable[[events.Key], Awaitable[None]],
        ready: Callable[[], bool],
        later: Callable[[Callable[[], Awaitable[None]]], object],
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        self._send, self._ready, self._later, self._busy = send, ready, later, busy
        self._waiting: deque[events.Key] = deque()
        self._sent = False

    @property
    def empty(self) -> bool:
        """Return whether every key was dealt with."""
        return not self._sent and not self._waiting

    async def add(self, key: events.Key) -> None:
        """Send a key now, or when its turn comes."""
        self._waiting.append(key)
        if self._sent:
            return
        self._sent = True
        if self._busy():
            self._wait()
        else:
            await self._next()

    async def _next(self) -> None:
        await self._send(self._waiting.popleft())
        self._wait()

    def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(self._look, loop, AT_ONCE, loop.time() + LONGEST_S)

    def _look(self, loop: asyncio.AbstractEventLoop, turns: int, deadline: float) -> None:
        if not self._ready() and loop.time() < deadline:
            if turns > 0:
                loop.call_soon(self._look, loop, turns - 1, deadline)
            else:
                loop.call_later(LOOK_S, self._look, loop, 0, deadline)
            return
        self._sent = False
        if self._waiting:
            self._sent = True
            self._later(self._next)
