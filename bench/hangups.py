"""What becomes of the editor when its terminal goes away or stops reading, and how soon others' work is seen."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from tests.support.projects import boxes_project
from tests.terminals.answers import KITTY, TMUX_IN_KITTY
from tests.terminals.pty_host import PtyHost
from tests.terminals.ssh import slow_ssh
from tests.terminals.told_editor import Told

from bench.figures import Figure, figure
from tui_editor.api import open_project
from tui_editor.model.ids import TaskId
from tui_editor.ports import Session
from tui_editor.storage.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
TASK = TaskId(5)
RUNS = 5
REST_S = 5.0
LOOKS = 1000
START_S = 60.0
DECIDED = 10
"""Decisions that are told as kept before the event."""


class Window(NamedTuple):
    """The editor in a terminal, reviewing."""

    host: PtyHost
    project: Path
    pid: int

    def alive(self) -> bool:
        """Return whether the editor still runs."""
        try:
            return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except OSError:
            return False

    def cpu_percent(self) -> float:
        """Return the share of a core that the editor uses over some seconds."""
        before = _cpu_s(self.pid)
        time.sleep(REST_S)
        return 100 * (_cpu_s(self.pid) - before) / REST_S


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _window(wrapped: Callable[[list[str], Path], list[str]] = lambda argv, _: argv, **host: object) -> Iterator[Window]:
    with tempfile.TemporaryDirectory(prefix="tui-editor-hangups-") as name:
        folder = Path(name)
        boxes_project(folder / "p").close()
        with _opened(folder, folder / "told.json", wrapped, **host) as window:
            window.host.send(b"a" * DECIDED)
            window.host.wait_for(lambda _: _decisions(window.project) == DECIDED, timeout_s=START_S)
            yield window


@contextmanager
def _opened(
    folder: Path, dump: Path, wrapped: Callable[[list[str], Path], list[str]] = lambda argv, _: argv, **host: object
) -> Iterator[Window]:
    env = {"XDG_STATE_HOME": str(folder / "state"), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "COLORTERM": "truecolor"}
    program = [sys.executable, "-m", "tests.terminals.told_editor", str(dump), "open", str(folder / "p")]
    argv = wrapped(["env", *(f"{key}={value}" for key, value in env.items()), *program], folder)
    with PtyHost(argv, env=env, **{"kind": KITTY, **host}) as terminal:  # type: ignore[arg-type]  # as they came
        terminal.wait_for(lambda _: dump.exists(), timeout_s=START_S)
        told = Told.read(dump)
        assert told is not None
        window = Window(terminal, folder / "p", told.pid)
        try:
            yield window
        finally:
            if window.alive():
                os.kill(told.pid, signal.SIGKILL)


def _decisions(project: Path) -> int:
    with open_project(project) as opened:
        return len(opened.read(TASK).document.decisions)


def _is_free(project: Path) -> bool:
    """Return whether the lock was given back, and did not only end with its holder."""
    with open_project(project) as opened:
        assert isinstance(opened.store, SqliteStore)
        return bool(opened.store._db.one("select session from lease") == ("",))


# --- it ends ---------------------------------------------------------------------------------------


def _hang_up(window: Window) -> None:
    window.host.hang_up()


def _term(window: Window) -> None:
    os.kill(window.pid, signal.SIGTERM)


def _stalled_term(window: Window) -> None:
    window.host.stall()
    window.host.send(b"l" * 40)
    time.sleep(1.0)
    _term(window)


def _kill_session(window: Window) -> None:
    subprocess.run([*_tmux(window.project.parent), "kill-session"], check=True)


def _drop_ssh(window: Window) -> None:
    window.host.process.kill()


def _ignoring(argv: list[str], _: Path) -> list[str]:
    return ["sh", "-c", "trap '' HUP; exec \"$@\"", "sh", *argv]


def _tmux(folder: Path) -> list[str]:
    return ["tmux", "-S", str(folder / "socket"), "-f", "/dev/null"]


def _in_tmux(argv: list[str], folder: Path) -> list[str]:
    return [*_tmux(folder), "new-session", *argv]


def _ends(name: str, event: Callable[[Window], None], opened: Callable[[], object]) -> list[Figure]:
    """Return how long the editor lives after an event, and how many of the decisions told as kept are lost."""
    times, lost, held = [], 0, 0
    for _ in range(RUNS):
        with opened() as window:  # type: ignore[attr-defined]  # a context
            begun = time.perf_counter()
            event(window)
            if event is _stalled_term:
                begun += 1.0
            while window.alive() and time.perf_counter() - begun < 10:
                time.sleep(0.005)
            times.append((time.perf_counter() - begun) * 1000)
            lost += DECIDED - _decisions(window.project)
            held += not _is_free(window.project)
    return [
        figure(f"{name}: until it is gone, worst", max(times), "ms", n=RUNS, peer="2 s", peer_value=2000),
        figure(f"{name}: kept decisions lost", lost, "of 50", n=RUNS),
        figure(f"{name}: locks not given back", held, "of 5", n=RUNS),
    ]


@contextmanager
def _over_ssh() -> Iterator[Window]:
    with (
        tempfile.TemporaryDirectory(prefix="tui-editor-ssh-") as name,
        slow_ssh(Path(name) / "ssh") as ssh,
        _window(lambda argv, _: ssh.command(argv, {})) as window,
    ):
        yield window


# --- it goes on --------------------------------------------------------------------------------------


def _cpu() -> list[Figure]:
    found = {}
    with _window() as window:
        time.sleep(REST_S)  # the first seconds make ready what is not needed at once
        found["at rest"] = window.cpu_percent()
        with _opened(window.project.parent, window.project.parent / "second.json") as second:
            time.sleep(REST_S)
            found["a second window that follows, at rest"] = second.cpu_percent()
        window.host.send(b"l" * 5)
        window.host.stall()
        window.host.send(b"l" * 100)
        time.sleep(2.0)
        found["the terminal does not read"] = window.cpu_percent()
        window.host.resume()
        os.kill(window.pid, signal.SIGSTOP)
        time.sleep(6.0)
        os.kill(window.pid, signal.SIGCONT)
        time.sleep(1.0)
        found["after it was stopped"] = window.cpu_percent()
    if shutil.which("tmux"):
        with _window(_in_tmux, kind=TMUX_IN_KITTY.outer) as window:
            subprocess.run([*_tmux(window.project.parent), "detach-client"], check=True)
            time.sleep(1.0)
            found["tmux detached"] = window.cpu_percent()
            subprocess.run([*_tmux(window.project.parent), "kill-server"], check=True)
    return [
        figure(f"processor, {name}", percent, "%", n=1, peer="5 %", peer_value=5) for name, percent in found.items()
    ]


def _live() -> Figure:
    """Return how long a decision takes from the key in one window to the screen of another."""
    times = []
    with _window() as first, _opened(first.project.parent, first.project.parent / "second.json") as second:
        for number in range(DECIDED + 1, DECIDED + 11):
            begun = time.perf_counter()
            first.host.send(b"a")
            mark = f"{number}/100".encode()
            second.host.wait_for(lambda host, mark=mark: mark in host.output, timeout_s=START_S)  # type: ignore[misc]
            times.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.13)
    return figure("a decision, until another window shows it", median(times), "ms", n=10, peer="1 s", peer_value=1000)


def _looks() -> list[Figure]:
    """Return what the looks of a second cost the store thread, two of them, where nobody wrote."""
    with tempfile.TemporaryDirectory() as name:
        boxes_project(Path(name) / "p").close()
        with open_project(Path(name) / "p") as project:
            store = project.store
            store.acquire(TASK, Session(id="s", person="ann"))
            mine = median(_us(store.version) for _ in range(LOOKS))
            waits = median(_us(store.version) + _us(lambda: store.holder(TASK, stale=True)) for _ in range(LOOKS))
    names = {"a window that edits": mine, "a window that waits for the lock": waits}
    return [
        figure(f"looks of a second, {name}", 2 * us, "us", n=LOOKS, peer="1 ms", peer_value=1000)
        for name, us in names.items()
    ]


def _us(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1e6


def run() -> list[Figure]:
    events: Sequence[tuple[str, Callable[[Window], None], Callable[[], object]]] = [
        ("terminal closed", _hang_up, _window),
        ("terminal closed, SIGHUP ignored", _hang_up, lambda: _window(_ignoring)),
        ("SIGTERM", _term, _window),
        ("SIGTERM while the terminal does not read", _stalled_term, _window),
        ("ssh killed", _drop_ssh, _over_ssh),
        ("tmux session killed", _kill_session, lambda: _window(_in_tmux)),
    ]
    return [*(f for each in events for f in _ends(*each)), *_cpu(), _live(), *_looks()]
