"""Pictures as files in the text stream (OSC 1337 of iTerm2: https://iterm2.com/documentation-images.html)."""

from __future__ import annotations

import binascii
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def inline_image(file: bytes, columns: int, rows: int) -> bytes:
    """Return what shows a picture file over whole cells, from the cell of the cursor on.

    Args:
        file: JPEG or PNG.
        columns: Cells that it is scaled to.
        rows: Likewise.
    """
    size = f"size={len(file)};width={columns};height={rows}"
    # The cursor stays where the terminal knows how; elsewhere it must be restored.
    head = f"\x1b]1337;File=inline=1;{size};preserveAspectRatio=0;doNotMoveCursor=1:"
    return head.encode("ascii") + binascii.b2a_base64(file, newline=False) + b"\x07"


def encode_jpeg(pixels: NDArray[np.uint8], *, quality: int = 90) -> bytes:
    """Return a JPEG of RGB pixels (h, w, 3) whose colours are as fine as its brightness (4:4:4).

    Thin coloured lines of labels lose their colour otherwise.
    """
    import simplejpeg

    encoded: bytes = simplejpeg.encode_jpeg(
        np.ascontiguousarray(pixels), quality=quality, colorspace="RGB", colorsubsampling="444"
    )
    return encoded
