"""OSC 1337 as a codec of cells: new frames as JPEG, a fraction of the bytes; at rest without loss, as PNG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec.structs import replace

from tui_editor.render.coarse import halved
from tui_editor.render.inline import encode_jpeg, inline_image
from tui_editor.render.png import encode_png
from tui_editor.render.retained import RetainedRaster
from tui_editor.ui.picture.owned_cells import CellPicture, Painted, changed_cells, patches
from tui_editor.ui.picture.quality import Quality

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.render.rects import Rect
    from tui_editor.ui.picture.composed import Composed
    from tui_editor.ui.picture.layout import Layout, Mask

EXACT_PX: Final = 96 * 1024
"""Pixels of a part up to which it is sent without loss in any case: what an edit changes, not what a new frame does."""
_JPEG_QUALITY: Final = {Quality.REDUCED: 90, Quality.COARSE: 75}


class InlineEncoder:
    """Makes picture files of the parts of a canvas."""

    farewell = b""  # the terminal drops what no cell shows

    def __init__(self) -> None:
        self._raster = RetainedRaster()

    def encode(
        self, composed: Composed, shown: CellPicture | None, layout: Layout, quality: Quality = Quality.FULL
    ) -> CellPicture:
        """Return the picture of a canvas: of a frame that was not seen before never the true one at once."""
        canvas = self._raster.update(composed.marks, composed.viewport, composed.base).raster.copy()
        picture = CellPicture(pixels=canvas, base=composed.base, quality=quality)
        changed = changed_cells(shown, picture, layout)
        # A frame that was decoded again has another base: pixels that are seen already need no haste.
        seen = shown is not None and (shown.base is composed.base or not changed.any())
        made = quality if seen else min(quality, Quality.REDUCED)
        picture = replace(picture, quality=made)
        true = np.zeros_like(changed) if shown is None or shown.true is None else shown.true
        if true.shape != changed.shape:
            true = np.zeros_like(changed)
        if made is Quality.FULL:
            return replace(picture, true=np.ones_like(changed), differs=changed | ~true)
        return replace(picture, true=true & ~changed, differs=changed)

    def paint(self, picture: CellPicture, cells: Mask, layout: Layout) -> Painted:
        """Return what paints the given cells (rows, columns) of the canvas."""
        cells = _grown(cells) & layout.visible
        parts = []
        for rect in patches(cells, layout.visible):
            pixels = layout.to_px(rect).of(picture.pixels)
            parts += [_edges(pixels, rect, layout), layout.cursor_to(rect)]
            parts.append(inline_image(_file(pixels, picture.quality), rect.width, rect.height))
        data = b"\x1b7" + b"".join(parts) + b"\x1b8" if parts else b""
        return Painted(cells=cells, data=data, frame_bytes=len(data) if cells.all() else 0)

    def adopt(self, picture: CellPicture, composed: Composed) -> None:
        """Do nothing: each picture is made by itself."""

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


def _file(pixels: NDArray[np.uint8], quality: Quality) -> bytes:
    height, width = pixels.shape[:2]
    if quality is Quality.FULL or height * width <= EXACT_PX:
        return encode_png(pixels)
    shown = halved(pixels) if quality is Quality.COARSE else pixels
    return encode_jpeg(shown, quality=_JPEG_QUALITY[quality])
