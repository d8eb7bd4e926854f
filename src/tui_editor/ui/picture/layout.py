"""Where on the screen a picture may be painted: whole cells, without those that other widgets cover."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tui_editor.render.rects import Rect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]


class Layout(Struct, frozen=True, kw_only=True, eq=False):
    """The cells of a canvas on the screen."""

    column: int
    """Of the first cell on the screen, from 0; may be negative where the canvas is scrolled."""
    row: int
    visible: Mask
    """(rows, columns): which cells of the canvas nothing covers."""
    cell_px: tuple[int, int]
    inside: Mask | None = None
    """(rows, columns): which cells lie on the screen, covered or not; None: all."""

    @property
    def uncovered(self) -> Layout:
        """Return the canvas as if nothing lay over it."""
        return replace(self, visible=np.ones_like(self.visible) if self.inside is None else self.inside)

    @property
    def canvas_px(self) -> tuple[int, int]:
        """Return (width, height) of the canvas in screen pixels."""
        rows, columns = self.visible.shape
        return columns * self.cell_px[0], rows * self.cell_px[1]

    def same(self, other: Layout) -> bool:
        """Return whether both put the canvas on the same cells."""
        here, there = (self.column, self.row, self.cell_px), (other.column, other.row, other.cell_px)
        return here == there and np.array_equal(self.visible, other.visible)

    def cursor_to(self, cells: Rect) -> bytes:
        """Return what moves the cursor to the first of a rectangle of cells."""
        return b"\x1b[%d;%dH" % (self.row + cells.y0 + 1, self.column + cells.x0 + 1)

    def to_cells(self, rect_px: Rect) -> Rect:
        """Return the cells that a rectangle of canvas pixels touches."""
        width, height = self.cell_px
        whole = rect_px.aligned(self.cell_px)
        return Rect(whole.x0 // width, whole.y0 // height, whole.x1 // width, whole.y1 // height)

    def to_px(self, cells: Rect) -> Rect:
        """Return the canvas pixels of a rectangle of cells."""
        width, height = self.cell_px
        return Rect(cells.x0 * width, cells.y0 * height, cells.x1 * width, cells.y1 * height)


def rectangles(mask: Mask) -> Iterator[Rect]:
    """Yield rectangles that hold exactly the set cells, each once: runs of a row, joined where rows are alike."""
    if mask.size and mask.all():  # nothing covers the canvas, as nearly always
        yield Rect(0, 0, mask.shape[1], mask.shape[0])
        return
    runs = _runs(mask)
    for same, rows in groupby(range(len(runs)), key=lambda row: runs[row]):
        numbers = list(rows)
        for start, end in same:
            yield Rect(start, numbers[0], end, numbers[-1] + 1)


def tiles(rect: Rect, largest: tuple[int, int]) -> Iterator[Rect]:
    """Yield a rectangle in pieces of at most `largest` (columns, rows)."""
    for y in range(rect.y0, rect.y1, max(1, largest[1])):
        for x in range(rect.x0, rect.x1, max(1, largest[0])):
            yield Rect(x, y, min(x + max(1, largest[0]), rect.x1), min(y + max(1, largest[1]), rect.y1))


def _runs(mask: Mask) -> list[list[tuple[int, int]]]:
    """Return for each row its runs of set cells as (first, after the last)."""
    rows, columns = mask.shape
    framed = np.zeros((rows, columns + 2), np.bool_)
    framed[:, 1:-1] = mask
    row, column = np.nonzero(framed[:, 1:] != framed[:, :-1])
    runs: list[list[tuple[int, int]]] = [[] for _ in range(rows)]
    for y, start, end in zip(row[::2].tolist(), column[::2].tolist(), column[1::2].tolist(), strict=True):
        runs[y].append((start, end))
    return runs
