"""One label within the bytes of a track gives way to another, without decoding the track: the commonest edit."""

from __future__ import annotations

import struct
from struct import Struct
from typing import Any

import msgspec
import numpy as np

from tui_editor.model.columns import RAGGED_DTYPES
from tui_editor.model.track_layout import (
    EXTRA_BIT,
    FRAMES_BIT,
    HEAD,
    HEAD_BEGIN,
    HEAD_BYTES,
    HEAD_END,
    KINDS,
    TRACK_FORMAT,
    decode_people,
    encode_people,
    padded,
)

_Head = tuple[Any, ...]
"""What `HEAD` unpacks: format, kind, width, bytes of logins, first frame, n, bits, then a value of each column."""
_N, _BITS, _VALUES = 5, 6, 7
_AUTHOR, _EDITOR = 3, 4
_COLUMNS = tuple(Struct(code) for code in ("<B", "<B", "<f", "<h", "<h", "<q", "<q"))
"""How a value of each column of the layout is packed."""
_FIXED_KINDS = frozenset(number for number, kind in enumerate(KINDS) if not RAGGED_DTYPES.get(kind))


def with_label(data: bytes, before: bytes, after: bytes) -> bytes | None:
    """Return the bytes of a track after its label `before` gave way to `after`; None where that takes `splice`.

    It does when the label is not there as `before` tells, frames differ, shapes vary in length, labels have unknown
    fields, or the bytes are not those of a track. A column stays written out when its values become equal.

    Args:
        data: A track, as `encode_track` writes it.
        before: A track of one label, likewise.
        after: Another one.
    """
    try:
        return _with_label(data, before, after)
    except (IndexError, ValueError, msgspec.DecodeError, struct.error):
        return None  # decoding them tells what is wrong


def _with_label(data: bytes, before: bytes, after: bytes) -> bytes | None:
    head, old, new = HEAD.unpack_from(data), HEAD.unpack_from(before), HEAD.unpack_from(after)
    if not _is_plain(head, old) or not _is_plain(head, new) or old[4] != new[4]:
        return None
    if head[_N] == 1:
        return after if data == before else None
    row = _row(data, head, old[4])
    if row is None:
        return None
    people = _people(data, head)
    known = len(people)
    values = _values(old, before, people), _values(new, after, people)
    end = HEAD_BYTES + 8 * head[2]
    changed = _with_row(data, head, row, values, (before[HEAD_BYTES:end], after[HEAD_BYTES:end]))
    if changed is not None and len(people) > known:
        _put_people(changed, head[3], people)
    return None if changed is None else bytes(changed)


def _is_plain(track: _Head, label: _Head) -> bool:
    """Return whether a label is one, of the track's kind, and every part of both has a fixed place."""
    fmt, kind, width, _, _, n, bits = label[:_VALUES]
    if fmt != TRACK_FORMAT or track[:3] != (fmt, kind, width) or kind not in _FIXED_KINDS:
        return False
    return n == 1 and not bits and not track[_BITS] & EXTRA_BIT


def _row(data: bytes, head: _Head, frame: int) -> int | None:
    n = head[_N]
    if not head[_BITS] & FRAMES_BIT:
        row = frame - head[4]
        return row if 0 <= row < n else None
    frames = np.frombuffer(data, "<i4", n, HEAD_BYTES)
    row = int(frames.searchsorted(np.int32(frame)))
    return row if row < n and frames[row] == frame else None


def _people(data: bytes, head: _Head) -> list[str]:
    return list(decode_people(data[-head[3] :])) if head[3] else []


def _values(label: _Head, data: bytes, people: list[str]) -> tuple[Any, ...]:
    """Return a label's value of each column, its logins numbered as in `people`, to which new ones are added."""
    values = list(label[_VALUES:])
    for which in (_AUTHOR, _EDITOR):
        if values[which] >= 0:
            login = _people(data, label)[values[which]]
            if login not in people:
                people.append(login)
            values[which] = people.index(login)
    return tuple(values)


def _with_row(
    data: bytes, head: _Head, row: int, values: tuple[tuple[Any, ...], tuple[Any, ...]], shapes: tuple[bytes, bytes]
) -> bytearray | None:
    """Return the track with new values and a new shape in a row; None when the old ones are not there."""
    n, bits = head[_N], head[_BITS]
    out = bytearray(data)
    at = HEAD_BYTES + (padded(4 * n) if bits & FRAMES_BIT else 0)
    new_columns = []
    for i, (column, old, new) in enumerate(zip(_COLUMNS, *values, strict=True)):
        if bits >> i & 1:
            place = at + row * column.size
            if column.unpack_from(data, place)[0] != old:
                return None
            column.pack_into(out, place, new)
            at += padded(n * column.size)
        elif head[_VALUES + i] != old:
            return None
        elif new != old:
            new_columns.append((i, at, new))
    size = len(shapes[0])
    place = at + row * size
    if data[place : place + size] != shapes[0] or len(data) != at + n * size + head[3]:
        return None
    out[place : place + size] = shapes[1]
    if row == 0:
        HEAD_END.pack_into(out, HEAD_BEGIN.size, *values[1])
    for i, place, new in reversed(new_columns):
        bits |= 1 << i
        out[place:place] = _column(_COLUMNS[i], n, head[_VALUES + i], row, new)
    HEAD_BEGIN.pack_into(out, 0, *head[:_BITS], bits)
    return out


def _column(column: Struct, n: int, value: float, row: int, other: float) -> bytes:
    """Return a column of one value, another one in a row."""
    packed = bytearray(column.pack(value) * n)
    column.pack_into(packed, row * column.size, other)
    return bytes(packed.ljust(padded(len(packed)), b"\0"))


def _put_people(data: bytearray, size: int, people: list[str]) -> None:
    """Put other logins in the place of those at the end, which take `size` bytes."""
    packed = encode_people(tuple(people))
    data[len(data) - size :] = packed
    head = HEAD_BEGIN.unpack_from(data)
    HEAD_BEGIN.pack_into(data, 0, *head[:3], len(packed), *head[4:])
