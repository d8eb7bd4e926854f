"""Bytes of a track's labels, as `track_layout` has them. Pure: no I/O."""

from __future__ import annotations

import struct
import sys
from functools import lru_cache
from operator import is_
from struct import Struct
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from tui_editor.errors import StoreCorrupt, StoreTooNew
from tui_editor.model.columns import RAGGED_DTYPES, Geometry, Ragged
from tui_editor.model.shapes import ShapeKind
from tui_editor.model.track_layout import (
    COLUMNS,
    COMMON,
    EXTRA_BIT,
    FRAMES_BIT,
    HEAD,
    HEAD_BEGIN,
    HEAD_BYTES,
    HEAD_END,
    KIND_NUMBER,
    KINDS,
    TRACK_FORMAT,
    decode_people,
    encode_people,
    padded,
)
from tui_editor.model.tracks import Origin, Track, single_track, with_own_people

if TYPE_CHECKING:
    from collections.abc import Sequence

_Array = np.ndarray[Any, np.dtype[Any]]

_SHARED_LIMIT = 4096
_shared: dict[bytes, tuple[_Array, ...]] = {}
"""Constant columns by the common part of the head: most tracks of a task have the same, so they share the arrays."""


def encode_track(track: Track) -> bytes:
    """Return a track's labels as bytes; equal labels have equal bytes, however they came to be."""
    if track.people:
        track = with_own_people(track)
    n = len(track.frames)
    if n == 1 and track.extra is None:
        return _encode_single(track)
    bits, varying = (0, ()) if n <= 1 else _varying(track, n)
    if track.extra is not None and len(track.extra.values):
        bits |= EXTRA_BIT
    geometry = track.geometry
    people = encode_people(track.people) if track.people else b""
    first = track.frames.item(0) if n else 0
    constants = _first_values(track) if n else _NOTHING
    width = geometry.fixed.shape[1]
    head = HEAD.pack(TRACK_FORMAT, KIND_NUMBER[geometry.kind], width, len(people), first, n, bits, *constants)
    sections = [head.ljust(HEAD_BYTES, b"\0"), *varying]
    if width:
        sections.append(geometry.fixed.astype("<f8", copy=False).tobytes())
    for column in geometry.ragged:
        sections += _encode_ragged(column, n)
    if bits & EXTRA_BIT and track.extra is not None:
        sections += _encode_ragged(track.extra, n)
    sections.append(people)
    return b"".join(sections)


_MOST_WITHOUT_BYTES = 1 << 24
"""Labels of a track that may take no bytes of their own: those that only say that something is there."""


def decode_track(data: bytes) -> Track:
    """Return the track that `encode_track` wrote; its arrays are read-only views of `data`.

    Raises:
        StoreTooNew: a later version wrote it.
        StoreCorrupt: the bytes are not those of a track.
    """
    try:
        fmt, kind, width, people_size, first, n, bits = HEAD_BEGIN.unpack_from(data)
        if fmt != TRACK_FORMAT:
            raise StoreTooNew("labels were written by a newer version", hint="update tui-editor")
        if n > max(len(data), _MOST_WITHOUT_BYTES):  # a false count shall not ask for memory
            raise ValueError("more labels than bytes")
        return _decode(data, KINDS[kind], (width, people_size, first, n, bits))
    except (IndexError, ValueError, msgspec.DecodeError, struct.error) as error:
        raise StoreCorrupt("labels in the store can't be read") from error


def _decode(data: bytes, kind: ShapeKind, head: tuple[int, int, int, int, int]) -> Track:
    width, people_size, first, n, bits = head
    columns = _constants(data[COMMON:HEAD_BYTES], n)
    at = HEAD_BYTES
    frames = None
    if bits & ~EXTRA_BIT:
        frames, columns, at = _decode_varying(data, n, bits, columns)
    if frames is None:
        frames = _row_of_frames(first, n)
    fixed = np.frombuffer(data, _F8, n * width, at).reshape(n, width) if width else _no_columns(n)
    at += 8 * n * width
    ragged = []
    for dtype in RAGGED_DTYPES.get(kind, ()):
        column, at = _decode_ragged(data, n, at, dtype)
        ragged.append(column)
    if kind is ShapeKind.POLYGON or kind is ShapeKind.POLYLINE:
        _check_rings(kind, ragged)
    extra = None
    if bits & EXTRA_BIT:
        extra, at = _decode_ragged(data, n, at, _U1)
        _check_extra(extra)
    people = decode_people(data[at : at + people_size]) if people_size else ()
    _check_columns(columns, bits, len(people))
    origin, flags, confidence, author, editor, created_ms, edited_ms = columns
    return Track(
        frames=frames,
        geometry=Geometry(kind, fixed, tuple(ragged)),
        confidence=confidence,
        origin=origin,
        flags=flags,
        author=author,
        editor=editor,
        created_ms=created_ms,
        edited_ms=edited_ms,
        people=people,
        extra=extra,
    )


