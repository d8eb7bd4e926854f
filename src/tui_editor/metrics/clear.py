"""CLEAR MOT: misses, false alarms, switched identities (MOTA), broken tracks (Frag), tracks mostly found (MT).

K. Bernardin and R. Stiefelhagen, "Evaluating Multiple Object Tracking Performance: The CLEAR MOT Metrics", 2008. A
track keeps its partner of the frame before while both still overlap, as in TrackEval, whose numbers these are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.metrics.assignment import heaviest_edges
from tui_editor.metrics.series import EPSILON, Scene, Series

if TYPE_CHECKING:
    from tui_editor.metrics.pairs import Ints, Pairs

LEAST_OVERLAP = 0.5
_MOSTLY = 0.8
_PARTLY = 0.2


class Clear(Struct, frozen=True, kw_only=True):
    """Counts of a scene; those of several scenes add up."""

    found: int = 0
    missed: int = 0
    extra: int = 0
    switches: int = 0
    fragments: int = 0
    mostly: int = 0
    partly: int = 0
    lost: int = 0
    overlap: float = 0.0
    """Sum over the matches."""

    def __add__(self, other: Clear) -> Clear:
        return Clear(**{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__})

    @property
    def mota(self) -> float:
        """Return 1 less the share of faults in what should have been found; may be negative."""
        return (self.found - self.extra - self.switches) / max(1.0, self.found + self.missed)

    @property
    def motp(self) -> float:
        """Return the mean overlap of matches."""
        return self.overlap / max(1.0, self.found)

    def figures(self) -> dict[str, float]:
        """Return the measures by their short names."""
        counts = {"idsw": self.switches, "frag": self.fragments, "mt": self.mostly, "pt": self.partly, "ml": self.lost}
        return {"mota": self.mota, "motp": self.motp, **counts}


def measure_clear(scene: Scene, least: float = LEAST_OVERLAP) -> Clear:
    """Return the counts of a scene; pairs that overlap by `least` may match."""
    truth = scene.truth
    matched = match_in_time(scene, least)
    count = len(matched)
    steps = _steps(scene)[truth.frames[matched.rows]] if count else matched.rows
    mostly, partly, lost = _by_share(truth, matched)
    return Clear(
        found=count,
        missed=len(truth) - count,
        extra=len(scene.found) - count,
        switches=len(switches(scene, matched)),
        fragments=_fragments(truth.identities[matched.rows], steps),
        mostly=mostly,
        partly=partly,
        lost=lost,
        overlap=float(matched.values.sum()),
    )


def match_in_time(scene: Scene, least: float = LEAST_OVERLAP) -> Pairs:
    """Return the pairs that match: partners of the frame before stay partners, the others overlap as well as can be."""
    pairs = scene.pairs.where(scene.pairs.values >= least - EPSILON)
    rows, columns = pairs.rows, pairs.columns
    alone = (np.bincount(rows, minlength=1)[rows] == 1) & (np.bincount(columns, minlength=1)[columns] == 1)
    partner = np.full(len(scene.truth), -1, np.int64)
    """Identity with which each detection of the reference is matched."""
    partner[rows[alone]] = scene.found.identities[columns[alone]]
    taken = _contested(scene, pairs, np.flatnonzero(~alone), partner)
    return pairs.where(np.sort(np.concatenate([np.flatnonzero(alone), taken])))


def _contested(scene: Scene, pairs: Pairs, numbers: Ints, partner: Ints) -> Ints:
    """Return which of the pairs that compete match, frame by frame; fills in `partner`."""
    if not len(numbers):
        return numbers
    before = _detection_before(scene)[pairs.rows[numbers]].tolist()
    frames = scene.truth.frames[pairs.rows[numbers]]
    rows, columns = pairs.rows[numbers].tolist(), pairs.columns[numbers].tolist()
    values, identities = pairs.values[numbers].tolist(), scene.found.identities[pairs.columns[numbers]].tolist()
    known: dict[int, int] = {}
    taken: list[int] = []
    starts = np.flatnonzero(np.diff(frames, prepend=-1)).tolist()
    for start, stop in zip(starts, [*starts[1:], len(rows)], strict=True):
        chosen = [
            n
            for n in range(start, stop)
            if before[n] >= 0 and known.get(before[n], partner[before[n]]) == identities[n]
        ]
        used, filled = {rows[n] for n in chosen}, {columns[n] for n in chosen}
        free = [n for n in range(start, stop) if rows[n] not in used and columns[n] not in filled]
        if free:
            best = heaviest_edges([(rows[n], columns[n], values[n]) for n in free]) if len(free) > 1 else [0]
            chosen += [free[place] for place in best]
        known.update((rows[n], identities[n]) for n in chosen)
        taken += chosen
    return numbers[np.array(taken, np.int64)]


def _steps(scene: Scene) -> Ints:
    """Return the number of each frame among those where both sides have something; -1 for others."""
    frames = np.intersect1d(scene.truth.frames, scene.found.frames)
    last = max([int(s.frames[-1]) for s in (scene.truth, scene.found) if len(s)], default=-1)
    steps = np.full(last + 1, -1, np.int64)
    steps[frames] = np.arange(len(frames))
    return steps


def _detection_before(scene: Scene) -> Ints:
    """Return where each detection of the reference was one step earlier; -1 where it was not."""
    truth = scene.truth
    steps = _steps(scene)[truth.frames]
    order = np.lexsort((steps, truth.identities))
    identity, step = truth.identities[order], steps[order]
    follows = (identity[1:] == identity[:-1]) & (step[1:] - step[:-1] == 1) & (step[:-1] >= 0)
    before = np.full(len(truth), -1, np.int64)
    before[order[1:][follows]] = order[:-1][follows]
    return before


def switches(scene: Scene, matched: Pairs) -> list[tuple[int, int]]:
    """Return the matches at which a track has another partner than the last time it had one: (last time, this time)."""
    identities = scene.truth.identities[matched.rows]
    order = np.lexsort((scene.truth.frames[matched.rows], identities))
    own, other = identities[order], scene.found.identities[matched.columns][order]
    at = np.flatnonzero((own[1:] == own[:-1]) & (other[1:] != other[:-1]))
    return list(zip(order[at].tolist(), order[at + 1].tolist(), strict=True))


def _fragments(identities: Ints, steps: Ints) -> int:
    """Return how often tracks that were found are found again after a gap."""
    order = np.lexsort((steps, identities))
    own, step = identities[order], steps[order]
    return int(((own[1:] == own[:-1]) & (step[1:] - step[:-1] > 1)).sum())


def _by_share(truth: Series, matched: Pairs) -> tuple[int, int, int]:
    """Return how many tracks were found mostly, partly and hardly."""
    sizes = truth.sizes()
    found = np.bincount(truth.identities[matched.rows], minlength=len(sizes))
    share = found[sizes > 0] / sizes[sizes > 0]
    mostly = int((share > _MOSTLY).sum())
    partly = int((share >= _PARTLY).sum()) - mostly
    return mostly, partly, len(share) - mostly - partly
