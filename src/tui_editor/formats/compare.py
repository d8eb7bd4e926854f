"""Tells what differs between two readings of the same labels: proves that an export lost nothing.

Tasks are matched by the files of their data units, groups of pictures also picture by picture; instances by the
source's id and otherwise by what they hold.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tui_editor.model.document import make_document
from tui_editor.model.frames import UnitKind
from tui_editor.model.ontology import Ontology
from tui_editor.model.shapes import (
    Bitmask,
    Polygon,
    Shape,
    Skeleton,
    Verbatim,
    bounds,
    coordinates,
    kind_of,
    same_shape,
)
from tui_editor.ports import ImportedTask
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import AttributeId, ClassId
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import AnswerValue
    from tui_editor.model.project import Task
    from tui_editor.model.tracks import Track

_TaskKey = tuple[tuple[str, ...], ...]
_GROUPS = {UnitKind.IMAGE, UnitKind.IMAGE_GROUP, UnitKind.IMAGE_SEQUENCE}


class Difference(Struct, frozen=True, kw_only=True):
    """One thing that is not the same on both sides."""

    what: str
    """`label missing`, `box moved`: the same text for the same kind of difference."""
    where: str
    """Task, instance and frame, harmless to show."""
    before: str = ""
    after: str = ""


class Comparison(Struct, frozen=True, kw_only=True):
    """How strictly to compare, and how to name what is compared."""

    tolerance_px: float = 0.0
    """Coordinates may differ by this much; bitmasks never."""
    before: Ontology | None = None
    """Ontology of the first side: classes, attributes and options are then compared by name, not by id."""
    after: Ontology | None = None


def compare(a: Iterable[ImportedTask], b: Iterable[ImportedTask], rules: Comparison | None = None) -> list[Difference]:
    """Return what differs between two sets of tasks with their labels, in the order of `a`.

    Compared: data units' files and sizes, where they are named; instances' classes, static and dynamic answers; each
    label's frame and shape. Ids, times, authors and unknown fields are not: they are the business of the format.
    """
    rules = rules or Comparison()
    found, missing, added = _matched(a, b, rules)
    by_picture, missing, added = _matched(_pictures(missing), _pictures(added), rules)
    if len(missing) == len(added) == 1 and _names_no_medium(added[0]) and len(missing[0].task.units) == 1:
        by_picture += _instances(_Side(missing.pop(), rules.before), _Side(added.pop(), rules.after), rules)
    names = [("task missing", missing), ("task added", added)]
    rest = [Difference(what=what, where=one_line(t.task.title)) for what, tasks in names for t in tasks]
    return [*found, *by_picture, *rest]


def _names_no_medium(item: ImportedTask) -> bool:
    """Return whether a task comes from a file of labels alone, which doesn't say of what they are."""
    return len(item.task.units) == 1 and not item.task.units[0].media.paths


def _matched(
    a: Iterable[ImportedTask], b: Iterable[ImportedTask], rules: Comparison
) -> tuple[list[Difference], list[ImportedTask], list[ImportedTask]]:
    """Return what differs between tasks of the same files, and the tasks of each side that have no counterpart."""
    others: dict[_TaskKey, list[ImportedTask]] = defaultdict(list)
    for item in b:
        others[_task_key(item.task)].append(item)
    found: list[Difference] = []
    missing = []
    for mine in a:
        candidates = others.get(_task_key(mine.task))
        if candidates:
            found.extend(_tasks(mine, candidates.pop(0), rules))
        else:
            missing.append(mine)
    return found, missing, [item for items in others.values() for item in items]


def _task_key(task: Task) -> _TaskKey:
    return tuple(tuple(unit.media.paths) or (unit.title,) for unit in task.units)


def _pictures(items: Iterable[ImportedTask]) -> Iterator[ImportedTask]:
    """Yield groups of pictures as single ones, for formats that don't know tasks; other tasks as they are."""
    for item in items:
        units = item.task.units
        if all(u.kind in _GROUPS and len(u.media.paths) == u.frame_count for u in units):
            yield from (_picture(item, unit, frame) for unit in units for frame in range(unit.frame_count))
        else:
            yield item


