"""Labels of which next to nothing is to be seen because smaller ones lie over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.metrics.pairs import beside_each_other
from tui_editor.metrics.similarity import MOST_PIXELS, bitmask_at
from tui_editor.model.mask_sets import without
from tui_editor.model.masks import area
from tui_editor.model.shapes import Bitmask, ShapeKind

if TYPE_CHECKING:
    from tui_editor.metrics.labels import Labels
    from tui_editor.metrics.pairs import Floats, Ints

_KINDS = (ShapeKind.BOX, ShapeKind.POLYGON, ShapeKind.BITMASK)


def covered(labels: Labels, least_visible: float) -> list[tuple[int, float]]:
    """Return the numbers of labels of which less than `least_visible` shows, with the share that does.

    Labels have no depth: a smaller one is taken to lie over a larger one, of equals the later one over the earlier.
    """
    numbers = labels.of_kinds(_KINDS)
    sides = labels.rectangle[numbers, 2:]
    fit = labels.placed[numbers] & (sides >= 1).all(axis=1) & (sides.prod(axis=1) <= MOST_PIXELS)
    numbers = numbers[~labels.crowd[numbers] & fit]
    found = []
    for n, over in _candidates(labels, numbers, least_visible):
        own = _pixels(labels, n)
        size = area(own)
        rest = area(without(own, *(_pixels(labels, m) for m in over)))
        if size and rest / size < least_visible:
            found.append((n, rest / size))
    return found


def _candidates(labels: Labels, numbers: Ints, least_visible: float) -> list[tuple[int, list[int]]]:
    """Return the labels whose rectangle smaller ones may fill, and those."""
    around = labels.rectangle[numbers]
    size = around[:, 2] * around[:, 3]
    frames = labels.frame[numbers]
    over: dict[int, list[int]] = {}
    filled = np.zeros(len(numbers))
    for rows, columns in beside_each_other(around, frames, around, frames):
        front = (size[columns] < size[rows]) | ((size[columns] == size[rows]) & (columns > rows))
        behind, before = rows[front], columns[front]
        common = _common(around[behind], around[before])
        filled += np.bincount(behind, common, minlength=len(numbers))
        touching = common > 0
        for row, column in zip(behind[touching].tolist(), before[touching].tolist(), strict=True):
            over.setdefault(row, []).append(int(numbers[column]))
    whole = labels.kind[numbers] == tuple(ShapeKind).index(ShapeKind.BOX)
    enough = np.where(whole, filled > (1 - least_visible) * size, filled > 0)
    return [(int(numbers[row]), over[row]) for row in np.flatnonzero(enough).tolist()]


def _common(a: Floats, b: Floats) -> Floats:
    low = np.maximum(a[:, :2], b[:, :2])
    high = np.minimum(a[:, :2] + a[:, 2:], b[:, :2] + b[:, 2:])
    return np.asarray(np.maximum(high - low, 0).prod(axis=1))


def _pixels(labels: Labels, n: int) -> Bitmask:
    if labels.kind_at(n) is not ShapeKind.BOX:
        return bitmask_at(labels, n)
    x, y, width, height = labels.rectangle[n].tolist()
    left, top, right, bottom = round(x), round(y), round(x + width), round(y + height)
    return Bitmask(left, top, right - left, bottom - top, np.array([0, (right - left) * (bottom - top)], np.uint32))
