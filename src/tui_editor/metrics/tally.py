"""Counts of what was matched, by class, and the figures that follow from them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct, field

from tui_editor.metrics.agreement import cohen_kappa, fleiss_kappa, krippendorff_alpha, of_two

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.metrics.pairs import Ints, Pairs

NOBODY = -1
"""In place of a class: the other side has nothing there."""


class ClassFigures(Struct, frozen=True, kw_only=True):
    """How one class fared."""

    name: str
    in_a: int
    in_b: int
    matched: int
    """With a label of the same class."""
    precision: float
    recall: float
    f1: float
    overlap: float
    """Mean over the matches; NaN without any."""
    pq: float
    """Panoptic quality; NaN without regions or boxes."""


class Tally(Struct, eq=False):
    """Counts by class number; more is added batch by batch."""

    in_a: Counter[int] = field(default_factory=Counter)
    in_b: Counter[int] = field(default_factory=Counter)
    couples: Counter[tuple[int, int]] = field(default_factory=Counter)
    """Classes of matched labels (a, b), and those that have no match with `NOBODY`."""
    overlap: Counter[int] = field(default_factory=Counter)
    """Sum over matches of the same class of shapes with an area."""
    measured: Counter[int] = field(default_factory=Counter)
    """Number of those."""
    segments: Counter[int] = field(default_factory=Counter)
    """Matches for panoptic quality: the same class, more than half in common."""
    segment_overlap: Counter[int] = field(default_factory=Counter)
    in_a_area: Counter[int] = field(default_factory=Counter)
    in_b_area: Counter[int] = field(default_factory=Counter)
    at: dict[float, int] = field(default_factory=dict)
    """Matches of the same class by the overlap that they must have."""

    def count(self, a: Ints, b: Ints, matched: Pairs) -> None:
        """Add labels, given by their classes, and which of them belong together."""
        self.in_a.update(_counted(a))
        self.in_b.update(_counted(b))
        couples = np.stack([a[matched.rows], b[matched.columns]], axis=1)
        values, times = np.unique(couples, axis=0, return_counts=True) if len(couples) else (couples, couples[:, 0])
        self.couples.update({(int(x), int(y)): int(n) for (x, y), n in zip(values, times, strict=True)})
        for side, taken, order in ((a, matched.rows, 1), (b, matched.columns, -1)):
            left = np.delete(side, taken)
            for klass, many in _counted(left).items():
                self.couples[(klass, NOBODY)[::order]] += many  # type: ignore[index]  # a pair, turned or not

    def add_overlap(self, classes: Ints, values: NDArray[np.float64]) -> None:
        """Add the overlaps of matches of the same class."""
        self.measured.update(_counted(classes))
        _sum(self.overlap, classes, values)

    def add_segments(self, a: Ints, b: Ints, classes: Ints, values: NDArray[np.float64]) -> None:
        """Add shapes with an area by their classes, and matches of more than half."""
        self.in_a_area.update(_counted(a))
        self.in_b_area.update(_counted(b))
        self.segments.update(_counted(classes))
        _sum(self.segment_overlap, classes, values)

    # --- figures ---------------------------------------------------------------------------------

    def matched(self, klass: int) -> int:
        """Return how many labels of a class have a match of the same class."""
        return self.couples[klass, klass]

    def figures(self) -> dict[str, float]:
        """Return the figures over all classes by their short names; NaN where there is nothing to measure."""
        right = sum(n for (x, y), n in self.couples.items() if x == y)
        both, one, other = sum(self.couples.values()), self.in_a.total(), self.in_b.total()
        values = {
            "f1": ratio(2 * right, one + other),
            "precision": ratio(right, other),
            "recall": ratio(right, one),
            "accuracy": ratio(right, both),
            "iou": ratio(self.overlap.total(), self.measured.total()),
        }
        for least, count in self.at.items():
            values[f"f1@{least:g}"] = ratio(2 * count, one + other)
        return values | self._panoptic() | self._raters()

    def _panoptic(self) -> dict[str, float]:
        found = [quality for klass in self._classes(self.in_a_area, self.in_b_area) if (quality := self._pq(klass))]
        if not found:
            return dict.fromkeys(("pq", "sq", "rq"), float("nan"))
        return dict(zip(("pq", "sq", "rq"), np.mean(found, axis=0).tolist(), strict=True))

    def _pq(self, klass: int) -> tuple[float, float, float] | None:
        hits, total = self.segments[klass], self.in_a_area[klass] + self.in_b_area[klass]
        if not total:
            return None
        segmentation = self.segment_overlap[klass] / hits if hits else 0.0
        recognition = 2 * hits / total
        return segmentation * recognition, segmentation, recognition

    def _raters(self) -> dict[str, float]:
        """Return how far both agree on the class of what both have."""
        classes = self._classes(self.in_a, self.in_b)
        at = {klass: place for place, klass in enumerate(classes)}
        table = np.zeros((len(classes), len(classes)), np.int64)
        for (x, y), n in self.couples.items():
            if NOBODY not in (x, y):
                table[at[x], at[y]] += n
        if not table.sum():
            return dict.fromkeys(("kappa", "fleiss", "alpha"), float("nan"))
        counts, times = of_two(table)
        alpha = krippendorff_alpha(counts, times)
        return {"kappa": cohen_kappa(table), "fleiss": fleiss_kappa(counts, times), "alpha": alpha}

    def classes(self, names: list[str]) -> list[ClassFigures]:
        """Return how each class fared, by name."""
        found = self._classes(self.in_a, self.in_b)
        return [self._of_class(klass, names[klass]) for klass in sorted(found, key=lambda k: names[k].casefold())]

    def _of_class(self, klass: int, name: str) -> ClassFigures:
        right, one, other = self.matched(klass), self.in_a[klass], self.in_b[klass]
        quality = self._pq(klass)
        return ClassFigures(
            name=name,
            in_a=one,
            in_b=other,
            matched=right,
            precision=ratio(right, other),
            recall=ratio(right, one),
            f1=ratio(2 * right, one + other),
            overlap=ratio(self.overlap[klass], self.measured[klass]),
            pq=quality[0] if quality else float("nan"),
        )

    def _classes(self, *counts: Counter[int]) -> list[int]:
        return sorted({klass for count in counts for klass, n in count.items() if n})


def ratio(part: float, whole: float) -> float:
    """Return a share; NaN of nothing."""
    return part / whole if whole else float("nan")


def _counted(classes: Ints) -> dict[int, int]:
    values, times = np.unique(classes, return_counts=True)
    return dict(zip(values.tolist(), times.tolist(), strict=True))


def _sum(into: Counter[int], classes: Ints, values: NDArray[np.float64]) -> None:
    sums = np.bincount(classes, values) if len(classes) else np.empty(0)
    for klass in np.unique(classes).tolist():
        into[klass] += float(sums[klass])  # type: ignore[assignment]  # a counter of shares
