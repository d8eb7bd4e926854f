"""The probe against terminals made of a pty."""

from __future__ import annotations

import dataclasses
import os
import pty
import termios
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.terminals.answers import KITTY, PLAIN, SIXEL, TMUX, TMUX_IN_KITTY, Answerer, Geometry, TerminalKind
from tui_editor.ui.terminal.colours import colours_of
from tui_editor.ui.terminal.facts import Terminal
from tui_editor.ui.terminal.probe import Inquiry, _multiplexer, ask, cell_size, interpret, questions, typed_ahead
from tui_editor.ui.terminal.shared_memory import FOLDER, OfferedPixel
from tui_editor.ui.terminal.tmux import ask_tmux

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SILENT = TerminalKind(name="", da1="")


@dataclass(frozen=True, slots=True)
class Heard:
    """What the probe read from a terminal, and whether its pixel in shared memory was taken."""

    answers: bytes
    shared: bool


def heard(
    kind: TerminalKind,
    delay_s: float = 0.0,
    deadline_s: float = 2.0,
    typed: bytes = b"",
    through: bool | None = False,
) -> Heard:
    """Return what the probe reads from a terminal of this kind that answers late, while somebody types."""
    master, slave = pty.openpty()
    answerer = Answerer(kind=kind, geometry=Geometry())

    def answer() -> None:
        asked = b""
        while not asked.endswith(b"\x1b[c"):
            asked += os.read(master, 4096)
        os.write(master, typed)
        threading.Event().wait(delay_s)
        if kind is not SILENT:
            os.write(master, answerer.feed(asked))

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    try:
        before = termios.tcgetattr(slave)
        with OfferedPixel() as pixel:
            asked = questions({}, "", pixel.name, through=through is not False)
            answers = ask(slave, slave, deadline_s, asked, through=through)
            shared = pixel.taken
        assert before == termios.tcgetattr(slave), "the line is left as it was"
        return Heard(answers, shared)
    finally:
        thread.join()
        os.close(master)
        os.close(slave)


def found(kind: TerminalKind, delay_s: float = 0.0, deadline_s: float = 2.0, typed: bytes = b"") -> Terminal:
    told = heard(kind, delay_s, deadline_s, typed)
    return interpret(told.answers, Terminal(), {}, shared=told.shared)


def test_kitty_is_known_by_its_answers() -> None:
    terminal = found(KITTY)

    assert (terminal.answered, terminal.name, terminal.kitty_graphics, terminal.sixel) == (
        True, "kitty(0.40.0)", True, False,
    )  # fmt: skip
    assert (terminal.sync, terminal.in_band_resize, terminal.pixel_mouse) == (True, True, True)
    assert terminal.colours == 1 << 24


def test_xterm_is_known_by_its_answers() -> None:
    terminal = found(SIXEL)

    assert (terminal.answered, terminal.name, terminal.kitty_graphics, terminal.sixel) == (
        True, "XTerm(379)", False, True,
    )  # fmt: skip
    assert (terminal.sync, terminal.in_band_resize, terminal.pixel_mouse) == (False, False, True)
    assert (terminal.sixel_colours, terminal.sixel_max_px) == (256, (2000, 2000))


def test_a_terminal_that_only_knows_device_attributes_is_not_waited_for() -> None:
    begun = time.monotonic()
    terminal = found(PLAIN, deadline_s=30.0)

    assert terminal.answered
    assert (terminal.kitty_graphics, terminal.sixel, terminal.sync, terminal.inline_images) == (False,) * 4
    assert time.monotonic() - begun < 20.0


def test_a_line_of_400_ms_is_waited_for() -> None:
    terminal = found(KITTY, delay_s=0.4)

    assert terminal.answered
    assert terminal.kitty_graphics


def test_a_silent_terminal_costs_the_deadline_and_is_not_answered() -> None:
    assert not found(SILENT, deadline_s=0.1).answered


def test_all_is_asked_in_one_write_that_ends_with_the_question_all_answer() -> None:
    asked = questions({}, "", "/pixel")

    assert asked.endswith(b"\x1b[c")
    assert asked.count(b"\x1b[c") == 1


def test_what_a_terminal_is_known_to_take_wrong_is_not_asked() -> None:
    assert b"\x1b_G" not in questions({}, "screen", "/pixel")
    assert b"$p" not in questions({"TERM_PROGRAM": "Apple_Terminal"})


