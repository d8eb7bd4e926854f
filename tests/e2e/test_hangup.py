"""The terminal goes away, stops reading, or the program is told to end: it ends, clean, with everything kept."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.projects import boxes_project
from tests.terminals.answers import KITTY
from tests.terminals.pty_host import PtyHost
from tui_editor.api import open_project
from tui_editor.model.ids import TaskId
from tui_editor.ports import Session
from tui_editor.storage.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.ports import Lease, ProjectStore

TASK = TaskId(5)
SLEEP_S = 6.0
"""Longer than what counts as a pause of the loop."""
ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def editor(
    folder: Path,
    *,
    person: str = "ann",
    before: tuple[str, ...] = (),
    says: str = "kept",
    module: str = "tests.terminals.as_person",
) -> PtyHost:
    """Return the editor in a terminal like kitty, with its first picture shown."""
    argv = [*before, sys.executable, "-m", module, person, "open", str(folder)]
    env = {"XDG_STATE_HOME": str(folder / f"state-{person}"), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    host = PtyHost(argv, kind=KITTY, env=env)
    host.wait_for(lambda h: b"\x1b_Ga=p" in h.output and says in h.text()[0], timeout_s=60)  # it is placed
    return host


def header(host: PtyHost) -> str:
    return host.text()[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    boxes_project(tmp_path / "p").close()
    return tmp_path / "p"


def decisions(folder: Path) -> int:
    """Return how many are on disk, and see that the lock was given back and did not only die with its holder."""
    with open_project(folder) as project:
        store = project.store
        assert isinstance(store, SqliteStore)
        assert store._db.one("select session from lease") == ("",), "the lock is free again"
        return len(project.read(TASK).document.decisions)


def test_a_closed_terminal_ends_the_program_and_keeps_what_was_done(folder: Path) -> None:
    with editor(folder) as host:
        host.send(b"a")
        host.wait_for(lambda h: any("1/100 ·" in row for row in h.text()) and any("✓ kept" in row for row in h.text()))
        host.hang_up()
        host.process.wait(10)
    assert decisions(folder) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_program_and_puts_the_screen_back(folder: Path, number: signal.Signals) -> None:
    modes = fresh_modes()
    with editor(folder) as host:
        host.signal(number)
        assert host.wait_exit() == 128 + number
        assert b"\x1b[?1049l" in host.output[-2000:], "the alternate screen is left"
        assert b"a=d,d=I" in host.output, "the pictures are deleted"
        assert host.answerer.set_modes <= {7, 25}, "no mode of ours is left, and the cursor is shown"
        assert host.output.count(b"\x1b[<u") >= host.output.count(b"\x1b[>1u"), "the keyboard speaks as before"
        assert host.line_modes() == modes
    assert decisions(folder) == 0


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


def test_sigterm_ends_a_program_whose_loop_is_stuck_and_puts_the_screen_back(folder: Path) -> None:
    modes = fresh_modes()
    with editor(folder, module="tests.terminals.stuck_editor") as host:
        host.send(b"l")
        host.wait_for(lambda _: (folder / "state-ann" / "stuck").exists())
        host.signal(signal.SIGTERM)
        assert host.wait_exit() == 128 + signal.SIGTERM
        assert b"a=d,d=I" in host.output, "the pictures are deleted"
        assert host.answerer.set_modes <= {7, 25}
        assert host.line_modes() == modes


def fresh_modes() -> list[object]:
    """Return the modes of a terminal line that nobody changed."""
    with PtyHost(["true"]) as host:
        host.wait_exit()
        return host.line_modes()


def count(folder: Path) -> int:
    with open_project(folder) as project:
        return len(project.read(TASK).document.decisions)


def test_a_terminal_that_closes_ends_a_program_that_ignores_hang_ups_too(folder: Path) -> None:
    ignoring = ("sh", "-c", "trap '' HUP; exec \"$@\"", "sh")
    with editor(folder, before=ignoring) as host:
        host.send(b"a")
        host.wait_for(lambda h: any("1/100 ·" in row for row in h.text()) and "✓ kept" in header(h))
        host.hang_up()
        host.process.wait(10)
    assert decisions(folder) == 1


def test_keys_on_their_way_when_the_terminal_closes_are_kept_whole_or_not_at_all(folder: Path) -> None:
    with editor(folder) as host:
        host.send(b"a" * 30)
        host.wait_for(lambda _: count(folder) >= 5)
        told = count(folder)
        host.hang_up()
        host.process.wait(10)
    assert told <= decisions(folder) <= 30
    with editor(folder) as host:  # and it goes on from there
        host.signal(signal.SIGTERM)
        host.wait_exit()


# --- asleep --------------------------------------------------------------------------------------


@contextmanager
def store_of(folder: Path) -> Iterator[ProjectStore]:
    with open_project(folder) as project:
        yield project.store


def taken(folder: Path) -> Lease:
    """Return the lock after bo took it, in a process that lives as long as this one."""
    with store_of(folder) as store:
        return store.acquire(
            TASK, Session(id="bo's", person="bo", host=os.uname().nodename, pid=os.getpid()), take=True
        )


def freed(folder: Path, lease: Lease) -> None:
    with store_of(folder) as store:
        store.release(lease)


def test_who_wakes_up_and_finds_the_task_taken_over_may_only_look_and_writes_nothing(folder: Path) -> None:
    with editor(folder) as host:
        host.send(b"a")
        host.wait_for(lambda h: count(folder) == 1 and "✓ kept" in header(h))
        host.signal(signal.SIGSTOP)
        lease = taken(folder)
        asleep(folder, host)
        host.send(b"aaaa")  # typed while it slept
        host.signal(signal.SIGCONT)
        host.wait_for(lambda h: "read-only: bo took it over" in header(h))
        host.send(b"a")
        host.wait_for(lambda h: any("bo took it over" in row for row in h.text()[1:]))
        assert count(folder) == 1
        freed(folder, lease)
        host.wait_for(lambda h: "free: nobody edits it" in header(h))
        host.send(b"!")
        host.wait_for(lambda h: "yours" in header(h))
        host.send(b"a")
        host.wait_for(lambda _: count(folder) == 2)


def test_who_wakes_up_after_the_lock_ran_out_goes_on_where_nobody_took_it(folder: Path) -> None:
    with editor(folder) as host:
        host.signal(signal.SIGSTOP)
        asleep(folder, host)
        host.signal(signal.SIGCONT)
        host.send(b"a")
        host.wait_for(lambda h: count(folder) == 1 and "✓ kept" in header(h))
        with store_of(folder) as store:
            host.wait_for(lambda _: store.holder(TASK) is not None)


def asleep(folder: Path, host: PtyHost) -> None:
    """Let the stopped program's lock run out, and see that it does nothing."""
    with store_of(folder) as store:
        assert isinstance(store, SqliteStore)
        with store._db.writing():  # no test waits a minute
            store._db.do("update lease set expires_ms = 0, expires_boot_ms = 0 where pid = ?", (host.process.pid,))
    before = ticks(host)
    end = time.monotonic() + SLEEP_S
    host.wait_for(lambda _: time.monotonic() > end, timeout_s=SLEEP_S + 5)
    assert ticks(host) == before


