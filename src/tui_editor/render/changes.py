"""What of a canvas looks different from what the terminal shows: blocks of pixels, and rectangles that cover them.

Blocks are compared with what is *shown*, which takes over only what was sent, so that small differences don't add up
unseen and a camera's noise is not sent again and again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.render.rects import Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Thresholds(Struct, frozen=True, kw_only=True):
    """How different a block must look to count as changed, in levels of 255."""

    mean: int = 3
    """Its mean absolute difference, rounded, is greater; what an edge cuts off a block counts as unchanged."""
    largest: int = 32
    """A value of a pixel differs by more. 255: only the mean counts."""


DEFAULT_THRESHOLDS = Thresholds()
EXACT = Thresholds(mean=0, largest=0)


def changed_blocks(
    pixels: NDArray[np.uint8],
    shown: NDArray[np.uint8],
    block_px: tuple[int, int],
    thresholds: Thresholds = DEFAULT_THRESHOLDS,
) -> NDArray[np.bool_]:
    """Return which blocks (rows, columns) of two RGB pictures look different.

    Args:
        pixels: uint8 (h, w, 3); at least one pixel.
        shown: In the same shape.
        block_px: (width, height) of a block, such as a cell, at most 257 high; those at the right and lower edge may be
            cut.
        thresholds: From which difference on.
    """
    import cv2

    height, width = pixels.shape[:2]
    across, down = block_px
    rows, columns = -(-height // down), -(-width // across)
    differs = cv2.absdiff(np.ascontiguousarray(pixels), np.ascontiguousarray(shown))
    if height % down or width % across:
        below, beside = rows * down - height, columns * across - width
        differs = cv2.copyMakeBorder(differs, 0, below, 0, beside, cv2.BORDER_CONSTANT, value=0)
    # Rows first: whole lines of memory are joined at a time.
    lines = differs.reshape(rows, down, columns * across * 3)
    sums = lines.sum(axis=1, dtype=np.uint16)
    mean_of_sums = cv2.resize(sums, (columns, rows), interpolation=cv2.INTER_AREA)
    blocks: NDArray[np.bool_] = mean_of_sums > thresholds.mean * down + (down - 1) // 2
    if thresholds.largest < 255:
        largest = np.ascontiguousarray(lines.max(axis=1).T).reshape(columns, across * 3, rows).max(axis=1)
        beyond = largest > thresholds.largest
        blocks |= beyond.T
    return blocks


def taken_over(
    pixels: NDArray[np.uint8], shown: NDArray[np.uint8], blocks: NDArray[np.bool_], block_px: tuple[int, int]
) -> NDArray[np.uint8]:
    """Return what is shown after the blocks were sent: `pixels` in them, `shown` elsewhere."""
    import cv2

    where = pixel_mask(blocks, block_px, (pixels.shape[1], pixels.shape[0]))
    after: NDArray[np.uint8] = cv2.copyTo(np.ascontiguousarray(pixels), where.view(np.uint8), shown.copy())
    return after


def pixel_mask(blocks: NDArray[np.bool_], block_px: tuple[int, int], size_px: tuple[int, int]) -> NDArray[np.bool_]:
    """Return bool (h, w): the pixels of the blocks that are set, in a canvas of `size_px` (width, height)."""
    import cv2

    whole = blocks.shape[1] * block_px[0], blocks.shape[0] * block_px[1]
    large = cv2.resize(blocks.view(np.uint8), whole, interpolation=cv2.INTER_NEAREST)
    cut: NDArray[np.uint8] = np.ascontiguousarray(large[: size_px[1], : size_px[0]])
    return cut.view(np.bool_)


def cover(blocks: NDArray[np.bool_], *, slack: int = 3) -> tuple[Rect, ...]:
    """Return rectangles of blocks that hold every set one: fewer and larger than its rows, for what each costs.

    Args:
        blocks: (rows, columns).
        slack: So many blocks that are not set may a rectangle gain when it joins another one.
    """
    closed: list[Rect] = []
    open_rects: list[Rect] = []
    for row in range(len(blocks)):
        edges = np.flatnonzero(np.diff(blocks[row].view(np.int8), prepend=0, append=0)).tolist()
        for first, end in zip(edges[0::2], edges[1::2], strict=True):
            _join(open_rects, Rect(first, row, end, row + 1), slack)
        closed += [rect for rect in open_rects if rect.y1 <= row]
        open_rects = [rect for rect in open_rects if rect.y1 > row]
    return (*closed, *open_rects)


def _join(rects: list[Rect], new: Rect, slack: int) -> None:
    """Add a rectangle to those that may still grow, joined with the one that it fits best."""
    best, least = None, slack + 1
    for place, rect in enumerate(rects):
        both = rect.union(new)
        waste = both.width * both.height - rect.width * rect.height - new.width * new.height
        if waste < least:
            best, least = place, waste
    if best is None:
        rects.append(new)
    else:
        rects[best] = rects[best].union(new)
