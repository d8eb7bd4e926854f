"""One label within the bytes of a track gives way to another, without decoding the track: the commonest edit."""

from __future__ import annotations

import struct
from functools import lru_cache
from operator import itemgetter
from struct import Struct
from typing import TYPE_CHECKING, Any

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
    padded,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_Head = tuple[Any, ...]
"""What `HEAD` unpacks: format, kind, width, bytes of logins, first frame, n, bits, then a value of each column."""
_PEOPLE, _N, _BITS, _VALUES = 3, 5, 6, 7
_AUTHOR, _EDITOR = _VALUES + 3, _VALUES + 4
_COLUMNS = tuple(Struct(code) for code in ("<B", "<B", "<f", "<h", "<h", "<q", "<q"))
"""How a value of each column of the layout is packed."""
_FIXED_KINDS = frozenset(number for number, kind in enumerate(KINDS) if not RAGGED_DTYPES.get(kind))


def with_label(data: bytes, before: bytes, after: bytes) -> bytes | None:
    """Return the bytes of a track after its label `before` gave way to `after`; None where that takes `splice`.

    It does when the label is not there as `before` tells, frames differ, shapes vary in length, labels have unknown
    fields, the labels before and after name other people, or the bytes are not those of a track.

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
    fmt, kind, width, people_size, first, n, bits = head[:_VALUES]
    # All three are of one kind, and the last two one label on the same frame; nothing has unknown fields.
    if old[:3] != head[:3] or new[:3] != head[:3] or fmt != TRACK_FORMAT or kind not in _FIXED_KINDS:
        return None
    if not old[4:_VALUES] == new[4:_VALUES] == (new[4], 1, 0) or bits & EXTRA_BIT:
        return None
    if n == 1:
        return after if data == before else None
    row = _row_with_gaps(data, n, new[4]) if bits & FRAMES_BIT else new[4] - first
    if not 0 <= row < n:
        return None
    people = data[len(data) - people_size :]
    heads = _numbered(people, before, old), _numbered(people, after, new)
    if not _names(heads[0]) <= _names(heads[1]) or _UNKNOWN in _names(heads[1]):
        return None
    end = HEAD_BYTES + 8 * width
    return _with_row(data, head, row, heads, (before[HEAD_BYTES:end], after[HEAD_BYTES:end]))


def _row_with_gaps(data: bytes, n: int, frame: int) -> int:
    """Return the row of a frame, -1 when there is no label on it."""
    frames = np.frombuffer(data, "<i4", n, HEAD_BYTES)
    row = int(frames.searchsorted(np.int32(frame)))
    return row if row < n and frames[row] == frame else -1


_NOBODY, _UNKNOWN = -1, -2


def _names(head: _Head) -> set[int]:
    return {head[_AUTHOR], head[_EDITOR], _NOBODY}


def _numbered(people: bytes, label: bytes, head: _Head) -> _Head:
    """Return a label's head with its logins numbered as in the track; `_UNKNOWN` are those that it lacks."""
    if head[_AUTHOR] == head[_EDITOR] == _NOBODY:
        return head
    own = label[len(label) - head[_PEOPLE] :]
    if own == people:
        return head
    known = decode_people(people) if people else ()
    number = {
        index: known.index(login) if login in known else _UNKNOWN for index, login in enumerate(decode_people(own))
    }
    author, editor = (number.get(head[place], _NOBODY) for place in (_AUTHOR, _EDITOR))
    return (*head[:_AUTHOR], author, editor, *head[_EDITOR + 1 :])


@lru_cache(128)
def _plan(bits: int) -> tuple[Callable[[_Head], Any], tuple[tuple[int, Struct, int], ...]]:
    """Return what picks the columns that are constant out of a head, and place, packing and size of the others."""
    constant = [_VALUES + i for i in range(len(_COLUMNS)) if not bits >> i & 1]
    varying = [(_VALUES + i, column, column.size) for i, column in enumerate(_COLUMNS) if bits >> i & 1]
    return itemgetter(*constant) if constant else lambda _: None, tuple(varying)


def _with_row(
    data: bytes, head: _Head, row: int, heads: tuple[_Head, _Head], shapes: tuple[bytes, bytes]
) -> bytes | None:
    """Return the track with new values and a new shape in a row; None when the old ones are not there."""
    old, new = heads
    constant, varying = _plan(head[_BITS])
    if constant(old) != constant(new):
        data = _with_columns(data, head, [i for i, value in enumerate(old) if i >= _VALUES and value != new[i]])
        return _with_row(data, HEAD.unpack_from(data), row, heads, shapes)
    if constant(head) != constant(old):
        return None
    n, out = head[_N], bytearray(data)
    at, changed = _first_column(head), []
    for i, column, size in varying:
        place = at + row * size
        if column.unpack_from(data, place) != (old[i],):
            return None
        if new[i] != old[i]:
            column.pack_into(out, place, new[i])
            changed.append((i, at, size))
        at += n * size + -n * size % 8
    size = len(shapes[0])
    place = at + row * size
    if data[place : place + size] != shapes[0] or len(data) != at + n * size + head[_PEOPLE]:
        return None
    out[place : place + size] = shapes[1]
    if row == 0:
        HEAD_END.pack_into(out, HEAD_BEGIN.size, *new[_VALUES:])
    return _without_constant(out, head, changed)


def _without_constant(out: bytearray, head: _Head, changed: list[tuple[int, int, int]]) -> bytes:
    """Return the track without those columns, by place in the head, place and size of a value, that are constant."""
    n, bits = head[_N], head[_BITS]
    for i, at, size in reversed(changed):
        if out[at : at + n * size] == out[at : at + size] * n:
            del out[at : at + padded(n * size)]
            bits &= ~(1 << i - _VALUES)
    if bits != head[_BITS]:
        HEAD_BEGIN.pack_into(out, 0, *head[:_BITS], bits)
    return bytes(out)


def _first_column(head: _Head) -> int:
    return HEAD_BYTES + (padded(4 * head[_N]) if head[_BITS] & FRAMES_BIT else 0)


def _with_columns(data: bytes, head: _Head, places: list[int]) -> bytes:
    """Return the track with columns written out, those whose places in the head are given: they will vary."""
    out = bytearray(data)
    n, bits, at = head[_N], head[_BITS], _first_column(head)
    for i, column in enumerate(_COLUMNS):
        size = padded(n * column.size)
        if not bits >> i & 1:
            if _VALUES + i not in places:
                continue
            out[at:at] = (column.pack(head[_VALUES + i]) * n).ljust(size, b"\0")
            bits |= 1 << i
        at += size
    HEAD_BEGIN.pack_into(out, 0, *head[:_BITS], bits)
    return bytes(out)
