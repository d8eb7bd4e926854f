"""Pixels in cells: what a terminal of cells shows after the bytes of each codec is the canvas, and no more is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.support.cell_screen import CELL, COLUMNS, ROWS, CellTerminal
from tests.ui.canvas_app import composed, with_marks
from tui_editor.render.raster import draw
from tui_editor.ui.picture.inline_cells import InlineEncoder
from tui_editor.ui.picture.kitty_cells import MOST_IMAGES, KittyCellEncoder
from tui_editor.ui.picture.layout import Layout
from tui_editor.ui.picture.owned_cells import CellPicture, changed_cells, patches
from tui_editor.ui.picture.owned_surface import OwnedSurface
from tui_editor.ui.picture.quality import Quality
from tui_editor.ui.picture.sixel_cells import SixelEncoder

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.ui.picture.composed import Composed

CODECS = [InlineEncoder, lambda: KittyCellEncoder(7, 0)]


def layout(visible: np.ndarray | None = None) -> Layout:
    shown = np.ones((ROWS, COLUMNS), np.bool_) if visible is None else visible
    return Layout(column=0, row=0, visible=shown, cell_px=CELL)


def canvas(what: Composed) -> np.ndarray:
    return draw(what.base, what.marks, what.viewport)[0]


def off(terminal: CellTerminal, what: Composed) -> float:
    return float(np.abs(terminal.screen.astype(int) - canvas(what)).mean())


@pytest.fixture(params=CODECS, ids=["iterm2", "kitty"])
def surface(request: pytest.FixtureRequest) -> OwnedSurface:
    return OwnedSurface(request.param())


def test_the_terminal_shows_the_canvas_and_then_the_next(surface: OwnedSurface) -> None:
    here, terminal = layout(), CellTerminal()
    for index in (0, 1, 2):
        what = composed(index, here.canvas_px)
        terminal.write(surface.show(surface.encode(what, here, Quality.FULL), here).data)
        assert off(terminal, what) < 1.5  # JPEG


def test_a_new_frame_is_quick_and_at_rest_every_pixel_is_true(surface: OwnedSurface) -> None:
    here, terminal = layout(), CellTerminal()
    what = composed(0, here.canvas_px)
    terminal.write(surface.show(surface.encode(what, here, Quality.FULL), here).data)
    terminal.write(surface.show(surface.encode(what, here, Quality.FULL), here).data)

    assert surface.quality is Quality.FULL
    assert (terminal.screen == canvas(what)).all()


def test_a_frame_that_is_decoded_again_each_time_is_made_true_at_rest_too(surface: OwnedSurface) -> None:
    here, terminal = layout(), CellTerminal()
    for _ in range(3):
        what = composed(0, here.canvas_px)
        terminal.write(surface.show(surface.encode(what, here, Quality.FULL), here).data)

    assert surface.quality is Quality.FULL
    assert (terminal.screen == canvas(composed(0, here.canvas_px))).all()


def test_jpeg_is_smaller_the_quicker_it_has_to_be() -> None:
    here, sizes, qualities = layout(), [], []
    for quality in Quality:
        surface, terminal = OwnedSurface(InlineEncoder()), CellTerminal()
        what = composed(0, here.canvas_px)
        update = surface.encode(what, here, quality)
        terminal.write(surface.show(update, here).data)
        assert off(terminal, what) < 3
        sizes.append(update.frame_bytes)
        qualities.append(surface.quality)

    assert qualities == [Quality.COARSE, Quality.REDUCED, Quality.REDUCED]
    assert 0 < sizes[0] < sizes[1] == sizes[2]


def test_what_was_shown_with_loss_is_sent_again_at_rest_and_nothing_else() -> None:
    here, surface, terminal = layout(), OwnedSurface(InlineEncoder()), CellTerminal()
    what = composed(0, here.canvas_px)
    for quality in (Quality.REDUCED, Quality.FULL):
        terminal.write(surface.show(surface.encode(what, here, quality), here).data)
    terminal.painted_px = 0
    fewer = with_marks(what, what.marks[:-4])
    for quality in (Quality.REDUCED, Quality.FULL):
        terminal.write(surface.show(surface.encode(fewer, here, quality), here).data)

    assert 0 < terminal.painted_px < ROWS * COLUMNS * CELL[0] * CELL[1]
    assert (terminal.screen == canvas(fewer)).all()


def test_what_was_painted_again_with_loss_is_made_true_at_rest() -> None:
    here, surface, terminal = layout(), OwnedSurface(InlineEncoder()), CellTerminal()
    what = composed(0, here.canvas_px)
    for quality in (Quality.REDUCED, Quality.FULL):
        terminal.write(surface.show(surface.encode(what, here, quality), here).data)
    other = composed(1, here.canvas_px)
    terminal.write(surface.show(surface.encode(other, here, Quality.REDUCED), here).data)
    surface.overwritten(here.visible, here)
    terminal.write(surface.show(surface.encode(None, here, surface.quality), here).data)
    terminal.write(surface.show(surface.encode(other, here, Quality.FULL), here).data)

    assert (terminal.screen == canvas(other)).all()


def test_only_the_cells_around_a_changed_label_are_sent_and_without_loss(surface: OwnedSurface) -> None:
    here, terminal = layout(), CellTerminal()
    what = composed(0, here.canvas_px)
    terminal.write(surface.show(surface.encode(what, here, Quality.FULL), here).data)
    terminal.write(surface.show(surface.encode(what, here, Quality.FULL), here).data)
    before, terminal.painted_px = terminal.screen.copy(), 0
    fewer = with_marks(what, what.marks[:-4])

    terminal.write(surface.show(surface.encode(fewer, here, Quality.FULL), here).data)

    changed = (canvas(what) != canvas(fewer)).any(axis=2)
    assert 0 < terminal.painted_px < ROWS * COLUMNS * CELL[0] * CELL[1] / 2
    assert (terminal.screen[changed] == canvas(fewer)[changed]).all()
    untouched = (terminal.screen == before).all(axis=2)
    assert untouched.mean() > 0.5


def test_nothing_is_painted_where_a_dialog_lies_and_all_of_it_after(surface: OwnedSurface) -> None:
    here, terminal = layout(), CellTerminal()
    visible = np.ones((ROWS, COLUMNS), np.bool_)
    visible[5:12, 8:30] = False
    covered = layout(visible)
    what = composed(0, here.canvas_px)
    terminal.write(surface.show(surface.encode(what, here, Quality.FULL), here).data)
    surface.overwritten(~visible, covered)
    under = np.kron(~visible, np.ones(CELL[::-1], bool)).astype(bool)
    terminal.screen[under] = 77

    what = composed(1, here.canvas_px)
    terminal.write(surface.show(surface.encode(what, covered, Quality.FULL), covered).data)
    assert (terminal.screen[under] == 77).all()
    surface.overwritten(np.zeros_like(visible), here)
    assert surface.gone(here)
    terminal.write(surface.show(surface.encode(None, here, Quality.FULL), here).data)
    assert off(terminal, what) < 1.5


def test_images_that_no_cell_shows_are_freed_and_their_number_is_bounded() -> None:
    surface, here, terminal = OwnedSurface(KittyCellEncoder(7, 0)), layout(), CellTerminal()
    what = composed(0, here.canvas_px)
    sent = b""
    for turn in range(3 * MOST_IMAGES):
        marks = what.marks[: 1 + turn % len(what.marks)]
        sent += (data := surface.show(surface.encode(with_marks(what, marks), here, Quality.FULL), here).data)
        terminal.write(data)
        assert (terminal.screen == canvas(with_marks(what, marks))).all()
    sent += surface.hide()

    made = set(re.findall(rb"a=T[^;]*?,i=(\d+)", sent))
    freed = re.findall(rb"\x1b_Ga=d,d=I,i=(\d+)", sent)
    assert made == set(freed)
    assert len(freed) == sent.count(b"a=T")
    assert surface.farewell == b""


@pytest.mark.parametrize("make", CODECS, ids=["iterm2", "kitty"])
def test_the_cursor_is_left_where_it_was(make: Callable[[], InlineEncoder]) -> None:
    here = layout()
    codec = make()
    data = codec.paint(codec.encode(composed(0, here.canvas_px), None, here, Quality.FULL), here.visible, here).data

    assert data.startswith(b"\x1b7")
    assert data.endswith(b"\x1b8")


# --- which cells ---------------------------------------------------------------------------------

masks = arrays(np.bool_, (6, 9))


@given(masks, masks, st.integers(0, 30))
def test_patches_hold_every_cell_and_none_that_is_covered(cells: np.ndarray, visible: np.ndarray, worth: int) -> None:
    cells &= visible
    held = np.zeros_like(cells)
    for rect in patches(cells, visible, worth):
        held[rect.y0 : rect.y1, rect.x0 : rect.x1] = True

    assert (held >= cells).all()
    assert (held <= visible).all()


def test_cells_near_each_other_are_painted_as_one_and_far_ones_are_not() -> None:
    cells = np.zeros((20, 60), np.bool_)
    cells[3:9, 5:8] = cells[4:8, 10:13] = True
    cells[18, 55] = True

    assert sorted(patches(cells, np.ones_like(cells))) == [(5, 3, 13, 9), (55, 18, 56, 19)]


@given(arrays(np.uint8, (3 * 16, 4 * 8, 3)), st.sets(st.tuples(st.integers(0, 47), st.integers(0, 31))))
def test_changed_cells_are_those_with_a_changed_pixel(before: np.ndarray, places: set[tuple[int, int]]) -> None:
    after = before.copy()
    for y, x in places:
        after[y, x, 1] ^= 1
    here = Layout(column=0, row=0, visible=np.ones((3, 4), np.bool_), cell_px=CELL)
    found = changed_cells(CellPicture(pixels=before, base=before), CellPicture(pixels=after, base=before), here)

    assert {(int(y), int(x)) for y, x in np.argwhere(found)} == {(y // 16, x // 8) for y, x in places}


# --- text over the whole picture -------------------------------------------------------------------


def painted() -> tuple[OwnedSurface, Layout, bytes]:
    """Return a surface with a picture, its layout, and the bytes that painted it."""
    surface, here = OwnedSurface(SixelEncoder()), layout()
    shown = surface.show(surface.encode(composed(0, here.canvas_px), here, Quality.FULL), here)
    return surface, here, shown.data


def test_a_picture_that_text_was_written_over_as_a_whole_is_painted_again_at_once() -> None:
    surface, here, data = painted()

    assert surface.overwritten(np.ones((ROWS, COLUMNS), np.bool_), here) == data
    assert not surface.gone(here)


def test_a_picture_that_a_dialog_covers_is_not_painted_over_it() -> None:
    surface, _, _ = painted()
    visible = np.ones((ROWS, COLUMNS), np.bool_)
    visible[5:15, 10:30] = False
    covered = layout(visible)

    assert surface.overwritten(np.ones((ROWS, COLUMNS), np.bool_), covered) == b""
    assert surface.gone(covered)


def test_a_few_cells_that_were_written_over_wait_for_the_next_update() -> None:
    surface, here, _ = painted()
    cells = np.zeros((ROWS, COLUMNS), np.bool_)
    cells[0, :5] = True

    assert surface.overwritten(cells, here) == b""
    assert surface.gone(here)
