"""Shapes between two others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import strategies as some
from tui_editor.model.columns import pack
from tui_editor.model.interpolation import INTERPOLATED_KINDS, interpolated
from tui_editor.model.shapes import Box, Keypoint, RotatedBox, ShapeKind

if TYPE_CHECKING:
    from tui_editor.model.shapes import Shape


def between(keys: dict[int, Any], *frames: int) -> list[Shape]:
    found = interpolated(np.array(list(keys), np.int32), pack(list(keys.values())), np.array(frames, np.int32))
    return [found.shape(row) for row in range(len(frames))]


def turned(theta_deg: float) -> RotatedBox:
    return RotatedBox(0, 0, 10, 10, theta_deg)


def test_a_box_goes_at_constant_speed() -> None:
    keys = {0: Box(0, 0, 10, 10), 4: Box(8, 0, 10, 30)}
    assert between(keys, 1, 2, 3) == [Box(2, 0, 10, 15), Box(4, 0, 10, 20), Box(6, 0, 10, 25)]


def test_an_edge_that_stands_still_in_both_keys_stands_still_between_them() -> None:
    keys = {0: Box(0, 0, 100, 7), 10: Box(50, 0, 50, 7)}
    assert [box.x + box.width for box in between(keys, *range(11)) if isinstance(box, Box)] == [100] * 11


def test_each_frame_lies_between_its_nearest_two_keys() -> None:
    keys = {0: Keypoint(0, 0), 2: Keypoint(10, 0), 12: Keypoint(10, 20)}
    assert between(keys, 1, 2, 7, 12) == [Keypoint(5, 0), Keypoint(10, 0), Keypoint(10, 10), Keypoint(10, 20)]


@pytest.mark.parametrize(
    ("first", "last", "middle"),
    [(0, 90, 45), (90, 0, 45), (350, 10, 0), (10, 350, 0), (-30, 30, 0), (200, 190, 195), (0, 180, 270), (370, 20, 15)],
)
def test_an_angle_goes_along_the_shorter_arc(first: float, last: float, middle: float) -> None:
    assert between({0: turned(first), 2: turned(last)}, 1) == [turned(middle)]


def test_the_centre_of_a_turning_box_goes_straight() -> None:
    keys = {0: RotatedBox(0, 0, 10, 10, 0), 2: RotatedBox(10, 20, 30, 10, 40)}
    assert between(keys, 1) == [RotatedBox(5, 10, 20, 10, 20)]


@given(st.sampled_from(sorted(INTERPOLATED_KINDS)), st.data())
def test_on_its_keys_a_track_has_the_shapes_of_its_keys(kind: ShapeKind, data: st.DataObject) -> None:
    track = data.draw(some.tracks(kind, least=2))
    found = interpolated(track.frames, track.geometry, track.frames)
    difference = found.fixed - track.geometry.fixed
    if kind is ShapeKind.ROTATED_BOX:
        difference[:, 4] = (difference[:, 4] + 180) % 360 - 180
    assert np.abs(difference).max() < 1e-6
