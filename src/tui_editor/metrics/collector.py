"""Gathers the labels of one side into columns: geometries of one kind are joined once a batch, not label by label."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import Struct

from tui_editor.metrics.labels import NUMBER, Labels
from tui_editor.metrics.sources import Said, said_of
from tui_editor.model.columns import Geometry, join_geometry
from tui_editor.model.extents import rectangles

if TYPE_CHECKING:
    from tui_editor.metrics.excerpts import Excerpt, Names
    from tui_editor.metrics.pairs import Floats, Ints
    from tui_editor.model.instances import Instance
    from tui_editor.model.shapes import ShapeKind
    from tui_editor.model.tracks import Track


class _Piece(Struct, frozen=True, eq=False):
    """The labels of one track."""

    geometry: Geometry
    frame: Ints
    own_frame: Ints
    score: Floats
    whose: int


class _Columns(NamedTuple):
    """The labels of one kind, in no order."""

    frame: Ints
    own_frame: Ints
    score: Floats
    whose: Ints
    kind: Ints
    row: Ints
    rectangle: Floats


class Collector:
    """Gathers the labels of one side.

    Args:
        names: Numbers of class names, shared by both sides.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._pieces: dict[tuple[ShapeKind, int], list[_Piece]] = {}
        """By kind and width of the fixed columns."""
        self._instances: list[Instance] = []
        self._excerpts: list[Excerpt] = []
        self._said: list[Said] = []
        self._classes: list[int] = []

    def add(self, excerpt: Excerpt, first: int) -> int:
        """Take the labels of an excerpt, its frames numbered from `first` on; return the number after the last one."""
        stop = first + max(excerpt.frame_count, 1)
        numbers: dict[str, int] = {}
        for instance, track in excerpt.tracks():
            class_id = instance.class_id
            if class_id not in numbers:
                found = excerpt.ontology.find(class_id)
                numbers[class_id] = self._names.number(found.name if found else str(class_id))
            self._classes.append(numbers[class_id])
            piece = self._piece(excerpt, first, instance, track)
            self._pieces.setdefault((track.kind, track.geometry.fixed.shape[1]), []).append(piece)
            stop = max(stop, int(piece.frame[-1]) + 1)  # a foreign file may have labels beyond the last frame
        return stop

    def _piece(self, excerpt: Excerpt, first: int, instance: Instance, track: Track) -> _Piece:
        whose, said = len(self._instances), said_of(instance)
        self._instances.append(instance)
        self._excerpts.append(excerpt)
        self._said.append(said)
        own = track.frames.astype(np.int64)
        frame = own + first if excerpt.frame is None else np.full(len(track), first, np.int64)
        score = track.confidence.astype(np.float64) if said.score is None else np.full(len(track), said.score)
        return _Piece(track.geometry, frame, own, score, whose)

    def labels(self) -> Labels:
        """Return what was gathered, by frame."""
        geometry: dict[ShapeKind, Geometry] = {}
        found = [
            self._columns(kind, pieces, geometry)
            for (kind, _), pieces in sorted(self._pieces.items(), key=lambda item: item[0])
        ]
        joined = _Columns(*(np.concatenate(c) for c in zip(*found, strict=True))) if found else _nothing()
        return self._sorted(joined, geometry)

    def _columns(self, kind: ShapeKind, pieces: list[_Piece], geometry: dict[ShapeKind, Geometry]) -> _Columns:
        joined = join_geometry([p.geometry for p in pieces])
        around, start = rectangles(joined), 0
        if kind in geometry:  # skeletons of another number of points
            start = len(geometry[kind])
            joined = join_geometry(_same_width(geometry[kind], joined))
        geometry[kind] = joined
        count = len(around)
        return _Columns(
            frame=np.concatenate([p.frame for p in pieces]),
            own_frame=np.concatenate([p.own_frame for p in pieces]),
            score=np.concatenate([p.score for p in pieces]),
            whose=np.repeat([p.whose for p in pieces], [len(p.frame) for p in pieces]),
            kind=np.full(count, NUMBER[kind]),
            row=start + np.arange(count),
            rectangle=around,
        )

    def _sorted(self, columns: _Columns, geometry: dict[ShapeKind, Geometry]) -> Labels:
        order = np.lexsort((columns.whose, columns.frame))
        whose = columns.whose[order]
        return Labels(
            frame=columns.frame[order],
            klass=np.array(self._classes, np.int64)[whose],
            kind=columns.kind[order],
            rectangle=columns.rectangle[order],
            score=columns.score[order],
            whose=whose,
            row=columns.row[order],
            geometry=geometry,
            instances=self._instances,
            excerpts=self._excerpts,
            said=self._said,
            own_frame=columns.own_frame[order],
            frame_size=self._sizes(whose, columns.own_frame[order]),
        )

    def _sizes(self, whose: Ints, own_frame: Ints) -> Floats:
        """Return width and height of each label's frame."""
        units = [excerpt.unit for excerpt in self._excerpts]
        sizes = np.array([(unit.width, unit.height) for unit in units], np.float64).reshape(-1, 2)[whose]
        for n in np.flatnonzero(np.array([bool(unit.frame_sizes) for unit in units], bool)[whose]).tolist():
            sizes[n] = units[int(whose[n])].size(int(own_frame[n]))
        return sizes


def _nothing() -> _Columns:
    none = np.empty(0, np.int64)
    return _Columns(none, none, np.empty(0), none, none, none, np.empty((0, 4)))


def _same_width(a: Geometry, b: Geometry) -> list[Geometry]:
    """Return skeletons of different numbers of points as equally wide ones; nobody labelled the points added."""
    width = max(a.fixed.shape[1], b.fixed.shape[1])
    return [Geometry(g.kind, np.pad(g.fixed, ((0, 0), (0, width - g.fixed.shape[1]))), g.ragged) for g in (a, b)]
