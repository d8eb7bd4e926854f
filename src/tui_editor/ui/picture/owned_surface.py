"""Pixels in the terminal's cells as a surface: text written into a cell erases what it shows (sixel and its like)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec.structs import replace

from tui_editor.render.marks import look_alike
from tui_editor.ui.picture.owned_cells import CellPicture, changed_cells
from tui_editor.ui.picture.quality import Quality
from tui_editor.ui.picture.surface import NOTHING, Shown, Update

if TYPE_CHECKING:
    from textual.strip import Strip

    from tui_editor.render.marks import Mark
    from tui_editor.render.viewport import Viewport
    from tui_editor.ui.picture.composed import Composed, PictureKey
    from tui_editor.ui.picture.layout import Layout, Mask
    from tui_editor.ui.picture.owned_cells import CellCodec, Painted


class OwnedSurface:
    """Paints cells where they changed, and again where text was written over them.

    Args:
        codec: Makes the bytes.
    """

    past_compositor, layered = True, False
    ahead_frames = 1
    strips: tuple[Strip, ...] = ()

    def __init__(self, codec: CellCodec) -> None:
        self._codec = codec
        self._picture: CellPicture | None = None
        self._layout: Layout | None = None
        self._spoilt: Mask = np.zeros((0, 0), np.bool_)
        self._ahead: _Ahead | None = None
        self._whole: Painted | None = None
        """The last update, where it painted everything that is shown."""

    @property
    def quality(self) -> Quality:
        """Return how true the picture is that is shown."""
        return self._picture.quality if self._picture is not None else Quality.FULL

    @property
    def farewell(self) -> bytes:
        """Return what frees the pixels that the terminal holds; those in cells leave with the alternate screen."""
        return self._codec.farewell

    def encode(self, composed: Composed | None, layout: Layout, quality: Quality) -> Update:
        """Return the cells that changed or are spoilt, painted."""
        shown, spoilt = self._picture, self._spoilt
        if composed is None:
            assert shown is not None, "what was never shown can't be repaired"
            picture, changed = shown, np.zeros_like(layout.visible)
        elif self._ahead is not None and self.is_ready(composed, layout, quality):
            return self._ahead.update
        else:
            picture, changed = self._made(composed, layout, quality)
        needed = changed | spoilt if spoilt.shape == changed.shape else np.ones_like(changed)
        painted = self._codec.paint(picture, needed & layout.visible, layout)
        if picture.true is not None and not picture.paints_true:
            # what was shown true already and had to be painted again has this picture's colours now
            picture = replace(picture, true=picture.true & ~painted.cells)
        return Update(layout=layout, picture=picture, painted=painted, changed=changed, frame_bytes=painted.frame_bytes)

    def is_ready(self, composed: Composed, layout: Layout, quality: Quality) -> bool:
        """Return whether the update was made ahead, and may be shown on the screen as it is."""
        ahead = self._ahead
        fits = ahead is not None and ahead.serves(composed, self._picture, layout, quality)
        return fits and not self._spoilt.any()

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
        named = update.painted.owner is not None
        self._whole = update.painted if not named and np.array_equal(cells, layout.visible) else None
        return Shown(b"", update.painted.data)

    def adopt(self, update: Update, composed: Composed | None) -> None:
        """Let the codec go on from the picture: others of its scene look like it."""
        assert isinstance(update.picture, CellPicture)
        if composed is not None:
            self._codec.adopt(update.picture, composed)

    def prepare(self, composed: Composed, layout: Layout, quality: Quality) -> bytes:
        """Encode a canvas that may be wanted next; return nothing, as the terminal keeps no pictures."""
        if self._picture is not None:
            picture, changed = self._made(composed, layout, quality)
            painted = self._codec.paint(picture, changed & layout.visible, layout)
            update = Update(layout=layout, picture=picture, painted=painted, changed=changed)
            self._ahead = _Ahead(composed.key, composed.marks, self._picture, quality, update)
        return b""

    def _made(self, composed: Composed, layout: Layout, quality: Quality) -> tuple[CellPicture, Mask]:
        """Return a picture and which cells differ from what is shown."""
        picture = self._codec.encode(composed, self._picture, layout, quality)
        differs = picture.differs
        return picture, changed_cells(self._picture, picture, layout) if differs is None else differs

    def follow(self, viewport: Viewport, layout: Layout) -> bytes | None:  # noqa: ARG002  pixels can't be moved
        """Return None: pixels in cells can't be scaled."""
        return None

    def overwritten(self, cells: Mask, layout: Layout) -> bytes:
        """Note which cells are spoilt, to be painted by the next update; what paints all again is returned at once."""
        moved = self._layout is None or _place(self._layout) != _place(layout)
        self._layout = layout
        whole = self._whole if not moved and _most(cells, layout.visible) else None
        if whole is not None and np.array_equal(whole.cells, layout.visible):
            self._spoilt = np.zeros_like(layout.visible)
            return whole.data
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
        self._picture = self._layout = self._whole = None
        self._codec.forget()


class _Ahead(NamedTuple):
    """An update that was made before it was asked for."""

    key: PictureKey
    marks: tuple[Mark, ...]
    after: CellPicture
    """The picture that it takes the place of."""
    quality: Quality
    update: Update

    def serves(self, composed: Composed, shown: CellPicture | None, layout: Layout, quality: Quality) -> bool:
        """Return whether it is what is asked for now."""
        return (
            self.key == composed.key
            and self.after is shown
            and self.quality >= quality
            and self.update.layout.same(layout)
            and look_alike(self.marks, composed.marks)
        )


def _most(cells: Mask, visible: Mask) -> bool:
    """Return whether some cells are more than half of those that are visible."""
    return bool(2 * np.count_nonzero(cells & visible) > np.count_nonzero(visible))


def _place(layout: Layout) -> tuple[int, int, tuple[int, int], tuple[int, ...]]:
    return layout.column, layout.row, layout.cell_px, layout.visible.shape
