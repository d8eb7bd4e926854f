"""Rows of text that know their escape sequences, and make Textual's segments only for those who look at them.

A picture of half blocks has a segment and a style for each cell; to make and render thousands takes Textual 0.2 s a
frame. What is private here is `Strip._segments`, which is made on its first use; its canary stands with those of
`terminal_port`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from textual.strip import Strip

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console
    from rich.segment import Segment

    from tui_editor.render.cells import ColourDepth

_DEPTHS: dict[str | None, ColourDepth] = {"truecolor": "truecolor", "256": "256"}


class Row(Protocol):
    """A row of cells of one column each."""

    def parts(self, start: int, end: int, depth: ColourDepth) -> Sequence[str | Segment]:
        """Return columns start ≤ x < end, left to right.

        Text is escape sequences that were made of numbers, and half blocks; it leaves the colours reset. What comes
        from data is a segment: it goes through `Strip.render` as all text does.
        """

    @property
    def is_thrifty(self) -> bool:
        """Return whether its parts name no colour twice."""

    def segments(self, start: int, end: int) -> list[Segment]:
        """Return the same as segments alone."""

    def differs(self, start: int, end: int, other: Row, other_start: int) -> Sequence[tuple[int, int]]:
        """Return the parts that look different, left to right: first column and the one after the last.

        Compared are columns start ≤ x < end with as many of another row from `other_start` on.
        """


class LazyStrip(Strip):
    """A piece of a row, as a strip.

    Args:
        row: Of what.
        start: Its first column.
        end: The column after its last one.
    """

    __slots__ = ("_row", "_start")

    def __init__(self, row: Row, start: int, end: int) -> None:
        super().__init__((), end - start)
        self._row, self._start = row, start
        del self._segments  # a missing attribute is asked of __getattr__

    def __getattr__(self, name: str) -> Any:
        if name != "_segments":
            raise AttributeError(name)
        self._segments = self._row.segments(self._start, self._start + self.cell_length)
        return self._segments

    @property
    def is_thrifty(self) -> bool:
        """Return whether its text names no colour twice."""
        return self._row.is_thrifty

    @property
    def row(self) -> Row:
        """Return the row of which this is a piece."""
        return self._row

    def since(self, old: LazyStrip) -> list[tuple[int, Strip]]:
        """Return the parts that look different from an older strip of this length, each with where it begins."""
        found = self._row.differs(self._start, self._start + self.cell_length, old._row, old._start)
        return [(start - self._start, LazyStrip(self._row, start, end)) for start, end in found]

    def __eq__(self, other: object) -> bool:
        """Tell whether both look the same; between lazy strips without making segments."""
        if not isinstance(other, LazyStrip):
            return super().__eq__(other)
        return self.cell_length == other.cell_length and not self.since(other)

    __hash__ = None  # type: ignore[assignment]  # as strips are

    def render(self, console: Console) -> str:
        """Return the escape sequences and characters."""
        depth = _DEPTHS.get(console.color_system)
        if depth is None:
            return super().render(console)
        parts = self._row.parts(self._start, self._start + self.cell_length, depth)
        return "".join([part if isinstance(part, str) else Strip([part]).render(console) for part in parts])

    def crop(self, start: int, end: int | None = None) -> Strip:
        """Return the columns start ≤ x < end."""
        first, last = max(0, start), self.cell_length if end is None else min(end, self.cell_length)
        if (first, last) == (0, self.cell_length):
            return self
        return LazyStrip(self._row, self._start + first, self._start + last) if first < last else Strip([], 0)

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """Return the pieces that end at the given columns."""
        pieces, reached = [], 0
        for cut in cuts:
            if cut <= self.cell_length:
                pieces.append(self.crop(reached, cut))
                reached = cut
        return pieces
