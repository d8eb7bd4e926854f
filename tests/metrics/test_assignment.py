from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.metrics.assignment import heaviest_edges, heaviest_matching, sure_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WEIGHTS = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 6).map(lambda v: v / 4), min_size=n, max_size=n), min_size=1, max_size=4)
)


def heaviest_by_trying(weights: NDArray[np.float64]) -> float:
    wide = weights if weights.shape[0] <= weights.shape[1] else weights.T
    rows = np.arange(len(wide))
    return max(float(wide[rows, list(columns)].sum()) for columns in permutations(range(wide.shape[1]), len(wide)))


def edges_of(weights: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    rows, columns = np.nonzero(weights)
    return rows.astype(np.int64), columns.astype(np.int64), weights[rows, columns]


@given(_WEIGHTS)
def test_a_matching_takes_each_row_and_column_once_and_weighs_as_much_as_any(table: list[list[float]]) -> None:
    weights = np.array(table)
    rows, columns, values = edges_of(weights)

    chosen = heaviest_matching(rows, columns, values)

    assert len(set(rows[chosen].tolist())) == len(set(columns[chosen].tolist())) == len(chosen)
    assert values[chosen].sum() == pytest.approx(heaviest_by_trying(weights))


@given(_WEIGHTS)
def test_a_search_alone_finds_as_much(table: list[list[float]]) -> None:
    weights = np.array(table)
    rows, columns, values = edges_of(weights)
    edges = list(zip(rows.tolist(), columns.tolist(), values.tolist(), strict=True))

    found = sum(edges[n][2] for n in heaviest_edges(edges)) if edges else 0.0

    assert found == pytest.approx(heaviest_by_trying(weights))


@given(_WEIGHTS, st.integers(0, 2**20))
def test_the_order_of_the_pairs_does_not_change_the_weight(table: list[list[float]], seed: int) -> None:
    rows, columns, values = edges_of(np.array(table))
    order = np.random.default_rng(seed).permutation(len(rows))

    one = values[heaviest_matching(rows, columns, values)].sum()
    other = values[order][heaviest_matching(rows[order], columns[order], values[order])].sum()

    assert one == pytest.approx(other)


def test_pairs_that_weigh_nothing_are_not_taken() -> None:
    zero = np.zeros(2, np.int64)

    assert len(heaviest_matching(zero, np.array([0, 1]), np.array([0.0, -1.0]))) == 0


def test_a_pair_that_outweighs_its_rivals_together_is_sure_and_one_that_does_not_is_searched() -> None:
    rows, columns = np.array([0, 0, 1]), np.array([0, 1, 0])

    assert sure_pairs(rows, columns, np.array([1.0, 0.4, 0.4])).tolist() == [True, False, False]
    assert not sure_pairs(rows, columns, np.array([1.0, 0.9, 0.9])).any()
    assert heaviest_matching(rows, columns, np.array([1.0, 0.9, 0.9])).tolist() == [1, 2]
