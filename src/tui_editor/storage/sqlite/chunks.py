"""Labels in pieces of 256 frames: what an edit rewrites, and what opening a task reads."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tui_editor.errors import PatchMismatch
from tui_editor.model.ids import InstanceId, UnitId
from tui_editor.model.shapes import ShapeKind
from tui_editor.model.track_codec import decode_track, encode_track
from tui_editor.model.tracks import empty_track, join_tracks, splice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.model.codec import Ends
    from tui_editor.model.document import TrackKey
    from tui_editor.model.encoded import EncodedLabels
    from tui_editor.model.patch import TrackChange
    from tui_editor.model.tracks import Track
    from tui_editor.storage.sqlite.connection import Connection

PIECE_FRAMES = 256

ChunkRow = tuple[int, int, int, int, str, int, int, int, bytes]
"""Task number, unit, instance, piece, kind of shape, first frame, last frame, number of labels, data."""

INSERT = """insert into chunk (task, unit, instance, piece, kind, first, last, n, data)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
# An update in place writes only the pages that differ; replacing the row would free and allocate its overflow pages.
_PUT = "update chunk set kind = ?, first = ?, last = ?, n = ?, data = ? where id = ?"
# Where `with_label` gives nothing the row stays as it is, since data can't be null.
_PUT_LABEL = """update or ignore chunk set data = with_label(data, ?, ?)
  where task = ? and unit = ? and instance = ? and piece = ?"""
_GET = """select id, data from chunk where task = ? and unit = ? and instance = ? and piece = ?"""
_DROP = "delete from chunk where id = ?"
_KINDS = "select count(distinct kind) from chunk where task = ? and unit = ? and instance = ?"
_ALL = "select instance, unit, data from chunk where task = ? order by unit, instance, piece"


def rows_of(task: int, key: TrackKey, track: Track) -> list[ChunkRow]:
    """Return a track's labels as rows of the table."""
    instance, unit = key
    if len(track.frames) == 1:
        frame = track.frames.item(0)
        kind = _KIND_TEXT[track.geometry.kind]
        return [(task, unit, instance, frame // PIECE_FRAMES, kind, frame, frame, 1, encode_track(track))]
    return [(task, unit, instance, piece, *_summary(part)) for piece, part in pieces(track)]


def rows_of_encoded(task: int, found: EncodedLabels) -> list[ChunkRow]:
    """Return encoded labels as rows of the table."""
    unit = found.unit
    return [
        (task, unit, key, frame // PIECE_FRAMES, _KIND_TEXT[kind], frame, frame, 1, track)
        for key, _, frame, kind, _, track in found.labels
    ]


def _summary(part: Track) -> tuple[str, int, int, int, bytes]:
    frames = part.frames
    return _KIND_TEXT[part.geometry.kind], frames.item(0), frames.item(-1), len(frames), encode_track(part)


_KIND_TEXT = {kind: kind.value for kind in ShapeKind}
"""An enum's `value` is a property written in Python, too slow for a million labels."""


def pieces(track: Track) -> Iterator[tuple[int, Track]]:
    """Yield (number, labels) of each piece in which the track has labels."""
    frames = track.frames
    if not len(frames):
        return
    first = frames.item(0) // PIECE_FRAMES
    if first == frames.item(-1) // PIECE_FRAMES:
        yield first, track
        return
    numbers = frames // PIECE_FRAMES
    starts = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist()]
    for number, start, end in zip(numbers[starts].tolist(), starts, [*starts[1:], len(frames)], strict=True):
        yield number, track.part(start, end)


def read_tracks(db: Connection, task: int) -> dict[TrackKey, Track]:
    """Return every track of a task."""
    found: dict[TrackKey, Track] = {}
    split: dict[TrackKey, list[Track]] = {}
    for instance, unit, data in db.run(_ALL, (task,)):
        if type(instance) is not int or type(unit) is not int:
            raise TypeError("labels of no instance")
        key, part = (InstanceId(instance), UnitId(unit)), decode_track(data)
        if key in found:
            split.setdefault(key, [found[key]]).append(part)
        else:
            found[key] = part
    for key, parts in split.items():
        found[key] = join_tracks(parts)
    return found


def change(db: Connection, task: int, patch: TrackChange, ends: Ends) -> None:
    """Put the labels of `after` in the place of those of `before`.

    Args:
        db: The store, in a transaction.
        task: The task's number.
        patch: What changes.
        ends: Its labels before and after, encoded.

    Raises:
        PatchMismatch: the labels on those frames are not those of `before`, or the track would hold two kinds.
    """
    one_each = len(patch.before.frames) == len(patch.after.frames) == 1
    if not one_each or not _change_label(db, task, patch, ends):
        _change_labels(db, task, patch)


def _change_label(db: Connection, task: int, patch: TrackChange, ends: Ends) -> bool:
    """Put a label in another one's place within the encoded piece; return whether that could be done."""
    piece = patch.before.frames.item(0) // PIECE_FRAMES
    db.do(_PUT_LABEL, (*ends, task, patch.unit, patch.instance, piece))
    return db.db.changes() == 1


def _change_labels(db: Connection, task: int, patch: TrackChange) -> None:
    before, after = dict(pieces(patch.before)), dict(pieces(patch.after))
    nothing = _nothing(patch.after.kind)
    added = False
    for piece in sorted(before.keys() | after.keys()):
        key = (task, patch.unit, patch.instance, piece)
        row = db.one(_GET, key)
        old = decode_track(row[1]) if row else nothing
        new = splice(old, before.get(piece, nothing), after.get(piece, nothing))
        if row and not len(new):
            db.do(_DROP, row[:1])
        elif row:
            db.do(_PUT, (*_summary(new), row[0]))
        elif len(new):
            db.do(INSERT, (*key, *_summary(new)))
            added = True
    if added and db.one(_KINDS, (task, patch.unit, patch.instance)) != (1,):
        raise PatchMismatch("an instance has labels of one kind in a data unit")


_nothing = lru_cache(empty_track)
"""An empty track of each kind, made once."""
