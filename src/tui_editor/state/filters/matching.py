"""Which labels and instances a filter lets through; found a block at a time, then kept up with what edits touch."""

from __future__ import annotations

import operator
import threading
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tui_editor.state.filters.columns import Columns, blocks_of, columns_of
from tui_editor.state.filters.conditions import Condition, conditions_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import InstanceId, UnitId
    from tui_editor.model.ontology import Ontology
    from tui_editor.state.view import Filters

MOST_STALE: Final = 256
"""When edits touched more instances, the columns are made anew."""
RECENT: Final = 4
"""Answers that are remembered: the picture may be of a state a few edits ago."""


class Passing(NamedTuple):
    """Labels of an instance in a data unit that pass."""

    instance: InstanceId
    unit: UnitId
    frames: NDArray[np.int32]


class _Kept(NamedTuple):
    """The columns of a document."""

    token: object
    """Of a document that was made of it, or of it itself."""
    blocks: list[Columns]
    stale: frozenset[InstanceId]
    """What was touched between the two."""


class DocumentColumns:
    """The columns of the last document, block by block."""

    def __init__(self) -> None:
        self._kept: _Kept | None = None

    def blocks(self, document: LabelDocument) -> Iterator[Columns]:
        """Yield the blocks; those that are there already where few instances were touched since."""
        kept = self._kept = self._followed(document)
        if kept is not None:
            yield from kept.blocks
            return
        made = []
        for block in blocks_of(document):
            made.append(block)
            yield block
        self._kept = _Kept(document.token, made, frozenset())

    def _followed(self, document: LabelDocument) -> _Kept | None:
        kept = self._kept
        touched = document.touched_since(kept.token) if kept is not None else None
        if kept is None or touched is None or len(kept.stale | touched) > MOST_STALE:
            return None
        return _Kept(document.token, kept.blocks, kept.stale | touched)

    def stale(self, blocks: Sequence[Columns], document: LabelDocument) -> frozenset[InstanceId] | None:
        """Return the instances of which the blocks say something that is not so any more; None: unknown."""
        kept = self._followed(document)
        same = kept is not None and len(blocks) == len(kept.blocks) and all(map(operator.is_, blocks, kept.blocks))
        return kept.stale if kept is not None and same else None


class Matching(Struct, frozen=True, kw_only=True, eq=False):
    """What a filter lets through of one document.

    An instance passes when it has a label that meets every condition; one without labels when all the conditions are
    about the instance.
    """

    filters: Filters
    ontology: Ontology
    conditions: tuple[Condition, ...]
    token: object
    """Of the document."""
    parts: tuple[tuple[Columns, NDArray[np.bool_]], ...]
    """Columns, and which of their labels pass."""
    stale: Mapping[InstanceId, tuple[Passing, ...]]
    """Instances that differ from what the columns say, and what of them passes."""
    instances: frozenset[InstanceId]
    """Those that pass."""

    def followed(self, document: LabelDocument) -> Matching | None:
        """Return what passes of a later document; None when too much was touched since."""
        touched = document.touched_since(self.token)
        if touched is None or len(touched) + len(self.stale) > MOST_STALE:
            return None
        return self.renewed(document, touched)

    def renewed(self, document: LabelDocument, touched: Iterable[InstanceId]) -> Matching:
        """Return what passes after some instances were looked at anew."""
        stale, passing = dict(self.stale), set(self.instances)
        for instance in touched:
            found, passes = _looked_at(self.conditions, document, instance)
            stale[instance] = found
            (passing.add if passes else passing.discard)(instance)
        instances = self.instances if passing == self.instances else frozenset(passing)
        return replace(self, token=document.token, stale=stale, instances=instances)

    def on_frame(self, unit: UnitId, frame: int) -> frozenset[InstanceId]:
        """Return the instances whose label on a frame passes."""
        here: set[InstanceId] = set()
        for block, found in self.parts:
            rows = np.flatnonzero((block.column("frames") == frame) & found)
            for n in (block.starts.searchsorted(rows, side="right") - 1).tolist():
                instance, owner = block.keys[n]
                if owner == unit and instance not in self.stale:
                    here.add(instance)
        for instance, parts in self.stale.items():
            if any(part.unit == unit and frame in part.frames for part in parts):
                here.add(instance)
        return frozenset(here)

    def frames(self, document: LabelDocument, instance: InstanceId, unit: UnitId) -> NDArray[np.int32]:
        """Return the frames of an instance's labels in a data unit that pass."""
        found, _ = _looked_at(self.conditions, document, instance)
        return next((part.frames for part in found if part.unit == unit), np.empty(0, np.int32))

    def labels(self) -> Iterator[Passing]:
        """Yield every label that passes, by instance and data unit."""
        for block, found in self.parts:
            yield from (part for part in _passing(block, found) if part.instance not in self.stale)
        for parts in self.stale.values():
            yield from parts


