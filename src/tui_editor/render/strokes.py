"""Lines on a surface: crisp rectangles, smooth and dashed lines.

A surface is uint8 (h, w, 4), RGB weighted by its own opacity ("premultiplied"), C-contiguous. Screen coordinates are
continuous: pixel i covers [i, i + 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.render.rects import EMPTY, Rect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Surface = NDArray[np.uint8]
    Ink = tuple[int, int, int, int]
    Points = NDArray[np.float64]

DASH_PX, GAP_PX = 6.0, 5.0

_SHIFT = 4
_LONG = float(1 << 14)
"""Lines that reach farther than this many screen pixels are cut at the canvas first: cv2 walks along all of them."""
_FARTHEST = float(1 << 23)
"""Coordinates beyond this many screen pixels (an image of 131,072 pixels, 64 times magnified) are pulled in."""


def rectangles(surface: Surface, corners: Points, ink: Ink, thickness: int) -> Rect:
    """Draw outlines of upright boxes, their edges rounded to whole pixels.

    Args:
        surface: Drawn on in place.
        corners: (n, 4) x0, y0, x1, y1 in screen pixels.
        ink: The colour, opaque.
        thickness: Of the outline, laid half inside and half outside.
    """
    height, width = surface.shape[:2]
    outer = np.rint(np.clip(corners, -_FARTHEST, _FARTHEST) - thickness / 2).astype(np.int64)
    limits = np.array([width, height, width, height])
    # start and end of the left, top, right and bottom bar along its narrow axis
    starts, ends = outer.clip(0, limits), (outer + thickness).clip(0, limits)
    seen = (starts[:, 0] < ends[:, 2]) & (starts[:, 1] < ends[:, 3])
    pixels = surface.view(np.uint32)[:, :, 0]
    value = np.array(ink, np.uint8).view(np.uint32)[0]
    for (x0, y0, x1, y1), (x0e, y0e, x1e, y1e) in zip(starts[seen].tolist(), ends[seen].tolist(), strict=True):
        pixels[y0:y0e, x0:x1e] = value
        pixels[y1:y1e, x0:x1e] = value
        pixels[y0:y1e, x0:x0e] = value
        pixels[y0:y1e, x1:x1e] = value
    if not seen.any():
        return EMPTY
    low, high = starts[seen].min(axis=0), ends[seen].max(axis=0)
    return Rect(int(low[0]), int(low[1]), int(high[2]), int(high[3]))


def lines(surface: Surface, paths: Sequence[Points], ink: Ink, thickness: int, *, closed: bool) -> Rect:
    """Draw smooth lines through the points (n, 2) of each path, in screen pixels."""
    import cv2

    seen, touched = visible(paths, surface, thickness)
    near = [path for path in seen if np.abs(path).max() < _LONG] if _reach_far(seen) else seen
    if near:
        cv2.polylines(surface, fixed_paths(near), closed, ink, thickness, cv2.LINE_AA, _SHIFT)
    if len(near) < len(seen):
        far = [path for path in seen if np.abs(path).max() >= _LONG]
        _segments(surface, _on_canvas(far, surface, thickness, closed=closed), ink, thickness)
    return touched


def dashes(surface: Surface, paths: Sequence[Points], ink: Ink, thickness: int, *, closed: bool) -> Rect:
    """Draw dashed lines through the points (n, 2) of each path; every edge begins with a dash."""
    seen, touched = visible(paths, surface, thickness)
    if seen:
        segments = dash_segments(_on_canvas(seen, surface, thickness, closed=closed))
        _segments(surface, segments, ink, thickness)
    return touched


def discs(surface: Surface, centres: Points, radius: float, ink: Ink, *, thickness: int = -1) -> Rect:
    """Draw circles about the centres (n, 2) in screen pixels; filled unless a thickness is given."""
    import cv2

    reach = int(radius) + max(1, thickness) + 2
    touched = EMPTY
    for x, y in centres[_near(centres, surface, reach)].tolist():
        centre = (round((x - 0.5) * (1 << _SHIFT)), round((y - 0.5) * (1 << _SHIFT)))
        cv2.circle(surface, centre, round(radius * (1 << _SHIFT)), ink, thickness, cv2.LINE_AA, _SHIFT)
        touched = touched.union(Rect(int(x) - reach, int(y) - reach, int(x) + reach + 1, int(y) + reach + 1))
    return touched.clipped(surface.shape[1], surface.shape[0])


def fixed_point(points: Points) -> NDArray[np.int32]:
    """Return screen points as cv2 counts them: in sixteenths, from the centre of the first pixel."""
    return np.rint((np.clip(points, -_FARTHEST, _FARTHEST) - 0.5) * (1 << _SHIFT)).astype(np.int32)


def fixed_paths(paths: Sequence[Points]) -> list[NDArray[np.int32]]:
    """Return each path as cv2 counts it, worked out for all at once."""
    return split(fixed_point(np.concatenate(paths)), paths)


def split(every: NDArray[Any], like: Sequence[Points]) -> list[NDArray[Any]]:
    """Return the rows of `every` in pieces as long as those of `like`."""
    stops = np.cumsum([len(piece) for piece in like]).tolist()
    return [every[start:stop] for start, stop in zip([0, *stops], stops, strict=False)]


def visible(paths: Sequence[Points], surface: Surface, thickness: int) -> tuple[list[Points], Rect]:
    """Return the paths whose bounds reach onto the surface, and the bounds of these."""
    paths = [path for path in paths if len(path)]
    if not paths:
        return [], EMPTY
    height, width = surface.shape[:2]
    margin = thickness + 2  # smooth edges reach a little further
    every = np.clip(np.concatenate(paths), -_FARTHEST, _FARTHEST)
    starts = np.cumsum([0, *(len(path) for path in paths[:-1])])
    low = np.floor(np.minimum.reduceat(every, starts)) - margin
    high = np.ceil(np.maximum.reduceat(every, starts)) + margin + 1
    inside = np.asarray(np.logical_and(high > 0, low < [width, height]).all(axis=1))
    if not inside.any():
        return [], EMPTY
    (x0, y0), (x1, y1) = low[inside].min(axis=0).astype(int), high[inside].max(axis=0).astype(int)
    chosen = [path for path, here in zip(paths, inside.tolist(), strict=True) if here]
    return chosen, Rect(int(x0), int(y0), int(x1), int(y1)).clipped(width, height)


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


def _reach_far(paths: Sequence[Points]) -> bool:
    return bool(paths) and float(np.abs(np.concatenate(paths)).max()) >= _LONG


def _on_canvas(paths: Sequence[Points], surface: Surface, thickness: int, *, closed: bool) -> Points:
    """Return the straight edges (n, 2, 2) of paths as far as they lie on the surface."""
    edges = np.concatenate([_edges(path, closed=closed) for path in paths])
    pulled = np.clip(edges, -_FARTHEST, _FARTHEST)
    return _clipped(pulled, surface.shape[1], surface.shape[0], 2.0 * thickness)


def _edges(path: Points, *, closed: bool) -> Points:
    following = np.roll(path, -1, axis=0) if closed else path[1:]
    return np.stack([path[: len(following)], following], axis=1)


def _clipped(edges: Points, width: int, height: int, margin: float) -> Points:
    """Return the parts of edges (n, 2, 2) on the canvas and a margin around it (Liang and Barsky, 1984)."""
    start, step = edges[:, 0], edges[:, 1] - edges[:, 0]
    low, high = np.array([-margin, -margin]), np.array([width + margin, height + margin])
    with np.errstate(divide="ignore", invalid="ignore"):
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
