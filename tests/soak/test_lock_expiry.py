"""An editor lock that runs out in its real minute, between two people in terminals of their own."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.soak.figures import tell
from tests.support.projects import boxes_project
from tests.terminals.harness import Terminal, XDisplay, keep, kitty, xterm
from tui_editor.api import open_project
from tui_editor.model.ids import TaskId
from tui_editor.storage.leases import TTL_MS
from tui_editor.storage.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.soak

ROOT = Path(__file__).parents[2]
TASK = TaskId(5)
BOXES = 90
START_S = 60.0
EXPIRY_S = TTL_MS / 1000 + 30


class Record:
    """What the project's store says of the task."""

    def __init__(self, project: Path) -> None:
        self._project = project

    def objects(self) -> int:
        """Return how many are on disk."""
        with open_project(self._project) as opened:
            return len(opened.read(TASK).document.instances)

    def pid(self) -> int:
        """Return the process that has the lock; 0 without one."""
        with open_project(self._project) as opened:
            assert isinstance(opened.store, SqliteStore)
            row = opened.store._db.one("select pid from lease where session != ''")
            return int(row[0]) if row else 0

    def stale(self) -> bool:
        """Return whether the holder gave no sign of life in time."""
        with open_project(self._project) as opened:
            holder = opened.store.holder(TASK, stale=True)
            return holder is not None and not holder.live

    def free(self) -> bool:
        """Return whether nobody has the lock, not even a stale one."""
        with open_project(self._project) as opened:
            return opened.store.holder(TASK, stale=True) is None


@contextmanager
def opens(name: str, emulator: Callable[..., Terminal], project: Path) -> Iterator[Terminal]:
    """Give somebody a window on the task."""
    argv = [sys.executable, "-m", "tests.terminals.as_person", name, "open", str(project)]
    env = {
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "COLORTERM": "truecolor",
        "XDG_STATE_HOME": str(project.parent / f"state-{name}"),
    }
    with XDisplay() as display, emulator(display, argv, env=env) as terminal:
        yield terminal


@contextmanager
def ann_edits(project: Path) -> Iterator[tuple[Record, Terminal]]:
    """Have ann open a task of a new project and delete a box; the record tells what is on disk."""
    boxes_project(project, frames=1, boxes=BOXES, stage="annotate").close()
    record = Record(project)
    with opens("ann", kitty, project) as hers:
        hers.wait_until(lambda _: record.pid() > 0, timeout_s=START_S)
        hers.type("jda")
        hers.wait_until(lambda _: record.objects() == BOXES - 1, timeout_s=START_S)
        yield record, hers


def shot(terminal: Terminal, name: str) -> None:
    """Keep what the window shows at rest, where TERMINAL_SHOTS says."""
    keep(terminal.wait_settled(still_s=1.2, timeout_s=START_S), f"lock-expiry-{name}")


def test_the_lock_of_a_holder_who_sleeps_runs_out_and_on_waking_it_writes_nothing(tmp_path: Path) -> None:
    with ann_edits(tmp_path / "p") as (record, hers):
        sleeper = record.pid()
        os.kill(sleeper, signal.SIGSTOP)
        stopped = time.monotonic()
        hers.type("jda")  # typed before it slept, as far as the program knows
        with opens("bo", xterm, tmp_path / "p") as his:
            shot(his, "1-bo-may-look")
            his.wait_until(lambda _: record.stale(), timeout_s=EXPIRY_S)
            expired_s = time.monotonic() - stopped
            shot(his, "2-bo-is-told")
            his.type("!")
            shot(his, "3-bo-is-asked")
            his.keys("Return")
            his.wait_until(lambda _: record.pid() not in {0, sleeper}, timeout_s=START_S)
            his.type("jda")
            his.wait_until(lambda _: record.objects() == BOXES - 2, timeout_s=START_S)
            shot(his, "4-bo-edits")

            os.kill(sleeper, signal.SIGCONT)
            hers.type("a")
            shot(hers, "5-ann-woke")
            hers.type("jdada")
            shot(hers, "6-ann-may-look")
            assert record.objects() == BOXES - 2
            his.type("jda")
            his.wait_until(lambda _: record.objects() == BOXES - 3, timeout_s=START_S)
            shot(hers, "7-ann-follows")
            for window in (his, hers):
                window.type(":q")
                window.keys("Return")
                window.wait_exit()
                assert window.exit_code == 0
    assert record.free()
    assert expired_s < TTL_MS / 1000 + 5
    tell("the lock of a holder who sleeps", {"ran out after, s": round(expired_s, 1)})


def test_the_lock_of_a_killed_program_is_free_at_once(tmp_path: Path) -> None:
    with ann_edits(tmp_path / "p") as (record, _):
        killed = record.pid()
        with opens("bo", xterm, tmp_path / "p") as his:
            shot(his, "8-bo-may-look")
            os.kill(killed, signal.SIGKILL)
            his.wait_until(lambda _: record.free(), timeout_s=5.0)
            shot(his, "9-bo-is-told")
            his.type("!jda")
            his.wait_until(lambda _: record.objects() == BOXES - 2, timeout_s=START_S)
            shot(his, "10-bo-edits")
