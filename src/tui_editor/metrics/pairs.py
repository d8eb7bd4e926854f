"""Pairs of labels that may belong together: all pairs within a group, and how much each pair has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

CHUNK = 1 << 16
"""Most pairs that are looked at together: what they take stays in the processor's cache."""

FAR = 1e7
"""Pixels: what lies beyond is no picture, and no number to calculate with."""
_SLACK_PX = 0.01


class Pairs(Struct, frozen=True, eq=False):
    """n pairs of a row (a label of one side) and a column (one of the other), each pair once, by row."""

    rows: Ints
    columns: Ints
    values: Floats
    """How much they have in common, 0..1."""

    def __len__(self) -> int:
        return len(self.rows)

    def where(self, kept: Flags | Ints) -> Pairs:
        """Return the pairs that are kept."""
        return Pairs(self.rows[kept], self.columns[kept], self.values[kept])


def make_pairs(rows: Ints, columns: Ints, values: Floats) -> Pairs:
    """Return pairs by row, then column, whatever order they come in."""
    order = np.lexsort((columns, rows))
    return Pairs(rows[order], columns[order], values[order])


def no_pairs() -> Pairs:
    """Return no pairs."""
    none = np.empty(0, np.int64)
    return Pairs(none, none, np.empty(0, np.float64))


def join_pairs(pieces: list[Pairs]) -> Pairs:
    """Return the pairs of all pieces in their order."""
    if not pieces:
        return no_pairs()
    return Pairs(*(np.concatenate([getattr(p, name) for p in pieces]) for name in ("rows", "columns", "values")))


def within_groups(rows: Ints, columns: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield all pairs of the same group as (row numbers, column numbers), about `CHUNK` at a time.

    Args:
        rows: (n,) group of each row, ascending.
        columns: (m,) group of each column, ascending.
    """
    yield from _ranges(np.searchsorted(columns, rows, "left"), np.searchsorted(columns, rows, "right"))


def _ranges(first: Ints, last: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield row i with each of first[i]..last[i]-1, about `CHUNK` pairs at a time."""
    counts = np.maximum(last - first, 0)
    ends = np.cumsum(counts)
    start = 0
    while start < len(counts):
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + CHUNK, "right")))
        many = counts[start:stop]
        row = np.repeat(np.arange(start, stop), many)
        within = np.arange(len(row)) - np.repeat(ends[start:stop] - many - before, many)
        yield row, np.repeat(first[start:stop], many) + within
        start = stop


def beside_each_other(a: Floats, a_groups: Ints, b: Floats, b_groups: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield the pairs of rectangles of the same group that may overlap or touch, about `CHUNK` at a time.

    Those are the ones that begin left of each other's right edges: a crowded frame isn't looked at square by square.

    Args:
        a: (n, 4) x, y, width, height: the rows.
        a_groups: (n,) ascending.
        b: (m, 4): the columns.
        b_groups: (m,) ascending.
    """
    far = float(np.max([np.abs(side[:, [0, 2]]).max(initial=0.0) for side in (a, b)]))
    if not far < FAR:  # also where a coordinate is none
        yield from within_groups(a_groups, b_groups)
        return
    span = 4 * far + 1
    groups = np.unique(np.concatenate([a_groups, b_groups]))
    places = [np.searchsorted(groups, side) for side in (a_groups, b_groups)]
    widest = np.zeros(len(groups))
    np.maximum.at(widest, places[1], np.maximum(b[:, 2], 0))
    order = np.lexsort((b[:, 0], b_groups))
    begins = places[1][order] * span + b[order, 0]
    left = places[0] * span + np.minimum(a[:, 0], a[:, 0] + a[:, 2])
    first = np.searchsorted(begins, left - widest[places[0]] - _SLACK_PX, "left")
    last = np.searchsorted(begins, left + np.abs(a[:, 2]) + _SLACK_PX, "right")
    for rows, columns in _ranges(first, last):
        yield rows, order[columns]


def box_overlap(a: Floats, b: Floats, crowd: Flags | None = None) -> Floats:
    """Return intersection over union of n pairs of boxes, float64 (n,) in 0..1; 0 where the union has no area.

    Args:
        a: (n, 4) x, y, width, height.
        b: (n, 4) likewise.
        crowd: (n,) of which pairs the share of `a` that lies in `b` is wanted instead (COCO's crowds).
    """
    ends_a, ends_b = a[:, :2] + a[:, 2:], b[:, :2] + b[:, 2:]
    sides = np.minimum(ends_a, ends_b) - np.maximum(a[:, :2], b[:, :2])
    common = np.maximum(sides[:, 0], 0) * np.maximum(sides[:, 1], 0)
    own = a[:, 2] * a[:, 3]
    union = own + b[:, 2] * b[:, 3] - common
    if crowd is not None:
        union = np.where(crowd, own, union)
    return np.asarray(np.divide(common, union, out=np.zeros_like(common), where=union > 0))


def box_pairs(
    a: Floats, a_groups: Ints, b: Floats, b_groups: Ints, *, least: float = 0.0, crowd: Flags | None = None
) -> Pairs:
    """Return the pairs of boxes within each group that have more than nothing and at least `least` in common.

    Args:
        a: (n, 4) x, y, width, height: the rows.
        a_groups: (n,) ascending.
        b: (m, 4): the columns.
        b_groups: (m,) ascending.
        least: Smallest overlap that is kept.
        crowd: (m,) which columns are COCO's crowds.
    """
    found = []
    for rows, columns in beside_each_other(a, a_groups, b, b_groups):
        values = box_overlap(a[rows], b[columns], None if crowd is None else crowd[columns])
        kept = (values > 0) & (values >= least)
        found.append(Pairs(rows[kept], columns[kept], values[kept]))
    return join_pairs(found)
