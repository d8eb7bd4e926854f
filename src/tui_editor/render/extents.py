"""Which pixels of a canvas each mark may touch: a little more than it does, worked out for all marks at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.render import labels
from tui_editor.render.lettering import text_mask
from tui_editor.render.marks import (
    BoxMark,
    CrosshairMark,
    GridMark,
    HandleMark,
    MaskMark,
    PinMark,
    PointMark,
    PolygonMark,
    PolylineMark,
    SkeletonMark,
    TagMark,
)
from tui_editor.render.rects import EMPTY, Rect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from tui_editor.render.batches import Batch
    from tui_editor.render.viewport import Viewport

    _Low_High = tuple[NDArray[np.float64], NDArray[np.float64]]

_FARTHEST = float(1 << 23)
_ALONG = 1e-6
"""A step of a pixel that strays less from a row or column of the screen goes along it."""
_SMOOTH = 3
"""Smooth edges reach a little farther than their thickness."""


class Extents(Struct, frozen=True, eq=False):
    """Of n marks: the rectangle outside which drawing a mark changes nothing, and how much work its lines are."""

    rects: NDArray[np.int32]
    """(n, 4) x0, y0, x1, y1 of pixels, clipped to the canvas; what is out of sight is empty."""
    points: NDArray[np.int32]
    """(n,) How many points the smooth lines of a mark join."""

    def __len__(self) -> int:
        return len(self.rects)

    def rect(self, number: int) -> Rect:
        """Return the rectangle of one mark."""
        return Rect(*self.rects[number].tolist())

    def in_sight(self) -> NDArray[np.bool_]:
        """Tell which marks have pixels on the canvas."""
        x0, y0, x1, y1 = self.rects.T
        return np.asarray((x0 < x1) & (y0 < y1))

    def meeting(self, parts: Iterable[Rect]) -> NDArray[np.bool_]:
        """Tell which marks share a pixel with any of the rectangles."""
        x0, y0, x1, y1 = self.rects.T
        meets = np.zeros(len(self), np.bool_)
        for part in parts:
            meets |= (x0 < part.x1) & (x1 > part.x0) & (y0 < part.y1) & (y1 > part.y0)
        return meets & self.in_sight()

    def around(self) -> Rect:
        """Return the rectangle around all of them; `EMPTY` when none is in sight."""
        seen = self.rects[self.in_sight()]
        if not len(seen):
            return EMPTY
        low, high = seen.min(axis=0).tolist(), seen.max(axis=0).tolist()
        return Rect(low[0], low[1], high[2], high[3])


def extents(batches: Sequence[Batch]) -> Extents:
    """Return how far each mark reaches on the canvas, in the order in which the marks were given."""
    count = sum(len(batch.marks) for batch in batches)
    found = Extents(np.zeros((count, 4), np.int32), np.zeros(count, np.int32))
    for batch in batches:
        found.rects[batch.numbers] = _whole(*_MEASURES[batch.kind](batch), batch.viewport.canvas_size)
        if batch.kind in _PATHS:
            found.points[batch.numbers] = _sums(np.array(batch.paths.lengths), batch.path_counts)
    return found


def pieces(mark: CrosshairMark, viewport: Viewport) -> NDArray[np.int32]:
    """Return rectangles (n, 4) around a crosshair's lines: what lies between them is not touched."""
    middle, beside = viewport.to_screen([mark.point_px, (mark.point_px[0] + 1, mark.point_px[1])])
    low, high = np.zeros((2, 2)), np.array([viewport.canvas_size] * 2, np.float64)
    if np.abs(beside - middle).min() < _ALONG:  # else the lines are tilted and may lie anywhere
        reach = mark.style.thickness + _SMOOTH
        low[(0, 1), (0, 1)], high[(0, 1), (0, 1)] = middle - reach, middle + reach + 1
    return _whole(low, high, viewport.canvas_size)


def _whole(low: NDArray[np.float64], high: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.int32]:
    low = np.floor(np.clip(low, -_FARTHEST, _FARTHEST)).clip(0, size)
    high = np.ceil(np.clip(high, -_FARTHEST, _FARTHEST)).clip(0, size)
    return np.concatenate([low, high], axis=1).astype(np.int32)


