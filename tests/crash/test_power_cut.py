"""A power cut at any instant loses nothing that was acknowledged.

In the manner of SQLite's own crash tests: a file system records every write and sync; a crash leaves what was synced
and a random, possibly torn part of what was not.
"""

from __future__ import annotations

import os
import random
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw
import pytest

from tests.storage.samples import edit, imported, moved, project
from tui_editor.model.ids import TaskId
from tui_editor.storage.replay import verify_journal
from tui_editor.storage.sqlite.store import SqliteStore

TASK = TaskId(11)
EDITS = 60
CUTS = int(os.environ.get("TUI_EDITOR_POWER_CUTS", "60"))
SECTOR = 512


@dataclass(frozen=True)
class Write:
    """Bytes at a place of a file; None for the bytes: the file ends there."""

    name: str
    at: int
    data: bytes | None


@dataclass(frozen=True)
class Sync:
    name: str


@dataclass(frozen=True)
class Acknowledged:
    seq: int


Event = Write | Sync | Acknowledged


class _File(apsw.VFSFile):  # type: ignore[misc, unused-ignore]
    def __init__(self, events: list[Event], name: Any, flags: list[int]) -> None:
        path = name.filename() if hasattr(name, "filename") else str(name)
        self._name, self._events = Path(path).name, events
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # SQLite's name
        self._events.append(Write(self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # SQLite's name
        self._events.append(Write(self._name, newsize, None))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # SQLite's name
        super().xSync(flags)
        self._events.append(Sync(self._name))


class RecordingFileSystem(apsw.VFS):  # type: ignore[misc, unused-ignore]
    """SQLite's usual file system, which notes what is written and synced."""

    def __init__(self, name: str) -> None:
        self.events: list[Event] = []
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # SQLite's name
        return _File(self.events, name, flags)


@dataclass
class Disk:
    """What is surely on the disk, and what was written since the last sync."""

    synced: dict[str, bytearray]
    waiting: dict[str, list[Write]] = field(default_factory=dict)

    def happened(self, event: Event) -> None:
        match event:
            case Write(name=name):
                self.waiting.setdefault(name, []).append(event)
            case Sync(name=name):
                for write in self.waiting.pop(name, []):
                    _do(self.synced.setdefault(name, bytearray()), write)

    def after_a_cut(self, rng: random.Random) -> dict[str, bytes]:
        """Return the files as a power cut may leave them."""
        found = {name: bytearray(data) for name, data in self.synced.items()}
        kind = rng.choice(["nothing", "some", "beginning", "all"])
        for name, writes in self.waiting.items():
            content = found.setdefault(name, bytearray())
            count = {"nothing": 0, "beginning": rng.randrange(len(writes) + 1)}.get(kind, len(writes))
            for write in writes[:count]:
                if kind == "some" and rng.random() < 0.5:
                    continue
                torn = kind == "some" and write.data is not None and rng.random() < 0.2
                _do(content, _torn(write, rng) if torn else write)
        return {name: bytes(data) for name, data in found.items()}


def _torn(write: Write, rng: random.Random) -> Write:
    assert write.data is not None
    return Write(write.name, write.at, write.data[: rng.randrange(0, len(write.data) + 1, SECTOR)])


def _do(content: bytearray, write: Write) -> None:
    if write.data is None:
        del content[write.at :]
        content.extend(bytes(write.at - len(content)))
        return
    content.extend(bytes(max(0, write.at + len(write.data) - len(content))))
    content[write.at : write.at + len(write.data)] = write.data


def _record(folder: Path) -> tuple[Disk, list[Event]]:
    """Return the disk before the edits, and everything that happened during them."""
    system = RecordingFileSystem("recording")
    path = folder / "project.db"
    with closing(SqliteStore(path, project(), ballast=0)) as made:
        made.add_tasks([imported()], "ann")
    start = Disk({path.name: bytearray(path.read_bytes())})
    store = SqliteStore(path, ballast=0, edits=True, vfs="recording")
    store._db.db.wal_autocheckpoint(40)  # so that some cuts fall into checkpoints
    now = store.open(TASK).document
    for number in range(EDITS):
        patch = moved(now, number * 7 % 300, number + 0.5)
        now = now.apply(patch)
        assert [number + 2] == list(store.commit([edit(patch, view={"frame": number})]))
        system.events.append(Acknowledged(number + 2))
    happened = list(system.events)
    store.close()
    system.unregister()
    return start, happened


@pytest.mark.slow
def test_every_acknowledged_edit_is_there_after_a_power_cut(tmp_path: Path) -> None:
    disk, events = _record(tmp_path)
    assert sum(isinstance(e, Sync) for e in events) >= EDITS
    assert any(isinstance(e, Write) and e.data == bytes(1 << 16) for e in events), "no cut can fall into making room"
    assert any(isinstance(e, Write) and e.name == "project.db" for e in events), "no cut can fall into a checkpoint"
    rng = random.Random(5)
    cuts = sorted(rng.randrange(len(events)) for _ in range(CUTS))
    acknowledged = 1

    for number, event in enumerate(events):
        disk.happened(event)
        if isinstance(event, Acknowledged):
            acknowledged = event.seq
        for cut in (c for c in cuts if c == number):
            _check(tmp_path / f"cut-{cut}", disk.after_a_cut(rng), acknowledged)


def _check(folder: Path, files: dict[str, bytes], acknowledged: int) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    store = SqliteStore(folder / "project.db", ballast=0)
    try:
        assert store.check() == []
        # One edit more may be there: its COMMIT was on the disk, its acknowledgement not yet given.
        assert acknowledged <= verify_journal(store, TASK) <= acknowledged + 1
    finally:
        store.close()
