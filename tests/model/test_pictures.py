"""The short cuts for tasks of one picture give what the general ways give."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_editor.model.columns import pack
from tui_editor.model.document import make_document
from tui_editor.model.frame_index import FrameIndex, LazyIndex, build_index
from tui_editor.model.ids import ClassId, InstanceId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.shapes import Box
from tui_editor.model.tracks import Label, Origin, Track, make_track, single_track

BOX = Box(1, 2, 3, 4)
UNIT = UnitId(1)


@given(st.integers(0, 2**31 - 1), st.sampled_from(Origin))
def test_a_single_track_is_a_track_of_one_key_label(frame: int, origin: Origin) -> None:
    expected = make_track([Label(frame=frame, shape=BOX, origin=origin)])
    assert expected.same(single_track(frame, pack([BOX]), origin))


@given(st.lists(st.integers(0, 3) | st.integers(0, 600), min_size=1, max_size=6))
def test_an_index_that_was_built_is_the_one_that_grew(frames: list[int]) -> None:
    tracks = {(InstanceId(n), UNIT): single_track(f, pack([BOX])) for n, f in enumerate(frames)}
    nothing: dict[tuple[InstanceId, UnitId], Track | None] = dict.fromkeys(tracks)
    built, grown = build_index(tracks), FrameIndex().changed(nothing, dict(tracks))
    for frame in range(601):
        expected = sorted(n for n, f in enumerate(frames) if f == frame)
        assert expected == sorted(built.on_frame(UNIT, frame)) == sorted(grown.on_frame(UNIT, frame))


def test_an_index_that_is_built_late_is_the_same_and_can_be_changed() -> None:
    tracks = {(InstanceId(n), UNIT): single_track(n, pack([BOX])) for n in (1, 2)}
    lazy = LazyIndex(tracks)
    key = (InstanceId(3), UNIT)

    grown = lazy.changed({key: None}, {key: single_track(2, pack([BOX]))})

    assert sorted(grown.on_frame(UNIT, 2)) == [2, 3]
    assert lazy.on_frame(UNIT, 2) == build_index(tracks).on_frame(UNIT, 2) == [2]
    assert make_document(tracks=tracks, lazy=True).on_frame(UNIT, 1) == (1,)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 5)), max_size=6))
def test_the_next_ordinal_follows_the_largest(given_: list[tuple[str, int]]) -> None:
    instances = [Instance(id=InstanceId(n), class_id=ClassId(c), ordinal=o) for n, (c, o) in enumerate(given_)]
    document = make_document(instances=instances)
    for name in "ab":
        assert max((o + 1 for c, o in given_ if c == name), default=0) == document.next_ordinal(ClassId(name))
