"""How small a picture may be read when it will be shown in a box. Pure numbers."""

from __future__ import annotations

from math import ceil


def fitted(size: tuple[int, int], fit: tuple[int, int] | None) -> tuple[int, int]:
    """Return the (width, height) that `size` has when scaled down into `fit`, never enlarged, at least 1×1."""
    if fit is None:
        return size
    width, height = size
    scale = min(1.0, fit[0] / width, fit[1] / height)
    return max(1, min(width, ceil(width * scale))), max(1, min(height, ceil(height * scale)))
