"""Everything labelled in one task, immutable, with the indexes that answer "what is on this frame"."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct
from rpds import HashTrieMap

from tui_editor.errors import PatchMismatch
from tui_editor.model.frame_index import FrameIndex, LazyIndex, build_index
from tui_editor.model.ids import IssueId
from tui_editor.model.lookup import Lookup, build_lookup, by_age
from tui_editor.model.patch import (
    Change,
    DecisionChange,
    InstanceChange,
    IssueChange,
    Patch,
    StatusChange,
    TrackChange,
)
from tui_editor.model.tracks import Label, Track, empty_track, splice
from tui_editor.model.workflow import TaskStatus

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

    from tui_editor.model.ids import ClassId, InstanceId, UnitId
    from tui_editor.model.instances import Instance
    from tui_editor.model.issue_table import IssueTable
    from tui_editor.model.issues import Issue, ReviewDecision

TrackKey = tuple["InstanceId", "UnitId"]

_TABLES = ("instances", "issues", "decisions", "tracks", "units_of", "status", "next_ordinals")

TRAIL = 32
"""How many changes back a document tells what became of it."""
MOST_TOLD = 1000
"""Changes of a patch: what a larger one touched is not told, whoever follows the document starts afresh."""
CHANGES_A_STEP = 10
SHARE_OF_CHANGES = 0.8
"""Of the time that a large patch takes; the rest goes into the index of frames."""


class Footprint(Struct, frozen=True, eq=False):
    """One change of a document: which one it was made of, and the instances that it touched."""

    of: object
    """The `token` of the document before."""
    instances: frozenset[InstanceId]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabelDocument:
    """Instances, tracks, issues, decisions and status of a task.

    A changed copy shares everything that did not change, so an edit costs what it touches.
    """

    instances: HashTrieMap[InstanceId, Instance] = field(default_factory=HashTrieMap)
    tracks: HashTrieMap[TrackKey, Track] = field(default_factory=HashTrieMap)
    issues: HashTrieMap[IssueId, Issue] = field(default_factory=HashTrieMap)
    decisions: HashTrieMap[InstanceId, ReviewDecision] = field(default_factory=HashTrieMap)
    status: TaskStatus = field(default_factory=TaskStatus)
    index: FrameIndex = field(default_factory=FrameIndex)
    units_of: HashTrieMap[InstanceId, tuple[UnitId, ...]] = field(default_factory=HashTrieMap)
    """The units on which an instance has labels."""
    next_ordinals: HashTrieMap[ClassId, int] = field(default_factory=HashTrieMap)
    """The number that the next instance of a class gets; numbers are not given twice."""
    # The fields below are not taken over by `dataclasses.replace`: another table would make them untrue.
    token: object = field(default_factory=object, init=False, repr=False)
    """Identity of this content, which holds no document in memory."""
    trail: tuple[Footprint, ...] = field(default=(), init=False, repr=False)
    """The last changes, oldest first: what was made of an earlier document can be brought up to date."""
    _lookup: Lookup | None = field(default=None, init=False, repr=False)

    # --- reading ---------------------------------------------------------------------------------

    def track(self, instance: InstanceId, unit: UnitId) -> Track | None:
        """Return an instance's labels in a data unit, None when it has none there."""
        return self.tracks.get((instance, unit))

    def label(self, instance: InstanceId, unit: UnitId, frame: int) -> Label | None:
        """Return the label of an instance on a frame."""
        track = self.track(instance, unit)
        return None if track is None else track.label_at(frame)

    def on_frame(self, unit: UnitId, frame: int) -> tuple[InstanceId, ...]:
        """Return the instances with a label on a frame, by class order of creation (ordinal, then id)."""
        return frame_order(self.index, self.instances, unit, frame)

    @property
    def lookup(self) -> Lookup:
        """Return what is known without going through the tables; made when it is first asked for."""
        if self._lookup is None:
            made = build_lookup(self.instances.values(), self.issues.values(), self.decisions.values())
            object.__setattr__(self, "_lookup", made)
            return made
        return self._lookup

    @property
    def known_lookup(self) -> Lookup | None:
        """Return the lookup where somebody asked for it already."""
        return self._lookup

    def take_lookup(self, lookup: Lookup | None) -> None:
        """Take over what is known of this document: worked out by whoever made it."""
        object.__setattr__(self, "_lookup", lookup)

    def touched_since(self, token: object) -> frozenset[InstanceId] | None:
        """Return the instances touched since an earlier document; None when that is too long ago."""
        if token is self.token:
            return frozenset()
        at = next((n for n, step in enumerate(self.trail) if step.of is token), None)
        if at is None:
            return None
        return frozenset().union(*(step.instances for step in self.trail[at:]))

    def of_class(self, class_id: ClassId) -> Iterator[Instance]:
        """Yield the instances of a class, by ordinal."""
        found = [self.instances[i] for i in self.lookup.of_class.get(class_id, ())]
        return iter(sorted(found, key=lambda i: (i.ordinal, i.id)))

    def next_ordinal(self, class_id: ClassId) -> int:
        """Return the number that a new instance of the class gets."""
        return self.next_ordinals.get(class_id, 0)

    def tracks_of(self, instance: InstanceId) -> tuple[tuple[UnitId, Track], ...]:
        """Return an instance's tracks with their data units."""
        return tuple((unit, self.tracks[instance, unit]) for unit in self.units_of.get(instance, ()))

    def issues_of(self, instance: InstanceId) -> tuple[Issue, ...]:
        """Return the issues that hang on an instance, oldest first."""
        found = [self.issues[i] for i in self.lookup.issues_of.get(instance, ())]
        return tuple(sorted(found, key=by_age))

    def open_issues(self) -> tuple[Issue, ...]:
        """Return the unresolved issues, oldest first."""
        return self._open_in(self.lookup.by_place.values())

    def open_issues_of_task(self) -> tuple[Issue, ...]:
        """Return the unresolved issues that are on no data unit, oldest first."""
        return self._open_in(t for unit, t in self.lookup.by_place.items() if unit is None)

    def _open_in(self, tables: Iterable[IssueTable]) -> tuple[Issue, ...]:
        found = [self.issues[IssueId(n)] for table in tables for n in table.ids[table.is_open].tolist()]
        return tuple(sorted(found, key=by_age))

    @property
    def open_count(self) -> int:
        """Return the number of unresolved issues: takes no time, whatever their number."""
        return sum(table.open_count for table in self.lookup.by_place.values())

    def oldest_open(self) -> Issue | None:
        """Return the unresolved issue that was raised first, None without one."""
        ages = [table.oldest_open for table in self.lookup.by_place.values() if table.open_count]
        return self.issues[IssueId(min(ages)[1])] if ages else None

    def pins_on(self, unit: UnitId, frame: int) -> tuple[Issue, ...]:
        """Return the pinned issues of a frame, open and resolved, oldest first."""
        pins = self.lookup.pins
        of_frame, of_ranges = pins.get((unit, frame), ()), pins.get((unit, -1), ())
        found = [self.issues[i] for i in (*of_frame, *of_ranges)]
        here = (i for i in found if i.frames is not None and i.frames[0] <= frame <= i.frames[1])
        return tuple(sorted(here, key=by_age))

    def pin_number(self, pin: Issue) -> int:
        """Return the number that a pin has on its first frame, from 1 by age; 0 where it is none of the first nine."""
        if pin.unit is None or pin.frames is None:
            return 0
        oldest = (issue.id for issue in self.pins_on(pin.unit, pin.frames[0])[:9])
        return next((number for number, other in enumerate(oldest, start=1) if other == pin.id), 0)

    @property
    def label_count(self) -> int:
        """Return the number of labels of all instances."""
        return sum([len(t.frames) for t in self.tracks.values()])

    def content_of(self, instance: InstanceId) -> str:
        """Return a digest of an instance's class, answers and geometry: it changes when a reviewer would look again."""
        from hashlib import blake2b

        digest = blake2b(digest_size=12)
        value = self.instances.get(instance)
        if value is not None:
            digest.update(repr((value.class_id, sorted(value.answers.items()), value.dynamic)).encode())
        for unit, track in self.tracks_of(instance):
            digest.update(str(unit).encode())
            for array in (track.frames, track.flags, track.geometry.fixed):
                digest.update(np.ascontiguousarray(array).data)
            for column in track.geometry.ragged:
                digest.update(np.ascontiguousarray(column.values).data)
        return digest.hexdigest()

    # --- changing --------------------------------------------------------------------------------

    def apply(self, patch: Patch) -> LabelDocument:
        """Return the document after a patch.

        Raises:
            PatchMismatch: what the patch found before it is not what is here.
        """
        draft = _Draft(self)
        for change in patch.changes:
            draft.apply(change)
        return draft.done(patch)

    def apply_steps(self, patch: Patch) -> Generator[float, None, LabelDocument]:
        """Return the document after a patch as `apply` does, a few milliseconds a step.

        Yields:
            The share that is done, 0..1.

        Raises:
            PatchMismatch: what the patch found before it is not what is here.
        """
        return (yield from _Draft(self).steps(patch))

    def same(self, other: LabelDocument) -> bool:
        """Return whether both hold equal content, whatever their history."""
        if set(self.tracks) != set(other.tracks):
            return False
        values = all(
            dict(getattr(self, n).items()) == dict(getattr(other, n).items())
            for n in ("instances", "issues", "decisions")
        )
        return values and self.status == other.status and all(t.same(other.tracks[k]) for k, t in self.tracks.items())


