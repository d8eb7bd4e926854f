"""The pty host and the reader of its screen."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from tests.terminals.answers import KITTY, SIXEL, Geometry
from tests.terminals.pty_host import PtyHost
from tests.terminals.text_screen import read_text

if TYPE_CHECKING:
    from pathlib import Path


def small() -> Geometry:
    return Geometry(columns=40, rows=5, cell_px=(9, 18))


def test_the_screen_shows_the_text_where_the_cursor_put_it() -> None:
    with PtyHost(["printf", r"\033[2;5Hhello\033[4;1Hworld"], geometry=small()) as host:
        assert host.wait_exit() == 0

        assert host.text() == ["", "    hello", "", "world", ""]


def test_pictures_and_queries_leave_no_text() -> None:
    output = (
        b"a\x1b_Ga=T,f=100,i=1,m=0;QUFB\x1b\\b\x1bPq#0;2;0;0;0~~\x1b\\c\x1b[>1ud\x1b[?2026$pe\x1b[c\x1b[2 qf\x1b[16tg"
        b"\x1b[?6n\x1b]0;title\x07h"
    )

    assert read_text(output, columns=20, rows=1) == ["abcdefgh"]


def test_the_program_reads_the_replies_of_the_terminal() -> None:
    ask = "import os, sys, tty; tty.setraw(0); os.write(1, b'\\x1b[c'); print(repr(os.read(0, 50)), flush=True)"
    with PtyHost([sys.executable, "-c", ask], kind=SIXEL, geometry=small()) as host:
        assert host.wait_exit() == 0

        assert b"?62;4;22c" in host.output


def test_the_program_sees_the_size_in_cells_and_pixels_and_every_change_of_it() -> None:
    report = (
        "import fcntl, signal, struct, termios\n"
        "def tell(*_): print(struct.unpack('HHHH', fcntl.ioctl(1, termios.TIOCGWINSZ, b' ' * 8)), flush=True)\n"
        "signal.signal(signal.SIGWINCH, tell)\n"
        "tell()\n"
        "while True: signal.pause()\n"
    )
    with PtyHost([sys.executable, "-c", report], geometry=small()) as host:
        host.wait_for_text("(5, 40, 360, 90)")
        host.resize(50, 6)
        host.wait_for_text("(6, 50, 450, 108)")


def test_keys_reach_the_program() -> None:
    with PtyHost(["sh", "-c", "read line; echo got $line"], geometry=small()) as host:
        host.send(b"abc\n")
        host.wait_for_text("got abc")


def test_a_stalled_terminal_takes_nothing_until_it_reads_again(tmp_path: Path) -> None:
    told = tmp_path / "told"
    fill = (
        "import os, sys\n"
        "print('ready', flush=True); input()\n"
        "os.set_blocking(1, False); count = 0\n"
        "try:\n"
        "    while True: count += os.write(1, b'x' * 100)\n"
        "except BlockingIOError: os.set_blocking(1, True)\n"
        "open(sys.argv[1] + '.part', 'w').write(str(count)); os.rename(sys.argv[1] + '.part', sys.argv[1])\n"
        "os.write(1, b'done')\n"
    )
    with PtyHost([sys.executable, "-c", fill, str(told)], geometry=small()) as host:
        host.wait_for_text("ready")
        host.stall()
        host.send(b"\n")
        host.wait_for(lambda _: told.exists())
        assert b"x" not in host.output

        host.resume()
        assert host.wait_exit() == 0
        assert host.output.count(b"x") == int(told.read_text())
        assert host.output.endswith(b"done")


def test_the_program_hears_of_a_hang_up() -> None:
    with PtyHost(["sh", "-c", "echo ready; exec cat"], geometry=small()) as host:
        host.wait_for_text("ready")
        host.hang_up()

        assert host.process.wait(10) == -signal.SIGHUP


def test_chunks_are_stamped_in_the_order_of_their_arrival() -> None:
    with PtyHost(["sh", "-c", "echo one; echo two"], kind=KITTY, geometry=small()) as host:
        host.wait_exit()

        times = [at for at, _ in host.chunks]
        assert times == sorted(times)
        assert host.output == b"one\r\ntwo\r\n"
