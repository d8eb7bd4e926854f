"""Labels that cover each other: on one frame, and from a frame to the next. Crowded frames are not skipped."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tui_editor.model.shapes import ShapeKind
from tui_editor.model.sheet import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tui_editor.model.sheet import Sheet

_Rows = "NDArray[np.intp]"
AT_ONCE: Final = 4_000_000
"""Candidates that are compared at once: 300 MB at the most."""
AREAL: Final = tuple(
    KINDS.index(kind) for kind in (ShapeKind.BOX, ShapeKind.ROTATED_BOX, ShapeKind.POLYGON, ShapeKind.BITMASK)
)
FAR_PX: Final = 1e7
"""No frame is so large: labels further out are left to the rules about places."""
LEAST_IOU: Final = 0.3
LEAST_INSIDE: Final = 0.8


class Pairs(NamedTuple):
    """Pairs of labels, by their extents."""

    a: NDArray[np.intp]
    b: NDArray[np.intp]
    iou: NDArray[np.float64]
    """Intersection over union, 0..1."""
    inside: NDArray[np.float64]
    """Share of the smaller one that the larger one covers, 0..1."""

    def where(self, kept: NDArray[np.bool_]) -> Pairs:
        """Return some of the pairs."""
        return Pairs(self.a[kept], self.b[kept], self.iou[kept], self.inside[kept])

    def taken(self, order: NDArray[np.intp]) -> Pairs:
        """Return the pairs in another order."""
        return Pairs(self.a[order], self.b[order], self.iou[order], self.inside[order])


def _none() -> Pairs:
    return Pairs(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0), np.empty(0))


def _joined(found: list[Pairs]) -> Pairs:
    return Pairs(
        np.concatenate([p.a for p in found]),
        np.concatenate([p.b for p in found]),
        np.concatenate([p.iou for p in found]),
        np.concatenate([p.inside for p in found]),
    )


@lru_cache(maxsize=2)
def pairs_on_frames(sheet: Sheet) -> Pairs:
    """Return the pairs of labels with an area on the same frame that cover each other much.

    By intersection over union of at least `LEAST_IOU`, or with `LEAST_INSIDE` of the smaller one inside; a < b in the
    sheet's order. Flagged as outside, crowds and what has no area do not count.
    """
    rows = _countable(sheet)
    frame = _frame_numbers(sheet)
    found = [_none()]
    for a, b in _sweep(sheet, rows, frame):
        pairs = _measured(sheet, a, b)
        found.append(pairs.where((pairs.iou >= LEAST_IOU) | (pairs.inside >= LEAST_INSIDE)))
    joined = _joined(found)
    swapped = joined.a > joined.b
    joined = joined._replace(a=np.where(swapped, joined.b, joined.a), b=np.where(swapped, joined.a, joined.b))
    order = np.lexsort((joined.b, joined.a))
    return joined.taken(order)


def _countable(sheet: Sheet) -> NDArray[np.intp]:
    area = (sheet.high - sheet.low > 0).all(axis=1) & (np.abs(sheet.low) < FAR_PX).all(axis=1)
    area &= (np.abs(sheet.high) < FAR_PX).all(axis=1)
    good = area & sheet.visible & np.isin(sheet.kinds, AREAL)
    if sheet.crowd is not None:
        good &= ~sheet.crowd
    return np.flatnonzero(good)


def _frame_numbers(sheet: Sheet) -> NDArray[np.int64]:
    """Return a number for each row that is the same for labels on one frame; those of the next frame have the next."""
    span = int(sheet.frames.max()) + 3 if len(sheet) else 1
    return sheet.unit.astype(np.int64) * span + sheet.frames


def _sweep(
    sheet: Sheet, rows: NDArray[np.intp], frame: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield the pairs on one frame whose extents overlap from left to right."""
    if not len(rows):
        return
    numbers = np.unique(frame[rows], return_inverse=True)[1]
    left = float(sheet.low[rows, 0].min())
    room = float(sheet.high[rows, 0].max()) - left + 1
    key = numbers * room + (sheet.low[rows, 0] - left)
    order = np.argsort(key, kind="stable")
    rows, key, end = rows[order], key[order], (numbers * room + (sheet.high[rows, 0] - left))[order]
    stop = np.searchsorted(key, end)
    counts = stop - np.arange(len(rows)) - 1
    yield from _expanded(rows, np.arange(1, len(rows) + 1), counts, rows)


def _expanded(
    rows: NDArray[np.intp], starts: NDArray[np.int64], counts: NDArray[np.int64], others: NDArray[np.intp]
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield each row with `others[start:start + count]`, a few million pairs at a time."""
    counts = np.maximum(counts, 0)
    total = np.cumsum(counts)
    at = 0
    while at < len(rows):
        done = int(total[at - 1]) if at else 0
        stop = max(int(np.searchsorted(total, done + AT_ONCE)), at + 1)
        some = counts[at:stop]
        n = int(some.sum())
        if n:
            within = np.arange(n) - np.repeat(np.cumsum(some) - some, some)
            yield np.repeat(rows[at:stop], some), others[np.repeat(starts[at:stop], some) + within]
        at = stop


def _measured(sheet: Sheet, a: NDArray[np.intp], b: NDArray[np.intp]) -> Pairs:
    """Return those of some pairs whose extents overlap; by columns, from top to bottom first."""
    (left, top), (right, bottom) = (np.ascontiguousarray(corner.T) for corner in (sheet.low, sheet.high))
    height = np.minimum(bottom[a], bottom[b]) - np.maximum(top[a], top[b])
    met = height > 0
    a, b, height = a[met], b[met], height[met]
    width = np.minimum(right[a], right[b]) - np.maximum(left[a], left[b])
    met = width > 0
    a, b, both = a[met], b[met], (height * width)[met]
    area = (right - left) * (bottom - top)
    mine, theirs = area[a], area[b]
    return Pairs(a, b, both / (mine + theirs - both), both / np.minimum(mine, theirs))


@lru_cache(maxsize=2)
def pairs_to_next(sheet: Sheet, least_iou: float) -> Pairs:
    """Return the pairs of a label and one on the next frame of the same data unit, of an IoU of at least `least_iou`.

    Only where frames follow one another in time. `inside` is that of the pair, as in `pairs_on_frames`.
    """
    rows = _countable(sheet)
    rows = rows[sheet.timed[rows]]
    if not len(rows):
        return _none()
    frame = _frame_numbers(sheet)[rows]
    left = float(sheet.low[rows, 0].min())
    width = sheet.high[rows, 0] - sheet.low[rows, 0]
    room = float(sheet.high[rows, 0].max()) - left + 2 * float(width.max()) / least_iou + 1
    key = (frame - frame.min()) * room + (sheet.low[rows, 0] - left)
    order = np.argsort(key, kind="stable")
    ahead = key + room  # the same place on the next frame
    # two spans of an IoU of t begin at most so far from one another
    starts = np.searchsorted(key[order], ahead - width * (1 / least_iou - 1))
    stops = np.searchsorted(key[order], ahead + width * (1 - least_iou), "right")
    found = [_none()]
    for a, b in _expanded(rows, starts, stops - starts, rows[order]):
        pairs = _measured(sheet, a, b)
        found.append(pairs.where(pairs.iou >= least_iou))
    joined = _joined(found)
    order = np.lexsort((joined.b, joined.a))
    return joined.taken(order)
