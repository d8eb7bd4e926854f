"""Random sequences of track surgery: every document on the way is sound, and all of it can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.edits.test_tracks import pairs
from tests.support.content import check_in_steps, content
from tests.support.doctext import UNIT
from tui_editor.edits import interpolate, tracks
from tui_editor.edits.bulk import deletions
from tui_editor.edits.dynamic import LAST_FRAME
from tui_editor.edits.labels import delete_labels, put_label
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import InvalidShape, Refused
from tui_editor.model.document import make_document
from tui_editor.model.frames import FrameRef
from tui_editor.model.patch import Patch

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import InstanceId

LAST = 24
KINDS = ("split", "merge", "swap", "join", "extend", "cut", "key", "fill", "interpolate", "put", "delete", "bulk")
steps = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 9), st.integers(0, 9), st.integers(0, LAST), st.integers(0, LAST)),
    min_size=4,
    max_size=12,
)


def edit(found: LabelDocument, kind: str, one: InstanceId, other: InstanceId, frame: int, last: int) -> Patch:
    """Return the patch of one step; empty where it makes no sense."""
    at, me = FrameRef(UNIT, frame), Stamp("me", 77)
    track = found.track(one, UNIT)
    assert track is not None
    match kind:
        case "split":
            return tracks.split(found, one, at, me)[0]
        case "merge":
            return tracks.merge(found, one, [other], target_wins=frame % 2 == 0)
        case "swap":
            return tracks.swap(found, one, other, at)
        case "join":
            return tracks.join(found, one, other, UNIT)
        case "extend":
            return tracks.extend(found, one, at, me)
        case "cut":
            return tracks.cut(found, one, UNIT, frame, last)
        case "key":
            return tracks.toggle_key(found, one, at, me)
        case "fill":
            gap = interpolate.gap_at(track, frame)
            return interpolate.fill(found, one, UNIT, gap, me) if gap else Patch()
        case "interpolate":
            return interpolate.interpolate(found, one, UNIT, me).patch
        case "put":
            return put_label(found, one, at, track.geometry.shape(last % len(track)), me)
        case "delete":
            return delete_labels(found, [one], at, me)
        case _:
            chosen = {one: {UNIT: np.arange(frame, last + 1, dtype=np.int32)}}
            return Patch(tuple(change for gone in deletions(found, chosen) for change in gone.changes))


def check_sound(found: LabelDocument, first: int) -> None:
    """Check that a document's indexes are those of a fresh one, and its tracks sorted."""
    afresh = make_document(instances=found.instances.values(), tracks=dict(found.tracks.items()))
    for frame in range(first, first + LAST + 1):
        assert afresh.on_frame(UNIT, frame) == found.on_frame(UNIT, frame)
    assert {k: set(v) for k, v in afresh.units_of.items()} == {k: set(v) for k, v in found.units_of.items()}
    assert all(key in found.instances for key in found.units_of)
    for track in found.tracks.values():
        frames = track.frames.tolist()
        assert frames == sorted(set(frames))
        assert len(track.geometry) == len(track.origin) == len(frames) > 0


def check_sequence(start: LabelDocument, drawn: list[tuple[str, int, int, int, int]], first: int) -> None:
    """Do edits on frames from `first` on one after the other, check each document, and take all of it back."""
    found, done = start, []
    for kind, one, other, frame, last in drawn:
        here = sorted(found.units_of)
        if not here:
            break
        try:
            patch = edit(found, kind, here[one % len(here)], here[other % len(here)], first + frame, first + last)
        except (Refused, InvalidShape):  # a polygon without points is imported, but not put
            continue
        after = found.apply(patch)
        check_in_steps(found, patch, after)
        found = after
        done.append(patch)
        check_sound(found, first)
    for patch in reversed(done):
        found = found.apply(patch.inverse())
    assert content(start) == content(found)


@settings(max_examples=60)
@given(pairs(), steps)
def test_any_sequence_leaves_a_sound_document_and_can_be_taken_back(
    start: LabelDocument, drawn: list[tuple[str, int, int, int, int]]
) -> None:
    check_sequence(start, drawn, 0)


@settings(max_examples=30)
@given(pairs(), steps)
@pytest.mark.filterwarnings("error")
def test_the_last_frames_that_there_can_be_are_frames_like_others(
    start: LabelDocument, drawn: list[tuple[str, int, int, int, int]]
) -> None:
    first = LAST_FRAME - LAST
    tracks = {key: replace(track, frames=track.frames + np.int32(first)) for key, track in start.tracks.items()}
    check_sequence(make_document(instances=start.instances.values(), tracks=tracks), drawn, first)
