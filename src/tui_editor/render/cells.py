"""Pictures from text: each cell is an upper half block whose two colours are two pixels.

Cells are arrays first, so that a widget may use them as strips; the bytes address cells by cursor position and carry
only what changed.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    _Codes = Callable[[NDArray[np.uint8]], NDArray[np.int32]]

HALF_BLOCK = "▀"
_RESET = "\x1b[0m"

ColourDepth = Literal["truecolor", "256"]

_CUBE_LEVELS = (0, 95, 135, 175, 215, 255)
_CUBE_START, _GREY_START = 16, 232
_LUT_BITS = 5
_CARRY = 8
"""Columns within which a colour may go on."""


class Cells(Struct, frozen=True, kw_only=True, eq=False):
    """The colours of a block of half-block cells; arrays of one shape (rows, columns[, 3])."""

    upper: NDArray[np.uint8]
    """Foreground: the upper half of the cell, RGB."""
    lower: NDArray[np.uint8]
    """Background: the lower half."""

    @property
    def shape(self) -> tuple[int, int]:
        """Return (rows, columns)."""
        return self.upper.shape[0], self.upper.shape[1]


def half_blocks(pixels: NDArray[np.uint8]) -> Cells:
    """Return the cells that show RGB pixels (2 · rows, columns, 3), one pixel a half cell.

    An odd last row of pixels is doubled.
    """
    if len(pixels) % 2:
        pixels = np.concatenate([pixels, pixels[-1:]])
    return Cells(upper=pixels[0::2], lower=pixels[1::2])


def cells_for(pixels: NDArray[np.uint8], rows: int, columns: int) -> Cells:
    """Return the cells of a block of this size that show a picture (h, w, 3), averaged down to two pixels a cell."""
    import cv2

    if not (rows and columns and pixels.size):
        return half_blocks(np.zeros((2 * rows, columns, 3), np.uint8))
    reduced: NDArray[np.uint8] = cv2.resize(pixels, (columns, 2 * rows), interpolation=cv2.INTER_AREA)
    return half_blocks(reduced)


def encode_cells(
    cells: Cells,
    *,
    row: int = 0,
    column: int = 0,
    depth: ColourDepth = "truecolor",
    previous: Cells | None = None,
) -> bytes:
    """Return the UTF-8 bytes that paint the cells; the cursor and the colours are left changed, then reset.

    Args:
        cells: What to show.
        row: Screen row of the first cell, from 0.
        column: Screen column of the first cell, from 0.
        depth: `256` for terminals without 24-bit colour: the nearest of the fixed 240.
        previous: What the terminal shows now: only cells that differ are sent, and nothing when none does. One of
            another shape is ignored.
    """
    codes = _truecolor_codes if depth == "truecolor" else _indexed_codes
    upper, lower = codes(cells.upper).ravel(), codes(cells.lower).ravel()
    sent = np.flatnonzero(_changed(cells, previous, codes))
    if not sent.size:
        return b""
    if sent.size < upper.size:
        upper, lower = upper.take(sent), lower.take(sent)
    rows, columns = np.divmod(sent, cells.shape[1])
    jumps = (np.diff(sent, prepend=-2) != 1) | (columns == 0)
    words = _cell_words(upper, lower, np.arange(sent.size) == 0, depth)
    starts = np.flatnonzero(jumps)
    places = zip((rows[starts] + row + 1).tolist(), (columns[starts] + column + 1).tolist(), strict=True)
    bounds = zip(starts.tolist(), [*starts[1:].tolist(), len(words)], strict=True)
    parts = [
        b"\x1b[%d;%dH" % place + _text(words[first:last]) for place, (first, last) in zip(places, bounds, strict=True)
    ]
    return b"".join(parts) + _RESET.encode()


def held(cells: Cells, shown: Cells, *, tolerance: int = 6) -> Cells:
    """Return cells of which those that look like what is shown keep its colours: a camera's noise is not sent again.

    Compared is what is shown, so that small differences don't add up. Give the result as `previous` the next time.

    Args:
        cells: What to show.
        shown: What the terminal shows; of another shape it is ignored.
        tolerance: By how many levels of 255 a value may differ.
    """
    if shown.shape != cells.shape:
        return cells
    halves = (cells.upper, shown.upper), (cells.lower, shown.lower)
    keep = np.all([_distance(new, old) <= tolerance for new, old in halves], axis=0)[:, :, None]
    return Cells(upper=np.where(keep, shown.upper, cells.upper), lower=np.where(keep, shown.lower, cells.lower))


def merged(cells: Cells, *, near: int = 3) -> Cells:
    """Return cells of which neighbours that look alike have one colour, so that it is named once.

    A colour goes on to the right within each eighth column, and from the upper half to the lower one. So a changed cell
    changes no cells far from it.

    Args:
        cells: What to show.
        near: By how many levels of 255 a value may differ from the cell's own.
    """
    upper, lower = _carried(cells.upper, near), _carried(cells.lower, near)
    level = (_distance(cells.lower, upper) <= near)[:, :, None]
    return Cells(upper=upper, lower=np.where(level, upper, lower))


def _carried(colours: NDArray[np.uint8], near: int) -> NDArray[np.uint8]:
    """Return colours (rows, columns, 3) that go on to the right where the next one is near."""
    out = colours.copy()
    for column in range(1, _CARRY):
        here = out[:, column::_CARRY]
        before = out[:, column - 1 :: _CARRY][:, : here.shape[1]]
        np.copyto(here, before, where=(_distance(here, before) <= near)[:, :, None])
    return out


def _distance(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return by how much the most different value of each colour differs."""
    difference: NDArray[np.uint8] = (np.maximum(one, other) - np.minimum(one, other)).max(axis=2)
    return difference


