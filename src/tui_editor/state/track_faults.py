"""What may be wrong with a track by the look of its columns: holes, jumps, too few labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tui_editor.model.shapes import ShapeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tui_editor.model.tracks import Track

SHORT_LABELS: Final = 5
"""A track of fewer labels is short."""
JUMP_SIZES: Final = 0.5
"""A step from frame to frame is a jump when it is longer than so many times the square root of the thing's area …"""
JUMP_TIMES: Final = 4.0
"""… and than so many times the usual step of the track …"""
LEAST_JUMP_PX: Final = 5.0
"""… and than this."""


_BOXED: Final = frozenset({ShapeKind.BOX, ShapeKind.ROTATED_BOX, ShapeKind.BITMASK})
"""Kinds whose fixed columns begin with x, y, width, height."""


def has_gap(track: Track) -> bool:
    """Return whether frames between the first and the last label have none."""
    frames = track.frames
    return len(frames) > 1 and int(frames[-1]) - int(frames[0]) + 1 != len(frames)


def is_single(track: Track) -> bool:
    """Return whether the track has one label only."""
    return len(track.frames) == 1


def is_short(track: Track) -> bool:
    """Return whether the track has fewer than `SHORT_LABELS` labels."""
    return len(track.frames) < SHORT_LABELS


def has_jump(track: Track) -> bool:
    """Return whether the thing jumps between two neighbouring labels."""
    return len(jumps(track)) > 0


def which_jump(
    tracks: Sequence[Track],
    fixed: NDArray[np.float64] | None,
    frames: NDArray[np.int32],
    starts: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Return for each track whether its thing jumps.

    Args:
        tracks: n of them.
        fixed: The fixed columns of their geometry, one track after the other; None where they differ in kind.
        frames: Of all labels, in the same order.
        starts: int64 (n + 1,), the first label of each track, and the number of labels.
    """
    found = np.ones(len(tracks), np.bool_)
    if fixed is not None and tracks and tracks[0].kind in _BOXED:
        found = _may_jump(fixed, frames, starts)
    for n in np.flatnonzero(found).tolist():
        found[n] = has_jump(tracks[n])
    return found


def _may_jump(boxes: NDArray[np.float64], frames: NDArray[np.int32], starts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return the tracks with a step that is long for the thing's size, whatever is usual in the track."""
    ways = np.diff(boxes[:, :2] + boxes[:, 2:4] / 2, axis=0)
    room = np.maximum(np.sqrt(boxes[:-1, 2] * boxes[:-1, 3]) * JUMP_SIZES, LEAST_JUMP_PX) * np.diff(frames)
    far = np.zeros(len(boxes), np.bool_)
    far[1:] = ways[:, 0] ** 2 + ways[:, 1] ** 2 > room**2
    far[starts[:-1]] = False  # the step from one track to the next
    return np.logical_or.reduceat(far, starts[:-1])


def jumps(track: Track) -> NDArray[np.int32]:
    """Return the frames on which a thing is much further on than it usually goes, int32 (n,)."""
    boxes = _boxes(track) if len(track.frames) > 2 else None
    if boxes is None:
        return np.empty(0, np.int32)
    centres, sizes = boxes[:, :2] + boxes[:, 2:] / 2, np.sqrt(boxes[:, 2:].prod(axis=1))
    pace = np.hypot(*np.diff(centres, axis=0).T) / np.diff(track.frames)
    known = pace[np.isfinite(pace)]
    usual = float(np.median(known)) if len(known) else 0.0
    least = np.maximum(sizes[:-1] * JUMP_SIZES, max(usual * JUMP_TIMES, LEAST_JUMP_PX))
    return np.asarray(track.frames[1:][pace > least])


def _boxes(track: Track) -> NDArray[np.float64] | None:
    """Return x, y, width, height of each label in pixels; None for labels without a place."""
    fixed, kind = track.geometry.fixed, track.kind
    if kind in _BOXED:
        return fixed[:, :4]
    if kind is ShapeKind.KEYPOINT:
        return np.column_stack([fixed, np.zeros_like(fixed)])
    if kind is ShapeKind.SKELETON:
        points = fixed.reshape(len(fixed), -1, 3)[:, :, :2]
        low, high = points.min(axis=1), points.max(axis=1)
        return np.column_stack([low, high - low])
    if kind in {ShapeKind.POLYGON, ShapeKind.POLYLINE}:
        column = track.geometry.ragged[0]
        points, starts = column.values.reshape(-1, 2), column.offsets[:-1] // 2
        if (np.diff(column.offsets) == 0).any():  # a shape without points has no place
            return None
        low, high = np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)
        return np.column_stack([low, high - low])
    return None
