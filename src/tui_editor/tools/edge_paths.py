"""Follow an edge of the picture from one place to another: the path that a person's hand would draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.model.polygons import kept_by_simplifying

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.tools.boxes import Point

    Floats = NDArray[np.float64]

MOST_STEPS = 160
"""Steps of a path; a longer one goes in longer steps, so that any takes a few milliseconds."""
SIDEWAYS = 0.45
"""How far a path may go off the straight line, as a share of its length."""
MOST_SIDEWAYS = 48
"""The same in steps, at most."""
_SLOPES = (-2, -1, 0, 1, 2)
"""Steps to the side that a path may take with each step on."""
_FLOOR = 0.08
"""Cost of a step along the best edge, as a share of one where there is no edge: shorter paths win."""
_THIN_PX = 0.8
"""Points within this distance of the path between their neighbours are left out."""
LEAST_STEP = 6.0
"""Levels of 255 between neighbours below which there is no edge but noise."""


def edge_path(pixels: NDArray[np.generic], start: Point, end: Point) -> Floats:
    """Return the points (n, 2) between two places, without both, of a path along edges of the picture.

    Of all paths that go on towards the end with each step, the one is taken that goes along the strongest edges by the
    shortest way (dynamic programming over a band around the straight line, as in Mortensen and Barrett, "Interactive
    segmentation with intelligent scissors", 1998, but of fixed width). Where there is no edge the line is straight.

    Args:
        pixels: The frame, (h, w) or (h, w, channels), 8 bits or more.
        start: Where the path begins, in pixels of `pixels`.
        end: Where it ends.
    """
    along = np.subtract(end, start).astype(np.float64)
    length = float(np.hypot(*along))
    steps = min(int(np.ceil(length)), MOST_STEPS)
    if steps < 2:
        return np.empty((0, 2), np.float64)
    reach = int(min(max(4, SIDEWAYS * steps), MOST_SIDEWAYS))
    across = np.array([-along[1], along[0]]) / length * (length / steps)
    cost = _costs(_band(pixels, np.asarray(start, np.float64), along / steps, across, steps, reach))
    if cost is None:
        return np.empty((0, 2), np.float64)
    rows = np.arange(steps + 1)
    path = np.asarray(start) + rows[:, None] * (along / steps) + (_best(cost) - reach)[:, None] * across
    path[0], path[-1] = start, end
    kept = kept_by_simplifying(path, _THIN_PX * length / steps)
    found: Floats = path[kept][1:-1]
    return found


def _band(
    pixels: NDArray[np.generic], start: Floats, along: Floats, across: Floats, steps: int, reach: int
) -> NDArray[np.float32]:
    """Return the picture (steps + 3, 2 · reach + 3, channels) around the line, one row for each step along it.

    It has a margin of one on every side, and repeats the picture's border beyond it.
    """
    rows, columns = np.mgrid[-1 : steps + 2, -reach - 1 : reach + 2]
    # the middle of pixel (i, j) is at (i + 0.5, j + 0.5)
    places = start + rows[..., None] * along + columns[..., None] * across - 0.5
    height, width = pixels.shape[:2]
    x = np.clip(places[..., 0], 0, width - 1)
    y = np.clip(places[..., 1], 0, height - 1)
    x0, y0 = np.minimum(x.astype(np.intp), max(width - 2, 0)), np.minimum(y.astype(np.intp), max(height - 2, 0))
    x1, y1 = np.minimum(x0 + 1, width - 1), np.minimum(y0 + 1, height - 1)
    right, down = (x - x0)[..., None].astype(np.float32), (y - y0)[..., None].astype(np.float32)
    levels = pixels if pixels.ndim == 3 else pixels[..., None]
    upper = levels[y0, x0] * (1 - right) + levels[y0, x1] * right
    lower = levels[y1, x0] * (1 - right) + levels[y1, x1] * right
    return np.asarray(upper * (1 - down) + lower * down, np.float32)[..., :3]


def _costs(band: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Return what a step on each place costs (steps + 1, 2 · reach + 1), None where there is no edge at all."""
    smooth = (band[:, :-2] + 2 * band[:, 1:-1] + band[:, 2:]) / 4
    smooth = (smooth[:-2] + 2 * smooth[1:-1] + smooth[2:]) / 4
    over = np.diff(np.pad(smooth, ((0, 0), (1, 1), (0, 0)), mode="edge"), axis=1)
    on = np.diff(np.pad(smooth, ((1, 1), (0, 0), (0, 0)), mode="edge"), axis=0)
    change = np.hypot((over[:, 1:] + over[:, :-1]) / 2, (on[1:] + on[:-1]) / 2).max(axis=2)
    strong = float(np.percentile(change, 98))
    if strong < LEAST_STEP / 2:
        return None
    return np.asarray(_FLOOR + (1 - np.minimum(change / strong, 1)) ** 2, np.float32)


def _best(cost: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return for each step the column of the cheapest path from the middle of the first row to that of the last."""
    count, width = cost.shape
    middle, margin = width // 2, max(_SLOPES)
    total = np.full(width + 2 * margin, np.inf, np.float32)
    total[margin + middle] = 0
    came = np.zeros((count, width), np.int8)
    lengths = np.sqrt(1 + np.square(_SLOPES, dtype=np.float32))[:, None]
    for row in range(1, count):
        before = np.stack([total[margin - slope : margin - slope + width] for slope in _SLOPES])
        totals = before + lengths * cost[row]
        came[row] = totals.argmin(axis=0)
        total[margin : margin + width] = totals.min(axis=0)
    found = np.empty(count, np.intp)
    found[-1] = middle
    for row in range(count - 1, 0, -1):
        found[row - 1] = found[row] - _SLOPES[came[row, found[row]]]
    return found
