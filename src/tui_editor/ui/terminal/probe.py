"""Asks the terminal what it can do: everything at once, in one write, before the interface owns the terminal."""

from __future__ import annotations

import binascii
import fcntl
import os
import select
import struct
import sys
import termios
import time
from contextlib import ExitStack, contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from tui_editor.ui.terminal import colours, replies
from tui_editor.ui.terminal.facts import Terminal, takes_inline_images
from tui_editor.ui.terminal.shared_memory import PIXEL, OfferedPixel
from tui_editor.ui.terminal.tmux import Told, ask_tmux, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_KITTY = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
"""Kitty graphics: would you take this pixel?"""
_THROUGH = (b"\x1b_Gi=33,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\", b"\x1b[>q", b"\x1b[5n")
"""For the terminal around tmux: pictures, its name, and last its status, which all terminals tell."""
_MODES = b"\x1b[?2026$p\x1b[?2048$p\x1b[?1016$p"
_QUESTIONS: Final = (
    b"\x1b[>q"  # XTVERSION: name and version
    b"%(kitty)s"
    b"\x1b[16t\x1b[14t"  # the size of a cell and of the text area in pixels
    b"%(modes)s"
    b"\x1b[?1;1;0S\x1b[?2;1;0S"  # sixel: colour registers, largest picture
    b"\x1bP+q524742\x1b\\"  # XTGETTCAP RGB
    b"\x1b[%(colour)sm\x1bP$qm\x1b\\\x1b[m"  # DECRQSS: which colour is set?
    b"%(through)s"
    b"\x1b[c"  # DA1: answered by all, and last, since answers come in the order of the questions
)
DEADLINE_S: Final = 2.0
"""Long enough for a slow satellite link; only a terminal that does not even answer DA1 takes it all."""
_NEAR_S: Final = 0.15
_AT_ONCE_S: Final = 0.001
_QUIET_TERMS: Final = frozenset({"dumb", ""})


class Inquiry:
    """The questions, sent: their answers come while the program does something else.

    Asked on standard input and standard error: Textual reads the one and writes the other. Until `close` keys come as
    they are typed, without an echo.

    Args:
        deadline_s: How long all answers together may take.
        env: The environment.
    """

    def __init__(self, *, deadline_s: float = DEADLINE_S, env: Mapping[str, str] = os.environ) -> None:
        self._env = env
        self._known = Terminal(term=env.get("TERM", ""), multiplexer=_multiplexer(env), remote="SSH_CONNECTION" in env)
        self._begun = self._looked = time.monotonic()
        self._deadline = self._begun + deadline_s
        self._answers = b""
        self._lines = _terminal_lines()
        self._open = ExitStack()
        self._pixel = OfferedPixel()
        self._waiting = False
        self._tmux = ask_tmux(env) if self._known.multiplexer == "tmux" else Told(passes_on=False)
        self._through = self._tmux.passes_on
        if self._lines is not None and self._known.term not in _QUIET_TERMS:
            self._ask(*self._lines)

    def _ask(self, reading: int, writing: int) -> None:
        self._open.enter_context(self._pixel)
        self._waiting = self._open.enter_context(_keys_as_they_come(reading))
        if self._waiting:
            asked = questions(self._env, self._known.multiplexer, self._pixel.name, through=not self.direct)
            _write_all(writing, asked, self._deadline)

    @property
    def output(self) -> int | None:
        """Return the descriptor on which the terminal is written to; None when there is no terminal."""
        return None if self._lines is None else self._lines[1]

    @property
    def direct(self) -> bool:
        """Return whether the terminal answers alone, and not also one around it."""
        return self._through is False

    def arrived(self, within_s: float) -> Terminal | None:
        """Return the terminal if its answers are all there within a time from now."""
        if not self.direct:
            return None
        self._read(min(self._deadline, time.monotonic() + within_s))
        found = self._found()
        return found if found.answered else None

    def terminal(self) -> Terminal:
        """Return the terminal after its last answer or the deadline; its modes are as before afterwards.

        Keys typed meanwhile are in `Terminal.unread`.
        """
        self._read(self._deadline)
        found = self._found()
        self.close()
        return found

    def close(self) -> None:
        """Give the terminal back. Answers to come are waited for: a shell would take them for keys."""
        self._read(self._deadline)
        self._open.close()

    def _read(self, deadline: float) -> None:
        if not self._waiting or self._lines is None:
            return
        begun = time.monotonic()
        self._answers = _read_answers(self._lines[0], deadline, self._through, self._answers)
        now = time.monotonic()
        self._waiting = replies.field(self._answers, "attributes") is None and now < self._deadline
        # What was there at once came at some time since the last look.
        arrived = now if self._waiting or now - begun > _AT_ONCE_S else self._looked
        self._known = replace(self._known, elapsed_ms=(arrived - self._begun) * 1000)
        self._looked = now

    def _found(self) -> Terminal:
        if self._lines is None:
            return replace(self._known, tty=False)
        if self._known.term in _QUIET_TERMS:
            return _with_size(self._known, self._lines[1], b"")
        found = interpret(self._answers, self._known, self._env, shared=self._pixel.taken)
        if self._tmux.truecolour:
            found = replace(found, colours=colours.TRUE, colours_source="tmux tells (client_termfeatures)")
        return _with_size(found, self._lines[1], self._answers)


def probe(*, deadline_s: float = DEADLINE_S, env: Mapping[str, str] = os.environ) -> Terminal:
    """Return what the terminal can do; see `Inquiry`."""
    return Inquiry(deadline_s=deadline_s, env=env).terminal()


def questions(
    env: Mapping[str, str] = os.environ, multiplexer: str = "", shared_name: str = "", *, through: bool = False
) -> bytes:
    """Return everything that is asked, as one write.

    Args:
        env: The environment.
        multiplexer: As `Terminal.multiplexer`.
        shared_name: Of a pixel in shared memory; empty when there is none.
        through: Ask the terminal around tmux too.
    """
    kitty = _KITTY
    if shared_name:
        name = binascii.b2a_base64(shared_name.encode(), newline=False)
        kitty += b"\x1b_Gi=32,s=1,v=1,a=q,t=s,f=24,S=%d;%s\x1b\\" % (len(PIXEL), name)
    # GNU screen takes an APC for the text of its status line; Apple's terminal prints the last letter of a DECRQM.
    asked = {
        b"kitty": b"" if multiplexer == "screen" else kitty,
        b"modes": b"" if env.get("TERM_PROGRAM") == "Apple_Terminal" else _MODES,
        b"colour": colours.ASKED.encode(),
        b"through": b"".join(map(wrapped, _THROUGH)) if through else b"",
    }
    return _QUESTIONS % asked


def ask(reading: int, writing: int, deadline_s: float, asked: bytes, *, through: bool | None = False) -> bytes:
    """Return what was read until the last answer or the deadline, keys included.

    Args:
        reading: Descriptor of a terminal.
        writing: Of the same one.
        deadline_s: How long to wait at most.
        asked: The questions; the last answer is DA1's.
        through: The terminal around a multiplexer was asked too, and its status is the last answer; None: it is unknown
            whether that question reached it.
    """
    with _keys_as_they_come(reading) as possible:
        if not possible:
            return b""
        _write_all(writing, asked, time.monotonic() + deadline_s)
        return _read_answers(reading, time.monotonic() + deadline_s, through)


def typed_ahead(descriptor: int) -> bytes:
    """Return what was typed before anybody asked, without waiting; Enter as the key gives it, not as a line's end."""
    with _keys_as_they_come(descriptor) as possible:
        if not possible or not select.select([descriptor], [], [], 0)[0]:
            return b""
        return os.read(descriptor, 4096).replace(b"\n", b"\r")


def interpret(
    answers: bytes, known: Terminal, env: Mapping[str, str] = MappingProxyType({}), *, shared: bool = False
) -> Terminal:
    """Return the terminal with what its answers tell.

    Args:
        answers: Everything read.
        known: What is known without asking.
        env: The environment: tells colours where no answer does.
        shared: Somebody took the pixel that was offered in shared memory.
    """
    attributes = replies.field(answers, "attributes")
    registers, geometry = replies.field(answers, "registers"), replies.field(answers, "geometry")
    depth, depth_source = colours.colours_of(answers, env)
    sixel = attributes is not None and b"4" in attributes[0].split(b";")[1:]
    modes = replies.modes(answers)
    title, outer = _names(replies.names(answers), known.multiplexer)
    multiplexer = known.multiplexer or ("tmux" if title.startswith("tmux ") else "")
    return replace(
        known,
        answered=attributes is not None,
        name=title,
        multiplexer=multiplexer,
        outer=outer,
        outer_kitty_graphics=replies.field(answers, "outer") is not None,
        kitty_graphics=replies.field(answers, "kitty") is not None,
        shared_memory=shared and replies.field(answers, "shared") is not None,
        sixel=sixel,
        sixel_colours=int(registers[0]) if registers else 0,
        sixel_max_px=(int(geometry[0]), int(geometry[1])) if geometry else None,
        sync=2026 in modes,
        in_band_resize=2048 in modes,
        pixel_mouse=1016 in modes,
        colours=depth,
        colours_source=depth_source,
        inline_images=not multiplexer and takes_inline_images(title, env, sixel=sixel),
        unread=replies.without_answers(answers).replace(b"\n", b"\r"),
    )


def _names(told: tuple[str, ...], multiplexer: str) -> tuple[str, str]:
    """Return the name of what answers us, and of the terminal around it where it is a multiplexer."""
    if not multiplexer:
        return (told[0] if told else ""), ""
    own = [name for name in told if name.startswith(multiplexer)]
    others = [name for name in told if name not in own]
    return (own[0] if own else ""), (others[-1] if others else "")


def window_size(descriptor: int) -> tuple[int, int, int, int]:
    """Return (columns, rows, width, height in pixels) of a terminal as the kernel knows them; zeros when it doesn't."""
    try:
        packed = fcntl.ioctl(descriptor, termios.TIOCGWINSZ, b"\0" * 8)
    except OSError:
        return 0, 0, 0, 0
    rows, columns, width, height = struct.unpack("HHHH", packed)
    return columns, rows, width, height


def cell_size(descriptor: int) -> tuple[int, int] | None:
    """Return (width, height) of a cell in pixels as the kernel knows it now; None when it doesn't."""
    columns, rows, width, height = window_size(descriptor)
    if not (columns and rows and width >= columns and height >= rows):
        return None
    return width // columns, height // rows


# --- lines ---------------------------------------------------------------------------------------


@contextmanager
def _keys_as_they_come(descriptor: int) -> Iterator[bool]:
    """Read keys one by one, unechoed and untranslated, and leave the line as it was; False when it is no terminal."""
    try:
        before = termios.tcgetattr(descriptor)
    except termios.error:
        yield False
        return
    raw = [*before]
    raw[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR)
    raw[3] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
    raw[6] = [*before[6]]
    raw[6][termios.VMIN], raw[6][termios.VTIME] = 0, 0
    termios.tcsetattr(descriptor, termios.TCSANOW, raw)
    try:
        yield True
    finally:
        termios.tcsetattr(descriptor, termios.TCSANOW, before)


def _terminal_lines() -> tuple[int, int] | None:
    if sys.__stdin__ is None or sys.__stderr__ is None:
        return None
    try:
        reading, writing = sys.__stdin__.fileno(), sys.__stderr__.fileno()
    except (ValueError, OSError):
        return None
    return (reading, writing) if os.isatty(reading) and os.isatty(writing) else None


def _multiplexer(env: Mapping[str, str]) -> str:
    for variable, name in (("TMUX", "tmux"), ("STY", "screen"), ("ZELLIJ", "zellij")):
        if env.get(variable):
            return name
    # Over SSH only TERM comes along.
    family = env.get("TERM", "").partition("-")[0].partition(".")[0]
    return family if family in {"tmux", "screen"} else ""


def _with_size(known: Terminal, descriptor: int, answers: bytes) -> Terminal:
    columns, rows, _, _ = window_size(descriptor)
    sized = replace(known, columns=columns or known.columns, rows=rows or known.rows)
    # tmux answers CSI 16 t with a size that is not that of its own pane's cells; the line is right everywhere.
    if (cell := cell_size(descriptor)) is not None:
        return replace(sized, cell_px=cell, cell_source="from the terminal line (TIOCGWINSZ)")
    if told := replies.field(answers, "cell"):
        cell = (int(told[1]), int(told[0]))
        return replace(sized, cell_px=cell, cell_source="answer to CSI 16 t") if min(cell) > 0 else sized
    if told := replies.field(answers, "area"):
        cell = (int(told[1]) // sized.columns, int(told[0]) // sized.rows)
        return replace(sized, cell_px=cell, cell_source="answer to CSI 14 t") if min(cell) > 0 else sized
    return sized


def _write_all(descriptor: int, data: bytes, deadline: float) -> None:
    view = memoryview(data)
    while view:
        if not select.select([], [descriptor], [], max(0.0, deadline - time.monotonic()))[1]:
            return
        view = view[os.write(descriptor, view) :]


def _read_answers(descriptor: int, deadline: float, through: bool | None, answers: bytes = b"") -> bytes:
    """Return the answers with those that come until the deadline; what is there already is read in any case."""
    begun = time.monotonic()
    while True:
        if replies.field(answers, "attributes") is not None:
            if through is False or replies.field(answers, "status") is not None:
                break
            if through is None:
                # Not to wait for what may never come: twice as long as the multiplexer took, as the rest is near it.
                deadline, through = time.monotonic() + max(_NEAR_S, 2 * (time.monotonic() - begun)), True
                continue
        if not select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
            break
        data = os.read(descriptor, 4096)
        if not data:
            break
        answers += data
    return answers
