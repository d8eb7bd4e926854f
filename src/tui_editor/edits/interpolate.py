"""Labels that follow from their neighbours: make them, and make them anew when a neighbour changes.

A label is derived when its origin is interpolation and nobody made it a key label. Every other label is an anchor: what
is derived lies between the two nearest anchors.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tui_editor.errors import Refused
from tui_editor.model.columns import join_geometry
from tui_editor.model.interpolation import INTERPOLATED_KINDS, interpolated
from tui_editor.model.patch import Patch, TrackChange
from tui_editor.model.tracks import LabelFlag, Origin, empty_track, join_tracks, splice, track_from_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.edits.stamp import Stamp
    from tui_editor.model.columns import Geometry
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import InstanceId, UnitId
    from tui_editor.model.tracks import Track

CONFIDENCE = 0.99
"""Of a label that was not drawn but follows from others."""

Gap = tuple[int, int]
"""The first and the last frame without a label between two labels."""


def is_derived(track: Track) -> NDArray[np.bool_]:
    """Return for each label whether it follows from its neighbours, bool (n,)."""
    return np.asarray((track.origin == Origin.INTERPOLATED) & ((track.flags & LabelFlag.KEY) == 0))


def gaps(track: Track) -> NDArray[np.int32]:
    """Return the gaps between a track's labels, int32 (n, 2): first and last frame, both included.

    After a label that says that the thing has left the picture there is no gap.
    """
    after = np.flatnonzero((np.diff(track.frames) > 1) & ((track.flags[:-1] & LabelFlag.OUTSIDE) == 0))
    return np.column_stack([track.frames[after] + 1, track.frames[after + 1] - 1]).astype(np.int32)


def gap_at(track: Track, frame: int) -> Gap | None:
    """Return the gap that a frame lies in, else the next one after it, else None."""
    found = gaps(track)
    row = int(found[:, 1].searchsorted(np.int32(frame)))
    return (int(found[row, 0]), int(found[row, 1])) if row < len(found) else None


def made(frames: NDArray[np.int32], geometry: Geometry, like: Track, stamp: Stamp) -> Track:
    """Return derived labels with these shapes, occluded where those of `like` are (one row for each frame)."""
    labels = track_from_columns(
        frames,
        geometry,
        confidence=CONFIDENCE,
        origin=Origin.INTERPOLATED,
        flags=LabelFlag.NONE,
        author=stamp.person,
        created_ms=stamp.at_ms,
    )
    return replace(labels, flags=like.flags & np.uint8(LabelFlag.OCCLUDED))


def repeated(track: Track, row: int, frames: NDArray[np.int32], stamp: Stamp) -> Track:
    """Return derived labels that repeat the label of a row."""
    like = track.take(np.full(len(frames), row))
    return made(frames, like.geometry, like, stamp)


def fill(document: LabelDocument, instance: InstanceId, unit: UnitId, gap: Gap, stamp: Stamp) -> Patch:
    """Return the patch that labels the frames of a gap: between its ends where the shape allows, else like its first.

    Raises:
        Refused: there is no label before or after the gap, or one within it.
    """
    track = document.track(instance, unit)
    row = -1 if track is None else int(track.frames.searchsorted(np.int32(gap[0]))) - 1
    if track is None or not 0 <= row < len(track) - 1 or track.frames[row + 1] <= gap[1]:
        raise Refused("that is no gap between two labels of the object")
    frames = np.arange(gap[0], gap[1] + 1, dtype=np.int32)
    if track.kind in INTERPOLATED_KINDS:
        ends = track.part(row, row + 2)
        like = ends.take(np.zeros(len(frames), np.intp))
        labels = made(frames, interpolated(ends.frames, ends.geometry, frames), like, stamp)
    else:
        labels = repeated(track, row, frames, stamp)
    return Patch((TrackChange(instance, unit, empty_track(track.kind), labels),))


class Interpolation(Struct, frozen=True):
    """What interpolating a track does."""

    patch: Patch
    new: int
    """Labels on frames that had none."""
    moved: int
    """Derived labels that were not where their anchors put them."""


def interpolate(document: LabelDocument, instance: InstanceId, unit: UnitId, stamp: Stamp) -> Interpolation:
    """Return the patch that labels every frame between anchors, and puts derived labels where their anchors put them.

    Raises:
        Refused: the object has fewer than two anchors here, or its shape can't be interpolated.
    """
    track = document.track(instance, unit)
    if track is not None and track.kind not in INTERPOLATED_KINDS:
        raise Refused(f"a {track.kind} can't be interpolated yet", hint="T f repeats a label over a gap")
    anchors = np.empty(0, np.intp) if track is None else np.flatnonzero(~is_derived(track))
    if track is None or len(anchors) < 2:
        raise Refused("the object needs two key labels here", hint="label it on another frame first")
    new, old = _missing(track, anchors, stamp), _misplaced(track, anchors)
    before = track.take(old)
    after = splice(_shifted(track, anchors, old, stamp), empty_track(track.kind), new)
    patch = Patch((TrackChange(instance, unit, before, after),)) if len(after) else Patch()
    return Interpolation(patch, len(new), len(old))


def _missing(track: Track, anchors: NDArray[np.intp], stamp: Stamp) -> Track:
    """Return labels for the frames between two anchors that have none."""
    ends = track.take(anchors)
    spans = [
        np.arange(first, last + 1, dtype=np.int32)
        for first, last in gaps(track).tolist()
        if first > ends.frames[0] and last < ends.frames[-1]
    ]
    if not spans:
        return empty_track(track.kind)
    frames = np.concatenate(spans)
    left = ends.frames.searchsorted(frames) - 1
    seen = (ends.flags[left] & LabelFlag.OUTSIDE) == 0
    frames, like = frames[seen], ends.take(left[seen])
    return made(frames, interpolated(ends.frames, ends.geometry, frames), like, stamp)


def _misplaced(track: Track, anchors: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the rows of derived labels between two anchors that lie elsewhere than interpolation puts them."""
    rows = np.flatnonzero(is_derived(track))
    rows = rows[(rows > anchors[0]) & (rows < anchors[-1])]
    wanted = interpolated(track.frames[anchors], track.geometry.take(anchors), track.frames[rows])
    moved: NDArray[np.bool_] = (track.geometry.fixed[rows] != wanted.fixed).any(axis=1)
    return np.asarray(rows[moved])


