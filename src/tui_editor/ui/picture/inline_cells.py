"""OSC 1337 as a codec of cells: large parts as JPEG, a fraction of the bytes; small ones without loss, as PNG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tui_editor.render.inline import encode_jpeg, inline_image
from tui_editor.render.png import encode_png
from tui_editor.render.raster import draw
from tui_editor.ui.picture.owned_cells import CellPicture, Painted, patches

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.render.rects import Rect
    from tui_editor.ui.picture.compose import Composed
    from tui_editor.ui.picture.layout import Layout, Mask
    from tui_editor.ui.picture.quality import Quality

EXACT_PX: Final = 96 * 1024
"""Pixels of a part up to which it is sent without loss: what an edit changes, not what a new frame does."""


class InlineEncoder:
    """Makes picture files of the parts of a canvas. Has no state."""

    farewell = b""  # the terminal drops what no cell shows

    def encode(  # nothing is kept
        self,
        composed: Composed,
        shown: CellPicture | None,  # noqa: ARG002
        layout: Layout,  # noqa: ARG002
        quality: Quality,  # noqa: ARG002
    ) -> CellPicture:
        """Return the picture of a canvas."""
        canvas, _ = draw(composed.base, composed.marks, composed.viewport)
        return CellPicture(pixels=canvas, base=composed.base)

    def paint(self, picture: CellPicture, cells: Mask, layout: Layout) -> Painted:
        """Return what paints the given cells (rows, columns) of the canvas."""
        cells = _grown(cells) & layout.visible
        parts = []
        for rect in patches(cells, layout.visible):
            pixels = layout.to_px(rect).of(picture.pixels)
            parts += [_edges(pixels, rect, layout), layout.cursor_to(rect)]
            parts.append(inline_image(_file(pixels), rect.width, rect.height))
        return Painted(cells=cells, data=b"\x1b7" + b"".join(parts) + b"\x1b8" if parts else b"")

    def shown(self, painted: Painted) -> None:
        """Do nothing: a picture has no name in the terminal."""

    def forget(self) -> None:
        """Do nothing."""


def _grown(cells: Mask) -> Mask:
    """Return cells and their neighbours: JPEG, and scaling by a fraction, let a pixel be seen beside its cell."""
    padded = np.pad(cells, 1)
    rows = padded[:-2] | padded[1:-1] | padded[2:]
    grown: Mask = rows[:, :-2] | rows[:, 1:-1] | rows[:, 2:]
    return grown


def _edges(pixels: NDArray[np.uint8], rect: Rect, layout: Layout) -> bytes:
    """Return blanks in the last row and column of a part, in the colours that its edge has there.

    Where cells are no whole number of pixels (VS Code with its DOM renderer, or a scaled screen) a terminal may leave
    the last pixel of a part unpainted. The blank is seen there, and the picture has no seams.
    """
    width, height = layout.cell_px
    below = pixels[-1].reshape(rect.width, width, 3).mean(axis=1)
    beside = pixels[:, -1].reshape(rect.height, height, 3).mean(axis=1)[:-1]
    column = "".join(
        _move(layout, rect.y0 + row, rect.x1 - 1) + _blank(colour)
        for row, colour in enumerate(beside.astype(int).tolist())
    )
    row = "".join(map(_blank, below.astype(int).tolist()))
    return f"{column}{_move(layout, rect.y1 - 1, rect.x0)}{row}\x1b[49m".encode("ascii")


def _blank(colour: list[int]) -> str:
    red, green, blue = colour
    return f"\x1b[48;2;{red};{green};{blue}m "


def _move(layout: Layout, row: int, column: int) -> str:
    return f"\x1b[{layout.row + row + 1};{layout.column + column + 1}H"


def _file(pixels: NDArray[np.uint8]) -> bytes:
    height, width = pixels.shape[:2]
    return encode_png(pixels) if height * width <= EXACT_PX else encode_jpeg(pixels)
