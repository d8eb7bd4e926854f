"""Bitmasks as arrays and as the run lengths of other programs. Pure numbers: no files, no drawing.

Three encodings meet here. Ours: runs of the bounding rectangle, row by row (`Bitmask`). COCO: runs of the whole frame,
column by column, as numbers or as a string. Encord: runs of a rectangle, row by row, as the same kind of string. All
begin with a run of unset pixels. The string is that of `rleToString` in cocodataset/cocoapi, `common/maskApi.c`:
differences to the run before the last one, in groups of five bits, little end first, each plus 48.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tui_editor.errors import InvalidShape
from tui_editor.model.shapes import Bitmask

MAX_PIXELS = 1 << 28
"""Frames with more pixels are refused: a few bytes of text can claim any size, and no larger picture is opened."""
_GROUPS = 12
"""Most groups of five bits that one number of a string may have: they fit 64 bits."""

Runs = NDArray[np.uint32]
Mask = NDArray[np.bool_]
_Ints = NDArray[np.int64]


# --- arrays --------------------------------------------------------------------------------------


def bitmask_from_array(mask: NDArray[Any], left: int = 0, top: int = 0) -> Bitmask:
    """Return the set pixels of a (h, w) array as a bitmask, cropped to the rectangle around them.

    Args:
        mask: Any dtype; a pixel is set when it is not 0.
        left: Column of the frame in which the array begins.
        top: Row of the frame in which the array begins.
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return empty_bitmask()
    y0, y1, x0, x1 = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    crop = np.ascontiguousarray(mask[y0:y1, x0:x1]).astype(bool, copy=False)
    return Bitmask(left + x0, top + y0, x1 - x0, y1 - y0, _runs(_changes(crop.ravel()), crop.size))


def empty_bitmask() -> Bitmask:
    """Return a bitmask without a pixel."""
    return Bitmask(0, 0, 0, 0, np.empty(0, np.uint32))


def array_of(bitmask: Bitmask) -> Mask:
    """Return the bitmask's rectangle as bool (height, width).

    Raises:
        InvalidShape: the runs don't fill the rectangle, or it has more than `MAX_PIXELS`.
    """
    _check_filled(bitmask)
    return _paint(bitmask.runs).reshape(bitmask.height, bitmask.width)


def frame_array(bitmask: Bitmask, width: int, height: int) -> Mask:
    """Return the bitmask in a frame of `width` × `height` pixels, bool (height, width), cut at the frame's edge."""
    _check_size(width, height)
    frame = np.zeros((height, width), bool)
    crop = array_of(bitmask)
    x0, y0 = max(bitmask.left, 0), max(bitmask.top, 0)
    x1, y1 = min(bitmask.left + bitmask.width, width), min(bitmask.top + bitmask.height, height)
    if x0 < x1 and y0 < y1:
        inside = crop[y0 - bitmask.top : y1 - bitmask.top, x0 - bitmask.left : x1 - bitmask.left]
        frame[y0:y1, x0:x1] = inside
    return frame


def area(bitmask: Bitmask) -> int:
    """Return the number of set pixels."""
    return int(bitmask.runs[1::2].sum(dtype=np.uint64))


def bounding_rect(bitmask: Bitmask) -> tuple[int, int, int, int]:
    """Return (x, y, width, height) in pixels around the set ones, from the runs alone; all 0 when none is set.

    Raises:
        InvalidShape: the runs don't fill the rectangle, or it has more than `MAX_PIXELS`.
    """
    _check_filled(bitmask)
    ends = np.cumsum(bitmask.runs, dtype=np.int64)
    set_ones = bitmask.runs[1::2] > 0
    first, last = ends[: len(set_ones) * 2 : 2][set_ones], ends[1::2][set_ones] - 1
    if not len(first):
        return 0, 0, 0, 0
    top, bottom = int(first[0]) // bitmask.width, int(last[-1]) // bitmask.width
    # A run that goes on in the next row reaches both edges.
    broken = first // bitmask.width != last // bitmask.width
    left = 0 if broken.any() else int((first % bitmask.width).min())
    right = bitmask.width - 1 if broken.any() else int((last % bitmask.width).max())
    return bitmask.left + left, bitmask.top + top, right - left + 1, bottom - top + 1


def tightened(bitmask: Bitmask) -> Bitmask:
    """Return the same pixels with the smallest rectangle and no runs of 0 but the first."""
    return bitmask_from_array(array_of(bitmask), bitmask.left, bitmask.top)