def _shifted(track: Track, anchors: NDArray[np.intp], rows: NDArray[np.intp], stamp: Stamp) -> Track:
    """Return derived labels where the anchors (rows as well) put them, everything else of them as it was."""
    labels = track.take(rows)
    shapes = interpolated(track.frames[anchors], track.geometry.take(anchors), labels.frames)
    return replace(_stamped(labels, stamp), geometry=shapes)


class _Place(Struct, frozen=True):
    """A frame of a track, and the derived labels beside it, up to the nearest anchors."""

    before: Track
    """The anchor before; none where there is none."""
    left: Track
    here: Track
    right: Track
    after: Track
    """The anchor after."""

    @property
    def whole(self) -> Track:
        """Return the labels that change when the one here does."""
        return join_tracks([self.left, self.here, self.right])


def _place(track: Track, frame: int) -> _Place:
    row, end = (int(track.frames.searchsorted(np.int32(frame), side)) for side in ("left", "right"))
    free = is_derived(track)
    first, last = row, end
    if row and free[row - 1]:
        anchors = np.flatnonzero(~free[:row])
        first = int(anchors[-1]) + 1 if len(anchors) else 0
    if end < len(track) and free[end]:
        anchors = np.flatnonzero(~free[end:])
        last = end + int(anchors[0]) if len(anchors) else len(track)
    cuts = (max(first - 1, 0), first, row, end, last, min(last + 1, len(track)))
    return _Place(*(track.part(a, b) for a, b in pairwise(cuts)))