class _Draft:
    """A document that is being changed; nobody else sees it."""

    def __init__(self, document: LabelDocument) -> None:
        self._base = document
        self._values: dict[str, Any] = {name: getattr(document, name) for name in _TABLES}
        self._touched: dict[TrackKey, Track | None] = {}

    def apply(self, change: Change) -> None:
        match change:
            case InstanceChange(id=key, before=before, after=after):
                self._replace("instances", key, before, after)
                self._count(after)
            case IssueChange(id=key, before=before, after=after):
                self._replace("issues", key, before, after)
            case DecisionChange(instance=key, before=before, after=after):
                self._replace("decisions", key, before, after)
            case StatusChange(before=before, after=after):
                if self._values["status"] != before:
                    raise PatchMismatch("the task's stage or state changed since this edit was made")
                self._values["status"] = after
            case TrackChange():
                self._splice(change)

    def _replace(self, name: str, key: int, before: object, after: object) -> None:
        table = self._values[name]
        if table.get(key) != before:
            raise PatchMismatch(f"the {name.rstrip('s')} changed since this edit was made")
        if after is None:
            self._values[name] = table.discard(key)
        else:
            self._values[name] = table.insert(key, after)

    def _count(self, instance: Instance | None) -> None:
        if instance is not None:
            table = self._values["next_ordinals"]
            number = max(table.get(instance.class_id, 0), instance.ordinal + 1)
            self._values["next_ordinals"] = table.insert(instance.class_id, number)

    def _splice(self, change: TrackChange) -> None:
        key = (change.instance, change.unit)
        old = self._values["tracks"].get(key)
        new = splice(old if old is not None else empty_track(change.after.kind), change.before, change.after)
        if len(new):
            self._values["tracks"] = self._values["tracks"].insert(key, new)
        else:
            self._values["tracks"] = self._values["tracks"].discard(key)
        if (old is None) != (not len(new)):
            self._relist(change.instance, change.unit, present=bool(len(new)))
        self._touched[key] = new if len(new) else None

    def _relist(self, instance: InstanceId, unit: UnitId, *, present: bool) -> None:
        units = tuple(u for u in self._values["units_of"].get(instance, ()) if u != unit)
        units = (*units, unit) if present else units
        table = self._values["units_of"]
        self._values["units_of"] = table.insert(instance, units) if units else table.discard(instance)

    def done(self, patch: Patch) -> LabelDocument:
        base, index = self._base, self._base.index
        if self._touched:
            before = {key: base.tracks.get(key) for key in self._touched}
            index = index.changed(before, self._touched)
        made = self._made(index, patch)
        known = base.known_lookup
        made.take_lookup(None if known is None else known.changed(patch.changes))
        return made

    def steps(self, patch: Patch) -> Generator[float, None, LabelDocument]:
        """Do a patch and return the document, a few changes a step."""
        base, changes, lookup = self._base, patch.changes, self._base.known_lookup
        for first in range(0, len(changes), CHANGES_A_STEP):
            some = changes[first : first + CHANGES_A_STEP]
            for change in some:
                self.apply(change)
            lookup = None if lookup is None else lookup.changed(some)
            yield SHARE_OF_CHANGES * first / len(changes)
        indexing, index = base.index.changed_steps(base.tracks, self._touched), base.index
        while True:
            try:
                yield SHARE_OF_CHANGES + (1 - SHARE_OF_CHANGES) * next(indexing)
            except StopIteration as end:
                index = end.value
                break
        made = self._made(index, patch)
        made.take_lookup(lookup)
        return made

    def _made(self, index: FrameIndex, patch: Patch) -> LabelDocument:
        made = replace(self._base, index=index, **self._values)
        if len(patch.changes) <= MOST_TOLD:
            step = Footprint(self._base.token, patch.instances())
            object.__setattr__(made, "trail", (*self._base.trail, step)[-TRAIL:])
        return made


