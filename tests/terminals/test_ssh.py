"""The editor over SSH, on a line of 10 Mbit/s and 20 ms each way: seen, reviewed, played, left."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.projects import boxes_project
from tests.terminals.answers import KITTY, SIXEL, TerminalKind
from tests.terminals.harness import Terminal, XDisplay, keep, kitty, xterm
from tests.terminals.pty_host import PtyHost
from tests.terminals.ssh import BYTES_A_S, Ssh, slow_ssh
from tests.terminals.test_walk import at_rest, told
from tui_editor.api import open_project
from tui_editor.model.ids import TaskId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.terminal

ROOT = Path(__file__).parents[2]
START_S = 60.0
FRAMES = 150
PLAYED = 40
"""Frames: some seconds."""
KEY_S = 0.4
"""What lies on the line between a key that was taken and its effect, in seconds of the line: two pictures at most."""


class Far:
    """The editor at the far end, on a project that lies there."""

    def __init__(self, ssh: Ssh, folder: Path) -> None:
        self.folder, self.dump = folder / "p", folder / "told.json"
        boxes_project(self.folder, frames=FRAMES, boxes=900, levels=(0, 255)).close()
        argv = [sys.executable, "-m", "tests.terminals.told_editor", str(self.dump), "open", str(self.folder)]
        env = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "XDG_STATE_HOME": str(folder / "state")}
        self.command = ssh.command(argv, env)

    def decisions(self) -> int:
        with open_project(self.folder) as project:
            return len(project.read(TaskId(5)).document.decisions)


def header(frame: int) -> bytes:
    """Return what the first line of the screen says of a frame."""
    return f"frame {frame}/{FRAMES - 1}".encode()


@pytest.fixture
def far(tmp_path: Path) -> Iterator[Far]:
    with slow_ssh(tmp_path / "ssh") as ssh:
        yield Far(ssh, tmp_path)


@pytest.mark.parametrize("kind", [KITTY, SIXEL], ids=["kitty", "sixel"])
def test_reviewed_and_played_over_a_slow_line_keys_are_seen_soon(far: Far, kind: TerminalKind) -> None:
    with PtyHost(far.command, kind=kind) as host:
        host.wait_for(lambda host: b"\x1b_Ga=p" in host.output or b"\x1bP0;1;0q" in host.output, timeout_s=START_S)
        host.wait_for_text("Issues", timeout_s=START_S)
        for number in range(1, 6):
            host.send(b"a")
            host.wait_for(lambda _, number=number: far.decisions() == number, timeout_s=START_S)  # type: ignore[misc]

        host.send(b"p")
        start = told(far.dump).frame
        host.wait_for(lambda _: told(far.dump).frame >= start + PLAYED, timeout_s=START_S)
        host.send(b"2G")
        host.wait_for(lambda _: told(far.dump).frame == 2, timeout_s=START_S)
        taken = len(host.output)
        host.wait_for(lambda host: header(2) in host.output[taken:], timeout_s=START_S)
        assert host.output.index(header(2), taken) - taken < KEY_S * BYTES_A_S

        host.send(b":q\r")
        assert host.wait_exit(timeout_s=START_S) == 0
        assert host.answerer.set_modes <= {7, 25}
    assert far.decisions() == 5


@pytest.mark.parametrize("emulator", [kitty, xterm], ids=["kitty", "xterm"])
def test_at_rest_the_picture_is_whole_at_the_end_of_a_slow_line(
    far: Far, emulator: Callable[..., Terminal], display: XDisplay
) -> None:
    with emulator(display, far.command) as terminal:
        terminal.wait_until(lambda _: far.dump.exists(), timeout_s=START_S)
        terminal.type("tt")
        terminal.wait_until(lambda _: not told(far.dump).tags)
        for keys, frame in (("70G", 70), ("=wlwj71G", 71), ("Z3G", 3)):
            terminal.type(keys)
            terminal.wait_until(lambda _, frame=frame: told(far.dump).frame == frame)  # type: ignore[misc]
            picture, _ = at_rest(terminal, told(far.dump), far.folder)
            keep(picture, f"{emulator.__name__}-ssh-{frame}")
        terminal.type(":q")
        terminal.keys("Return")
        terminal.wait_exit()
        assert terminal.exit_code == 0
