"""Where what lies in the bytes of a track's labels. Pure: no I/O.

Format 1, little-endian: a head of 48 bytes with the first value of every plain column, then the columns that are not
constant, fixed geometry, variable geometry, unknown fields, and the logins that `author` and `editor` number. Every
section begins at a multiple of 8, so that a decoded array is an aligned view of the bytes.
"""

from __future__ import annotations

from functools import lru_cache
from struct import Struct

import msgspec

from tui_editor.model.shapes import ShapeKind

TRACK_FORMAT = 1

KINDS = (
    ShapeKind.BOX,
    ShapeKind.ROTATED_BOX,
    ShapeKind.POLYGON,
    ShapeKind.POLYLINE,
    ShapeKind.KEYPOINT,
    ShapeKind.BITMASK,
    ShapeKind.SKELETON,
    ShapeKind.PRESENCE,
    ShapeKind.VERBATIM,
)
"""A kind's number in the bytes is its place here: append only."""
KIND_NUMBER = {kind: number for number, kind in enumerate(KINDS)}

# fmt, kind, width, bytes of logins, first frame; then what equal constant columns have in common: n, bits, values
HEAD = Struct("<BBHIi IH BB f hh qq")
HEAD_BEGIN = Struct("<BBHIi IH")
HEAD_END = Struct("<BB f hh qq")
assert HEAD_BEGIN.size + HEAD_END.size == HEAD.size
COMMON = 12
"""Where the part of the head begins that tracks with the same constants share."""
HEAD_BYTES = 48
assert HEAD_BYTES - 8 < HEAD.size <= HEAD_BYTES

COLUMNS = (
    ("origin", "<u1"),
    ("flags", "<u1"),
    ("confidence", "<f4"),
    ("author", "<i2"),
    ("editor", "<i2"),
    ("created_ms", "<i8"),
    ("edited_ms", "<i8"),
)
"""Bit i says that column i is not constant. The order is that of the head."""
FRAMES_BIT = 1 << 7
"""Frames have gaps; otherwise they are first, first + 1, …"""
EXTRA_BIT = 1 << 8


def padded(size: int) -> int:
    """Return the bytes that a section of that many takes."""
    return size + -size % 8


@lru_cache(1024)
def encode_people(people: tuple[str, ...]) -> bytes:
    """Return the logins as bytes."""
    return msgspec.msgpack.encode(people)


@lru_cache(1024)
def decode_people(raw: bytes) -> tuple[str, ...]:
    """Return the logins that `encode_people` wrote."""
    return msgspec.msgpack.decode(raw, type=tuple[str, ...])