def contains(bitmask: Bitmask, x: float, y: float) -> bool:
    """Return whether the pixel under point (x, y) of the frame is set."""
    column, row = int(np.floor(x)) - bitmask.left, int(np.floor(y)) - bitmask.top
    if not (0 <= column < bitmask.width and 0 <= row < bitmask.height):
        return False
    ends = np.cumsum(bitmask.runs, dtype=np.int64)
    return bool(ends.searchsorted(row * bitmask.width + column, side="right") % 2)


# --- COCO: the whole frame, column by column -----------------------------------------------------


def coco_counts(bitmask: Bitmask, width: int, height: int) -> Runs:
    """Return COCO's uncompressed counts for a frame of `width` × `height` pixels, uint32; cut at the frame's edge."""
    tight = tightened(_cut(bitmask, width, height))
    if not tight.width:
        return np.array([width * height], np.uint32)
    padded = np.zeros((tight.width, tight.height + 1), bool)  # a gap, so that no run crosses into the next column
    padded[:, :-1] = array_of(tight).T
    column, row = np.divmod(_changes(padded.ravel()), tight.height + 1)
    positions = (column + tight.left) * height + row + tight.top
    return _runs(_without_pairs(positions), width * height)


def bitmask_from_coco_counts(counts: ArrayLike, width: int, height: int) -> Bitmask:
    """Return the bitmask that COCO's uncompressed counts describe.

    Counts that end early leave the rest of the frame unset, as pycocotools reads them.

    Raises:
        InvalidShape: a count is negative or no number, they exceed the frame, or it has more than `MAX_PIXELS`.
    """
    size = _check_size(width, height)
    changes = _ends(counts, size)
    changes = changes if len(changes) % 2 == 0 else np.append(changes, size)
    return _from_columns(_without_pairs(changes), height)


def coco_string(bitmask: Bitmask, width: int, height: int) -> str:
    """Return COCO's compressed counts for a frame of `width` × `height` pixels."""
    return pack_counts(coco_counts(bitmask, width, height))


def bitmask_from_coco_string(text: str | bytes, width: int, height: int) -> Bitmask:
    """Return the bitmask that COCO's compressed counts describe.

    Raises:
        InvalidShape: the string is no such string, or its runs exceed the frame.
    """
    return bitmask_from_coco_counts(parse_counts(text), width, height)


# --- rows: the string that Encord uses -----------------------------------------------------------


def row_major_string(bitmask: Bitmask, width: int, height: int) -> str:
    """Return the runs of a frame of `width` × `height` pixels, row by row, as a string; cut at the frame's edge."""
    frame = frame_array(bitmask, width, height)
    return pack_counts(_runs(_changes(frame.ravel()), frame.size))


def bitmask_from_row_major(text: str | bytes, width: int, height: int, left: int = 0, top: int = 0) -> Bitmask:
    """Return the bitmask whose rectangle `width` × `height` at (left, top) is described row by row.

    Raises:
        InvalidShape: the string is no such string, its runs exceed the rectangle, or it has more than `MAX_PIXELS`.
    """
    size = _check_size(width, height)
    counts = parse_counts(text)
    ends = _ends(counts, size)
    filled = int(ends[-1]) if len(ends) else 0
    rest = [size - filled] if len(counts) % 2 == 0 else [0, size - filled]
    return bitmask_from_array(_paint(np.append(counts, rest)).reshape(height, width), left, top)


# --- strings -------------------------------------------------------------------------------------


def pack_counts(counts: ArrayLike) -> str:
    """Return run lengths as a string, byte for byte what pycocotools writes."""
    values = np.array(counts, np.int64)
    values[3:] -= np.asarray(counts, np.int64)[1:-2]
    groups = np.zeros((len(values), _GROUPS), np.uint8)
    used = np.zeros(len(values), np.int8)
    live = np.arange(len(values))
    for place in range(_GROUPS):
        low, values = values & 31, values >> 5
        more = np.where(low & 16, values != -1, values != 0)
        groups[live, place] = (low | np.where(more, 32, 0)) + 48
        used[live] = place + 1
        live, values = live[more], values[more]
        if not len(live):
            break
    return groups[np.arange(_GROUPS) < used[:, None]].tobytes().decode("ascii")


