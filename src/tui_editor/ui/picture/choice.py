"""Which surface shows pictures on which terminal."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tui_editor.ui.picture.cell_surface import CellSurface
from tui_editor.ui.picture.inline_cells import InlineEncoder
from tui_editor.ui.picture.kitty_cells import KittyCellEncoder
from tui_editor.ui.picture.kitty_layers import KittyEncoder
from tui_editor.ui.picture.kitty_surface import KittySurface
from tui_editor.ui.picture.owned_surface import OwnedSurface
from tui_editor.ui.picture.placeholder_surface import PlaceholderSurface
from tui_editor.ui.picture.sixel_cells import SixelEncoder
from tui_editor.ui.terminal.facts import GraphicsKind
from tui_editor.ui.terminal.shared_memory import SharedPictures

if TYPE_CHECKING:
    from tui_editor.ui.picture.surface import Surface
    from tui_editor.ui.terminal.facts import Graphics, Terminal

_SESSIONS = 4095


def surface_for(graphics: Graphics, terminal: Terminal | None, view: int) -> Surface | None:
    """Return what shows pictures by some kind of graphics; None for none.

    Args:
        graphics: As chosen.
        terminal: What is known of the terminal; needed for all that is more than text.
        view: 0..15, the canvas.
    """
    if graphics.kind is GraphicsKind.CELLS:
        return CellSurface()
    if terminal is None or graphics.kind is GraphicsKind.NONE:
        return None
    session = os.getpid() % _SESSIONS + 1
    if graphics.placeholders:
        return PlaceholderSurface(session, view)
    if graphics.kind is GraphicsKind.KITTY and graphics.layered:
        shared = SharedPictures() if terminal.shared_memory else None
        encoder = KittyEncoder(session, view, below_text=graphics.covered_by_cells, shared=shared)
        return KittySurface(encoder, covered_by_cells=graphics.covered_by_cells)
    if graphics.kind is GraphicsKind.KITTY:
        return OwnedSurface(KittyCellEncoder(session, view))
    if graphics.kind is GraphicsKind.ITERM2:
        return OwnedSurface(InlineEncoder())
    return OwnedSurface(SixelEncoder(terminal.sixel_colours, terminal.sixel_max_px))
