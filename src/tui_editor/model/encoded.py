"""Labels in the bytes that stores keep, without the values between: imports make a million of them."""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import Struct

from tui_editor.model.codec import decode_value
from tui_editor.model.document import make_document
from tui_editor.model.instances import Instance
from tui_editor.model.shapes import ShapeKind
from tui_editor.model.track_codec import decode_track

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.model.columns import Geometry
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import ClassId, InstanceId, UnitId


class EncodedShape(NamedTuple):
    """A `Geometry` of one row: the bytes of its columns, little-endian."""

    kind: ShapeKind
    fixed: bytes
    ragged: tuple[bytes, ...] = ()
    """The values of each ragged column; there is one row, so that their number tells its offsets."""


def encode_geometry(geometry: Geometry) -> EncodedShape:
    """Return the bytes of a geometry of one row."""
    columns = tuple([column.values.tobytes() for column in geometry.ragged])
    return EncodedShape(geometry.kind, geometry.fixed.tobytes(), columns)


def encode_numbers(kind: ShapeKind, numbers: Sequence[float]) -> EncodedShape:
    """Return a shape whose geometry is fixed columns only (box, skeleton …): `numbers` is their only row."""
    return EncodedShape(kind, _floats(len(numbers))(*numbers))


def encode_rings(rings: Sequence[Sequence[float]]) -> EncodedShape:
    """Return a polygon of rings as flat lists x, y, x, y…, each ring a part of its own."""
    if len(rings) == 1:
        ring = rings[0]
        size = len(ring)
        return EncodedShape(ShapeKind.POLYGON, b"", (_floats(size)(*ring), _ring_lengths((size,))))
    numbers = [number for ring in rings for number in ring]
    lengths = _ring_lengths(tuple(map(len, rings)))
    return EncodedShape(ShapeKind.POLYGON, b"", (_floats(len(numbers))(*numbers), lengths))


@lru_cache(4096)
def _floats(count: int) -> Callable[..., bytes]:
    return struct.Struct(f"<{count}d").pack


@lru_cache(4096)
def _ring_lengths(sizes: tuple[int, ...]) -> bytes:
    """Return ring lengths in points, negative where a part begins; `sizes` count numbers."""
    return np.array([-(size // 2) for size in sizes], "<i4").tobytes()


class EncodedLabel(NamedTuple):
    """An instance with the only label that it has."""

    instance: InstanceId
    class_id: ClassId
    frame: int
    kind: ShapeKind
    value: bytes
    """`encode_value` of the instance."""
    track: bytes
    """`encode_track` of its label."""


class EncodedLabels(Struct, frozen=True, eq=False):
    """What is labelled in a task of one data unit, when each instance has one label."""

    unit: UnitId
    labels: Sequence[EncodedLabel]

    def document(self) -> LabelDocument:
        """Return the document that a store would read."""
        return make_document(
            instances=[decode_value(label.value, Instance) for label in self.labels],
            tracks={(label.instance, self.unit): decode_track(label.track) for label in self.labels},
            lazy=True,
        )
