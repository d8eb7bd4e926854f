"""What text the terminal shows, as it was written: what is there already is not written again.

Textual repaints whole widgets; of a list of which one row changed only that row, and of the row only what differs,
goes over the line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.strip import Strip

from tui_editor.ui.terminal.lazy_strip import LazyStrip

if TYPE_CHECKING:
    from textual.geometry import Region


class Shadow:
    """Strips by row and column. Knows nothing of cells that were not written through it."""

    def __init__(self) -> None:
        self._rows: dict[int, dict[int, Strip]] = {}

    def write(self, x: int, y: int, strip: Strip) -> tuple[int, Strip] | None:
        """Take a strip as written at column x of row y; return the part that has to be, None when nothing has."""
        row = self._rows.setdefault(y, {})
        old = row.get(x)
        if old is strip:
            return None
        comparable = old is not None and old.cell_length == strip.cell_length
        if comparable and old == strip:
            return None
        self._clear(row, x, x + strip.cell_length)
        row[x] = strip
        return _trimmed(x, old, strip) if comparable and old is not None else (x, strip)

    def forget(self, region: Region | None = None) -> None:
        """Take in that something else was painted on a region; None: everywhere."""
        if region is None:
            self._rows.clear()
            return
        for y in range(region.y, region.bottom):
            if (row := self._rows.get(y)) is not None:
                self._clear(row, region.x, region.right)

    @staticmethod
    def _clear(row: dict[int, Strip], start: int, end: int) -> None:
        for x in [x for x, strip in row.items() if x < end and x + strip.cell_length > start]:
            del row[x]


def _trimmed(x: int, old: Strip, new: Strip) -> tuple[int, Strip]:
    """Return the new strip without the segments at its ends that the old one has there too."""
    if isinstance(old, LazyStrip) and isinstance(new, LazyStrip) and (part := new.since(old)) is not None:
        return x + part[0], part[1]
    before, after = list(old), list(new)
    first = 0
    while first < min(len(before), len(after)) and before[first] == after[first]:
        x += after[first].cell_length
        first += 1
    last = 0
    while last < min(len(before), len(after)) - first and before[-1 - last] == after[-1 - last]:
        last += 1
    return x, Strip(after[first : len(after) - last])
