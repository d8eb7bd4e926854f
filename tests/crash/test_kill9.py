"""A process that is killed at any instant loses nothing that was acknowledged."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from typing import TYPE_CHECKING, cast

import pytest

from tests.crash.writer import ACK, TASK, write
from tests.storage.samples import imported, project
from tui_editor.storage.locate import create_store, open_store
from tui_editor.storage.replay import verify_journal

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext
    from pathlib import Path

KILLS = int(os.environ.get("TUI_EDITOR_KILLS", "30"))

Ack = tuple[int, int, bytes]


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Start writers from a server that has everything imported: each is there in milliseconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.writer"])
    return context


def _run_and_kill(folder: Path, processes: ForkServerContext, after: int, delay_s: float) -> list[Ack]:
    """Let a writer make `after` acknowledged edits, kill it within the next `delay_s`, return all acknowledgements."""
    reading, writing = processes.Pipe(duplex=False)
    child = processes.Process(target=write, args=(folder, writing), daemon=True)
    child.start()
    writing.close()
    data = b""
    while len(data) < after * ACK.size:
        piece = os.read(reading.fileno(), 4096)
        assert piece, "the writer ended by itself"
        data += piece
    child.join(delay_s)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    data += _rest(reading)
    reading.close()
    assert child.exitcode == -signal.SIGKILL
    whole = len(data) // ACK.size * ACK.size
    return [cast("Ack", row) for row in ACK.iter_unpack(data[:whole])]


def _rest(reading: Connection) -> bytes:
    data = b""
    while piece := os.read(reading.fileno(), 65536):
        data += piece
    return data


def _check(folder: Path, acknowledged: list[Ack]) -> None:
    store = open_store(folder)
    try:
        assert store.check() == []
        entries = {entry.seq: entry for entry in store.journal(TASK)}
        lost = [seq for seq, _, name in acknowledged if seq not in entries or entries[seq].idem != name.hex()]
        assert lost == []
        verify_journal(store, TASK)
        opened = store.open(TASK, "ann")
        # An edit may be on disk although its acknowledgement was never read, so the view may be a later one.
        if acknowledged and opened.seq == acknowledged[-1][0]:
            assert opened.view["frame"] == acknowledged[-1][1]
        assert store.last_task("ann") == TASK
    finally:
        store.close()


@pytest.mark.slow
def test_every_acknowledged_edit_is_there_after_kill_9(tmp_path: Path, processes: ForkServerContext) -> None:
    rng = random.Random(0)
    store = create_store(tmp_path, project())
    store.add_tasks([imported()], "ann")
    store.close()
    acknowledged: list[Ack] = []

    for kill in range(KILLS):
        acknowledged += _run_and_kill(tmp_path, processes, rng.randrange(1, 30), rng.random() * 0.01)
        if kill % 10 == 9:
            _check(tmp_path, acknowledged)

    _check(tmp_path, acknowledged)
    assert len(acknowledged) >= KILLS
    print(f"{KILLS} kills, {len(acknowledged)} acknowledged edits, 0 lost")  # noqa: T201  # the figure of the proof
