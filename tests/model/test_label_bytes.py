"""One label within the bytes of a track: the short way gives what decoding, splicing and encoding gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support import strategies as some
from tui_editor.model.empty import EMPTY
from tui_editor.model.label_bytes import with_label
from tui_editor.model.shapes import Box, ShapeKind
from tui_editor.model.track_codec import decode_track, encode_track
from tui_editor.model.tracks import Label, make_track, splice

if TYPE_CHECKING:
    from tui_editor.model.tracks import Track

FIXED = [ShapeKind.BOX, ShapeKind.ROTATED_BOX, ShapeKind.KEYPOINT, ShapeKind.PRESENCE]


def put(track: Track, before: Track, after: Track) -> Track | None:
    """Return the track after the change of its bytes; None when that could not be done."""
    data = with_label(encode_track(track), encode_track(before), encode_track(after))
    return None if data is None else decode_track(data)


def names(track: Track) -> set[str]:
    """Return the people whom a track's labels name, with nobody."""
    return {"", *(person for label in track.labels() for person in (label.author, label.editor))}


def plain_labels(kind: ShapeKind, frame: int) -> st.SearchStrategy[Label]:
    """Return a strategy for labels without unknown fields."""
    return some.labels(kind, st.just(frame)).map(lambda label: replace(label, extra=EMPTY))


@st.composite
def plain_tracks(draw: st.DrawFn, kind: ShapeKind) -> Track:
    """Draw a track of labels without unknown fields, on frames with gaps or without."""
    step = draw(st.sampled_from([1, 3]))
    return make_track([draw(plain_labels(kind, 7 + step * i)) for i in range(draw(st.integers(2, 5)))])


@given(st.sampled_from(FIXED), st.data())
def test_labels_put_in_the_place_of_others_are_byte_for_byte_as_by_splice(kind: ShapeKind, data: st.DataObject) -> None:
    track = data.draw(plain_tracks(kind))
    for _ in range(3):
        row = data.draw(st.integers(0, len(track) - 1))
        before = track.part(row, row + 1)
        after = make_track([data.draw(plain_labels(kind, track.frames.item(row)))])
        whole, old, new = encode_track(track), encode_track(before), encode_track(after)
        keeps_people = names(before) <= names(after) <= names(track)
        track = splice(track, before, after)

        assert with_label(whole, old, new) == (encode_track(track) if keeps_people else None)


@given(some.tracks(least=2), st.data())
def test_any_change_is_byte_for_byte_as_by_splice_or_left_to_it(track: Track, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(track) - 1))
    before = track.part(row, row + 1)
    after = make_track([data.draw(some.labels(track.kind, st.just(track.frames.item(row))))])

    changed = with_label(encode_track(track), encode_track(before), encode_track(after))

    assert changed in {None, encode_track(splice(track, before, after))}


@given(st.sampled_from(FIXED), st.data())
def test_a_label_put_back_leaves_the_bytes_as_they_were(kind: ShapeKind, data: st.DataObject) -> None:
    track = data.draw(plain_tracks(kind))
    row = data.draw(st.integers(0, len(track) - 1))
    before = track.part(row, row + 1)
    after = make_track([data.draw(plain_labels(kind, track.frames.item(row)))])
    whole, old, new = encode_track(track), encode_track(before), encode_track(after)

    changed = with_label(whole, old, new)

    assert changed is None or with_label(changed, new, old) in {whole, None}


def test_the_only_label_gives_way_whole() -> None:
    track = make_track([Label(frame=4, shape=Box(1, 2, 3, 4), author="ann")])
    after = make_track([Label(frame=4, shape=Box(5, 6, 7, 8), author="eve", edited_ms=3)])

    changed = put(track, track, after)

    assert changed is not None
    assert changed.same(after)


@pytest.mark.parametrize("editor", ["eve", ""])
def test_people_that_join_or_leave_the_track_are_left_to_splice(editor: str) -> None:
    labels = [Label(frame=f, shape=Box(f, 0, 1, 1), author="ann", editor="bob" if f == 1 else "") for f in (1, 2)]
    track = make_track(labels)
    after = make_track([replace(labels[0], editor=editor)])

    assert put(track, track.part(0, 1), after) is None


@pytest.mark.parametrize(
    "other",
    [
        Label(frame=2, shape=Box(9, 0, 1, 1), author="ann"),
        Label(frame=2, shape=Box(2, 0, 1, 1), author="eve"),
        Label(frame=2, shape=Box(2, 0, 1, 1)),
        Label(frame=2, shape=Box(2, 0, 1, 1), author="ann", edited_ms=1),
        Label(frame=2, shape=Box(2, 0, 1, 1), author="ann", confidence=0.5),
        Label(frame=4, shape=Box(2, 0, 1, 1), author="ann"),
        Label(frame=0, shape=Box(2, 0, 1, 1), author="ann"),
    ],
)
@pytest.mark.parametrize("frames", [(1, 2, 3), (1, 2, 5)])
def test_a_label_that_is_not_there_as_told_is_left_to_splice(other: Label, frames: tuple[int, ...]) -> None:
    track = make_track([Label(frame=f, shape=Box(f, 0, 1, 1), author="ann") for f in frames])

    assert put(track, make_track([other]), make_track([other])) is None


@given(some.tracks(least=2), st.data())
def test_bytes_that_are_cut_off_are_left_to_decoding(track: Track, data: st.DataObject) -> None:
    whole, label = encode_track(track), encode_track(track.part(0, 1))

    assert with_label(whole[: data.draw(st.integers(0, len(whole) - 1))], label, label) is None


def test_another_format_is_left_to_decoding() -> None:
    track = make_track([Label(frame=f, shape=Box(f, 0, 1, 1)) for f in (1, 2)])
    label = encode_track(track.part(0, 1))
    newer = b"\x63" + encode_track(track)[1:]

    assert with_label(newer, label, label) is None
