"""Instances in the order that a listing asks for, brought up to date by what an edit touched."""

from __future__ import annotations

import bisect
from collections import deque
from heapq import merge
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from tui_editor.model.issues import DecisionState
from tui_editor.model.ontology import Classification
from tui_editor.state.listing import SortBy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import ClassId, InstanceId, UnitId
    from tui_editor.state.store import TaskState

Rank = tuple[Any, ...]
"""Numbers only: 1 for classifications, the group's class (0 without groups), the keys of the sort, then class, number
and id. Sorting by it gives the order; those between the second and the id are negated where it goes down."""
CLASS, NUMBER, ID = -3, -2, -1
"""Where a rank has the class, the number and the id."""

A_STEP: Final = 500
"""Instances that are ranked at once: about a millisecond."""
LONG_RUN: Final = 4_000
"""To merge two longer runs at once takes too long for a step."""
STATES: Final = (
    DecisionState.REJECTED,
    DecisionState.REOPENED,
    DecisionState.PENDING,
    DecisionState.RESOLVED,
    DecisionState.APPROVED,
)
"""What needs somebody comes first."""


class Ranking:
    """The ranks of a task's instances for one order.

    Args:
        state: Whose project, task, sort and groups it is for.
    """

    def __init__(self, state: TaskState) -> None:
        self.wanted = wanted_of(state)
        self._sort, self._sign = state.listing.sort, -1 if state.listing.descending else 1
        self._grouped = state.listing.group_by_class
        self._here = (state.view.unit, state.view.frame) if state.listing.frame_only else None
        entries = state.project.ontology.all()
        self._class_ranks = {entry.id: number for number, entry in enumerate(entries)}
        self._first_classification = sum(not isinstance(entry, Classification) for entry in entries)
        by_name = sorted((entry.name.casefold(), entry.id) for entry in entries)
        self._name_ranks = {class_id: number for number, (_, class_id) in enumerate(by_name)}
        self._unit_ranks = {unit.id: number for number, unit in enumerate(state.task.units)}
        self._token: object = None
        self._document = state.document
        self._known: dict[InstanceId, Rank] = {}
        self._sorted: list[Rank] | None = None
        self._snapshot: tuple[Rank, ...] | None = None

    # --- asking ------------------------------------------------------------------------------------

    def rank(self, instance: InstanceId) -> Rank:
        """Return the rank of an instance of the document that was followed last."""
        found = self._known.get(instance)
        if found is None:
            found = self._known[instance] = self._ranked(instance)
        return found

    def knows(self, instance: InstanceId) -> bool:
        """Return whether the document that was followed last has an instance."""
        return instance in self._document.instances

    def all(self) -> tuple[Rank, ...]:
        """Return the ranks of all instances in order; the same object as before when nothing of it changed."""
        if self._sorted is None:
            for _ in self.steps():
                pass
        if self._snapshot is None:
            self._snapshot = tuple(self._sorted or ())
        return self._snapshot

    def steps(self) -> Iterator[None]:
        """Put all instances in order, a few milliseconds a step: `all` then knows it."""
        while _RETIRED:
            yield from _RETIRED.pop().fall_apart()
        if self._sorted is not None:
            return
        document: LabelDocument = self._document
        runs: list[list[Rank]] = []
        instances = iter(document.instances)
        while some := sorted(map(self.rank, islice(instances, A_STEP))):
            runs.append(some)
            yield
        while len(runs) > 1 and len(runs[0]) < LONG_RUN:  # a sort of two sorted runs is a merge
            pairs, runs = [runs[n : n + 2] for n in range(0, len(runs), 2)], []
            for pair in pairs:
                runs.append(sorted(chain.from_iterable(pair)))
                yield
        merged: list[Rank] = []
        ordered = merge(*runs)
        while more := list(islice(ordered, LONG_RUN // 4)):
            merged += more
            yield
        if self._document is document:
            self._sorted = merged

    def fall_apart(self) -> Iterator[None]:
        """Let go of everything, a few milliseconds a step: a hundred thousand ranks at once take too long."""
        known, order = self._known, self._sorted or []
        self._known, self._sorted, self._snapshot = {}, None, None
        while known:
            for _ in range(min(LONG_RUN, len(known))):
                known.popitem()
            yield
        while order:
            del order[-LONG_RUN:]
            yield

    def follow(self, document: LabelDocument) -> None:
        """Take in what was touched since the last document."""
        touched = document.touched_since(self._token)
        self._document, self._token = document, document.token
        if touched is None:
            self._known, self._sorted, self._snapshot = {}, None, None
        elif touched:
            self._take_in(touched)

    def _take_in(self, touched: frozenset[InstanceId]) -> None:
        old = {key: rank for key in touched if (rank := self._known.pop(key, None)) is not None}
        if self._sorted is None:
            return
        new = {key: self.rank(key) for key in touched if key in self._document.instances}
        moved = {key for key in touched if old.get(key) != new.get(key)}
        if not moved:
            return
        self._snapshot = None
        if len(moved) > A_STEP:
            kept = [rank for rank in self._sorted if rank[ID] not in moved]
            self._sorted = sorted([*kept, *sorted(new[key] for key in moved if key in new)])
            return
        for key in moved:
            if key in old:
                del self._sorted[bisect.bisect_left(self._sorted, old[key])]
            if key in new:
                bisect.insort(self._sorted, new[key])

    # --- ranks -------------------------------------------------------------------------------------

    def class_rank(self, class_id: ClassId) -> int:
        """Return the place of a class in the ontology; one that it lacks comes behind those that were met before."""
        return self._class_ranks.setdefault(class_id, len(self._class_ranks))

    def classes(self) -> dict[int, ClassId]:
        """Return the classes by their place."""
        return {number: class_id for class_id, number in self._class_ranks.items()}

    @property
    def sign(self) -> int:
        """Return 1 where the order goes up, -1 where it goes down: the class and the number are multiplied by it."""
        return self._sign

    def _ranked(self, instance: InstanceId) -> Rank:
        value = self._document.instances[instance]
        place, sign = self.class_rank(value.class_id), self._sign
        is_object = place < self._first_classification or place >= self._first_unknown
        keys = (sign * key for key in self._keys(instance, value.class_id, value.created_ms, place))
        group = place if self._grouped else 0
        return (0 if is_object else 1, group, *keys, sign * place, sign * value.ordinal, instance)

    @property
    def _first_unknown(self) -> int:
        return len(self._name_ranks)

    def _keys(self, instance: InstanceId, class_id: ClassId, created_ms: int, place: int) -> Iterable[float]:
        match self._sort:
            case SortBy.CREATION:
                return (created_ms,)
            case SortBy.NAME:
                return (self._name_ranks.get(class_id, place),)
            case SortBy.CLASS:
                return (place,)
            case SortBy.FIRST_FRAME:
                return self._first_frame(instance)
            case SortBy.CONFIDENCE:
                return (self._confidence(instance),)
            case SortBy.STATE:
                decision = self._document.decisions.get(instance)
                return (STATES.index(decision.state if decision else DecisionState.PENDING),)

    def _first_frame(self, instance: InstanceId) -> tuple[int, int]:
        starts = [
            (self._unit_ranks.get(unit, 0), track.frames.item(0)) for unit, track in self._document.tracks_of(instance)
        ]
        return min(starts, default=(-1, -1))

    def _confidence(self, instance: InstanceId) -> float:
        if self._here is None:
            return min([float(t.confidence.min()) for _, t in self._document.tracks_of(instance)], default=1.0)
        unit, frame = self._here
        track = self._document.track(instance, unit)
        row = track.row_of(frame) if track is not None else None
        return float(track.confidence[row]) if track is not None and row is not None else 1.0


def wanted_of(state: TaskState) -> tuple[object, ...]:
    """Return what an order depends on besides the document."""
    listing = state.listing
    here = (state.view.unit, state.view.frame) if listing.frame_only and listing.sort is SortBy.CONFIDENCE else None
    return state.project.ontology, state.task, listing.sort, listing.descending, listing.group_by_class, here


_RECENT: deque[Ranking] = deque(maxlen=2)
"""Of the task that is open: the order that is shown, and the one that is being made."""

_RETIRED: deque[Ranking] = deque(maxlen=2)
"""Orders that nobody asks for any more."""


def ranking_of(state: TaskState) -> Ranking:
    """Return the order that a state asks for, of its document."""
    wanted = wanted_of(state)
    found = next((r for r in _RECENT if r.wanted == wanted), None)
    if found is None:
        found = Ranking(state)
        if len(_RECENT) == _RECENT.maxlen:
            _RETIRED.append(_RECENT.popleft())
        _RECENT.append(found)
    found.follow(state.document)
    return found


class Within:
    """The instances with a label on some frames of a data unit; remembers the last document's."""

    def __init__(self) -> None:
        self._asked: tuple[UnitId, int, int] | None = None
        self._token: object = None
        self._found: frozenset[InstanceId] = frozenset()

    def of(self, document: LabelDocument, unit: UnitId, first: int, last: int) -> frozenset[InstanceId]:
        """Return those with a label on frames first..last; the same object as before when nothing of it changed."""
        touched = document.touched_since(self._token) if self._asked == (unit, first, last) else None
        if touched is None:
            self._found = frozenset(document.index.within(unit, first, last))
        else:
            here = {i for i in touched if _is_within(document, i, unit, first, last)}
            if here != self._found & touched:
                self._found = (self._found - touched) | here
        self._asked, self._token = (unit, first, last), document.token
        return self._found


def _is_within(document: LabelDocument, instance: InstanceId, unit: UnitId, first: int, last: int) -> bool:
    track = document.track(instance, unit)
    if track is None:
        return False
    row = int(track.frames.searchsorted(first))
    return row < len(track) and track.frames.item(row) <= last
