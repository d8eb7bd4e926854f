"""What lies under the pointer: a handle, a vertex, an edge or the inside of a label. Pure geometry in image pixels."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.model.masks import contains as mask_contains
from tui_editor.model.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    Shape,
    Skeleton,
    Visibility,
    bounds,
    coordinates,
)
from tui_editor.model.tracks import LabelFlag
from tui_editor.tools.handles import Handle, HandleKind, handles_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import InstanceId

Point = tuple[float, float]

_OUTSIDE = int(LabelFlag.OUTSIDE)


class HitKind(StrEnum):
    """What part of a label was hit, the nearest to the hand first."""

    HANDLE = "handle"
    VERTEX = "vertex"
    EDGE = "edge"
    BODY = "body"


class Hit(Struct, frozen=True, kw_only=True):
    """A label under the pointer, and what part of it."""

    kind: HitKind
    instance: InstanceId
    handle: Handle | None = None
    """Of the selected labels: the handle to move."""


class _Candidate(Struct, frozen=True, eq=False):
    instance: InstanceId
    shape: Shape
    area: float
    """Of the bounds: of shapes that overlap the smallest is meant."""


def hit_test(
    document: LabelDocument,
    frame: FrameRef,
    point_px: Point,
    radius_px: float,
    *,
    selected: frozenset[InstanceId] = frozenset(),
    hidden: frozenset[InstanceId] = frozenset(),
) -> Hit | None:
    """Return what lies under a point; None where there is nothing.

    Four passes: handles of the selected labels, vertices, edges, insides. Within a pass the smallest label wins.

    Args:
        document: What is labelled.
        frame: The frame under the pointer.
        point_px: In image pixels.
        radius_px: How far from a handle, vertex or edge still counts, in image pixels: screen pixels over the scale.
        selected: Labels whose handles can be taken hold of.
        hidden: Labels that are not shown and can't be hit.
    """
    near = _near(document, frame, point_px, radius_px, hidden)
    handle = _handle_hit((c for c in near if c.instance in selected), point_px, radius_px)
    if handle is not None:
        return handle
    for kind, test in _PASSES:
        for candidate in near:
            if test(candidate.shape, point_px, radius_px):
                return Hit(kind=kind, instance=candidate.instance)
    return None


def _near(
    document: LabelDocument, frame: FrameRef, point_px: Point, radius_px: float, hidden: frozenset[InstanceId]
) -> list[_Candidate]:
    """Return the labels whose bounds the point touches, smallest first."""
    found = []
    x, y = point_px
    for instance in document.on_frame(frame.unit, frame.index):
        shape = None if instance in hidden else _shown_shape(document, instance, frame)
        around = None if shape is None else _bounds(shape)
        if shape is None or around is None:
            continue
        x0, y0, x1, y1 = around
        if x0 - radius_px <= x <= x1 + radius_px and y0 - radius_px <= y <= y1 + radius_px:
            found.append(_Candidate(instance, shape, (x1 - x0) * (y1 - y0)))
    return sorted(found, key=lambda candidate: candidate.area)


def _bounds(shape: Shape) -> tuple[float, float, float, float] | None:
    if isinstance(shape, Box):  # the kind that comes in thousands, without an array for each
        return shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
    return bounds(shape)


def _shown_shape(document: LabelDocument, instance: InstanceId, frame: FrameRef) -> Shape | None:
    track = document.track(instance, frame.unit)
    row = None if track is None else track.row_of(frame.index)
    if track is None or row is None or int(track.flags[row]) & _OUTSIDE:
        return None
    return track.geometry.shape(row)


def _handle_hit(candidates: Iterable[_Candidate], point_px: Point, radius_px: float) -> Hit | None:
    best: tuple[float, Hit] | None = None
    for candidate in candidates:
        for handle in handles_of(candidate.shape):
            distance = float(np.hypot(handle.x - point_px[0], handle.y - point_px[1]))
            if handle.kind is HandleKind.BODY or distance > radius_px or (best and distance >= best[0]):
                continue
            best = distance, Hit(kind=HitKind.HANDLE, instance=candidate.instance, handle=handle)
    return best[1] if best else None


# --- passes --------------------------------------------------------------------------------------


def _on_vertex(shape: Shape, point_px: Point, radius_px: float) -> bool:
    if isinstance(shape, Bitmask):
        return False
    points = _seen(shape)
    return bool(len(points)) and float(np.hypot(*(points - point_px).T).min()) <= radius_px


def _on_edge(shape: Shape, point_px: Point, radius_px: float) -> bool:
    if isinstance(shape, Bitmask | Keypoint | Skeleton):
        return False
    closed = not isinstance(shape, Polyline)
    return any(distance_to_path(points, point_px, closed=closed) <= radius_px for points in coordinates(shape))


def _inside(shape: Shape, point_px: Point, _radius_px: float) -> bool:
    if isinstance(shape, Bitmask):
        return mask_contains(shape, *point_px)
    if isinstance(shape, Polygon):
        return any(sum(in_ring(points, point_px) for points in part) % 2 for part in shape.parts)
    if isinstance(shape, Polyline | Keypoint):
        return False
    if isinstance(shape, Skeleton):
        return bounds(shape) is not None  # the bounds were looked at already: they are a skeleton's inside
    return any(in_ring(points, point_px) for points in coordinates(shape))


_PASSES: tuple[tuple[HitKind, Callable[[Shape, Point, float], bool]], ...] = (
    (HitKind.VERTEX, _on_vertex),
    (HitKind.EDGE, _on_edge),
    (HitKind.BODY, _inside),
)


def _seen(shape: Shape) -> NDArray[np.float64]:
    points = np.concatenate([np.zeros((0, 2)), *coordinates(shape)])
    return points[shape.visibility != Visibility.INVISIBLE] if isinstance(shape, Skeleton) else points


def distance_to_path(points: NDArray[np.float64], point_px: Point, *, closed: bool) -> float:
    """Return the distance in pixels from a point to the nearest edge of a path (n, 2); infinite without edges."""
    ends = np.roll(points, -1, axis=0) if closed else points[1:]
    starts = points[: len(ends)]
    if not len(starts):
        return float("inf")
    along, offset = ends - starts, np.asarray(point_px) - starts
    squared = (along**2).sum(axis=1)
    share = ((offset * along).sum(axis=1) / np.where(squared > 0, squared, 1)).clip(0, 1)
    return float(np.hypot(*(offset - share[:, None] * along).T).min())


def in_ring(points: NDArray[np.float64], point_px: Point) -> bool:
    """Return whether a point lies inside a closed ring (n, 2), by the even-odd rule."""
    x, y = point_px
    following = np.roll(points, -1, axis=0)
    crosses = (points[:, 1] > y) != (following[:, 1] > y)
    start, end = points[crosses], following[crosses]
    where = start[:, 0] + (y - start[:, 1]) / (end[:, 1] - start[:, 1]) * (end[:, 0] - start[:, 0])
    return bool(np.count_nonzero(where > x) % 2)