def row_texts(cells: Cells, *, depth: ColourDepth = "truecolor") -> tuple[str, ...]:
    """Return each row as text that names its colours itself and ends with a reset; without positions."""
    rows, columns = cells.shape
    codes = _truecolor_codes if depth == "truecolor" else _indexed_codes
    begins = np.zeros((rows, columns), np.bool_)
    begins[:, :1] = True
    words = _cell_words(codes(cells.upper).ravel(), codes(cells.lower).ravel(), begins.ravel(), depth)
    pieces = (_text(words[row * columns : (row + 1) * columns]) for row in range(rows))
    return tuple(piece.decode() + _RESET for piece in pieces)


def nearest_256(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the index 16..255 of the xterm colour nearest to each RGB pixel, by a table of 15-bit colours."""
    red, green, blue = (pixels[..., channel] >> (8 - _LUT_BITS) for channel in range(3))
    key = (red.astype(np.uint16) << np.uint16(2 * _LUT_BITS)) | (green.astype(np.uint16) << np.uint16(_LUT_BITS)) | blue
    indices: NDArray[np.uint8] = _nearest_table()[key]
    return indices


@lru_cache(maxsize=1)
def colours_256() -> NDArray[np.uint8]:
    """Return (256, 3): xterm's colour cube and greys; the first 16, which users set, are black here."""
    colours = np.zeros((256, 3), np.uint8)
    grid = np.meshgrid(_CUBE_LEVELS, _CUBE_LEVELS, _CUBE_LEVELS, indexing="ij")
    colours[_CUBE_START:_GREY_START] = np.stack(grid, axis=-1).reshape(-1, 3)
    colours[_GREY_START:] = (8 + 10 * np.arange(24))[:, None]
    return colours


@lru_cache(maxsize=1)
def _nearest_table() -> NDArray[np.uint8]:
    side = np.arange(1 << _LUT_BITS, dtype=np.float32)
    levels = np.rint(side * 255 / side[-1])
    grid = np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)
    colours = colours_256()[_CUBE_START:].astype(np.float32)
    distance = (colours**2).sum(axis=1) - 2 * (grid @ colours.T)
    return np.asarray(distance.argmin(axis=1) + _CUBE_START, np.uint8)


# --- bytes ---------------------------------------------------------------------------------------

# A cell as words of four bytes of text; what a cell does not need stays NUL and is squeezed out at the end.
_CELL_WORDS = 11
_UPPER, _LOWER, _GLYPH = 0, 5, 10


def _word(text: bytes) -> np.uint32:
    return np.uint32(np.frombuffer(text.ljust(4, b"\0"), np.uint32)[0])


