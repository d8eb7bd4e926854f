"""Half blocks as strips: the same to look at as segments, at a fraction of their cost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from tests.ui.canvas_app import composed, with_marks
from tui_editor.render.cells import half_blocks
from tui_editor.render.marks import PinMark, Style
from tui_editor.ui.picture.cell_surface import CellSurface
from tui_editor.ui.picture.half_blocks import CELL_PX, CellRow, Note, changed_regions, half_block_strips
from tui_editor.ui.picture.layout import Layout
from tui_editor.ui.picture.quality import Quality
from tui_editor.ui.terminal.lazy_strip import LazyStrip
from tui_editor.ui.terminal.shadow import Shadow
from tui_editor.ui.terminal_text import guard_strips

COLUMNS = 24
RED = (255, 0, 0)
NOTES = (Note(2, "car (0)", (255, 0, 0)), Note(7, "person", (0, 255, 0)), Note(20, "end.", (9, 9, 200)))
SYSTEMS: list[Any] = ["truecolor", "256"]


def console(system: Any) -> Console:
    return Console(color_system=system, force_terminal=True)


def row(seed: int = 0, notes: tuple[Note, ...] = NOTES) -> CellRow:
    pixels = np.random.default_rng(seed).integers(0, 256, (2, COLUMNS, 3), np.uint8)
    return CellRow(cells=half_blocks(pixels), notes=notes)


def lazy(seed: int = 0, notes: tuple[Note, ...] = NOTES) -> LazyStrip:
    return LazyStrip(row(seed, notes), 0, COLUMNS)


def plain(strip: Strip) -> Strip:
    """Return the same strip as Textual makes one."""
    return Strip(list(strip), strip.cell_length)


def rows_of(cells: Any, notes: dict[int, tuple[Note, ...]] | None = None) -> tuple[LazyStrip, ...]:
    parts = [cells[2 * number : 2 * number + 2] for number in range(len(cells) // 2)]
    rows = [CellRow(cells=half_blocks(part), notes=(notes or {}).get(number, ())) for number, part in enumerate(parts)]
    return tuple(LazyStrip(one, 0, cells.shape[1]) for one in rows)


def look(text: str) -> list[tuple[str, str, str]]:
    """Return (character, foreground, background) of the cells that a terminal shows."""
    screen = pyte.Screen(COLUMNS, 1)
    pyte.Stream(screen).feed(text)
    return [(cell.data, cell.fg, cell.bg) for cell in (screen.buffer[0][column] for column in range(COLUMNS))]


def makes_segments(strip: Strip) -> bool:
    """Return whether the segments of a strip were made."""
    return "_segments" in {name for name in Strip.__slots__ if _has_slot(strip, name)}


def _has_slot(strip: Strip, name: str) -> bool:
    try:
        object.__getattribute__(strip, name)
    except AttributeError:
        return False
    return True


def test_a_strip_looks_as_its_segments_do() -> None:
    strip = lazy()
    assert look(strip.render(console("truecolor"))) == look(plain(strip).render(console("truecolor")))
    assert strip.text == "▀▀car (person▀▀▀▀▀▀▀end."


def test_a_terminal_of_256_colours_gets_indices() -> None:
    rendered = lazy(notes=()).render(console("256"))
    assert "38;5;" in rendered
    assert "38;2;" not in rendered


def test_a_terminal_of_16_colours_is_served_by_segments() -> None:
    strip = lazy(notes=())
    assert strip.render(console("standard")) == plain(strip).render(console("standard"))


@settings(max_examples=60)
@given(st.lists(st.integers(0, COLUMNS + 3), max_size=4, unique=True).map(sorted), st.sampled_from(SYSTEMS))
def test_pieces_of_a_strip_look_as_pieces_of_its_segments(cuts: list[int], system: Any) -> None:
    strip, pieces = lazy(), lazy().divide(cuts)
    expected = plain(strip).divide(cuts)
    assert [piece.cell_length for piece in pieces] == [piece.cell_length for piece in expected]
    assert [piece.text for piece in pieces] == [piece.text for piece in expected]
    for piece, other in zip(pieces, expected, strict=True):
        if system == "truecolor":
            assert look(piece.render(console(system))) == look(other.render(console(system)))


@settings(max_examples=60)
@given(st.integers(-3, COLUMNS + 3), st.none() | st.integers(0, COLUMNS + 3))
def test_a_cropped_strip_is_the_crop_of_its_segments(start: int, end: int | None) -> None:
    strip = lazy()
    assert strip.crop(start, end).text == plain(strip).crop(start, end).text
    assert strip.crop(start, end).cell_length == plain(strip).crop(start, end).cell_length


def test_rendering_and_cutting_make_no_segments() -> None:
    strip = lazy()
    for piece in (strip, strip.crop(3, 9), *strip.divide([5, COLUMNS])):
        piece.render(console("truecolor"))
        assert piece.adjust_cell_length(piece.cell_length) is piece
        assert isinstance(piece, LazyStrip)
        assert not makes_segments(piece)
    assert len(strip) == 12
    assert makes_segments(strip)


def test_joined_strips_have_the_segments_of_all() -> None:
    joined = Strip.join([lazy(1), Strip([Segment("|")]), lazy(2)])
    assert joined.text == lazy(1).text + "|" + lazy(2).text
    assert joined.cell_length == 2 * COLUMNS + 1


def test_no_control_character_of_a_tag_reaches_the_terminal() -> None:
    guard_strips()
    rendered = lazy(notes=(Note(3, "a\x1b]52;c;eA==\x07b", (255, 255, 255)),)).render(console("truecolor"))
    assert "\x1b]52" not in rendered
    assert "\x07" not in rendered


def test_what_is_shown_already_is_not_written_again_nor_made_into_segments() -> None:
    cells = np.random.default_rng(0).integers(0, 256, (2, COLUMNS, 3), np.uint8)
    changed = cells.copy()
    changed[1, 5:8] ^= 255
    shadow = Shadow()
    (before,), (same,), (after,) = rows_of(cells), rows_of(cells.copy()), rows_of(changed)

    assert shadow.write(3, 0, before) == [(3, before)]
    assert shadow.write(3, 0, same) == []
    ((column, written),) = shadow.write(3, 0, after)
    assert (column, written.cell_length) == (8, 3)
    assert written.render(console("truecolor")) == after.crop(5, 8).render(console("truecolor"))
    assert not any(makes_segments(strip) for strip in (before, same, after, written))


def test_what_stays_between_two_changes_is_left_out_where_a_jump_is_shorter() -> None:
    cells = np.random.default_rng(0).integers(0, 256, (2, COLUMNS, 3), np.uint8)
    near, far = cells.copy(), cells.copy()
    near[0, [1, 4]] ^= 255
    far[0, [1, 6]] ^= 255
    (row,), (few,), (many,) = rows_of(cells), rows_of(near), rows_of(far)

    assert [(at, part.cell_length) for at, part in few.since(row)] == [(1, 4)]
    assert [(at, part.cell_length) for at, part in many.since(row)] == [(1, 1), (6, 1)]


def test_of_a_row_with_other_notes_the_letters_that_differ_are_written() -> None:
    white, red = (255, 255, 255), (255, 0, 0)
    before, after = lazy(notes=(Note(3, "car", white),)), lazy(notes=(Note(3, "cat", white), Note(9, "x", red)))

    assert [(at, part.cell_length) for at, part in after.since(before)] == [(5, 1), (9, 1)]


@pytest.mark.parametrize("other", [lazy(1), lazy(0, NOTES[:1]), lazy(0).crop(0, 5), plain(lazy(1))])
def test_strips_that_look_different_are_not_equal(other: Strip) -> None:
    assert lazy(0) == lazy(0)
    assert lazy(0) == plain(lazy(0))
    assert lazy(0) != other


# --- from the canvas -----------------------------------------------------------------------------


def layout(rows: int = 24, columns: int = 80) -> Layout:
    return Layout(column=0, row=0, visible=np.ones((rows, columns), np.bool_), cell_px=CELL_PX)


def test_rows_that_look_the_same_are_the_same_strips() -> None:
    here = layout()
    before = half_block_strips(composed(0, here.canvas_px), here)
    after = half_block_strips(composed(0, here.canvas_px), here, before)
    assert all(new is old for new, old in zip(after, before, strict=True))


def test_rows_that_changed_are_written() -> None:
    cells = np.zeros((8, 20, 3), np.uint8)
    changed = cells.copy()
    changed[3, 5] = 7
    assert changed_regions(rows_of(cells), rows_of(changed)) == [Region(0, 1, 20, 1)]
    assert changed_regions(rows_of(cells), rows_of(cells, {2: NOTES[:1]})) == [Region(0, 2, 20, 1)]
    assert changed_regions(rows_of(cells), rows_of(cells.copy())) == []


@pytest.mark.parametrize("before", [(), (Strip.blank(20), Strip.blank(20)), rows_of(np.zeros((4, 19, 3), np.uint8))])
def test_everything_is_written_over_something_else(before: Any) -> None:
    after = rows_of(np.zeros((4, 20, 3), np.uint8))
    assert changed_regions(before, after) == [Region(0, 0, 20, 1), Region(0, 1, 20, 1)]


def test_a_canvas_of_another_size_takes_nothing_over() -> None:
    before = half_block_strips(composed(0, layout(24, 80).canvas_px), layout(24, 80))
    after = half_block_strips(composed(0, layout(24, 60).canvas_px), layout(24, 60), before, tolerance=6)
    assert {strip.cell_length for strip in after} == {60}


def test_noise_within_the_tolerance_is_held_and_else_shown() -> None:
    here = layout()
    before = half_block_strips(composed(0, here.canvas_px), here)
    noisy = composed(0, here.canvas_px)
    noisy.base[:] = noisy.base ^ 1
    held = half_block_strips(noisy, here, before, tolerance=6)
    assert all(new is old for new, old in zip(held, before, strict=True))
    assert any(new is not old for new, old in zip(half_block_strips(noisy, here, before), before, strict=True))


def test_a_row_whose_text_changed_is_another_strip() -> None:
    here = layout()
    before = half_block_strips(composed(0, here.canvas_px), here)
    without = with_marks(composed(0, here.canvas_px), ())
    changed = [new != old for new, old in zip(half_block_strips(without, here, before), before, strict=True)]
    assert any(changed)
    assert not all(changed)


@given(st.lists(st.sets(st.integers(0, 15)), min_size=1, max_size=5))
@settings(max_examples=15, deadline=None)
def test_rows_of_what_was_touched_are_as_those_of_all_that_is_drawn(kept: list[set[int]]) -> None:
    here = layout()
    what = composed(0, here.canvas_px)
    surface = CellSurface()
    for numbers in kept:
        now = with_marks(what, tuple(mark for number, mark in enumerate(what.marks) if number % 16 not in numbers))
        surface.show(surface.encode(now, here, Quality.FULL), here)
        anew = half_block_strips(now, here)
        assert all(map(alike, surface.strips, anew))


def test_a_pin_is_small_in_half_blocks_and_its_number_is_text() -> None:
    here = layout()
    what = composed(0, here.canvas_px)
    pin = PinMark((what.viewport.canvas_size[0] / 2.0, what.viewport.canvas_size[1] / 2.0), "2", Style(colour=RED))
    bare, pinned = (half_block_strips(with_marks(what, marks), here) for marks in ((), (pin,)))
    other = [strip for strip, old in zip(pinned, bare, strict=True) if strip != old]
    assert len(other) <= 4
    assert sum("2" in strip.text for strip in other) == 1


def test_rows_that_were_made_but_never_shown_are_not_taken_for_what_is_seen() -> None:
    here = layout()
    what = composed(0, here.canvas_px)
    without = with_marks(what, ())
    surface = CellSurface()
    surface.show(surface.encode(what, here, Quality.FULL), here)
    surface.encode(without, here, Quality.FULL)
    surface.show(surface.encode(without, here, Quality.FULL), here)
    assert all(map(alike, surface.strips, half_block_strips(without, here)))


def alike(one: Strip, other: Strip) -> bool:
    """Return whether rows have the same text, and the same colours but for what the eye does not see."""
    assert isinstance(one, LazyStrip)
    assert isinstance(other, LazyStrip)
    here, there = one.row, other.row
    assert isinstance(here, CellRow)
    assert isinstance(there, CellRow)
    halves = (here.cells.upper, there.cells.upper), (here.cells.lower, there.cells.lower)
    return here.notes == there.notes and all(np.abs(a.astype(int) - b).max() <= 3 for a, b in halves)