def ticks(host: PtyHost) -> int:
    """Return what processor time the program used so far, in ticks of the system."""
    fields = Path(f"/proc/{host.process.pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


# --- two people ----------------------------------------------------------------------------------


def test_what_one_person_decides_the_other_sees_and_the_task_goes_over_by_a_key(folder: Path) -> None:
    with editor(folder) as ann, editor(folder, person="bo", says="ann edits it") as bo:
        ann.send(b"a")
        bo.wait_for(lambda h: any("1/100 ·" in row for row in h.text()))
        bo.send(b"!")
        bo.wait_for_text("Take the task over from ann")
        bo.send(b"\r")
        bo.wait_for(lambda h: "yours" in header(h))
        ann.wait_for(lambda h: "bo took it over" in header(h))
        bo.send(b"na")  # the next that nobody decided on
        ann.wait_for(lambda h: any("2/100 ·" in row for row in h.text()))
        ann.signal(signal.SIGTERM)
        ann.wait_exit()
        bo.signal(signal.SIGTERM)
        bo.wait_exit()
    assert decisions(folder) == 2


# --- continue where you were ---------------------------------------------------------------------


def test_opened_again_the_project_shows_each_person_the_place_of_before(folder: Path) -> None:
    with editor(folder) as host:
        host.send(b"jjj4l")
        host.wait_for(lambda h: "frame 4/9" in header(h) and chosen(folder) == [31])
        host.hang_up()
        host.process.wait(10)
    with editor(folder) as host:
        assert "frame 4/9" in header(host)
        host.signal(signal.SIGKILL)
        host.process.wait(10)
    with editor(folder) as host:
        assert "frame 4/9" in header(host)
        host.send(b"a")
        host.wait_for(lambda _: decided(folder) == [31])
    with editor(folder, person="bo") as host:
        assert "frame 0/9" in header(host), "it is bo's first time"


def chosen(folder: Path) -> list[int]:
    """Return which objects ann had selected last."""
    with store_of(folder) as store:
        return list(store.open(TASK, "ann").view.get("selection", ()))


def decided(folder: Path) -> list[int]:
    with store_of(folder) as store:
        return [int(key) for key in store.open(TASK).document.decisions]
