"""A tmux that is left and attached again from another terminal: the program went on, and is shown right there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.projects import boxes_project
from tests.terminals.answers import KITTY, SIXEL
from tests.terminals.harness import TMUX_CONF, Terminal, XDisplay, keep, kitty, need, tmux_in, xterm
from tests.terminals.pty_host import PtyHost
from tests.terminals.sitting import canvas_box
from tests.terminals.test_stall import until
from tests.terminals.test_walk import at_rest, told
from tui_editor.api import open_project
from tui_editor.model.ids import TaskId

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.terminal

ROOT = Path(__file__).parents[2]
TASK = TaskId(5)
START_S = 60.0
PLACEHOLDER = "\U0010eeee"


@pytest.mark.parametrize(("first", "second"), [(kitty, xterm), (xterm, kitty)], ids=["kitty-xterm", "xterm-kitty"])
def test_attached_again_from_another_terminal_of_another_size_the_picture_is_right_and_keys_go_on(
    first: Callable[..., Terminal], second: Callable[..., Terminal], tmp_path: Path
) -> None:
    project, dump = tmp_path / "p", tmp_path / "told.json"
    boxes_project(project, frames=30, boxes=90, stage="annotate", levels=(0, 255)).close()
    argv = [sys.executable, "-m", "tests.terminals.told_editor", str(dump), "open", str(project)]
    env = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "COLORTERM": "truecolor", "XDG_STATE_HOME": str(tmp_path / "state")}
    with XDisplay() as left, XDisplay() as right, tmux_in(first, left, argv, env=env) as old:
        old.wait_until(lambda _: dump.exists(), timeout_s=START_S)
        old.type("ttjda")
        old.wait_until(lambda _: objects(project) == 89)
        size = told(dump).region[2:]
        subprocess.run([*old.server, "detach-client"], check=True)
        assert holder(project) is not None, "the lock is held on"
        with second(right, [*old.server, "attach-session"]) as new:
            new.wait_until(lambda picture: canvas_box(picture) is not None)
            new.type("jda3G")
            new.wait_until(lambda _: objects(project) == 88 and told(dump).frame == 3)
            assert told(dump).region[2:] != size
            keep(at_rest(new, told(dump), project)[0], f"reattached-{second.__name__}")
            new.type(":q")
            new.keys("Return")
            until(lambda: old.exit_code is not None)
        assert old.exit_code == 0
    assert holder(project) is None


def objects(project: Path) -> int:
    with open_project(project) as opened:
        return len(opened.read(TASK).document.instances)


def holder(project: Path) -> object:
    with open_project(project) as opened:
        return opened.store.holder(TASK)


# --- where tmux passes pictures on -------------------------------------------------------------------


def test_pictures_go_the_way_of_the_terminal_that_is_around_tmux_now(tmp_path: Path) -> None:
    need("tmux")
    project, dump = tmp_path / "p", tmp_path / "told.json"
    boxes_project(project, frames=30, boxes=90, stage="annotate", levels=(0, 255)).close()
    (tmp_path / "tmux.conf").write_text(TMUX_CONF)
    server = ["tmux", "-S", str(tmp_path / "socket"), "-f", str(tmp_path / "tmux.conf")]
    env = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "COLORTERM": "truecolor", "XDG_STATE_HOME": str(tmp_path / "state")}
    argv = [sys.executable, "-m", "tests.terminals.told_editor", str(dump), "open", str(project)]
    try:
        with PtyHost([*server, "new-session", *argv], kind=KITTY, env=env) as first:
            first.wait_for(lambda host: dump.exists() and b"\x1b_G" in host.output, timeout_s=START_S)
            assert told(dump).graphics == "kitty"
            first.send(b"2l")
            first.wait_for_text("frame 2/29", timeout_s=START_S)
            subprocess.run([*server, "detach-client"], check=True)
            first.wait_exit()
        with PtyHost([*server, "attach-session"], kind=SIXEL) as second:
            second.wait_for(lambda _: told(dump).graphics == "cells", timeout_s=START_S)
            second.wait_for_text("▀", timeout_s=START_S)
            second.wait_for(lambda host: not any(PLACEHOLDER in row for row in host.text()), timeout_s=START_S)
            assert told(dump).frame == 2, "it goes on where it was"
            with PtyHost([*server, "attach-session", "-d"], kind=KITTY) as third:
                second.wait_exit()
                third.wait_for(
                    lambda host: told(dump).graphics == "kitty" and b"\x1b_G" in host.output, timeout_s=START_S
                )
                with PtyHost([*server, "attach-session", "-d"], kind=KITTY) as fourth:
                    fourth.wait_for(lambda host: b"\x1b_G" in host.output, timeout_s=START_S)  # it has no pictures yet
                    fourth.send(b":q\r")
                    fourth.wait_exit(timeout_s=START_S)
    finally:
        subprocess.run([*server, "kill-server"], check=False, capture_output=True)
