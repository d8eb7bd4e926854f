"""Labels that follow from their neighbours: made, made anew, and left alone."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from tests.support.content import done
from tests.support.doctext import UNIT, document, text_of
from tui_editor.edits.interpolate import fill, gap_at, gaps, interpolate
from tui_editor.edits.labels import delete_labels, put_label
from tui_editor.edits.stamp import Stamp
from tui_editor.edits.tracks import extend, toggle_key
from tui_editor.errors import Refused
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import InstanceId
from tui_editor.model.patch import TrackChange
from tui_editor.model.shapes import Box, Shape, polygon
from tui_editor.model.tracks import LabelFlag, Origin, Track, make_track

ME = Stamp("me", 77)
CAR = InstanceId(1)
ENDS = "car@0 box 0,0 10,10\ncar@4 box 8,0 10,30"


def at(frame: int) -> FrameRef:
    return FrameRef(UNIT, frame)


def track_of(found: LabelDocument) -> Track:
    track = found.track(CAR, UNIT)
    assert track is not None
    return track


def boxes(found: LabelDocument) -> dict[int, Shape]:
    return {label.frame: label.shape for label in track_of(found).labels()}


def flagged(text: str, **flags: LabelFlag) -> LabelDocument:
    """Return a document whose car has other flags on some frames: `_3=LabelFlag.OUTSIDE`."""
    found = document(text)
    labels = [replace(old, flags=flags.get(f"_{old.frame}", old.flags)) for old in track_of(found).labels()]
    return make_document(instances=found.instances.values(), tracks={(CAR, UNIT): make_track(labels)})


def filled(text: str = ENDS) -> LabelDocument:
    found = document(text)
    return done(found, interpolate(found, CAR, UNIT, ME).patch)


# --- made ------------------------------------------------------------------------------------------


def test_every_frame_between_key_labels_gets_a_label_that_says_where_it_is_from() -> None:
    found = document(ENDS)
    work = interpolate(found, CAR, UNIT, ME)
    after = done(found, work.patch)
    assert (work.new, work.moved) == (3, 0)
    assert [Box(2, 0, 10, 15), Box(4, 0, 10, 20), Box(6, 0, 10, 25)] == [boxes(after)[f] for f in (1, 2, 3)]
    label = track_of(after).label_at(2)
    assert label is not None
    assert (label.origin, label.confidence, label.flags, label.author) == (Origin.INTERPOLATED, 0.99, 0, "me")


def test_what_is_interpolated_already_is_left_alone() -> None:
    work = interpolate(filled(), CAR, UNIT, ME)
    assert (bool(work.patch), work.new, work.moved) == (False, 0, 0)


def test_other_labels_between_key_labels_are_anchors_as_well() -> None:
    found = document(ENDS)
    tracked = replace(track_of(found).label(0), frame=2, origin=Origin.TRACKED, flags=LabelFlag.NONE)
    found = done(found, put_label(found, CAR, at(2), Box(0, 0, 10, 10), ME))
    labels = [tracked if old.frame == 2 else old for old in track_of(found).labels()]
    found = make_document(instances=found.instances.values(), tracks={(CAR, UNIT): make_track(labels)})
    after = done(found, interpolate(found, CAR, UNIT, ME).patch)
    assert (boxes(after)[1], boxes(after)[3]) == (Box(0, 0, 10, 10), Box(4, 0, 10, 20))
    middle = track_of(after).label_at(2)
    assert middle is not None
    assert middle.origin is Origin.TRACKED


def test_a_thing_that_has_left_the_picture_is_not_interpolated() -> None:
    found = flagged(ENDS + "\ncar@8 box 8,0 10,30", _0=LabelFlag.KEY | LabelFlag.OUTSIDE)
    after = done(found, interpolate(found, CAR, UNIT, ME).patch)
    assert list(boxes(after)) == [0, 4, 5, 6, 7, 8]


def test_an_interpolated_label_is_occluded_where_the_one_before_it_is() -> None:
    found = flagged(ENDS, _0=LabelFlag.KEY | LabelFlag.OCCLUDED)
    after = done(found, interpolate(found, CAR, UNIT, ME).patch)
    assert track_of(after).flags.tolist() == [3, 2, 2, 2, 1]


@pytest.mark.parametrize("text", ["car@0 box 0,0 1,1", "car@0 polygon 0,0 9,0 9,9\ncar@4 polygon 0,0 9,0 9,9", ""])
def test_a_track_that_cannot_be_interpolated_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        interpolate(document(text), CAR, UNIT, ME)


# --- gaps ------------------------------------------------------------------------------------------


def test_gaps_lie_between_labels_and_the_one_here_comes_first() -> None:
    track = track_of(document("car@1 box 0,0 1,1\ncar@2 box 0,0 1,1\ncar@5 box 0,0 1,1\ncar@9 box 0,0 1,1"))
    assert gaps(track).tolist() == [[3, 4], [6, 8]]
    assert [gap_at(track, f) for f in (0, 3, 4)] == [(3, 4)] * 3
    assert [gap_at(track, f) for f in (5, 7)] == [(6, 8)] * 2
    assert gap_at(track, 9) is None


def test_no_gap_follows_a_label_that_says_that_the_thing_has_gone() -> None:
    assert gaps(track_of(flagged(ENDS, _0=LabelFlag.OUTSIDE))).tolist() == []


def test_a_gap_is_filled_between_its_ends_or_with_repeats() -> None:
    found = document(ENDS)
    assert boxes(done(found, fill(found, CAR, UNIT, (1, 3), ME)))[2] == Box(4, 0, 10, 20)
    found = document("car@0 polygon 0,0 9,0 9,9\ncar@3 polygon 1,1 9,0 9,9")
    after = done(found, fill(found, CAR, UNIT, (1, 2), ME))
    assert "car@2 polygon 0,0 9,0 9,9" in text_of(after)
    assert track_of(after).origin.tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize("gap", [(0, 3), (1, 4), (5, 9)])
def test_what_is_no_gap_is_not_filled(gap: tuple[int, int]) -> None:
    with pytest.raises(Refused):
        fill(document(ENDS), CAR, UNIT, gap, ME)


# --- made anew -------------------------------------------------------------------------------------


def test_interpolated_labels_follow_a_key_label_that_moves() -> None:
    found = filled()
    after = done(found, put_label(found, CAR, at(4), Box(4, 4, 10, 10), ME))
    assert boxes(after) == {f: Box(f, f, 10, 10) for f in range(5)}
    assert track_of(after).origin.tolist() == [0, 1, 1, 1, 0]


def test_a_label_drawn_over_an_interpolated_one_is_a_new_key_for_both_sides() -> None:
    found = filled()
    after = done(found, put_label(found, CAR, at(2), Box(0, 0, 10, 10), ME))
    assert [boxes(after)[f] for f in (1, 2, 3)] == [Box(0, 0, 10, 10), Box(0, 0, 10, 10), Box(4, 0, 10, 20)]
    assert track_of(after).origin.tolist() == [0, 1, 0, 1, 0]


def test_no_more_labels_change_than_those_up_to_the_next_keys() -> None:
    found = filled(ENDS + "\ncar@8 box 0,0 10,10\ncar@12 box 9,9 9,9")
    (change,) = put_label(found, CAR, at(4), Box(0, 0, 1, 1), ME).changes
    assert isinstance(change, TrackChange)
    assert change.after.frames.tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_interpolated_labels_without_a_key_on_one_side_stay_where_they_are() -> None:
    found = filled()
    found = done(found, delete_labels(found, [CAR], at(4), ME))
    assert list(boxes(found)) == [0, 1, 2, 3]
    after = done(found, put_label(found, CAR, at(0), Box(50, 50, 1, 1), ME))
    assert boxes(after)[2] == Box(4, 0, 10, 20)


def test_interpolated_labels_close_ranks_when_a_key_label_goes() -> None:
    found = filled("car@0 box 0,0 10,10\ncar@2 box 50,50 10,10\ncar@4 box 4,4 10,10")
    after = done(found, delete_labels(found, [CAR], at(2), ME))
    assert boxes(after) == {f: Box(f, f, 10, 10) for f in (0, 1, 3, 4)}


def test_an_interpolated_label_goes_without_touching_the_others() -> None:
    (change,) = delete_labels(filled(), [CAR], at(2), ME).changes
    assert isinstance(change, TrackChange)
    assert (len(change.before), len(change.after)) == (1, 0)


def test_labels_that_repeat_a_key_go_on_to_repeat_it() -> None:
    found = document("car@3 box 0,0 10,10")
    found = done(found, extend(found, CAR, at(5), ME))
    found = done(found, extend(found, CAR, at(1), ME))
    after = done(found, put_label(found, CAR, at(3), Box(7, 7, 7, 7), ME))
    assert boxes(after) == {f: Box(7, 7, 7, 7) for f in range(1, 6)}
    after = done(after, put_label(after, CAR, at(5), Box(9, 7, 7, 7), ME))
    assert boxes(after)[4] == Box(8, 7, 7, 7)


def test_shapes_that_are_not_interpolated_are_repeated_up_to_the_next_label() -> None:
    found = document("lake@0 polygon 0,0 9,0 9,9\nlake@6 polygon 1,1 9,0 9,9")
    found = done(found, fill(found, CAR, UNIT, (1, 5), ME))
    after = done(found, put_label(found, CAR, at(3), polygon([(5, 5), (9, 0), (9, 9), (0, 9)]), ME))
    first, other, last = "polygon 0,0 9,0 9,9", "polygon 5,5 9,0 9,9 0,9", "polygon 1,1 9,0 9,9"
    wanted = [first] * 3 + [other] * 3 + [last]
    assert text_of(after) == "\n".join(f"lake@{frame} {shape}" for frame, shape in enumerate(wanted))


# --- key labels ------------------------------------------------------------------------------------


def test_a_key_label_that_is_given_up_is_interpolated() -> None:
    found = filled("car@0 box 0,0 10,10\ncar@2 box 50,50 10,10\ncar@4 box 4,4 10,10")
    after = done(found, toggle_key(found, CAR, at(2), ME))
    assert boxes(after) == {f: Box(f, f, 10, 10) for f in range(5)}
    assert track_of(after).flags.tolist() == [1, 0, 0, 0, 1]


def test_an_interpolated_label_becomes_a_key_where_it_is() -> None:
    found = filled()
    after = done(found, toggle_key(found, CAR, at(2), ME))
    label = track_of(after).label_at(2)
    assert label is not None
    assert (label.shape, label.origin, label.flags, label.confidence) == (Box(4, 0, 10, 20), Origin.MANUAL, 1, 1.0)
    assert np.array_equal(track_of(found).geometry.fixed, track_of(after).geometry.fixed)


def test_of_a_key_label_at_an_end_only_the_mark_goes() -> None:
    found = document(ENDS)
    label = track_of(done(found, toggle_key(found, CAR, at(4), ME))).label_at(4)
    assert label is not None
    assert (label.shape, label.origin, label.flags) == (Box(8, 0, 10, 30), Origin.MANUAL, LabelFlag.NONE)


def test_a_frame_without_a_label_has_no_key_to_toggle() -> None:
    with pytest.raises(Refused):
        toggle_key(document(ENDS), CAR, at(1), ME)
