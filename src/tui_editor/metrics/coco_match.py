"""COCO's matching of scored guesses with the truth: the surest guess chooses first, at every threshold on its own.

T.-Y. Lin et al., "Microsoft COCO: Common Objects in Context", 2014; numbers are those of `COCOeval.evaluateImg` in
pycocotools. Guesses of one picture and category wait for each other, those of different ones don't: the n-th guesses
of all groups choose at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.metrics.pairs import Flags, Floats, Ints, Pairs

    Table = NDArray[np.bool_]

_NEARLY_ONE = 1 - 1e-10
_COUNTS = 2.0
"""Added to the overlap with what counts, so that it goes before any overlap with what is ignored."""


class Outcome(Struct, frozen=True, eq=False):
    """What became of n guesses at t thresholds: bool (t, n) each."""

    matched: Table
    ignored: Table
    """Matched with something that is ignored: neither right nor wrong."""


def turns(pairs: Pairs, groups: Ints) -> list[Pairs]:
    """Return the pairs in the turns in which they are looked at: those of the first guesses that have any, and so on.

    Args:
        pairs: Rows are guesses, in the order in which they choose within a group; columns are the truth.
        groups: (n,) of each guess, ascending.
    """
    if not len(pairs):
        return []
    heads = np.concatenate([[True], pairs.rows[1:] != pairs.rows[:-1]])
    group = groups[pairs.rows[heads]]
    first = np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]]))
    number = np.arange(len(group)) - np.repeat(first, np.diff(first, append=len(group)))
    turn = number[np.cumsum(heads) - 1]
    order = np.argsort(turn, kind="stable")
    ends = np.cumsum(np.bincount(turn))[:-1]
    return [pairs.where(some) for some in np.split(order, ends)]


def match(steps: list[Pairs], thresholds: Floats, *, guesses: int, ignored_truth: Flags, crowd_truth: Flags) -> Outcome:
    """Return what is matched at each threshold.

    Args:
        steps: What `turns` returned; columns in the file's order, since the last one of equals is taken.
        thresholds: (t,) least overlap.
        guesses: Number of guesses.
        ignored_truth: (m,) what is taken only when nothing else is there, and then doesn't count.
        crowd_truth: (m,) what may be taken any number of times.
    """
    least = np.minimum(thresholds, _NEARLY_ONE)[:, None]
    outcome = Outcome(np.zeros((len(least), guesses), bool), np.zeros((len(least), guesses), bool))
    taken = np.zeros((len(least), len(ignored_truth)), bool)
    for pairs in steps:
        ignored = ignored_truth[pairs.columns]
        free = (pairs.values >= least) & (~taken[:, pairs.columns] | crowd_truth[pairs.columns])
        value = np.where(free, pairs.values + _COUNTS * ~ignored, -1.0)
        threshold, head, at = _best(value, pairs.rows)
        guess, chosen = pairs.rows[head], pairs.columns[at]
        taken[threshold, chosen] = True
        outcome.matched[threshold, guess] = True
        outcome.ignored[threshold, guess] = ignored[at]
    return outcome


def _best(value: Floats, rows: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the best pair of each guess at each threshold, the last one of equals, where there is any.

    Args:
        value: (t, n) of each pair; negative when it can't be taken.
        rows: (n,) the guess of each pair, equal ones side by side.

    Returns:
        Threshold, place of the guess's first pair, and place of the best one.
    """
    heads = np.flatnonzero(np.concatenate([[True], rows[1:] != rows[:-1]]))
    if len(heads) == len(rows):
        threshold, at = np.nonzero(value >= 0)
        return threshold, at, at
    best = np.maximum.reduceat(value, heads, axis=1)
    sizes = np.diff(heads, append=len(rows))
    place = np.where(value == np.repeat(best, sizes, axis=1), np.arange(len(rows)), -1)
    last = np.maximum.reduceat(place, heads, axis=1)
    threshold, head = np.nonzero(best >= 0)
    return threshold, heads[head], last[threshold, head]
