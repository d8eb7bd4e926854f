"""The probe against terminals made of a pty."""

from __future__ import annotations

import os
import pty
import termios
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tests.terminals.answers import KITTY, PLAIN, SIXEL, Answerer, Geometry, TerminalKind
from tui_editor.ui.terminal.facts import Terminal
from tui_editor.ui.terminal.probe import QUESTIONS, _multiplexer, ask, cell_size, interpret

if TYPE_CHECKING:
    from collections.abc import Iterator

SILENT = TerminalKind(name="", da1="")


def heard(kind: TerminalKind, delay_s: float = 0.0, deadline_s: float = 2.0) -> bytes:
    """Return what the probe reads from a terminal of this kind that answers late."""
    master, slave = pty.openpty()
    answerer = Answerer(kind=kind, geometry=Geometry())

    def answer() -> None:
        asked = b""
        while not asked.endswith(b"\x1b[c"):
            asked += os.read(master, 4096)
        threading.Event().wait(delay_s)
        if kind is not SILENT:
            os.write(master, answerer.feed(asked))

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        before = termios.tcgetattr(slave)
        answers = ask(slave, slave, deadline_s)
        assert before == termios.tcgetattr(slave), "the line is left as it was"
        return answers
    finally:
        thread.join()
        os.close(master)
        os.close(slave)


def test_kitty_is_known_by_its_answers() -> None:
    found = interpret(heard(KITTY), Terminal())

    assert (found.answered, found.name, found.kitty_graphics, found.sixel) == (True, "kitty(0.40.0)", True, False)
    assert (found.sync, found.in_band_resize, found.pixel_mouse) == (True, True, True)


def test_xterm_is_known_by_its_answers() -> None:
    found = interpret(heard(SIXEL), Terminal())

    assert (found.answered, found.name, found.kitty_graphics, found.sixel) == (True, "XTerm(379)", False, True)
    assert (found.sync, found.in_band_resize, found.pixel_mouse) == (False, False, True)
    assert (found.sixel_colours, found.sixel_max_px) == (256, (2000, 2000))


def test_a_terminal_that_only_knows_device_attributes_is_not_waited_for() -> None:
    begun = time.monotonic()
    found = interpret(heard(PLAIN, deadline_s=30.0), Terminal())

    assert found.answered
    assert not (found.kitty_graphics)
    assert not (found.sixel)
    assert not (found.sync)
    assert time.monotonic() - begun < 20.0


def test_a_line_of_400_ms_is_waited_for() -> None:
    assert interpret(heard(KITTY, delay_s=0.4), Terminal()).kitty_graphics


def test_a_silent_terminal_costs_the_deadline_and_is_not_answered() -> None:
    assert not interpret(heard(SILENT, deadline_s=0.1), Terminal()).answered


def test_all_is_asked_in_one_write_that_ends_with_the_question_all_answer() -> None:
    assert QUESTIONS.endswith(b"\x1b[c")
    assert QUESTIONS.count(b"\x1b[c") == 1


@pytest.fixture
def line() -> Iterator[int]:
    master, slave = pty.openpty()
    yield slave
    os.close(master)
    os.close(slave)


def test_a_line_that_tells_no_pixels_tells_no_cell_size(line: int) -> None:
    assert cell_size(line) is None


@pytest.mark.parametrize(
    ("expected", "env"),
    [
        ("tmux", {"TMUX": "socket,1,0", "TERM": "screen"}),
        ("screen", {"STY": "1.a", "TERM": "screen"}),
        ("zellij", {"ZELLIJ": "0"}),
        ("tmux", {"TERM": "tmux-256color"}),
        ("screen", {"TERM": "screen.xterm-256color"}),
        ("", {"TERM": "xterm-256color"}),
    ],
)
def test_a_multiplexer_is_seen_by_its_variables(expected: str, env: dict[str, str]) -> None:
    assert expected == _multiplexer(env)
