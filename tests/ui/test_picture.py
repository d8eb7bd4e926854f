"""Where pictures are painted, and with what bytes."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.ui.canvas_app import composed
from tui_editor.render.rects import Rect
from tui_editor.ui.picture.half_blocks import CELL_PX, half_block_strips
from tui_editor.ui.picture.layout import Layout, rectangles, tiles
from tui_editor.ui.picture.owned_surface import OwnedSurface
from tui_editor.ui.picture.quality import Quality
from tui_editor.ui.picture.sixel_cells import SixelEncoder

FULL = Quality.FULL
masks = arrays(np.bool_, st.tuples(st.integers(1, 8), st.integers(1, 8)))


def layout(rows: int = 10, columns: int = 20, covered: Rect | None = None, **place: int) -> Layout:
    visible = np.ones((rows, columns), np.bool_)
    if covered is not None:
        visible[covered.y0 : covered.y1, covered.x0 : covered.x1] = False
    return Layout(column=place.get("column", 0), row=place.get("row", 0), visible=visible, cell_px=(8, 16))


@given(masks)
def test_rectangles_hold_each_set_cell_once(mask: np.ndarray) -> None:
    count = np.zeros(mask.shape, int)
    for rect in rectangles(mask):
        count[rect.y0 : rect.y1, rect.x0 : rect.x1] += 1

    assert (count == mask).all()


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 9), st.integers(1, 9))
def test_tiles_cover_a_rectangle_once_and_are_small_enough(width: int, height: int, most_x: int, most_y: int) -> None:
    count = np.zeros((height, width), int)
    for tile in tiles(Rect(0, 0, width, height), (most_x, most_y)):
        assert tile.width <= most_x
        assert tile.height <= most_y
        count[tile.y0 : tile.y1, tile.x0 : tile.x1] += 1

    assert (count == 1).all()


# --- sixel ---------------------------------------------------------------------------------------


def sixel_at(data: bytes) -> list[tuple[int, int, int, int]]:
    """Return (row, column, width, height) of each sixel picture."""
    found = re.findall(rb'\x1b\[(\d+);(\d+)H\x1bP0;1;0q"1;1;(\d+);(\d+)', data)
    return [(int(row), int(column), int(width), int(height)) for row, column, width, height in found]


def test_sixel_paints_all_once_then_only_what_was_overwritten() -> None:
    surface, here = OwnedSurface(SixelEncoder()), layout(row=1)
    first = surface.show(surface.encode(composed(0, here.canvas_px), here, FULL), here)
    assert sixel_at(first.data) == [(2, 1, 160, 160)]
    assert not surface.gone(here)

    cells = np.zeros((10, 20), np.bool_)
    cells[4:6, 3:8] = True
    assert surface.overwritten(cells, here) == b""
    assert surface.gone(here)
    repaired = surface.show(surface.encode(None, here, FULL), here)
    assert sixel_at(repaired.data) == [(6, 4, 40, 32)]
    assert not surface.gone(here)


def test_sixel_never_paints_over_what_covers_it() -> None:
    surface, here = OwnedSurface(SixelEncoder()), layout()
    covered = layout(covered=Rect(5, 3, 12, 7))
    surface.show(surface.encode(composed(0, here.canvas_px), here, FULL), here)
    surface.overwritten(~covered.visible, covered)

    assert not surface.gone(covered)
    painted = sixel_at(surface.show(surface.encode(composed(1, here.canvas_px), covered, FULL), covered).data)
    assert painted
    for row, column, width, height in painted:
        cells = covered.visible[row - 1 : row - 1 + height // 16, column - 1 : column - 1 + width // 8]
        assert cells.all()
    surface.overwritten(np.zeros((10, 20), np.bool_), here)
    assert surface.gone(here)


def test_an_update_for_where_the_canvas_was_is_not_written() -> None:
    surface, here, there = OwnedSurface(SixelEncoder()), layout(), layout(row=5)
    update = surface.encode(composed(0, here.canvas_px), here, FULL)

    assert surface.show(update, there).data == b""
    assert surface.gone(there)


def test_pictures_larger_than_the_terminal_takes_are_sent_in_tiles() -> None:
    encoder, here = SixelEncoder(256, (100, 60)), layout()
    picture = encoder.encode(composed(0, here.canvas_px), None, here)

    painted = sixel_at(encoder.paint(picture, here.visible, here).data)
    assert all(width <= 100 and height <= 60 for _, _, width, height in painted)
    assert sum(width * height for _, _, width, height in painted) == 160 * 160


# --- half blocks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1, 1), (24, 80)])
def test_half_blocks_fill_the_canvas(size: tuple[int, int]) -> None:
    here = Layout(column=0, row=0, visible=np.ones(size, np.bool_), cell_px=CELL_PX)

    strips = half_block_strips(composed(0, here.canvas_px), here)
    assert [strip.cell_length for strip in strips] == [size[1]] * size[0]


def test_tags_stand_in_half_blocks_as_text() -> None:
    here = Layout(column=0, row=0, visible=np.ones((24, 80), np.bool_), cell_px=CELL_PX)

    assert any("car (0)" in strip.text for strip in half_block_strips(composed(0, here.canvas_px), here))
