"""COCO's average precision and recall of guesses that carry scores.

Precision is read off at 101 recalls and averaged over ten overlaps, .50 to .95. Numbers are those of `COCOeval` in
pycocotools (`accumulate`, `summarize`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.metrics.coco_match import Outcome, match, turns
from tui_editor.metrics.pairs import Pairs, join_pairs, make_pairs, within_groups

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.metrics.pairs import Flags, Floats, Ints

    Overlap = Callable[[Ints, Ints], Floats]
    """From numbers of guesses and of truths (n,) to how much each pair has in common, (n,)."""

THRESHOLDS = np.linspace(0.5, 0.95, 10)
LEAST = float(THRESHOLDS[0])
"""Pairs that have less in common match at no threshold."""
RECALLS = np.linspace(0.0, 1.0, 101)
_SMALL, _LARGE, _ANY = 32.0**2, 96.0**2, 1e5**2


class Rules(Struct, frozen=True, kw_only=True):
    """Which guesses count, and by which sizes results are told."""

    most: tuple[int, ...] = (1, 10, 100)
    """Guesses per picture and category; the last one is the usual."""
    areas: tuple[tuple[str, float, float], ...] = (
        ("", 0.0, _ANY),
        ("_small", 0.0, _SMALL),
        ("_medium", _SMALL, _LARGE),
        ("_large", _LARGE, _ANY),
    )
    """Ending of the figure's name, and least and largest area in square pixels."""


KEYPOINT_RULES = Rules(most=(20,), areas=(("", 0.0, _ANY), ("_medium", _SMALL, _LARGE), ("_large", _LARGE, _ANY)))


class Truth(Struct, frozen=True, kw_only=True, eq=False):
    """n true objects, in the file's order."""

    picture: Ints
    category: Ints
    area: Floats
    """Square pixels, as the file says."""
    crowd: Flags
    ignored: Flags
    """Crowds, and people without keypoints where keypoints are measured."""


class Guesses(Struct, frozen=True, kw_only=True, eq=False):
    """n objects with scores, in the file's order."""

    picture: Ints
    category: Ints
    area: Floats
    score: Floats


class Averages(Struct, frozen=True, kw_only=True, eq=False):
    """Average precisions and recalls; a figure without any truth is left out."""

    figures: dict[str, float]
    """`ap`, `ap50`, `ap75`, `ap_small` …, `ar1`, `ar10`, `ar100`, `ar_small` …"""
    by_category: dict[int, float]
    """AP of each category that has truth."""


def measure_ap(truth: Truth, guesses: Guesses, pairs: Pairs, rules: Rules | None = None) -> Averages:
    """Return the averages of guesses against the truth.

    Args:
        truth: What is there.
        guesses: What was found, with scores.
        pairs: Guesses (rows) and truths (columns) of the same picture and category that have `LEAST` in common.
        rules: Those of boxes and masks when absent.
    """
    return _Evaluation(truth, guesses, pairs, rules or Rules()).averages()


def overlapping(truth: Truth, guesses: Guesses, overlap: Overlap) -> Pairs:
    """Return the guesses (rows) and truths (columns) that may match."""
    truth_groups, guess_groups = _groups(truth, guesses)
    truth_order, order = np.argsort(truth_groups, kind="stable"), np.argsort(guess_groups, kind="stable")
    found = []
    for rows, columns in within_groups(guess_groups[order], truth_groups[truth_order]):
        values = overlap(order[rows], truth_order[columns])
        enough = values >= LEAST
        found.append(Pairs(order[rows[enough]], truth_order[columns[enough]], values[enough]))
    return join_pairs(found)


