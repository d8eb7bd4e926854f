"""The heaviest matching of rows and columns: each in one pair at most, the sum of weights as large as can be.

The optimum is that of the Hungarian method. Most pairs of labels need no search: a pair that weighs more than the best
other pair of its row and the best other pair of its column together is in every optimum, since exchanging it for both
would lose. Such pairs are taken for all frames at once, again and again. What is left falls into components, which are
solved one by one with shortest augmenting paths (R. Jonker and A. Volgenant, "A shortest augmenting path algorithm for
dense and sparse linear assignment problems", Computing 38, 1987).
"""

from __future__ import annotations

from collections import defaultdict
from heapq import heappop, heappush
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tui_editor.metrics.pairs import Flags, Floats, Ints

Edge = tuple[int, int, float]
"""Row, column, weight."""


def heaviest_matching(rows: Ints, columns: Ints, weights: Floats) -> Ints:
    """Return which of n weighted pairs make the heaviest matching: ascending numbers of pairs.

    Args:
        rows: (n,) any numbers; equal ones are the same row.
        columns: (n,) likewise; rows and columns are numbered apart.
        weights: (n,) pairs that weigh 0 or less are never taken.
    """
    live = np.flatnonzero(weights > 0)
    chosen = []
    while len(live):
        sure = sure_pairs(rows[live], columns[live], weights[live])
        if not sure.any():
            chosen.append(_searched(rows, columns, weights, live))
            break
        taken = live[sure]
        chosen.append(taken)
        gone = np.isin(rows[live], rows[taken]) | np.isin(columns[live], columns[taken])
        live = live[~gone]
    return np.sort(np.concatenate(chosen)) if chosen else np.empty(0, np.int64)


def sure_pairs(rows: Ints, columns: Ints, weights: Floats) -> Flags:
    """Return which pairs, (n,) bool, are in every heaviest matching because no two others outweigh them."""
    return weights > best_other(rows, weights) + best_other(columns, weights)


def best_other(keys: Ints, weights: Floats) -> Floats:
    """Return, for each of n pairs, the largest weight among the others of the same key; 0 where there is none."""
    order = None if (keys[1:] >= keys[:-1]).all() else np.argsort(keys, kind="stable")
    key, weight = (keys, weights) if order is None else (keys[order], weights[order])
    heads = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    sizes = np.diff(heads, append=len(key))
    best = np.repeat(np.maximum.reduceat(weight, heads), sizes)
    top = np.flatnonzero(weight == best)
    first = top[np.concatenate([[True], key[top[1:]] != key[top[:-1]]])]
    rest = weight.copy()
    rest[first] = 0.0
    best[first] = np.maximum(np.maximum.reduceat(rest, heads), 0.0)
    if order is None:
        return best
    found = np.empty_like(weights)
    found[order] = best
    return found


def _searched(rows: Ints, columns: Ints, weights: Floats, live: Ints) -> Ints:
    """Return the numbers of the pairs to take among those that need a search."""
    found: list[int] = []
    numbers = live.tolist()
    edges = list(zip(rows[live].tolist(), columns[live].tolist(), weights[live].tolist(), strict=True))
    for members in components(edges):
        taken = set(heaviest_edges([edges[n] for n in members]))
        found.extend(numbers[n] for place, n in enumerate(members) if place in taken)
    return np.array(found, np.int64)


def components(edges: list[Edge]) -> list[list[int]]:
    """Return the numbers of the edges that hang together, component by component, in order of their first edge."""
    parent: dict[tuple[int, int], tuple[int, int]] = {}

    def top(node: tuple[int, int]) -> tuple[int, int]:
        root = node
        while parent.setdefault(root, root) != root:
            root = parent[root]
        while parent[node] != root:
            parent[node], node = root, parent[node]
        return root

    for row, column, _ in edges:
        parent[top((0, row))] = top((1, column))
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, (row, _, _) in enumerate(edges):
        found[top((0, row))].append(number)
    return list(found.values())


def heaviest_edges(edges: list[Edge]) -> list[int]:
    """Return which edges make the heaviest matching, by search: every row takes a column or, at no gain, none."""
    most = max(weight for _, _, weight in edges)
    row_numbers: dict[int, int] = {}
    column_numbers: dict[int, int] = {}
    costs: list[list[tuple[int, float, int]]] = []
    for number, (row, column, weight) in enumerate(edges):
        at = row_numbers.setdefault(row, len(row_numbers))
        if at == len(costs):
            costs.append([])
        costs[at].append((column_numbers.setdefault(column, len(column_numbers)), most - weight, number))
    for at, options in enumerate(costs):
        options.append((len(column_numbers) + at, most, -1))
    return sorted(number for number in _Paths(costs, len(column_numbers)).solve() if number >= 0)


class _Paths:
    """Shortest augmenting paths through sparse costs (n rows, each with a column of its own that no other has)."""

    def __init__(self, costs: list[list[tuple[int, float, int]]], columns: int) -> None:
        self._costs = costs
        self._row_price = [0.0] * len(costs)
        self._column_price = [0.0] * (columns + len(costs))
        self._row_of: list[int] = [-1] * (columns + len(costs))
        self._taken: list[tuple[int, int]] = [(-1, -1)] * len(costs)
        """Column and number of the edge of each row."""

    def solve(self) -> list[int]:
        """Return the number of each row's edge."""
        for row in range(len(self._costs)):
            self._augment(row)
        return [number for _, number in self._taken]

    def _augment(self, start: int) -> None:
        reached: dict[int, float] = {}
        came: dict[int, tuple[int, int]] = {}
        heap: list[tuple[float, int]] = []
        done: set[int] = set()
        row, length = start, 0.0
        while True:
            base = length - self._row_price[row]
            for column, cost, number in self._costs[row]:
                distance = base + cost - self._column_price[column]
                if column not in done and distance < reached.get(column, np.inf):
                    reached[column], came[column] = distance, (row, number)
                    heappush(heap, (distance, column))
            length, column = heappop(heap)
            while column in done:
                length, column = heappop(heap)
            if self._row_of[column] < 0:
                break
            done.add(column)
            row = self._row_of[column]
        self._reprice(start, length, done, reached)
        self._turn(start, column, came)

    def _reprice(self, start: int, length: float, done: set[int], reached: dict[int, float]) -> None:
        self._row_price[start] += length
        for column in done:
            slack = length - reached[column]
            self._row_price[self._row_of[column]] += slack
            self._column_price[column] -= slack

    def _turn(self, start: int, column: int, came: dict[int, tuple[int, int]]) -> None:
        """Give each row on the path to `column` the column that comes after it."""
        while True:
            row, number = came[column]
            before = self._taken[row][0]
            self._taken[row] = (column, number)
            self._row_of[column] = row
            if row == start:
                return
            column = before
