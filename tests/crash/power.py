"""A file system that records every write and sync, and what a power cut may leave of them.

In the manner of SQLite's own crash tests (sqlite.org/testing.html) and of ALICE (Pillai et al., OSDI 2014): what was
synced is there; of what was written since, anything may be: nothing, all, the beginning, any part of the writes, and
the last of them torn at a sector. A file that was deleted may be there again, until its successor was synced.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apsw

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

SECTOR = 512
FEW = 3
"""So many waiting writes are tried in all their parts."""

Files = dict[str, bytes]


@dataclass(frozen=True)
class Write:
    """Bytes at a place of a file."""

    name: str
    at: int
    data: bytes


@dataclass(frozen=True)
class Cut:
    """The file ends there."""

    name: str
    at: int


@dataclass(frozen=True)
class Delete:
    """The file is gone; what is written later goes to another one of its name."""

    name: str


@dataclass(frozen=True)
class Sync:
    name: str


@dataclass(frozen=True)
class Acknowledged:
    """The store said that step `number` is on the disk."""

    number: int


Change = Write | Cut | Delete
Event = Change | Sync | Acknowledged


class _File(apsw.VFSFile):  # type: ignore[misc, unused-ignore]
    def __init__(self, events: list[Event], name: Any, flags: list[int]) -> None:
        path = name.filename() if hasattr(name, "filename") else str(name)
        self._name, self._events = Path(path).name, events
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # SQLite's name
        self._events.append(Write(self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # SQLite's name
        self._events.append(Cut(self._name, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # SQLite's name
        super().xSync(flags)
        self._events.append(Sync(self._name))


class RecordingFileSystem(apsw.VFS):  # type: ignore[misc, unused-ignore]
    """SQLite's usual file system, which notes what is written, synced and deleted."""

    def __init__(self, name: str) -> None:
        self.events: list[Event] = []
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # SQLite's name
        return _File(self.events, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # SQLite's name
        super().xDelete(filename, syncdir)
        name = Path(filename).name
        self.events.append(Delete(name))
        if syncdir:
            self.events.append(Sync(name))


@dataclass
class Disk:
    """What is surely on the disk, and what was done since the last sync of each file."""

    synced: dict[str, bytearray]
    waiting: dict[str, list[Change]] = field(default_factory=dict)

    def happened(self, event: Event) -> None:
        match event:
            case Write(name=name) | Cut(name=name) | Delete(name=name):
                self.waiting.setdefault(name, []).append(event)
            case Sync(name=name):
                for change in self.waiting.pop(name, []):
                    _do(self.synced, change)

    def after_a_cut(self, rng: random.Random, most: int) -> Iterator[Files]:
        """Yield what a power cut may leave, each once: up to `most`, of few waiting writes all parts."""
        waiting = [change for name in sorted(self.waiting) for change in self.waiting[name]]
        for number, kept in enumerate(_parts(waiting, rng)):
            if number == most:
                return
            found = {name: bytearray(data) for name, data in self.synced.items()}
            for change in _possible(waiting, kept):
                _do(found, change)
            yield {name: bytes(data) for name, data in found.items()}


def _parts(waiting: Sequence[Change], rng: random.Random) -> Iterator[list[Change | None]]:
    """Yield what may be left of changes, None where one is not."""
    count = len(waiting)
    yield [None] * count
    if not count:
        return
    yield list(waiting)
    yield [*waiting[:-1], _torn(waiting[-1], rng)]
    if count <= FEW:
        for size in range(1, count):
            for chosen in combinations(range(count), size):
                yield [change if n in chosen else None for n, change in enumerate(waiting)]
        return
    while True:
        first = rng.randrange(count)
        yield [change if n < first else None for n, change in enumerate(waiting)]
        some = [change if rng.random() < 0.5 else None for change in waiting]
        yield some
        yield [_torn(c, rng) if c is not None and rng.random() < 0.2 else c for c in some]


def _possible(waiting: Sequence[Change], kept: Sequence[Change | None]) -> Iterator[Change]:
    """Yield the kept changes, without those of a file that is not there since the old one was not deleted."""
    old_is_there = set()
    for change, left in zip(waiting, kept, strict=True):
        if isinstance(change, Delete) and left is None:
            old_is_there.add(change.name)
        elif left is not None and left.name not in old_is_there:
            yield left


def _torn(change: Change, rng: random.Random) -> Change:
    if not isinstance(change, Write):
        return change
    return Write(change.name, change.at, change.data[: rng.randrange(0, len(change.data), SECTOR)])


def _do(files: dict[str, bytearray], change: Change) -> None:
    match change:
        case Delete(name=name):
            files.pop(name, None)
        case Cut(name=name, at=at):
            content = files.setdefault(name, bytearray())
            del content[at:]
            content.extend(bytes(at - len(content)))
        case Write(name=name, at=at, data=data):
            content = files.setdefault(name, bytearray())
            content.extend(bytes(max(0, at + len(data) - len(content))))
            content[at : at + len(data)] = data
