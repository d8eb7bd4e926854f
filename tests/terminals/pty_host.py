"""Runs a program in a pty that answers like a terminal, records every byte, and can stall, resize and hang up."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Self

from tests.terminals.answers import KITTY, Answerer, Geometry, TerminalKind
from tests.terminals.text_screen import read_text

if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Mapping, Sequence

# A session leader without a controlling terminal gets the first one that it opens.
_ON_TTY = 'tty=$1; shift; exec "$@" <>"$tty" >&0 2>&0'
_TICK_S = 0.02
_SLOW_READ = 4096


class PtyHost:
    """A program in a pseudo terminal, driven by bytes. Use it as a context manager.

    Args:
        argv: The program and its arguments.
        kind: How the terminal answers queries.
        geometry: Cells and the pixels of one cell, as TIOCGWINSZ and the reports tell them.
        env: Variables over those of this process; TERM comes from `kind`.
        delay_s: How long each answer is on its way: the round trip of a slow line.
        bytes_a_s: How fast the line carries what the program writes; 0: at once.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        kind: TerminalKind = KITTY,
        geometry: Geometry | None = None,
        env: Mapping[str, str] | None = None,
        delay_s: float = 0.0,
        bytes_a_s: float = 0.0,
    ) -> None:
        self.geometry = geometry or Geometry()
        self.answerer = Answerer(kind=kind, geometry=self.geometry)
        self.chunks: list[tuple[float, bytes]] = []
        self.answered = b""
        """All answers that were sent."""
        self._delay_s, self._bytes_a_s = delay_s, bytes_a_s
        self._line_free_at = 0.0
        self._on_their_way: deque[tuple[float, bytes]] = deque()
        self._reading = threading.Event()
        self._reading.set()
        self._parked = threading.Event()
        self._closing = False
        self._master, self._slave = pty.openpty()
        self._set_size()
        # pytest's workers have a size of their own in the environment, which programs believe before the terminal's;
        # and whoever runs the tests may sit in a tmux.
        dropped = {"COLUMNS", "LINES", "TMUX", "TMUX_PANE"}
        inherited = {name: value for name, value in os.environ.items() if name not in dropped}
        variables = {**inherited, "TERM": kind.term, "COLORTERM": "truecolor", **(env or {})}
        self.process = subprocess.Popen(
            ["sh", "-c", _ON_TTY, "sh", os.ttyname(self._slave), *argv], start_new_session=True, env=variables
        )
        self._reader = threading.Thread(target=self._read, name="pty-host", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def output(self) -> bytes:
        """Return everything written so far."""
        return b"".join(data for _, data in self.chunks)

    def text(self) -> list[str]:
        """Return the rows of text on the screen."""
        return read_text(self.output, columns=self.geometry.columns, rows=self.geometry.rows)

    def send(self, data: bytes) -> None:
        """Send bytes as the keyboard does."""
        view = memoryview(data)
        while view:
            view = view[os.write(self._master, view) :]

    def stall(self) -> None:
        """Stop reading, as a laptop that sleeps does: the program's writes block when the buffer is full."""
        self._reading.clear()
        self._parked.wait()

    def resume(self) -> None:
        """Read again."""
        self._parked.clear()
        self._reading.set()

    def line_modes(self) -> list[object]:
        """Return the modes of the terminal line: whether it echoes, whether it waits for Enter."""
        return termios.tcgetattr(self._slave)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size in cells: TIOCSWINSZ (the program gets SIGWINCH) and mode 2048's report when it is set."""
        self.geometry.columns, self.geometry.rows = columns, rows
        self._set_size()
        if report := self.answerer.in_band_size():
            self.send(report)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self.process.send_signal(number)

    def hang_up(self) -> None:
        """Close the terminal, as a lost SSH link does: the program gets SIGHUP, its reads end, its writes fail."""
        self._closing = True
        self._reading.set()
        self._reader.join()
        for name in ("_slave", "_master"):
            if (fd := getattr(self, name)) >= 0:
                os.close(fd)
                setattr(self, name, -1)

    def wait_for(self, condition: Callable[[PtyHost], bool], *, timeout_s: float = 10.0) -> None:
        """Return when `condition` holds; AssertionError with the screen's text when it does not in time."""
        deadline = time.monotonic() + timeout_s
        while not condition(self):
            if time.monotonic() > deadline:
                shown = "\n".join(line for line in self.text() if line)
                raise AssertionError(f"not within {timeout_s} s (exit code {self.process.poll()}); screen:\n{shown}")
            time.sleep(_TICK_S)

    def wait_for_text(self, text: str, *, timeout_s: float = 10.0) -> None:
        """Return when a row of the screen holds `text`."""
        self.wait_for(lambda host: any(text in line for line in host.text()), timeout_s=timeout_s)

    def wait_exit(self, *, timeout_s: float = 10.0) -> int:
        """Return the exit code (negative: the signal), after everything written was read."""
        code = self.process.wait(timeout_s)
        if not self._closing:
            self._reader.join(timeout_s)
        return code

    def close(self) -> None:
        """End the program and free the terminal."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.hang_up()

    def _set_size(self) -> None:
        size = struct.pack("HHHH", self.geometry.rows, self.geometry.columns, *self.geometry.size_px)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def _read(self) -> None:
        try:
            self._read_until_end()
        finally:
            self._parked.set()

    def _read_until_end(self) -> None:
        while not self._closing:
            if not self._reading.is_set():
                self._parked.set()
                self._reading.wait()
            self._send_due()
            ended = self.process.poll() is not None
            if not select.select([self._master], [], [], _TICK_S / 4 if self._on_their_way else _TICK_S)[0]:
                if ended:
                    return
                continue
            data = os.read(self._master, _SLOW_READ if self._bytes_a_s else 1 << 20)
            self._carry(len(data))
            self.chunks.append((time.monotonic(), data))
            if replies := self.answerer.feed(data):
                self._on_their_way.append((time.monotonic() + self._delay_s, replies))
                self._send_due()

    def _carry(self, size: int) -> None:
        """Take as long as a slow line takes for so many bytes; answers that are due go their way meanwhile."""
        if not self._bytes_a_s:
            return
        self._line_free_at = max(self._line_free_at, time.monotonic()) + size / self._bytes_a_s
        while (left := self._line_free_at - time.monotonic()) > 0:
            time.sleep(min(left, _TICK_S / 4))
            self._send_due()

    def _send_due(self) -> None:
        while self._on_their_way and self._on_their_way[0][0] <= time.monotonic():
            _, replies = self._on_their_way.popleft()
            self.send(replies)
            self.answered += replies