def _check_columns(columns: Sequence[_Array], bits: int, people: int) -> None:
    """Refuse origins that there are none of, and names of nobody: they are asked for one by one, later."""
    origin, author, editor = columns[_ORIGIN], columns[_AUTHOR], columns[_EDITOR]
    if not bits & _VARYING:  # nearly all: the numbers of the first label are those of all
        sound = not len(origin) or (origin.item(0) < _ORIGINS and author.item(0) < people and editor.item(0) < people)
    else:
        sound = origin.max() < _ORIGINS and author.max() < people and editor.max() < people
    if not sound:
        raise ValueError("a label by nobody, or of no origin")


_ORIGINS = len(Origin)
_ORIGIN, _AUTHOR, _EDITOR = (
    next(n for n, (name, _) in enumerate(COLUMNS) if name == wanted) for wanted in ("origin", "author", "editor")
)
_VARYING = 1 << _ORIGIN | 1 << _AUTHOR | 1 << _EDITOR


def _check_rings(kind: ShapeKind, ragged: Sequence[Ragged]) -> None:
    """Refuse points that are no pairs, and rings that are longer or shorter than their points."""
    points, rings = ragged[0].offsets, ragged[-1]
    if len(points) == 2:  # most tracks of imported pictures: plain numbers are ten times faster
        of_rings = 2 * sum(map(abs, rings.values.tolist())) if kind is ShapeKind.POLYGON else points.item(1)
        sound = points.item(1) == of_rings and points.item(1) % 2 == 0
    elif kind is ShapeKind.POLYGON:
        ends = np.concatenate([[0], np.cumsum(np.abs(rings.values.astype(np.int64)))])
        sound = np.array_equal(2 * ends[rings.offsets], points)
    else:
        sound = not (points % 2).any()
    if not sound:
        raise ValueError("rings that are not those of their points")


def _check_extra(extra: Ragged) -> None:
    """Refuse unknown fields that are no JSON objects, all at once: they are decoded one by one, later."""
    rows = [extra.row(row).tobytes() or b"{}" for row in range(len(extra))]
    if len(msgspec.json.decode(b"[" + b",".join(rows) + b"]", type=list[dict[str, msgspec.Raw]])) != len(rows):
        raise ValueError("unknown fields that are none")


def _encode_single(track: Track) -> bytes:
    """Return `encode_track` of one label without unknown fields, written out: what most edits and imports write."""
    geometry = track.geometry
    people = encode_people(track.people) if track.people else b""
    fixed = geometry.fixed
    kind, width = KIND_NUMBER[geometry.kind], fixed.shape[1]
    sections = [HEAD_BEGIN.pack(TRACK_FORMAT, kind, width, len(people), track.frames.item(), 1, 0), _common(track)]
    if width:
        sections.append(fixed.tobytes() if _LITTLE else fixed.astype(_F8).tobytes())
    for column in geometry.ragged:
        raw = column.values.tobytes()
        sections += (_COUNT(len(column.values)), raw, _PADS[len(raw) % 8])
    sections.append(people)
    return b"".join(sections)


_LITTLE = sys.byteorder == "little"


