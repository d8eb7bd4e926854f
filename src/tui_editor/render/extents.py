"""Which pixels of a canvas each mark may touch: a little more than it does, worked out for all marks at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from tui_editor.render import labels
from tui_editor.render.lettering import text_mask
from tui_editor.render.marks import (
    BoxMark,
    CrosshairMark,
    GridMark,
    HandleMark,
    Mark,
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

    from tui_editor.render.viewport import Viewport

    Extents = NDArray[np.int32]
    """(n, 4) x0, y0, x1, y1 of pixels, clipped to the canvas; what is out of sight is empty."""
    _Low_High = tuple[NDArray[np.float64], NDArray[np.float64]]

_FARTHEST = float(1 << 23)
_SMOOTH = 3
"""Smooth edges reach a little farther than their thickness."""


def extents(marks: Sequence[Mark], viewport: Viewport) -> Extents:
    """Return the rectangle of each mark outside which drawing it changes nothing."""
    found = np.zeros((len(marks), 4), np.int32)
    by_kind: dict[type, list[int]] = {}
    for number, mark in enumerate(marks):
        by_kind.setdefault(type(mark), []).append(number)
    for kind, numbers in by_kind.items():
        low, high = _MEASURES[kind]([marks[number] for number in numbers], viewport)
        found[numbers] = _whole(low, high, viewport.canvas_size)
    return found


def pieces(mark: Mark, extent: Rect, viewport: Viewport) -> tuple[Rect, ...]:
    """Return rectangles within a mark's extent outside which drawing it changes nothing: two for a crosshair."""
    if not isinstance(mark, CrosshairMark):
        return (extent,)
    x, y = np.clip(viewport.to_screen(mark.point_px), -_FARTHEST, _FARTHEST).tolist()
    reach = mark.style.thickness + _SMOOTH
    width, height = viewport.canvas_size
    across = Rect(0, int(y) - reach, width, int(y) + reach + 1)
    down = Rect(int(x) - reach, 0, int(x) + reach + 1, height)
    return across.clipped(width, height), down.clipped(width, height)


def around(found: Extents) -> Rect:
    """Return the rectangle around all extents; `EMPTY` when none is in sight."""
    seen = found[(found[:, 0] < found[:, 2]) & (found[:, 1] < found[:, 3])]
    if not len(seen):
        return EMPTY
    low, high = seen.min(axis=0).tolist(), seen.max(axis=0).tolist()
    return Rect(low[0], low[1], high[2], high[3])


def meeting(found: Extents, rects: Iterable[Rect]) -> NDArray[np.bool_]:
    """Tell of each extent whether it shares a pixel with any of the rectangles."""
    meets = np.zeros(len(found), np.bool_)
    for rect in rects:
        meets |= (
            (np.maximum(found[:, 0], rect.x0) < np.minimum(found[:, 2], rect.x1))
            & (np.maximum(found[:, 1], rect.y0) < np.minimum(found[:, 3], rect.y1))
        )  # fmt: skip
    return meets


def _whole(low: NDArray[np.float64], high: NDArray[np.float64], size: tuple[int, int]) -> Extents:
    low = np.floor(np.clip(low, -_FARTHEST, _FARTHEST)).clip(0, size)
    high = np.ceil(np.clip(high, -_FARTHEST, _FARTHEST)).clip(0, size)
    return np.concatenate([low, high], axis=1).astype(np.int32)


# --- measures: marks of one kind -> lowest and highest screen point of each, (n, 2) ----------------


def _thickness(marks: Sequence[Any]) -> NDArray[np.float64]:
    return np.array([mark.style.thickness for mark in marks], np.float64)[:, None]


def _of_paths(paths: Sequence[NDArray[np.float64]], viewport: Viewport) -> _Low_High:
    """Return the bounds of paths; those without points lie nowhere."""
    lengths = np.array([len(path) for path in paths])
    low, high = np.full((len(paths), 2), _FARTHEST), np.full((len(paths), 2), -_FARTHEST)
    some = lengths > 0
    if some.any():
        every = viewport.to_screen(np.concatenate(paths))
        starts = (np.cumsum(lengths) - lengths)[some]
        low[some], high[some] = np.minimum.reduceat(every, starts), np.maximum.reduceat(every, starts)
    return low, high


def _grown(low_high: _Low_High, by: NDArray[np.float64] | float) -> _Low_High:
    return low_high[0] - by, low_high[1] + by


