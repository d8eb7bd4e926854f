"""Whole-pixel rectangles of a raster: what was touched, what must be sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_Number = TypeVar("_Number", bound=np.generic)


class Rect(NamedTuple):
    """Pixels x0 ≤ x < x1, y0 ≤ y < y1; empty when a side is not positive."""

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def width(self) -> int:
        """Return the number of columns, 0 when empty."""
        return max(0, self.x1 - self.x0)

    @property
    def height(self) -> int:
        """Return the number of rows, 0 when empty."""
        return max(0, self.y1 - self.y0)

    @property
    def empty(self) -> bool:
        """Tell whether no pixel lies inside."""
        return self.x1 <= self.x0 or self.y1 <= self.y0

    def union(self, other: Rect) -> Rect:
        """Return the smallest rectangle that holds both; an empty one adds nothing."""
        if self.empty or other.empty:
            return self if other.empty else other
        return Rect(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def clipped(self, width: int, height: int) -> Rect:
        """Return the part that lies in a raster of this size; `EMPTY` when there is none."""
        part = Rect(max(self.x0, 0), max(self.y0, 0), min(self.x1, width), min(self.y1, height))
        return EMPTY if part.empty else part

    def moved(self, right: int, down: int) -> Rect:
        """Return the rectangle so many pixels farther to the right and down."""
        return Rect(self.x0 + right, self.y0 + down, self.x1 + right, self.y1 + down)

    def grown(self, by: int) -> Rect:
        """Return the rectangle so many pixels larger at each side."""
        return Rect(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)

    def aligned(self, cell_size: tuple[int, int]) -> Rect:
        """Return the smallest rectangle of whole cells (width, height in pixels) that holds this one."""
        w, h = cell_size
        return Rect(self.x0 // w * w, self.y0 // h * h, -(-self.x1 // w) * w, -(-self.y1 // h) * h)

    def bands(self, height: int) -> Iterator[Rect]:
        """Yield the rectangle in pieces of at most so many rows, from above to below."""
        for y in range(self.y0, self.y1, height):
            yield Rect(self.x0, y, self.x1, min(y + height, self.y1))

    def of(self, raster: NDArray[_Number]) -> NDArray[_Number]:
        """Return the view of `raster` (h, w[, c]) inside the rectangle."""
        return raster[self.y0 : self.y1, self.x0 : self.x1]


EMPTY = Rect(0, 0, 0, 0)

_WASTE = 2.0
"""Rectangles are joined while the result holds at most so many times the pixels."""


def changed(before: NDArray[_Number], after: NDArray[_Number]) -> Rect:
    """Return the smallest rectangle that holds every pixel in which two rasters of one shape differ."""
    differs = before != after
    if differs.ndim == 3:
        differs = differs.any(axis=2)
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not rows.size:
        return EMPTY
    return Rect(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def overlap(one: Rect, other: Rect) -> Rect:
    """Return the pixels that both hold; `EMPTY` when there are none."""
    part = Rect(max(one.x0, other.x0), max(one.y0, other.y0), min(one.x1, other.x1), min(one.y1, other.y1))
    return EMPTY if part.empty else part


def apart(rects: NDArray[np.int32]) -> tuple[Rect, ...]:
    """Return rectangles that don't overlap and hold all these pixels; overlapping ones are joined where that adds few.

    A cross stays a cross: joined, it would be the square around it.

    Args:
        rects: (n, 4), each as `Rect` has it; at most a few hundred.
    """
    found: list[Rect] = []
    for rect in _outermost(rects).tolist():
        _add(found, Rect(*rect))
    return tuple(found)


def _outermost(rects: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the rectangles that have pixels and lie in no other one, the largest first."""
    sides = rects[:, 2:] - rects[:, :2]
    rects = rects[np.argsort(-(sides[:, 0].astype(np.int64) * sides[:, 1]), kind="stable")]
    x0, y0, x1, y1 = rects.T
    inside = (x0[:, None] >= x0) & (y0[:, None] >= y0) & (x1[:, None] <= x1) & (y1[:, None] <= y1)
    larger = np.tril(inside, -1).any(axis=1)  # of equal ones the first stays
    return np.asarray(rects[(x0 < x1) & (y0 < y1) & ~larger], np.int32)


def _add(found: list[Rect], rect: Rect) -> None:
    for number, other in enumerate(found):
        shared = overlap(rect, other)
        if shared.empty:
            continue
        joined = rect.union(other)
        if _area(joined) <= _WASTE * (_area(rect) + _area(other) - _area(shared)):
            del found[number]
            _add(found, joined)
        else:
            for part in _without(rect, shared):
                _add(found, part)
        return
    found.append(rect)


def _area(rect: Rect) -> int:
    return rect.width * rect.height


def _without(rect: Rect, hole: Rect) -> list[Rect]:
    """Return what is left of a rectangle around a hole that lies in it."""
    parts = (
        Rect(rect.x0, rect.y0, rect.x1, hole.y0),
        Rect(rect.x0, hole.y1, rect.x1, rect.y1),
        Rect(rect.x0, hole.y0, hole.x0, hole.y1),
        Rect(hole.x1, hole.y0, rect.x1, hole.y1),
    )
    return [part for part in parts if not part.empty]
