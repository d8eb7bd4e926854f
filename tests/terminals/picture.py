"""Screenshots as arrays: reading X's dump, finding colours, comparing with a tolerance."""

from __future__ import annotations

import struct
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Picture: TypeAlias = npt.NDArray[np.uint8]
"""uint8[height, width, 3], RGB."""

Box: TypeAlias = tuple[int, int, int, int]
"""(left, top, right, bottom) in screen pixels, right and bottom outside."""

_HEADER_WORDS = 25
_COLOUR_BYTES = 12


def read_xwd(dump: bytes) -> Picture:
    """Return the picture in an X window dump (XWD version 7, ZPixmap, 8-bit channels).

    A pixel has 32 bits, or 24 where xwd joined windows of several visuals.

    Raises:
        ValueError: The dump is of another kind.
    """
    head = struct.unpack_from(f">{_HEADER_WORDS}I", dump)
    header_size, version, pixmap_format, _, width, height, _, byte_order = head[:8]
    bits, line_bytes, _, red_mask, green_mask, blue_mask, _, _, colours = head[11:20]
    if (version, pixmap_format) != (7, 2) or bits not in {24, 32}:
        raise ValueError(f"an XWD of version {version}, format {pixmap_format}, {bits} bits a pixel")
    rows = np.frombuffer(dump, np.uint8, count=line_bytes * height, offset=header_size + colours * _COLOUR_BYTES)
    pixels = rows.reshape(height, line_bytes)[:, : width * bits // 8].reshape(height, width, bits // 8)
    from_low = pixels[..., ::-1] if byte_order else pixels
    words = sum(from_low[..., place].astype(np.uint32) << (8 * place) for place in range(bits // 8))
    channels = [(words >> _shift(mask)) & 255 for mask in (red_mask, green_mask, blue_mask)]
    return np.stack(channels, axis=-1).astype(np.uint8)


def crop(picture: Picture, box: Box) -> Picture:
    """Return the part of a picture inside a box."""
    left, top, right, bottom = box
    return picture[top:bottom, left:right]


def find_colour(picture: Picture, rgb: tuple[int, int, int], *, tolerance: int = 8) -> Box | None:
    """Return the smallest box around the pixels whose channels are all within `tolerance` of `rgb`, or None."""
    hit = near(picture, rgb, tolerance)
    ys, xs = np.flatnonzero(hit.any(axis=1)), np.flatnonzero(hit.any(axis=0))
    if not len(ys):
        return None
    return int(xs[0]), int(ys[0]), int(xs[-1]) + 1, int(ys[-1]) + 1


def count_colour(picture: Picture, rgb: tuple[int, int, int], *, tolerance: int = 8) -> int:
    """Return how many pixels have all channels within `tolerance` of `rgb`."""
    return int(near(picture, rgb, tolerance).sum())


def difference(shown: Picture, wanted: Picture) -> float:
    """Return the mean absolute difference of the channels, 0..255.

    Raises:
        ValueError: The pictures differ in size.
    """
    if shown.shape != wanted.shape:
        raise ValueError(f"pictures of {shown.shape} and {wanted.shape}")
    return float(np.abs(shown.astype(np.int16) - wanted.astype(np.int16)).mean())


def assert_same(shown: Picture, wanted: Picture, *, mean: float = 2.0, outliers: float = 0.01) -> None:
    """Assert that two pictures look the same.

    Args:
        shown: What the terminal shows.
        wanted: What it should show, of the same size.
        mean: The largest mean absolute difference of the channels, 0..255.
        outliers: The largest share of pixels with a channel off by more than 32.
    """
    measured = difference(shown, wanted)
    far = (np.abs(shown.astype(np.int16) - wanted.astype(np.int16)) > 32).any(axis=-1).mean()
    assert measured <= mean, f"mean difference {measured:.2f} > {mean}"
    assert far <= outliers, f"{far:.2%} of the pixels are off by more than 32, allowed {outliers:.2%}"


def near(picture: Picture, rgb: tuple[int, int, int], tolerance: int) -> npt.NDArray[np.bool_]:
    """Return which pixels have all channels within `tolerance` of `rgb`."""
    off = np.abs(picture.astype(np.int16) - np.array(rgb, np.int16))
    return np.asarray((off <= tolerance).all(axis=-1), np.bool_)


def _shift(mask: int) -> int:
    return (mask & -mask).bit_length() - 1
