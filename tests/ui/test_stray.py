"""What libraries write to the standard error while the interface runs: into a file, never over the screen."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.projects import boxes_project
from tests.terminals.answers import KITTY
from tests.terminals.pty_host import PtyHost
from tui_editor.ui.terminal.stray import StrayWrites

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
WAIT_S = 30.0
LEAVE = b"\x1b[?1049l"
NOISE = b"[h264 @ 0x1] error while decoding MB"


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Return a pipe in place of a terminal: where to read, and a descriptor that writes to it."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    yield reading, writing
    os.close(reading)
    os.close(writing)


def seen(reading: int) -> bytes:
    try:
        return os.read(reading, 1 << 16)
    except BlockingIOError:
        return b""


def test_writes_go_to_the_file_and_back_to_the_terminal(terminal: tuple[int, int], tmp_path: Path) -> None:
    reading, writing = terminal
    file = tmp_path / "state" / "stderr.log"
    stray = StrayWrites(writing, file)
    for times in (1, 2):
        stray.begin()
        os.write(writing, NOISE)
        os.write(stray.terminal, b"picture")
        assert (seen(reading), file.read_bytes()) == (b"picture", NOISE * times)
        stray.end()
        os.write(writing, b"traceback")
        assert seen(reading) == b"traceback"


def test_a_file_that_is_too_long_is_begun_anew_and_the_one_before_kept(
    terminal: tuple[int, int], tmp_path: Path
) -> None:
    _, writing = terminal
    file = tmp_path / "stderr.log"
    stray = StrayWrites(writing, file, most_bytes=100)
    stray.begin()
    for letter in (b"a", b"b", b"c"):
        os.write(writing, letter * 101)
        stray.check()
    os.write(writing, b"d")
    stray.end()
    assert file.read_bytes() == b"d"
    assert (tmp_path / "stderr.log.1").read_bytes() == b"c" * 101
    assert len(list(tmp_path.iterdir())) == 2


def test_of_two_windows_both_leave_the_long_file(terminal: tuple[int, int], tmp_path: Path) -> None:
    _, writing = terminal
    other = os.dup(writing)
    file = tmp_path / "stderr.log"
    windows = [StrayWrites(one, file, most_bytes=100) for one in (writing, other)]
    for window in windows:
        window.begin()
    os.write(writing, b"x" * 101)
    for window in windows:
        window.check()
    os.write(writing, b"1")
    os.write(other, b"2")
    for window in windows:
        window.end()
    os.close(other)
    assert file.read_bytes() == b"12"
    assert (tmp_path / "stderr.log.1").read_bytes() == b"x" * 101


def test_without_a_place_for_the_file_nothing_is_kept_and_nothing_seen(
    terminal: tuple[int, int], tmp_path: Path
) -> None:
    reading, writing = terminal
    (tmp_path / "taken").write_text("")
    stray = StrayWrites(writing, tmp_path / "taken" / "stderr.log")
    stray.begin()
    os.write(writing, NOISE)
    stray.check()
    stray.end()
    assert seen(reading) == b""


def test_a_link_in_place_of_the_file_is_not_followed(terminal: tuple[int, int], tmp_path: Path) -> None:
    _, writing = terminal
    (tmp_path / "precious").write_text("kept")
    (tmp_path / "stderr.log").symlink_to(tmp_path / "precious")
    stray = StrayWrites(writing, tmp_path / "stderr.log")
    stray.begin()
    os.write(writing, NOISE)
    stray.end()
    assert (tmp_path / "precious").read_text() == "kept"


# --- the editor in a terminal ------------------------------------------------------------------------

NOISY = f"""
import os, sys
from tui_editor.ui.screens.editor import EditorScreen

def show_labels_anew(self):
    if os.environ["PRESSED"] == "noise":
        os.write(2, {NOISE!r})
    else:
        raise RuntimeError("it broke")

def press(self, key, usual=EditorScreen.press):
    show_labels_anew(self) if key == "%" else usual(self, key)

EditorScreen.press = press
from tui_editor.cli.main import main
sys.exit(main())
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    boxes_project(tmp_path / "p", stage="annotate").close()
    return tmp_path / "p"


def editor(project: Path, pressed: str) -> PtyHost:
    env = {"PYTHONPATH": str(ROOT / "src"), "XDG_STATE_HOME": str(project / "state"), "PRESSED": pressed}
    host = PtyHost([sys.executable, "-c", NOISY, "open", str(project)], kind=KITTY, env=env)
    host.wait_for_text("Issues", timeout_s=WAIT_S)
    return host


def log_of(project: Path) -> bytes:
    file = project / "state" / "tui-editor" / "stderr.log"
    return file.read_bytes() if file.exists() else b""


def test_a_library_does_not_write_over_the_screen(project: Path) -> None:
    with editor(project, "noise") as host:
        host.send(b"%")
        host.wait_for(lambda _: log_of(project) == NOISE, timeout_s=WAIT_S)
        host.signal(signal.SIGTERM)
        host.wait_exit(timeout_s=WAIT_S)
        assert NOISE not in host.output


def test_a_crash_is_told_on_the_terminal_after_the_screen_is_left(project: Path) -> None:
    with editor(project, "crash") as host:
        host.send(b"%")
        host.wait_exit(timeout_s=WAIT_S)
        assert b"something unexpected went wrong: RuntimeError" in host.output.partition(LEAVE)[2]
        assert "it broke" in (project / "state" / "tui-editor" / "errors.log").read_text()
        assert log_of(project) == b""


def leads_to(host: PtyHost, descriptor: int) -> str:
    return str(Path(f"/proc/{host.process.pid}/fd/{descriptor}").readlink())


def is_stopped(host: PtyHost) -> bool:
    state = Path(f"/proc/{host.process.pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state == "T"


def test_while_the_editor_is_suspended_the_terminal_has_its_standard_error(project: Path) -> None:
    with editor(project, "noise") as host:
        terminal = leads_to(host, 0)
        assert leads_to(host, 2).endswith("stderr.log")
        host.send(b"\x1a")
        host.wait_for(is_stopped, timeout_s=WAIT_S)
        assert leads_to(host, 2) == terminal
        host.signal(signal.SIGCONT)
        host.wait_for(lambda host: leads_to(host, 2).endswith("stderr.log"), timeout_s=WAIT_S)
        host.signal(signal.SIGTERM)
        host.wait_exit(timeout_s=WAIT_S)
