from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tui_editor.render.changes import EXACT, Thresholds
from tui_editor.render.coarse import halved
from tui_editor.render.delta import TILE_PX, Delta, encode_delta
from tui_editor.render.palette import build_palette

SCENE = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
PALETTE = build_palette(SCENE, 255)
sizes = st.tuples(st.integers(1, 30), st.integers(1, 30))


def laid_over(delta: Delta, key: Any) -> Any:
    """Return what a terminal shows of a delta above its key frame."""
    above = np.asarray(Image.open(io.BytesIO(delta.png)).convert("RGBA"))
    assert set(np.unique(above[..., 3]).tolist()) <= {0, 255}
    return np.where(above[..., 3:] == 255, above[..., :3], key)


def sent_pixels(delta: Delta, size: tuple[int, int]) -> Any:
    whole = np.kron(delta.tiles, np.ones((TILE_PX, TILE_PX), np.bool_))
    return whole[: size[0], : size[1]]


@settings(max_examples=60)
@given(sizes, st.integers(0, 2**32 - 1), st.integers(0, 60), st.integers(0, 9), st.integers(0, 60))
def test_a_delta_over_its_key_frame_is_the_frame_where_sent_and_within_the_thresholds_elsewhere(
    size: tuple[int, int], seed: int, noise: int, mean: int, largest: int
) -> None:
    random = np.random.default_rng(seed)
    key = random.integers(0, 256, (*size, 3), np.uint8)
    moved = random.random(size) < 0.02
    frame = np.clip(key.astype(int) + random.integers(-noise, noise + 1, key.shape), 0, 255).astype(np.uint8)
    frame[moved] = random.integers(0, 256, 3)
    delta = encode_delta(frame, key, PALETTE, Thresholds(mean=mean, largest=largest))
    sent, shown = sent_pixels(delta, size), laid_over(delta, key)
    np.testing.assert_array_equal(PALETTE.colours[PALETTE.map(frame)][sent], shown[sent])
    np.testing.assert_array_equal(key[~sent], shown[~sent])
    difference = np.abs(frame.astype(int) - key)
    difference[sent] = 0
    assert difference.max() <= largest
    for top in range(0, size[0], TILE_PX):
        for left in range(0, size[1], TILE_PX):
            tile = difference[top : top + TILE_PX, left : left + TILE_PX]
            assert tile.sum() / (3 * TILE_PX * TILE_PX) <= mean + 0.5


def test_a_tile_with_one_changed_pixel_is_sent_and_no_other() -> None:
    frame = SCENE.copy()
    frame[20, 41, 1] ^= 128
    assert np.argwhere(encode_delta(frame, SCENE, PALETTE, EXACT).tiles).tolist() == [[2, 5]]


def test_a_frame_that_did_not_change_sends_no_tile() -> None:
    delta = encode_delta(SCENE, SCENE, PALETTE, EXACT)
    assert delta.fraction == 0
    np.testing.assert_array_equal(SCENE, laid_over(delta, SCENE))


def test_noise_below_the_thresholds_is_not_sent() -> None:
    frame = np.clip(SCENE.astype(int) + np.random.default_rng(1).integers(-5, 6, SCENE.shape), 0, 255).astype(np.uint8)
    assert encode_delta(frame, SCENE, PALETTE).fraction == 0


def test_a_delta_of_a_new_scene_sends_everything() -> None:
    assert encode_delta(255 - SCENE, SCENE, PALETTE).fraction == 1


def test_a_delta_at_half_resolution_lies_over_the_halved_key_frame() -> None:
    frame = SCENE.copy()
    frame[:32, :32] = 255 - frame[:32, :32]
    key = halved(SCENE)
    delta = encode_delta(halved(frame), key, PALETTE, EXACT)
    assert delta.fraction == 0.25
    shown = laid_over(delta, key)
    np.testing.assert_array_equal(key[16:], shown[16:])
    np.testing.assert_array_equal(PALETTE.colours[PALETTE.map(halved(frame)[:16, :16])], shown[:16, :16])


def test_a_palette_without_a_place_for_the_unseen_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 255"):
        encode_delta(SCENE, SCENE, build_palette(SCENE, 256))


def test_pictures_of_two_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="over a key frame of"):
        encode_delta(SCENE[1:], SCENE, PALETTE)
