"""Lines on a surface: crisp rectangles, smooth and dashed lines.

A surface is uint8 (h, w, 4), RGB weighted by its own opacity ("premultiplied"), C-contiguous. Screen coordinates are
continuous: pixel i covers [i, i + 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Surface = NDArray[np.uint8]
    Ink = tuple[int, int, int, int]
    Points = NDArray[np.float64]

DASH_PX, GAP_PX = 6.0, 5.0

_SHIFT = 4
_AROUND = [0, 1, 2, 1, 2, 3, 0, 3]
"""The corners of x0, y0, x1, y1 one after the other."""
_LONG = float(1 << 14)
"""Lines that reach farther than this many screen pixels are cut at the canvas first: cv2 walks along all of them."""
_FARTHEST = float(1 << 23)
"""Coordinates beyond this many screen pixels (an image of 131,072 pixels, 64 times magnified) are pulled in."""


@dataclass(frozen=True, eq=False)
class Paths:
    """Many paths on the screen, their points in one array, so that each step is one for all of them."""

    every: Points
    """(m, 2) screen points of all paths, one path after the other."""
    lengths: list[int]
    """How many points each path has; none has none."""

    @cached_property
    def pieces(self) -> list[Points]:
        """Return the points of each path."""
        return self._split(self.every)

    @cached_property
    def fixed(self) -> list[NDArray[np.int32]]:
        """Return each path as cv2 counts it."""
        return self._split(fixed_point(self.every))

    @cached_property
    def starts(self) -> list[int]:
        """Return where each path begins, and behind the last one how many points there are."""
        return list(accumulate(self.lengths, initial=0))

    def part(self, start: int, stop: int) -> Paths:
        """Return paths `start`..`stop` - 1; nothing is worked out again."""
        if (start, stop) == (0, len(self.lengths)):
            return self
        part = Paths(self.every[self.starts[start] : self.starts[stop]], self.lengths[start:stop])
        part.__dict__["fixed"] = self.fixed[start:stop]
        return part

    def _split(self, every: NDArray[Any]) -> list[NDArray[Any]]:
        return [every[start:stop] for start, stop in pairwise(self.starts)]

    @cached_property
    def far(self) -> list[int]:
        """Return which paths reach so far that cv2 must not walk along them."""
        if not self.lengths or float(np.abs(self.every).max()) < _LONG:
            return []
        return [number for number, path in enumerate(self.pieces) if np.abs(path).max() >= _LONG]


def paths(arrays: Sequence[Points]) -> Paths:
    """Return arrays (n, 2) of screen points as paths; those without points are left out."""
    some = [array for array in arrays if len(array)]
    return Paths(np.concatenate(some) if some else np.zeros((0, 2)), [len(array) for array in some])


def rectangles(surface: Surface, corners: Points, ink: Ink, thickness: int) -> None:
    """Draw outlines of upright boxes, their edges rounded to whole pixels.

    Args:
        surface: Drawn on in place.
        corners: (n, 4) x0, y0, x1, y1 in screen pixels.
        ink: The colour, opaque.
        thickness: Of the outline, laid half inside and half outside.
    """
    import cv2

    outer = np.rint(np.clip(corners, -_FARTHEST, _FARTHEST) - thickness / 2).astype(np.int32)
    # one rectangle in the other, each a pixel wide: exact, and quick to draw
    insets = np.array([(step, step, thickness - 1 - step, thickness - 1 - step) for step in range(thickness)], np.int32)
    rings = (outer + insets[:, None]).reshape(-1, 4)[:, _AROUND]
    cv2.polylines(surface, list(rings.reshape(-1, 4, 2)), True, ink)


def lines(surface: Surface, some: Paths, ink: Ink, thickness: int, *, closed: bool, smooth: bool = True) -> None:
    """Draw lines through the points of each path, in screen pixels."""
    import cv2

    far = set(some.far)
    near = [path for number, path in enumerate(some.fixed) if number not in far] if far else some.fixed
    if near:
        kind = cv2.LINE_AA if smooth else cv2.LINE_8
        cv2.polylines(surface, near, closed, ink, thickness, kind, _SHIFT)
    if far:
        edges = _on_canvas([some.pieces[number] for number in some.far], surface, thickness, closed=closed)
        _segments(surface, edges, ink, thickness)


def dashes(surface: Surface, some: Paths, ink: Ink, thickness: int, *, closed: bool) -> None:
    """Draw dashed lines through the points of each path; every edge begins with a dash."""
    if some.lengths:
        segments = dash_segments(_on_canvas(some.pieces, surface, thickness, closed=closed))
        _segments(surface, segments, ink, thickness)


def discs(surface: Surface, centres: Points, radius: float, ink: Ink, *, thickness: int = -1) -> None:
    """Draw circles about the centres (n, 2) in screen pixels; filled unless a thickness is given."""
    import cv2

    reach = int(radius) + max(1, thickness) + 2
    for x, y in centres[_near(centres, surface, reach)].tolist():
        centre = (round((x - 0.5) * (1 << _SHIFT)), round((y - 0.5) * (1 << _SHIFT)))
        cv2.circle(surface, centre, round(radius * (1 << _SHIFT)), ink, thickness, cv2.LINE_AA, _SHIFT)


def packed(inks: Sequence[Ink]) -> NDArray[np.uint32]:
    """Return inks as the pixels of a surface that is seen as uint32 (h, w)."""
    return np.array(inks, np.uint8).view(np.uint32)[:, 0]


def fixed_point(points: Points) -> NDArray[np.int32]:
    """Return screen points as cv2 counts them: in sixteenths, from the centre of the first pixel."""
    counted = np.clip(points, -_FARTHEST, _FARTHEST)
    counted -= 0.5
    counted *= 1 << _SHIFT
    return np.rint(counted, out=counted).astype(np.int32)


def dash_segments(edges: Points) -> Points:
    """Return the dashes (m, 2, 2) of straight edges (n, 2, 2)."""
    steps = edges[:, 1] - edges[:, 0]
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    counts = np.maximum(1, np.ceil(lengths / (DASH_PX + GAP_PX))).astype(np.intp)
    owner = np.repeat(np.arange(len(edges)), counts)
    number = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    begin = number * (DASH_PX + GAP_PX)
    ends = np.stack([begin, begin + DASH_PX], axis=1) / np.maximum(lengths[owner], 1e-9)[:, None]
    segments: Points = edges[owner, 0][:, None] + ends.clip(0, 1)[:, :, None] * steps[owner][:, None]
    return segments


def _segments(surface: Surface, segments: Points, ink: Ink, thickness: int) -> None:
    import cv2

    cv2.polylines(surface, list(fixed_point(segments)), False, ink, thickness, cv2.LINE_AA, _SHIFT)


def _on_canvas(some: Sequence[Points], surface: Surface, thickness: int, *, closed: bool) -> Points:
    """Return the straight edges (n, 2, 2) of paths as far as they lie on the surface."""
    edges = np.concatenate([_edges(path, closed=closed) for path in some])
    pulled = np.clip(edges, -_FARTHEST, _FARTHEST)
    return _clipped(pulled, surface.shape[1], surface.shape[0], 2.0 * thickness)


def _edges(path: Points, *, closed: bool) -> Points:
    following = np.roll(path, -1, axis=0) if closed else path[1:]
    return np.stack([path[: len(following)], following], axis=1)


def _clipped(edges: Points, width: int, height: int, margin: float) -> Points:
    """Return the parts of edges (n, 2, 2) on the canvas and a margin around it (Liang and Barsky, 1984)."""
    start, step = edges[:, 0], edges[:, 1] - edges[:, 0]
    low, high = np.array([-margin, -margin]), np.array([width + margin, height + margin])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        first, second = (low - start) / step, (high - start) / step
    still = step == 0
    outside = still & ((start < low) | (start > high))
    enter = np.where(still, 0.0, np.minimum(first, second)).max(axis=1).clip(0, 1)
    leave = np.where(still, 1.0, np.maximum(first, second)).min(axis=1).clip(0, 1)
    kept = (enter < leave) & ~outside.any(axis=1)
    span = np.stack([enter, leave], axis=1)[kept]
    parts: Points = start[kept][:, None] + span[:, :, None] * step[kept][:, None]
    return parts


def _near(points: Points, surface: Surface, reach: int) -> NDArray[np.bool_]:
    size = np.array([surface.shape[1], surface.shape[0]])
    return np.asarray(np.logical_and(points > -reach, points < size + reach).all(axis=1))
