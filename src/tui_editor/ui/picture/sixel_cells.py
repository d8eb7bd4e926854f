"""Sixel as a codec of cells: palette pictures, at most as large as the terminal takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.render.palette import RGB, build_palette
from tui_editor.render.pixels import BACKGROUND
from tui_editor.render.raster import draw
from tui_editor.render.sixel import encode_sixel
from tui_editor.ui.picture.layout import tiles
from tui_editor.ui.picture.owned_cells import CellPicture, Painted, patches

if TYPE_CHECKING:
    from tui_editor.ui.picture.compose import Composed
    from tui_editor.ui.picture.layout import Layout, Mask

_MANY_COLOURS = 256
_RESERVED = 64
"""Entries of the palette that labels may take at most."""


class SixelEncoder:
    """Makes palette pictures of canvases and the bytes of their parts.

    Args:
        colours: Colour registers of the terminal; 0 when unknown.
        largest_px: (width, height) of the largest picture that the terminal takes; None: any.
    """

    farewell = b""  # the pixels are nowhere but in the cells

    def __init__(self, colours: int = 0, largest_px: tuple[int, int] | None = None) -> None:
        self._colours = min(colours, _MANY_COLOURS) if colours >= 2 else _MANY_COLOURS
        self._largest_px = largest_px

    def encode(self, composed: Composed, shown: CellPicture | None) -> CellPicture:
        """Return the picture of a canvas; the palette stays while the frame does."""
        canvas, _ = draw(composed.base, composed.marks, composed.viewport)
        palette = shown.palette if shown is not None and shown.base is composed.base else None
        if palette is None:
            palette = build_palette(composed.base, self._colours, _reserve(composed.colours))
        return CellPicture(pixels=palette.map(canvas), palette=palette, base=composed.base)

    def paint(self, picture: CellPicture, cells: Mask, layout: Layout) -> Painted:
        """Return what paints the given cells (rows, columns) of the canvas."""
        assert picture.palette is not None
        largest = self._largest_cells(layout)
        parts = []
        for rect in patches(cells, layout.visible):
            for tile in tiles(rect, largest):
                parts.append(layout.cursor_to(tile))
                parts.append(encode_sixel(layout.to_px(tile).of(picture.pixels), picture.palette))
        return Painted(cells=cells, data=b"\x1b7" + b"".join(parts) + b"\x1b8" if parts else b"")

    def shown(self, painted: Painted) -> None:
        """Do nothing: a picture has no name in the terminal."""

    def forget(self) -> None:
        """Do nothing."""

    def _largest_cells(self, layout: Layout) -> tuple[int, int]:
        if self._largest_px is None:
            rows, columns = layout.visible.shape
            return columns, rows
        return self._largest_px[0] // layout.cell_px[0], self._largest_px[1] // layout.cell_px[1]


def _reserve(colours: tuple[RGB, ...]) -> tuple[RGB, ...]:
    return (BACKGROUND, (255, 255, 255), *colours)[:_RESERVED]
