"""How far raters agree beyond chance: Cohen's and Fleiss' kappa, Krippendorff's alpha.

J. Cohen, "A coefficient of agreement for nominal scales", 1960; J. L. Fleiss, "Measuring nominal scale agreement among
many raters", 1971; K. Krippendorff, "Content Analysis", 2004, chapter 11. 1 is perfect, 0 what chance gives; where only
one value was ever given there is nothing to agree on, and the answer is NaN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.metrics.pairs import Floats


def cohen_kappa(table: NDArray[Any]) -> float:
    """Return the kappa of two raters.

    Args:
        table: (k, k) how often the first gave the row's value and the second the column's.
    """
    total = float(table.sum())
    if total <= 0:
        return float("nan")
    by_chance = float((table.sum(axis=1) * table.sum(axis=0) / total**2).sum())
    return _beyond(float(np.trace(table)) / total, by_chance)


def fleiss_kappa(counts: NDArray[Any], times: NDArray[Any] | None = None) -> float:
    """Return the kappa of many raters, as many for each thing.

    Args:
        counts: (n, k) how many raters gave each of k values to each of n things; at least two a thing.
        times: (n,) how many things each row stands for; 1 when absent.
    """
    raters = float(counts[0].sum()) if len(counts) else 0.0
    many = np.ones(len(counts)) if times is None else times
    if raters < 2 or not many.sum():
        return float("nan")
    same = (counts * (counts - 1)).sum(axis=1) / (raters * (raters - 1))
    shares = many @ counts / (many.sum() * raters)
    return _beyond(float(many @ same / many.sum()), float((shares**2).sum()))


def krippendorff_alpha(
    counts: NDArray[Any], times: NDArray[Any] | None = None, distance: Floats | None = None
) -> float:
    """Return the alpha of many raters, some of whom may have said nothing of some things.

    Args:
        counts: (n, k) how many raters gave each of k values to each of n things.
        times: (n,) how many things each row stands for; 1 when absent.
        distance: (k, k) how far values are apart, 0 with themselves; nominal (0 or 1) when absent.
    """
    many = np.ones(len(counts)) if times is None else times
    told = (counts.sum(axis=1) >= 2) & (many > 0)
    single = counts[told].astype(np.float64)
    if not len(single):
        return float("nan")
    apart = 1.0 - np.eye(counts.shape[1]) if distance is None else distance
    known = single * many[told][:, None]
    weights = single / (single.sum(axis=1) - 1)[:, None]
    together = weights.T @ known - np.diag(many[told] @ weights)
    totals = known.sum(axis=0)
    expected = float((np.outer(totals, totals) * apart).sum()) / (float(totals.sum()) - 1)
    return 1.0 - float((together * apart).sum()) / expected if expected > 0 else float("nan")


def of_two(table: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return from the table of two raters (k, k) the counts of each pair of values (k², k), and how often it came."""
    k = len(table)
    first, second = np.repeat(np.arange(k), k), np.tile(np.arange(k), k)
    counts = np.zeros((k * k, k), np.int64)
    np.add.at(counts, (np.arange(k * k), first), 1)
    np.add.at(counts, (np.arange(k * k), second), 1)
    return counts, table.ravel()


def _beyond(observed: float, by_chance: float) -> float:
    """Return the share of what chance leaves open that was reached."""
    return (observed - by_chance) / (1 - by_chance) if by_chance < 1 else float("nan")
