"""From a task's state and a frame to the canvas: what the pixels depend on, and how large a frame is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from msgspec.structs import replace

from tests.support.doctext import SIZE, opened
from tui_editor.model.frames import Frame
from tui_editor.render.pixels import render_pixels
from tui_editor.render.viewport import Viewport
from tui_editor.state.picture import PLAIN, Channel, PictureSettings
from tui_editor.state.view import FIT, Camera
from tui_editor.ui.picture.compose import Composer, fit_px, scene_options

if TYPE_CHECKING:
    from tui_editor.state.store import TaskState

CANVAS = (400, 300)
FRAME = Frame(
    pixels=np.random.default_rng(0).integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8),
    full_size=SIZE,
)


def state(camera: Camera = FIT, **settings: object) -> TaskState:
    store = opened("car@0 box 10,10 20,20")
    store.set_view(camera=camera, picture=replace(PLAIN, **settings))
    return store.state


def test_a_plain_view_is_the_frame_as_it_is() -> None:
    composed = Composer().compose(state(), FRAME, CANVAS)
    np.testing.assert_array_equal(composed.base, render_pixels(FRAME, Viewport.fit(SIZE, CANVAS)))


@pytest.mark.parametrize(
    "settings",
    [
        PictureSettings(contrast=2),
        PictureSettings(brightness=0.3),
        PictureSettings(gamma=2),
        PictureSettings(channel=Channel.RED),
        PictureSettings(window=(100, 50)),
        PictureSettings(rotation_deg=90),
        PictureSettings(rotation_deg=17),
    ],
)
def test_each_setting_makes_another_picture_and_is_part_of_what_it_is_kept_by(settings: PictureSettings) -> None:
    composer, plain = Composer(), state()
    before = composer.compose(plain, FRAME, CANVAS)
    store = opened("car@0 box 10,10 20,20")
    store.set_view(picture=settings)
    after = composer.compose(store.state, FRAME, CANVAS)
    assert before.key != after.key
    assert (before.base != after.base).any()
    assert composer.compose(plain, FRAME, CANVAS).base is before.base


def test_pixelated_scaling_is_seen_where_the_frame_is_magnified() -> None:
    camera = Camera(center=(320, 240), scale=8)
    smooth, sharp = (Composer().compose(state(camera, pixelated=on), FRAME, CANVAS).base for on in (False, True))
    assert (smooth != sharp).any()
    assert (sharp[:4, :8] == sharp[0, 0]).all()


@pytest.mark.parametrize(
    ("camera", "angle", "expected"),
    [
        (FIT, 0, CANVAS),
        (FIT, 90, (300, 225)),
        (FIT, 180, (400, 300)),
        (Camera(center=(9, 9), scale=0.5), 30, (320, 240)),
        (Camera(center=(9, 9), scale=2), 30, None),
    ],
)
def test_a_frame_is_read_as_large_as_the_turned_view_shows_it(
    camera: Camera, angle: float, expected: tuple[int, int] | None
) -> None:
    assert fit_px(state(camera, rotation_deg=float(angle)), CANVAS) == expected


def test_on_a_tall_canvas_a_frame_on_its_side_is_read_larger_than_it_would_be_upright() -> None:
    assert fit_px(state(rotation_deg=90.0), (200, 2000)) == (267, 200)


def test_the_hint_grid_has_the_letters_of_the_turn() -> None:
    assert scene_options(state()).grid_letters == "qweasdzxc"
    assert scene_options(state(rotation_deg=90.0)).grid_letters == "edcwsxqaz"
