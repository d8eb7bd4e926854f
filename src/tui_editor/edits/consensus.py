"""Of several annotators' branches one document: labels taken over, and how much two branches agree."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.edits.labels import delete_instances
from tui_editor.model.ids import InstanceId, new_id
from tui_editor.model.overlap import iou
from tui_editor.model.patch import Change, InstanceChange, Patch, TrackChange, compose
from tui_editor.model.shapes import same_shape
from tui_editor.model.tracks import empty_track

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import ClassId, UnitId
    from tui_editor.model.shapes import Shape

SAME_IOU = 0.5
"""Two labels of one class on a frame that overlap so much are of the same thing."""
MOST_COMPARED = 20_000
"""Labels of each branch that are compared; of a larger one the first."""


def adopted(
    document: LabelDocument,
    branch: LabelDocument,
    instances: Iterable[InstanceId] | None = None,
    *,
    keep_numbers: bool = False,
) -> Patch:
    """Return the patch that takes instances of a branch over into the task, all when none are named.

    They get another id where the task has an instance of theirs, and new numbers within their class, or keep theirs.
    """
    wanted = sorted(branch.instances if instances is None else instances)
    numbers: dict[ClassId, int] = {}
    changes: list[Change] = []
    for key in wanted:
        value = branch.instances[key]
        mine = key if key not in document.instances else InstanceId(new_id())
        number = value.ordinal
        if not keep_numbers:
            number = numbers.get(value.class_id, document.next_ordinal(value.class_id))
            numbers[value.class_id] = number + 1
        changes.append(InstanceChange(mine, None, replace(value, id=mine, ordinal=number)))
        for unit, track in branch.tracks_of(key):
            changes.append(TrackChange(mine, unit, empty_track(track.kind), track))
    return Patch(tuple(changes))


def replaced(document: LabelDocument, branch: LabelDocument) -> Patch:
    """Return the patch that puts a branch's labels in place of the task's."""
    gone = delete_instances(document, sorted(document.instances))
    return compose(gone, adopted(document.apply(gone), branch, keep_numbers=True))


def agreement(a: LabelDocument, b: LabelDocument) -> float:
    """Return how much two branches agree, 0..1: the F1 score of their labels, matched greedily on each frame.

    Labels agree when their class is one and their shapes overlap by half, or, without an area, are equal.
    """
    mine, others = _by_place(a), _by_place(b)
    total = sum(map(len, mine.values())) + sum(map(len, others.values()))
    if not total:
        return 1.0
    matched = sum(_matched(shapes, others.get(place, [])) for place, shapes in mine.items())
    return 2 * matched / total


def _by_place(document: LabelDocument) -> dict[tuple[UnitId, int, ClassId], list[Shape]]:
    found: dict[tuple[UnitId, int, ClassId], list[Shape]] = {}
    for unit, frame, class_id, shape in _labels(document):
        found.setdefault((unit, frame, class_id), []).append(shape)
    return found


def _labels(document: LabelDocument) -> Iterator[tuple[UnitId, int, ClassId, Shape]]:
    left = MOST_COMPARED
    for (key, unit), track in sorted(document.tracks.items(), key=lambda item: item[0]):
        class_id = document.instances[key].class_id
        for row in range(min(len(track), left)):
            yield unit, int(track.frames[row]), class_id, track.geometry.shape(row)
        left -= len(track)
        if left <= 0:
            return


def _matched(mine: list[Shape], others: list[Shape]) -> int:
    pairs = [(_same(a, b), m, o) for (m, a), (o, b) in product(enumerate(mine), enumerate(others))]
    used_mine: set[int] = set()
    used_others: set[int] = set()
    for overlap, m, o in sorted(pairs, reverse=True):
        if overlap and m not in used_mine and o not in used_others:
            used_mine.add(m)
            used_others.add(o)
    return len(used_mine)


def _same(a: Shape, b: Shape) -> float:
    """Return by how much two shapes are of the same thing, 0 when they are not."""
    overlap = iou(a, b)
    if overlap is None:
        return float(same_shape(a, b))
    return overlap if overlap >= SAME_IOU else 0.0
