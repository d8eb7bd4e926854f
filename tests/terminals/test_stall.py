"""A terminal that stops reading for long: the editor keeps every key, can be ended, and is right afterwards."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.support.kitty_screen import KittyScreen
from tests.support.projects import boxes_project
from tests.terminals.answers import KITTY, SIXEL, Geometry, TerminalKind
from tests.terminals.harness import Terminal, XDisplay, keep, kitty, xterm
from tests.terminals.pty_host import PtyHost
from tests.terminals.test_walk import at_rest, told
from tui_editor.api import open_project
from tui_editor.model.ids import TaskId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.terminals.told_editor import Told

pytestmark = pytest.mark.terminal

ROOT = Path(__file__).parents[2]
STALL_S = float(os.environ.get("STALL_S", "5"))
START_S = 60.0
KEYS = 40
"""Fewer than the boxes: each approves one."""
NOTHING = 0.5
"""Mean difference of a picture in memory from the one that should be seen: rounding."""


class Project:
    """A project of boxes, and the editor on it that tells what its canvas was given."""

    def __init__(self, folder: Path, stage: str) -> None:
        self.folder, self.dump = folder / "p", folder / "told.json"
        boxes_project(self.folder, frames=30, boxes=90, stage=stage, levels=(0, 255)).close()
        self.command = [
            sys.executable, "-m", "tests.terminals.told_editor", str(self.dump), "open", str(self.folder)
        ]  # fmt: skip
        paths = f"{ROOT / 'src'}:{ROOT}"
        self.env = {"PYTHONPATH": paths, "COLORTERM": "truecolor", "XDG_STATE_HOME": str(folder / "state")}

    def decisions(self) -> int:
        """Return how many are on disk."""
        with open_project(self.folder) as project:
            return len(project.read(TaskId(5)).document.decisions)


@contextmanager
def reviewing(project: Project, kind: TerminalKind) -> Iterator[PtyHost]:
    """Open the editor in a pty and see its picture, with nothing written beside labels."""
    with PtyHost(project.command, kind=kind, geometry=Geometry(), env=project.env) as host:
        host.wait_for_text("Issues", timeout_s=START_S)
        host.send(b"tt")
        host.wait_for(lambda _: project.dump.exists() and not told(project.dump).tags, timeout_s=START_S)
        yield host


def pass_time(host: PtyHost, seconds: float) -> None:
    """Wait while nothing is read."""
    end = time.monotonic() + seconds
    host.wait_for(lambda _: time.monotonic() > end, timeout_s=seconds + 10)


@pytest.mark.parametrize("kind", [KITTY, SIXEL], ids=["kitty", "sixel"])
def test_each_key_is_kept_while_nothing_is_read_and_the_last_state_is_seen_after(
    kind: TerminalKind, tmp_path: Path
) -> None:
    project = Project(tmp_path, "review")
    with reviewing(project, kind) as host:
        host.stall()
        for number in range(KEYS):
            host.send(b"a")
            pass_time(host, STALL_S / KEYS)
            if number % 10 == 0:
                host.wait_for(lambda _, number=number: project.decisions() > number, timeout_s=START_S)  # type: ignore[misc]
        host.wait_for(lambda _: project.decisions() == KEYS, timeout_s=START_S)
        before = len(host.output)
        host.resume()

        shown = f"frame {told(project.dump).frame}/29"
        host.wait_for_text(shown, timeout_s=START_S)
        if kind is not SIXEL:
            host.wait_for(lambda host: off(host, told(project.dump), project) < NOTHING, timeout_s=START_S)
        host.wait_for(lambda host: b"\x1b[6n" in host.output[before:], timeout_s=START_S)
        host.send(b":q\r")
        assert host.wait_exit(timeout_s=START_S) == 0
    assert project.decisions() == KEYS


def off(host: PtyHost, now: Told, project: Project) -> float:
    """Return how far a terminal that obeys all bytes is from showing what the canvas was given."""
    size = host.geometry
    screen = KittyScreen(size.columns, size.rows, size.cell_px).feed(host.output)
    shown = now.part(screen.picture())
    return float(np.abs(shown.astype(int) - now.wanted(project.folder)).mean())


@pytest.mark.parametrize("last", [b":q\r", signal.SIGTERM], ids=["quit", "sigterm"])
def test_it_can_be_ended_while_nothing_is_read(last: bytes | signal.Signals, tmp_path: Path) -> None:
    project = Project(tmp_path, "review")
    with reviewing(project, KITTY) as host:
        host.stall()
        host.send(b"a" * KEYS)
        host.wait_for(lambda _: project.decisions() == KEYS, timeout_s=START_S)
        if isinstance(last, bytes):
            host.send(last)
        else:
            host.signal(last)

        assert host.process.wait(START_S) in {0, 128 + signal.SIGTERM}
    assert project.decisions() == KEYS


@pytest.mark.parametrize("emulator", [kitty, xterm], ids=["kitty", "xterm"])
def test_an_emulator_that_was_stopped_while_the_editor_played_shows_the_right_picture_after(
    emulator: Callable[..., Terminal], display: XDisplay, tmp_path: Path
) -> None:
    project = Project(tmp_path, "annotate")
    with emulator(display, project.command, env=project.env) as terminal:
        terminal.wait_until(lambda _: project.dump.exists(), timeout_s=START_S)
        terminal.type("ttp")
        until(lambda: 0 < told(project.dump).frame < 20)
        terminal.process.send_signal(signal.SIGSTOP)
        end = time.monotonic() + STALL_S
        until(lambda: told(project.dump).frame == 29 and time.monotonic() > end)  # it plays on
        terminal.process.send_signal(signal.SIGCONT)
        picture, _ = at_rest(terminal, told(project.dump), project.folder)
        keep(picture, f"{emulator.__name__}-stopped")

        terminal.process.send_signal(signal.SIGSTOP)
        os.kill(told(project.dump).pid, signal.SIGTERM)
        until(lambda: terminal.exit_code is not None)
        terminal.process.send_signal(signal.SIGCONT)
        assert terminal.exit_code == 128 + signal.SIGTERM


def until(condition: Callable[[], bool]) -> None:
    """Wait without a look at the screen, which is in motion or stopped."""
    deadline = time.monotonic() + STALL_S + START_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
