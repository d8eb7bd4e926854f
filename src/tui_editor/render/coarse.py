"""Coarser pictures of a canvas, for while the viewer moves: few colours, or half the pixels too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.render.png import encode_palette_png

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.render.palette import Palette


def encode_coarse_png(pixels: NDArray[np.uint8], palette: Palette, *, half: bool = False) -> bytes:
    """Return a palette PNG of an RGB canvas (h, w, 3).

    Against the lossless PNG of a photograph it takes less than a third of the bytes, at half resolution a tenth; the
    palette stands for the scene (`Palette.quality_db` tells how well) and serves many frames.

    Args:
        pixels: uint8 RGB, at least one pixel.
        palette: Of the scene.
        half: Half as many pixels in both directions, for a terminal that scales the picture up.
    """
    shown = halved(pixels) if half else pixels
    return encode_palette_png(palette.map(shown), palette.colours)


def halved(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture of half the size in both directions, rounded up; each pixel the mean of four."""
    import cv2

    height, width = pixels.shape[:2]
    if height % 2 or width % 2:
        pixels = cv2.copyMakeBorder(pixels, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    size = pixels.shape[1] // 2, pixels.shape[0] // 2
    smaller: NDArray[np.uint8] = cv2.resize(np.ascontiguousarray(pixels), size, interpolation=cv2.INTER_AREA)
    return smaller
