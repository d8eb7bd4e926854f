"""Sixel bytes from palette indices (DEC VT330/VT340 programmer reference, volume 2, chapter 14).

A sixel is a column of six pixels of one colour; a band is a row of sixels. The encoder finds all (band, colour, column)
of some bands at once by a radix sort, joins equal neighbours into runs, puts these in order (`sixel_lines`), and writes
every run as three words of text whose unused bytes are squeezed out at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from tui_editor.render.sixel_lines import Lines, Runs, by_colour, packed
from tui_editor.render.sixel_text import Tables, colour_choices, tables
from tui_editor.render.stopping import stop_if

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from tui_editor.render.palette import Palette
    from tui_editor.render.stopping import Cancelled

_BAND = 6
_QUESTION = ord("?")
"""The sixel with no pixel set; the six bits of a sixel are added to it."""
_PIECE_SIXELS = 18_000
"""Columns times bands that are encoded at a time: their arrays stay in the cache."""
_PIECE_BANDS = 128
"""Bands of a piece at most, so that band and colour fit 16 bits."""


class _Band(NamedTuple):
    """How rows of indices become bands."""

    scale: int
    """Each index is a square of so many pixels: 1 or 2."""
    size_px: tuple[int, int]
    """(width, height) of the picture."""
    transparent: int | None
    packed: bool

    @property
    def rows(self) -> int:
        """Return the rows of indices in a band."""
        return _BAND // self.scale


def encode_sixel(
    indices: NDArray[np.uint8],
    palette: Palette,
    *,
    define_colours: bool | Literal["all"] = True,
    transparent: int | None = None,
    doubled: bool = False,
    size_px: tuple[int, int] | None = None,
    packed: bool = True,
    cancelled: Cancelled | None = None,
) -> bytes:
    """Return the whole escape sequence that paints the pixels at the cursor; only the pixels given are touched.

    Args:
        indices: uint8 (h, w) of any size from 1 x 1; a sub-rectangle of a picture is encoded by slicing it.
        palette: The colours; a terminal keeps them to 1/100 of full intensity.
        define_colours: Define the colours in use; "all" of the palette; or none, where the terminal keeps those that an
            earlier picture defined.
        transparent: The index whose pixels are not painted: what the terminal shows there stays (but Konsole 22 paints
            them with colour 0).
        doubled: Paint each pixel as a square of two by two: a quarter of the pixels, scaled up here.
        size_px: (width, height) of the picture when a doubled one is cut at its right or lower edge by a pixel.
        packed: Order what is written so that it takes 10 to 16 % fewer bytes, in half as much time again.
        cancelled: Asked now and then whether nobody wants the bytes any more.

    Raises:
        EncodingCancelled: `cancelled` said so.
    """
    scale = 2 if doubled else 1
    height, width = indices.shape
    band = _Band(scale, size_px or (width * scale, height * scale), transparent, packed)
    used = np.zeros(256, np.bool_)
    body = b"".join(_body(indices, band, used, cancelled))
    return b"".join(
        (b'\x1bP0;1;0q"1;1;%d;%d' % band.size_px, _definitions(palette, used, define_colours), body, b"\x1b\\")
    )


def colour_definitions(palette: Palette) -> bytes:
    """Return the commands that define the palette's colours, in percent."""
    return _definitions(palette, np.ones(256, np.bool_), "all")


