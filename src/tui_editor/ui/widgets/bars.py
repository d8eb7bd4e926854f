"""The one-line bars of a screen: title, message and progress, keys."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.reactive import var
from textual.strip import Strip
from textual.widget import Widget

from tui_editor.ui.widgets.inks import themed
from tui_editor.ui.widgets.rows import COMMAND, PLAIN, Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

KEY = Style(color="#ffd75f", bold=True)


def _cells(line: Line) -> int:
    return sum(cell_len(words) for words, _ in line)


class Bar(Widget):
    """One line: pieces on the left and the right; when it is narrow the right ones are brief, then the left cut."""

    ALLOW_SELECT: ClassVar[bool] = False

    left: var[Line] = var[Line]((), init=False)
    right: var[Line] = var[Line]((), init=False)
    brief: var[Line] = var[Line]((), init=False)
    """What stands on the right where the left one lacks room beside `right`; empty: that as well."""

    class Pressed(Message):
        """A piece that runs a command was clicked."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

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
        left, right = self._strip(self.left), self._strip(self._shown_right)
        room, end = max(0, width - right.cell_length), "… " if right else "…"
        if left.cell_length + len(end) - 1 > room > 1:
            left = Strip([*left.crop(0, room - len(end)), Segment(end, base)])
        return Strip.join([left.adjust_cell_length(room, base), right]).adjust_cell_length(width, base)

    @property
    def _shown_right(self) -> Line:
        lacks_room = _cells(self.left) >= self.size.width - _cells(self.right)
        return self.brief if self.brief and lacks_room else self.right

    def _strip(self, line: Line) -> Strip:
        return Strip([Segment(words, self.rich_style + themed(style)) for words, style in line])

    def on_click(self, event: events.Click) -> None:
        """Run what the piece under the pointer is for; others only tell."""
        event.stop()
        command = self.command_at(event.x)
        if command:
            self.post_message(self.Pressed(command))

    def command_at(self, x: int) -> str:
        """Return the command of the piece at a cell; empty where there is none. The right end lies over the left."""
        right = self._shown_right
        begin = self.size.width - _cells(right)
        pieces, at = (right, x - begin) if x >= begin else (self.left, x)
        for words, style in pieces:
            at -= cell_len(words)
            if at < 0:
                return str(style.meta.get(COMMAND, ""))
        return ""


class KeysBar(Bar):
    """Tells the keys that work now, the most used first; those that have no room are left out whole."""

    lead: var[Line] = var[Line]((), init=False)
    hints: var[tuple[tuple[str, str], ...]] = var[tuple[tuple[str, str], ...]]((), init=False)
    """Pairs of keys and a word; the last one (help, by habit) stays whatever else goes."""

    def watch_lead(self) -> None:
        """Show other hints."""
        self._fit()

    def watch_hints(self) -> None:
        """Show other hints."""
        self._fit()

    def on_resize(self) -> None:
        """Show as many as there is room for now."""
        self._fit()

    def _fit(self) -> None:
        room = self.size.width - sum(cell_len(words) for words, _ in self.lead)
        self.left = (*self.lead, *keys_line(fitting(self.hints, room)))


def fitting(hints: Sequence[tuple[str, str]], room: int) -> list[tuple[str, str]]:
    """Return the hints that fit into so many cells: the last one, and of the others as many as go before it."""
    if not hints:
        return []
    *others, last = hints
    return [*leading(others, room - _hint_cells(last)), last]


def leading(hints: Sequence[tuple[str, str]], room: int) -> list[tuple[str, str]]:
    """Return the first hints, as many as fit into so many cells."""
    ends = accumulate(_hint_cells(hint) for hint in hints)
    return [hint for hint, end in zip(hints, ends, strict=True) if end <= room]


def _hint_cells(hint: tuple[str, str]) -> int:
    return cell_len(hint[0]) + cell_len(hint[1]) + 3


def keys_line(hints: list[tuple[str, str]]) -> Line:
    """Return `key word` pairs as a line, the keys in their own colour."""
    pieces: list[tuple[str, Style]] = []
    for key, word in hints:
        pieces += [(f" {key}", KEY), (f" {word} ", PLAIN)]
    return tuple(pieces)
