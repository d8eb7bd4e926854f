"""How a canvas is put on the screen: one class for each kind of graphics.

The rule of threads: `encode` runs on the pipeline's thread and only reads; what it returns is handed to `show` on the
event loop, where all else happens. There is at most one `encode` under way.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from tui_editor.render.kitty import delete_images
from tui_editor.ui.picture.half_blocks import half_block_strips
from tui_editor.ui.picture.kitty_layers import KittyEncoder, KittyPicture, Placements
from tui_editor.ui.picture.sixel_cells import SixelEncoder, SixelPicture, changed_cells
from tui_editor.ui.terminal.facts import GraphicsKind

if TYPE_CHECKING:
    from textual.strip import Strip

    from tui_editor.ui.picture.compose import Composed
    from tui_editor.ui.picture.layout import Layout, Mask
    from tui_editor.ui.terminal.facts import Graphics, Terminal

_SESSIONS = 4095


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Update:
    """What `encode` made for a layout."""

    layout: Layout
    picture: KittyPicture | SixelPicture | tuple[Strip, ...]
    cells: Mask | None = None
    """Sixel: which cells `data` paints."""
    changed: Mask | None = None
    """Sixel: which cells look different from the picture before, painted or not."""
    data: bytes = b""


class Shown(NamedTuple):
    """The bytes of an update."""

    ahead: bytes
    """What changes nothing on the screen yet."""
    data: bytes


NOTHING = Shown(b"", b"")


class Surface(Protocol):
    """Shows pictures of one canvas."""

    @property
    def past_compositor(self) -> bool:
        """Return whether pictures are bytes that the compositor knows nothing of."""

    @property
    def farewell(self) -> bytes:
        """Return what leaves nothing behind in the terminal, whatever was shown."""

    @property
    def strips(self) -> tuple[Strip, ...]:
        """Return the picture as rows of text; empty where it is none."""

    def encode(self, composed: Composed | None, layout: Layout) -> Update:
        """Return an update that shows a canvas; for None, one that shows the last picture where it is gone."""

    def show(self, update: Update, layout: Layout) -> Shown:
        """Take an update as shown; return its bytes for where the canvas lies now."""

    def overwritten(self, cells: Mask, layout: Layout) -> bytes:
        """Take in that the compositor wrote cells and where the canvas lies now; return what is to be written now."""

    def gone(self, layout: Layout) -> bool:
        """Return whether the picture is missing on cells that could show it."""

    def hide(self) -> bytes:
        """Drop the picture; return what takes it off the screen."""

    def forget(self) -> None:
        """Drop the picture; the terminal holds nothing of it."""


def surface_for(graphics: Graphics, terminal: Terminal | None, view: int) -> Surface | None:
    """Return what shows pictures by some kind of graphics; None for none.

    Args:
        graphics: As chosen.
        terminal: What is known of the terminal; needed for kitty and sixel.
        view: 0..15, the canvas.
    """
    if graphics.kind is GraphicsKind.CELLS:
        return CellSurface()
    if terminal is None or graphics.kind is GraphicsKind.NONE:
        return None
    if graphics.kind is GraphicsKind.KITTY:
        encoder = KittyEncoder(os.getpid() % _SESSIONS + 1, view, below_text=graphics.covered_by_cells)
        return KittySurface(encoder)
    return SixelSurface(SixelEncoder(terminal.sixel_colours, terminal.sixel_max_px))


class _NoStrips:
    strips: tuple[Strip, ...] = ()


class KittySurface(_NoStrips):
    """Layers under the text; only their places change with the screen."""

    past_compositor = True

    def __init__(self, encoder: KittyEncoder) -> None:
        self._encoder = encoder
        self._picture: KittyPicture | None = None
        self._placements = Placements()

    @property
    def farewell(self) -> bytes:
        """Return the deletion of all images that may be ours."""
        return delete_images(self._encoder.images)

    def encode(self, composed: Composed | None, layout: Layout) -> Update:
        """Return the picture with the pixels that the terminal lacks."""
        assert composed is not None, "layers are never lost piece by piece"
        return Update(layout=layout, picture=self._encoder.encode(composed, self._picture, layout))

    def show(self, update: Update, layout: Layout) -> Shown:
        """Return pixels, their placements, and what takes the picture before away."""
        assert isinstance(update.picture, KittyPicture)
        self._picture = update.picture
        return Shown(update.picture.upload, self._placements.move(self._picture, layout))

    def overwritten(self, cells: Mask, layout: Layout) -> bytes:  # noqa: ARG002  text does not harm layers
        """Return the placements that changed with the layout."""
        return self._placements.move(self._picture, layout) if self._picture is not None else b""

    def gone(self, layout: Layout) -> bool:  # noqa: ARG002  a placement once made stays
        """Return False: a layer stays."""
        return False

    def hide(self) -> bytes:
        """Return the deletion of the layers."""
        self._picture = None
        return self._placements.move(None, None)

    def forget(self) -> None:
        """Drop everything."""
        self._picture = None
        self._placements.forget()


class SixelSurface(_NoStrips):
    """Pixels in the cells: painted where they changed, and again where text was written over them."""

    past_compositor = True
    farewell = b""  # the pixels leave with the alternate screen

    def __init__(self, encoder: SixelEncoder) -> None:
        self._encoder = encoder
        self._picture: SixelPicture | None = None
        self._layout: Layout | None = None
        self._spoilt: Mask = np.zeros((0, 0), np.bool_)

    def encode(self, composed: Composed | None, layout: Layout) -> Update:
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


class CellSurface:
    """Half blocks: the compositor shows them."""

    past_compositor = False
    farewell = b""

    def __init__(self) -> None:
        self.strips: tuple[Strip, ...] = ()

    def encode(self, composed: Composed | None, layout: Layout) -> Update:
        """Return the rows of the canvas."""
        assert composed is not None, "the compositor repairs text by itself"
        return Update(layout=layout, picture=half_block_strips(composed, layout))

    def show(self, update: Update, layout: Layout) -> Shown:  # noqa: ARG002  the compositor knows where
        """Take the rows."""
        assert isinstance(update.picture, tuple)
        self.strips = update.picture
        return NOTHING

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


def _place(layout: Layout) -> tuple[int, int, tuple[int, int], tuple[int, ...]]:
    return layout.column, layout.row, layout.cell_px, layout.visible.shape
