"""Set operations of bitmasks on their runs: the cost goes with the number of runs, not with the pixels.

Each mask becomes spans of set pixels within rows. Their ends are sorted, counted, and kept where the count says that
the result turns on or off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.model.masks import empty_bitmask
from tui_editor.model.shapes import Bitmask

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    _Ints = NDArray[np.int64]
    _Spans = tuple[_Ints, _Ints, _Ints]
    """Row of the frame, first column, and the column after the last one, of each span."""

_SECOND = 1 << 32
"""What a span of the second mask counts for; a span of the first one counts 1."""


def united(*masks: Bitmask) -> Bitmask:
    """Return the pixels that are set in any of the masks."""
    return _combined(masks, (), lambda count: count > 0)


def without(mask: Bitmask, *taken: Bitmask) -> Bitmask:
    """Return the pixels of a mask that are set in none of the others."""
    return _combined((mask,), taken, lambda count: count == 1)


def common(mask: Bitmask, *others: Bitmask) -> Bitmask:
    """Return the pixels of a mask that are set in at least one of the others."""
    return _combined((mask,), others, lambda count: (count > _SECOND) & (count % _SECOND == 1))


def overlap(a: Bitmask, b: Bitmask) -> bool:
    """Return whether the rectangles of two masks have a pixel in common."""
    return (
        a.left < b.left + b.width
        and b.left < a.left + a.width
        and a.top < b.top + b.height
        and b.top < a.top + a.height
    )


def clipped(mask: Bitmask, width: int, height: int) -> Bitmask:
    """Return the pixels that lie in a frame of `width` × `height`."""
    if mask.left >= 0 and mask.top >= 0 and mask.left + mask.width <= width and mask.top + mask.height <= height:
        return mask
    frame = Bitmask(0, 0, width, height, np.array([0, width * height], np.uint32))
    return common(mask, frame)


def _combined(
    firsts: Sequence[Bitmask], seconds: Sequence[Bitmask], keeps: Callable[[_Ints], NDArray[np.bool_]]
) -> Bitmask:
    some, others = _joined(firsts), _joined(seconds)
    rows, starts, stops = (np.concatenate(pair) for pair in zip(some, others, strict=True))
    if not len(some[0]):
        return empty_bitmask()
    top, left = int(rows.min()), int(starts.min())
    stride = int(stops.max()) - left + 1  # a column beside the last one, so that no span runs on into the next row
    weights = np.repeat(np.array([1, _SECOND], np.int64), (len(some[0]), len(others[0])))
    base = (rows - top) * stride - left
    return _bitmask(_turns(base + starts, base + stops, weights, keeps), stride, left, top)


def _turns(starts: _Ints, stops: _Ints, weights: _Ints, keeps: Callable[[_Ints], NDArray[np.bool_]]) -> _Ints:
    """Return the ascending positions at which the result turns on, off, on …."""
    places = np.concatenate([starts, stops])
    order = np.argsort(places, kind="stable")
    places = places[order]
    count = np.cumsum(np.concatenate([weights, -weights])[order])
    last = np.concatenate([places[1:] != places[:-1], [True]])
    places, on = places[last], keeps(count[last])
    turned: _Ints = places[on != np.concatenate([[False], on[:-1]])]
    return turned


def _joined(masks: Sequence[Bitmask]) -> _Spans:
    found = [_spans(mask) for mask in masks]
    if len(found) == 1:
        return found[0]
    empty = np.empty(0, np.int64)
    rows, starts, stops = (
        (np.concatenate([empty, *part]) for part in zip(*found, strict=True)) if found else (empty,) * 3
    )
    return rows, starts, stops


def _spans(mask: Bitmask) -> _Spans:
    """Return the set pixels as spans that stay within a row."""
    ends = np.cumsum(mask.runs, dtype=np.int64)
    starts, stops = ends[:-1:2], ends[1::2]
    starts = starts[: len(stops)]
    real = stops > starts
    starts, stops = starts[real], stops[real]
    if not len(starts):
        empty = np.empty(0, np.int64)
        return empty, empty, empty
    first, last = starts // mask.width, (stops - 1) // mask.width
    counts = last - first + 1
    which = np.repeat(np.arange(len(starts)), counts)
    row = first[which] + np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    begin = np.maximum(starts[which] - row * mask.width, 0)
    end = np.minimum(stops[which] - row * mask.width, mask.width)
    return row + mask.top, begin + mask.left, end + mask.left


def _bitmask(turns: _Ints, stride: int, left: int, top: int) -> Bitmask:
    """Return the bitmask of positions that count rows of `stride` pixels from (left, top)."""
    if not len(turns):
        return empty_bitmask()
    row, column = np.divmod(turns, stride)
    x0, x1 = int(column.min()), int(column.max())
    y0, y1 = int(row[0]), int(row[-1]) + 1
    width, height = x1 - x0, y1 - y0
    flat = (row - y0) * width + column - x0
    # a span that fills its row ends where that of the next row begins
    joins = np.concatenate([[False], flat[1:] == flat[:-1]])
    flat = flat[~(joins | np.concatenate([joins[1:], [False]]))]
    inner = flat[:-1] if flat[-1] == width * height else flat
    runs = np.diff(inner, prepend=0, append=width * height).astype(np.uint32)
    return Bitmask(left + x0, top + y0, width, height, runs)
