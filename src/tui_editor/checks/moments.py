"""Mean and spread of many numbers, with the places of the extreme ones: in pieces that can be joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.model.sheet import Place, Sheet

    Extreme = tuple[float, Place, int]

KEPT: Final = 5
"""Extremes that are kept on each side."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Count, mean and sum of squared differences from it (Welford), and the numbers farthest out."""

    n: int
    mean: float
    squares: float
    extremes: tuple[Extreme, ...] = ()
    """Value, place and frame: ascending."""

    @staticmethod
    def empty() -> Moments:
        """Return those of no numbers."""
        return Moments(0, 0.0, 0.0)

    @property
    def sigma(self) -> float:
        """Return the standard deviation."""
        return float(np.sqrt(self.squares / self.n)) if self.n else 0.0

    def joined(self, other: Moments) -> Moments:
        """Return those of both (Chan et al. 1979)."""
        n = self.n + other.n
        if not n:
            return self
        apart = other.mean - self.mean
        mean = self.mean + apart * other.n / n
        squares = self.squares + other.squares + apart**2 * self.n * other.n / n
        both = sorted((*self.extremes, *other.extremes), key=lambda e: e[0])
        return Moments(n, mean, squares, tuple(both if len(both) <= 2 * KEPT else (*both[:KEPT], *both[-KEPT:])))


def moments_by_group(
    sheet: Sheet, rows: NDArray[np.intp], values: NDArray[np.float64], sigmas: float, *, one_group: bool = False
) -> dict[int, Moments]:
    """Return the moments of each class's values.

    Args:
        sheet: Where the rows are.
        rows: (n,) of the sheet.
        values: (n,) theirs.
        sigmas: Extremes are kept that may be as far out: half of it in these rows.
        one_group: Take all classes together, as number 0.
    """
    if not len(rows):
        return {}
    group = np.zeros(len(rows), np.int64) if one_group else sheet.classes[rows].astype(np.int64)
    order = np.lexsort((values, group))
    group, values, rows = group[order], values[order], rows[order]
    starts = np.flatnonzero(np.diff(group, prepend=group[0] - 1))
    counts = np.diff([*starts, len(group)])
    means = np.add.reduceat(values, starts) / counts
    off = (values - np.repeat(means, counts)) ** 2
    squares = np.add.reduceat(off, starts)
    found = {}
    for start, n, mean, square in zip(starts.tolist(), counts.tolist(), means.tolist(), squares.tolist(), strict=True):
        ends = sorted({*range(start, start + min(KEPT, n)), *range(start + max(n - KEPT, 0), start + n)})
        least = (sigmas / 2) ** 2 * square / n if n > 2 * KEPT else 0.0  # few values tell little of their spread
        extremes = tuple(
            (float(values[i]), sheet.place(int(rows[i])), int(sheet.frames[rows[i]])) for i in ends if off[i] >= least
        )
        found[int(group[start])] = Moments(n, mean, square, extremes)
    return found