def _of_boxes(boxes: Sequence[Any], viewport: Viewport) -> _Low_High:
    """Return the bounds of the boxes' corners, which a turned viewport does not keep upright."""
    x, y, width, height = np.array([mark.box_px for mark in boxes], np.float64).T
    corners = np.stack([x, y, x + width, y, x + width, y + height, x, y + height], axis=1)
    on_screen = viewport.to_screen(corners.reshape(-1, 4, 2))
    return on_screen.min(axis=1), on_screen.max(axis=1)


def _outlined_boxes(boxes: Sequence[Any], viewport: Viewport) -> _Low_High:
    return _grown(_of_boxes(boxes, viewport), _thickness(boxes) + _SMOOTH)


def _polygons(polygons: Sequence[Any], viewport: Viewport) -> _Low_High:
    paths = [mark.rings[0] if len(mark.rings) == 1 else np.concatenate([*mark.rings, _NONE]) for mark in polygons]
    return _grown(_of_paths(paths, viewport), _thickness(polygons) + _SMOOTH)


_NONE = np.zeros((0, 2))


def _polylines(polylines: Sequence[Any], viewport: Viewport) -> _Low_High:
    return _grown(_of_paths([mark.points for mark in polylines], viewport), _thickness(polylines) + _SMOOTH)


def _skeletons(skeletons: Sequence[Any], viewport: Viewport) -> _Low_High:
    reach = np.maximum(_thickness(skeletons), labels.JOINT_RADIUS + 1) + _SMOOTH
    return _grown(_of_paths([mark.points for mark in skeletons], viewport), reach)


def _points(points: Sequence[Any], viewport: Viewport) -> _Low_High:
    centres = viewport.to_screen([mark.point_px for mark in points])
    return _grown((centres, centres), labels.SELECTED_POINT_RADIUS + 1 + _SMOOTH)


def _handles(handles: Sequence[Any], viewport: Viewport) -> _Low_High:
    centres = viewport.to_screen([mark.point_px for mark in handles])
    return _grown((centres, centres), labels.HANDLE_PX)


def _masks(masks: Sequence[Any], viewport: Viewport) -> _Low_High:
    boxes = [BoxMark((mark.left, mark.top, mark.bits.shape[1], mark.bits.shape[0]), mark.style) for mark in masks]
    return _grown(_of_boxes(boxes, viewport), 1.0)


def _crosshairs(crosshairs: Sequence[Any], viewport: Viewport) -> _Low_High:
    return np.zeros((len(crosshairs), 2)), np.tile(np.array(viewport.canvas_size, np.float64), (len(crosshairs), 1))


def _grids(grids: Sequence[Any], viewport: Viewport) -> _Low_High:
    letters = np.array([np.max([text_mask(char).shape for char in mark.letters[:9]], axis=0) for mark in grids])
    reach = np.maximum(letters[:, ::-1] / 2 + 1, _thickness(grids) + _SMOOTH)
    return _grown(_of_boxes(grids, viewport), reach)


def _pins(pins: Sequence[Any], viewport: Viewport) -> _Low_High:
    tips = viewport.to_screen([mark.point_px for mark in pins])
    letters = np.array([text_mask(mark.text).shape for mark in pins])[:, ::-1] / 2 + 1
    reach = np.maximum(letters, labels.PIN_RADIUS + 2 + _SMOOTH)
    heads = tips - (0.0, 2 * labels.PIN_RADIUS)
    return heads - reach, np.maximum(heads + reach, tips + 4 + _SMOOTH)


def _tags(tags: Sequence[Any], viewport: Viewport) -> _Low_High:
    low, high = _of_boxes(tags, viewport)
    places = [
        labels.tag_place(np.stack(corners), text_mask(mark.text).shape, viewport.canvas_size)
        for corners, mark in zip(zip(low, high, strict=True), tags, strict=True)
    ]
    edges = np.array(places, np.float64)
    return edges[:, :2], edges[:, 2:]


_MEASURES = cast(
    "dict[type, Callable[[Sequence[Mark], Viewport], _Low_High]]",
    {
        BoxMark: _outlined_boxes,
        PolygonMark: _polygons,
        PolylineMark: _polylines,
        PointMark: _points,
        SkeletonMark: _skeletons,
        MaskMark: _masks,
        HandleMark: _handles,
        CrosshairMark: _crosshairs,
        PinMark: _pins,
        GridMark: _grids,
        TagMark: _tags,
    },
)
