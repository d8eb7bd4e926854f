"""One label in the place of another: the short way gives what the general one gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import strategies as some
from tui_editor.model.shapes import Box, ShapeKind
from tui_editor.model.tracks import Label, make_track, splice
from tui_editor.storage.one_label import with_row

if TYPE_CHECKING:
    from tui_editor.model.tracks import Track


@given(some.tracks(ShapeKind.BOX, least=1), st.data())
def test_a_label_put_in_the_place_of_another_is_as_by_splice(track: Track, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(track) - 1))
    before = track.part(row, row + 1)
    after = make_track([data.draw(some.labels(ShapeKind.BOX, st.just(track.frames.item(row))))])

    changed = with_row(track, before, after)

    expected = splice(track, before, after)
    if changed is None:
        assert track.extra is not None or after.extra is not None
    else:
        assert changed.same(expected)
        assert len(set(changed.people)) == len(changed.people)


def test_a_person_new_to_the_track_takes_the_short_way() -> None:
    track = make_track([Label(frame=f, shape=Box(f, 0, 1, 1), author="ann") for f in (1, 2)])
    after = make_track([Label(frame=2, shape=Box(5, 5, 1, 1), author="eve", editor="ann", edited_ms=3)])

    changed = with_row(track, track.part(1, 2), after)

    assert changed is not None
    assert [(label.author, label.editor) for label in changed.labels()] == [("ann", ""), ("eve", "ann")]
    assert track.people == ("ann",)


@pytest.mark.parametrize(
    "other",
    [
        Label(frame=2, shape=Box(9, 0, 1, 1), author="ann"),
        Label(frame=2, shape=Box(2, 0, 1, 1), author="eve"),
        Label(frame=2, shape=Box(2, 0, 1, 1), author="ann", edited_ms=1),
        Label(frame=3, shape=Box(2, 0, 1, 1), author="ann"),
    ],
)
def test_a_label_that_is_not_there_as_told_is_left_to_splice(other: Label) -> None:
    track = make_track([Label(frame=f, shape=Box(f, 0, 1, 1), author="ann") for f in (1, 2)])

    assert with_row(track, make_track([other]), make_track([other])) is None
