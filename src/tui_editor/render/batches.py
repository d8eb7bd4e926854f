"""Marks of one kind together, in the order of drawing: where they lie on the screen is worked out for all at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from tui_editor.render.marks import MaskMark, PolygonMark
from tui_editor.render.strokes import Paths

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tui_editor.render.marks import Mark, Style
    from tui_editor.render.strokes import Points
    from tui_editor.render.viewport import Viewport

    _Rank = tuple[object, ...]

_FAR = float(1 << 16)
"""Steps of the viewport are measured over so many image pixels, as rounding counts little there."""
_STRAIGHT = 1e-3
"""Sides that stray by fewer screen pixels lie along a row or column."""


class Run(NamedTuple):
    """Marks `start`..`stop` - 1 of a batch, which share one style."""

    rank: _Rank
    """Runs are drawn in the order of their ranks."""
    start: int
    stop: int
    style: Style


@dataclass(frozen=True, eq=False)
class Batch:
    """All marks of one kind. Which of its coordinates there are depends on the kind."""

    kind: type
    marks: list[Any]
    """Those of one style follow on each other, in the order in which they were given."""
    numbers: NDArray[np.intp]
    """The place of each among the marks of all kinds."""
    runs: list[Run]
    viewport: Viewport

    @cached_property
    def corners(self) -> Points:
        """Return the corners (n, 4, 2) of boxes and masks, from the top left one on; a turned viewport turns them."""
        boxes = [_box_of(mark) for mark in self.marks] if self.kind is MaskMark else [m.box_px for m in self.marks]
        ends = np.array(boxes, np.float64)
        ends[:, 2:] += ends[:, :2]
        return on_screen(ends[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 2), self.viewport).reshape(-1, 4, 2)

    @cached_property
    def bounds(self) -> tuple[Points, Points]:
        """Return the lowest and the highest corner of boxes and masks, (n, 2) each."""
        return self.corners.min(axis=1), self.corners.max(axis=1)

    @cached_property
    def upright(self) -> bool:
        """Tell whether all sides of the boxes lie along rows or columns of the screen."""
        sides = np.abs(np.diff(self.corners[:, :3], axis=1))
        return bool((sides.min(axis=2) < _STRAIGHT).all())

    @cached_property
    def centres(self) -> Points:
        """Return the points (n, 2) of marks that have one."""
        return on_screen(np.array([mark.point_px for mark in self.marks], np.float64), self.viewport)

    @cached_property
    def paths(self) -> Paths:
        """Return the outlines: the rings of polygons, the points of polylines and skeletons."""
        arrays = [array for arrays in self._arrays for array in arrays if len(array)]
        if not arrays:
            return Paths(np.zeros((0, 2)), [])
        return Paths(on_screen(np.concatenate(arrays), self.viewport), list(map(len, arrays)))

    @cached_property
    def path_counts(self) -> list[int]:
        """Return how many of the paths belong to each mark."""
        if len(self.paths.lengths) == sum(map(len, self._arrays)):
            return list(map(len, self._arrays))
        return [sum(1 for array in arrays if len(array)) for arrays in self._arrays]

    @cached_property
    def _arrays(self) -> list[tuple[Points, ...]]:
        if self.kind is PolygonMark:
            return [mark.rings for mark in self.marks]
        return [(mark.points,) for mark in self.marks]

    @cached_property
    def first_path(self) -> list[int]:
        """Return the first path of each mark, and behind the last one how many paths there are."""
        return list(accumulate(self.path_counts, initial=0))

    def paths_of(self, run: Run) -> Paths:
        """Return the outlines of a run."""
        return self.paths.part(self.first_path[run.start], self.first_path[run.stop])


def on_screen(points: Points, viewport: Viewport) -> Points:
    """Return image points (n, 2) as screen points: ten times as fast as `to_screen` for many.

    What is found for a point does not depend on the others: a part of a picture is drawn with the same numbers.
    """
    (origin_x, origin_y), ((xx, xy), (yx, yy)) = _steps(viewport)
    x, y = points[:, 0], points[:, 1]
    found = np.empty(points.shape)
    np.multiply(x, xx, out=found[:, 0])
    np.multiply(y, yy, out=found[:, 1])
    if yx or xy:
        found[:, 0] += y * yx
        found[:, 1] += x * xy
    found[:, 0] += origin_x
    found[:, 1] += origin_y
    return found


@lru_cache(maxsize=8)
def _steps(viewport: Viewport) -> tuple[list[float], list[list[float]]]:
    """Return where the image's origin lies on the screen, and how far a pixel to the right and one down lie from it."""
    origin, right, down = viewport.to_screen([(0.0, 0.0), (_FAR, 0.0), (0.0, _FAR)])
    steps: list[list[float]] = [((end - origin) / _FAR).tolist() for end in (right, down)]
    return origin.tolist(), steps


def batched(marks: Sequence[Mark], viewport: Viewport) -> list[Batch]:
    """Return marks by kind, on a canvas."""
    by_kind: dict[type, list[int]] = {}
    for number, mark in enumerate(marks):
        by_kind.setdefault(type(mark), []).append(number)
    return [_batch(kind, [marks[n] for n in numbers], numbers, viewport) for kind, numbers in by_kind.items()]


def _batch(kind: type, marks: list[Any], numbers: list[int], viewport: Viewport) -> Batch:
    styles = [mark.style for mark in marks]
    ranks = {id(style): rank_of(style) for style in {id(style): style for style in styles}.values()}
    places = {rank: place for place, rank in enumerate(sorted(set(ranks.values())))}
    place_of = {key: places[rank] for key, rank in ranks.items()}
    if len(places) == 1:
        run = Run(next(iter(places)), 0, len(marks), styles[0])
        return Batch(kind, marks, np.array(numbers, np.intp), [run], viewport)
    place = np.array([place_of[key] for key in map(id, styles)], np.intp)
    order = np.argsort(place, kind="stable")
    marks = [marks[number] for number in order.tolist()]
    return Batch(kind, marks, np.array(numbers, np.intp)[order], _runs(marks, place[order], list(places)), viewport)


def _runs(marks: list[Any], place: NDArray[np.intp], ranks: list[_Rank]) -> list[Run]:
    starts = [0, *(np.flatnonzero(place[1:] != place[:-1]) + 1).tolist()]
    return [
        Run(ranks[int(place[start])], start, stop, marks[start].style)
        for start, stop in zip(starts, [*starts[1:], len(marks)], strict=True)
    ]


def rank_of(style: Style) -> _Rank:
    """Return what decides when marks of a style are drawn: dimmed ones first, selected ones last."""
    prominence = 2 if style.selected else 0 if style.dimmed else 1
    return prominence, style.colour, style.thickness, style.dashed, style.fill_alpha, style.selected, style.dimmed


def _box_of(mask: MaskMark) -> tuple[int, int, int, int]:
    height, width = mask.bits.shape
    return mask.left, mask.top, width, height
