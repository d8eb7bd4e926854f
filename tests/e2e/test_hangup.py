"""The terminal goes away, stops reading, or the program is told to end: it ends, clean, with everything kept."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.projects import boxes_project
from tests.terminals.answers import KITTY
from tests.terminals.pty_host import PtyHost
from tui_editor.api import open_project
from tui_editor.model.ids import TaskId

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def editor(folder: Path) -> PtyHost:
    """Return the editor in a terminal like kitty, with its first picture shown."""
    argv = [sys.executable, "-m", "tui_editor", "open", str(folder)]
    host = PtyHost(argv, kind=KITTY, env={"XDG_STATE_HOME": str(folder / "state")})
    host.wait_for(lambda h: b"\x1b_G" in h.output and any("kept" in row for row in h.text()), timeout_s=60)
    return host


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    boxes_project(tmp_path / "p").close()
    return tmp_path / "p"


def decisions(folder: Path) -> int:
    with open_project(folder) as project:
        assert project.store.holder(TaskId(5)) is None, "the lock is free again"
        return len(project.read(TaskId(5)).document.decisions)


def test_a_closed_terminal_ends_the_program_and_keeps_what_was_done(folder: Path) -> None:
    with editor(folder) as host:
        host.send(b"a")
        host.wait_for(lambda h: any("1/100 ·" in row for row in h.text()) and any("✓ kept" in row for row in h.text()))
        host.hang_up()
        host.process.wait(10)
    assert decisions(folder) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_program_and_puts_the_screen_back(folder: Path, number: signal.Signals) -> None:
    with editor(folder) as host:
        host.signal(number)
        assert host.wait_exit() == 128 + number
        assert b"\x1b[?1049l" in host.output[-2000:], "the alternate screen is left"
        assert b"a=d,d=I" in host.output, "the pictures are deleted"


def test_sigterm_ends_the_program_although_the_terminal_reads_no_more(folder: Path) -> None:
    with editor(folder) as host:
        host.stall()
        for _ in range(40):
            host.send(b"l")
        host.signal(signal.SIGTERM)
        assert host.process.wait(10) == 128 + signal.SIGTERM


def test_keys_are_kept_while_the_terminal_does_not_read(folder: Path) -> None:
    with editor(folder) as host:
        host.stall()
        for _ in range(20):
            host.send(b"a")
        host.wait_for(lambda _: count(folder) == 20, timeout_s=20)
        host.resume()
        host.wait_for(lambda h: any("20/100 ·" in row for row in h.text()), timeout_s=20)


def count(folder: Path) -> int:
    with open_project(folder) as project:
        return len(project.read(TaskId(5)).document.decisions)