def percentages(colours: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Return 8-bit levels as the percent that sixel colours have."""
    rounded: NDArray[np.int32] = (colours.astype(np.int32) * 100 + 127) // 255
    return rounded


def _definitions(palette: Palette, used: NDArray[np.bool_], which: bool | Literal["all"]) -> bytes:
    if not which:
        return b""
    numbers = np.arange(len(palette.colours)) if which == "all" else np.flatnonzero(used)
    percent = percentages(palette.colours[numbers]).tolist()
    return b"".join(b"#%d;2;%d;%d;%d" % (index, *rgb) for index, rgb in zip(numbers.tolist(), percent, strict=True))


# --- pieces of bands -----------------------------------------------------------------------------


def _body(
    indices: NDArray[np.uint8], band: _Band, used: NDArray[np.bool_], cancelled: Cancelled | None
) -> Iterator[bytes]:
    """Yield the text of all bands, and note the colours that it uses."""
    reached = 0
    for start, end in _pieces(indices, band):
        stop_if(cancelled)
        rows = indices[start * band.rows : end * band.rows]
        missing = max(0, end * _BAND - band.size_px[1])
        lines = _ordered(rows, missing, band)
        used[lines.groups & 255] = True
        yield b"-" * (start - reached)
        yield _text(lines, band.size_px[0])
        reached = end - 1


def _pieces(indices: NDArray[np.uint8], band: _Band) -> Iterator[tuple[int, int]]:
    """Yield (first band, band after the last one) of pieces of bands of which each has something to paint."""
    height, width = indices.shape
    count = -(-height // band.rows)
    most = max(1, min(_PIECE_BANDS, _PIECE_SIXELS // width))
    painted = np.ones(count * band.rows, np.bool_)
    if band.transparent is not None:
        painted[:height] = (indices != band.transparent).any(axis=1)
        painted[height:] = False
    edges = np.flatnonzero(np.diff(painted.reshape(count, -1).any(axis=1).view(np.int8), prepend=0, append=0)).tolist()
    for first, last in zip(edges[0::2], edges[1::2], strict=True):
        for start in range(first, last, most):
            yield start, min(start + most, last)


def _ordered(indices: NDArray[np.uint8], missing: int, band: _Band) -> Lines:
    """Return the runs of some bands in the order of writing.

    Args:
        indices: The rows of the bands; the last band may have fewer.
        missing: Rows of pixels that the last band lacks.
        band: How rows become bands.
    """
    lines = _lines(indices, band)
    runs = _runs(lines, missing, band)
    if not band.packed:
        return by_colour(runs)
    fill = np.full(lines.shape[1], _QUESTION + (1 << _BAND) - 1, np.uint64)
    fill[-1] = _QUESTION + (1 << (_BAND - missing)) - 1
    width = band.size_px[0]
    return packed(runs, _tables(width), width, fill, _holes(lines, band))


def _holes(lines: NDArray[np.uint8], band: _Band) -> NDArray[np.intp] | None:
    """Return (bands, width of the picture + 1): how many columns left of each have pixels that are not painted."""
    if band.transparent is None:
        return None
    open_columns = np.repeat((lines == band.transparent).any(axis=0), band.scale, axis=1)
    return np.pad(open_columns.cumsum(axis=1), ((0, 0), (1, 0)))


def _runs(lines: NDArray[np.uint8], missing: int, band: _Band) -> Runs:
    """Return the runs of some bands by band, colour and column."""
    width = lines.shape[2]
    bits = _bits(lines, band)
    if missing:
        bits[:, -1] &= (1 << (_BAND - missing)) - 1
    # Column by column, and the lines of a column beside each other: a stable sort then keeps columns in their order.
    columnwise = np.ascontiguousarray(bits.transpose(1, 2, 0))
    sixels = np.flatnonzero(columnwise)
    places = (sixels // band.rows).astype(np.uint32)
    groups = (places // np.uint32(width)).astype(np.uint16) << np.uint16(8)
    groups |= np.ascontiguousarray(lines.transpose(1, 2, 0)).take(sixels)
    order = np.argsort(groups, kind="stable")
    groups = groups.take(order)
    keys = (places << np.uint32(6) | columnwise.take(sixels)).take(order)
    starts_run = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1] + np.uint32(1 << 6), out=starts_run[1:])
    starts_run[1:] |= groups[1:] != groups[:-1]
    starts = np.flatnonzero(starts_run)
    first, group = keys.take(starts), groups.take(starts)
    column = (first >> np.uint32(6)).astype(np.intp) - (group >> 8).astype(np.intp) * width
    length = np.diff(starts, append=len(keys))
    if band.scale > 1:
        column *= band.scale
        length = np.minimum(length * band.scale, band.size_px[0] - column)
    sixel = (first & np.uint32(63)).astype(np.uint64) + np.uint64(_QUESTION)
    return Runs(group, column, column + length, _tables(band.size_px[0]).run(length, sixel))


def _lines(indices: NDArray[np.uint8], band: _Band) -> NDArray[np.uint8]:
    """Return the first, second … line of all bands, (lines of a band, bands, width)."""
    height, width = indices.shape
    bands = -(-height // band.rows)
    if height % band.rows:
        # The last row repeated adds no colour to its band; its bits are taken off later.
        indices = np.pad(indices, ((0, bands * band.rows - height), (0, 0)), mode="edge")
    return np.ascontiguousarray(indices.reshape(bands, band.rows, width).transpose(1, 0, 2))


def _bits(lines: NDArray[np.uint8], band: _Band) -> NDArray[np.uint8]:
    """Return the six bits of the sixel that each pixel begins; none where a line above has the colour already."""
    dot = np.uint8((1 << band.scale) - 1)
    bits = np.empty_like(lines)
    kept = np.full_like(lines, 255)
    other = np.empty(lines.shape[1:], np.uint8)
    for above in range(len(lines)):
        bits[above] = dot << np.uint8(band.scale * above)
        for below in range(above + 1, len(lines)):
            np.not_equal(lines[above], lines[below], out=other.view(np.bool_))
            np.negative(other, out=other)
            kept[below] &= other
            np.invert(other, out=other)
            other &= dot << np.uint8(band.scale * below)
            bits[above] |= other
    if band.transparent is not None:
        kept *= lines != band.transparent
    bits &= kept
    return bits


def _text(lines: Lines, width: int) -> bytes:
    """Return the sixel data of all lines, without a leading carriage return."""
    start = lines.returns.astype(np.intp)
    start[1:] += lines.groups[1:] >> 8 != lines.groups[:-1] >> 8
    gap = lines.column.copy()
    gap[1:] -= lines.end[:-1]
    begins = lines.heads[lines.returns]
    gap[begins] = lines.column.take(begins)
    words = np.zeros((len(gap), 3), np.uint64)
    words[lines.heads, 0] = colour_choices()[start, lines.groups & 255]
    words[:, 1] = _tables(width).gap.take(gap)
    words[:, 2] = lines.text
    return words.tobytes().translate(None, b"\0")[1:]


def _tables(width: int) -> Tables:
    return tables(1 << width.bit_length())
