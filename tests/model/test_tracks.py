"""Columns and tracks: packing, slicing, splicing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support import strategies as some
from tui_editor.errors import PatchMismatch
from tui_editor.model.columns import Ragged, empty_geometry, join_geometry, join_ragged, pack, ragged
from tui_editor.model.shapes import Box, Keypoint, Shape, ShapeKind, polyline, same_shape
from tui_editor.model.tracks import (
    Label,
    LabelFlag,
    Origin,
    Track,
    empty_track,
    join_tracks,
    make_track,
    single_track,
    splice,
    track_from_columns,
)

rows = st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=6)


def column(lists: list[list[int]]) -> Ragged:
    return ragged([np.array(row, np.int32) for row in lists], np.int32)


def lists_of(found: Ragged) -> list[list[int]]:
    return [found.row(i).tolist() for i in range(len(found))]


# --- columns -----------------------------------------------------------------------------------------


def test_many_rows_are_taken_as_few_are() -> None:
    found = column([[n] * (n % 4) for n in range(40)])
    order = np.array([*range(39, -1, -1), 7, 7], np.intp)
    assert [found.row(int(n)).tolist() for n in order] == lists_of(found.take(order))
    assert len(found.take(np.zeros(20, np.intp)).values) == 0


@given(rows, rows)
def test_rows_of_unequal_length_come_back_from_a_column(first: list[list[int]], second: list[list[int]]) -> None:
    assert first == lists_of(column(first))
    assert first + second == lists_of(join_ragged([column(first), column(second)]))


@given(rows, st.data())
def test_a_part_and_a_choice_of_rows(lists: list[list[int]], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(lists)))
    stop = data.draw(st.integers(start, len(lists)))
    found = column(lists)
    assert lists[start:stop] == lists_of(found.part(start, stop))
    if lists:
        chosen = data.draw(st.lists(st.integers(0, len(lists) - 1), max_size=5))
        assert [lists[i] for i in chosen] == lists_of(found.take(np.array(chosen, np.intp)))


def test_columns_are_the_same_when_their_rows_are() -> None:
    assert column([[1], [2, 3]]).same(column([[1], [2, 3]]))
    assert not column([[1], [2, 3]]).same(column([[1, 2], [3]]))


@given(some.kinds.flatmap(lambda kind: st.lists(some.shapes(kind), min_size=1, max_size=4)))
def test_every_kind_of_shape_comes_back_from_its_columns(shapes: list[Shape]) -> None:
    packed = pack(shapes)
    assert len(shapes) == len(packed)
    assert all(same_shape(shape, packed.shape(i)) for i, shape in enumerate(shapes))
    doubled = join_geometry([packed, packed])
    assert doubled.part(len(shapes), 2 * len(shapes)).same(packed)
    assert doubled.take(np.arange(len(shapes))).same(packed)


@pytest.mark.parametrize("kind", list(ShapeKind))
def test_an_empty_geometry_has_the_columns_of_its_kind(kind: ShapeKind) -> None:
    assert (0, kind) == (len(empty_geometry(kind)), empty_geometry(kind).kind)
    assert len(empty_track(kind)) == 0


def test_geometries_of_other_kinds_or_numbers_differ() -> None:
    one = pack([Box(1, 2, 3, 4)])
    assert not one.same(pack([Box(1, 2, 3, 5)]))
    assert not one.same(pack([Keypoint(1, 2)]))
    assert not pack([polyline([(0, 0), (1, 1)])]).same(pack([polyline([(0, 0), (1, 2)])]))


# --- tracks ------------------------------------------------------------------------------------------


def boxes(*frames: int, x: float = 0) -> Track:
    return make_track([Label(frame=f, shape=Box(x, f, 1, 1)) for f in frames])


def test_labels_come_back_as_they_were_put_in_by_frame() -> None:
    label = Label(
        frame=4,
        shape=Box(1, 2, 3, 4),
        confidence=0.3,
        origin=Origin.TRACKED,
        flags=LabelFlag.OCCLUDED,
        author="ann",
        editor="bo",
        created_ms=7,
        edited_ms=8,
        extra={"a": [1]},
    )
    track = make_track([Label(frame=9, shape=Box(0, 0, 1, 1)), label])
    assert track.frames.tolist() == [4, 9]
    found = track.label_at(4)
    assert found is not None
    for name in ("frame", "shape", "confidence", "origin", "flags", "author", "editor", "created_ms", "extra"):
        assert getattr(label, name) == getattr(found, name), name
    other = track.label_at(9)
    assert other is not None
    assert (other.author, other.extra) == ("", {})


@pytest.mark.parametrize(
    "labels",
    [
        [Label(frame=1, shape=Box(0, 0, 1, 1)), Label(frame=1, shape=Box(0, 0, 1, 1))],
        [Label(frame=1, shape=Box(0, 0, 1, 1)), Label(frame=2, shape=Keypoint(0, 0))],
    ],
)
def test_a_track_holds_one_kind_and_each_frame_once(labels: list[Label]) -> None:
    with pytest.raises(PatchMismatch):
        make_track(labels)


def test_what_is_not_there_is_none() -> None:
    track = boxes(1, 5)
    assert (track.row_of(3), track.label_at(99), track.row_of(5)) == (None, None, 1)
    assert track.shape_at(0) is None


@pytest.mark.parametrize(
    ("frames", "ranges"),
    [
        ((), ()),
        ((3,), ((3, 3),)),
        ((0, 1, 2), ((0, 2),)),
        ((0, 1, 5, 7, 8), ((0, 1), (5, 5), (7, 8))),
    ],
)
def test_runs_of_frames(frames: tuple[int, ...], ranges: tuple[tuple[int, int], ...]) -> None:
    assert ranges == (boxes(*frames).ranges() if frames else empty_track(ShapeKind.BOX).ranges())


def test_between_takes_both_ends() -> None:
    assert boxes(1, 3, 5, 8).between(3, 5).frames.tolist() == [3, 5]
    assert boxes(1, 8).between(3, 5).frames.tolist() == []


@given(some.tracks(last=30, most=8), st.integers(0, 30), st.integers(0, 30))
def test_a_slice_of_a_track_is_a_track(track: Track, first: int, last: int) -> None:
    part = track.between(first, last)
    assert [f for f in track.frames.tolist() if first <= f <= last] == part.frames.tolist()
    for label in part.labels():
        whole = track.label_at(label.frame)
        assert whole is not None
        assert same_shape(whole.shape, label.shape)
        assert (whole.author, whole.extra) == (label.author, label.extra)


@given(some.tracks(last=30, most=8), st.integers(0, 8))
def test_a_track_that_was_cut_and_joined_is_the_same(track: Track, at: int) -> None:
    at = min(at, len(track))
    assert join_tracks([track.part(0, at), track.part(at, len(track))]).same(track)


def test_joined_tracks_keep_who_made_each_label() -> None:
    mine = make_track([Label(frame=0, shape=Box(0, 0, 1, 1), author="me")])
    yours = make_track([Label(frame=1, shape=Box(0, 0, 1, 1), author="you", extra={"k": 1})])
    nobodys = make_track([Label(frame=2, shape=Box(0, 0, 1, 1))])
    joined = join_tracks([mine, yours, nobodys])
    assert [label.author for label in joined.labels()] == ["me", "you", ""]
    assert [label.extra for label in joined.labels()] == [{}, {"k": 1}, {}]


def test_tracks_of_two_kinds_are_not_joined() -> None:
    with pytest.raises(PatchMismatch):
        join_tracks([boxes(1), make_track([Label(frame=2, shape=Keypoint(0, 0))])])


@settings(max_examples=60)
@given(st.data())
def test_a_splice_does_what_a_dictionary_of_frames_would(data: st.DataObject) -> None:
    kind = data.draw(some.kinds)
    track = data.draw(some.tracks(kind, last=20, most=8))
    gone = data.draw(st.sets(st.integers(0, len(track) - 1))) if len(track) else set()
    before = track.take(np.array(sorted(gone), np.intp))
    kept = set(track.frames.tolist()) - set(before.frames.tolist())
    drawn = data.draw(some.tracks(kind, last=20, most=8))
    after = drawn.take(np.array([i for i, f in enumerate(drawn.frames.tolist()) if f not in kept], np.intp))

    expected = {f: track.label_at(f) for f in kept} | {label.frame: label for label in after.labels()}
    spliced = splice(track, before, after)
    assert sorted(expected) == spliced.frames.tolist()
    for label in spliced.labels():
        wanted = expected[label.frame]
        assert wanted is not None
        assert same_shape(wanted.shape, label.shape)
        assert (wanted.author, wanted.editor, wanted.extra, wanted.flags) == (
            label.author,
            label.editor,
            label.extra,
            label.flags,
        )
    assert splice(spliced, after, before).same(track)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (boxes(9), boxes(9)),
        (boxes(3, x=7), boxes(3)),
        (boxes(3, 99), boxes(3)),
        (boxes(3), boxes(5)),
        (empty_track(ShapeKind.BOX), boxes(3)),
    ],
    ids=["no such frame", "other numbers", "beyond the end", "taken by another", "taken"],
)
def test_a_splice_that_does_not_fit_is_refused(before: Track, after: Track) -> None:
    with pytest.raises(PatchMismatch):
        splice(boxes(1, 3, 5), before, after)


def test_a_splice_shares_nothing_that_it_writes_to() -> None:
    track = boxes(1, 3, 5)
    frozen = track.geometry.fixed.copy()
    splice(track, boxes(3), boxes(4))
    assert np.array_equal(frozen, track.geometry.fixed)


def test_tracks_differ_by_author_flag_and_extra() -> None:
    label = Label(frame=0, shape=Box(0, 0, 1, 1))
    plain = make_track([label])
    changes: list[dict[str, Any]] = [
        {"author": "me"},
        {"flags": LabelFlag.NONE},
        {"extra": {"k": 1}},
        {"confidence": 0.5},
    ]
    for change in changes:
        assert not plain.same(make_track([replace(label, **change)]))
    assert not plain.same(empty_track(ShapeKind.BOX))
    assert empty_track(ShapeKind.BOX).same(empty_track(ShapeKind.POLYGON))


def test_columns_of_a_file_become_a_track_of_one_provenance() -> None:
    frames = np.array([1, 2], np.int32)
    geometry = pack([Box(0, 0, 1, 1), Box(1, 1, 1, 1)])
    track = track_from_columns(frames, geometry, confidence=0.5, author="model", created_ms=9)
    assert [(label.author, label.confidence, label.created_ms, label.origin) for label in track.labels()] == [
        ("model", 0.5, 9, Origin.IMPORTED)
    ] * 2
    single = single_track(7, pack([Box(0, 0, 1, 1)]))
    assert single.same(track_from_columns(np.array([7], np.int32), pack([Box(0, 0, 1, 1)])))
