"""Which instances have a label on which frame: built once, then changed where a track changes.

Frames are kept in blocks of `BLOCK_FRAMES`; an edit rebuilds the block it touches, not the index.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from rpds import HashTrieMap

from tui_editor.model.distinct import distinct

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from tui_editor.model.ids import InstanceId, UnitId
    from tui_editor.model.tracks import Track

BLOCK_FRAMES = 256

_Key = tuple["InstanceId", "UnitId"]


class _Block(Struct, frozen=True, eq=False):
    """The labels of 256 frames: frame numbers in ascending order and the instance of each."""

    frames: NDArray[np.int32]
    instances: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class FrameIndex:
    """Instances by (unit, frame)."""

    blocks: HashTrieMap[tuple[UnitId, int], _Block] = field(default_factory=HashTrieMap)

    def on_frame(self, unit: UnitId, frame: int) -> list[InstanceId]:
        """Return the instances with a label on a frame, in no particular order."""
        block = self.blocks.get((unit, frame // BLOCK_FRAMES))
        if block is None:
            return []
        start, stop = (block.frames.searchsorted(np.int32(frame), side) for side in ("left", "right"))
        found: list[InstanceId] = block.instances[start:stop].tolist()
        return found

    def within(self, unit: UnitId, first: int, last: int) -> list[InstanceId]:
        """Return the instances with a label on any of the frames first..last, in no particular order."""
        wanted = range(first // BLOCK_FRAMES, last // BLOCK_FRAMES + 1)
        blocks = (
            [b for (owner, number), b in self.blocks.items() if owner == unit and number in wanted]
            if len(wanted) > len(self.blocks)
            else [b for number in wanted if (b := self.blocks.get((unit, number))) is not None]
        )
        inside = [b.instances[(b.frames >= first) & (b.frames <= last)] for b in blocks]
        found: list[InstanceId] = distinct(np.concatenate(inside)).tolist() if inside else []
        return found

    def counts(self, unit: UnitId, frame_count: int) -> NDArray[np.int32]:
        """Return the number of labels on each frame 0..frame_count-1."""
        total = np.zeros(frame_count, np.int32)
        for (owner, _), block in self.blocks.items():
            if owner == unit:
                inside = block.frames[(block.frames >= 0) & (block.frames < frame_count)]
                np.add.at(total, inside, 1)
        return total

    def changed(self, before: Mapping[_Key, Track | None], after: Mapping[_Key, Track | None]) -> FrameIndex:
        """Return the index after tracks changed from `before` to `after` (the same keys in both)."""
        touched: dict[tuple[UnitId, int], dict[InstanceId, NDArray[np.int32]]] = {}
        for (instance, unit), old in before.items():
            new = after[instance, unit]
            for number, frames in _frames_of_blocks(new, _blocks_that_differ(old, new)):
                touched.setdefault((unit, number), {})[instance] = frames
        if not touched:
            return self
        blocks = self.blocks
        for key, rows in touched.items():
            block = _rebuilt(blocks.get(key), rows)
            blocks = blocks.insert(key, block) if len(block.frames) else blocks.discard(key)
        return FrameIndex(blocks)

    def changed_steps(
        self, before: Mapping[_Key, Track], after: Mapping[_Key, Track | None]
    ) -> Generator[float, None, FrameIndex]:
        """Return the index after many tracks changed, a few milliseconds a step.

        Args:
            before: Tracks as they were; those that `after` names and others.
            after: The tracks that changed, as they are; None: gone.

        Yields:
            The share that is done, 0..1.
        """
        found = _Moved()
        keys = list(after)
        for first in range(0, len(keys), TRACKS_A_STEP):
            some = keys[first : first + TRACKS_A_STEP]
            found.take_out((key, before.get(key)) for key in some)
            found.put_in((key, after[key]) for key in some)
            yield first / len(keys) / 2
        blocks = self.blocks
        for number, key in enumerate(found.blocks):
            block = found.rebuilt(key, blocks.get(key))
            blocks = blocks.insert(key, block) if len(block.frames) else blocks.discard(key)
            if number % BLOCKS_A_STEP == 0:
                yield (1 + number / len(found.blocks)) / 2
        return FrameIndex(blocks)


TRACKS_A_STEP = 20
BLOCKS_A_STEP = 4


class _Moved:
    """Labels that leave blocks and labels that come into them, by block."""

    def __init__(self) -> None:
        self._out: dict[tuple[UnitId, int], list[NDArray[np.int64]]] = {}
        self._in: dict[tuple[UnitId, int], list[_Block]] = {}

    @property
    def blocks(self) -> list[tuple[UnitId, int]]:
        """Return the blocks that change."""
        return list(self._out | self._in)

    def take_out(self, tracks: Iterable[tuple[_Key, Track | None]]) -> None:
        """Take in tracks that are no longer so."""
        for key, block in _by_block(tracks):
            self._out.setdefault(key, []).append(block.instances)

    def put_in(self, tracks: Iterable[tuple[_Key, Track | None]]) -> None:
        """Take in tracks as they are now."""
        for key, block in _by_block(tracks):
            self._in.setdefault(key, []).append(block)

    def rebuilt(self, key: tuple[UnitId, int], block: _Block | None) -> _Block:
        """Return a block after the change."""
        pieces = list(self._in.get(key, ()))
        if block is not None:
            gone = self._out.get(key)
            kept = np.ones(len(block.frames), bool) if gone is None else ~np.isin(block.instances, np.concatenate(gone))
            pieces.append(_Block(block.frames[kept], block.instances[kept]))
        frames = np.concatenate([piece.frames for piece in pieces])
        order = np.argsort(frames, kind="stable")
        return _Block(frames[order], np.concatenate([piece.instances for piece in pieces])[order])


def _by_block(tracks: Iterable[tuple[_Key, Track | None]]) -> Iterator[tuple[tuple[UnitId, int], _Block]]:
    """Yield the labels of tracks by the block that they are in."""
    by_unit: dict[UnitId, list[tuple[InstanceId, NDArray[np.int32]]]] = {}
    for (instance, unit), track in tracks:
        if track is not None:
            by_unit.setdefault(unit, []).append((instance, track.frames))
    for unit, rows in by_unit.items():
        frames = np.concatenate([row for _, row in rows])
        owners = np.repeat(np.fromiter((i for i, _ in rows), np.int64, len(rows)), [len(row) for _, row in rows])
        yield from _split(unit, frames, owners)


def _split(
    unit: UnitId, frames: NDArray[np.int32], owners: NDArray[np.int64]
) -> Iterator[tuple[tuple[UnitId, int], _Block]]:
    """Yield the labels of a data unit by block."""
    order = np.argsort(frames, kind="stable")
    frames, owners = frames[order], owners[order]
    blocks = frames // BLOCK_FRAMES
    starts = [0, *(np.flatnonzero(np.diff(blocks)) + 1).tolist()] if len(blocks) else []
    for number, start, stop in zip(blocks[starts].tolist(), starts, [*starts[1:], len(frames)], strict=True):
        yield (unit, number), _Block(frames[start:stop], owners[start:stop])


class LazyIndex(FrameIndex):
    """The index of tracks, built when it is first asked for."""

    __slots__ = ("_built", "_tracks")
    _built: HashTrieMap[tuple[UnitId, int], _Block] | None
    _tracks: Mapping[_Key, Track]

    def __init__(self, tracks: Mapping[_Key, Track]) -> None:
        object.__setattr__(self, "_tracks", tracks)
        object.__setattr__(self, "_built", None)

    @property
    def blocks(self) -> HashTrieMap[tuple[UnitId, int], _Block]:
        """Return the blocks."""
        if self._built is not None:
            return self._built
        made = build_index(self._tracks).blocks
        object.__setattr__(self, "_built", made)
        return made


_NO_FRAMES = np.empty(0, np.int32)
_WIDEST = 1 << 22
"""Frames from the first to the last for which a mark each is made, a byte."""


def _blocks_that_differ(old: Track | None, new: Track | None) -> NDArray[np.int64]:
    """Return the blocks in which the frames of the two tracks differ, in ascending order."""
    a = _NO_FRAMES if old is None else old.frames
    b = _NO_FRAMES if new is None else new.frames
    if a is b or np.array_equal(a, b):
        return np.empty(0, np.int64)
    if not len(a) or not len(b):
        return distinct((a if len(a) else b) // BLOCK_FRAMES).astype(np.int64)
    first = min(a.item(0), b.item(0)) // BLOCK_FRAMES
    blocks = max(a.item(-1), b.item(-1)) // BLOCK_FRAMES - first + 1
    if blocks * BLOCK_FRAMES > _WIDEST:
        return distinct(np.setxor1d(a, b, assume_unique=True) // BLOCK_FRAMES).astype(np.int64)
    odd = np.zeros(blocks * BLOCK_FRAMES, bool)
    odd[a - first * BLOCK_FRAMES] = True
    odd[b - first * BLOCK_FRAMES] ^= True
    return np.flatnonzero(odd.reshape(blocks, BLOCK_FRAMES).any(axis=1)) + first


def _frames_of_blocks(track: Track | None, numbers: NDArray[np.int64]) -> Iterator[tuple[int, NDArray[np.int32]]]:
    """Yield (block, a track's frames in it)."""
    frames = _NO_FRAMES if track is None else track.frames
    ends = np.concatenate([numbers, numbers + 1]) * BLOCK_FRAMES
    starts, stops = frames.searchsorted(ends).reshape(2, -1).tolist()
    for number, start, stop in zip(numbers.tolist(), starts, stops, strict=True):
        yield number, frames[start:stop]


def _rebuilt(block: _Block | None, rows: Mapping[InstanceId, NDArray[np.int32]]) -> _Block:
    frames = list(rows.values())
    owners = [np.full(len(r), instance, np.int64) for instance, r in rows.items()]
    if block is not None:
        kept = _of_others(block.instances, rows)
        frames.append(block.frames[kept])
        owners.append(block.instances[kept])
    all_frames, all_owners = np.concatenate(frames), np.concatenate(owners)
    order = np.argsort(all_frames, kind="stable")
    return _Block(all_frames[order], all_owners[order])


def _of_others(instances: NDArray[np.int64], rows: Mapping[InstanceId, object]) -> NDArray[np.bool_]:
    """Return which labels are of none of the instances that `rows` names."""
    if len(rows) > _FEW:
        return np.asarray(~np.isin(instances, np.fromiter(rows, np.int64, len(rows))))
    kept = np.ones(len(instances), bool)
    for instance in rows:
        kept &= instances != instance
    return kept


_FEW = 8
"""So many instances are looked for one by one sooner than all at once."""


def build_index(tracks: Mapping[_Key, Track]) -> FrameIndex:
    """Return the index of all tracks, one sort for each data unit."""
    by_unit: dict[UnitId, list[_Key]] = {}
    for key in tracks:
        by_unit.setdefault(key[1], []).append(key)
    blocks: dict[tuple[UnitId, int], _Block] = {}
    for unit, keys in by_unit.items():
        frames = np.concatenate([tracks[k].frames for k in keys])
        owners = np.fromiter((k[0] for k in keys), np.int64, len(keys))
        if len(frames) != len(keys):
            owners = np.repeat(owners, [len(tracks[k].frames) for k in keys])
        if frames.min() == frames.max():  # a picture: the case that imports build a million times
            blocks[unit, int(frames[0]) // BLOCK_FRAMES] = _Block(frames, owners)
            continue
        blocks.update(_split(unit, frames, owners))
    return FrameIndex(HashTrieMap(blocks))
