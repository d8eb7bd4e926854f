"""Rules about shapes and the frames that they lie on (family G)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from tui_editor.checks.extents import extents, frame_sizes, polygon_areas
from tui_editor.checks.rule import Fault, Rule, faults_by_run, tracks
from tui_editor.model.masks import bounding_rect
from tui_editor.model.shapes import Bitmask, Shape, ShapeKind
from tui_editor.model.tracks import LabelFlag
from tui_editor.ports import CheckContext, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tui_editor.model.frames import Unit
    from tui_editor.model.tracks import Track

TOLERANCE_PX = 0.5
"""A shape may reach so far out of its frame: formats that round put it there."""
_SIDES = ("left", "top", "right", "bottom")
_SIZED = (ShapeKind.BOX, ShapeKind.ROTATED_BOX, ShapeKind.BITMASK)


def _no_area(context: CheckContext) -> Iterator[Fault]:
    for place in tracks(context):
        bad = _without_area(place[2])
        yield from faults_by_run(context, place, bad, "has no area: its width or height is not positive")


def _without_area(track: Track) -> NDArray[np.bool_]:
    geometry = track.geometry
    if track.kind in _SIZED:
        return np.asarray((geometry.fixed[:, 2:4] <= 0).any(axis=1))
    if track.kind is ShapeKind.POLYGON:
        return polygon_areas(geometry) <= 0
    return np.zeros(len(track), bool)


def _outside(context: CheckContext) -> Iterator[Fault]:
    for place in tracks(context):
        bad = _is_outside(place[1], place[2])
        yield from faults_by_run(context, place, bad, "lies wholly outside the frame")


def _is_outside(unit: Unit, track: Track) -> NDArray[np.bool_]:
    """Return which labels have nothing inside their frame; a point on the edge is inside, a box that touches it not."""
    low, high = extents(track.geometry)
    size = frame_sizes(unit, track.frames)
    beyond = (high < 0) | (low > size)
    touching = (high > low) & ((high <= 0) | (low >= size))
    return np.asarray((beyond | touching).any(axis=1) & _in_picture(track))


def _overhanging(context: CheckContext) -> Iterator[Fault]:
    for place in tracks(context):
        _, unit, track = place
        over = overhang_px(unit, track)
        bad = np.asarray((over > TOLERANCE_PX).any(axis=1)) & ~_is_outside(unit, track) & _in_picture(track)
        yield from faults_by_run(context, place, bad, partial(_reaching, over))


def overhang_px(unit: Unit, track: Track) -> NDArray[np.float64]:
    """Return how far each label reaches out of its frame at left, top, right and bottom: float64 (n, 4), pixels.

    0 or less when it doesn't; NaN where the shape has no geometry or the frame's size is not known.
    """
    low, high = extents(track.geometry)
    size = frame_sizes(unit, track.frames)
    over = np.column_stack([-low, high - size])
    if track.kind is ShapeKind.BITMASK:  # the rectangle may be larger than what is set in it
        for row in np.flatnonzero((over > TOLERANCE_PX).any(axis=1)).tolist():
            over[row] = _mask_overhang(track.geometry.shape(row), size[row])
    return over


def _mask_overhang(shape: Shape, size: NDArray[np.float64]) -> NDArray[np.float64]:
    assert isinstance(shape, Bitmask)
    left, top, width, height = bounding_rect(shape)
    return np.array([-left, -top, left + width - size[0], top + height - size[1]])


def _reaching(over: NDArray[np.float64], rows: NDArray[np.intp]) -> str:
    farthest = over[rows].max(axis=0)
    sides = [f"{side} by {px:.1f} px" for side, px in zip(_SIDES, farthest.tolist(), strict=True) if px > TOLERANCE_PX]
    return f"reaches out of the frame: {', '.join(sides)}"


def _in_picture(track: Track) -> NDArray[np.bool_]:
    """Return which labels say that the thing is in the picture."""
    return np.asarray((track.flags & int(LabelFlag.OUTSIDE)) == 0)


RULES = (
    Rule(
        rule="G01",
        title="a shape has no area",
        severity=Severity.ERROR,
        doc="Boxes, rotated boxes and bitmasks whose width or height is 0 or less; polygons whose outer rings enclose "
        "nothing.",
        find=_no_area,
    ),
    Rule(
        rule="G03",
        title="a shape lies wholly outside its frame",
        severity=Severity.ERROR,
        doc="Labels that are flagged as outside (the thing has left the picture) are not reported.",
        find=_outside,
    ),
    Rule(
        rule="G04",
        title="a shape reaches out of its frame",
        severity=Severity.WARNING,
        doc=f"By more than {TOLERANCE_PX} px on any of the four sides. Wholly outside is G03.",
        find=_overhanging,
    ),
)
