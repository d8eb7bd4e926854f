"""Sixel bytes from palette indices (DEC VT330/VT340 programmer reference, volume 2, chapter 14).

A sixel is a column of six pixels of one colour; a band is a row of sixels; a band is drawn once for each colour in it.
The encoder finds all (band, colour, column) at once by one sort, joins equal neighbours into runs, and writes every run
as a fixed-size record of text whose unused bytes are squeezed out at the end.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.render.palette import Palette

_BAND = 6
_QUESTION = ord("?")
"""The sixel with no pixel set; the six bits of a sixel are added to it."""


class _Layout(NamedTuple):
    """How (band, colour, column, six bits) share one integer, from high to low."""

    dtype: type[np.uint32 | np.uint64]
    column_bits: int
    bands: int
    """Bands that fit."""


# A column less than the bits hold: the last number of a colour must never be followed by the first of the next.
_SMALL = _Layout(np.uint32, 11, 128)
_LARGE = _Layout(np.uint64, 32, 1 << 16)


class _Runs(NamedTuple):
    """Neighbouring sixels of one band and colour that look the same."""

    group: NDArray[np.intp]
    """band · 256 + colour"""
    column: NDArray[np.intp]
    length: NDArray[np.intp]
    character: NDArray[np.uint8]


def encode_sixel(indices: NDArray[np.uint8], palette: Palette, *, define_colours: bool = True) -> bytes:
    """Return the whole escape sequence that paints the pixels at the cursor; only the pixels given are touched.

    Args:
        indices: uint8 (h, w) of any size from 1 x 1; a sub-rectangle of a picture is encoded by slicing it.
        palette: The colours; a terminal keeps them to 1/100 of full intensity.
        define_colours: False where the terminal keeps the colours of an earlier picture.
    """
    height, width = indices.shape
    layout = _SMALL if width < 1 << _SMALL.column_bits else _LARGE
    rows = layout.bands * _BAND
    colours = colour_definitions(palette) if define_colours else b""
    parts = [_bands(indices[top : top + rows], layout) for top in range(0, height, rows)]
    return b'\x1bP0;1;0q"1;1;%d;%d' % (width, height) + colours + b"-".join(parts) + b"\x1b\\"


def colour_definitions(palette: Palette) -> bytes:
    """Return the commands that define the palette's colours, in percent."""
    percent = percentages(palette.colours).tolist()
    return b"".join(b"#%d;2;%d;%d;%d" % (index, *rgb) for index, rgb in enumerate(percent))


