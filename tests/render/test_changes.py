from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tui_editor.render.changes import EXACT, Thresholds, changed_blocks, cover, pixel_mask, taken_over

masks = hnp.arrays(np.bool_, st.tuples(st.integers(1, 12), st.integers(1, 16)))


def gray(height: int, width: int) -> Any:
    return np.full((height, width, 3), 100, np.uint8)


@pytest.mark.parametrize(("by", "changed"), [(3, False), (4, True)])
def test_a_block_counts_from_a_mean_difference_beyond_the_threshold(by: int, changed: bool) -> None:
    after = gray(32, 24)
    after[16:, 8:16] += by
    blocks = changed_blocks(after, gray(32, 24), (8, 16), Thresholds(mean=3, largest=255))
    assert np.argwhere(blocks).tolist() == ([[1, 1]] if changed else [])


@pytest.mark.parametrize(("by", "changed"), [(32, False), (33, True)])
def test_one_pixel_counts_from_a_difference_beyond_the_threshold(by: int, changed: bool) -> None:
    after = gray(32, 24)
    after[20, 10, 2] -= by
    blocks = changed_blocks(after, gray(32, 24), (8, 16), Thresholds(mean=3, largest=32))
    assert blocks.any() == changed


def test_noise_of_a_camera_changes_nothing() -> None:
    noisy = (gray(160, 160) + np.random.default_rng(0).normal(0, 3, (160, 160, 3))).round().astype(np.uint8)
    assert not changed_blocks(noisy, gray(160, 160), (8, 16)).any()


def test_what_drifts_slowly_is_sent_once_it_differs_from_what_is_shown() -> None:
    shown = gray(16, 8)
    sent = []
    for step in range(1, 9):
        frame = gray(16, 8) + np.uint8(step)
        blocks = changed_blocks(frame, shown, (8, 16))
        shown = taken_over(frame, shown, blocks, (8, 16))
        sent.append(bool(blocks.any()))
    assert sent == [False, False, False, True, False, False, False, True]


@settings(max_examples=40)
@given(
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    st.tuples(st.integers(1, 9), st.integers(1, 17)),
    st.integers(0, 2**32 - 1),
)
def test_after_sending_what_changed_exactly_nothing_differs(
    size: tuple[int, int], block: tuple[int, int], seed: int
) -> None:
    random = np.random.default_rng(seed)
    shown = random.integers(0, 256, (*size, 3), np.uint8)
    frame = np.where(random.random((*size, 1)) < 0.05, 255 - shown, shown).astype(np.uint8)
    blocks = changed_blocks(frame, shown, block, EXACT)
    np.testing.assert_array_equal(frame, taken_over(frame, shown, blocks, block))


@given(masks)
def test_pixels_of_a_block_are_set_together_and_cut_at_the_edge(blocks: Any) -> None:
    whole = np.kron(blocks, np.ones((5, 3), np.bool_))
    cut = whole[: max(1, len(whole) - 2), : max(1, whole.shape[1] - 1)]
    np.testing.assert_array_equal(cut, pixel_mask(blocks, (3, 5), (cut.shape[1], cut.shape[0])))


@given(masks, st.integers(0, 10))
def test_rectangles_cover_every_set_block(blocks: Any, slack: int) -> None:
    covered = np.zeros_like(blocks)
    for rect in cover(blocks, slack=slack):
        assert not rect.empty
        covered[rect.y0 : rect.y1, rect.x0 : rect.x1] = True
    assert (covered | ~blocks).all()


@given(masks)
def test_without_slack_only_set_blocks_are_covered_and_each_once(blocks: Any) -> None:
    covered = np.zeros(blocks.shape, int)
    for rect in cover(blocks, slack=0):
        covered[rect.y0 : rect.y1, rect.x0 : rect.x1] += 1
    np.testing.assert_array_equal(blocks.astype(int), covered)


def test_a_slanted_thing_takes_few_rectangles() -> None:
    blocks = np.eye(8, dtype=np.bool_) | np.eye(8, k=1, dtype=np.bool_)
    assert len(cover(blocks)) < len(cover(blocks, slack=0)) == 8