class _Evaluation:
    """Truth and guesses by category and picture, and which of them may match."""

    def __init__(self, truth: Truth, guesses: Guesses, pairs: Pairs, rules: Rules) -> None:
        self._rules, self._truth, self._guesses = rules, truth, guesses
        self._truth_order = np.lexsort((truth.picture, truth.category))
        order = np.lexsort((-guesses.score, guesses.picture, guesses.category))
        groups = _groups(truth, guesses)[1][order]
        ranks = _ranks(groups)
        kept = ranks < rules.most[-1]
        self._order, self._ranks = order[kept], ranks[kept]
        guess_at, truth_at = _places(self._order, len(order)), _places(self._truth_order, len(self._truth_order))
        known = guess_at[pairs.rows] >= 0
        placed = make_pairs(guess_at[pairs.rows[known]], truth_at[pairs.columns[known]], pairs.values[known])
        self._turns = turns(placed, groups[kept])
        category = guesses.category[self._order]
        self._by_score = np.lexsort((-guesses.score[self._order], category))
        self._categories = np.unique(truth.category)
        self._spans = [np.searchsorted(category, self._categories, side) for side in ("left", "right")]

    def averages(self) -> Averages:
        figures: dict[str, float] = {}
        by_category: dict[int, float] = {}
        for ending, least, most in self._rules.areas:
            ignored = self._ignored_truth(least, most)
            outcome = self._outcome(ignored, least, most)
            counts = np.bincount(self._truth.category[~ignored], minlength=int(self._categories.max(initial=0)) + 1)
            totals = counts[self._categories]
            precision = self._precision(outcome, totals)
            figures |= _precisions(precision[totals > 0], ending)
            figures |= self._recalls(outcome, totals, ending)
            if not ending:
                known = np.flatnonzero(totals)
                by_category = {int(self._categories[k]): float(precision[k].mean()) for k in known}
        return Averages(figures=figures, by_category=by_category)

    def _ignored_truth(self, least: float, most: float) -> Flags:
        area = self._truth.area
        return self._truth.ignored | (area < least) | (area > most)

    def _outcome(self, ignored: Flags, least: float, most: float) -> Outcome:
        """Return what became of the guesses; those without a match are ignored where their area is another one."""
        found = match(
            self._turns,
            THRESHOLDS,
            guesses=len(self._order),
            ignored_truth=ignored[self._truth_order],
            crowd_truth=self._truth.crowd[self._truth_order],
        )
        area = self._guesses.area[self._order]
        found.ignored[...] |= ~found.matched & ((area < least) | (area > most))
        return found

    def _precision(self, outcome: Outcome, totals: Ints) -> Floats:
        """Return precision by category, threshold and recall: (k, 10, 101)."""
        table = np.zeros((len(totals), len(THRESHOLDS), len(RECALLS)))
        counted = ~outcome.ignored[:, self._by_score]
        right = counted & outcome.matched[:, self._by_score]
        for k, total in enumerate(totals.tolist()):
            if total:
                part = slice(self._spans[0][k], self._spans[1][k])
                for t in range(len(THRESHOLDS)):
                    table[k, t] = precision_at_recalls(right[t, part], counted[t, part], total)
        return table

    def _recalls(self, outcome: Outcome, totals: Ints, ending: str) -> dict[str, float]:
        right = outcome.matched & ~outcome.ignored
        limits = self._rules.most if not ending else self._rules.most[-1:]
        found = {}
        known = np.flatnonzero(totals)
        for limit in limits:
            sums = np.cumsum(np.pad(right & (self._ranks < limit), ((0, 0), (1, 0))), axis=1, dtype=np.int64)
            hits = sums[:, self._spans[1]] - sums[:, self._spans[0]]
            if len(known):
                found[f"ar{limit}" if not ending else f"ar{ending}"] = float((hits[:, known] / totals[known]).mean())
        return found


def precision_at_recalls(right: Flags, counted: Flags, total: int) -> Floats:
    """Return the best precision at each of `RECALLS` or beyond: float64 (101,); 0 where that is never reached.

    Args:
        right: (n,) which guesses are right, the surest first.
        counted: (n,) which are right or wrong; the others are passed over.
        total: How many there are to be found.
    """
    hits = np.flatnonzero(right)
    number = np.arange(1, len(hits) + 1)
    seen = np.cumsum(counted, dtype=np.int64)[hits]
    precision = number / (seen + np.spacing(1))
    best = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(number / total, RECALLS, "left")
    return np.append(best, 0.0)[at]


def _precisions(precision: Floats, ending: str) -> dict[str, float]:
    if not len(precision):
        return {}
    means = {f"ap{ending}": float(precision.mean())}
    if not ending:
        means |= {"ap50": float(precision[:, 0].mean()), "ap75": float(precision[:, 5].mean())}
    return means


def _groups(truth: Truth, guesses: Guesses) -> tuple[Ints, Ints]:
    """Return the group of each truth and guess: category and picture, ascending with both."""
    pictures = max(int(truth.picture.max(initial=0)), int(guesses.picture.max(initial=0))) + 1
    return truth.category * pictures + truth.picture, guesses.category * pictures + guesses.picture


def _places(order: Ints, count: int) -> Ints:
    """Return where each of `count` things stands in an order; -1 where it is not in it."""
    places = np.full(count, -1, np.int64)
    places[order] = np.arange(len(order))
    return places


def _ranks(groups: Ints) -> Ints:
    """Return the place of each member within its group; groups ascend."""
    if not len(groups):
        return groups
    first = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]]))
    return np.arange(len(groups)) - np.repeat(first, np.diff(first, append=len(groups)))