def put(track: Track, label: Track, stamp: Stamp) -> tuple[Track, Track]:
    """Return (before, after) of putting one label into a track: the derived ones beside it follow it.

    Between two anchors they are interpolated; where there is one anchor only, or the shape can't be interpolated, those
    that repeated the label go on to repeat it.
    """
    place = _place(track, int(label.frames[0]))
    if not len(place.left) + len(place.right):
        return place.here, label
    left, right = place.left, place.right
    if track.kind in INTERPOLATED_KINDS:
        left, right = _between(left, place.before, label, stamp), _between(right, label, place.after, stamp)
    if not len(place.before):
        left = _repeating(left, place.here, label, stamp)
    if not len(place.after) or track.kind not in INTERPOLATED_KINDS:
        right = _repeating(right, place.here, label, stamp)
    if left is place.left and right is place.right:
        return place.here, label
    return place.whole, join_tracks([left, label, right])


def _repeating(labels: Track, old: Track, new: Track, stamp: Stamp) -> Track:
    """Return labels, those with the shape of one label with that of another one that took its place."""
    if not len(labels) or not len(old):
        return labels
    again = _like(labels.geometry, old.geometry)
    if not again.any():
        return labels
    order = np.where(again, len(labels), np.arange(len(labels)))
    shapes = join_geometry([labels.geometry, new.geometry]).take(order)
    return replace(_stamped(labels, stamp, again), geometry=shapes)


def _like(shapes: Geometry, one: Geometry) -> NDArray[np.bool_]:
    """Return which shapes are equal to another one."""
    found: NDArray[np.bool_] = (shapes.fixed == one.fixed).all(axis=1)
    for column, wanted in zip(shapes.ragged, one.ragged, strict=True):
        found &= np.diff(column.offsets) == len(wanted.values)
        rows = np.flatnonzero(found)
        values = column.take(rows).values.reshape(len(rows), len(wanted.values))
        found[rows] = (values == wanted.values).all(axis=1)
    return found


def _stamped(labels: Track, stamp: Stamp, changed: NDArray[np.bool_] | None = None) -> Track:
    """Return labels, all or those that changed with the stamp of who changed them."""
    people = (*dict.fromkeys((*labels.people, stamp.person)),)
    touched = np.ones(len(labels), bool) if changed is None else changed
    editor = np.where(touched, np.int16(people.index(stamp.person)), labels.editor)
    return replace(
        labels, people=people, editor=editor, edited_ms=np.where(touched, np.int64(stamp.at_ms), labels.edited_ms)
    )


def take_away(track: Track, frame: int, stamp: Stamp) -> tuple[Track, Track]:
    """Return (before, after) of taking the label on a frame out of a track: the derived ones beside it close ranks."""
    place = _place(track, frame)
    if track.kind not in INTERPOLATED_KINDS or not len(place.left) + len(place.right):
        return place.here, empty_track(track.kind)
    rest = join_tracks([place.left, place.right])
    return place.whole, _between(rest, place.before, place.after, stamp)


def freed(track: Track, frame: int, stamp: Stamp) -> tuple[Track, Track] | None:
    """Return (before, after) of giving up a key label, which then follows from its neighbours; None where it can't."""
    place = _place(track, frame)
    if track.kind not in INTERPOLATED_KINDS or not len(place.before) or not len(place.after):
        return None
    here = replace(
        place.here,
        origin=np.full(1, Origin.INTERPOLATED, np.uint8),
        confidence=np.full(1, CONFIDENCE, np.float32),
        flags=place.here.flags & ~np.uint8(LabelFlag.KEY),
    )
    labels = join_tracks([place.left, here, place.right])
    return place.whole, _between(labels, place.before, place.after, stamp)


def _between(labels: Track, left: Track, right: Track, stamp: Stamp) -> Track:
    """Return derived labels where two anchors put them; as they are where one of the anchors is missing."""
    if not len(labels) or not len(left) or not len(right):
        return labels
    ring = join_tracks([left, labels, right])
    return _shifted(ring, np.array([0, len(ring) - 1]), np.arange(1, len(labels) + 1), stamp)
