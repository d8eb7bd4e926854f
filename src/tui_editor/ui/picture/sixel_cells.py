"""Pictures inside the terminal's cells (sixel): composed here, sent where they changed or were overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tui_editor.render.palette import RGB, Palette, build_palette
from tui_editor.render.pixels import BACKGROUND
from tui_editor.render.raster import draw
from tui_editor.render.sixel import encode_sixel
from tui_editor.ui.picture.layout import rectangles, tiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.ui.picture.compose import Composed
    from tui_editor.ui.picture.layout import Layout, Mask

_MANY_COLOURS = 256
_RESERVED = 64
"""Entries of the palette that labels may take at most."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SixelPicture:
    """A canvas in palette colours: all that is needed to paint any part of it again."""

    indices: NDArray[np.uint8]
    palette: Palette
    base: NDArray[np.uint8]


class SixelEncoder:
    """Makes palette pictures of canvases and the bytes of their parts.

    Args:
        colours: Colour registers of the terminal; 0 when unknown.
        largest_px: (width, height) of the largest picture that the terminal takes; None: any.
    """

    def __init__(self, colours: int = 0, largest_px: tuple[int, int] | None = None) -> None:
        self._colours = min(colours, _MANY_COLOURS) if colours >= 2 else _MANY_COLOURS
        self._largest_px = largest_px

    def encode(self, composed: Composed, shown: SixelPicture | None) -> SixelPicture:
        """Return the picture of a canvas; the palette stays while the frame does."""
        canvas, _ = draw(composed.base, composed.marks, composed.viewport)
        palette = shown.palette if shown is not None and shown.base is composed.base else None
        if palette is None:
            palette = build_palette(composed.base, self._colours, _reserve(composed.colours))
        return SixelPicture(indices=palette.map(canvas), palette=palette, base=composed.base)

    def paint(self, picture: SixelPicture, cells: Mask, layout: Layout) -> bytes:
        """Return what paints the given cells (rows, columns) of the canvas."""
        largest = self._largest_cells(layout)
        parts = []
        for rect in rectangles(cells):
            for tile in tiles(rect, largest):
                parts.append(b"\x1b[%d;%dH" % (layout.row + tile.y0 + 1, layout.column + tile.x0 + 1))
                parts.append(encode_sixel(layout.to_px(tile).of(picture.indices), picture.palette))
        return b"\x1b7" + b"".join(parts) + b"\x1b8" if parts else b""

    def _largest_cells(self, layout: Layout) -> tuple[int, int]:
        if self._largest_px is None:
            rows, columns = layout.visible.shape
            return columns, rows
        return self._largest_px[0] // layout.cell_px[0], self._largest_px[1] // layout.cell_px[1]


def changed_cells(before: SixelPicture | None, after: SixelPicture, layout: Layout) -> Mask:
    """Return which cells (rows, columns) look different in two pictures; all where they can't be compared."""
    rows, columns = layout.visible.shape
    if before is None or before.palette is not after.palette or before.indices.shape != after.indices.shape:
        return np.ones((rows, columns), np.bool_)
    width, height = layout.cell_px
    differs = (before.indices != after.indices).reshape(rows, height, columns, width)
    cells: Mask = differs.any(axis=(1, 3))
    return cells


def _reserve(colours: tuple[RGB, ...]) -> tuple[RGB, ...]:
    return (BACKGROUND, (255, 255, 255), *colours)[:_RESERVED]
