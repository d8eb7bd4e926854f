"""A power cut at any instant loses nothing that was acknowledged, and leaves nothing half done."""

from __future__ import annotations

import random
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from msgspec import Struct, field

from tests.crash.power import Acknowledged, Disk, RecordingFileSystem, Sync, Write
from tests.crash.worked import Worker, looked_at, same
from tests.storage.samples import HERE, FakeClock, imported, project
from tui_editor.storage.replay import verify_journal
from tui_editor.storage.sqlite.store import SqliteStore

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.power import Event, Files
    from tests.crash.worked import Sight

STORE = "project.db"


class Recording(Struct):
    """Work on a store, and everything that its file system did meanwhile."""

    start: Disk
    events: list[Event]
    sights: list[Sight]
    """What the store held before the work and after each step."""


def record(folder: Path, steps: int) -> Recording:
    """Return what happens while somebody works; in between the store is closed and opened again."""
    clock, path = FakeClock(), folder / STORE
    with closing(SqliteStore(path, project(), now=clock, here=HERE, ballast=0)) as made:
        made.add_tasks([imported(11), imported(12)], "ann")
        sights = [looked_at(made)]
    start = Disk({STORE: bytearray(path.read_bytes())})
    system = RecordingFileSystem("recording")
    worker = Worker(_opened(path, clock), random.Random(3))
    for number in range(1, steps + 1):
        if number % 60 == 0:
            worker.store.close()
            worker.store = _opened(path, clock)
        worker.step()
        system.events.append(Acknowledged(number))
        sights.append(looked_at(worker.store))
    events = list(system.events)
    worker.store.close()
    system.unregister()
    return Recording(start, events, sights)


def _opened(path: Path, clock: FakeClock) -> SqliteStore:
    store = SqliteStore(path, now=clock, here=HERE, ballast=0, edits=True, vfs="recording")
    store._db.db.wal_autocheckpoint(40)  # so that some cuts fall into checkpoints
    return store


class Outcome(Struct):
    """What was found after the cuts."""

    cuts: int = 0
    disks: int = 0
    """Different contents of the disk that were opened, several a cut."""
    ahead: int = 0
    """Of them, those that held the step that was not acknowledged yet."""
    faults: list[str] = field(default_factory=list)


def cut_and_look(folder: Path, recording: Recording, cuts: int, most: int) -> Outcome:
    """Cut the power at instants spread at random, and look at what up to `most` disks hold after each."""
    rng = random.Random(5)
    events, disk, outcome = recording.events, recording.start, Outcome()
    chosen = set(rng.sample(range(len(events)), min(cuts, len(events))))
    acknowledged = 0
    for number, event in enumerate(events):
        disk.happened(event)
        if isinstance(event, Acknowledged):
            acknowledged = event.number
        if number not in chosen:
            continue
        outcome.cuts += 1
        for which, files in enumerate(disk.after_a_cut(rng, most)):
            outcome.disks += 1
            _look(folder / "cut", files, recording.sights[acknowledged : acknowledged + 2], outcome, deep=which == 0)
    return outcome


def _look(folder: Path, files: Files, allowed: list[Sight], outcome: Outcome, *, deep: bool) -> None:
    """Open a store as a cut left it: it is sound, and holds what was acknowledged and at most one step more."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    where = f"cut {outcome.cuts}"
    with closing(SqliteStore(folder / STORE, now=FakeClock(), here=HERE, ballast=0)) as store:
        store._db.db.pragma("synchronous", "off")  # what was left is read by now; no look has to last
        outcome.faults += [f"{where}: {fault}" for fault in store.check()]
        found = looked_at(store)
        fitting = next((n for n, sight in enumerate(allowed) if same(found, sight)), None)
        if fitting is None:
            outcome.faults.append(f"{where}: what the store holds is not what was acknowledged")
            return
        outcome.ahead += fitting
        if deep:
            for task in found:
                verify_journal(store, task)


@pytest.mark.slow
def test_every_acknowledged_step_is_there_after_a_power_cut(tmp_path: Path) -> None:
    recording = record(tmp_path, steps=70)
    events = recording.events
    assert sum(isinstance(e, Sync) for e in events) >= 70
    assert any(isinstance(e, Write) and e.data == bytes(1 << 16) for e in events), "no cut can fall into making room"
    assert any(isinstance(e, Write) and e.name == STORE for e in events), "no cut can fall into a checkpoint"

    outcome = cut_and_look(tmp_path, recording, cuts=60, most=5)

    assert outcome.faults == []
    assert 0 < outcome.ahead < outcome.disks
