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

    def write(self, x: int, y: int, strip: Strip) -> list[tuple[int, Strip]]:
        """Take a strip as written at column x of row y; return the parts that have to be, each with its column."""
        row = self._rows.setdefault(y, {})
        old = row.get(x)
        if old is strip:
            return []
        comparable = old is not None and old.cell_length == strip.cell_length
        if comparable and old == strip:
            return []
        self._clear(row, x, x + strip.cell_length)
        row[x] = strip
        return _changed(x, old, strip) if comparable and old is not None else [(x, strip)]

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


def _changed(x: int, old: Strip, new: Strip) -> list[tuple[int, Strip]]:
    """Return what of a new strip at column x differs; of one of segments, all between the first and last that do."""
    if isinstance(old, LazyStrip) and isinstance(new, LazyStrip):
        return [(x + start, part) for start, part in new.since(old)]
    before, after = list(old), list(new)
    first = 0
    while first < min(len(before), len(after)) and before[first] == after[first]:
        x += after[first].cell_length
        first += 1
    last = 0
    while last < min(len(before), len(after)) - first and before[-1 - last] == after[-1 - last]:
        last += 1
    return [(x, Strip(after[first : len(after) - last]))]
