"""What measures of tracks work on: detections with identities, and which of them overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from tui_editor.metrics.pairs import Ints, Pairs

EPSILON = float(np.finfo(float).eps)
"""By how much a similarity may be below a threshold and still reach it (as in TrackEval)."""

_COUNTED = 1 << 22


class Series(Struct, frozen=True, eq=False):
    """n detections of one side: on which frame, and whose. An identity is on a frame once."""

    frames: Ints
    """(n,) ascending."""
    identities: Ints
    """(n,) from 0."""

    def __len__(self) -> int:
        return len(self.frames)

    @property
    def identity_count(self) -> int:
        """Return one more than the highest identity."""
        return int(self.identities.max()) + 1 if len(self) else 0

    def sizes(self) -> Ints:
        """Return how many detections each identity has."""
        return np.bincount(self.identities, minlength=self.identity_count)


class Scene(Struct, frozen=True, eq=False):
    """Reference and candidate of the same frames."""

    truth: Series
    found: Series
    pairs: Pairs
    """Detections of the same frame that have anything in common: rows are those of `truth`, columns of `found`."""


class Couples(Struct, frozen=True, eq=False):
    """k different pairs of identities, and which one each pair of detections belongs to."""

    truth: Ints
    """(k,)"""
    found: Ints
    """(k,)"""
    of: Ints
    """(n,) number of the couple of each pair."""


def couples_of(scene: Scene, pairs: Pairs) -> Couples:
    """Return the pairs of identities that occur among pairs of detections."""
    width = max(scene.found.identity_count, 1)
    keys = scene.truth.identities[pairs.rows] * width + scene.found.identities[pairs.columns]
    distinct, of = _numbered(keys, width * scene.truth.identity_count)
    return Couples(distinct // width, distinct % width, of)


def _numbered(keys: Ints, most: int) -> tuple[Ints, Ints]:
    """Return what `np.unique` does with `return_inverse`, of keys below `most`; counted where that is less work."""
    if most > _COUNTED:
        distinct, of = np.unique(keys, return_inverse=True)
        return distinct, of
    present = np.bincount(keys, minlength=most) > 0
    return np.flatnonzero(present), (np.cumsum(present) - 1)[keys]


def series_of(frames: Ints, names: Ints) -> tuple[Series, Ints]:
    """Return detections in order of their frames, and the order that they had before: (n,) row numbers.

    Args:
        frames: (n,) in any order.
        names: (n,) any numbers that tell identities apart.
    """
    order = np.argsort(frames, kind="stable")
    _, identities = np.unique(names[order], return_inverse=True)
    return Series(frames[order], identities.astype(np.int64)), order
