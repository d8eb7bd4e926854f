"""The reader of X dumps and the comparisons."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from tests.terminals.picture import assert_same, count_colour, crop, difference, find_colour, read_xwd


def make_dump(pixels: bytes, *, width: int, height: int, big_endian: bool, bits: int = 32) -> bytes:
    colours, padding = 2, 8
    words = [100 + padding, 7, 2, 24, width, height, 0, int(big_endian), 32, 0, 32, bits, width * bits // 8 + 4]
    words += [4, 0xFF0000, 0x00FF00, 0x0000FF, 8, 256, colours, width, height, 0, 0, 0]
    return struct.pack(">25I", *words) + b"n" * padding + b"c" * 12 * colours + pixels


@pytest.mark.parametrize(
    ("big_endian", "bits", "pixels"),
    [
        (False, 32, b"\x03\x02\x01\x00" + b"\x06\x05\x04\x00" + b"...."),
        (True, 32, b"\x00\x01\x02\x03" + b"\x00\x04\x05\x06" + b"...."),
        (False, 24, b"\x03\x02\x01" + b"\x06\x05\x04" + b"...."),
        (True, 24, b"\x01\x02\x03" + b"\x04\x05\x06" + b"...."),
    ],
)
def test_a_dump_is_read_in_either_byte_order_without_the_padding_of_its_lines(
    big_endian: bool, bits: int, pixels: bytes
) -> None:
    picture = read_xwd(make_dump(pixels, width=2, height=1, big_endian=big_endian, bits=bits))

    assert picture.tolist() == [[[1, 2, 3], [4, 5, 6]]]


def test_a_dump_of_another_depth_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bits"):
        read_xwd(make_dump(b"", width=0, height=0, big_endian=False, bits=16))


def test_a_colour_is_found_by_the_box_around_its_pixels() -> None:
    picture = np.zeros((20, 30, 3), np.uint8)
    picture[5:9, 10:22] = (250, 3, 0)

    assert find_colour(picture, (255, 0, 0)) == (10, 5, 22, 9)
    assert find_colour(picture, (255, 0, 0), tolerance=2) is None
    assert count_colour(picture, (255, 0, 0)) == 48
    assert crop(picture, (10, 5, 22, 9)).shape == (4, 12, 3)


def test_pictures_of_two_sizes_are_not_compared() -> None:
    with pytest.raises(ValueError, match="pictures of"):
        difference(np.zeros((2, 2, 3), np.uint8), np.zeros((2, 3, 3), np.uint8))


def test_a_few_wrong_pixels_are_told_from_noise() -> None:
    wanted = np.full((100, 100, 3), 100, np.uint8)
    noisy = wanted + np.uint8(1)
    assert_same(noisy, wanted)

    wrong = wanted.copy()
    wrong[:20, :20] = 140
    with pytest.raises(AssertionError, match=r"4\.00% of the pixels"):
        assert_same(wrong, wanted)
