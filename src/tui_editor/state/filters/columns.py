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

BLOCK_TRACKS: Final = 500
BLOCK_LABELS: Final = 100_000
"""A block has at most so many tracks, and so many labels before its last track: one is dealt with in a few ms."""


class Columns:
    """Some tracks, their labels one after the other.

    Args:
        rows: Each track with its key and its instance.
    """

    def __init__(self, rows: Iterable[tuple[TrackKey, Track, Instance]]) -> None:
        listed = list(rows)
        self.keys: list[TrackKey] = [row[0] for row in listed]
        self.tracks: list[Track] = [row[1] for row in listed]
        self.instances: list[Instance] = [row[2] for row in listed]
        lengths = np.fromiter((len(track.frames) for track in self.tracks), np.int64, len(listed))
        self.lengths: NDArray[np.int64] = lengths
        self.starts: NDArray[np.int64] = np.concatenate([[0], lengths.cumsum()])
        self._columns: dict[str, NDArray[Any]] = {}

    def __len__(self) -> int:
        return int(self.starts[-1])

    def column(self, name: str) -> NDArray[Any]:
        """Return a column of all labels: `frames`, `confidence`, `origin`, `flags`, `author` or `editor`."""
        found = self._columns.get(name)
        if found is None:
            found = np.concatenate([getattr(track, name) for track in self.tracks])
            self._columns[name] = found
        return found

    def spread(self, of_tracks: NDArray[Any]) -> NDArray[Any]:
        """Return a value of each track as one of each label."""
        return np.repeat(of_tracks, self.lengths)

    def any_of(self, labels: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return for each track whether any of its labels is marked."""
        return np.logical_or.reduceat(labels, self.starts[:-1]) if len(self.tracks) else np.empty(0, np.bool_)


def columns_of(document: LabelDocument, instance: InstanceId) -> Columns:
    """Return the columns of one instance's tracks."""
    value = document.instances[instance]
    return Columns(((instance, unit), track, value) for unit, track in document.tracks_of(instance))


def blocks_of(document: LabelDocument) -> Iterator[Columns]:
    """Yield the columns of all tracks, a block at a time."""
    rows = ((key, track, document.instances[key[0]]) for key, track in document.tracks.items())
    while block := list(_block(rows)):
        yield Columns(block)


def _block(rows: Iterator[tuple[TrackKey, Track, Instance]]) -> Iterator[tuple[TrackKey, Track, Instance]]:
    labels = 0
    for row in islice(rows, BLOCK_TRACKS):
        yield row
        labels += len(row[1])
        if labels >= BLOCK_LABELS:
            return
