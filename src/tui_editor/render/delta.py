"""Frames of a clip as what differs from a key frame: a palette PNG that is see-through where nothing changed.

A terminal with layers keeps the key frame and shows the delta above it. Each delta stands alone, so a lost or skipped
one does no harm and errors never add up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.render.changes import DEFAULT_THRESHOLDS, Thresholds, changed_blocks
from tui_editor.render.png import encode_palette_png

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.render.palette import Palette

TILE_PX = 8
"""What is sent or left out is a square of so many pixels."""
_MOST_COLOURS = 255


class Delta(Struct, frozen=True, kw_only=True, eq=False):
    """What lies over a key frame so that another frame is seen."""

    png: bytes
    """As large as the frame."""
    tiles: NDArray[np.bool_]
    """(rows, columns): which tiles of 8 x 8 pixels are sent."""

    @property
    def fraction(self) -> float:
        """Return the share of the tiles that is sent; from about a half on a new key frame is cheaper."""
        return float(self.tiles.mean())


def encode_delta(
    pixels: NDArray[np.uint8],
    key: NDArray[np.uint8],
    palette: Palette,
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> Delta:
    """Return the delta of a frame.

    For half the resolution give both pictures `coarse.halved`.

    Args:
        pixels: RGB uint8 (h, w, 3) of the frame, at least one pixel.
        key: Of the key frame, in the same shape: what the terminal shows below.
        palette: For what is sent; at most 255 colours, one place is for what is see-through.
        thresholds: From which difference on a tile is sent.

    Raises:
        ValueError: The shapes differ, or the palette is full.
    """
    if pixels.shape != key.shape:
        raise ValueError(f"a delta of {pixels.shape} over a key frame of {key.shape}")
    if len(palette.colours) > _MOST_COLOURS:
        raise ValueError("a delta needs a palette of at most 255 colours")
    tiles = changed_blocks(pixels, key, (TILE_PX, TILE_PX), thresholds)
    indices, colours = _sent(pixels, tiles, palette)
    return Delta(png=encode_palette_png(indices, colours, transparent=0), tiles=tiles)


def _sent(
    pixels: NDArray[np.uint8], tiles: NDArray[np.bool_], palette: Palette
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return indices (h, w), 0 where nothing is sent, and the colours that they use, of which the first is unseen."""
    import cv2

    height, width = pixels.shape[:2]
    rows, columns = tiles.shape
    below, beside = rows * TILE_PX - height, columns * TILE_PX - width
    if below or beside:
        pixels = cv2.copyMakeBorder(pixels, 0, below, 0, beside, cv2.BORDER_REPLICATE)
    y, x = np.nonzero(tiles)
    indices = np.zeros((rows, TILE_PX, columns, TILE_PX), np.uint8)
    colours = np.zeros((0, 3), np.uint8)
    if y.size:
        sent = pixels.reshape(rows, TILE_PX, columns, TILE_PX, 3)[y, :, x]
        mapped = palette.map(sent.reshape(-1, TILE_PX, 3))
        used = np.flatnonzero(np.bincount(mapped.ravel()))
        places = np.zeros(256, np.uint8)
        places[used] = np.arange(1, len(used) + 1)
        indices[y, :, x] = places.take(mapped).reshape(-1, TILE_PX, TILE_PX)
        colours = palette.colours[used]
    # A terminal that scales the picture mixes the unseen colour into the edges of what is seen.
    unseen = np.rint(colours.mean(axis=0, keepdims=True)) if y.size else np.zeros((1, 3))
    whole = indices.reshape(rows * TILE_PX, columns * TILE_PX)[:height, :width]
    return whole, np.concatenate([unseen.astype(np.uint8), colours])
