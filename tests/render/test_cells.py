from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tui_editor.render.cells import (
    HALF_BLOCK,
    Cells,
    cells_for,
    colours_256,
    encode_cells,
    half_blocks,
    held,
    merged,
    nearest_256,
    row_texts,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROWS, COLUMNS = 12, 30
few_levels = st.sampled_from([0, 7, 128, 255])
pictures = hnp.arrays(np.uint8, (2 * ROWS, COLUMNS, 3), elements=few_levels)


def screen(*, top: int = 0, left: int = 0) -> pyte.Screen:
    return pyte.Screen(COLUMNS + left, ROWS + top)


def feed(display: pyte.Screen, data: bytes) -> None:
    pyte.ByteStream(display).feed(data)


def seen(display: pyte.Screen, *, top: int = 0, left: int = 0) -> NDArray[np.uint8]:
    """Return the pixels (2 · rows, columns, 3) that a terminal shows."""
    pixels = np.zeros((2 * ROWS, COLUMNS, 3), np.uint8)
    for row in range(ROWS):
        for column in range(COLUMNS):
            cell = display.buffer[row + top][column + left]
            assert cell.data in {HALF_BLOCK, " "}
            above = cell.fg if cell.data == HALF_BLOCK else cell.bg
            pixels[2 * row : 2 * row + 2, column] = list(bytes.fromhex(above)), list(bytes.fromhex(cell.bg))
    return pixels


@settings(max_examples=40)
@given(pictures)
def test_a_terminal_shows_the_pixels(picture: Any) -> None:
    display = screen()
    feed(display, encode_cells(half_blocks(picture)))
    np.testing.assert_array_equal(picture, seen(display))


def test_the_block_stands_where_it_is_asked_for() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (2 * ROWS, COLUMNS, 3), np.uint8)
    display = screen(top=3, left=5)
    feed(display, encode_cells(half_blocks(picture), row=3, column=5))
    np.testing.assert_array_equal(picture, seen(display, top=3, left=5))
    assert " " == display.buffer[2][5].data == display.buffer[3][4].data


@settings(max_examples=40)
@given(pictures, hnp.arrays(np.bool_, (2 * ROWS, COLUMNS)), few_levels)
def test_changed_cells_applied_to_the_previous_ones_equal_the_whole(before: Any, where: Any, level: int) -> None:
    after = before.copy()
    after[where] = level
    display = screen()
    feed(display, encode_cells(half_blocks(before)))
    feed(display, encode_cells(half_blocks(after), previous=half_blocks(before)))
    np.testing.assert_array_equal(after, seen(display))


def test_only_changed_cells_are_sent() -> None:
    before = np.zeros((2 * ROWS, COLUMNS, 3), np.uint8)
    after = before.copy()
    after[5, 7] = (1, 2, 3)
    sent = encode_cells(half_blocks(after), previous=half_blocks(before), row=1)
    assert sent == b"\x1b[4;8H\x1b[38;2;0;0;0;48;2;1;2;3m\xe2\x96\x80\x1b[0m"


def test_nothing_is_sent_when_nothing_changed() -> None:
    cells = half_blocks(np.zeros((4, 4, 3), np.uint8))
    assert encode_cells(cells, previous=cells) == b""


def test_previous_cells_of_another_size_are_ignored() -> None:
    cells = half_blocks(np.zeros((4, 4, 3), np.uint8))
    assert encode_cells(cells) == encode_cells(cells, previous=half_blocks(np.zeros((4, 5, 3), np.uint8)))


def test_a_colour_is_named_only_where_it_changes() -> None:
    cells = half_blocks(np.zeros((4, 50, 3), np.uint8))
    sent = encode_cells(cells)
    assert (sent.count(b"38;2;"), sent.count(b"48;2;")) == (0, 1)

    striped = np.zeros((4, 50, 3), np.uint8)
    striped[::2] = 200
    sent = encode_cells(half_blocks(striped))
    assert (sent.count(b"38;2;"), sent.count(b"48;2;")) == (1, 1)


def test_terminals_of_256_colours_get_indices() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (2 * ROWS, COLUMNS, 3), np.uint8)
    sent = encode_cells(half_blocks(picture), depth="256")
    assert b";2;" not in re.sub(rb"\x1b\[\d+;\d+H", b"", sent)
    display = screen()
    feed(display, sent)
    np.testing.assert_array_equal(colours_256()[nearest_256(picture)], seen(display))


@given(st.integers(16, 255))
def test_a_colour_of_the_256_is_shown_by_itself_or_one_as_near_as_fifteen_bits_tell(index: int) -> None:
    colours = colours_256()
    found = colours[nearest_256(colours[index])].astype(int)
    assert int(np.abs(found - colours[index]).max()) <= 10