def parse_counts(text: str | bytes) -> _Ints:
    """Return the run lengths of a string, int64; they may be negative when the string is nonsense.

    Raises:
        InvalidShape: a character is outside of `0`..`o`, a number doesn't end or has more than 64 bits.
    """
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    codes = np.frombuffer(raw, np.uint8).astype(np.int64) - 48
    if not len(codes):
        return codes
    last = np.flatnonzero((codes & 32) == 0)
    if codes.min() < 0 or codes.max() > 63 or not len(last) or last[-1] != len(codes) - 1:
        raise InvalidShape("a run-length string has a character that doesn't belong there or ends early")
    first = np.concatenate([[0], last[:-1] + 1])
    lengths = last - first + 1
    if lengths.max() > _GROUPS:
        raise InvalidShape("a run-length string has a number of more than 64 bits")
    place = np.arange(len(codes)) - np.repeat(first, lengths)
    values: _Ints = np.add.reduceat((codes & 31) << (5 * place), first)
    values -= np.where(codes[last] & 16, np.int64(1) << (5 * lengths), 0)
    values[2::2] = np.cumsum(values[2::2])
    values[1::2] = np.cumsum(values[1::2])
    return values


# --- runs and changes ----------------------------------------------------------------------------
# "Changes" are the ascending positions at which a flat mask turns on, off, on …; their number is even.


def _changes(flat: Mask) -> _Ints:
    inner = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    head = [0] if len(flat) and flat[0] else []
    tail = [len(flat)] if len(flat) and flat[-1] else []
    return np.concatenate([head, inner, tail]).astype(np.int64)


def _runs(changes: _Ints, size: int) -> Runs:
    inner = changes[:-1] if len(changes) and changes[-1] == size else changes
    return np.diff(inner, prepend=0, append=size).astype(np.uint32)


def _without_pairs(changes: _Ints) -> _Ints:
    """Return the changes without those that take each other back (an end where the next run begins)."""
    values, times = np.unique(changes, return_counts=True)
    kept: _Ints = values[times % 2 == 1]
    return kept


def _ends(counts: ArrayLike, size: int) -> _Ints:
    """Return where each run ends."""
    try:
        values = np.asarray(counts, np.int64).reshape(-1)
    except (ValueError, TypeError, OverflowError) as error:
        raise InvalidShape("a run length is not a whole number") from error
    if len(values) and (values.min() < 0 or values.max() > size):
        raise InvalidShape("a run length is negative or longer than its frame")
    ends = np.cumsum(values)
    if len(ends) and (ends[-1] > size or ends.min() < 0):
        raise InvalidShape("the runs of a mask are longer than its frame")
    return ends


def _paint(runs: NDArray[Any]) -> Mask:
    return np.repeat(np.arange(len(runs)) % 2 == 1, runs)


def _from_columns(changes: _Ints, height: int) -> Bitmask:
    """Return the bitmask of changes that count column by column."""
    if not len(changes):
        return empty_bitmask()
    x0, x1 = int(changes[0]) // height, (int(changes[-1]) - 1) // height + 1
    return bitmask_from_array(columns_array(changes, height, x0, x1).T, left=x0)


def columns_array(changes: _Ints, height: int, x0: int, x1: int) -> Mask:
    """Return columns x0..x1-1 of a frame as bool (x1 - x0, height).

    Args:
        changes: Ascending positions `x * height + y`, none twice, at which pixels turn on, off, on ….
        height: Of the frame, in pixels.
        x0: First column.
        x1: The column after the last one; all changes lie between them.
    """
    size = (x1 - x0) * height
    return _paint(np.diff(changes - x0 * height, prepend=0, append=size)).reshape(x1 - x0, height)


def _cut(bitmask: Bitmask, width: int, height: int) -> Bitmask:
    inside = bitmask.left >= 0 and bitmask.top >= 0
    inside = inside and bitmask.left + bitmask.width <= width and bitmask.top + bitmask.height <= height
    return bitmask if inside else bitmask_from_array(frame_array(bitmask, width, height))


def _check_filled(bitmask: Bitmask) -> None:
    size = _check_size(bitmask.width, bitmask.height)
    if int(bitmask.runs.sum(dtype=np.uint64)) != size:
        raise InvalidShape("a bitmask's runs don't fill its rectangle")


def _check_size(width: int, height: int) -> int:
    if width < 0 or height < 0 or width * height > MAX_PIXELS:
        raise InvalidShape(f"a mask of {width} × {height} pixels can't be held")
    return width * height
