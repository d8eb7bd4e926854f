"""Kitty graphics as a codec of cells, for terminals that keep its pictures in cells without layers (xterm.js, WezTerm).

Each part is an image of its own, placed once. Text and later parts take its cells away; when none is left, its pixels
are freed, so that the terminal's memory stays that of a few canvases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tui_editor.render import kitty
from tui_editor.render.png import encode_png
from tui_editor.render.raster import draw
from tui_editor.ui.picture.owned_cells import CellPicture, Painted, patches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from tui_editor.ui.picture.composed import Composed
    from tui_editor.ui.picture.layout import Layout, Mask
    from tui_editor.ui.picture.quality import Quality

MOST_IMAGES: Final = 64
"""Images that share the canvas at most; beyond, it is painted as one."""
_SLOTS: Final = 256


class KittyCellEncoder:
    """Makes images of the parts of a canvas, and frees those that no cell shows.

    Args:
        session: 1..4095, different in each program of one terminal.
        view: 0..15, the canvas.
    """

    def __init__(self, session: int, view: int) -> None:
        self._ids = tuple(kitty.image_id(session, view, slot) for slot in range(_SLOTS))
        self._owner = _nobody((0, 0))

    @property
    def farewell(self) -> bytes:
        """Return the deletion of all images that are shown."""
        return kitty.delete_images(_alive(self._owner))

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
        """Return what paints the given cells (rows, columns) of the canvas, then frees what is seen no more."""
        alive = _alive(self._owner)
        owner = self._owner.copy() if self._owner.shape == cells.shape else _nobody(cells.shape)
        rects = list(patches(cells, layout.visible))
        if len(alive) + len(rects) > MOST_IMAGES:
            cells = layout.visible
            rects = list(patches(cells, cells))
        free = (image for image in self._ids if image not in alive)
        parts = []
        for image, rect in zip(free, rects, strict=False):
            placement = kitty.Placement(z=0, columns=rect.width, rows=rect.height)
            png = encode_png(layout.to_px(rect).of(picture.pixels))
            parts += [layout.cursor_to(rect), kitty.show_png(image, png, placement)]
            owner[rect.y0 : rect.y1, rect.x0 : rect.x1] = image
        parts.append(kitty.delete_images(sorted(alive - _alive(owner))))
        data = b"".join(parts)
        return Painted(cells=cells, data=b"\x1b7" + data + b"\x1b8" if data else b"", owner=owner)

    def adopt(self, picture: CellPicture, composed: Composed) -> None:
        """Do nothing: each picture is made by itself."""

    def shown(self, painted: Painted) -> None:
        """Take in which images the cells show."""
        assert painted.owner is not None
        self._owner = painted.owner

    def forget(self) -> None:
        """Take in that the terminal holds nothing."""
        self._owner = _nobody((0, 0))


def _alive(owner: NDArray[np.int32]) -> set[int]:
    images: Iterable[int] = np.unique(owner).tolist()
    return {image for image in images if image}


def _nobody(shape: tuple[int, ...]) -> NDArray[np.int32]:
    return np.zeros(shape, np.int32)