def frame_order(
    index: FrameIndex, instances: HashTrieMap[InstanceId, Instance], unit: UnitId, frame: int
) -> tuple[InstanceId, ...]:
    """Return the instances with a label on a frame, by class, number and id."""

    def order(key: InstanceId) -> tuple[str, int, int]:
        value = instances.get(key)
        return (value.class_id, value.ordinal, key) if value else ("", 0, key)

    return tuple(sorted(index.on_frame(unit, frame), key=order))


def make_document(
    *,
    instances: Iterable[Instance] = (),
    tracks: Mapping[TrackKey, Track] | None = None,
    issues: Iterable[Issue] = (),
    decisions: Mapping[InstanceId, ReviewDecision] | None = None,
    status: TaskStatus | None = None,
    lazy: bool = False,
) -> LabelDocument:
    """Return a document from its parts.

    Args:
        instances: Of the document.
        tracks: Labels by instance and unit; empty ones are left out.
        issues: Of the document.
        decisions: By instance.
        status: Of the task.
        lazy: Build the index of frames when it is first asked for, not at once: for documents that only pass through.
    """
    kept = {key: track for key, track in (tracks or {}).items() if len(track.frames)}
    units_of: dict[InstanceId, tuple[UnitId, ...]] = {}
    for instance, unit in kept:
        known = units_of.get(instance)
        units_of[instance] = (*known, unit) if known else (unit,)
    by_id = {i.id: i for i in instances}
    ordinals: dict[ClassId, int] = {}
    for value in by_id.values():
        if value.ordinal >= ordinals.get(value.class_id, 0):
            ordinals[value.class_id] = value.ordinal + 1
    return LabelDocument(
        instances=HashTrieMap(by_id),
        tracks=HashTrieMap(kept),
        issues=HashTrieMap({i.id: i for i in issues}),
        decisions=HashTrieMap(decisions or {}),
        status=status or TaskStatus(),
        index=LazyIndex(kept) if lazy else build_index(kept),
        units_of=HashTrieMap(units_of),
        next_ordinals=HashTrieMap(ordinals),
    )
