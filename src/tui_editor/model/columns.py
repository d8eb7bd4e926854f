"""Columns of variable-length rows, and the geometry of many labels packed into columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from tui_editor.model.shapes import (
    Bitmask,
    Box,
    Keypoint,
    Polygon,
    Polyline,
    Presence,
    RotatedBox,
    Shape,
    ShapeKind,
    Skeleton,
    Verbatim,
    kind_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import DTypeLike, NDArray

_Array = np.ndarray[Any, np.dtype[Any]]
_FEW_ROWS = 16
"""So many are copied one by one faster than all at once."""


class Ragged(Struct, frozen=True, eq=False):
    """n rows of unequal length in one array: row i is `values[offsets[i]:offsets[i + 1]]`."""

    values: _Array
    offsets: NDArray[np.int64]
    """int64 (n + 1,), beginning with 0."""

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def row(self, index: int) -> _Array:
        """Return one row, a view."""
        return self.values[self.offsets[index] : self.offsets[index + 1]]

    def part(self, start: int, stop: int) -> Ragged:
        """Return rows start..stop-1 as views."""
        offsets = self.offsets[start : stop + 1]
        return Ragged(self.values[offsets[0] : offsets[-1]], offsets - offsets[0])

    def take(self, rows: NDArray[np.intp]) -> Ragged:
        """Return the named rows in that order, copied."""
        if len(rows) < _FEW_ROWS:
            return ragged([self.row(int(i)) for i in rows], self.values.dtype)
        starts, lengths = self.offsets[rows], np.diff(self.offsets)[rows]
        offsets = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
        return Ragged(self.values[np.repeat(starts, lengths) + within], offsets)

    def same(self, other: Ragged) -> bool:
        """Return whether both hold equal rows."""
        return np.array_equal(self.offsets, other.offsets) and np.array_equal(self.values, other.values)


def ragged(rows: Sequence[_Array], dtype: DTypeLike) -> Ragged:
    """Return the rows as one column."""
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(r) for r in rows], out=offsets[1:])
    values = np.concatenate(rows).astype(dtype, copy=False) if rows else np.empty(0, dtype)
    return Ragged(values, offsets)


def join_ragged(columns: Sequence[Ragged]) -> Ragged:
    """Return the columns one after the other."""
    starts = np.cumsum([0] + [len(c.values) for c in columns[:-1]])
    offsets = [c.offsets[:-1] + s for c, s in zip(columns, starts, strict=True)]
    end = np.array([starts[-1] + len(columns[-1].values)])
    return Ragged(np.concatenate([c.values for c in columns]), np.concatenate([*offsets, end]).astype(np.int64))


class Geometry(Struct, frozen=True, eq=False):
    """The shapes of n labels of one kind, packed.

    `fixed` is float64 (n, w): box x y w h; rotated box and theta; keypoint x y; skeleton x y visibility × k; bitmask
    left top width height; w = 0 for the others. `ragged` holds what varies in length: polyline coordinates (float64);
    polygon coordinates (float64) and ring lengths (int32, the first ring of a part negative); bitmask runs (uint32);
    verbatim bytes (uint8).
    """

    kind: ShapeKind
    fixed: NDArray[np.float64]
    ragged: tuple[Ragged, ...] = ()

    def __len__(self) -> int:
        return len(self.fixed)

    def part(self, start: int, stop: int) -> Geometry:
        """Return rows start..stop-1 as views."""
        return Geometry(self.kind, self.fixed[start:stop], tuple(c.part(start, stop) for c in self.ragged))

    def take(self, rows: NDArray[np.intp]) -> Geometry:
        """Return the named rows in that order, copied."""
        return Geometry(self.kind, self.fixed[rows], tuple(c.take(rows) for c in self.ragged))

    def shape(self, index: int) -> Shape:
        """Return one row as a shape value."""
        return _UNPACK[self.kind](self, index)

    def same(self, other: Geometry) -> bool:
        """Return whether both hold equal shapes."""
        if self.kind != other.kind or self.fixed.shape != other.fixed.shape:
            return False
        return np.array_equal(self.fixed, other.fixed, equal_nan=True) and all(
            a.same(b) for a, b in zip(self.ragged, other.ragged, strict=True)
        )


RAGGED_DTYPES: dict[ShapeKind, tuple[np.dtype[Any], ...]] = {
    ShapeKind.POLYLINE: (np.dtype(np.float64),),
    ShapeKind.POLYGON: (np.dtype(np.float64), np.dtype(np.int32)),
    ShapeKind.BITMASK: (np.dtype(np.uint32),),
    ShapeKind.VERBATIM: (np.dtype(np.uint8),),
}


def empty_geometry(kind: ShapeKind, width: int = 0) -> Geometry:
    """Return a geometry without rows; `width` is that of the fixed columns."""
    columns = tuple(ragged([], d) for d in RAGGED_DTYPES.get(kind, ()))
    return Geometry(kind, np.empty((0, width), np.float64), columns)


def join_geometry(pieces: Sequence[Geometry]) -> Geometry:
    """Return the rows of all pieces, which are of one kind and width."""
    columns = tuple(join_ragged(c) for c in zip(*(p.ragged for p in pieces), strict=True))
    return Geometry(pieces[0].kind, np.concatenate([p.fixed for p in pieces]), columns)


def pack(shapes: Sequence[Shape]) -> Geometry:
    """Return shapes of one kind as columns; at least one."""
    kind = kind_of(shapes[0])
    return _PACK[kind](shapes)


def _fixed(kind: ShapeKind, rows: Iterable[Sequence[float]]) -> Geometry:
    return Geometry(kind, np.array(list(rows), np.float64))


def _bare(n: int) -> NDArray[np.float64]:
    return np.empty((n, 0), np.float64)


def _pack_box(shapes: Sequence[Any]) -> Geometry:
    return _fixed(ShapeKind.BOX, ((s.x, s.y, s.width, s.height) for s in shapes))


def _pack_rotated(shapes: Sequence[Any]) -> Geometry:
    return _fixed(ShapeKind.ROTATED_BOX, ((s.x, s.y, s.width, s.height, s.theta_deg) for s in shapes))


def _pack_keypoint(shapes: Sequence[Any]) -> Geometry:
    return _fixed(ShapeKind.KEYPOINT, ((s.x, s.y) for s in shapes))


def _pack_skeleton(shapes: Sequence[Any]) -> Geometry:
    rows = [np.column_stack([s.points, s.visibility.astype(np.float64)]).ravel() for s in shapes]
    return Geometry(ShapeKind.SKELETON, np.array(rows, np.float64))


def _pack_polyline(shapes: Sequence[Any]) -> Geometry:
    return Geometry(ShapeKind.POLYLINE, _bare(len(shapes)), (ragged([s.points.ravel() for s in shapes], np.float64),))


def _pack_polygon(shapes: Sequence[Any]) -> Geometry:
    none = np.empty(0, np.float64)
    coords = [np.concatenate([none, *(r.ravel() for part in s.parts for r in part)]) for s in shapes]
    rings = [np.array([n for part in s.parts for n in _ring_lengths(part)], np.int32) for s in shapes]
    return Geometry(ShapeKind.POLYGON, _bare(len(shapes)), (ragged(coords, np.float64), ragged(rings, np.int32)))


def _ring_lengths(part: Sequence[_Array]) -> list[int]:
    return [-len(r) if i == 0 else len(r) for i, r in enumerate(part)]


def _pack_bitmask(shapes: Sequence[Any]) -> Geometry:
    fixed = np.array([(s.left, s.top, s.width, s.height) for s in shapes], np.float64)
    return Geometry(ShapeKind.BITMASK, fixed, (ragged([s.runs for s in shapes], np.uint32),))


def _pack_presence(shapes: Sequence[Any]) -> Geometry:
    return Geometry(ShapeKind.PRESENCE, _bare(len(shapes)))


def _pack_verbatim(shapes: Sequence[Any]) -> Geometry:
    rows = [np.frombuffer(s.raw, np.uint8) for s in shapes]
    return Geometry(ShapeKind.VERBATIM, _bare(len(shapes)), (ragged(rows, np.uint8),))


def _unpack_polygon(geometry: Geometry, index: int) -> Polygon:
    coords, lengths = geometry.ragged[0].row(index).reshape(-1, 2), geometry.ragged[1].row(index)
    parts: list[list[NDArray[np.float64]]] = []
    at = 0
    for signed in lengths.tolist():
        if signed <= 0 or not parts:
            parts.append([])
        parts[-1].append(coords[at : at + abs(signed)])
        at += abs(signed)
    return Polygon(tuple(tuple(p) for p in parts))


def _unpack_skeleton(geometry: Geometry, index: int) -> Skeleton:
    table = geometry.fixed[index].reshape(-1, 3)
    return Skeleton(table[:, :2], table[:, 2].astype(np.uint8))


def _unpack_bitmask(geometry: Geometry, index: int) -> Bitmask:
    left, top, width, height = (int(v) for v in geometry.fixed[index])
    return Bitmask(left, top, width, height, geometry.ragged[0].row(index))


_PACK: dict[ShapeKind, Callable[[Sequence[Any]], Geometry]] = {
    ShapeKind.BOX: _pack_box,
    ShapeKind.ROTATED_BOX: _pack_rotated,
    ShapeKind.POLYGON: _pack_polygon,
    ShapeKind.POLYLINE: _pack_polyline,
    ShapeKind.KEYPOINT: _pack_keypoint,
    ShapeKind.BITMASK: _pack_bitmask,
    ShapeKind.SKELETON: _pack_skeleton,
    ShapeKind.PRESENCE: _pack_presence,
    ShapeKind.VERBATIM: _pack_verbatim,
}
_UNPACK: dict[ShapeKind, Callable[[Geometry, int], Shape]] = {
    ShapeKind.BOX: lambda g, i: Box(*g.fixed[i].tolist()),
    ShapeKind.ROTATED_BOX: lambda g, i: RotatedBox(*g.fixed[i].tolist()),
    ShapeKind.POLYGON: _unpack_polygon,
    ShapeKind.POLYLINE: lambda g, i: Polyline(g.ragged[0].row(i).reshape(-1, 2)),
    ShapeKind.KEYPOINT: lambda g, i: Keypoint(*g.fixed[i].tolist()),
    ShapeKind.BITMASK: _unpack_bitmask,
    ShapeKind.SKELETON: _unpack_skeleton,
    ShapeKind.PRESENCE: lambda _g, _i: Presence(),
    ShapeKind.VERBATIM: lambda g, i: Verbatim(g.ragged[0].row(i).tobytes()),
}
assert set(_PACK) == set(_UNPACK) == set(ShapeKind), "every kind of shape is packed and unpacked"
