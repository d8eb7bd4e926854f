from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.render.rects import EMPTY, Rect, apart, changed, overlap

if TYPE_CHECKING:
    from numpy.typing import NDArray

rects = st.builds(
    lambda x, y, w, h: Rect(x, y, x + w, y + h),
    st.integers(-50, 50),
    st.integers(-50, 50),
    st.integers(1, 40),
    st.integers(1, 40),
)


@given(rects, rects)
def test_a_union_holds_both(a: Rect, b: Rect) -> None:
    both = a.union(b)
    assert (min(a.x0, b.x0), min(a.y0, b.y0)) == both[:2]
    assert (max(a.x1, b.x1), max(a.y1, b.y1)) == both[2:]


@given(rects)
def test_the_empty_rectangle_adds_nothing(a: Rect) -> None:
    assert a == EMPTY.union(a) == a.union(EMPTY)


@given(rects)
def test_an_aligned_rectangle_holds_the_first_in_whole_cells(a: Rect) -> None:
    cells = a.aligned((8, 16))
    assert cells.union(a) == cells
    assert [cells.x0 % 8, cells.x1 % 8, cells.y0 % 16, cells.y1 % 16] == [0, 0, 0, 0]
    assert cells.width < a.width + 16
    assert cells.height < a.height + 32


def test_what_lies_outside_is_clipped_to_nothing() -> None:
    assert Rect(10, 10, 20, 20).clipped(10, 30) == EMPTY


def test_sizes_of_an_empty_rectangle_are_zero() -> None:
    assert (EMPTY.width, EMPTY.height, Rect(5, 5, 3, 9).empty) == (0, 0, True)


@pytest.mark.parametrize("shape", [(20, 30), (20, 30, 3)])
def test_changed_finds_the_bounds_of_what_differs(shape: tuple[int, ...]) -> None:
    before = np.zeros(shape, np.uint8)
    after = before.copy()
    after[4, 7] = 1
    after[9, 5] = 2
    assert Rect(5, 4, 8, 10) == changed(before, after)
    assert changed(before, before) == EMPTY


def pixels(*some: Rect) -> set[tuple[int, int]]:
    return {(x, y) for rect in some for x in range(rect.x0, rect.x1) for y in range(rect.y0, rect.y1)}


def rows(*some: Rect) -> NDArray[np.int32]:
    return np.array(some, np.int32).reshape(-1, 4)


@given(rects, rects)
def test_an_overlap_holds_the_pixels_of_both(a: Rect, b: Rect) -> None:
    assert pixels(overlap(a, b)) == pixels(a) & pixels(b)


@given(st.lists(rects, max_size=6))
def test_rectangles_apart_hold_every_pixel_once(some: list[Rect]) -> None:
    found = apart(rows(*some))
    assert pixels(*some) <= pixels(*found)
    assert len(pixels(*found)) == sum(rect.width * rect.height for rect in found)


def test_rectangles_that_do_not_overlap_stay_as_they_are() -> None:
    some = {Rect(0, 0, 5, 5), Rect(5, 0, 9, 5), Rect(0, 7, 5, 9)}
    assert some == set(apart(rows(*some)))


def test_rectangles_that_overlap_much_become_one() -> None:
    assert apart(rows(Rect(0, 0, 10, 10), Rect(2, 1, 12, 11), EMPTY)) == (Rect(0, 0, 12, 11),)


def test_a_cross_stays_a_cross() -> None:
    found = apart(rows(Rect(0, 50, 100, 52), Rect(50, 0, 52, 100)))
    assert pixels(*found) == pixels(Rect(0, 50, 100, 52), Rect(50, 0, 52, 100))
