"""The labels of one side as columns: those of many frames, whatever they are of."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tui_editor.metrics.excerpts import Place
from tui_editor.metrics.pairs import FAR
from tui_editor.model.shapes import Bitmask, Shape, ShapeKind

if TYPE_CHECKING:
    from tui_editor.metrics.excerpts import Excerpt
    from tui_editor.metrics.pairs import Flags, Floats, Ints
    from tui_editor.metrics.sources import Said
    from tui_editor.model.columns import Geometry
    from tui_editor.model.instances import Instance

KINDS = tuple(ShapeKind)
NUMBER = {kind: number for number, kind in enumerate(KINDS)}


@dataclass(frozen=True, eq=False)
class Labels:
    """n labels, by frame; those of a frame in the order of the document."""

    frame: Ints
    """(n,) number of the frame in the batch, ascending."""
    klass: Ints
    """(n,) number of the class's name."""
    kind: Ints
    """(n,) row of `KINDS`."""
    rectangle: Floats
    """(n, 4) x, y, width, height around each shape; NaN without geometry."""
    score: Floats
    """(n,) 0..1; 1 where nothing was said."""
    whose: Ints
    """(n,) row of `instances`."""
    row: Ints
    """(n,) row in the geometry of the label's kind."""
    geometry: dict[ShapeKind, Geometry]
    instances: list[Instance]
    excerpts: list[Excerpt]
    """Of each instance."""
    said: list[Said]
    """Of each instance."""
    own_frame: Ints
    """(n,) index of the frame in its data unit."""
    frame_size: Floats
    """(n, 2) width and height of the frame in pixels; 0 when unknown."""
    pixels: dict[int, Bitmask] = field(default_factory=dict)
    """Of labels that were filled already: what is made once for several pairs."""
    _shapes: dict[int, Shape] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def crowd(self) -> Flags:
        """Return which labels are crowds: regions in which single things are not told apart, (n,)."""
        return np.array([s.crowd for s in self.said], bool)[self.whose]

    @cached_property
    def placed(self) -> Flags:
        """Return which labels have a place: a geometry of numbers that a picture can have, (n,)."""
        return np.asarray((np.abs(self.rectangle) < FAR).all(axis=1))

    def of_kinds(self, kinds: tuple[ShapeKind, ...]) -> Ints:
        """Return the numbers of the labels whose shapes are of these kinds."""
        return np.flatnonzero(np.isin(self.kind, [NUMBER[k] for k in kinds]))

    def kind_at(self, n: int) -> ShapeKind:
        """Return the kind of a label's shape."""
        return KINDS[int(self.kind[n])]

    def shape(self, n: int) -> Shape:
        """Return a label's shape; kept, for a label is looked at with several others."""
        if n not in self._shapes:
            self._shapes[n] = self.geometry[self.kind_at(n)].shape(int(self.row[n]))
        return self._shapes[n]

    def fixed(self, numbers: Ints, kind: ShapeKind) -> Floats:
        """Return the fixed columns of labels of one kind, (n, w)."""
        return self.geometry[kind].fixed[self.row[numbers]]

    def place(self, n: int) -> Place:
        """Return where a label is."""
        whose = int(self.whose[n])
        return Place(self.excerpts[whose], self.instances[whose], int(self.own_frame[n]))
