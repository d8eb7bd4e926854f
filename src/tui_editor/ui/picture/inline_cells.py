"""OSC 1337 as a codec of cells: large parts as JPEG, a fraction of the bytes; small ones without loss, as PNG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui_editor.render.inline import encode_jpeg, inline_image
from tui_editor.render.png import encode_png
from tui_editor.render.raster import draw
from tui_editor.ui.picture.owned_cells import CellPicture, Painted, patches

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
        parts = []
        for rect in patches(cells, layout.visible):
            file = _file(layout.to_px(rect).of(picture.pixels))
            parts += [layout.cursor_to(rect), inline_image(file, rect.width, rect.height)]
        return Painted(cells=cells, data=b"\x1b7" + b"".join(parts) + b"\x1b8" if parts else b"")

    def shown(self, painted: Painted) -> None:
        """Do nothing: a picture has no name in the terminal."""

    def forget(self) -> None:
        """Do nothing."""


def _file(pixels: NDArray[np.uint8]) -> bytes:
    height, width = pixels.shape[:2]
    return encode_png(pixels) if height * width <= EXACT_PX else encode_jpeg(pixels)