def test_an_odd_last_row_of_pixels_is_doubled() -> None:
    cells = half_blocks(np.arange(9, dtype=np.uint8).reshape(3, 1, 3))
    np.testing.assert_array_equal(cells.upper[1], cells.lower[1])


@pytest.mark.parametrize("size", [(720, 1280), (3, 3)])
def test_any_picture_fills_a_block_of_cells(size: tuple[int, int]) -> None:
    cells = cells_for(np.full((*size, 3), 77, np.uint8), 10, 20)
    assert isinstance(cells, Cells)
    assert cells.shape == (10, 20)
    assert {77} == set(cells.upper.ravel().tolist()) | set(cells.lower.ravel().tolist())


def test_a_block_without_cells_sends_nothing() -> None:
    assert encode_cells(cells_for(np.zeros((4, 4, 3), np.uint8), 0, 20)) == b""


noisy = hnp.arrays(np.uint8, (2 * ROWS, COLUMNS, 3), elements=st.integers(100, 116))


@settings(max_examples=40)
@given(noisy, noisy, st.integers(0, 12))
def test_cells_that_look_like_what_is_shown_are_held_and_the_others_are_new(
    before: Any, after: Any, tolerance: int
) -> None:
    shown, new = half_blocks(before), half_blocks(after)
    kept = held(new, shown, tolerance=tolerance)
    difference = np.abs(after.astype(int) - before).max(axis=2).reshape(ROWS, 2, COLUMNS).max(axis=1)
    same = difference <= tolerance
    for half in ("upper", "lower"):
        np.testing.assert_array_equal(getattr(shown, half)[same], getattr(kept, half)[same])
        np.testing.assert_array_equal(getattr(new, half)[~same], getattr(kept, half)[~same])
    display = screen()
    feed(display, encode_cells(shown))
    sent = encode_cells(kept, previous=shown)
    feed(display, sent)
    assert sent.count(HALF_BLOCK.encode()) <= (~same).sum()
    expected = np.stack([kept.upper, kept.lower], axis=1).reshape(before.shape)
    np.testing.assert_array_equal(expected, seen(display))


@settings(max_examples=40)
@given(noisy, st.integers(0, 6))
def test_a_merged_cell_is_near_its_own_colours(picture: Any, near: int) -> None:
    cells = half_blocks(picture)
    found = merged(cells, near=near)
    for half in ("upper", "lower"):
        difference = np.abs(getattr(found, half).astype(int) - getattr(cells, half))
        assert difference.max() <= near


@settings(max_examples=40)
@given(noisy, st.integers(0, 2 * ROWS - 1), st.integers(0, COLUMNS - 1))
def test_a_changed_cell_changes_merged_cells_only_beside_it(picture: Any, y: int, x: int) -> None:
    before = merged(half_blocks(picture))
    changed = picture.copy()
    changed[y, x] = 255 - changed[y, x]
    after = merged(half_blocks(changed))
    differs = (before.upper != after.upper).any(axis=2) | (before.lower != after.lower).any(axis=2)
    rows, columns = np.nonzero(differs)
    assert set(rows.tolist()) <= {y // 2}
    assert set((columns // 8).tolist()) <= {x // 8}


def test_a_smooth_gradient_is_merged_into_steps_that_stay_near_it() -> None:
    ramp = np.arange(COLUMNS, dtype=np.uint8)[None, :, None].repeat(2, axis=0).repeat(3, axis=2)
    found = merged(half_blocks(ramp)).upper[0, :, 0].tolist()
    assert found[:8] == [0, 0, 0, 0, 4, 4, 4, 4]
    assert max(abs(a - b) for a, b in zip(found, range(COLUMNS), strict=True)) <= 3


def test_cells_are_not_held_by_those_of_another_size() -> None:
    cells = half_blocks(np.full((4, 4, 3), 9, np.uint8))
    assert held(cells, half_blocks(np.full((4, 5, 3), 9, np.uint8))) is cells


@settings(max_examples=40)
@given(pictures, st.sampled_from(["truecolor", "256"]))
def test_rows_as_text_show_the_pixels_each_by_itself(picture: Any, depth: Any) -> None:
    display = screen()
    for row, text in reversed(list(enumerate(row_texts(half_blocks(picture), depth=depth)))):
        feed(display, f"\x1b[31m\x1b[{row + 1}H{text}".encode())
    expected = picture if depth == "truecolor" else colours_256()[nearest_256(picture)]
    np.testing.assert_array_equal(expected, seen(display))
    display.draw("x")
    assert (display.buffer[1][0].fg, display.buffer[1][0].bg) == ("default", "default")
