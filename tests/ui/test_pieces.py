"""How a picture that the terminal holds moves with the viewport."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tui_editor.render.viewport import Viewport
from tui_editor.ui.picture.pieces import move_between

angles = st.sampled_from([0.0, 90.0, 180.0, 270.0]) | st.floats(0, 360)
VIEW = Viewport(centre_px=(320, 240), scale=1.5, canvas_size=(800, 600))


@given(angles, st.floats(-400, 400), st.floats(-300, 300), st.floats(0.25, 4))
def test_a_turned_picture_follows_pan_and_zoom(angle: float, dx: float, dy: float, factor: float) -> None:
    old = replace(VIEW, rotation_deg=angle)
    new = old.pan(dx, dy).zoom_at((100, 500), factor)
    move = move_between(old, new)
    assert move is not None
    for point in [(0.0, 0.0), (320.0, 10.0), (639.0, 479.0)]:
        there = move.apply(*old.to_screen(point).tolist())
        np.testing.assert_allclose(there, new.to_screen(point), atol=0.5)


@pytest.mark.parametrize("angle", [1, 17, 90, 180, 270])
def test_a_picture_does_not_follow_a_turn(angle: float) -> None:
    assert move_between(VIEW, replace(VIEW, rotation_deg=angle)) is None
