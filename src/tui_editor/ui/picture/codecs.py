"""Which encoder makes the pictures of a terminal. Knows bytes only, and nothing of the interface."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tui_editor.ui.picture.kitty_layers import KittyEncoder
from tui_editor.ui.picture.sixel_cells import SixelEncoder
from tui_editor.ui.terminal.shared_memory import SharedPictures

if TYPE_CHECKING:
    from tui_editor.ui.terminal.facts import Graphics, Terminal

_SESSIONS = 4095


def kitty_encoder(graphics: Graphics, terminal: Terminal, view: int, pid: int = 0) -> KittyEncoder:
    """Return what makes pictures in layers.

    Args:
        graphics: As chosen.
        terminal: What is known of it.
        view: 0..15, the canvas.
        pid: The process whose pictures they are; 0: this one.
    """
    shared = SharedPictures() if terminal.shared_memory else None
    return KittyEncoder(session_of(pid), view, below_text=graphics.covered_by_cells, shared=shared)


def sixel_encoder(terminal: Terminal) -> SixelEncoder:
    """Return what makes sixel pictures."""
    return SixelEncoder(terminal.sixel_colours, terminal.sixel_max_px)


def session_of(pid: int = 0) -> int:
    """Return a number 1..4095 by which terminals tell the pictures of a process from those of others."""
    return (pid or os.getpid()) % _SESSIONS + 1
