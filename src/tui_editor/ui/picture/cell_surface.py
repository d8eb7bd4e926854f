"""Half blocks as a surface: ordinary text that the compositor owns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.render.retained import RetainedRaster
from tui_editor.ui.picture.half_blocks import half_block_strips
from tui_editor.ui.picture.quality import Quality
from tui_editor.ui.picture.surface import NOTHING, Shown, Update

if TYPE_CHECKING:
    from textual.strip import Strip

    from tui_editor.render.viewport import Viewport
    from tui_editor.ui.picture.composed import Composed
    from tui_editor.ui.picture.layout import Layout, Mask


_UNSEEN = 3
"""Levels of 255 by which a cell may be off: a camera's noise is not written again and again."""


class CellSurface:
    """Half blocks: the compositor shows them."""

    quality = Quality.FULL
    ahead_frames = 0
    past_compositor = layered = False
    farewell = b""

    def __init__(self) -> None:
        self.strips: tuple[Strip, ...] = ()
        self._raster = RetainedRaster(tags=False)
        self._drawn: tuple[Strip, ...] = ()
        """What the raster drew last; it may never have been shown."""

    def encode(self, composed: Composed | None, layout: Layout, quality: Quality) -> Update:  # noqa: ARG002  one for all
        """Return the rows of the canvas."""
        assert composed is not None, "the compositor repairs text by itself"
        if self._drawn is not self.strips:
            self._raster = RetainedRaster(tags=False)
        self._drawn = half_block_strips(composed, layout, self.strips, tolerance=_UNSEEN, raster=self._raster)
        return Update(layout=layout, picture=self._drawn)

    def show(self, update: Update, layout: Layout) -> Shown:  # noqa: ARG002  the compositor knows where
        """Take the rows."""
        assert isinstance(update.picture, tuple)
        self.strips = update.picture
        return NOTHING

    def adopt(self, update: Update, composed: Composed | None) -> None:
        """Do nothing: the terminal holds no pictures."""

    def is_ready(self, composed: Composed, layout: Layout, quality: Quality) -> bool:  # noqa: ARG002  see below
        """Return False: nothing is prepared."""
        return False

    def prepare(self, composed: Composed, layout: Layout, quality: Quality) -> bytes:  # noqa: ARG002  nothing is held
        """Return nothing: the terminal keeps no pictures."""
        return b""

    def follow(self, viewport: Viewport, layout: Layout) -> bytes | None:  # noqa: ARG002  pixels can't be moved
        """Return None: pixels in cells can't be scaled."""
        return None

    def overwritten(self, cells: Mask, layout: Layout) -> bytes:  # noqa: ARG002  the compositor wrote our own text
        """Do nothing."""
        return b""

    def gone(self, layout: Layout) -> bool:  # noqa: ARG002  text stays
        """Return False."""
        return False

    def hide(self) -> bytes:
        """Drop the rows."""
        self.strips = ()
        return b""

    def forget(self) -> None:
        """Do nothing: the compositor paints all text again."""
