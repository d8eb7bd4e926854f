"""A palette of up to 256 colours for one scene, and the table that maps every pixel to it."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.model.distinct import distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

RGB = tuple[int, int, int]

_BITS = 5
_SIDE = 1 << _BITS
_CELLS = _SIDE**3
_SAMPLED_PIXELS = 60_000
_CHECKED_PIXELS = 15_000
_REFINEMENTS = 2
"""Rounds of moving colours; further ones gain 0.1 dB."""
_PIECE = 256


class Palette(Struct, frozen=True, kw_only=True, eq=False):
    """Colours, and the entry for each colour rounded to 15 bits."""

    colours: NDArray[np.uint8]
    """(n, 3) RGB, n ≤ 256; the reserved ones stand last."""
    table: NDArray[np.uint8]
    """(32768,) index by red · 1024 + green · 32 + blue, each shifted to 5 bits."""
    exact: tuple[tuple[RGB, int], ...] = ()
    """Reserved colours whose 15-bit cell belongs to another one, with their index."""

    def map(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the palette index (h, w) of each RGB pixel (h, w, 3): reserved colours exactly, others nearly."""
        # Every cell is in the table: "clip" only spares the check, and takes cells as they are instead of as 64 bits.
        indices = self.table.take(_cells(pixels), mode="clip")
        for colour, index in self.exact:
            indices[(pixels == np.asarray(colour, np.uint8)).all(axis=-1)] = index
        return indices

    def quality_db(self, pixels: NDArray[np.uint8]) -> float:
        """Return how well the palette fits RGB pixels (h, w, 3): the PSNR of a sample in dB, infinite when exact.

        Meant for the frames of a clip: when it falls by a few dB below that of the frame for which the palette was
        built, the scene has changed. It takes a tenth of the time of `map`.
        """
        sample = _sampled(pixels, _CHECKED_PIXELS)
        error = self.colours[self.map(sample)].astype(np.float32) - sample
        square = float(np.mean(error * error)) if error.size else 0.0
        return 10 * math.log10(255 * 255 / square) if square else math.inf


def build_palette(pixels: NDArray[np.uint8], count: int = 256, reserve: Sequence[RGB] = ()) -> Palette:
    """Return a palette made for a picture, by an octree over a sample of its pixels, refined; about 8 ms.

    On photographs an octree is faster than median cut and keeps small saturated things (a red book in a brown room).

    Args:
        pixels: uint8 RGB (h, w, 3).
        count: Colours at most, 2..256, the reserved ones included.
        reserve: Colours that must come out exactly (labels, background); what exceeds `count` - 1 is left out.
    """
    kept = tuple(dict.fromkeys(reserve))[: count - 1]
    adaptive = _adaptive(pixels, count - len(kept))
    colours = np.concatenate([adaptive, np.array(kept, np.uint8).reshape(-1, 3)])
    table = _nearest(_cell_centres(), colours)
    owners: dict[int, RGB] = {}
    exact = []
    for index, colour in enumerate(kept, start=len(adaptive)):
        cell = int(_cells(np.array([[colour]], np.uint8))[0, 0])
        if owners.setdefault(cell, colour) == colour:
            table[cell] = index
        else:
            exact.append((colour, index))
    return Palette(colours=colours, table=table, exact=tuple(exact))


def _cells(pixels: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Return the 15-bit cell of each RGB pixel, (h, w)."""
    import cv2

    if not pixels.size:
        return np.zeros(pixels.shape[:-1], np.uint16)
    packed: NDArray[np.uint8] = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2BGR555)
    return packed.view(np.uint16)[..., 0]


def _sampled(pixels: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    """Return about `count` pixels on a grid, (h, w, 3)."""
    height, width = pixels.shape[:2]
    step = max(1, int((height * width / count) ** 0.5))
    return np.ascontiguousarray(pixels[::step, ::step])


def _adaptive(pixels: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    from PIL import Image

    sample = _sampled(pixels, _SAMPLED_PIXELS)
    quantized = Image.fromarray(sample).quantize(count, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    colours = np.array(quantized.getpalette(), np.uint8).reshape(-1, 3)[:count]
    return _refined(_different(colours), sample)


def _different(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return each of the colours, (n, 3), once."""
    red, green, blue = colours.T.astype(np.uint32)
    numbers = distinct(red << 16 | green << 8 | blue)
    return np.stack([numbers >> 16, numbers >> 8 & 255, numbers & 255], axis=1).astype(np.uint8)


def _refined(colours: NDArray[np.uint8], sample: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return colours moved to the means of the pixels that they stand for (Lloyd), over 15-bit cells: about 1 dB.

    The most frequent one is the first: sixel writes small numbers in fewer bytes.
    """
    cells = _cells(sample).ravel()
    counts = np.bincount(cells, minlength=_CELLS)
    used = np.flatnonzero(counts)
    weights = counts[used]
    sums = [np.bincount(cells, sample[..., channel].ravel(), minlength=_CELLS)[used] for channel in range(3)]
    means = np.stack([total / weights for total in sums], axis=1).astype(np.float32)
    for _ in range(_REFINEMENTS):
        owners = _nearest(means, colours)
        shares = np.bincount(owners, weights, minlength=len(colours))
        kept = shares > 0
        moved = [np.bincount(owners, total, minlength=len(colours))[kept] / shares[kept] for total in sums]
        colours = _different(np.rint(np.stack(moved, axis=1)).astype(np.uint8))
    shares = np.bincount(_nearest(means, colours), weights, minlength=len(colours))
    return colours[np.argsort(-shares, kind="stable")]


@lru_cache(maxsize=1)
def _cell_centres() -> NDArray[np.float32]:
    levels = (np.arange(_SIDE, dtype=np.float32) + 0.5) * (256 / _SIDE)
    grid = np.meshgrid(levels, levels, levels, indexing="ij")
    return np.stack(grid, axis=-1).reshape(-1, 3)


def _nearest(points: NDArray[np.float32], colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return for each point (n, 3) the index of the colour nearest to it."""
    level = colours.astype(np.float32).T
    # |point - colour|² without the part that is the same for every colour
    offset = (level * level).sum(axis=0)
    level *= -2
    nearest = np.empty(len(points), np.uint8)
    # In pieces: the distances stay in the cache, and too few for BLAS to spread over the cores that others need.
    for start in range(0, len(points), _PIECE):
        distance = points[start : start + _PIECE] @ level
        distance += offset
        nearest[start : start + _PIECE] = distance.argmin(axis=1)
    return nearest
