"""In which order the runs of a sixel band are written: several colours share a line, and the first line is filled.

Written colour by colour, most of a photograph's sixels are gaps: each colour is spread over the whole band. So each
colour is cut where its gaps are long, and pieces of several colours that don't overlap stand in one line, from left to
right (as in libsixel). A piece begins after the one that ended last before it, which leaves the smallest gaps: pieces
are parentheses, matched by their depth. The pieces of the first line are painted as solid blocks, which take a few
bytes: what lines below paint lies over them (as in textual-image).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.intp]

_LONG_GAP = 10
"""From so many empty columns on, another colour is cheaper than the gap."""
_UINT16 = 1 << 16


class Runs(NamedTuple):
    """Neighbouring sixels of one band and colour that look the same."""

    group: NDArray[np.uint16]
    """band · 256 + colour"""
    column: Numbers
    length: Numbers
    character: NDArray[np.uint64]

    def taken(self, order: Numbers) -> Runs:
        """Return some of the runs in an order."""
        return Runs(
            self.group.take(order), self.column.take(order), self.length.take(order), self.character.take(order)
        )

    def joined(self, others: Runs) -> Runs:
        """Return these runs, then the others."""
        return Runs(
            np.concatenate([self.group, others.group]),
            np.concatenate([self.column, others.column]),
            np.concatenate([self.length, others.length]),
            np.concatenate([self.character, others.character]),
        )


class Lines(NamedTuple):
    """Runs in the order of writing."""

    runs: Runs
    selects: NDArray[np.bool_]
    """Whether a run is the first of its colour."""
    returns: NDArray[np.bool_]
    """Whether a run is the first of its line."""


class _Pieces(NamedTuple):
    """Runs of one colour without long gaps, in the order of bands and first columns."""

    band: Numbers
    start: Numbers
    end: Numbers
    first_run: Numbers
    run_count: Numbers

    def taken(self, order: Numbers) -> _Pieces:
        return _Pieces(*(values.take(order) for values in self))


def by_colour(runs: Runs) -> Lines:
    """Return runs that are sorted by band, colour and column, with a line for each colour."""
    begins = np.ones(len(runs.group), np.bool_)
    np.not_equal(runs.group[1:], runs.group[:-1], out=begins[1:])
    return Lines(runs, begins, begins)


def packed(runs: Runs, width: int, fill: NDArray[np.uint64], holes: NDArray[np.intp] | None) -> Lines:
    """Return runs that are sorted by band, colour and column, in as few bytes as is quick to find: 10 to 16 % less.

    Args:
        runs: At least one.
        width: Columns of the picture.
        fill: (bands,) The sixel with all pixels of the band set.
        holes: (bands, width + 1) How many columns left of each have pixels that nobody paints; None: there are none.
    """
    pieces = _pieces(runs, width)
    filled = _first_line(pieces, width, holes)
    solid = pieces.taken(np.flatnonzero(filled))
    others = np.flatnonzero(~filled)
    places = others.take(_line_starts(pieces.taken(others), width))
    blocks = Runs(runs.group.take(solid.first_run), solid.start, solid.end - solid.start, fill.take(solid.band))
    # A line's name is its first piece; that of a first line stands before all others of its band.
    names = np.empty(len(filled), np.intp)
    names[others] = 2 * places + 1
    names[filled] = 2 * np.searchsorted(pieces.band, solid.band)
    order = _sorted(names)
    names = names.take(order)
    first_run, run_count = pieces.first_run.copy(), pieces.run_count.copy()
    first_run[filled] = len(runs.group) + np.arange(len(solid.band))
    run_count[filled] = 1
    first_run, run_count = first_run.take(order), run_count.take(order)
    heads = np.cumsum(run_count) - run_count
    numbers = np.repeat(first_run - heads, run_count) + np.arange(int(run_count.sum()))
    selects, returns = np.zeros((2, len(numbers)), np.bool_)
    selects[heads] = True
    returns[heads[np.flatnonzero(np.diff(names, prepend=-1))]] = True
    return Lines(runs.joined(blocks).taken(numbers), selects, returns)


def _pieces(runs: Runs, width: int) -> _Pieces:
    ends = runs.column + runs.length
    gaps = np.full(len(ends), _LONG_GAP)
    np.subtract(runs.column[1:], ends[:-1], out=gaps[1:])
    gaps[1:][runs.group[1:] != runs.group[:-1]] = _LONG_GAP
    first = np.flatnonzero(gaps >= _LONG_GAP)
    count = np.diff(first, append=len(ends))
    band = (runs.group.take(first) >> 8).astype(np.intp)
    pieces = _Pieces(band, runs.column.take(first), ends.take(first + count - 1), first, count)
    # Of those that begin together the longest comes first, for the first line.
    order = _sorted(width - (pieces.end - pieces.start))
    return pieces.taken(order.take(_sorted((band * (width + 1) + pieces.start).take(order))))


def _first_line(pieces: _Pieces, width: int, holes: NDArray[np.intp] | None) -> NDArray[np.bool_]:
    """Return which pieces may be painted as solid blocks: from the left, always the next that begins."""
    filled = np.zeros(len(pieces.band), np.bool_)
    if holes is None:
        able = np.arange(len(filled))
    else:
        able = np.flatnonzero(holes[pieces.band, pieces.end] == holes[pieces.band, pieces.start])
    column = (pieces.band * (width + 1) + pieces.start).take(able)
    before = np.bincount(column, minlength=int(column[-1]) + 2 if len(column) else 0).cumsum()
    ends = (pieces.band * (width + 1) + pieces.end).take(able)
    following = memoryview(before.take(np.minimum(ends, len(before)) - 1)) if len(column) else memoryview(b"")
    chain, piece = [], 0
    while piece < len(able):
        chain.append(piece)
        piece = following[piece]
    filled[able.take(chain)] = True
    return filled


def _line_starts(pieces: _Pieces, width: int) -> Numbers:
    """Return for each piece the first one of its line."""
    count = len(pieces.band)
    begins, ends = pieces.band * (width + 1) + pieces.start, pieces.band * (width + 1) + pieces.end
    # Events from left to right, ends before begins: an end may be continued by the next begin.
    events = _sorted(np.concatenate([2 * ends, 2 * begins + 1]))
    is_begin = events >= count
    piece = np.where(is_begin, events - count, events)
    band = pieces.band.take(piece)
    open_ends = np.where(is_begin, -1, 1).cumsum()
    # A begin for which no end is open starts a line: where the count reaches a new low within its band.
    apart = band * (2 * count + 1)
    low = np.minimum.accumulate(np.minimum(open_ends, 0) - apart) + apart
    lonely = is_begin & ((np.diff(low, prepend=0) < 0) | (np.diff(band, prepend=-1) > 0))
    events_left = np.flatnonzero(~lonely)
    is_begin, piece = is_begin.take(events_left), piece.take(events_left)
    depth = np.where(is_begin, -1, 1).cumsum() + is_begin
    # On one depth ends and begins take turns: each begin continues the end before it.
    by_depth = _sorted(depth)
    matched = np.flatnonzero(is_begin.take(by_depth))
    first = np.arange(count)
    first[piece.take(by_depth.take(matched))] = piece.take(by_depth.take(matched - 1))
    while True:
        further = first.take(first)
        if np.array_equal(further, first):
            return first
        first = further


def _sorted(keys: Numbers) -> Numbers:
    """Return the stable order of numbers ≥ 0, by a radix sort where they are small."""
    small = keys.astype(np.uint16) if not len(keys) or int(keys.max()) < _UINT16 else keys
    return np.argsort(small, kind="stable")
