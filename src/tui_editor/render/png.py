"""PNG bytes from arrays, as fast as a terminal wants them (ISO/IEC 15948). Reads nothing."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
_COLOUR_TYPE_PALETTE = 3
_FILTER_NONE, _FILTER_UP = 0, 2


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
    indices: NDArray[np.uint8], colours: NDArray[np.uint8], *, transparent: int | None = None, level: int = 1
) -> bytes:
    """Return a PNG of palette indices: a third of the bytes of RGB before compression.

    Args:
        indices: uint8 (h, w), each below the number of colours.
        colours: uint8 (n, 3), n ≤ 256.
        transparent: The index that is see-through; None when all are opaque.
        level: Effort of ISA-L's deflate, 0..3.
    """
    height, width = indices.shape
    filtered = np.empty((height, width + 1), np.uint8)
    filtered[:, 0] = _FILTER_NONE
    filtered[:, 1:] = indices
    palette = _chunk(b"PLTE", np.ascontiguousarray(colours).tobytes())
    if transparent is not None:
        palette += _chunk(b"tRNS", b"\xff" * transparent + b"\0")
    header = _header(width, height, _COLOUR_TYPE_PALETTE)
    return _SIGNATURE + header + palette + _data(filtered, level) + _chunk(b"IEND", b"")


def _header(width: int, height: int, colour_type: int) -> bytes:
    return _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0))


def _data(filtered: NDArray[np.uint8], level: int) -> bytes:
    from isal import isal_zlib

    return _chunk(b"IDAT", isal_zlib.compress(filtered, level))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))
