"""How alike points, skeletons and lines are: 1 where they coincide, falling with the square of their distances.

Object keypoint similarity is that of COCO (`COCOeval.computeOks` in pycocotools).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.model.shapes import Visibility

if TYPE_CHECKING:
    from tui_editor.metrics.pairs import Floats

SIGMA = 0.09
"""Of every point of a skeleton, as a share of its size: CVAT's default."""
COCO_SIGMAS = np.array([26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89]) / 1000
"""Of COCO's 17 points: nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles."""
LINE_WIDTH = 0.01
"""Share of the square root of the frame's area: how far a line may be off."""
_SAMPLES = 100


def keypoint_similarity(truth: Floats, found: Floats, area: Floats, sigmas: Floats, around: Floats) -> Floats:
    """Return the OKS of n pairs of skeletons, float64 (n,) in 0..1.

    Args:
        truth: (n, k, 3) x, y and `Visibility` of each point; invisible ones don't count.
        found: (n, k, 2 or more) x and y of each point.
        area: (n,) of the truth, square pixels.
        sigmas: (k,) how far each point may be off, as a share of the size.
        around: (n, 4) x, y, width, height around the truth: where it has no visible point, the found ones may lie in
            twice that.
    """
    seen = truth[:, :, 2] != Visibility.INVISIBLE
    delta = found[:, :, :2] - truth[:, :, :2]
    blind = ~seen.any(axis=1)
    if blind.any():
        delta[blind] = _beyond(found[blind][:, :, :2], around[blind])
    spread = (2 * sigmas) ** 2 * (area[:, None] + np.spacing(1)) * 2
    likeness = np.exp(-(delta**2).sum(axis=2) / spread)
    counts = seen | blind[:, None]
    return np.asarray((likeness * counts).sum(axis=1) / counts.sum(axis=1))


def _beyond(points: Floats, around: Floats) -> Floats:
    """Return how far points (n, k, 2) lie outside of rectangles (n, 4) that are enlarged to twice their size."""
    low, size = around[:, None, :2], around[:, None, 2:]
    return np.maximum(0, low - size - points) + np.maximum(0, points - low - 2 * size)


def point_similarity(a: Floats, b: Floats, frame_area: Floats) -> Floats:
    """Return the likeness of n pairs of single points (n, 2); `frame_area` (n,) stands for their size, as in CVAT."""
    distance = ((a - b) ** 2).sum(axis=1)
    return np.asarray(np.exp(-distance / (2 * (2 * SIGMA) ** 2 * np.maximum(frame_area, 1.0))))


def line_similarity(a: Floats, b: Floats, frame_area: float) -> tuple[float, float]:
    """Return the likeness of two lines (n, 2), (m, 2) as they run, and with the second one turned round, 0..1."""
    scale = 2 * (2 * LINE_WIDTH) ** 2 * max(frame_area, 1.0)
    first, second = resampled(a, _SAMPLES), resampled(b, _SAMPLES)
    likeness = [float(np.exp(-((first - other) ** 2).sum(axis=1) / scale).mean()) for other in (second, second[::-1])]
    return likeness[0], likeness[1]


def resampled(points: Floats, count: int) -> Floats:
    """Return so many points at equal distances along a line (n, 2), its ends included."""
    steps = np.hypot(*np.diff(points, axis=0).T) if len(points) > 1 else np.empty(0)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0.0, along[-1], count)
    return np.column_stack([np.interp(at, along, points[:, axis]) for axis in (0, 1)])