# --- keys typed meanwhile ------------------------------------------------------------------------


def test_keys_typed_while_the_terminal_is_asked_are_kept_and_answers_are_not_among_them() -> None:
    typed = "jjü\x1b[A\r".encode()

    assert found(KITTY, delay_s=0.05, typed=typed).unread == typed


def test_the_beginning_of_an_answer_that_came_too_late_is_kept_to_be_joined() -> None:
    assert interpret(b"j\x1b[?2026;2$y\x1bP>|kit", Terminal()).unread == b"j\x1bP>|kit"


def test_what_was_typed_before_anybody_asked_is_taken_without_waiting_enter_as_a_key() -> None:
    master, slave = pty.openpty()
    try:
        assert typed_ahead(slave) == b""
        os.write(master, b"jj\r")
        assert typed_ahead(slave) == b"jj\r"
    finally:
        os.close(master)
        os.close(slave)


# --- shared memory, colours, inline images ---------------------------------------------------------


def test_shared_memory_counts_only_when_the_terminal_says_ok_and_took_what_was_offered() -> None:
    assert found(dataclasses.replace(KITTY, shares_memory=True)).shared_memory
    assert not found(KITTY).shared_memory
    ok = b"\x1b_Gi=31;OK\x1b\\\x1b_Gi=32;OK\x1b\\\x1b[?62c"
    assert not interpret(ok, Terminal(), {}, shared=False).shared_memory
    assert interpret(ok, Terminal(), {}, shared=True).shared_memory


def test_nothing_is_left_in_shared_memory() -> None:
    with OfferedPixel() as pixel:
        place = FOLDER / pixel.name[1:]
        assert place.read_bytes() == b"\1\2\3"
        assert not pixel.taken

    assert not place.exists()


@pytest.mark.parametrize(
    ("expected", "answers", "env"),
    [
        (1 << 24, b"\x1bP1+r524742=38\x1b\\", {"TERM": "foot"}),
        (1 << 24, b"\x1bP0+r524742\x1b\\\x1bP1$r48:2:1:2:3m\x1b\\", {"TERM": "xterm-kitty"}),
        (1 << 24, b"\x1bP1$r0;48:2::1:2:3m\x1b\\", {"TERM": "xterm"}),
        (256, b"\x1bP1$r0;48:5:16m\x1b\\", {"TERM": "xterm-256color"}),
        (256, b"\x1bP1$r0m\x1b\\", {"TERM": "tmux-256color"}),
        (1 << 24, b"\x1bP1$r0m\x1b\\", {"TERM": "xterm-256color", "COLORTERM": "truecolor"}),
        (16, b"", {"TERM": "linux"}),
        (2, b"", {"TERM": "vt100"}),
    ],
)
def test_colours_are_those_that_the_terminal_shows(expected: int, answers: bytes, env: dict[str, str]) -> None:
    assert colours_of(answers, env)[0] == expected


@pytest.mark.parametrize(
    ("expected", "name", "da1", "env"),
    [
        (True, "iTerm2 3.5.10", "62", {}),
        (True, "WezTerm 20240203", "65", {}),
        (True, "xterm.js(6.1.0)", "62;4", {}),
        (False, "xterm.js(6.1.0)", "62", {}),
        (True, "", "62", {"LC_TERMINAL": "iTerm2"}),
        (False, "kitty(0.40.0)", "62", {}),
        (False, "tmux 3.4", "62;4", {"LC_TERMINAL": "iTerm2"}),
    ],
)
def test_inline_images_are_known_by_name(expected: bool, name: str, da1: str, env: dict[str, str]) -> None:
    answers = f"\x1bP>|{name}\x1b\\\x1b[?{da1}c".encode()

    assert interpret(answers, Terminal(), env).inline_images is expected


# --- through tmux --------------------------------------------------------------------------------


@pytest.mark.parametrize("through", [True, None])
def test_the_terminal_around_tmux_is_asked_in_the_same_write(through: bool | None) -> None:
    answers = heard(TMUX_IN_KITTY, delay_s=0.05, through=through).answers
    terminal = interpret(answers, Terminal(multiplexer="tmux"), {"TERM": "tmux-256color"})

    assert (terminal.name, terminal.outer, terminal.outer_kitty_graphics) == ("tmux 3.4", "kitty(0.40.0)", True)
    assert not terminal.kitty_graphics
    assert terminal.unread == b""


