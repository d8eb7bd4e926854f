"""`tui-editor open` in a pty, from its first byte: the first picture comes before the interface and stays."""

from __future__ import annotations

import base64
import dataclasses
import os
import re
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.kitty_screen import KittyScreen
from tests.support.projects import boxes_project
from tests.terminals.answers import KITTY, PLAIN, SIXEL, TerminalKind
from tests.terminals.pty_host import PtyHost

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
START_S = 30.0
ENTER, LEAVE = b"\x1b[?1049h", b"\x1b[?1049l"
INTERFACE = b"\x1b[?1004h"
"""Textual takes the terminal."""
LAST_TITLE = "Issues"
TRUE_COLOUR = 2
"""In the header of a PNG."""
SILENT = TerminalKind(name="", da1="")
SHARING = dataclasses.replace(KITTY, shares_memory=True)
KINDS = {"kitty": KITTY, "kitty on this machine": SHARING, "sixel": SIXEL}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    boxes_project(tmp_path / "p", stage="annotate").close()
    return tmp_path / "p"


def opening(project: Path, kind: TerminalKind, *options: str) -> PtyHost:
    env = {"PYTHONPATH": str(ROOT / "src"), "XDG_STATE_HOME": str(project / "state")}
    return PtyHost([sys.executable, "-m", "tui_editor", "open", str(project), *options], kind=kind, env=env)


def held(project: Path, kind: TerminalKind) -> PtyHost:
    """Open a project in an editor whose interface waits for the `gate`."""
    argv = [sys.executable, "-m", "tests.terminals.held_editor", str(gate(project)), "open", str(project)]
    env = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "XDG_STATE_HOME": str(project / "state")}
    return PtyHost(argv, kind=kind, env=env)


def gate(project: Path) -> Path:
    return project / "gate"


def pictures(output: bytes) -> list[int]:
    """Return where whole pictures of frames begin: uploads larger than labels are, sixels of the whole canvas."""
    uploads = re.finditer(rb"\x1b_Ga=t,[^;]*(?:m=1;|t=s)", output)
    return [match.start() for match in (*uploads, *re.finditer(rb'\x1bP0;1;0q"1;1;784;', output))]


def first_is_whole(host: PtyHost) -> bool:
    begun = max(host.output.find(b"\x1b_Ga=p"), host.output.find(b"\x1bP0;1;0q"))
    return begun >= 0 and b"\x1b\\" in host.output[begun:]


def wait_for_interface(host: PtyHost) -> None:
    host.wait_for(
        lambda host: first_is_whole(host) and any(LAST_TITLE in row for row in host.text()), timeout_s=START_S
    )


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture(params=list(KINDS.values()), ids=list(KINDS))
def host(request: pytest.FixtureRequest, project: Path) -> Iterator[PtyHost]:
    with opening(project, request.param) as host:
        yield host


@pytest.mark.parametrize("kind", list(KINDS.values()), ids=list(KINDS))
def test_the_first_picture_needs_no_interface(project: Path, kind: TerminalKind) -> None:
    with held(project, kind) as host:
        host.wait_for(first_is_whole, timeout_s=START_S)
        assert INTERFACE not in host.output
        assert len(pictures(host.output)) == 1


def test_its_alternate_screen_becomes_the_interfaces(host: PtyHost) -> None:
    wait_for_interface(host)
    host.signal(signal.SIGTERM)

    assert host.wait_exit(timeout_s=START_S) == 128 + signal.SIGTERM
    assert host.output.count(ENTER) == host.output.count(LEAVE) == 1
    assert host.answerer.set_modes <= {7, 25}


def true_pictures(host: PtyHost) -> int:
    """Return how many frames were sent in all their colours: over a line that seems slow another one comes before."""
    output = host.output
    files = [re.match(rb"[^;]*;([^\x1b]{64})", output[start:]) for start in pictures(output)]
    return sum(file is not None and base64.b64decode(file[1])[25] == TRUE_COLOUR for file in files)


def test_a_label_that_is_selected_sends_no_frame_again(tmp_path: Path) -> None:
    boxes_project(tmp_path / "p", stage="annotate", frames=1).close()  # none is sent ahead
    with opening(tmp_path / "p", KITTY) as host:
        wait_for_interface(host)
        host.wait_for(lambda host: true_pictures(host) == 1, timeout_s=START_S)
        before = len(host.output)
        host.send(b"j")
        host.wait_for(lambda host: b"\x1b_Ga=t" in host.output[before:], timeout_s=START_S)
        selected = host.output[before:]

        assert true_pictures(host) == 1
        uploads = re.findall(rb"\x1b_Ga=t,[^;]*;([^\x1b]*)", selected)
        assert sum(map(len, uploads)) < 20_000


def test_the_picture_that_is_seen_at_first_is_the_one_that_stays(project: Path) -> None:
    with held(project, KITTY) as host:
        host.wait_for(first_is_whole, timeout_s=START_S)
        early = KittyScreen(160, 45).feed(host.output)
        gate(project).touch()
        wait_for_interface(host)
        late = KittyScreen(160, 45).feed(host.output)

    assert early.placements
    assert early.placements == late.placements
    assert not late.refused


def test_no_process_is_left_of_it(host: PtyHost) -> None:
    wait_for_interface(host)

    host.wait_for(lambda host: not children(host.process.pid), timeout_s=START_S)


@pytest.mark.parametrize("kind", [SILENT, PLAIN], ids=["silent", "without pixels"])
def test_a_terminal_without_pixels_gets_what_it_can_show(project: Path, kind: TerminalKind) -> None:
    with opening(project, kind) as host:
        host.wait_for_text("▀", timeout_s=START_S)
        host.wait_for_text(LAST_TITLE, timeout_s=START_S)

        assert host.output.count(ENTER) == 1
        host.wait_for(lambda host: not children(host.process.pid), timeout_s=START_S)


def test_over_ssh_the_interface_comes_before_the_picture(project: Path) -> None:
    env = {"PYTHONPATH": str(ROOT / "src"), "SSH_CONNECTION": "1 2 3 4"}
    with PtyHost([sys.executable, "-m", "tui_editor", "open", str(project)], kind=KITTY, env=env) as host:
        wait_for_interface(host)

        assert host.output.index(INTERFACE) < pictures(host.output)[0]


def test_a_frame_that_cannot_be_read_is_told_by_the_editor(project: Path) -> None:
    (project / "media" / "000.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    with opening(project, KITTY) as host:
        host.wait_for_text("This frame can't be shown", timeout_s=START_S)

        assert not pictures(host.output)


def test_a_frame_that_is_not_there_is_refused_before_anything_is_drawn(project: Path) -> None:
    with opening(project, KITTY, "--frame", "99") as host:
        assert host.wait_exit(timeout_s=START_S) == 2
        assert ENTER not in host.output
        assert any("no frame 99" in row for row in host.text())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_end_after_its_first_picture_it_leaves_the_terminal_clean(
    project: Path, number: signal.Signals
) -> None:
    with opening(project, KITTY) as host:
        host.wait_for(first_is_whole, timeout_s=START_S)
        os.killpg(host.process.pid, number)
        host.wait_exit(timeout_s=START_S)

        assert host.output.rindex(LEAVE) > host.output.rindex(ENTER)
        assert host.answerer.set_modes <= {7, 25}
        assert not [row for row in host.text() if "Traceback" in row]
