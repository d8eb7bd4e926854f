"""PNG bytes from arrays, as fast as a terminal wants them (ISO/IEC 15948). Reads nothing."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tui_editor.render.few_values import few_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
_COLOUR_TYPE_PALETTE = 3
_FILTER_NONE, _FILTER_UP = 0, 2
_STRONG = 7
"""Of zlib: the next level takes twice the time for a twentieth of the bytes."""
_SMALL = 1 << 16
"""Bytes up to which the strongest deflate costs next to nothing."""


def encode_png(pixels: NDArray[np.uint8], *, level: int = 1) -> bytes:
    """Return a lossless PNG of gray, gray with alpha, RGB or straight RGBA pixels.

    Each row is stored as its difference to the row above (filter Up): the one filter that numpy applies at memory speed
    and that suits photographs.

    Args:
        pixels: uint8, (h, w) or (h, w, c) with c = 1..4; at least one pixel.
        level: Effort of ISA-L's deflate, 0..3.
    """
    samples = pixels if pixels.ndim == 3 else pixels[:, :, None]
    height, width, channels = samples.shape
    rows = np.ascontiguousarray(samples).reshape(height, width * channels)
    filtered = np.empty((height, width * channels + 1), np.uint8)
    filtered[:, 0] = _FILTER_UP
    filtered[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=filtered[1:, 1:])
    header = _header(width, height, _COLOUR_TYPES[channels])
    return _SIGNATURE + header + _data(filtered, level) + _chunk(b"IEND", b"")


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

    A patch of 128 x 128 with the outline of a box takes about 150 bytes. Up to 256 different values are kept as they
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
    height, size = rows.shape
    filtered = np.empty((height, size + 1), np.uint8)
    filtered[:, 0] = _FILTER_NONE
    filtered[:, 1:] = rows
    header = _header(width or size, height, _COLOUR_TYPE_PALETTE, palette.depth)
    table = _chunk(b"PLTE", palette.colours)
    if palette.opacity:
        table += _chunk(b"tRNS", palette.opacity)
    if level is None and filtered.size <= _SMALL:
        data = _chunk(b"IDAT", zlib.compress(filtered.data, _STRONG))
    else:
        data = _data(filtered, 2 if level is None else level)
    return _SIGNATURE + header + table + data + _chunk(b"IEND", b"")


def _header(width: int, height: int, colour_type: int, depth: int = 8) -> bytes:
    return _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0))


def _data(filtered: NDArray[np.uint8], level: int) -> bytes:
    from isal import isal_zlib

    return _chunk(b"IDAT", isal_zlib.compress(filtered, level))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))
