"""At most 256 values that stand for all pixels of a drawing, as labels are: flat colours and their smooth edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.model.distinct import distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST = 256
_KEPT = 64
"""So many values are kept as they are: joining them would save few bytes."""
_LINE_PX = 3
"""A run of so many pixels is a thing; what is shorter may be the edge of one."""
_MEAN_ERROR = 4.0
"""In levels of 255, over all pixels: beyond it, the picture is no drawing of few colours."""


def few_values(pixels: NDArray[np.uint8], *, exact: bool) -> tuple[NDArray[np.uint8], NDArray[np.uint8]] | None:
    """Return indices (h, w) and RGBA values (n, 4) in the order of their opacity; None where 256 do not suffice."""
    height, width = pixels.shape[:2]
    flat = np.ascontiguousarray(pixels).view(np.uint32).ravel()
    # Labels are runs of one value: what is sorted and looked up is one pixel of each run.
    heads = np.concatenate([[0], np.flatnonzero(np.not_equal(flat[1:], flat[:-1])) + 1])
    lengths = np.diff(heads, append=flat.size)
    firsts = flat[heads]
    values = distinct(firsts)
    joined = _joined(firsts, lengths) if len(values) > _KEPT and not exact else None
    if joined is not None:
        values, entries = joined
    elif len(values) <= _MOST:
        entries = np.searchsorted(values, firsts)
    else:
        return None
    rgba = values.view(np.uint8).reshape(-1, 4)
    order = np.argsort(rgba[:, 3], kind="stable")
    rank = np.empty(len(order), np.uint8)
    rank[order] = np.arange(len(order))
    return np.repeat(rank[entries], lengths).reshape(height, width), rgba[order]


def _joined(
    values: NDArray[np.uint32], lengths: NDArray[np.intp]
) -> tuple[NDArray[np.uint32], NDArray[np.intp]] | None:
    """Return at most 256 of the values of runs, and for each run the place of the one that stands for its own.

    What is seen of a value over any background is its colour weighted by its opacity, and the opacity: values in one
    cell of a grid over these four look alike. The value of its longest run stands for a cell.
    """
    rgba = values.view(np.uint8).reshape(-1, 4)
    seen = (rgba.astype(np.uint16) * rgba[:, 3:] + 127) // 255
    seen[:, 3] = rgba[:, 3]
    red, green, blue, opacity = (seen >> 4).T
    _, chosen, cells = np.unique(red << 12 | green << 8 | blue << 4 | opacity, return_index=True, return_inverse=True)
    wide = np.flatnonzero(lengths >= _LINE_PX)
    wide = wide[np.argsort(lengths[wide], kind="stable")]
    chosen[cells[wide]] = wide
    counts = np.bincount(cells, lengths)
    is_wide = lengths[chosen] >= _LINE_PX
    kept = chosen[np.lexsort((-counts, ~is_wide))[:_MOST]]
    nearest, distance = _nearest(seen[chosen], seen[kept])
    if is_wide.sum() > _MOST or float(np.average(distance, weights=counts)) > _MEAN_ERROR:
        return None
    return values[kept], nearest[cells]


def _nearest(points: NDArray[np.uint16], places: NDArray[np.uint16]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return for each point (n, 4) the number of the place (m, 4) nearest to it, and how far it is."""
    here, there = points.astype(np.float32), places.astype(np.float32).T
    square = (here * here).sum(axis=1)[:, None] + (there * there).sum(axis=0) - 2 * (here @ there)
    nearest = square.argmin(axis=1)
    return nearest, np.sqrt(square[np.arange(len(here)), nearest].clip(0))
