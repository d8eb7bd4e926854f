"""HOTA: how well things are found (DetA), kept apart and together (AssA), and placed (LocA).

J. Luiten et al., "HOTA: A Higher Order Metric for Evaluating Multi-Object Tracking", IJCV 129, 2021. Numbers are those
of the authors' TrackEval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.metrics.assignment import heaviest_matching
from tui_editor.metrics.series import EPSILON, Scene, couples_of

if TYPE_CHECKING:
    from tui_editor.metrics.pairs import Floats, Pairs

ALPHAS = np.arange(0.05, 0.99, 0.05)
"""The 19 overlaps from which a match counts."""
_LEAST = 1e-10


class Hota(Struct, frozen=True, kw_only=True, eq=False):
    """Counts for each of `ALPHAS`, float64 (19,); those of several scenes add up."""

    found: Floats
    """True positives."""
    missed: Floats
    extra: Floats
    associated: Floats
    """Sum over the true positives of how well their tracks agree."""
    placed: Floats
    """Sum over the true positives of their overlaps."""

    def __add__(self, other: Hota) -> Hota:
        names = ("found", "missed", "extra", "associated", "placed")
        return Hota(**{name: getattr(self, name) + getattr(other, name) for name in names})

    @property
    def det_a(self) -> Floats:
        """Return detection accuracy by alpha."""
        return self.found / np.maximum(1, self.found + self.missed + self.extra)

    @property
    def ass_a(self) -> Floats:
        """Return association accuracy by alpha."""
        return self.associated / np.maximum(1, self.found)

    @property
    def loc_a(self) -> Floats:
        """Return the mean overlap of true positives by alpha; 1 where there are none."""
        return np.maximum(_LEAST, self.placed) / np.maximum(_LEAST, self.found)

    @property
    def hota(self) -> Floats:
        """Return the geometric mean of detection and association accuracy by alpha."""
        return np.sqrt(self.det_a * self.ass_a)

    def figures(self) -> dict[str, float]:
        """Return the means over all alphas by their short names."""
        values = {"hota": self.hota, "deta": self.det_a, "assa": self.ass_a, "loca": self.loc_a}
        return {name: float(value.mean()) for name, value in values.items()}


def measure_hota(scene: Scene) -> Hota:
    """Return the counts of a scene."""
    matched = _matched(scene)
    levels = np.searchsorted(ALPHAS - EPSILON, matched.values, "right")
    found = _at_least(np.bincount(levels, minlength=len(ALPHAS) + 1)[None, :].astype(np.float64))[0]
    placed = np.bincount(levels, matched.values, minlength=len(ALPHAS) + 1)[None, :].astype(np.float64)
    return Hota(
        found=found,
        missed=len(scene.truth) - found,
        extra=len(scene.found) - found,
        associated=_associated(scene, matched, levels),
        placed=_at_least(placed)[0],
    )


def _matched(scene: Scene) -> Pairs:
    """Return the pairs that match: those of tracks that agree over the whole scene go first."""
    pairs, couples = scene.pairs, couples_of(scene, scene.pairs)
    rows, columns, values = pairs.rows, pairs.columns, pairs.values
    in_row = np.bincount(rows, values, minlength=len(scene.truth))
    in_column = np.bincount(columns, values, minlength=len(scene.found))
    share = values / np.maximum(in_row[rows] + in_column[columns] - values, EPSILON)
    common = np.bincount(couples.of, share, minlength=len(couples.truth))
    sizes = scene.truth.sizes()[couples.truth] + scene.found.sizes()[couples.found]
    alignment = common / (sizes - common)
    return pairs.where(heaviest_matching(rows, columns, alignment[couples.of] * values))


def _associated(scene: Scene, matched: Pairs, levels: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Floats:
    couples, steps = couples_of(scene, matched), len(ALPHAS) + 1
    many = len(couples.truth)
    counts = np.bincount(couples.of * steps + levels, minlength=many * steps).reshape(many, steps)
    matches = _at_least(counts.astype(np.float64))
    sizes = scene.truth.sizes()[couples.truth] + scene.found.sizes()[couples.found]
    agreement = matches / np.maximum(1, sizes[:, None] - matches)
    return np.asarray((matches * agreement).sum(axis=0))


def _at_least(counts: Floats) -> Floats:
    """Return from counts by level (n, 20) how many reach each alpha: (n, 19)."""
    return np.cumsum(counts[:, ::-1], axis=1)[:, ::-1][:, 1:]
