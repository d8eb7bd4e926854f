"""The rows of the Labels pane: headings, objects, and what is told below an object. Made without going through all."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from tui_editor.model.empty import EMPTY
from tui_editor.model.ids import InstanceId
from tui_editor.model.ontology import Classification
from tui_editor.state import selectors
from tui_editor.state.details import details
from tui_editor.state.memo import remember_last
from tui_editor.state.ranking import ID, Rank, Ranking, Within, ranking_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from tui_editor.model.ontology import Ontology
    from tui_editor.state.listing import Listing
    from tui_editor.state.store import TaskState

FEW: Final = 6_000
"""Of so many objects the order is found by sorting them, not by going through that of all."""


class Heading(Struct, frozen=True, kw_only=True):
    """A line above a group."""

    title: str
    count: int
    color: str = ""
    """Of the class; empty: the group is no class."""


class Detail(Struct, frozen=True):
    """A line below an object, by number."""

    instance: InstanceId
    number: int


RowKey = InstanceId | Heading | Detail


class _Part(Struct, frozen=True):
    """Rows that follow each other: a heading, objects, or the details of one."""

    heading: Heading | None = None
    start: int = 0
    """Of objects: where the first one is among all."""
    count: int = 1
    detailed: InstanceId | None = None


class LabelList:
    """Rows by number, and the row of an object.

    Args:
        ranks: Of the listed objects, in order.
        ranking: That gave them.
        headings: Each with the number of the object that it stands before, in order.
        details: How many lines objects have below them.
    """

    def __init__(
        self,
        ranks: Sequence[Rank],
        ranking: Ranking,
        headings: Sequence[tuple[int, Heading]] = (),
        details: Mapping[InstanceId, int] | None = None,
    ) -> None:
        self._ranks, self._ranking = ranks, ranking
        self._parts = list(_parts(len(ranks), headings, self._places(details or {})))
        self._rows = [0, *accumulate(part.count for part in self._parts)]
        self._runs = [n for n, part in enumerate(self._parts) if part.heading is None and part.detailed is None]
        self._starts = [self._parts[n].start for n in self._runs]

    def _places(self, details: Mapping[InstanceId, int]) -> list[tuple[int, InstanceId, int]]:
        places = ((self.place(instance), instance, count) for instance, count in details.items() if count)
        return sorted((place, instance, count) for place, instance, count in places if place is not None)

    def __len__(self) -> int:
        return self._rows[-1]

    @property
    def count(self) -> int:
        """Return the number of objects."""
        return len(self._ranks)

    def object(self, number: int) -> InstanceId:
        """Return the object with that number, from 0."""
        found: InstanceId = self._ranks[number][ID]
        return found

    def objects(self, first: int = 0, last: int | None = None) -> tuple[InstanceId, ...]:
        """Return the objects with the numbers first..last, the last included; all without numbers."""
        chosen = self._ranks[first : None if last is None else last + 1]
        return tuple(rank[ID] for rank in chosen)

    def place(self, instance: InstanceId | None) -> int | None:
        """Return the number of an object; None where it is not listed."""
        if instance is None or not self._ranking.knows(instance):
            return None
        rank = self._ranking.rank(instance)
        at = bisect_left(self._ranks, rank)
        return at if at < len(self._ranks) and self._ranks[at] == rank else None

    def key(self, row: int) -> RowKey:
        """Return what a row stands for."""
        at = bisect_right(self._rows, row) - 1
        part, within = self._parts[at], row - self._rows[at]
        if part.heading is not None:
            return part.heading
        return self.object(part.start + within) if part.detailed is None else Detail(part.detailed, within)

    def row(self, place: int) -> int:
        """Return the row of the object with a number."""
        run = self._runs[bisect_right(self._starts, place) - 1]
        return self._rows[run] + place - self._parts[run].start

    def nearest(self, row: int, way: int) -> int | None:
        """Return the row of an object at a row, or of the first one in that direction (1 down, -1 up)."""
        for at in range(min(max(row, 0), len(self) - 1), len(self) if way > 0 else -1, way):
            if isinstance(self.key(at), int):
                return at
        return None

    def ranks(self) -> Sequence[Rank]:
        """Return the ranks of the objects, for searching."""
        return self._ranks

    @property
    def ranking(self) -> Ranking:
        """Return what ordered the objects."""
        return self._ranking


def _parts(
    count: int, headings: Sequence[tuple[int, Heading]], details: Sequence[tuple[int, InstanceId, int]]
) -> Iterator[_Part]:
    """Yield the parts, top to bottom."""
    marks: list[tuple[int, int, _Part]] = [(at, 0, _Part(heading=heading)) for at, heading in headings]
    marks += [(at + 1, -1, _Part(count=lines, detailed=instance)) for at, instance, lines in details]
    begun = 0
    for at, _, part in sorted(marks, key=lambda mark: mark[:2]):
        if at > begun:
            yield _Part(start=begun, count=at - begun)
            begun = at
        yield part
    if count > begun:
        yield _Part(start=begun, count=count - begun)


# --- which objects -----------------------------------------------------------------------------------


_WITHIN = Within()


def _ranks(state: TaskState, ranking: Ranking) -> Sequence[Rank]:
    if state.listing.frame_only:
        found, everywhere = selectors.on_frame(state), _everywhere(state)
        return _on_frame(ranking, (*found, *everywhere) if everywhere else found, state.document.token)
    allowed = _allowed(state)
    if allowed is None:
        return ranking.all()
    if len(allowed) <= FEW:
        return _of_few(ranking, allowed, state.document.token)
    return _thinned(ranking.all(), allowed)


def _allowed(state: TaskState) -> frozenset[InstanceId] | None:
    """Return the objects that the filter and the range of frames let through; None: all."""
    passing = selectors.matching(state).instances if state.filters.terms else None
    frames = state.listing.frames
    if frames is None:
        return passing
    here = _WITHIN.of(state.document, state.view.unit, *frames)
    return here if passing is None else _both(here, passing)


@remember_last
def _both(one: frozenset[InstanceId], other: frozenset[InstanceId]) -> frozenset[InstanceId]:
    return one & other


@remember_last
def _thinned(ranks: Sequence[Rank], allowed: frozenset[InstanceId]) -> Sequence[Rank]:
    return tuple([rank for rank in ranks if rank[ID] in allowed])


def _in_order(ranking: Ranking, instances: Collection[InstanceId], token: object) -> Sequence[Rank]:
    del token  # another document: what has the same place in it is found soon
    return tuple(sorted(map(ranking.rank, instances)))


_on_frame, _of_few = remember_last(_in_order), remember_last(_in_order)


def _everywhere(state: TaskState) -> list[InstanceId]:
    """Return the classifications of the whole data unit: they hold on every frame."""
    of_class = state.document.lookup.of_class
    found: list[InstanceId] = []
    for entry in state.project.ontology.classifications:
        if entry.is_global:
            found += of_class.get(entry.id, ())
    passing = selectors.matching(state).instances if found and state.filters.terms else None
    return found if passing is None else [i for i in found if i in passing]


# --- headings ----------------------------------------------------------------------------------------


def _headings(
    ranks: Sequence[Rank], ranking: Ranking, ontology: Ontology, *, grouped: bool
) -> list[tuple[int, Heading]]:
    found: list[tuple[int, Heading]] = []
    at = 0
    while at < len(ranks):
        first = ranks[at]
        last = bisect_right(ranks, (*first[:2], float("inf")), lo=at)
        found.append((at, _heading(first, ranking, ontology, last - at, grouped=grouped)))
        at = last
    return found if grouped or any(rank[0] for rank in ranks[-1:]) else []


def _heading(first: Rank, ranking: Ranking, ontology: Ontology, count: int, *, grouped: bool) -> Heading:
    if not grouped:
        return Heading(title="Classifications" if first[0] else "Objects", count=count)
    class_id = ranking.classes()[first[1]]
    entry = ontology.find(class_id)
    title = entry.name if entry else class_id
    about = " · the whole file" if isinstance(entry, Classification) and entry.is_global else ""
    return Heading(title=title + about, count=count, color=selectors.class_color(ontology, class_id))


# --- the list ----------------------------------------------------------------------------------------


def label_list(state: TaskState) -> LabelList:
    """Return the rows of the Labels pane."""
    ranking, listing = ranking_of(state), state.listing
    known = state.document.instances
    below = {i: len(details(state, i)) for i in listing.expanded if i in known} if listing.expanded else EMPTY
    return _list(_ranks(state, ranking), ranking, state.project.ontology, listing, below)


@remember_last
def _list(
    ranks: Sequence[Rank],
    ranking: Ranking,
    ontology: Ontology,
    listing: Listing,
    below: Mapping[InstanceId, int],
) -> LabelList:
    return LabelList(ranks, ranking, _headings(ranks, ranking, ontology, grouped=listing.group_by_class), below)


def listing_steps(state: TaskState) -> Iterator[None]:
    """Find the order that a state asks for, a few milliseconds a step: `label_list` then knows it."""
    ranking = ranking_of(state)
    if state.listing.frame_only:
        return
    if state.filters.terms:
        yield from selectors.matching_steps(state, state.filters)
    allowed = _allowed(state)
    if allowed is None or len(allowed) > FEW:
        yield from ranking.steps()