def encode_label(frame: int, kind: ShapeKind, fixed: bytes, ragged: Sequence[bytes]) -> bytes:
    """Return `encode_track` of a `single_track`, from the bytes of its geometry's columns.

    Args:
        frame: Of the label.
        kind: Of its shape.
        fixed: float64 numbers, little-endian.
        ragged: The only row of each ragged column, little-endian.
    """
    data = _label_head(frame, kind, len(fixed) // _F8.itemsize) + fixed
    for raw, size in zip(ragged, _RAGGED_SIZES[kind], strict=True):
        data += _COUNT(len(raw) // size) + raw + _PADS[len(raw) % 8]
    return data


@lru_cache(4096)
def _label_head(frame: int, kind: ShapeKind, width: int) -> bytes:
    """Return the head of a `single_track`: that of one which has no ragged columns."""
    return encode_track(single_track(frame, Geometry(kind, np.zeros((1, width)))))[:HEAD_BYTES]


_RAGGED_SIZES = {kind: [dtype.itemsize for dtype in RAGGED_DTYPES.get(kind, ())] for kind in ShapeKind}
_COUNT = Struct("<Q").pack
_PADS = tuple(bytes(-size % 8) for size in range(8))
_END_OF_HEAD = bytes(HEAD_BYTES - HEAD.size)
_last_common: tuple[tuple[_Array, ...], bytes] | None = None
"""Columns of the label that was written last, and their part of the head: imported labels share their columns."""


def _common(track: Track) -> bytes:
    """Return the rest of a single label's head, after `HEAD_BEGIN`, padded."""
    global _last_common  # noqa: PLW0603  # a cache of one entry, replaced whole
    columns = (
        track.origin,
        track.flags,
        track.confidence,
        track.author,
        track.editor,
        track.created_ms,
        track.edited_ms,
    )
    last = _last_common
    if last is not None and last[0][0] is columns[0] and all(map(is_, last[0], columns)):
        return last[1]
    origin, flags, confidence, author, editor, created_ms, edited_ms = columns
    packed = HEAD_END.pack(
        origin.item(),
        flags.item(),
        confidence.item(),
        author.item(),
        editor.item(),
        created_ms.item(),
        edited_ms.item(),
    )
    packed += _END_OF_HEAD
    _last_common = columns, packed
    return packed


_NOTHING = (0,) * len(COLUMNS)


def _first_values(track: Track) -> tuple[float, ...]:
    """Return the first value of each of `COLUMNS`; written out, since it is most of the cost of a single label."""
    return (
        track.origin.item(0),
        track.flags.item(0),
        track.confidence.item(0),
        track.author.item(0),
        track.editor.item(0),
        track.created_ms.item(0),
        track.edited_ms.item(0),
    )


_F8 = np.dtype("<f8")
_I4 = np.dtype("<i4")
_U4 = np.dtype("<u4")
_U1 = np.dtype("u1")
_DTYPES = tuple(np.dtype(code) for _, code in COLUMNS)


def _padded_bytes(array: _Array) -> bytes:
    raw = array.tobytes()
    return raw + bytes(-len(raw) % 8)


def _varying(track: Track, n: int) -> tuple[int, list[bytes]]:
    """Return which columns are not constant, and their bytes."""
    bits, sections = 0, []
    if track.frames.item(-1) - track.frames.item(0) != n - 1:
        bits |= FRAMES_BIT
        sections.append(_padded_bytes(track.frames.astype(_I4, copy=False)))
    for i, (name, code) in enumerate(COLUMNS):
        raw = getattr(track, name).astype(code, copy=False).tobytes()
        if raw != raw[: len(raw) // n] * n:
            bits |= 1 << i
            sections.append(raw + bytes(-len(raw) % 8))
    return bits, sections


def _decode_varying(
    data: bytes, n: int, bits: int, constant: tuple[_Array, ...]
) -> tuple[_Array | None, tuple[_Array, ...], int]:
    at = HEAD_BYTES
    frames: _Array | None = None
    if bits & FRAMES_BIT:
        frames = np.frombuffer(data, _I4, n, at)
        at += padded(4 * n)
    columns = list(constant)
    for i, dtype in enumerate(_DTYPES):
        if bits & 1 << i:
            columns[i] = np.frombuffer(data, dtype, n, at)
            at += padded(dtype.itemsize * n)
    return frames, tuple(columns), at


def _constants(common: bytes, n: int) -> tuple[_Array, ...]:
    found = _shared.get(common)
    if found is None:
        values = HEAD.unpack(bytes(COMMON) + common[: HEAD.size - COMMON])[-len(COLUMNS) :]
        found = tuple(_frozen(np.full(n, v, d)) for v, d in zip(values, _DTYPES, strict=True))
        if len(_shared) >= _SHARED_LIMIT:
            _shared.clear()
        _shared[common] = found
    return found


def _frozen(array: _Array) -> _Array:
    array.setflags(write=False)
    return array


@lru_cache(4096)
def _row_of_frames(first: int, n: int) -> _Array:
    return _frozen(np.arange(first, first + n, dtype=np.int32))


@lru_cache(512)
def _no_columns(n: int) -> _Array:
    return _frozen(np.empty((n, 0), np.float64))


@lru_cache(4096)
def _two_offsets(length: int) -> _Array:
    return _frozen(np.array([0, length], np.int64))


def _encode_ragged(column: Ragged, n: int) -> list[bytes]:
    """Return lengths (uint32), then values."""
    lengths = len(column.values).to_bytes(8, "little") if n == 1 else _padded_bytes(np.diff(column.offsets).astype(_U4))
    return [lengths, _padded_bytes(column.values)]


def _decode_ragged(data: bytes, n: int, at: int, dtype: np.dtype[Any]) -> tuple[Ragged, int]:
    if n == 1:
        length = int.from_bytes(data[at : at + 8], "little")
        offsets = _two_offsets(length)
        at += 8
    else:
        lengths = np.frombuffer(data, _U4, n, at)
        offsets = np.zeros(n + 1, np.int64)
        np.cumsum(lengths, out=offsets[1:])
        length = int(offsets[-1])
        at += padded(4 * n)
    values = np.frombuffer(data, dtype, length, at)
    return Ragged(values, offsets), at + padded(length * dtype.itemsize)
