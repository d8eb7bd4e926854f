"""Pictures as text: strips of half blocks that the compositor owns like any other text."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip

from tui_editor.render.cells import HALF_BLOCK, Cells, cells_for, held, merged, row_texts
from tui_editor.render.marks import HandleMark, PinMark
from tui_editor.render.retained import RetainedRaster
from tui_editor.ui.picture.tag_lines import tag_lines
from tui_editor.ui.terminal.lazy_strip import LazyStrip

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from tui_editor.render.cells import ColourDepth
    from tui_editor.render.marks import Mark
    from tui_editor.render.palette import RGB
    from tui_editor.render.rects import Rect
    from tui_editor.render.viewport import Viewport
    from tui_editor.ui.picture.composed import Composed
    from tui_editor.ui.picture.layout import Layout
    from tui_editor.ui.terminal.lazy_strip import Row

CELL_PX = (2, 4)
"""The canvas of a half-block picture has this many pixels a cell: fine enough for thin lines to be seen."""
_HANDLE_PX = 3
_PIN_PX = 3.0
_JUMP_CELLS = 3
"""Fewer cells that stay as they are between two that change are written along: a jump names the colours anew."""
_MOST_PARTS = 3
"""More parts of a row cost more time than they save bytes."""
_BOARD: RGB = (18, 18, 20)


class Note(NamedTuple):
    """Text that stands in a row in place of cells."""

    column: int
    text: str
    """Of characters one cell wide; it ends within the row."""
    colour: RGB


class CellRow(Struct, frozen=True, kw_only=True, eq=False):
    """A row of half blocks with text in it. The parts of a piece are made when it is first asked for."""

    cells: Cells
    """Of one row."""
    notes: tuple[Note, ...] = ()
    """Later ones lie over earlier ones."""
    made: dict[tuple[int, int, ColourDepth], tuple[str | Segment, ...]] = field(default_factory=dict)

    def parts(self, start: int, end: int, depth: ColourDepth) -> Sequence[str | Segment]:
        """Return columns start ≤ x < end: cells as escape sequences, notes as segments."""
        key = start, end, depth
        if key not in self.made:
            self.made[key] = tuple(
                row_texts(self.part(first, last), depth=depth)[0] if note is None else _written(note, first, last)
                for note, first, last in self._pieces(start, end)
            )
        return self.made[key]

    def segments(self, start: int, end: int) -> list[Segment]:
        """Return columns start ≤ x < end as segments, one for each cell."""
        segments: list[Segment] = []
        for note, first, last in self._pieces(start, end):
            if note is not None:
                segments.append(_written(note, first, last))
                continue
            upper, lower = (half[0, first:last].tolist() for half in (self.cells.upper, self.cells.lower))
            colours = zip(upper, lower, strict=True)
            segments += [Segment(HALF_BLOCK, _style((*above,), (*below,))) for above, below in colours]
        return segments

    def _pieces(self, start: int, end: int) -> Iterator[tuple[Note | None, int, int]]:
        """Yield (note or None for cells, first column, column after the last) from left to right."""
        if not self.notes:
            yield None, start, end
            return
        owners: list[Note | None] = [None] * self.cells.shape[1]
        for note in self.notes:
            owners[note.column : note.column + len(note.text)] = [note] * len(note.text)
        for owner, group in groupby(range(start, end), key=lambda column: owners[column]):
            columns = list(group)
            yield owner, columns[0], columns[-1] + 1

    def part(self, start: int, end: int) -> Cells:
        """Return the cells of columns start ≤ x < end."""
        return Cells(upper=self.cells.upper[:, start:end], lower=self.cells.lower[:, start:end])

    def differs(self, start: int, end: int, other: Row, other_start: int) -> list[tuple[int, int]]:
        """Return the parts that look different; those with little between them as one."""
        if other is self and start == other_start:
            return []
        if not isinstance(other, CellRow):
            return [(start, end)]
        here, there = self.part(start, end), other.part(other_start, other_start + end - start)
        differs = ((here.upper[0] != there.upper[0]) | (here.lower[0] != there.lower[0])).any(axis=1)
        if self.notes or other.notes:
            letters, before = self.letters(start, end), other.letters(other_start, other_start + end - start)
            differs |= [one != two for one, two in zip(letters, before, strict=True)]
        columns = np.flatnonzero(differs) + start
        if not columns.size:
            return []
        breaks = np.flatnonzero(np.diff(columns) > _JUMP_CELLS) + 1
        if len(breaks) >= _MOST_PARTS:
            breaks = breaks[:0]
        ends = [*breaks.tolist(), columns.size]
        return [(int(columns[first]), int(columns[end - 1]) + 1) for first, end in zip([0, *ends], ends, strict=False)]

    def letters(self, start: int, end: int) -> list[tuple[str, RGB] | None]:
        """Return the letter and its colour in each column start ≤ x < end; None for cells."""
        letters: list[tuple[str, RGB] | None] = [None] * self.cells.shape[1]
        for note in self.notes:
            letters[note.column : note.column + len(note.text)] = [(letter, note.colour) for letter in note.text]
        return letters[start:end]

    @property
    def is_thrifty(self) -> bool:
        """Return whether there are cells alone: notes name all their colours."""
        return not self.notes


def half_block_strips(
    composed: Composed,
    layout: Layout,
    before: Sequence[Strip] = (),
    *,
    tolerance: int = 0,
    raster: RetainedRaster | None = None,
) -> tuple[Strip, ...]:
    """Return a strip for each row of the canvas; label tags stand in it as text.

    Args:
        composed: What to show.
        layout: For which cells.
        before: What is shown: a row that looks the same is the same strip again.
        tolerance: By how many levels of 255 a cell may differ from what is shown without being written again.
        raster: Drew what `before` shows, and without tags: only what differs is drawn. None: everything is.
    """
    rows, columns = layout.visible.shape
    raster = raster if raster is not None else RetainedRaster(tags=False)
    marks = _for_cells(composed.marks)
    touched = raster.update(marks, composed.viewport, composed.base)
    shown = _rows(before)
    if shown and (len(shown), shown[0].cells.shape[1]) != (rows, columns):
        shown = ()
    notes = _notes(marks, composed.viewport, rows, columns)
    numbers = range(rows) if touched.whole or not shown else _touched_rows(touched.rects, notes, shown)
    strips = list(before) if shown else [Strip([])] * rows
    for number, row, text in _made(
        touched.raster, numbers, (rows, columns), notes, shown if tolerance else (), tolerance
    ):
        if shown and not row.differs(0, columns, shown[number], 0):
            continue
        if not row.notes:
            row.made[0, columns, "truecolor"] = (text,)
        strips[number] = LazyStrip(row, 0, columns)
    return tuple(strips)


def _touched_rows(
    rects: Sequence[Rect], notes: Mapping[int, Sequence[Note]], shown: Sequence[CellRow]
) -> Sequence[int]:
    """Return the rows of cells that rectangles of canvas pixels reach into, and those with other text."""
    height = CELL_PX[1]
    drawn = {row for rect in rects for row in range(rect.y0 // height, -(-rect.y1 // height))}
    written = {row for row, cells in enumerate(shown) if cells.notes != tuple(notes.get(row, ()))}
    return sorted(drawn | written)


def _made(
    canvas: NDArray[np.uint8],
    numbers: Sequence[int],
    shape: tuple[int, int],
    notes: Mapping[int, Sequence[Note]],
    held_to: Sequence[CellRow],
    tolerance: int,
) -> Iterator[tuple[int, CellRow, str]]:
    """Yield (number, row, text of its cells) of rows of a canvas."""
    if not numbers:
        return
    rows, columns = shape
    parts = canvas if len(numbers) == rows else canvas.reshape(rows, -1, *canvas.shape[1:])[list(numbers)]
    cells = merged(cells_for(parts.reshape(-1, *canvas.shape[1:]), len(numbers), columns))
    if held_to:
        cells = held(cells, _stacked([held_to[number] for number in numbers]), tolerance=tolerance)
    for place, (number, text) in enumerate(zip(numbers, row_texts(cells), strict=True)):
        yield number, CellRow(cells=_row(cells, place), notes=tuple(notes.get(number, ()))), text


def _for_cells(marks: Sequence[Mark]) -> list[Mark]:
    """Return marks as they are drawn on so few pixels: handles and pins that don't hide what they belong to."""
    return [_small(mark) if isinstance(mark, HandleMark | PinMark) else mark for mark in marks]


