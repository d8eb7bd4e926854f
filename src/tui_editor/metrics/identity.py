"""IDF1: how many detections carry the right identity when each track has one partner for all frames.

E. Ristani et al., "Performance Measures and a Data Set for Multi-Target, Multi-Camera Tracking", 2016. Numbers are
those of TrackEval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.metrics.assignment import heaviest_matching
from tui_editor.metrics.series import Scene, couples_of

if TYPE_CHECKING:
    from tui_editor.metrics.pairs import Ints

LEAST_OVERLAP = 0.5


class Identity(Struct, frozen=True, kw_only=True):
    """Counts of a scene; those of several scenes add up."""

    right: int = 0
    missed: int = 0
    extra: int = 0

    def __add__(self, other: Identity) -> Identity:
        return Identity(
            right=self.right + other.right, missed=self.missed + other.missed, extra=self.extra + other.extra
        )

    @property
    def idf1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        return self.right / max(1.0, self.right + 0.5 * (self.missed + self.extra))

    def figures(self) -> dict[str, float]:
        """Return the measures by their short names."""
        recall = self.right / max(1.0, self.right + self.missed)
        precision = self.right / max(1.0, self.right + self.extra)
        return {"idf1": self.idf1, "idr": recall, "idp": precision}


class Partners(Struct, frozen=True, eq=False):
    """k tracks of the reference with the tracks that stand for them, and the frames that both are on together."""

    truth: Ints
    found: Ints
    frames: Ints
    """(k,) number of frames on which they overlap enough."""


def partners(scene: Scene, least: float = LEAST_OVERLAP) -> Partners:
    """Return which track stands for which: together they overlap on as many frames as can be."""
    pairs = scene.pairs.where(scene.pairs.values >= least)
    couples = couples_of(scene, pairs)
    counts = np.bincount(couples.of, minlength=len(couples.truth))
    chosen = heaviest_matching(couples.truth, couples.found, counts.astype(np.float64))
    return Partners(couples.truth[chosen], couples.found[chosen], counts[chosen])


def measure_identity(scene: Scene, least: float = LEAST_OVERLAP) -> Identity:
    """Return the counts of a scene; detections that overlap by `least` may be the same."""
    right = int(partners(scene, least).frames.sum())
    return Identity(right=right, missed=len(scene.truth) - right, extra=len(scene.found) - right)
