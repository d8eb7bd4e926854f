"""PNG bytes from arrays, as fast as a terminal wants them (ISO/IEC 15948). Reads nothing."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tui_editor.render.few_values import few_values
from tui_editor.render.stopping import stop_if

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.render.stopping import Cancelled

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
_COLOUR_TYPE_PALETTE = 3
_NONE, _SUB, _UP, _AVERAGE = range(4)
"""Filters of a row: what is stored is the difference to a prediction."""
_BAND = 64
"""Rows that are filtered and deflated at a time: they stay in the cache, and between them an encoder may be stopped."""
_SAMPLED_BANDS, _SAMPLED_ROWS = 5, 4
_STRONG = 7
"""Of zlib: the next level takes twice the time for a twentieth of the bytes."""
_SMALL = 1 << 16
"""Bytes up to which the strongest deflate costs next to nothing."""


def encode_png(
    pixels: NDArray[np.uint8], *, level: int = 1, gray: bool = False, cancelled: Cancelled | None = None
) -> bytes:
    """Return a lossless PNG of gray, gray with alpha, RGB or straight RGBA pixels.

    One filter serves the whole picture: of those that numpy applies at memory speed, the one that suits it.

    Args:
        pixels: uint8, (h, w) or (h, w, c) with c = 1..4; at least one pixel.
        level: Effort of ISA-L's deflate, 0..3.
        gray: Store RGB pixels whose three values are always equal as gray: a third of the time and of the bytes.
        cancelled: Asked now and then whether nobody wants the bytes any more.

    Raises:
        EncodingCancelled: `cancelled` said so.
    """
    samples = pixels if pixels.ndim == 3 else pixels[:, :, None]
    if gray and samples.shape[2] == 3 and _all_gray(samples):
        samples = samples[:, :, :1]
    height, width, channels = samples.shape
    rows = np.ascontiguousarray(samples).reshape(height, width * channels)
    header = _header(width, height, _COLOUR_TYPES[channels])
    return _SIGNATURE + header + _deflated(rows, channels, level, cancelled) + _chunk(b"IEND", b"")


def encode_palette_png(
    indices: NDArray[np.uint8], colours: NDArray[np.uint8], *, transparent: int | None = None, level: int = 2
) -> bytes:
    """Return a PNG of palette indices: less than a third of the bytes of RGB.

    Args:
        indices: uint8 (h, w), each below the number of colours.
        colours: uint8 (n, 3), n ≤ 256.
        transparent: The index that is see-through; None when all are opaque.
        level: Effort of ISA-L's deflate, 0..3.
    """
    opacity = b"" if transparent is None else b"\xff" * transparent + b"\0"
    return _indexed(indices, _Palette(np.ascontiguousarray(colours).tobytes(), opacity, 8), level=level)


def encode_overlay_png(pixels: NDArray[np.uint8], *, exact: bool = False) -> bytes:
    """Return a PNG of straight RGBA pixels of few colours, such as labels: a palette with opacities.

    A patch of 128 x 128 with the outline of a box takes about 150 bytes. Up to 64 different values are kept as they
    are. Of more, those that look alike are joined, which are the edges of smooth lines: what is as wide as a line is
    wrong by less than 32 levels of 255. A picture for which 256 values do not suffice is stored as RGBA.

    Args:
        pixels: uint8 (h, w, 4); at least one pixel.
        exact: Join nothing.
    """
    found = few_values(pixels, exact=exact)
    if found is None:
        return encode_png(pixels, level=2)
    indices, values = found
    # The opaque entries stand last and need no opacity told.
    opaque = int((values[:, 3] == 255).sum())
    opacity = values[: len(values) - opaque, 3].tobytes()
    depth = next(bits for bits in (1, 2, 4, 8) if len(values) <= 1 << bits)
    return _indexed(_packed(indices, depth), _Palette(values[:, :3].tobytes(), opacity, depth), width=pixels.shape[1])


class _Palette(NamedTuple):
    colours: bytes
    """RGB of each entry."""
    opacity: bytes
    """Of the first entries; the others are opaque."""
    depth: int
    """Bits of an index: 1, 2, 4 or 8."""


def _packed(indices: NDArray[np.uint8], depth: int) -> NDArray[np.uint8]:
    """Return rows of bytes that hold 8 / depth indices each, the first in the high bits."""
    if depth == 8:
        return indices
    each = 8 // depth
    padded = np.pad(indices, ((0, 0), (0, -indices.shape[1] % each)))
    packed = np.zeros((len(padded), padded.shape[1] // each), np.uint8)
    for place in range(each):
        packed |= padded[:, place::each] << np.uint8(8 - depth * (place + 1))
    return packed


def _indexed(
    rows: NDArray[np.uint8], palette: _Palette, *, level: int | None = None, width: int | None = None
) -> bytes:
    """Return a palette PNG of packed rows; without a level, with the strongest deflate that is quick enough."""
    from isal import isal_zlib

    height, size = rows.shape
    header = _header(width or size, height, _COLOUR_TYPE_PALETTE, palette.depth)
    table = _chunk(b"PLTE", palette.colours)
    if palette.opacity:
        table += _chunk(b"tRNS", palette.opacity)
    stored = _filtered(_NONE, rows, rows, 1)
    if level is None and stored.size <= _SMALL:
        data = zlib.compress(stored.data, _STRONG)
    else:
        data = isal_zlib.compress(stored, 2 if level is None else level)
    return _SIGNATURE + header + table + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _header(width: int, height: int, colour_type: int, depth: int = 8) -> bytes:
    return _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return b"".join((struct.pack(">I", len(data)), kind, data, struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))))


def _all_gray(samples: NDArray[np.uint8]) -> bool:
    red, green, blue = samples[:, :, 0], samples[:, :, 1], samples[:, :, 2]
    some = slice(None, None, 16)
    return all(np.array_equal(red[rows], other[rows]) for rows in (some, slice(None)) for other in (green, blue))


# --- filters: rows (n, bytes) and the rows above them --------------------------------------------


def _deflated(rows: NDArray[np.uint8], step: int, level: int, cancelled: Cancelled | None) -> bytes:
    """Return the data chunk of rows whose pixels are `step` bytes."""
    from isal import isal_zlib

    kind = _best_filter(rows, step)
    deflate = isal_zlib.compressobj(level)
    parts = []
    for top in range(0, len(rows), _BAND):
        stop_if(cancelled)
        band = rows[top : top + _BAND]
        above = rows[top - 1 : top - 1 + len(band)] if top else np.concatenate([np.zeros_like(rows[:1]), band[:-1]])
        parts.append(deflate.compress(_filtered(kind, band, above, step)))
    parts.append(deflate.flush())
    return _chunk(b"IDAT", b"".join(parts))


def _best_filter(rows: NDArray[np.uint8], step: int) -> int:
    """Return the filter that makes some rows smallest, in bands, as deflate looks for what came above."""
    from isal import isal_zlib

    starts = range(1, len(rows) - _SAMPLED_ROWS, max(1, len(rows) // _SAMPLED_BANDS))
    if not starts:
        return _UP if len(rows) > 1 else _SUB
    numbers = np.concatenate([np.arange(start, start + _SAMPLED_ROWS) for start in starts])
    here, above = rows[numbers], rows[numbers - 1]
    return min((_UP, _AVERAGE, _SUB), key=lambda kind: len(isal_zlib.compress(_filtered(kind, here, above, step), 1)))


def _filtered(kind: int, rows: NDArray[np.uint8], above: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """Return each row behind the number of its filter."""
    stored = np.empty((rows.shape[0], rows.shape[1] + 1), np.uint8)
    stored[:, 0] = kind
    differences = stored[:, 1:]
    if kind == _NONE:
        differences[:] = rows
    elif kind == _UP:
        np.subtract(rows, above, out=differences)
    elif kind == _SUB:
        differences[:, :step] = rows[:, :step]
        np.subtract(rows[:, step:], rows[:, :-step], out=differences[:, step:])
    else:
        left, over = rows[:, :-step], above[:, step:]
        mean = left ^ over
        mean >>= 1
        mean += left & over
        np.subtract(rows[:, step:], mean, out=differences[:, step:])
        differences[:, :step] = rows[:, :step] - (above[:, :step] >> 1)
    return stored
