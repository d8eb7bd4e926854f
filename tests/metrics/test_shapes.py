"""How much shapes have in common: outlines, points and lines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.metrics.boundary import boundary_f, outline
from tui_editor.metrics.keypoints import keypoint_similarity, line_similarity, resampled
from tui_editor.metrics.pairs import beside_each_other, box_overlap, box_pairs, within_groups
from tui_editor.metrics.similarity import mask_overlap
from tui_editor.model.masks import Mask, bitmask_from_array, empty_bitmask, frame_array

SIZE = (120, 90)


def square(left: int, top: int, side: int) -> Mask:
    field = np.zeros((SIZE[1], SIZE[0]), bool)
    field[top : top + side, left : left + side] = True
    return field


def davis_f(a: Mask, b: Mask, reach: int) -> float:
    """Return boundary F as DAVIS defines it, on the whole frame, pixel by pixel."""

    def widened(edge: Mask) -> Mask:
        wide = np.zeros_like(edge)
        for y, x in np.argwhere(edge):
            rows, columns = np.ogrid[: edge.shape[0], : edge.shape[1]]
            wide |= (rows - y) ** 2 + (columns - x) ** 2 <= reach**2
        return wide

    edges = outline(a), outline(b)
    precision = (edges[1] & widened(edges[0])).sum() / edges[1].sum()
    recall = (edges[0] & widened(edges[1])).sum() / edges[0].sum()
    return float(2 * precision * recall / (precision + recall)) if precision + recall else 0.0


@pytest.mark.parametrize("shift", [0, 1, 2, 3, 5, 20])
def test_boundary_f_is_that_of_davis_on_the_whole_frame(shift: int) -> None:
    a, b = square(20, 20, 30), square(20 + shift, 20, 30)
    ours = boundary_f(bitmask_from_array(a), bitmask_from_array(b), SIZE)

    assert ours == pytest.approx(davis_f(a, b, 2))


def test_masks_at_the_edge_of_the_frame_have_outlines_there_as_in_davis() -> None:
    a, b = square(0, 0, 30), square(90, 60, 30)

    for mask in (a, b):
        assert boundary_f(bitmask_from_array(mask), bitmask_from_array(mask), SIZE) == 1
    assert boundary_f(bitmask_from_array(a), bitmask_from_array(b), SIZE) == 0


def test_masks_without_a_pixel_agree_with_each_other_only() -> None:
    some = bitmask_from_array(square(3, 3, 4))

    assert boundary_f(empty_bitmask(), empty_bitmask(), SIZE) == 1
    assert boundary_f(empty_bitmask(), some, SIZE) == 0


@given(st.integers(0, 2**20))
def test_the_overlap_of_masks_is_counted_in_pixels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = (rng.random((6, 9)) < 0.5 for _ in range(2))
    masks = [bitmask_from_array(field, 3, 2) for field in (a, b)]
    expected = (a & b).sum() / (a | b).sum()

    assert mask_overlap(masks[0], masks[1]) == pytest.approx(expected)
    assert frame_array(masks[0], 12, 8).sum() == a.sum()


@given(st.integers(0, 2**20))
def test_a_sweep_finds_every_pair_of_boxes_that_overlaps(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sides = [
        (np.sort(rng.integers(0, 4, n)), np.column_stack([rng.uniform(-50, 50, (n, 2)), rng.uniform(0, 30, (n, 2))]))
        for n in rng.integers(1, 30, 2)
    ]
    (a_groups, a), (b_groups, b) = sides
    every = [
        (int(r), int(c))
        for rows, columns in within_groups(a_groups, b_groups)
        for r, c in zip(rows, columns, strict=True)
        if box_overlap(a[[r]], b[[c]])[0] > 0
    ]
    found = box_pairs(a, a_groups, b, b_groups)

    assert sorted(zip(found.rows.tolist(), found.columns.tolist(), strict=True)) == sorted(every)


@pytest.mark.parametrize("side", [0, 1])
def test_a_coordinate_that_is_none_hides_no_other_pair(side: int) -> None:
    boxes = [np.array([[0, 0, 9, 9], [50, 0, 9, 9]], float) for _ in range(2)]
    boxes[side][0, 0] = np.nan
    frame = np.zeros(2, np.int64)

    assert box_pairs(boxes[0], frame, boxes[1], frame).rows.tolist() == [1]
    assert len(box_pairs(boxes[0][:0], frame[:0], boxes[1], frame)) == 0


def test_boxes_far_apart_on_a_crowded_frame_are_not_looked_at() -> None:
    row = np.column_stack([np.arange(300) * 50.0, np.zeros(300), np.full((300, 2), 20.0)])
    frame = np.zeros(300, np.int64)

    assert sum(len(rows) for rows, _ in beside_each_other(row, frame, row, frame)) == 300


def test_keypoints_fall_off_with_the_square_of_their_distance() -> None:
    truth = np.array([[[0, 0, 1], [10, 0, 1], [99, 99, 0]]], float)
    found = np.array([[[3, 4, 1], [10, 0, 1], [0, 0, 1]]], float)
    area, sigmas, around = np.array([100.0]), np.full(3, 0.5), np.array([[0, 0, 10, 0]], float)

    assert keypoint_similarity(truth, found, area, sigmas, around)[0] == pytest.approx((np.exp(-25 / 200) + 1) / 2)


def test_a_line_is_like_itself_with_other_points_and_turned_round_it_is_not() -> None:
    coarse = np.array([[0, 0], [100, 0]], float)
    fine = np.column_stack([np.linspace(0, 100, 33), np.zeros(33)])
    forth, back = line_similarity(coarse, fine, 200 * 100)

    assert forth == pytest.approx(1)
    assert back < 0.2


def test_points_along_a_line_are_equally_far_apart() -> None:
    bent = np.array([[0, 0], [3, 0], [3, 4]], float)

    assert resampled(bent, 8).tolist() == pytest.approx(
        np.array([[0, 0], [1, 0], [2, 0], [3, 0], [3, 1], [3, 2], [3, 3], [3, 4]], float)
    )
    assert resampled(np.array([[5, 6]], float), 3).tolist() == [[5, 6]] * 3
