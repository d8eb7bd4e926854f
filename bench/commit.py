"""One durable edit: against a bare fsync, against writing the same bytes, and through the store thread.

A round is an edit and each of its peers, beginning with another one each time; a run is
`EDITS` rounds on a new project.
"""

from __future__ import annotations

import os
import statistics
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import apsw

from bench.figures import Figure, figure
from bench.store_data import TASK, document, edits, project, task
from tui_editor.ports import ImportedTask, Session
from tui_editor.storage.committer import Committer
from tui_editor.storage.locate import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tui_editor.ports import Edit
    from tui_editor.storage.sqlite.store import SqliteStore

EDITS = 500
RUNS = 5
BLOCK = 4096
LOG_FRAME = 24 + 4096
"""Bytes of a page in SQLite's write-ahead log."""
LOG_FRAMES = 1000
"""SQLite begins its log anew when it is that long."""

Times = dict[str, list[float]]


def run() -> list[Figure]:
    return [*commit_against_fsync(), *through_the_thread()]


def commit_against_fsync() -> list[Figure]:
    runs = [_times_of_a_run() for _ in range(RUNS)]
    of = {name: statistics.median(statistics.median(one[name]) for one in runs) for name in runs[0]}
    ratios = [statistics.median(one["commit"]) / statistics.median(one["log"]) for one in runs]
    slowest = statistics.median(sorted(one["commit"])[int(EDITS * 0.99)] for one in runs)
    spread = f"fsync of 4 KiB appended (<= 1.5x; the runs {min(ratios):.2f} to {max(ratios):.2f})"
    frames = of.pop("frames")
    ms = {name: seconds * 1000 for name, seconds in of.items()}

    def held_against(peer: str, name: str) -> Figure:
        return figure("commit of one edit, p50", ms["commit"], "ms", n=RUNS * EDITS, peer=peer, peer_value=ms[name])

    return [
        held_against(spread, "log"),
        held_against("fsync of 4 KiB in place", "fixed"),
        held_against(f"pwrite of the same {frames:.0f} pages + fdatasync", "same"),
        figure("commit of one edit, processor time, p50", ms["processor"], "ms", n=RUNS * EDITS),
        figure("commit of one edit, p99", slowest * 1000, "ms", n=RUNS * EDITS),
    ]


def _times_of_a_run() -> Times:
    times: Times = {"commit": [], "processor": [], "frames": []}
    with project() as (folder, made), _peers(folder, times["frames"]) as peers:
        edits_of_a_task = _ready(made)
        store = open_store(folder, edits=True)  # as the store thread has it
        times |= {name: [] for name in peers}
        for number, edit in enumerate(edits_of_a_task):
            turns = [*peers, "commit"]
            for name in turns[number % len(turns) :] + turns[: number % len(turns)]:
                if name == "commit":
                    _commit(store, edit, times)
                    continue
                started = time.perf_counter()
                peers[name]()
                times[name].append(time.perf_counter() - started)
        store.close()
    return times


def _ready(store: SqliteStore) -> list[Edit]:
    """Return edits of a task that is there and held."""
    store.add_tasks([ImportedTask(task=task(1), document=document(100, 256))], "bench")
    lease = store.acquire(TASK, Session(id="s", person="bench", pid=os.getpid()))
    return edits(store.open(TASK).document, lease.fence, EDITS)


def _commit(store: SqliteStore, edit: Edit, times: Times) -> None:
    db = store._db.db
    before = db.status(apsw.SQLITE_DBSTATUS_CACHE_WRITE)[0]
    started, processor = time.perf_counter(), time.thread_time()
    (answer,) = store.commit([edit])
    times["processor"].append(time.thread_time() - processor)
    times["commit"].append(time.perf_counter() - started)
    times["frames"].append(db.status(apsw.SQLITE_DBSTATUS_CACHE_WRITE)[0] - before)
    assert isinstance(answer, int), answer


@contextmanager
def _peers(folder: Path, frames: list[float]) -> Iterator[Mapping[str, Callable[[], None]]]:
    """Give what is held against a commit; `frames` tells how many pages each commit so far wrote."""
    log, fixed, same = files = [os.open(folder / name, os.O_RDWR | os.O_CREAT) for name in ("log", "fixed", "same")]
    os.pwrite(same, bytes(LOG_FRAMES * LOG_FRAME), 0)
    os.fsync(same)
    ends = {"log": 0, "same": 0}

    def append() -> None:
        os.pwrite(log, bytes(BLOCK), ends["log"])
        os.fsync(log)
        ends["log"] += BLOCK

    def write_over() -> None:
        os.pwrite(fixed, bytes(BLOCK), 0)
        os.fsync(fixed)

    def write_the_same() -> None:
        """Write what SQLite writes for a commit, to a log that is there already, with the sync that it uses."""
        size = int(frames[-1] if frames else 7) * LOG_FRAME
        at = ends["same"] if ends["same"] + size <= LOG_FRAMES * LOG_FRAME else 0
        os.pwrite(same, bytes(size), at)
        os.fdatasync(same)
        ends["same"] = at + size

    yield {"log": append, "fixed": write_over, "same": write_the_same}
    for file in files:
        os.close(file)


class _Timed:
    """A store that notes how long each of its commits takes."""

    def __init__(self, store: SqliteStore, times: list[float]) -> None:
        self._store, self._times = store, times

    def commit(self, edits: Sequence[Edit], *, together: bool = False) -> Sequence[int | Exception]:
        started = time.perf_counter()
        answers = self._store.commit(edits, together=together)
        self._times.append(time.perf_counter() - started)
        return answers

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def through_the_thread() -> list[Figure]:
    """Hand edits to the store thread one at a time, as keys come; part of the time is the commit itself."""
    whole: list[float] = []
    inside: list[float] = []
    with project() as (folder, store):
        made = _ready(store)
        kept = threading.Event()
        committer = Committer(lambda: _Timed(open_store(folder, edits=True), inside))
        committer.flush()
        for edit in made:
            kept.clear()
            started = time.perf_counter()
            committer.submit(edit, lambda _edit, _answer: kept.set())
            kept.wait()
            whole.append(time.perf_counter() - started)
        committer.close()
    ways = [total - commit for total, commit in zip(whole, inside, strict=True)]
    return [
        figure(
            "edit by the store thread, from the window to its answer there, p50",
            statistics.median(whole) * 1000,
            "ms",
            n=EDITS,
            peer="the commit within",
            peer_value=statistics.median(inside) * 1000,
        ),
        figure("way to the store thread and back, p50", statistics.median(ways) * 1000, "ms", n=EDITS),
    ]