def test_a_tmux_that_may_pass_nothing_on_is_not_waited_for_until_the_deadline() -> None:
    begun = time.monotonic()
    answers = heard(TMUX, deadline_s=30.0, through=None).answers

    assert interpret(answers, Terminal(multiplexer="tmux")).outer == ""
    assert time.monotonic() - begun < 20.0


@pytest.mark.parametrize(
    ("passes_on", "truecolour", "told"),
    [
        (True, True, "11;1;256,RGB,title"),
        (True, False, "11;on;256,title"),
        (True, False, "11;all;"),
        (True, False, "11;;"),
        (False, True, "11;0;RGB"),
        (False, False, "11;off;"),
        (False, False, "01;1;"),
    ],
)
def test_tmux_tells_whether_it_passes_on_whether_the_answers_come_here_and_its_colours(
    passes_on: bool, truecolour: bool, told: str, tmp_path: Path
) -> None:
    tmux = tmp_path / "tmux"
    tmux.write_text(f"#!/bin/sh\necho '{told}'\n")
    tmux.chmod(0o755)
    env = {"TMUX": "socket,1,0", "TMUX_PANE": "%3", "PATH": f"{tmp_path}:/bin:/usr/bin"}

    assert ask_tmux(env) == (passes_on, truecolour)


def test_a_tmux_on_another_machine_can_t_be_asked() -> None:
    assert ask_tmux({"TERM": "tmux-256color"}).passes_on is None
    assert ask_tmux({"TMUX": "socket,1,0", "PATH": "/nonexistent"}).passes_on is None


# --- the line ------------------------------------------------------------------------------------


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


# --- answers that come meanwhile -------------------------------------------------------------------


class FarTerminal:
    """A terminal's two ends, and the probe's standard lines on one of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, kind: TerminalKind = KITTY) -> None:
        self.master, self.slave = pty.openpty()
        self._answerer = Answerer(kind=kind, geometry=Geometry())
        monkeypatch.setattr("tui_editor.ui.terminal.probe._terminal_lines", lambda: (self.slave, self.slave))

    def answer(self) -> None:
        """Answer what was asked."""
        os.write(self.master, self._answerer.feed(os.read(self.master, 4096)))

    def echoes(self) -> bool:
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def close(self) -> None:
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[FarTerminal]:
    terminal = FarTerminal(monkeypatch)
    yield terminal
    terminal.close()


def asked(**options: float) -> Inquiry:
    return Inquiry(env={"TERM": "xterm-kitty"}, **options)


def test_answers_are_there_when_they_came_and_not_before(terminal: FarTerminal) -> None:
    inquiry = asked()
    assert inquiry.arrived(0) is None
    terminal.answer()

    arrived = inquiry.arrived(5)

    assert arrived is not None
    assert arrived.kitty_graphics
    assert inquiry.terminal() == arrived


def test_until_the_terminal_is_taken_over_nothing_that_is_typed_is_echoed_or_lost(terminal: FarTerminal) -> None:
    inquiry = asked()
    assert not terminal.echoes()
    os.write(terminal.master, b"jj")
    terminal.answer()

    assert inquiry.terminal().unread == b"jj"
    assert terminal.echoes()


def test_who_gives_up_leaves_no_answer_to_the_shell(terminal: FarTerminal) -> None:
    inquiry = asked()
    terminal.answer()
    inquiry.close()

    assert terminal.echoes()
    assert typed_ahead(terminal.slave) == b""


def test_a_terminal_that_stays_silent_is_given_up(terminal: FarTerminal) -> None:
    inquiry = asked(deadline_s=0.05)

    assert not inquiry.terminal().answered
    assert terminal.echoes()


def test_time_that_the_program_spent_otherwise_does_not_make_a_terminal_a_far_one(
    terminal: FarTerminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("tui_editor.ui.terminal.probe.time.monotonic", lambda: now[0])
    near = asked(deadline_s=60)
    terminal.answer()
    now[0] = 10
    assert near.terminal().elapsed_ms == 0

    far = asked(deadline_s=60)
    assert far.arrived(0) is None
    now[0] = 20
    assert far.arrived(0) is None
    terminal.answer()
    now[0] = 30

    assert far.terminal().elapsed_ms == 10_000