def percentages(colours: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Return 8-bit levels as the percent that sixel colours have."""
    rounded: NDArray[np.int32] = (colours.astype(np.int32) * 100 + 127) // 255
    return rounded


def _bands(indices: NDArray[np.uint8], layout: _Layout) -> bytes:
    runs = _runs(_sorted_sixels(indices, layout), layout)
    return _text(runs, indices.shape[1])


def _sorted_sixels(indices: NDArray[np.uint8], layout: _Layout) -> NDArray[np.unsignedinteger]:
    """Return each sixel to draw as one number, in the order of drawing."""
    height, width = indices.shape
    bands = -(-height // _BAND)
    missing = bands * _BAND - height
    # The last row repeated adds no colour to its band; its bits are taken off below.
    padded = np.pad(indices, ((0, missing), (0, 0)), mode="edge")
    lines = np.ascontiguousarray(padded.reshape(bands, _BAND, width).transpose(1, 0, 2))
    columns = np.arange(width, dtype=np.uint64) << np.uint64(6)
    groups = np.arange(bands, dtype=np.uint64) << np.uint64(14 + layout.column_bits)
    where = (groups[:, None] + columns).astype(layout.dtype)
    same = {(a, b): lines[a] == lines[b] for b in range(_BAND) for a in range(b)}
    keys = []
    for line in range(_BAND):
        bits = np.full((bands, width), 1 << line, np.uint8)
        for below in range(line + 1, _BAND):
            bits |= same[line, below].view(np.uint8) << below
        if missing:
            bits[-1] &= (1 << (_BAND - missing)) - 1
        sixels = (lines[line].astype(layout.dtype) << layout.dtype(6 + layout.column_bits)) + where + bits
        # A colour that a line above has in this column is in that line's sixel already.
        drawn = np.zeros((bands, width), np.bool_)
        for above in range(line):
            drawn |= same[above, line]
        keys.append(sixels[~drawn])
    every = np.concatenate(keys)
    every.sort()
    return every


def _runs(keys: NDArray[np.unsignedinteger], layout: _Layout) -> _Runs:
    bits = (keys & 63).astype(np.uint8)
    places = keys >> 6
    starts_run = np.ones(len(keys), np.bool_)
    np.not_equal(places[1:], places[:-1] + 1, out=starts_run[1:])
    starts_run[1:] |= bits[1:] != bits[:-1]
    starts = np.flatnonzero(starts_run)
    return _Runs(
        group=(places[starts] >> layout.column_bits).astype(np.intp),
        column=(places[starts] & ((1 << layout.column_bits) - 1)).astype(np.intp),
        length=np.diff(starts, append=len(keys)),
        character=bits[starts] + np.uint8(_QUESTION),
    )


def _text(runs: _Runs, width: int) -> bytes:
    """Return the sixel data of all runs, without a leading carriage return."""
    count = len(runs.group)
    new_group = np.ones(count, np.bool_)
    np.not_equal(runs.group[1:], runs.group[:-1], out=new_group[1:])
    new_band = np.zeros(count, np.intp)
    new_band[1:] = (runs.group[1:] >> 8) != (runs.group[:-1] >> 8)
    reached = np.zeros(count, np.intp)
    reached[1:] = runs.column[:-1] + runs.length[:-1]
    reached[new_group] = 0

    tables = _tables(1 << width.bit_length())
    records = np.zeros(count, _RECORD)
    heads = np.flatnonzero(new_group)
    records["head"][heads] = _heads()[new_band[heads], runs.group[heads] & 255]
    records["gap"] = tables.gap[runs.column - reached]
    records["repeat"] = tables.repeat[runs.length]
    records["first"] = runs.character
    for field, least in (("second", 2), ("third", 3)):
        written_out = (runs.length >= least) & (runs.length <= _WRITTEN_OUT)
        records[field][written_out] = runs.character[written_out]
    return records.tobytes().translate(None, b"\0")[1:]


_WRITTEN_OUT = 3
"""Runs up to this length are shorter written out than as `!3x`."""
_RECORD = np.dtype(
    [("head", "V5"), ("gap", "V7"), ("repeat", "V6"), ("first", "u1"), ("second", "u1"), ("third", "u1")]
)


class _Tables(NamedTuple):
    """Text for each number of columns, as fixed-size records."""

    gap: NDArray[np.void]
    """That many empty sixels."""
    repeat: NDArray[np.void]
    """The prefix that repeats the next sixel; nothing where it is written out."""


@lru_cache(maxsize=8)
def _tables(size: int) -> _Tables:
    gaps = [b"?" * n if n <= _WRITTEN_OUT else b"!%d?" % n for n in range(size)]
    repeats = [b"" if n <= _WRITTEN_OUT else b"!%d" % n for n in range(size)]
    return _Tables(gap=_records(gaps, 7), repeat=_records(repeats, 6))


@lru_cache(maxsize=1)
def _heads() -> NDArray[np.void]:
    """Return (2, 256): carriage return or next line, then the choice of the colour."""
    texts = [b"%c#%d" % (start, colour) for start in b"$-" for colour in range(256)]
    return _records(texts, 5).reshape(2, 256)


def _records(texts: list[bytes], size: int) -> NDArray[np.void]:
    return np.frombuffer(b"".join(text.ljust(size, b"\0") for text in texts), f"V{size}")
