from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.render.sixel_decoder import decode_sixel
from tui_editor.render.palette import Palette, build_palette
from tui_editor.render.sixel import encode_sixel, percentages
from tui_editor.render.stopping import EncodingCancelled

COLOURS = np.random.default_rng(2).integers(0, 256, (256, 3), np.uint8)
PALETTE = Palette(colours=COLOURS, table=np.zeros(1 << 15, np.uint8))


def expect_same(indices: Any) -> None:
    """Each pixel has its colour and nothing is painted below the picture; without packing each is painted once."""
    height = len(indices)
    for packed in (True, False):
        picture, painted = decode_sixel(encode_sixel(indices, PALETTE, packed=packed))
        np.testing.assert_array_equal(percentages(COLOURS)[indices], picture[:height])
        assert painted[:height].min() >= 1
        assert packed or painted[:height].max() == 1
        assert (painted[height:] == 0).all()


@given(
    hnp.arrays(
        np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 50)), elements=st.sampled_from([0, 1, 7, 254, 255])
    )
)
def test_a_decoder_sees_the_palette_colours(indices: Any) -> None:
    expect_same(indices)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (6, 2047), (7, 2048), (5, 2049), (13, 5000), (768, 9), (781, 5)])
def test_any_width_and_height_is_encoded(height: int, width: int) -> None:
    expect_same(np.random.default_rng(height).integers(0, 256, (height, width), np.uint8))


@pytest.mark.parametrize("width", [2047, 2048, 4095])
def test_a_run_never_reaches_over_the_end_of_a_line_into_the_next_colour(width: int) -> None:
    indices = np.zeros((12, width), np.uint8)
    indices[:, : width // 2] = 1
    indices[6:, 0] = 2
    expect_same(indices)


def test_a_sub_rectangle_is_the_same_as_that_part_of_the_whole() -> None:
    indices = np.random.default_rng(5).integers(0, 256, (40, 60), np.uint8)
    picture, _ = decode_sixel(encode_sixel(indices[7:31, 8:56], PALETTE))
    np.testing.assert_array_equal(percentages(COLOURS)[indices[7:31, 8:56]], picture[:24])


def test_colours_are_left_out_when_the_terminal_keeps_them() -> None:
    indices = np.zeros((6, 4), np.uint8)
    assert encode_sixel(indices, PALETTE, define_colours=False) == b'\x1bP0;1;0q"1;1;4;6#0!4~\x1b\\'


def test_a_reserved_colour_is_defined_exactly_to_the_percent() -> None:
    photo = np.random.default_rng(0).integers(0, 256, (20, 20, 3), np.uint8)
    photo[4:9, 3:17] = (255, 0, 102)
    palette = build_palette(photo, 32, [(255, 0, 102)])
    picture, _ = decode_sixel(encode_sixel(palette.map(photo), palette))
    assert tuple(picture[5, 5]) == (100, 0, 40)


few_colours = hnp.arrays(
    np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 50)), elements=st.sampled_from([0, 1, 7, 254, 255])
)


def test_only_the_colours_in_use_are_defined_unless_all_are_wanted() -> None:
    indices = np.full((20, 20), 3, np.uint8)
    indices[15, 7] = 200
    assert sorted(re.findall(rb"#(\d+);2;", encode_sixel(indices, PALETTE))) == [b"200", b"3"]
    assert len(re.findall(rb"#\d+;2;", encode_sixel(indices, PALETTE, define_colours="all"))) == 256


@settings(max_examples=60)
@given(few_colours, st.sampled_from([0, 254]))
def test_a_transparent_index_is_not_painted(indices: Any, hole: int) -> None:
    picture, painted = decode_sixel(encode_sixel(indices, PALETTE, transparent=hole))
    height = len(indices)
    np.testing.assert_array_equal(indices != hole, painted[:height] > 0)
    solid = indices != hole
    np.testing.assert_array_equal(percentages(COLOURS)[indices[solid]], picture[:height][solid])
    assert (painted[height:] == 0).all()


def test_bands_with_nothing_to_paint_are_skipped() -> None:
    indices = np.full((60, 8), 9, np.uint8)
    indices[30:32] = 1
    sent = encode_sixel(indices, PALETTE, transparent=9, define_colours=False)
    assert sent == b'\x1bP0;1;0q"1;1;8;60-----#1!8B\x1b\\'


def test_a_picture_that_is_all_holes_paints_nothing() -> None:
    sent = encode_sixel(np.full((13, 8), 9, np.uint8), PALETTE, transparent=9)
    assert sent == b'\x1bP0;1;0q"1;1;8;13\x1b\\'


@settings(max_examples=60)
@given(few_colours, st.booleans(), st.booleans())
def test_a_doubled_picture_is_the_same_as_one_of_repeated_pixels(
    indices: Any, cut_width: bool, cut_height: bool
) -> None:
    large = np.kron(indices, np.ones((2, 2), np.uint8))
    large = large[: len(large) - cut_height, : large.shape[1] - cut_width]
    height, width = large.shape
    sent = encode_sixel(indices, PALETTE, doubled=True, size_px=(width, height))
    picture, painted = decode_sixel(sent)
    np.testing.assert_array_equal(percentages(COLOURS)[large], picture[:height])
    assert (painted[height:] == 0).all()


def test_an_encoder_stops_between_pieces_when_told() -> None:
    answers = iter([False, True])
    with pytest.raises(EncodingCancelled):
        encode_sixel(np.zeros((720, 1280), np.uint8), PALETTE, cancelled=lambda: next(answers))
    assert next(answers, None) is None


@pytest.mark.parametrize(("height", "width"), [(200, 1280), (13, 20_000), (7, 100_001)])
def test_pieces_join_without_a_seam(height: int, width: int) -> None:
    spots = np.random.default_rng(width).integers(0, 3, (height, width // 40 + 1), np.uint8)
    expect_same(np.repeat(spots, 40, axis=1)[:, :width])


@settings(max_examples=60)
@given(
    hnp.arrays(np.uint8, st.tuples(st.integers(1, 25), st.integers(1, 60)), elements=st.integers(0, 3)),
    st.integers(1, 5),
    st.booleans(),
)
def test_lines_shared_by_colours_show_the_same_in_holes_and_when_doubled(
    indices: Any, stretch: int, doubled: bool
) -> None:
    wide = np.repeat(indices, stretch, axis=1)
    sent = [encode_sixel(wide, PALETTE, transparent=3, doubled=doubled, packed=packed) for packed in (True, False)]
    (picture, painted), (expected, times) = map(decode_sixel, sent)
    np.testing.assert_array_equal(times > 0, painted > 0)
    np.testing.assert_array_equal(expected, picture)


def test_lines_shared_by_colours_take_fewer_bytes() -> None:
    rows = np.random.default_rng(3).integers(-1, 2, (120, 400)).cumsum(axis=1) // 4
    indices = (rows % 64).astype(np.uint8)
    assert len(encode_sixel(indices, PALETTE)) < 0.9 * len(encode_sixel(indices, PALETTE, packed=False))
