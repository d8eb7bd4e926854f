"""The one-line bars of a screen: title, message and progress, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from tui_editor.ui.widgets.rows import DIM, PLAIN, Line

if TYPE_CHECKING:
    from textual import events

KEY = Style(color="#ffd75f", bold=True)


class Bar(Widget):
    """One line: pieces on the left, pieces on the right; the left one gives way when it is narrow."""

    ALLOW_SELECT: ClassVar[bool] = False

    left: var[Line] = var[Line]((), init=False)
    right: var[Line] = var[Line]((), init=False)

    def watch_left(self) -> None:
        """Repaint."""
        self.refresh()

    def watch_right(self) -> None:
        """Repaint."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        base, width = self.rich_style, self.size.width
        if y:
            return Strip.blank(width, base)
        right = Strip([Segment(words, base + style) for words, style in self.right])
        left = Strip([Segment(words, base + style) for words, style in self.left])
        room = max(0, width - right.cell_length)
        return Strip.join([left.adjust_cell_length(room, base), right]).adjust_cell_length(width, base)

    def on_click(self, event: events.Click) -> None:
        """Do nothing: the bar only tells."""
        event.stop()


def keys_line(hints: list[tuple[str, str]]) -> Line:
    """Return `key word` pairs as a line, the keys in their own colour."""
    pieces: list[tuple[str, Style]] = []
    for key, word in hints:
        pieces += [(f" {key}", KEY), (f" {word} ", PLAIN)]
    return tuple(pieces)


def dim(words: str) -> tuple[str, Style]:
    """Return words that are there when one looks for them."""
    return words, DIM
