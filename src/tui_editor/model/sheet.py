"""Labels of one or more tasks by columns, whatever tracks they come from: what checks go through at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from tui_editor.model.shapes import ShapeKind
from tui_editor.model.tracks import LabelFlag

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tui_editor.model.columns import Geometry
    from tui_editor.model.ids import ClassId, InstanceId, TaskId, UnitId

KINDS: Final = tuple(ShapeKind)
"""The kinds of shapes by their number in `Sheet.kinds`."""


class Place(NamedTuple):
    """Where a label is, for people and programs."""

    task: TaskId
    title: str
    """Of the task."""
    unit: UnitId
    file: str
    """Path of the frame's medium, relative to its root; of the data unit's first one where there are several."""
    frame_count: int
    """Of the data unit; 0 when unknown."""
    instance: InstanceId
    name: str
    """What people call the instance: "Car (0)"."""
    source_id: str
    """The identifier that the source gave the instance."""


class Part(NamedTuple):
    """The labels of one kind of shape."""

    rows: NDArray[np.intp]
    """Where they stand in the sheet, ascending."""
    geometry: Geometry
    """Theirs, in that order."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """n labels; those of a track are neighbours, by frame.

    Coordinates are float64 pixels of the displayed frame. A row's extent is NaN where it has no geometry, no points or
    numbers that are not finite.
    """

    track: NDArray[np.int32]
    """(n,) number of the track (an instance in a data unit) in this sheet, ascending."""
    unit: NDArray[np.int32]
    """(n,) number of the data unit in this sheet."""
    frames: NDArray[np.int32]
    """(n,) index in the data unit."""
    frame_counts: NDArray[np.int32]
    """(n,) frames of the data unit; 0 when unknown."""
    timed: NDArray[np.bool_]
    """(n,) whether the data unit's frames follow one another in time (videos, sequences)."""
    sizes: NDArray[np.float64]
    """(n, 2) width and height of the frame; NaN when unknown."""
    classes: NDArray[np.int32]
    """(n,) row of `class_ids`."""
    class_ids: tuple[ClassId, ...]
    low: NDArray[np.float64]
    """(n, 2) least x and y of the shape."""
    high: NDArray[np.float64]
    """(n, 2) greatest x and y of the shape."""
    flags: NDArray[np.uint8]
    origin: NDArray[np.uint8]
    confidence: NDArray[np.float32]
    parts: tuple[Part, ...]
    """The shapes by kind."""
    place: Callable[[int], Place]
    """Tells where a row is; made when it is asked for."""
    told_area: NDArray[np.float64] | None = None
    """(n,) area in square pixels that the source wrote beside the shape; NaN where it wrote none."""
    told_box: NDArray[np.float64] | None = None
    """(n, 4) x, y, width, height that the source wrote beside the shape; NaN where it wrote none."""
    approved: NDArray[np.bool_] | None = None
    """(n,) whether a reviewer approved the instance."""
    crowd: NDArray[np.bool_] | None = None
    """(n,) whether the label stands for many things at once."""
    things: Sequence[tuple[UnitId, InstanceId]] = ()
    """Data unit and instance of each track, by its number; empty where a format made the sheet."""

    def __len__(self) -> int:
        return len(self.frames)

    @cached_property
    def kinds(self) -> NDArray[np.uint8]:
        """Return each row's number in `KINDS`."""
        found = np.zeros(len(self), np.uint8)
        for part in self.parts:
            found[part.rows] = KINDS.index(part.geometry.kind)
        return found

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """Return the first row of each track."""
        if not len(self):
            return np.empty(0, np.intp)
        return np.flatnonzero(np.diff(self.track, prepend=self.track[0] - 1))

    @cached_property
    def follows(self) -> NDArray[np.intp]:
        """Return the rows whose neighbour above is an earlier label of the same track."""
        first = np.zeros(len(self), bool)
        first[self.starts] = True
        return np.flatnonzero(~first)

    @cached_property
    def visible(self) -> NDArray[np.bool_]:
        """Return which labels say that the thing is in the picture."""
        return np.asarray((self.flags & int(LabelFlag.OUTSIDE)) == 0)

    @cached_property
    def boxes(self) -> NDArray[np.float64]:
        """Return the extents as x, y, width, height: (n, 4)."""
        return np.column_stack([self.low, self.high - self.low])

    @cached_property
    def centres(self) -> NDArray[np.float64]:
        """Return the middle of each extent: (n, 2)."""
        return (self.low + self.high) / 2

    @cached_property
    def by_frame(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the rows frame by frame, and the bounds of each frame in them: (n,) and (m + 1,)."""
        order = np.lexsort((self.track, self.frames, self.unit))
        unit, frames = self.unit[order], self.frames[order]
        new = np.flatnonzero((np.diff(unit) != 0) | (np.diff(frames) != 0)) + 1
        return order, np.concatenate([[0], new, [len(order)]]).astype(np.intp)
