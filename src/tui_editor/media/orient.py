"""The eight ways in which a stored picture can lie, and turning it upright. Numbers are those of EXIF tag 0x0112."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BY_MATRIX = {
    (1, 0, 0, 1): 1,
    (-1, 0, 0, 1): 2,
    (-1, 0, 0, -1): 3,
    (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5,
    (0, 1, -1, 0): 6,
    (0, -1, -1, 0): 7,
    (0, -1, 1, 0): 8,
}
"""(a, b, c, d) of a display matrix, by which x' = a·x + c·y and y' = b·x + d·y, to the EXIF number."""


def swaps_sides(orientation: int) -> bool:
    """Return whether width and height change places."""
    return orientation >= 5


def upright_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Return (width, height) as displayed for a stored (width, height), or the other way round."""
    return (size[1], size[0]) if swaps_sides(orientation) else size


def upright(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Return `pixels` (h, w) or (h, w, c) turned upright, contiguous; the same array when it already is."""
    if orientation == 1:
        return pixels
    turned = pixels.swapaxes(0, 1) if swaps_sides(orientation) else pixels
    if orientation in (2, 3, 6, 7):
        turned = turned[:, ::-1]
    if orientation in (3, 4, 7, 8):
        turned = turned[::-1]
    return np.ascontiguousarray(turned)


def from_matrix(matrix: bytes) -> int | None:
    """Return the orientation that a 3×3 display matrix of 32-bit numbers (16.16 fixed point) makes.

    Returns:
        1..8; None for an angle that is not a multiple of 90° or a matrix that is not one.
    """
    if len(matrix) != 36:
        return None
    numbers = np.frombuffer(matrix, dtype="<i4").reshape(3, 3)
    signs = tuple(int(np.sign(value)) if abs(value) > 1 << 10 else 0 for value in numbers[:2, :2].ravel().tolist())
    return _BY_MATRIX.get((signs[0], signs[1], signs[2], signs[3]))
