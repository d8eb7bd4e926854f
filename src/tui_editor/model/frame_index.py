"""Which instances have a label on which frame: built once, then changed where a track changes.

Frames are kept in blocks of `BLOCK_FRAMES`; an edit rebuilds the block it touches, not the index.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from rpds import HashTrieMap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from tui_editor.model.ids import InstanceId, UnitId
    from tui_editor.model.tracks import Track

BLOCK_FRAMES = 256

_Key = tuple["InstanceId", "UnitId"]


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
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
        start, stop = block.frames.searchsorted(np.array([frame, frame + 1], np.int32)).tolist()
        found: list[InstanceId] = block.instances[start:stop].tolist()
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
            for number in _blocks_that_differ(old, new):
                frames = _frames_in(new, number)
                touched.setdefault((unit, number), {})[instance] = frames
        if not touched:
            return self
        blocks = self.blocks
        for key, rows in touched.items():
            block = _rebuilt(blocks.get(key), rows)
            blocks = blocks.insert(key, block) if len(block.frames) else blocks.discard(key)
        return FrameIndex(blocks)


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


def _blocks_that_differ(old: Track | None, new: Track | None) -> list[int]:
    """Return the blocks in which the frames of the two tracks differ."""
    none = np.empty(0, np.int32)
    a = none if old is None else old.frames
    b = none if new is None else new.frames
    if a is b:
        return []
    odd = np.setxor1d(a, b, assume_unique=True)
    numbers: list[int] = np.unique(odd // BLOCK_FRAMES).tolist()
    return numbers


def _frames_in(track: Track | None, number: int) -> NDArray[np.int32]:
    if track is None:
        return np.empty(0, np.int32)
    ends = np.array([number * BLOCK_FRAMES, (number + 1) * BLOCK_FRAMES], np.int32)
    start, stop = track.frames.searchsorted(ends).tolist()
    return track.frames[start:stop]


def _rebuilt(block: _Block | None, rows: Mapping[InstanceId, NDArray[np.int32]]) -> _Block:
    frames = list(rows.values())
    owners = [np.full(len(r), instance, np.int64) for instance, r in rows.items()]
    if block is not None:
        kept = ~np.isin(block.instances, np.fromiter(rows, np.int64, len(rows)))
        frames.append(block.frames[kept])
        owners.append(block.instances[kept])
    all_frames, all_owners = np.concatenate(frames), np.concatenate(owners)
    order = np.argsort(all_frames, kind="stable")
    return _Block(all_frames[order], all_owners[order])


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
        order = np.argsort(frames, kind="stable")
        frames, owners = frames[order], owners[order]
        numbers, starts = np.unique(frames // BLOCK_FRAMES, return_index=True)
        for number, start, stop in zip(numbers.tolist(), starts, [*starts[1:], len(frames)], strict=True):
            blocks[unit, number] = _Block(frames[start:stop], owners[start:stop])
    return FrameIndex(HashTrieMap(blocks))
