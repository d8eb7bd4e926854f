"""The `:` lines that were run before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_LINES: Final = 500
"""Lines that are remembered."""


class LineHistory:
    """The lines that were run, oldest first; each once, where it was run last."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self._lines = list(lines)

    @property
    def lines(self) -> Sequence[str]:
        """Return the lines."""
        return self._lines

    def add(self, line: str) -> None:
        """Remember a line."""
        self._lines = added(self._lines, line)


def added(lines: Sequence[str], line: str) -> list[str]:
    """Return a history with one more line."""
    clean = one_line(line.strip(), 1000)
    return [*(other for other in lines if other != clean), clean][-MOST_LINES:] if clean else list(lines)
