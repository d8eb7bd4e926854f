"""A palette of up to 256 colours for one scene, and the table that maps every pixel to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

RGB = tuple[int, int, int]

_BITS = 5
_SIDE = 1 << _BITS
_SAMPLED_PIXELS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Palette:
    """Colours, and the entry for each colour rounded to 15 bits."""

    colours: NDArray[np.uint8]
    """(n, 3) RGB, n ≤ 256; the reserved ones stand last."""
    table: NDArray[np.uint8]
    """(32768,) index by red · 1024 + green · 32 + blue, each shifted to 5 bits."""
    exact: tuple[tuple[RGB, int], ...] = ()
    """Reserved colours whose 15-bit cell belongs to another one, with their index."""

    def map(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the palette index (h, w) of each RGB pixel (h, w, 3): reserved colours exactly, others nearly."""
        indices: NDArray[np.uint8] = self.table[_cells(pixels)]
        for colour, index in self.exact:
            indices[(pixels == np.asarray(colour, np.uint8)).all(axis=-1)] = index
        return indices


def build_palette(pixels: NDArray[np.uint8], count: int = 256, reserve: Sequence[RGB] = ()) -> Palette:
    """Return a palette made for a picture, by an octree over a sample of its pixels.

    On photographs an octree is faster than median cut and keeps small saturated things (a red book in a brown room).

    Args:
        pixels: uint8 RGB (h, w, 3).
        count: Colours at most, 2..256, the reserved ones included.
        reserve: Colours that must come out exactly (labels, background); what exceeds `count` - 1 is left out.
    """
    kept = tuple(dict.fromkeys(reserve))[: count - 1]
    adaptive = _adaptive(pixels, count - len(kept))
    colours = np.concatenate([adaptive, np.array(kept, np.uint8).reshape(-1, 3)])
    table = _nearest(colours)
    owners: dict[int, RGB] = {}
    exact = []
    for index, colour in enumerate(kept, start=len(adaptive)):
        cell = int(_cells(np.array(colour, np.uint8)))
        if owners.setdefault(cell, colour) == colour:
            table[cell] = index
        else:
            exact.append((colour, index))
    return Palette(colours=colours, table=table, exact=tuple(exact))


def _cells(pixels: NDArray[np.uint8]) -> NDArray[np.uint16]:
    shift = 8 - _BITS
    red, green, blue = (pixels[..., channel] >> shift for channel in range(3))
    cells = red.astype(np.uint16) << np.uint16(2 * _BITS)
    cells |= green.astype(np.uint16) << np.uint16(_BITS)
    cells |= blue
    return cells


def _adaptive(pixels: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    from PIL import Image

    height, width = pixels.shape[:2]
    step = max(1, int((height * width / _SAMPLED_PIXELS) ** 0.5))
    sample = Image.fromarray(np.ascontiguousarray(pixels[::step, ::step]))
    quantized = sample.quantize(count, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    colours = np.array(quantized.getpalette(), np.uint8).reshape(-1, 3)[:count]
    return np.unique(colours, axis=0)


@lru_cache(maxsize=1)
def _cell_centres() -> NDArray[np.float32]:
    levels = (np.arange(_SIDE, dtype=np.float32) + 0.5) * (256 / _SIDE)
    grid = np.meshgrid(levels, levels, levels, indexing="ij")
    return np.stack(grid, axis=-1).reshape(-1, 3)


def _nearest(colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return for each 15-bit cell the index of the colour nearest to its centre."""
    points = colours.astype(np.float32)
    # |cell - colour|² without the part that is the same for every colour
    distance = (points**2).sum(axis=1) - 2 * (_cell_centres() @ points.T)
    return np.asarray(distance.argmin(axis=1), np.uint8)
