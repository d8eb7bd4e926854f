"""What a list shows: lines of styled text, made only when they are seen."""

from __future__ import annotations

from typing import Protocol

from rich.style import Style

from tui_editor.text import one_line

Line = tuple[tuple[str, Style], ...]
"""Pieces of text with their styles, left to right."""

PLAIN = Style()
DIM = Style(dim=True)
BOLD = Style(bold=True)
GOOD = Style(color="#5fd787")
BAD = Style(color="#ff6b6b")
WARN = Style(color="#ffd75f")


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


def text(value: str, style: Style = PLAIN, limit: int = 120) -> tuple[str, Style]:
    """Return a piece of text from data, made harmless and cut to one line."""
    return one_line(value, limit), style


def dot(color: str) -> tuple[str, Style]:
    """Return the mark of a class colour."""
    return "● ", Style(color=color if is_color(color) else "#b3b3b3")


def is_color(value: str) -> bool:
    """Return whether the text is a `#RRGGBB` colour."""
    return len(value) == 7 and value[0] == "#" and all(c in "0123456789abcdefABCDEF" for c in value[1:])
