"""The labels of many tracks in one column each: what a filter compares at once."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from tui_editor.model.document import LabelDocument, TrackKey
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.instances import Instance
    from tui_editor.model.tracks import Track

BLOCK_TRACKS: Final = 250
BLOCK_LABELS: Final = 100_000
"""A block has at most so many tracks, and so many labels before its last track: one is dealt with in a few ms."""


class Columns:
    """Some tracks, their labels one after the other.

    Args:
        rows: Each track with its key.
        document: Which they are of.
    """

    def __init__(self, rows: Iterable[tuple[TrackKey, Track]], document: LabelDocument) -> None:
        listed = list(rows)
        self.keys: list[TrackKey] = [row[0] for row in listed]
        self.tracks: list[Track] = [row[1] for row in listed]
        self._all = document.instances
        self._instances: list[Instance] | None = None
        lengths = np.fromiter((len(track.frames) for track in self.tracks), np.int64, len(listed))
        self.lengths: NDArray[np.int64] = lengths
        self.starts: NDArray[np.int64] = np.concatenate([[0], lengths.cumsum()])
        self._columns: dict[str, NDArray[Any]] = {}

    @property
    def instances(self) -> list[Instance]:
        """Return the instance of each track; looked up when a condition asks for it."""
        if self._instances is None:
            self._instances = [self._all[key[0]] for key in self.keys]
        return self._instances

    def __len__(self) -> int:
        return int(self.starts[-1])

    def column(self, name: str) -> NDArray[Any]:
        """Return a column of all labels: `frames`, `confidence`, `origin`, `flags`, `author` or `editor`."""
        found = self._columns.get(name)
        if found is None:
            found = np.concatenate([getattr(track, name) for track in self.tracks])
            self._columns[name] = found
        return found

    def fixed(self) -> NDArray[np.float64] | None:
        """Return the fixed columns of all shapes, float64 (n, w); None where the tracks differ in kind or width."""
        if len({(track.kind, track.geometry.fixed.shape[1]) for track in self.tracks}) != 1:
            return None
        return np.concatenate([track.geometry.fixed for track in self.tracks])

    def spread(self, of_tracks: NDArray[Any]) -> NDArray[Any]:
        """Return a value of each track as one of each label."""
        return np.repeat(of_tracks, self.lengths)

    def any_of(self, labels: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return for each track whether any of its labels is marked."""
        return np.logical_or.reduceat(labels, self.starts[:-1]) if len(self.tracks) else np.empty(0, np.bool_)


def columns_of(document: LabelDocument, instance: InstanceId) -> Columns:
    """Return the columns of one instance's tracks."""
    return Columns((((instance, unit), track) for unit, track in document.tracks_of(instance)), document)


def blocks_of(document: LabelDocument) -> Iterator[Columns]:
    """Yield the columns of all tracks, a block at a time."""
    rows = iter(document.tracks.items())
    while block := list(_block(rows)):
        yield Columns(block, document)


def _block(rows: Iterator[tuple[TrackKey, Track]]) -> Iterator[tuple[TrackKey, Track]]:
    labels = 0
    for row in islice(rows, BLOCK_TRACKS):
        yield row
        labels += len(row[1])
        if labels >= BLOCK_LABELS:
            return