def _sums(values: NDArray[np.intp], counts: Sequence[int]) -> NDArray[np.intp]:
    """Return the sums of values that follow on each other, so many for each."""
    ends = np.cumsum(counts)
    total = np.concatenate([[0], np.cumsum(values)])
    summed: NDArray[np.intp] = total[ends] - total[ends - counts]
    return summed


# --- measures: a batch -> lowest and highest screen point of each mark, (n, 2) ----------------------


def _reach(batch: Batch) -> NDArray[np.float64]:
    """Return how far the lines of each mark reach from where they lie, (n, 1)."""
    reach = np.zeros((len(batch.marks), 1))
    for run in batch.runs:
        reach[run.start : run.stop] = run.style.thickness + _SMOOTH
    return reach


def _outlined(batch: Batch) -> _Low_High:
    low, high = batch.bounds
    reach = _reach(batch)
    return low - reach, high + reach


def _paths(batch: Batch) -> _Low_High:
    """Return the bounds of paths; marks without a point lie nowhere."""
    count, reach = len(batch.marks), _reach(batch)
    low, high = np.full((count, 2), _FARTHEST), np.full((count, 2), -_FARTHEST)
    points = _sums(np.array(batch.paths.lengths, np.intp), batch.path_counts)
    some = points > 0
    if some.any():
        starts = (np.cumsum(points) - points)[some]
        every = batch.paths.every
        low[some], high[some] = np.minimum.reduceat(every, starts), np.maximum.reduceat(every, starts)
    return low - reach, high + reach


def _skeletons(batch: Batch) -> _Low_High:
    low, high = _paths(batch)
    return low - labels.JOINT_RADIUS - 1, high + labels.JOINT_RADIUS + 1


def _points(batch: Batch) -> _Low_High:
    reach = labels.SELECTED_POINT_RADIUS + 1 + _SMOOTH
    return batch.centres - reach, batch.centres + reach


def _handles(batch: Batch) -> _Low_High:
    reach = np.array([mark.side_px for mark in batch.marks])[:, None] // 2 + 2
    return batch.centres - reach, batch.centres + reach


def _masks(batch: Batch) -> _Low_High:
    low, high = batch.bounds
    reach = 1 if batch.viewport.square else 2  # rounded upright, then once more when turned
    return low - reach, high + reach


def _crosshairs(batch: Batch) -> _Low_High:
    shape = (len(batch.marks), 2)
    return np.zeros(shape), np.broadcast_to(np.array(batch.viewport.canvas_size, np.float64), shape)


def _grids(batch: Batch) -> _Low_High:
    low, high = batch.bounds
    letters = np.array(
        [np.max([(0, 0), *(text_mask(char).shape for char in mark.letters[:9])], axis=0) for mark in batch.marks]
    )
    reach = np.maximum(letters[:, ::-1] / 2 + 1, _reach(batch))
    return low - reach, high + reach


def _pins(batch: Batch) -> _Low_High:
    letters = np.array([text_mask(mark.text).shape for mark in batch.marks])[:, ::-1] / 2 + 1
    radii = np.array([[mark.radius_px] for mark in batch.marks])
    reach = np.maximum(letters, radii + 2 + _SMOOTH)
    heads = batch.centres - radii * (0.0, 2.0)
    return heads - reach, np.maximum(heads + reach, batch.centres + 4 + _SMOOTH)


def _tags(batch: Batch) -> _Low_High:
    shapes = [text_mask(mark.text).shape for mark in batch.marks]
    size = batch.viewport.canvas_size
    places = [labels.tag_place(box, shape, size) for box, shape in zip(batch.corners, shapes, strict=True)]
    edges = np.array(places, np.float64)
    return edges[:, :2], edges[:, 2:]


_PATHS = (PolygonMark, PolylineMark, SkeletonMark)
_MEASURES: dict[type, Callable[[Batch], _Low_High]] = {
    BoxMark: _outlined,
    PolygonMark: _paths,
    PolylineMark: _paths,
    PointMark: _points,
    SkeletonMark: _skeletons,
    MaskMark: _masks,
    HandleMark: _handles,
    CrosshairMark: _crosshairs,
    PinMark: _pins,
    GridMark: _grids,
    TagMark: _tags,
}