class Matcher:
    """Answers what passes, from what it answered before where that is still so. May be asked on any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._columns = DocumentColumns()
        self._recent: deque[Matching] = deque(maxlen=RECENT)

    def of(self, document: LabelDocument, filters: Filters, ontology: Ontology) -> Matching:
        """Return what passes of a document."""
        with self._lock:
            found = self._known(document, filters, ontology)
            if found is None:
                *_, found = self._steps(document, filters, ontology)
                assert found is not None
            return found

    def steps(self, document: LabelDocument, filters: Filters, ontology: Ontology) -> Iterator[None]:
        """Find what passes, a few milliseconds a step: `of` then knows it."""
        with self._lock:
            known = self._known(document, filters, ontology) is not None
        if not known:
            for _ in self._steps(document, filters, ontology):
                yield

    def _known(self, document: LabelDocument, filters: Filters, ontology: Ontology) -> Matching | None:
        same = [m for m in self._recent if m.filters.terms == filters.terms and m.ontology is ontology]
        found = next((m for m in same if m.token is document.token), None)
        if found is None and same:
            found = same[-1].followed(document)
            if found is not None:
                self._recent.append(found)
        return found

    def _steps(self, document: LabelDocument, filters: Filters, ontology: Ontology) -> Iterator[Matching | None]:
        conditions = conditions_of(filters.terms, ontology)
        parts: list[tuple[Columns, NDArray[np.bool_]]] = []
        instances: set[InstanceId] = set()
        for block in self._columns.blocks(document):
            found = passing_labels(conditions, document, block)
            parts.append((block, found))
            instances.update(block.keys[n][0] for n in np.flatnonzero(block.any_of(found)).tolist())
            yield None
        if len(document.units_of) != len(document.instances):
            bare = (i for i in document.instances if i not in document.units_of)
            instances.update(i for i in bare if _bare_passes(conditions, document, i))
        made = Matching(
            filters=filters,
            ontology=ontology,
            conditions=conditions,
            token=document.token,
            parts=tuple(parts),
            stale={},
            instances=frozenset(instances),
        )
        stale = self._columns.stale([block for block, _ in parts], document)
        made = made.renewed(document, document.instances if stale is None else stale)
        self._recent.append(made)
        yield made


def _bare_passes(conditions: Sequence[Condition], document: LabelDocument, instance: InstanceId) -> bool:
    value = document.instances[instance]
    return all(c.of_instance is not None and c.of_instance(document, value) != c.negated for c in conditions)


def _looked_at(
    conditions: Sequence[Condition], document: LabelDocument, instance: InstanceId
) -> tuple[tuple[Passing, ...], bool]:
    """Return which labels of an instance pass, and whether the instance does."""
    if instance not in document.instances:
        return (), False
    columns = columns_of(document, instance)
    if not columns.tracks:
        return (), _bare_passes(conditions, document, instance)
    found = passing_labels(conditions, document, columns)
    return tuple(_passing(columns, found)), bool(found.any())


def _passing(columns: Columns, found: NDArray[np.bool_]) -> Iterator[Passing]:
    for n in np.flatnonzero(columns.any_of(found)).tolist():
        start, stop = int(columns.starts[n]), int(columns.starts[n + 1])
        yield Passing(*columns.keys[n], columns.tracks[n].frames[found[start:stop]])


def passing_labels(conditions: Sequence[Condition], document: LabelDocument, columns: Columns) -> NDArray[np.bool_]:
    """Return for each label of the columns whether it meets all conditions."""
    count = len(columns.tracks)
    kept = np.ones(count, np.bool_)
    for condition in conditions:
        test, negated = condition.of_instance, condition.negated
        if test is not None:
            met = (
                bool(k) and test(document, i) != negated for k, i in zip(kept.tolist(), columns.instances, strict=True)
            )
            kept = np.fromiter(met, np.bool_, count)
    found = columns.spread(kept)
    for condition in conditions:
        if condition.of_labels is not None and kept.any():
            labels = condition.of_labels(columns)
            found &= ~labels if condition.negated else labels
    return found


def passes(filters: Filters, document: LabelDocument, ontology: Ontology, instance: InstanceId) -> bool:
    """Return whether an instance is let through."""
    return _looked_at(conditions_of(filters.terms, ontology), document, instance)[1]
