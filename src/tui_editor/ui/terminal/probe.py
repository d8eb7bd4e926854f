"""Asks the terminal what it can do: everything at once, in one write, before the interface owns the terminal."""

from __future__ import annotations

import fcntl
import os
import select
import struct
import sys
import termios
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tui_editor.ui.terminal import replies
from tui_editor.ui.terminal.facts import Terminal

if TYPE_CHECKING:
    from collections.abc import Mapping

QUESTIONS: Final = (
    b"\x1b[>q"  # XTVERSION: name and version
    b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"  # kitty graphics: would you take this pixel?
    b"\x1b[16t\x1b[14t"  # the size of a cell and of the text area in pixels
    b"\x1b[?2026$p\x1b[?2048$p\x1b[?1016$p"  # modes
    b"\x1b[?1;1;0S\x1b[?2;1;0S"  # sixel: colour registers, largest picture
    b"\x1b[c"  # DA1: answered by all, and last, since answers come in the order of the questions
)
DEADLINE_S: Final = 2.0
"""Long enough for a slow satellite link; only a terminal that does not even answer DA1 takes it all."""
_QUIET_TERMS: Final = frozenset({"dumb", ""})


def probe(*, deadline_s: float = DEADLINE_S, env: Mapping[str, str] = os.environ) -> Terminal:
    """Return what the terminal on standard input and standard error can do.

    Textual reads the one and writes the other. The terminal's modes are as before afterwards. Keys typed meanwhile are
    lost, as nothing asks for them yet.

    Args:
        deadline_s: How long to wait for all answers together.
        env: The environment.
    """
    known = Terminal(term=env.get("TERM", ""), multiplexer=_multiplexer(env), remote="SSH_CONNECTION" in env)
    lines = _terminal_lines()
    if lines is None:
        return replace(known, tty=False)
    reading, writing = lines
    if known.term in _QUIET_TERMS:
        return _with_size(known, writing, b"")
    begun = time.monotonic()
    answers = ask(reading, writing, deadline_s)
    found = interpret(answers, replace(known, elapsed_ms=(time.monotonic() - begun) * 1000))
    return _with_size(found, writing, answers)


def ask(reading: int, writing: int, deadline_s: float, questions: bytes = QUESTIONS) -> bytes:
    """Return the answers read until DA1's or the deadline; both descriptors are one terminal's."""
    try:
        before = termios.tcgetattr(reading)
    except termios.error:
        return b""
    raw = [*before]
    raw[3] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
    raw[6] = [*before[6]]
    raw[6][termios.VMIN], raw[6][termios.VTIME] = 0, 0
    termios.tcsetattr(reading, termios.TCSANOW, raw)
    try:
        _write_all(writing, questions, time.monotonic() + deadline_s)
        return _read_answers(reading, time.monotonic() + deadline_s)
    finally:
        termios.tcsetattr(reading, termios.TCSANOW, before)


def interpret(answers: bytes, known: Terminal) -> Terminal:
    """Return the terminal with what its answers tell."""
    attributes = replies.field(answers, "attributes")
    name = replies.field(answers, "name")
    colours, geometry = replies.field(answers, "colours"), replies.field(answers, "geometry")
    modes = replies.modes(answers)
    title = name[0].decode("utf-8", "replace") if name else ""
    return replace(
        known,
        answered=attributes is not None,
        name=title,
        multiplexer=known.multiplexer or ("tmux" if title.startswith("tmux ") else ""),
        kitty_graphics=replies.field(answers, "kitty") is not None,
        sixel=attributes is not None and b"4" in attributes[0].split(b";")[1:],
        sixel_colours=int(colours[0]) if colours else 0,
        sixel_max_px=(int(geometry[0]), int(geometry[1])) if geometry else None,
        sync=2026 in modes,
        in_band_resize=2048 in modes,
        pixel_mouse=1016 in modes,
    )


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


def _read_answers(descriptor: int, deadline: float) -> bytes:
    answers = b""
    while (left := deadline - time.monotonic()) > 0 and replies.field(answers, "attributes") is None:
        if not select.select([descriptor], [], [], left)[0]:
            break
        data = os.read(descriptor, 4096)
        if not data:
            break
        answers += data
    return answers