_UPPER_START, _LOWER_START, _LOWER_NEXT = _word(b"\x1b[38"), _word(b"\x1b[48"), _word(b"48")
_RGB, _INDEXED = _word(b";2;"), _word(b";5;")
_BLOCK, _SPACE = _word(HALF_BLOCK.encode()), _word(b" ")


def _changed(cells: Cells, previous: Cells | None, codes: _Codes) -> NDArray[np.bool_]:
    if previous is None or previous.shape != cells.shape:
        return np.ones(cells.shape, np.bool_)
    differs: NDArray[np.bool_] = (codes(cells.upper) != codes(previous.upper)) | (
        codes(cells.lower) != codes(previous.lower)
    )
    return differs


def _truecolor_codes(colours: NDArray[np.uint8]) -> NDArray[np.int32]:
    wide = colours.astype(np.int32)
    return (wide[..., 0] << 16) | (wide[..., 1] << 8) | wide[..., 2]


def _indexed_codes(colours: NDArray[np.uint8]) -> NDArray[np.int32]:
    return nearest_256(colours).astype(np.int32)


def _cell_words(
    upper: NDArray[np.int32], lower: NDArray[np.int32], begins: NDArray[np.bool_], depth: ColourDepth
) -> NDArray[np.uint32]:
    """Return the text of cells (n, words), which name their colours where they differ from those of the cell before.

    A cell of one colour is a space: it needs no upper half.

    Args:
        upper: (n,) codes of the colours.
        lower: The same.
        begins: (n,) Which cells name their colours in any case.
        depth: What the codes are.
    """
    words = np.empty((len(upper), _CELL_WORDS), np.uint32)
    level = upper == lower
    new_upper, new_lower = _starts(_in_the_pen(upper, level, begins), begins) & ~level, _starts(lower, begins)
    # Most cells of a photograph name both: all are written as if they did, then the others are put right.
    _name_colours(words[:, _UPPER:_LOWER], upper, depth, _UPPER_START, b";")
    _name_colours(words[:, _LOWER:_GLYPH], lower, depth, _LOWER_NEXT, b"m")
    words[:, _GLYPH] = np.where(level, _SPACE, _BLOCK)
    only_upper = np.flatnonzero(new_upper & ~new_lower)
    last = _UPPER + (4 if depth == "truecolor" else 2)
    words[only_upper, last] = _numbers(b"m").take(upper.take(only_upper) & 255)
    words[np.flatnonzero(new_lower & ~new_upper), _LOWER] = _LOWER_START
    words[np.flatnonzero(~new_upper), _UPPER:_LOWER] = 0
    words[np.flatnonzero(~new_lower), _LOWER:_GLYPH] = 0
    return words


def _in_the_pen(upper: NDArray[np.int32], level: NDArray[np.bool_], begins: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the colour of the upper half that is set once each cell was written; -1 where none was since a begin."""
    named = np.maximum.accumulate(np.where(level & ~begins, 0, np.arange(len(upper))))
    colours: NDArray[np.int32] = np.where(level[named], -1, upper[named])
    return colours


def _starts(codes: NDArray[np.int32], begins: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return where a colour differs from the one before, or begins."""
    new = begins.copy()
    new[1:] |= codes[1:] != codes[:-1]
    return new


def _name_colours(
    words: NDArray[np.uint32], codes: NDArray[np.int32], depth: ColourDepth, start: np.uint32, end: bytes
) -> None:
    """Write the five words that name a colour in every cell."""
    words[:, 0] = start
    if depth == "truecolor":
        words[:, 1] = _RGB
        words[:, 2] = _numbers(b";").take(codes >> 16)
        words[:, 3] = _numbers(b";").take(codes >> 8 & 255)
        words[:, 4] = _numbers(end).take(codes & 255)
    else:
        words[:, 1] = _INDEXED
        words[:, 2] = _numbers(end).take(codes)
        words[:, 3:] = 0


def _text(words: NDArray[np.uint32]) -> bytes:
    return words.tobytes().translate(None, b"\0")


@lru_cache(maxsize=2)
def _numbers(after: bytes) -> NDArray[np.uint32]:
    """Return the decimal text of 0..255, each followed by `after`, as words."""
    return np.frombuffer(b"".join((b"%d" % number + after).ljust(4, b"\0") for number in range(256)), np.uint32)