def _small(mark: HandleMark | PinMark) -> Mark:
    return replace(mark, side_px=_HANDLE_PX) if isinstance(mark, HandleMark) else replace(mark, radius_px=_PIN_PX)


def changed_regions(before: Sequence[Strip], after: Sequence[Strip]) -> list[Region]:
    """Return the rows of the canvas that look different from `before`; all where it had others.

    Whole rows: what of them is written is decided by the shadow of the terminal's text, which compares like with like.
    """
    rows = [
        row
        for row, new in enumerate(after)
        if len(before) != len(after) or before[row].cell_length != new.cell_length or before[row] != new
    ]
    return [Region(0, row, after[row].cell_length, 1) for row in rows]


def _rows(strips: Sequence[Strip]) -> tuple[CellRow, ...]:
    """Return the rows behind strips; none where they are not all whole rows of half blocks."""
    rows = [strip.row for strip in strips if isinstance(strip, LazyStrip)]
    found = tuple(row for row in rows if isinstance(row, CellRow))
    return found if len(found) == len(strips) else ()


def _row(cells: Cells, number: int) -> Cells:
    return Cells(upper=cells.upper[number : number + 1], lower=cells.lower[number : number + 1])


def _stacked(rows: Sequence[CellRow]) -> Cells:
    upper, lower = ([getattr(row.cells, half) for row in rows] for half in ("upper", "lower"))
    return Cells(upper=np.concatenate(upper), lower=np.concatenate(lower))


def _notes(marks: Sequence[Mark], viewport: Viewport, rows: int, columns: int) -> dict[int, list[Note]]:
    """Return the text of each row: label tags, numbers of pins."""
    notes: dict[int, list[Note]] = {}
    for tag in tag_lines(marks, viewport, (rows, columns), CELL_PX):
        notes.setdefault(tag.row, []).append(Note(tag.column, tag.text, tag.colour))
    return notes


def _written(note: Note, start: int, end: int) -> Segment:
    """Return the characters of a note in columns start ≤ x < end."""
    return Segment(note.text[start - note.column : end - note.column], _style(note.colour, _BOARD))


@lru_cache(maxsize=1 << 15)
def _style(above: RGB, below: RGB) -> Style:
    return Style(color=Color.from_rgb(*above), bgcolor=Color.from_rgb(*below))
