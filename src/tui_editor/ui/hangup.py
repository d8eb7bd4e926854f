"""Ends the program when its terminal is gone or it is told to end, also when the event loop is stuck.

Nothing has to be saved then: every edit is on disk or on its way there on the store thread.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import termios
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

GRACE_S = 1.5
"""How long the app may take to leave by itself: a program that was told to end is gone within two seconds."""

_LEAVE = (
    b"\x1b[?2026l\x1b[?1003l\x1b[?1000l\x1b[?1004l\x1b[?1006l\x1b[?1015l\x1b[?1016l\x1b[?2004l\x1b[?2048l"
    b"\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m"
)
"""Leaves the alternate screen, the mouse modes and the keyboard protocol, and shows the cursor."""


@contextlib.contextmanager
def guarded(leave: Callable[[int], None], leaving: Callable[[], bytes] = bytes) -> Iterator[None]:
    """Call `leave(exit code)` on SIGHUP, SIGTERM and SIGINT; without an end in `GRACE_S`, restore the terminal, exit.

    Args:
        leave: Asks the app to end; called on the main thread, between two instructions of whatever runs there.
        leaving: Returns what else is written to a terminal that is given back: it takes pictures away.
    """
    before = _attributes()
    ended = threading.Event()

    def handle(number: int, _frame: FrameType | None) -> None:
        code = 128 + number
        threading.Thread(target=_end_anyway, args=(code, before, ended, leaving), name="watchdog", daemon=True).start()
        leave(code)

    old = {number: signal.signal(number, handle) for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        ended.set()
        for number, handler in old.items():
            signal.signal(number, handler)


def _attributes() -> list[Any] | None:
    try:
        return termios.tcgetattr(sys.stdin.fileno())
    except (termios.error, OSError, ValueError):  # not a terminal
        return None


def _end_anyway(code: int, attributes: list[Any] | None, ended: threading.Event, leaving: Callable[[], bytes]) -> None:
    """End the process when the app could not: the terminal reads no more, or the loop is stuck."""
    if ended.wait(GRACE_S):
        return
    pictures = b""
    with contextlib.suppress(Exception):  # the app is stuck in the middle of something
        pictures = leaving()
    with contextlib.suppress(OSError, termios.error, ValueError):
        descriptor = sys.stdin.fileno()
        os.set_blocking(descriptor, False)
        os.write(descriptor, pictures + _LEAVE)
        if attributes is not None:
            termios.tcsetattr(descriptor, termios.TCSANOW, attributes)
    os._exit(code)
