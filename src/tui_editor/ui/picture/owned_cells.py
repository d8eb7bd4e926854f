"""What codecs share whose pixels lie in the terminal's cells: the picture, which cells changed, what is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from msgspec import Struct

from tui_editor.ui.picture.layout import rectangles
from tui_editor.ui.picture.quality import Quality

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from tui_editor.render.palette import Palette
    from tui_editor.render.rects import Rect
    from tui_editor.ui.picture.composed import Composed
    from tui_editor.ui.picture.layout import Layout, Mask

WORTH_CELLS = 40
"""Cells that may be painted needlessly to save one more picture with its head."""
_MANY_PATCHES = 200
"""Beyond, joining them costs more time than it saves bytes."""


class CellPicture(Struct, frozen=True, kw_only=True, eq=False):
    """A canvas as its codec wants it: all that is needed to paint any part of it again."""

    pixels: NDArray[np.uint8]
    """(h, w, 3) RGB, or (h, w) indices of the palette."""
    base: NDArray[np.uint8]
    """The frame below the labels; the same array while it did not change."""
    palette: Palette | None = None
    quality: Quality = Quality.FULL
    seen: NDArray[np.uint8] | None = None
    """(h, w, 3) RGB that the terminal shows with it, before colours were reduced; None where the codec keeps none."""
    true: Mask | None = None
    """(rows, columns): which cells are then shown as true as can be, in colours of `true_palette`."""
    true_palette: Palette | None = None
    differs: Mask | None = None
    """Which cells have to be painted after the picture before; None: those whose pixels differ."""

    @property
    def paints_true(self) -> bool:
        """Return whether a cell that is painted with it is as true as can be."""
        return self.quality is Quality.FULL or (self.palette is not None and self.palette is self.true_palette)


class Painted(Struct, frozen=True, kw_only=True, eq=False):
    """Cells (rows, columns) and the bytes that paint them."""

    cells: Mask
    data: bytes
    frame_bytes: int = 0
    """Bytes, where they paint the whole canvas in the picture's quality; else 0."""
    owner: NDArray[np.int32] | None = None
    """(rows, columns): which image of the terminal then shows in each cell; None where images have no names."""


class CellCodec(Protocol):
    """Makes bytes of pictures.

    `encode` and `paint` run one at a time: on the pipeline's thread, little work on the event loop. A codec may
    remember what it drew last, not what is shown: `shown` tells that.
    """

    @property
    def farewell(self) -> bytes:
        """Return what frees pixels that the terminal would keep, whatever was shown."""

    def encode(self, composed: Composed, shown: CellPicture | None, layout: Layout, quality: Quality) -> CellPicture:
        """Return the picture of a canvas; `shown` is the one before."""

    def paint(self, picture: CellPicture, cells: Mask, layout: Layout) -> Painted:
        """Return what paints the given cells (rows, columns) of the canvas, all of which are visible."""

    def adopt(self, picture: CellPicture, composed: Composed) -> None:
        """Take in that a codec like this one made a picture of a canvas."""

    def shown(self, painted: Painted) -> None:
        """Take in that these bytes were written."""

    def forget(self) -> None:
        """Take in that the terminal holds nothing."""


def changed_cells(before: CellPicture | None, after: CellPicture, layout: Layout) -> Mask:
    """Return which cells (rows, columns) look different in two pictures; all where they can't be compared."""
    rows, columns = layout.visible.shape
    if before is None or before.palette is not after.palette or before.pixels.shape != after.pixels.shape:
        return np.ones((rows, columns), np.bool_)
    height, width = layout.cell_px[1], before.pixels.size // (before.pixels.shape[0] * columns)
    # Rows of cells first: whole lines of memory are joined at a time.
    lines = (before.pixels ^ after.pixels).reshape(rows, height, columns * width)
    joined = np.bitwise_or.reduce(lines, axis=1).reshape(rows, columns, width)
    cells: Mask = joined.any(axis=2)
    return cells


def patches(cells: Mask, visible: Mask, worth: int = WORTH_CELLS) -> Iterator[Rect]:
    """Yield rectangles that hold all set cells and no invisible one, few rather than tight.

    Args:
        cells: (rows, columns), which must be painted.
        visible: Which may be painted.
        worth: How many cells may be painted in vain to have one rectangle less.
    """
    exact = list(rectangles(cells))
    yield from exact if len(exact) > _MANY_PATCHES else _joined(exact, visible, worth)


def _joined(rects: Iterable[Rect], visible: Mask, worth: int) -> list[Rect]:
    kept: list[Rect] = []
    for rect in rects:
        new = rect
        while (other := next((one for one in kept if _may_join(one, new, visible, worth)), None)) is not None:
            kept.remove(other)
            new = new.union(other)
        kept.append(new)
    return kept


def _may_join(one: Rect, other: Rect, visible: Mask, worth: int) -> bool:
    whole = one.union(other)
    if _area(whole) - _area(one) - _area(other) > worth:
        return False
    return bool(visible[whole.y0 : whole.y1, whole.x0 : whole.x1].all())


def _area(rect: Rect) -> int:
    return rect.width * rect.height
