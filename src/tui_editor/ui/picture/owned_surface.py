"""Pixels in the terminal's cells as a surface: text written into a cell erases what it shows (sixel and its like)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.ui.picture.owned_cells import CellPicture, changed_cells
from tui_editor.ui.picture.quality import Quality
from tui_editor.ui.picture.surface import NOTHING, Shown, Update

if TYPE_CHECKING:
    from textual.strip import Strip

    from tui_editor.render.viewport import Viewport
    from tui_editor.ui.picture.compose import Composed
    from tui_editor.ui.picture.layout import Layout, Mask
    from tui_editor.ui.picture.owned_cells import CellCodec


class OwnedSurface:
    """Paints cells where they changed, and again where text was written over them.

    Args:
        codec: Makes the bytes.
    """

    quality = Quality.FULL
    prepares = False
    past_compositor = True
    strips: tuple[Strip, ...] = ()

    def __init__(self, codec: CellCodec) -> None:
        self._codec = codec
        self._picture: CellPicture | None = None
        self._layout: Layout | None = None
        self._spoilt: Mask = np.zeros((0, 0), np.bool_)

    @property
    def farewell(self) -> bytes:
        """Return what frees the pixels that the terminal holds; those in cells leave with the alternate screen."""
        return self._codec.farewell

    def encode(self, composed: Composed | None, layout: Layout, quality: Quality) -> Update:  # noqa: ARG002  one for all
        """Return the cells that changed or are spoilt, painted."""
        shown, spoilt = self._picture, self._spoilt
        if composed is None:
            assert shown is not None, "what was never shown can't be repaired"
            picture, changed = shown, np.zeros_like(layout.visible)
        else:
            picture = self._codec.encode(composed, shown)
            changed = changed_cells(shown, picture, layout)
        needed = changed | spoilt if spoilt.shape == changed.shape else np.ones_like(changed)
        painted = self._codec.paint(picture, needed & layout.visible, layout)
        return Update(layout=layout, picture=picture, painted=painted, changed=changed)

    def show(self, update: Update, layout: Layout) -> Shown:
        """Return the painted cells; nothing when the canvas moved meanwhile, so that it must be painted anew."""
        assert isinstance(update.picture, CellPicture)
        assert update.painted is not None
        assert update.changed is not None
        self._picture = update.picture
        if not update.layout.same(layout):
            self._layout, self._spoilt = layout, np.ones_like(layout.visible)
            return NOTHING
        cells = update.painted.cells
        before = self._spoilt if self._spoilt.shape == cells.shape else np.ones_like(cells)
        self._layout, self._spoilt = layout, (before | update.changed) & ~cells
        self._codec.shown(update.painted)
        return Shown(b"", update.painted.data)

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
        """Drop the picture: the compositor writes over it. Return what frees its pixels."""
        freed = self._codec.farewell
        self.forget()
        return freed

    def forget(self) -> None:
        """Drop everything."""
        self._picture = self._layout = None
        self._codec.forget()


def _place(layout: Layout) -> tuple[int, int, tuple[int, int], tuple[int, ...]]:
    return layout.column, layout.row, layout.cell_px, layout.visible.shape
