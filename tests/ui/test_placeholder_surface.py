"""Pictures behind a multiplexer: text written once, pixels uploaded when they changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from tests.ui.canvas_app import composed
from tui_editor.render.diacritics import DIACRITICS
from tui_editor.render.placeholders import MOST_CELLS, placeholder_id
from tui_editor.ui.picture import placeholder_surface
from tui_editor.ui.picture.layout import Layout
from tui_editor.ui.picture.placeholder_surface import AGAIN_S, BEHIND_S, PlaceholderRow, PlaceholderSurface
from tui_editor.ui.picture.quality import Quality
from tui_editor.ui.terminal.lazy_strip import LazyStrip

if TYPE_CHECKING:
    import pytest

    from tui_editor.ui.picture.surface import Shown


def layout(rows: int = 20, columns: int = 40) -> Layout:
    return Layout(column=0, row=0, visible=np.ones((rows, columns), np.bool_), cell_px=(8, 16))


def shown(surface: PlaceholderSurface, index: int, here: Layout, quality: Quality = Quality.FULL) -> Shown:
    return surface.show(surface.encode(composed(index, here.canvas_px), here, quality), here)


def images(data: bytes) -> list[bytes]:
    return re.findall(rb"a=p,U=1,i=(\d+)", data)


def test_the_text_is_made_once_and_every_new_picture_is_one_upload_under_the_same_id() -> None:
    surface, here = PlaceholderSurface(7, 0), layout()
    first = shown(surface, 0, here)
    text = surface.strips
    second = shown(surface, 1, here)

    assert [strip.cell_length for strip in text] == [40] * 20
    assert surface.strips is text
    assert images(first.data) == images(second.data) != []
    assert (first[0], second[0]) == (b"", b"")


def test_a_picture_that_did_not_change_is_not_sent_again() -> None:
    surface, here = PlaceholderSurface(7, 0), layout()
    shown(surface, 0, here)

    assert shown(surface, 0, here).data == b""


def test_a_quick_picture_is_smaller_and_the_true_one_follows() -> None:
    surface, here = PlaceholderSurface(7, 0), layout()
    sizes, qualities = [], []
    for quality in (Quality.COARSE, Quality.FULL, Quality.COARSE):
        sizes.append(len(shown(surface, 0, here, quality).data))
        qualities.append(surface.quality)

    assert qualities == [Quality.COARSE, Quality.FULL, Quality.FULL]
    assert 0 < sizes[0] < sizes[1]
    assert sizes[2] == 0


@given(st.data())
def test_text_is_cut_between_cells_wherever_a_dialog_lies(data: st.DataObject) -> None:
    row = PlaceholderRow(30, ((placeholder_id(1, 7), 0, 200), (placeholder_id(1, 8), 200, 260)))
    start = data.draw(st.integers(0, 259))
    end = data.draw(st.integers(start + 1, 260))
    piece = LazyStrip(row, 0, 260).divide([start, end])[-1]

    for text in (piece.text, piece.render(Console(color_system="truecolor"))):
        cells = re.findall("\U0010eeee(.)(.)(.)", text)
        places = [DIACRITICS.index(column) for _, column, _ in cells]
        assert places == [column % 200 for column in range(start, end)]
    assert piece.cell_length == cell_len(piece.text) == end - start


def test_dialogs_need_nothing() -> None:
    surface, here = PlaceholderSurface(7, 0), layout()
    shown(surface, 0, here)

    assert surface.overwritten(here.visible, here) == b""
    assert not surface.gone(here)


def test_what_follows_soon_after_all_the_text_is_sent_again_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(placeholder_surface, "monotonic", lambda: now)
    surface, here = PlaceholderSurface(7, 0), layout()
    shown(surface, 0, here)
    now += BEHIND_S - 0.1
    second, text = shown(surface, 1, here), surface.strips
    assert not surface.gone(here)

    now += BEHIND_S
    assert surface.gone(here)
    again = surface.show(surface.encode(None, here, Quality.FULL), here)
    assert again == second
    assert surface.strips is text
    assert not surface.gone(here)

    now += 0.1
    shown(surface, 2, here)
    now += 10 * BEHIND_S
    assert not surface.gone(here)


def test_after_a_change_of_size_the_picture_is_sent_again_when_tmux_has_redrawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr(placeholder_surface, "monotonic", lambda: now)
    surface, small = PlaceholderSurface(7, 0), layout(10, 20)
    shown(surface, 0, layout())
    shown(surface, 0, small)
    assert not surface.gone(small)

    for wait in AGAIN_S:
        now = 100.1 + wait
        assert surface.gone(small)
        text = surface.strips
        again = surface.show(surface.encode(None, small, Quality.FULL), small)
        assert len(images(again.data)) == 1
        assert all(old != new for old, new in zip(text, surface.strips, strict=True)), "all of it is written"
        assert not surface.gone(small)


def test_a_screen_wider_than_marks_can_name_is_shown_by_two_images() -> None:
    surface, here = PlaceholderSurface(7, 0), layout(2, MOST_CELLS + 10)
    data = shown(surface, 0, here).data

    assert len(set(images(data))) == 2
    assert [strip.cell_length for strip in surface.strips] == [MOST_CELLS + 10] * 2
    assert len({segment.style for segment in surface.strips[0]}) == 2


def test_hiding_and_leaving_free_all_pixels() -> None:
    surface, here = PlaceholderSurface(7, 0), layout()
    used = images(shown(surface, 0, here).data)[0]

    assert b"d=I,i=" + used in surface.farewell
    assert surface.hide() == surface.farewell
    assert surface.strips == ()
