"""Boundary F: how well the outlines of two masks follow each other, whatever they enclose.

F. Perazzi et al., "A Benchmark Dataset and Evaluation Methodology for Video Object Segmentation", 2016 (DAVIS,
`db_eval_boundary`): the share of each outline that lies within a few pixels of the other, and their harmonic mean.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, hypot
from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.model.masks import array_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.model.masks import Mask
    from tui_editor.model.shapes import Bitmask

REACH = 0.008
"""How far outlines may be apart, as a share of the frame's diagonal."""
_FARTHEST = 128
"""Pixels: of a frame of 16,000 pixels across. A file may claim any size."""


def boundary_f(a: Bitmask, b: Bitmask, frame_size: tuple[int, int]) -> float:
    """Return the boundary F of two masks of a frame of (width, height) pixels, 0..1.

    Two masks without a pixel agree; one without a pixel and one with some don't.
    """
    if not a.width or not b.width:
        return float(a.width == b.width)
    reach = min(max(1, ceil(REACH * hypot(*frame_size))), _FARTHEST)
    one, other = _in_common_rectangle(a, b, frame_size, reach + 1)
    outlines = outline(one), outline(other)
    counts = [int(o.sum()) for o in outlines]
    near = [_widened(o, reach) for o in outlines]
    hits = int((outlines[1] & near[0]).sum()), int((outlines[0] & near[1]).sum())
    if not all(counts):
        return float(not any(counts))
    precision, recall = hits[0] / counts[1], hits[1] / counts[0]
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _in_common_rectangle(a: Bitmask, b: Bitmask, frame_size: tuple[int, int], margin: int) -> tuple[Mask, Mask]:
    """Return both masks in the rectangle around them, with a margin within the frame."""
    left, top = max(min(a.left, b.left) - margin, 0), max(min(a.top, b.top) - margin, 0)
    right = max(a.left + a.width, b.left + b.width) + margin
    bottom = max(a.top + a.height, b.top + b.height) + margin
    width, height = frame_size
    size = (min(bottom, height or bottom) - top, min(right, width or right) - left)
    return _placed(a, left, top, size), _placed(b, left, top, size)


def _placed(mask: Bitmask, left: int, top: int, size: tuple[int, int]) -> Mask:
    field = np.zeros(size, bool)
    x, y = mask.left - left, mask.top - top
    inside = array_of(mask)[max(-y, 0) : max(size[0] - y, 0), max(-x, 0) : max(size[1] - x, 0)]
    x, y = max(x, 0), max(y, 0)
    field[y : y + inside.shape[0], x : x + inside.shape[1]] = inside
    return field


def outline(mask: Mask) -> Mask:
    """Return the pixels that differ from their neighbour at the right, below, or at both: DAVIS' `seg2bmap`."""
    right, below, both = mask.copy(), mask.copy(), mask.copy()
    right[:, :-1] = mask[:, 1:]
    below[:-1] = mask[1:]
    both[:-1, :-1] = mask[1:, 1:]
    edge = (mask ^ right) | (mask ^ below) | (mask ^ both)
    edge[-1] = mask[-1] ^ right[-1]
    edge[:, -1] = mask[:, -1] ^ below[:, -1]
    edge[-1, -1] = False
    return edge


def _widened(edge: Mask, reach: int) -> Mask:
    import cv2

    return np.asarray(cv2.dilate(edge.astype(np.uint8), _disk(reach)), bool)


@lru_cache(32)
def _disk(radius: int) -> NDArray[Any]:
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    return np.asarray(x**2 + y**2 <= radius**2, np.uint8)
