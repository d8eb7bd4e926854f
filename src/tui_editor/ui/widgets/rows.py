"""What a list shows: lines of styled text, made only when they are seen."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Protocol

from rich.cells import cell_len, set_cell_size
from rich.style import Style

from tui_editor.text import one_line
from tui_editor.ui.widgets.inks import luminance

Line = tuple[tuple[str, Style], ...]
"""Pieces of text with their styles, left to right."""

PLAIN = Style()
DIM = Style(dim=True)
BOLD = Style(bold=True)
GOOD = Style(color="#5fd787")
BAD = Style(color="#ff6b6b")
WARN = Style(color="#ffd75f")
UNKNOWN = "#b3b3b3"
LEAST_LUMINANCE = 0.2
"""Against the panes' background (#14161b) this is a contrast of 4.5 : 1, what WCAG asks of text."""


class RowSource(Protocol):
    """Rows of a list by number. A changed list is another source."""

    def __len__(self) -> int:
        """Return the number of rows."""

    def line(self, index: int) -> Line:
        """Return what a row shows."""

    def key(self, index: int) -> object:
        """Return what a row stands for."""


class NoRows:
    """An empty list, with a line that says why."""

    def __init__(self, why: str = "") -> None:
        self.why = why

    def __len__(self) -> int:
        return 0

    def line(self, index: int) -> Line:
        """Return nothing: there are no rows."""
        raise IndexError(index)

    def key(self, index: int) -> object:
        """Return nothing: there are no rows."""
        raise IndexError(index)


COMMAND: Final = "command"


def doing(line: Line, command: str) -> Line:
    """Return pieces of a bar that run a command when they are clicked."""
    return tuple((words, style + _mark(command)) for words, style in line)


@lru_cache(maxsize=64)
def _mark(command: str) -> Style:
    return Style(meta={COMMAND: command})


def text(value: str, style: Style = PLAIN, limit: int = 120) -> tuple[str, Style]:
    """Return a piece of text from data, made harmless and cut to one line."""
    return one_line(value, limit), style


def shortened(value: str, cells: int) -> str:
    """Return text from data as one harmless line of at most so many cells."""
    words = one_line(value)
    return words if cell_len(words) <= cells else set_cell_size(words, cells - 1).rstrip() + "…"


def dot(color: str) -> tuple[str, Style]:
    """Return the mark of a class colour."""
    return "● ", Style(color=readable(color))


@lru_cache(maxsize=4096)
def readable(color: str) -> str:
    """Return a class colour that can be read on the dark screen: dark ones are mixed with white; grey for no colour."""
    if not is_color(color):
        return UNKNOWN
    rgb = [int(color[n : n + 2], 16) for n in (1, 3, 5)]
    for step in range(11):
        mixed = [round(c + (255 - c) * step / 10) for c in rgb]
        if luminance(mixed) >= LEAST_LUMINANCE:
            break
    return "#{:02x}{:02x}{:02x}".format(*mixed)


def is_color(value: str) -> bool:
    """Return whether the text is a `#RRGGBB` colour."""
    return len(value) == 7 and value[0] == "#" and all(c in "0123456789abcdefABCDEF" for c in value[1:])
