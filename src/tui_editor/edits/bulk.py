"""Delete labels that were chosen one by one over many instances, whatever chose them: an instance at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.edits.labels import delete_instance
from tui_editor.model.patch import Change, TrackChange
from tui_editor.model.tracks import empty_track

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import InstanceId, UnitId
    from tui_editor.model.tracks import Track

    LabelSet = Mapping[InstanceId, Mapping[UnitId, NDArray[np.int32]]]
    """The frames of labels, ascending, by instance and data unit."""


class Deletion(Struct, frozen=True, kw_only=True, eq=False):
    """What deleting the labels of one instance changes."""

    instance: InstanceId
    units: tuple[UnitId, ...]
    """The data units in which it loses labels."""
    labels: int
    first: int
    last: int
    whole: bool
    """The instance goes with its last label."""
    changes: tuple[Change, ...]


def deletions(document: LabelDocument, chosen: LabelSet) -> Iterator[Deletion]:
    """Yield what deleting labels changes, an instance at a time; frames without a label are passed over."""
    for instance, by_unit in chosen.items():
        gone = {unit: _part(document.track(instance, unit), frames) for unit, frames in by_unit.items()}
        found = {unit: track for unit, track in gone.items() if track is not None and len(track)}
        if found:
            yield _deletion(document, instance, found)


def _deletion(document: LabelDocument, instance: InstanceId, found: dict[UnitId, Track]) -> Deletion:
    tracks = document.tracks_of(instance)
    whole = all(unit in found and len(found[unit]) == len(track) for unit, track in tracks)
    changes: tuple[Change, ...] = (
        delete_instance(document, instance).changes
        if whole
        else tuple(TrackChange(instance, unit, track, empty_track(track.kind)) for unit, track in found.items())
    )
    return Deletion(
        instance=instance,
        units=tuple(found),
        labels=sum(len(track) for track in found.values()),
        first=min(track.frames.item(0) for track in found.values()),
        last=max(track.frames.item(-1) for track in found.values()),
        whole=whole,
        changes=changes,
    )


def _part(track: Track | None, frames: NDArray[np.int32]) -> Track | None:
    """Return the labels of a track on some frames; a run of them is a view."""
    if track is None or not len(frames):
        return None
    if len(frames) == len(track) and np.array_equal(track.frames, frames):
        return track
    rows = track.frames.searchsorted(frames)
    rows = rows[track.frames[np.minimum(rows, len(track) - 1)] == frames]
    if len(rows) and rows.item(-1) - rows.item(0) + 1 == len(rows):
        return track.part(rows.item(0), rows.item(-1) + 1)
    return track.take(rows)
