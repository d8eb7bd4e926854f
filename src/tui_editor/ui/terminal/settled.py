"""What holds for this terminal after the person had their say: the command line first, then the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.api.config import load_config
from tui_editor.ui.terminal.colours import NAMES
from tui_editor.ui.terminal.facts import choose_graphics

if TYPE_CHECKING:
    from tui_editor.ui.terminal.facts import Graphics, Terminal


def settled(terminal: Terminal, asked: str = "") -> tuple[Terminal, Graphics]:
    """Return the terminal as the configuration wants it seen, and how pictures are shown.

    Args:
        terminal: What `probe` found.
        asked: The value of `--graphics`; empty when it was not given.

    Raises:
        ConfigBroken: the configuration is malformed.
    """
    config = load_config()
    if config.colours in NAMES:
        terminal = replace(terminal, colours=NAMES[config.colours], colours_source="from the configuration")
    if asked:
        return terminal, choose_graphics(terminal, asked)
    return terminal, choose_graphics(terminal, config.graphics, "from the configuration")
