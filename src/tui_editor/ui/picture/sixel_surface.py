"""Pixels in the terminal's cells as a surface."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.ui.picture.quality import Quality
from tui_editor.ui.picture.sixel_cells import SixelEncoder, SixelPicture, changed_cells
from tui_editor.ui.picture.surface import NOTHING, Shown, Update

if TYPE_CHECKING:
    from textual.strip import Strip

    from tui_editor.render.viewport import Viewport
    from tui_editor.ui.picture.compose import Composed
    from tui_editor.ui.picture.layout import Layout, Mask


class SixelSurface:
    """Pixels in the cells: painted where they changed, and again where text was written over them."""

    quality = Quality.FULL
    prepares = False
    past_compositor = True
    strips: tuple[Strip, ...] = ()
    farewell = b""  # the pixels leave with the alternate screen

    def __init__(self, encoder: SixelEncoder) -> None:
        self._encoder = encoder
        self._picture: SixelPicture | None = None
        self._layout: Layout | None = None
        self._spoilt: Mask = np.zeros((0, 0), np.bool_)

    def encode(self, composed: Composed | None, layout: Layout, quality: Quality) -> Update:  # noqa: ARG002  one for all
        """Return the cells that changed or are spoilt, painted."""
        shown, spoilt = self._picture, self._spoilt
        if composed is None:
            assert shown is not None, "what was never shown can't be repaired"
            picture, changed = shown, np.zeros_like(layout.visible)
        else:
            picture = self._encoder.encode(composed, shown)
            changed = changed_cells(shown, picture, layout)
        needed = changed | spoilt if spoilt.shape == changed.shape else np.ones_like(changed)
        cells = needed & layout.visible
        data = self._encoder.paint(picture, cells, layout)
        return Update(layout=layout, picture=picture, cells=cells, changed=changed, data=data)

    def show(self, update: Update, layout: Layout) -> Shown:
        """Return the painted cells; nothing when the canvas moved meanwhile, so that it must be painted anew."""
        assert isinstance(update.picture, SixelPicture)
        assert update.cells is not None
        assert update.changed is not None
        self._picture = update.picture
        if not update.layout.same(layout):
            self._layout, self._spoilt = layout, np.ones_like(layout.visible)
            return NOTHING
        before = self._spoilt if self._spoilt.shape == update.cells.shape else np.ones_like(update.cells)
        self._layout, self._spoilt = layout, (before | update.changed) & ~update.cells
        return Shown(b"", update.data)

    def prepare(self, composed: Composed, layout: Layout, quality: Quality) -> bytes:  # noqa: ARG002  nothing is held
        """Return nothing: the terminal keeps no pictures."""
        return b""

    def follow(self, viewport: Viewport, layout: Layout) -> bytes | None:  # noqa: ARG002  pixels can't be moved
        """Return None: pixels in cells can't be scaled."""
        return None

    def overwritten(self, cells: Mask, layout: Layout) -> bytes:
        """Note which cells are spoilt; they are painted by the next update."""
        moved = self._layout is None or _place(self._layout) != _place(layout)
        self._layout = layout
        self._spoilt = np.ones_like(layout.visible) if moved else self._spoilt | cells
        return b""

    def gone(self, layout: Layout) -> bool:
        """Return whether a visible cell is spoilt."""
        if self._picture is None or self._spoilt.shape != layout.visible.shape:
            return False
        return bool((self._spoilt & layout.visible).any())

    def hide(self) -> bytes:
        """Drop the picture: the compositor writes over it."""
        self.forget()
        return b""

    def forget(self) -> None:
        """Drop everything."""
        self._picture = self._layout = None


def _place(layout: Layout) -> tuple[int, int, tuple[int, int], tuple[int, ...]]:
    return layout.column, layout.row, layout.cell_px, layout.visible.shape
