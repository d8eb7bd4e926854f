"""The order of a review and the instances that stand out in it, brought up to date by what an edit touched."""

from __future__ import annotations

import bisect
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import InstanceId, UnitId
    from tui_editor.model.project import Task

R = TypeVar("R", bound=tuple[Any, ...])
_Rank = tuple[int, int, str, int, int]
"""Rank of the first unit, first frame, class, number, id: sorting by it gives the order of a review."""

MOST_TOUCHED = 256
"""An edit that touched more instances costs less to take in by starting afresh."""


RANKS_A_STEP = 500


def _is_near(touched: frozenset[InstanceId] | None) -> TypeGuard[frozenset[InstanceId]]:
    """Return whether a document differs so little that what was known of the one before is brought up to date."""
    return touched is not None and len(touched) <= MOST_TOUCHED


def sorted_steps(ranks: Iterable[R]) -> Generator[None, None, list[R]]:
    """Return what can be compared in order, a few milliseconds a step."""
    waiting, parts = iter(ranks), []
    while part := sorted(islice(waiting, RANKS_A_STEP)):
        parts.append(part)
        yield
    found: list[R] = []
    for number, rank in enumerate(merge(*parts)):
        found.append(rank)
        if number % RANKS_A_STEP == 0:
            yield
    return found


class ReviewOrder:
    """All instances of a task by first frame, class and number; remembers the last document's."""

    def __init__(self) -> None:
        self._task: Task | None = None
        self._token: object = None
        self._ranks: list[_Rank] = []
        self._rank_of: dict[InstanceId, _Rank] = {}
        self._order: tuple[InstanceId, ...] = ()

    def steps(self, document: LabelDocument, task: Task) -> Iterator[None]:
        """Work the order out a few milliseconds a step: `of` then knows it."""
        if task is self._task and _is_near(document.touched_since(self._token)):
            return
        unit_rank = {unit.id: rank for rank, unit in enumerate(task.units)}
        rank_of: dict[InstanceId, _Rank] = {}
        for number, key in enumerate(document.instances):
            rank_of[key] = _rank(document, unit_rank, key)
            if number % RANKS_A_STEP == 0:
                yield
        ranks = yield from sorted_steps(rank_of.values())
        self._rank_of, self._ranks = rank_of, ranks
        self._order = tuple([rank[-1] for rank in ranks])  # type: ignore[misc]  # the id is the last part
        self._task, self._token = task, document.token

    def of(self, document: LabelDocument, task: Task) -> tuple[InstanceId, ...]:
        """Return the order; the same object as before when nothing of it changed."""
        touched = document.touched_since(self._token) if task is self._task else None
        if not _is_near(touched):
            self._start(document, task)
        elif touched:
            self._update(document, task, touched)
        self._task, self._token = task, document.token
        return self._order

    def _start(self, document: LabelDocument, task: Task) -> None:
        unit_rank = {unit.id: rank for rank, unit in enumerate(task.units)}
        self._rank_of = {key: _rank(document, unit_rank, key) for key in document.instances}
        self._ranks = sorted(self._rank_of.values())
        self._order = tuple(rank[-1] for rank in self._ranks)  # type: ignore[misc]  # the id is the last part

    def _update(self, document: LabelDocument, task: Task, touched: Iterable[InstanceId]) -> None:
        unit_rank = {unit.id: rank for rank, unit in enumerate(task.units)}
        moved = False
        for key in touched:
            old = self._rank_of.pop(key, None)
            new = _rank(document, unit_rank, key) if key in document.instances else None
            if new is not None:
                self._rank_of[key] = new
            if new != old:
                moved = True
                self._put(old, new)
        if moved:
            self._order = tuple(rank[-1] for rank in self._ranks)  # type: ignore[misc]  # the id is the last part

    def _put(self, old: _Rank | None, new: _Rank | None) -> None:
        if old is not None:
            del self._ranks[bisect.bisect_left(self._ranks, old)]
        if new is not None:
            bisect.insort(self._ranks, new)


def _rank(document: LabelDocument, unit_rank: dict[UnitId, int], key: InstanceId) -> _Rank:
    value = document.instances[key]
    starts = [
        (unit_rank.get(unit, 0), int(document.tracks[key, unit].frames[0])) for unit in document.units_of.get(key, ())
    ]
    unit, first = min(starts, default=(0, -1))
    return unit, first, value.class_id, value.ordinal, key


class Standouts:
    """The instances for which a test holds; remembers the last document's.

    Args:
        test: Says of an instance that the document has whether it stands out.
    """

    def __init__(self, test: Callable[..., bool]) -> None:
        self._test = test
        self._token: object = None
        self._given: tuple[object, ...] = ()
        self._found: set[InstanceId] = set()
        self._picked: tuple[tuple[InstanceId, ...], tuple[InstanceId, ...]] | None = None

    def steps(self, document: LabelDocument, *given: object) -> Iterator[None]:
        """Find what stands out a few milliseconds a step, where anybody asked before: `found` then knows it."""
        if self._token is None or _is_near(document.touched_since(self._token)):
            return
        found: set[InstanceId] = set()
        for number, key in enumerate(document.instances):
            if self._test(document, key, *given):
                found.add(key)
            if number % RANKS_A_STEP == 0:
                yield
        self._found, self._picked, self._given, self._token = found, None, given, document.token

    def within(self, order: tuple[InstanceId, ...], document: LabelDocument, *given: object) -> tuple[InstanceId, ...]:
        """Return those of `order` that stand out, in that order.

        Args:
            order: Where to look, as `ReviewOrder` gave it.
            document: The task's labels.
            given: What the test needs besides; when it changes, everything is tested again.
        """
        self._follow(document, given)
        if self._picked is None or self._picked[0] is not order:
            self._picked = order, tuple(i for i in order if i in self._found)
        return self._picked[1]

    def found(self, document: LabelDocument, *given: object) -> set[InstanceId]:
        """Return all that stand out; not to be changed."""
        self._follow(document, given)
        return self._found

    def _follow(self, document: LabelDocument, given: tuple[object, ...]) -> None:
        same = len(given) == len(self._given) and all(a is b for a, b in zip(given, self._given, strict=True))
        touched = document.touched_since(self._token) if same else None
        if not _is_near(touched):
            self._found = {i for i in document.instances if self._test(document, i, *given)}
            self._picked = None
        for key in touched or ():
            holds = key in document.instances and self._test(document, key, *given)
            if holds != (key in self._found):
                (self._found.add if holds else self._found.discard)(key)
                self._picked = None
        self._given, self._token = given, document.token
