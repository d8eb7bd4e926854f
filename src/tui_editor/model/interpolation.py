"""Shapes between the shapes of other frames, where they can be worked out number by number. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.model.columns import Geometry
from tui_editor.model.shapes import ShapeKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

INTERPOLATED_KINDS = frozenset({ShapeKind.BOX, ShapeKind.ROTATED_BOX, ShapeKind.KEYPOINT})
"""The kinds of shape that can be interpolated."""

_THETA = 4
"""The column of a rotated box's angle."""


def interpolated(keys: NDArray[np.int32], shapes: Geometry, frames: NDArray[np.int32]) -> Geometry:
    """Return the shapes on `frames`, each between its nearest two `keys` at constant speed.

    Every number goes along a straight line, so that an edge that stands still in two keys stands still between them. An
    angle goes along the shorter arc, half a turn anticlockwise, and comes out in 0..360.

    Args:
        keys: Frames in ascending order, int32 (k,), k ≥ 2.
        shapes: The shapes there, k rows of a kind in `INTERPOLATED_KINDS`.
        frames: int32 (n,), each within the first and the last key.
    """
    assert shapes.kind in INTERPOLATED_KINDS, f"a {shapes.kind} can't be interpolated"
    left = np.clip(keys.searchsorted(frames, side="right") - 1, 0, len(keys) - 2)
    share = (frames - keys[left]) / (keys[left + 1] - keys[left])
    start = shapes.fixed[left]
    way = shapes.fixed[left + 1] - start
    if shapes.kind is ShapeKind.ROTATED_BOX:
        way[:, _THETA] = (way[:, _THETA] + 180) % 360 - 180
    fixed = start + share[:, None] * way
    if shapes.kind is ShapeKind.ROTATED_BOX:
        fixed[:, _THETA] %= 360
    return Geometry(shapes.kind, fixed)
