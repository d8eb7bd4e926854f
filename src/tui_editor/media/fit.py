"""How small a picture may be read when it will be shown in a box. Pure numbers."""

from __future__ import annotations


def fitted(size: tuple[int, int], fit: tuple[int, int] | None) -> tuple[int, int]:
    """Return the (width, height) that `size` has when scaled down into `fit`, never enlarged, at least 1×1."""
    if fit is None or (size[0] <= fit[0] and size[1] <= fit[1]):
        return size
    width, height = size
    box_width, box_height = max(1, fit[0]), max(1, fit[1])
    if box_width * height <= box_height * width:
        return box_width, -(-height * box_width // width)
    return -(-width * box_height // height), box_height
