"""Where something happens along a track: gaps, jumps, key labels, and others that go on where it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.edits.interpolate import gaps
from tui_editor.model.extents import extents
from tui_editor.model.tracks import LabelFlag
from tui_editor.state import selectors
from tui_editor.state.track_faults import jumps
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tui_editor.model.ids import InstanceId, UnitId
    from tui_editor.model.tracks import Track
    from tui_editor.state.store import TaskState

HANDOVER_FRAMES = 3
"""Another track that begins so soon after an end, in the same place, may be the same thing."""


class TrackEvent(Struct, frozen=True, order=True):
    """Something that happens on a frame of a track."""

    frame: int
    what: str


def track_events(state: TaskState, instance: InstanceId, unit: UnitId) -> list[TrackEvent]:
    """Return what happens along an instance's track in a data unit, by frame."""
    track = state.document.track(instance, unit)
    if track is None:
        return []
    found = [TrackEvent(first, f"gap of {_frames(last - first + 1)}") for first, last in gaps(track).tolist()]
    found += [TrackEvent(frame, "jump") for frame in jumps(track).tolist()]
    found += [TrackEvent(frame, "key label") for frame in lone_keys(track).tolist()]
    found += _handovers(state, instance, unit, track)
    return sorted(found)


def _frames(count: int) -> str:
    return f"{count} frame{'s' if count != 1 else ''}"


def lone_keys(track: Track) -> NDArray[np.int32]:
    """Return the frames of key labels beside labels that are none: where every label is one they tell nothing."""
    key = (track.flags & LabelFlag.KEY) != 0
    other = np.zeros(len(key), bool)
    other[1:] |= ~key[:-1]
    other[:-1] |= ~key[1:]
    return np.asarray(track.frames[key & other])


def _handovers(state: TaskState, instance: InstanceId, unit: UnitId, track: Track) -> Iterator[TrackEvent]:
    """Yield the ends of a track at which another one goes on in the same place: a change of class or of identity."""
    document, ontology = state.document, state.project.ontology
    mine = document.instances[instance]
    for row, step, verb in ((0, -1, "ends"), (len(track) - 1, 1, "begins")):
        end = track.frames.item(row)
        for frame in range(end + step, end + step * (HANDOVER_FRAMES + 1), step):
            for other in document.on_frame(unit, frame):
                theirs = document.track(other, unit)
                if theirs is None or theirs.frames.item(0 if step > 0 else -1) != frame:
                    continue
                if _overlap(track, row, theirs, 0 if step > 0 else len(theirs) - 1):
                    value = document.instances[other]
                    changed = "class" if value.class_id != mine.class_id else "identity"
                    name = one_line(selectors.instance_name(ontology, value))
                    yield TrackEvent(frame, f"{changed} changes: {name} {verb} here")


def _overlap(one: Track, row: int, other: Track, other_row: int) -> bool:
    """Return whether two labels cover each other's centres."""
    (low, high), (low2, high2) = (extents(t.geometry.part(r, r + 1)) for t, r in ((one, row), (other, other_row)))
    middle, middle2 = (low + high) / 2, (low2 + high2) / 2
    return bool(((middle >= low2) & (middle <= high2)).all() and ((middle2 >= low) & (middle2 <= high)).all())
