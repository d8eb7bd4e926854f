"""A list of any length that makes only the lines that are seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_editor.ui.terminal_text import ListStyles, set_length
from tui_editor.ui.widgets.inks import themed
from tui_editor.ui.widgets.rows import DIM, Line, NoRows, RowSource, text

if TYPE_CHECKING:
    from textual import events
    from textual.geometry import Region

CURSOR = Style(bgcolor="#264f78")
CURSOR_UNFOCUSED = Style(bgcolor="#2a2f3a")
CONTEXT_ROWS = 1
"""Rows from before that stay in sight when the list turns over."""
MOST_REMEMBERED = 500
"""More rows than any screen shows; what was painted of those out of sight is of no use."""


class _Look(NamedTuple):
    """What all lines have in common that are painted together."""

    base: Style
    lit: Style
    """Of the row under the cursor."""
    width: int
    room: int
    """Cells that nothing covers."""
    first: int
    """The row in the first line."""
    rows: RowSource
    cursor: int | None


class _Painted(NamedTuple):
    """A row as it was painted: what it showed, on which style, in how many cells and how many of them in sight."""

    line: Line
    base: Style
    room: tuple[int, int]
    strip: Strip


def _strip(shown: Line, base: Style, width: int, room: int) -> Strip:
    line = Strip([Segment(words, base + themed(style)) for words, style in shown])
    if line.cell_length > room > 1:
        line = Strip([*line.crop(0, room - 1), Segment("…", base + DIM)])
    return line.adjust_cell_length(width, base)


class VirtualList(ScrollView, can_focus=True):
    """Shows a `RowSource`; j, k, arrows, Home and End move its cursor, Enter chooses."""

    ALLOW_SELECT: ClassVar[bool] = False

    rows: var[RowSource] = var[RowSource](NoRows, init=False, always_update=True)
    cursor: var[int | None] = var[int | None](None, init=False)
    _words_below = ""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002  Textual's name for it
        super().__init__(id=id)
        self._styles_cache = ListStyles()
        self._painted: dict[int, _Painted] = {}
        """What each row showed when it was painted last; rows out of sight may be missing."""
        self._look: _Look | None = None
        """Known while lines are painted: asking the pane for each line would take longer than the line."""

    @dataclass
    class Moved(Message):
        """The user moved the cursor to a row."""

        list: VirtualList
        key: object

        @property
        def control(self) -> VirtualList:
            """Return the list."""
            return self.list

    @dataclass
    class Chosen(Message):
        """The user pressed Enter, or clicked, on a row."""

        list: VirtualList
        key: object

        @property
        def control(self) -> VirtualList:
            """Return the list."""
            return self.list

    def watch_rows(self, before: RowSource, rows: RowSource) -> None:
        """Show another list: of one as long as that before, only the lines that differ are painted."""
        if isinstance(rows, NoRows) and isinstance(before, NoRows) and before.why == rows.why:
            return
        if len(before) != len(rows) or isinstance(rows, NoRows):
            self._painted.clear()
            set_length(self, Size(self.scrollable_content_region.width, max(len(rows), 1)))
            self.refresh()
            return
        first = self.scroll_offset.y
        for index in range(first, min(first + self.size.height, len(rows))):
            painted = self._painted.get(index)
            if painted is None or painted.line != rows.line(index):
                self.refresh_line(index)

    def name_below(self, words: str) -> None:
        """Set the text in the lower border."""
        if words != self._words_below:
            self._words_below = words
            self.border_subtitle = words

    def watch_cursor(self, old: int | None, new: int | None) -> None:
        """Repaint the two lines that change, and bring the cursor into view."""
        for row in (old, new):
            if row is not None:
                self.refresh_line(row)
        if new is not None:
            self._turn_to(new)

    def _turn_to(self, row: int) -> None:
        """Turn over like a page when a row is out of sight: most steps then send two lines over the wire, not all."""
        first, seen = self.scroll_offset.y, self.size.height
        if not first <= row < first + seen:
            above = CONTEXT_ROWS if row >= first else seen - 1 - CONTEXT_ROWS
            self.scroll_to(y=max(0, row - above), animate=False, force=True)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return visible lines with what is around them."""
        self._look = self._looks_now()
        try:
            return super().render_lines(crop)
        finally:
            self._look = None

    def _looks_now(self) -> _Look:
        base, width = self.rich_style, self.size.width
        lit = base + themed(CURSOR if self.has_focus else CURSOR_UNFOCUSED)
        room = min(width, self.scrollable_content_region.width)  # the bar at the side covers the rest
        return _Look(base, lit, width, room, self.scroll_offset.y, self.rows, self.cursor)

    def render_line(self, y: int) -> Strip:
        """Return one visible line: the same strip as before where the same is to be seen."""
        look = self._look or self._looks_now()
        index, rows, base = look.first + y, look.rows, look.base
        if index >= len(rows):
            pieces = [Segment(rows.why, base + DIM)] if index == 0 and isinstance(rows, NoRows) else []
            return Strip(pieces).adjust_cell_length(look.width, base)
        if index == look.cursor:
            base = look.lit
        shown, room = rows.line(index), (look.width, look.room)
        painted = self._painted.get(index)
        if painted is None or (painted.base, painted.room, painted.line) != (base, room, shown):
            if len(self._painted) > MOST_REMEMBERED:
                self._painted.clear()
            painted = self._painted[index] = _Painted(shown, base, room, _strip(shown, base, *room))
        return painted.strip

    def move(self, by: int) -> None:
        """Move the cursor by rows, within the list, and tell."""
        if len(self.rows):
            at = -1 if self.cursor is None and by > 0 else self.cursor or 0
            self.move_to(at + by)

    def move_to(self, row: int) -> None:
        """Move the cursor to a row, within the list, and tell."""
        if len(self.rows):
            self.cursor = min(max(row, 0), len(self.rows) - 1)
            self.post_message(self.Moved(self, self.rows.key(self.cursor)))

    def choose(self) -> None:
        """Choose the row under the cursor."""
        if self.cursor is not None and self.cursor < len(self.rows):
            self.post_message(self.Chosen(self, self.rows.key(self.cursor)))

    def on_focus(self) -> None:
        """Show the cursor as the one that moves."""
        if self.cursor is None and len(self.rows):
            self.cursor = 0
        self._relight()

    def on_blur(self) -> None:
        """Show the cursor as one that rests."""
        self._relight()

    def _relight(self) -> None:
        if self.cursor is not None:
            self.refresh_line(self.cursor)

    def show_lines(self, first: int, last: int) -> None:
        """Scroll down to where some lines are seen, as many of the first ones as there is room for."""
        seen = self.scrollable_content_region.height
        if last >= self.scroll_offset.y + seen:
            self.scroll_to(y=min(first, last - seen + 1), animate=False, force=True)

    def on_resize(self) -> None:
        """Fit the lines into the new width."""
        self.virtual_size = Size(self.scrollable_content_region.width, max(len(self.rows), 1))

    def on_click(self, event: events.Click) -> None:
        """Choose the row that was clicked."""
        row = self.scroll_offset.y + event.y - self.gutter.top
        if 0 <= row < len(self.rows):
            event.stop()
            self.move_to(row)
            self.choose()


__all__ = ["VirtualList", "text"]
