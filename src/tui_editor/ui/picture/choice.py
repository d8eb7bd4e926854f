"""Which surface shows pictures on which terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.ui.picture.cell_surface import CellSurface
from tui_editor.ui.picture.codecs import kitty_encoder, session_of, sixel_encoder
from tui_editor.ui.picture.inline_cells import InlineEncoder
from tui_editor.ui.picture.kitty_cells import KittyCellEncoder
from tui_editor.ui.picture.kitty_surface import KittySurface
from tui_editor.ui.picture.owned_surface import OwnedSurface
from tui_editor.ui.picture.placeholder_surface import PlaceholderSurface
from tui_editor.ui.terminal.facts import GraphicsKind

if TYPE_CHECKING:
    from tui_editor.ui.picture.surface import Surface
    from tui_editor.ui.terminal.facts import Graphics, Terminal


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
    if graphics.placeholders:
        return PlaceholderSurface(session_of(), view)
    if graphics.kind is GraphicsKind.KITTY and graphics.layered:
        encoder = kitty_encoder(graphics, terminal, view)
        return KittySurface(encoder, covered_by_cells=graphics.covered_by_cells)
    if graphics.kind is GraphicsKind.KITTY:
        return OwnedSurface(KittyCellEncoder(session_of(), view))
    if graphics.kind is GraphicsKind.ITERM2:
        return OwnedSurface(InlineEncoder())
    return OwnedSurface(sixel_encoder(terminal))