def _picture(item: ImportedTask, unit: Unit, frame: int) -> ImportedTask:
    path = unit.media.paths[frame]
    width, height = unit.size(frame)
    single = replace(
        unit,
        kind=UnitKind.IMAGE,
        title=path,
        media=replace(unit.media, paths=(path,)),
        frame_count=1,
        width=width,
        height=height,
        frame_sizes=(),
    )
    document = item.document
    here = {i: document.tracks[i, unit.id].between(frame, frame) for i in document.on_frame(unit.id, frame)}
    first = np.zeros(1, np.int32)
    task = replace(item.task, title=path, units=(single,))
    made = make_document(
        instances=[document.instances[i] for i in here],
        tracks={(i, unit.id): replace(track, frames=first) for i, track in here.items()},
    )
    return ImportedTask(task=task, document=made)


def _tasks(a: ImportedTask, b: ImportedTask, rules: Comparison) -> Iterator[Difference]:
    where = one_line(a.task.title)
    for mine, other in zip(a.task.units, b.task.units, strict=True):
        facts = [(u.kind, u.frame_count, u.width, u.height, u.frame_sizes) for u in (mine, other)]
        if facts[0] != facts[1]:
            yield Difference(
                what="data unit differs",
                where=f"{where}, {one_line(mine.title)}",
                before=str(facts[0]),
                after=str(facts[1]),
            )
    yield from _instances(_Side(a, rules.before), _Side(b, rules.after), rules)


class _Side:
    """One reading of a task, in terms that both readings share: unit rows, names of classes and attributes."""

    def __init__(self, item: ImportedTask, ontology: Ontology | None) -> None:
        self.title = item.task.title
        self.document = item.document
        self.ontology = ontology or Ontology()
        self.unit_rows = {unit.id: row for row, unit in enumerate(item.task.units)}
        self.instances: list[Instance] = sorted(item.document.instances.values(), key=lambda i: (i.class_id, i.ordinal))

    def class_name(self, class_id: ClassId) -> str:
        found = self.ontology.find(class_id)
        return found.name if found else str(class_id)

    def answers(self, instance: Instance) -> dict[str, object]:
        """Return answers by attribute name; dynamic ones as a sorted tuple of (unit row, first, last, value)."""
        static: dict[str, object] = {self._name(k): self._value(k, v) for k, v in instance.answers.items()}
        dynamic: dict[str, list[tuple[int, int, int, str]]] = defaultdict(list)
        for d in instance.dynamic:
            value = repr(self._value(d.attribute, d.value))
            dynamic[self._name(d.attribute)].append((self.unit_rows.get(d.unit, -1), d.first, d.last, value))
        return static | {f"{name} (dynamic)": tuple(sorted(rows)) for name, rows in dynamic.items()}

    def _name(self, attribute: AttributeId) -> str:
        found = self.ontology.attribute(attribute)
        return found.name if found else str(attribute)

    def _value(self, attribute: AttributeId, value: AnswerValue) -> object:
        found = self.ontology.attribute(attribute)
        if not isinstance(value, tuple):
            return value
        options = [found.option(o) if found else None for o in value]
        return tuple(sorted(o.label if o else str(i) for o, i in zip(options, value, strict=True)))

    def tracks(self, instance: Instance) -> dict[int, Track]:
        return {self.unit_rows[unit]: track for unit, track in self.document.tracks_of(instance.id)}

    def place(self, instance: Instance) -> tuple[Any, ...]:
        """Return what finds the instance again on the other side when ids are of no use."""
        for row, track in sorted(self.tracks(instance).items()):
            box = bounds(track.geometry.shape(0))
            corner = tuple(round(v, 1) for v in box) if box else ()
            return (self.class_name(instance.class_id), row, int(track.frames[0]), str(track.kind), corner)
        return (self.class_name(instance.class_id),)


