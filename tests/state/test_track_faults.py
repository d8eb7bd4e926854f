"""What may be wrong with a track: found for many tracks at once as for each by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.model.shapes import Box, Keypoint, Polyline, Presence, Shape
from tui_editor.model.tracks import Label, Track, make_track
from tui_editor.state.track_faults import has_gap, has_jump, is_short, is_single, jumps, which_jump


def track(*shapes: Shape, step: int = 1) -> Track:
    return make_track([Label(frame=n * step, shape=shape) for n, shape in enumerate(shapes)])


def boxes(*lefts: float, step: int = 1) -> Track:
    return track(*(Box(left, 0, 10, 10) for left in lefts), step=step)


@pytest.mark.parametrize(
    ("found", "frames"),
    [
        (boxes(0, 1, 2, 3), []),
        (boxes(0, 1, 90, 91, 92), [2]),
        (boxes(0, 1, 40, step=40), []),
        (boxes(0, 90), []),  # of two labels nobody knows what is usual
        (boxes(0, 30, 60, 90), []),  # it is always that fast
        (track(*(Keypoint(x, 0) for x in (0, 1, 2, 50, 51))), [3]),
        (track(*(Polyline(np.array([[x, 0.0], [x + 4, 4]])) for x in (0, 1, 2, 99, 100))), [3]),
        (track(Presence(), Presence(), Presence()), []),
    ],
)
def test_a_step_that_is_long_for_the_thing_and_for_the_track_is_a_jump(found: Track, frames: list[int]) -> None:
    assert jumps(found).tolist() == frames
    assert has_jump(found) == bool(frames)


def test_gaps_and_few_labels_are_seen() -> None:
    assert has_gap(boxes(0, 1, step=2))
    assert not has_gap(boxes(0, 1))
    assert is_single(boxes(0))
    assert is_short(boxes(0, 1, 2, 3))
    assert not is_short(boxes(0, 1, 2, 3, 4))


lefts = st.lists(st.integers(0, 60), min_size=1, max_size=6)


@given(st.lists(st.tuples(lefts, st.integers(1, 3)), min_size=1, max_size=5))
def test_many_tracks_are_judged_as_each_by_itself(made: list[tuple[list[int], int]]) -> None:
    tracks = [boxes(*places, step=step) for places, step in made]
    starts = np.concatenate([[0], np.cumsum([len(t) for t in tracks])])
    frames = np.concatenate([t.frames for t in tracks])
    fixed = np.concatenate([t.geometry.fixed for t in tracks])
    each = [has_jump(t) for t in tracks]
    assert which_jump(tracks, fixed, frames, starts).tolist() == each
    assert which_jump(tracks, None, frames, starts).tolist() == each
