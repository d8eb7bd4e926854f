"""The editor itself is killed while somebody reviews: what it showed as kept is there when it opens again."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.projects import boxes_project
from tests.terminals.answers import PLAIN, Geometry
from tests.terminals.pty_host import PtyHost
from tui_editor.api import open_project
from tui_editor.model.ids import TaskId
from tui_editor.storage.replay import verify_journal

if TYPE_CHECKING:
    from pathlib import Path

    from tui_editor.storage.sqlite.store import SqliteStore

KILLS = int(os.environ.get("TUI_EDITOR_APP_KILLS", "3"))
TASK = TaskId(5)


def shown_as_kept(rows: list[str]) -> int:
    """Return how many decisions the screen says are done and kept; 0 while one of them waits."""
    text = "\n".join(rows)
    done = re.search(r"(\d+)/100 ·", text)
    return int(done[1]) if done and "✓ kept" in text else 0


def review_and_kill(folder: Path, rng: random.Random) -> tuple[int, int]:
    """Review with random keys, kill at a random moment; return (decisions shown as kept, objects typed at)."""
    argv = [sys.executable, "-m", "tui_editor", "--graphics", "none", "open", str(folder)]
    home = {"HOME": str(folder), "XDG_STATE_HOME": str(folder / "state")}
    with PtyHost(argv, kind=PLAIN, geometry=Geometry(columns=120, rows=36), env=home) as host:
        host.wait_for(lambda h: any("/100 ·" in row for row in h.text()), timeout_s=60)
        before = int(re.search(r"(\d+)/100 ·", "\n".join(host.text()))[1])  # type: ignore[index]  # just waited for
        keys = rng.randrange(1, 12)
        for _ in range(keys):
            host.send(rng.choice([b"a", b"x1", b"x3"]))
        target = rng.randrange(before, min(before + keys, 100) + 1)
        host.wait_for(lambda h: shown_as_kept(h.text()) >= target, timeout_s=30)
        shown = shown_as_kept(host.text())
        os.kill(host.process.pid, signal.SIGKILL)
        host.process.wait()
        return shown, before + keys


@pytest.mark.slow
def test_decisions_that_the_screen_showed_as_kept_survive_kill_9(tmp_path: Path) -> None:
    rng = random.Random(11)
    boxes_project(tmp_path / "first").close()
    folder = tmp_path / "p"
    shutil.copytree(tmp_path / "first", folder)
    for _ in range(KILLS):
        shown, most = review_and_kill(folder, rng)
        with open_project(folder) as project:
            store: SqliteStore = project.store  # type: ignore[assignment]  # the default engine
            assert store.check() == []
            verify_journal(store, TASK)
            kept = len(project.read(TASK).document.decisions)
        assert shown <= kept <= most
        if kept > 85:
            shutil.rmtree(folder)
            shutil.copytree(tmp_path / "first", folder)