def _instances(a: _Side, b: _Side, rules: Comparison) -> Iterator[Difference]:
    rest = _Unmatched(b)
    for mine in a.instances:
        where = f"{one_line(a.title)}, {one_line(a.class_name(mine.class_id))} ({mine.ordinal})"
        other = rest.take(mine, a)
        if other is None:
            yield Difference(what="instance missing", where=where)
        else:
            yield from _pair(a, mine, b, other, rules=rules, where=where)
    for other in rest.left():
        name = one_line(b.class_name(other.class_id))
        yield Difference(what="instance added", where=f"{one_line(b.title)}, {name} ({other.ordinal})")


class _Unmatched:
    """The instances of one side that have no counterpart yet."""

    def __init__(self, side: _Side) -> None:
        self._left = {i.id: i for i in side.instances}
        self._by_source: dict[tuple[str, str], list[Instance]] = defaultdict(list)
        self._by_place: dict[tuple[Any, ...], list[Instance]] = defaultdict(list)
        for instance in reversed(side.instances):
            if instance.source_id:
                self._by_source[instance.source_id, side.class_name(instance.class_id)].append(instance)
            self._by_place[side.place(instance)].append(instance)

    def take(self, instance: Instance, side: _Side) -> Instance | None:
        """Return and strike off the counterpart of `instance`, which is of `side`."""
        name = side.class_name(instance.class_id)
        lists = [self._by_place[side.place(instance)]]
        if instance.source_id:
            lists.insert(0, self._by_source[instance.source_id, name])
        for candidates in lists:
            while candidates:
                found = candidates.pop()
                if self._left.pop(found.id, None) is not None:
                    return found
        return None

    def left(self) -> Sequence[Instance]:
        return tuple(self._left.values())


def _pair(
    a: _Side, mine: Instance, b: _Side, other: Instance, *, rules: Comparison, where: str
) -> Iterator[Difference]:
    answers, theirs = a.answers(mine), b.answers(other)
    for name in sorted(set(answers) | set(theirs)):
        before, after = answers.get(name), theirs.get(name)
        if before != after:
            place = f"{where}, {one_line(name)}"
            yield Difference(
                what="answer differs", where=place, before=one_line(str(before)), after=one_line(str(after))
            )
    tracks, other_tracks = a.tracks(mine), b.tracks(other)
    for row in sorted(set(tracks) | set(other_tracks)):
        yield from _labels(tracks.get(row), other_tracks.get(row), rules.tolerance_px, f"{where}, unit {row}")


def _labels(a: Track | None, b: Track | None, tolerance_px: float, where: str) -> Iterator[Difference]:
    frames = set(a.frames.tolist() if a is not None else ())
    others = set(b.frames.tolist() if b is not None else ())
    for frame in sorted(frames - others):
        yield Difference(what="label missing", where=f"{where}, frame {frame}")
    for frame in sorted(others - frames):
        yield Difference(what="label added", where=f"{where}, frame {frame}")
    if a is None or b is None:
        return
    if len(a) == len(b) and a.kind == b.kind and a.geometry.same(b.geometry):
        return
    for frame in sorted(frames & others):
        before, after = a.shape_at(frame), b.shape_at(frame)
        if before is not None and after is not None and not close(before, after, tolerance_px):
            yield Difference(
                what=f"{kind_of(before)} differs",
                where=f"{where}, frame {frame}",
                before=one_line(str(before)),
                after=one_line(str(after)),
            )


def close(a: Shape, b: Shape, tolerance_px: float) -> bool:
    """Return whether two shapes are of one kind and structure with coordinates within `tolerance_px`."""
    if same_shape(a, b):
        return True
    if type(a) is not type(b) or isinstance(a, Bitmask | Verbatim) or tolerance_px <= 0:
        return False
    if isinstance(a, Polygon) and isinstance(b, Polygon) and [len(p) for p in a.parts] != [len(p) for p in b.parts]:
        return False
    if isinstance(a, Skeleton) and isinstance(b, Skeleton) and not np.array_equal(a.visibility, b.visibility):
        return False
    pairs = list(zip(coordinates(a), coordinates(b), strict=False))
    return all(x.shape == y.shape and np.allclose(x, y, rtol=0, atol=tolerance_px, equal_nan=True) for x, y in pairs)
