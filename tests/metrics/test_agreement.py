"""Kappa and alpha against published figures, and against statsmodels and krippendorff where those are installed."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.metrics.agreement import cohen_kappa, fleiss_kappa, krippendorff_alpha, of_two

_TABLES = st.integers(2, 4).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 9), min_size=k, max_size=k), min_size=k, max_size=k)
)
FLEISS = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)
"""The worked example of Fleiss' kappa in Wikipedia: 10 subjects, 14 raters, 5 categories, 0.210."""
_NONE = 0
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _NONE, _NONE, _NONE],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _NONE, 3],
    [_NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _NONE],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _NONE],
]
"""K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011, example C: nominal 0.743, interval 0.849."""


def value_counts() -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    table = np.array(KRIPPENDORFF)
    return np.stack([(table == value).sum(axis=0) for value in range(1, 6)], axis=1)


def test_cohens_kappa_is_that_of_his_textbook_example() -> None:
    assert cohen_kappa(np.array([[20, 5], [10, 15]])) == pytest.approx(0.4)


def test_fleiss_kappa_is_that_of_the_worked_example() -> None:
    assert fleiss_kappa(FLEISS) == pytest.approx(0.20993070442195522, abs=1e-12)


def test_krippendorffs_alpha_is_that_of_his_example_with_missing_values() -> None:
    assert krippendorff_alpha(value_counts()) == pytest.approx(0.743, abs=5e-4)


def test_krippendorffs_alpha_takes_a_distance() -> None:
    values = np.arange(1, 6)
    squared = (values[:, None] - values[None, :]).astype(float) ** 2

    assert krippendorff_alpha(value_counts(), distance=squared) == pytest.approx(0.849, abs=5e-4)


@given(_TABLES)
def test_kappa_does_not_depend_on_which_rater_comes_first(rows: list[list[int]]) -> None:
    table = np.array(rows)

    assert cohen_kappa(table) == pytest.approx(cohen_kappa(table.T), nan_ok=True)


@given(_TABLES, st.integers(0, 100))
def test_the_order_of_the_values_makes_no_difference(rows: list[list[int]], seed: int) -> None:
    table = np.array(rows)
    order = np.random.default_rng(seed).permutation(len(table))
    turned = table[order][:, order]

    assert cohen_kappa(table) == pytest.approx(cohen_kappa(turned), nan_ok=True)
    assert krippendorff_alpha(*of_two(table)) == pytest.approx(krippendorff_alpha(*of_two(turned)), nan_ok=True)


@given(_TABLES)
def test_things_that_are_counted_together_agree_as_if_each_were_listed(rows: list[list[int]]) -> None:
    counts, times = of_two(np.array(rows))
    listed = np.repeat(counts, times, axis=0)

    assert fleiss_kappa(counts, times) == pytest.approx(fleiss_kappa(listed), nan_ok=True)
    assert krippendorff_alpha(counts, times) == pytest.approx(krippendorff_alpha(listed), nan_ok=True)


def test_raters_who_always_agree_reach_one_and_with_a_single_value_there_is_nothing_to_tell() -> None:
    same, single = np.diag([3, 4]), np.diag([7, 0])

    assert (cohen_kappa(same), fleiss_kappa(*of_two(same)), krippendorff_alpha(*of_two(same))) == (1, 1, 1)
    assert math.isnan(cohen_kappa(single))
    assert math.isnan(krippendorff_alpha(*of_two(single)))
    assert math.isnan(cohen_kappa(np.zeros((2, 2))))


def test_kappas_are_those_of_statsmodels() -> None:
    rater = pytest.importorskip("statsmodels.stats.inter_rater", reason="the extra `parity` is not installed")
    rng = np.random.default_rng(3)
    for k in range(2, 7):
        table = rng.integers(0, 30, (k, k))
        counts = rng.multinomial(5, np.ones(k) / k, size=20)

        assert cohen_kappa(table) == pytest.approx(rater.cohens_kappa(table, return_results=False), abs=1e-9)
        assert fleiss_kappa(counts) == pytest.approx(rater.fleiss_kappa(counts), abs=1e-9)


def test_alpha_is_that_of_the_krippendorff_package() -> None:
    peer = pytest.importorskip("krippendorff", reason="the extra `parity` is not installed")
    rng = np.random.default_rng(4)
    for k in range(2, 7):
        counts = rng.integers(0, 3, (25, k))
        theirs = peer.alpha(value_counts=counts, level_of_measurement="nominal")

        assert krippendorff_alpha(counts) == pytest.approx(theirs, abs=1e-9)
