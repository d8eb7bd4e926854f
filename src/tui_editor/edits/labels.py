"""Make, move, reshape and delete labels and instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from tui_editor.edits import interpolate
from tui_editor.errors import OntologyError, Refused
from tui_editor.model.ids import InstanceId, new_id
from tui_editor.model.instances import Instance
from tui_editor.model.ontology import ObjectClass, walk
from tui_editor.model.patch import (
    Change,
    DecisionChange,
    InstanceChange,
    IssueChange,
    Patch,
    TrackChange,
    compose,
)
from tui_editor.model.shapes import Shape, ShapeKind, check_shape, kind_of, translated
from tui_editor.model.tracks import Label, LabelFlag, Origin, empty_track, make_track

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tui_editor.edits.stamp import Stamp
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import ClassId, UnitId
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.tracks import Track


def create_instance(
    document: LabelDocument, ontology: Ontology, class_id: ClassId, at: FrameRef, shape: Shape, stamp: Stamp
) -> tuple[Patch, InstanceId]:
    """Return the patch that makes a new instance with its first label, and the instance's id.

    Raises:
        OntologyError: there is no such class, it is archived, or it is labelled with another kind of shape.
        InvalidShape: the shape is not one.
    """
    _check_kind(ontology, class_id, kind_of(shape))
    entry = ontology.find(class_id)
    if isinstance(entry, ObjectClass) and entry.archived:
        raise OntologyError(f"{entry.name} is archived: no more of it is drawn")
    instance = Instance(
        id=InstanceId(new_id()),
        class_id=class_id,
        ordinal=document.next_ordinal(class_id),
        created_by=stamp.person,
        created_ms=stamp.at_ms,
    )
    label = put_label(document, instance.id, at, shape, stamp)
    return compose(Patch((InstanceChange(instance.id, None, instance),)), label), instance.id


def _check_kind(ontology: Ontology, class_id: ClassId, kind: ShapeKind) -> None:
    entry = ontology.find(class_id)
    if entry is None:
        raise OntologyError(f"the ontology has no class {class_id}")
    if entry.shape != kind:
        raise OntologyError(f"{entry.name} is labelled with a {entry.shape}, not with a {kind}")


def put_label(document: LabelDocument, instance: InstanceId, at: FrameRef, shape: Shape, stamp: Stamp) -> Patch:
    """Return the patch that gives an instance this shape on a frame, whether it had a label there or not.

    The label becomes a manual key label with confidence 1; what an earlier label knew besides (flags, author, unknown
    fields) stays. Interpolated labels beside it, up to the next key labels, are made anew.

    Raises:
        InvalidShape: the shape is not one.
        Refused: the instance is labelled with another kind of shape.
    """
    check_shape(shape)
    track = document.track(instance, at.unit)
    old = None if track is None else track.label_at(at.index)
    if track is not None and track.kind != kind_of(shape):
        raise Refused(f"this instance is labelled with a {track.kind}, not with a {kind_of(shape)}")
    label = make_track([drawn(at.index, shape, stamp) if old is None else redrawn(old, shape, stamp)])
    before, after = (empty_track(label.kind), label) if track is None else interpolate.put(track, label, stamp)
    return Patch((TrackChange(instance, at.unit, before, after),))


def drawn(frame: int, shape: Shape, stamp: Stamp) -> Label:
    """Return a label that was drawn now."""
    return Label(
        frame=frame,
        shape=shape,
        author=stamp.person,
        editor=stamp.person,
        created_ms=stamp.at_ms,
        edited_ms=stamp.at_ms,
    )


def redrawn(old: Label, shape: Shape, stamp: Stamp) -> Label:
    """Return a label with another shape, drawn now; what it knew besides stays."""
    return replace(
        old,
        shape=shape,
        confidence=1.0,
        origin=Origin.MANUAL,
        flags=old.flags | LabelFlag.KEY,
        editor=stamp.person,
        edited_ms=stamp.at_ms,
    )


def move_labels(
    document: LabelDocument, instances: Iterable[InstanceId], at: FrameRef, by_px: tuple[float, float], stamp: Stamp
) -> Patch:
    """Return the patch that moves the labels of some instances on one frame by (dx, dy) pixels."""
    moved = []
    for instance in instances:
        label = document.label(instance, at.unit, at.index)
        if label is not None:
            moved.append(put_label(document, instance, at, translated(label.shape, *by_px), stamp))
    return compose(*moved)


def set_flag(
    document: LabelDocument, instance: InstanceId, at: FrameRef, flag: LabelFlag, on: bool, stamp: Stamp
) -> Patch:
    """Return the patch that sets or clears a flag (occluded, outside, key) of a label; empty when it is so already."""
    track = document.track(instance, at.unit)
    old = None if track is None else track.label_at(at.index)
    if track is None or old is None or bool(old.flags & flag) == on:
        return Patch()
    flags = old.flags | flag if on else old.flags & ~flag
    new = replace(old, flags=flags, editor=stamp.person, edited_ms=stamp.at_ms)
    return Patch((TrackChange(instance, at.unit, track.between(at.index, at.index), make_track([new])),))


def delete_labels(
    document: LabelDocument, instances: Iterable[InstanceId], at: FrameRef, stamp: Stamp | None = None
) -> Patch:
    """Return the patch that removes some instances' labels on one frame; an instance goes with its last label.

    With a stamp, interpolated labels that hung on a removed key label are made anew between the ones around it.
    """
    return compose(*(_delete_one(document, i, at, stamp) for i in instances))


def _delete_one(document: LabelDocument, instance: InstanceId, at: FrameRef, stamp: Stamp | None) -> Patch:
    track = document.track(instance, at.unit)
    row = None if track is None else track.row_of(at.index)
    if track is None or row is None:
        return Patch()
    gone = track.part(row, row + 1)
    if stamp is None or len(track) == 1 or interpolate.is_derived(gone)[0]:
        return delete_part(document, instance, at.unit, gone)
    return Patch((TrackChange(instance, at.unit, *interpolate.take_away(track, at.index, stamp)),))


def delete_part(document: LabelDocument, instance: InstanceId, unit: UnitId, gone: Track) -> Patch:
    """Return the patch that removes some of an instance's labels in a data unit; the instance goes with its last one.

    Args:
        document: The task.
        instance: Whose.
        unit: Where.
        gone: The labels, as they are in the instance's track.
    """
    track = document.track(instance, unit)
    if track is None or not len(gone):
        return Patch()
    if len(gone) == len(track) and len(document.units_of[instance]) == 1:
        return delete_instance(document, instance)
    return Patch((TrackChange(instance, unit, gone, empty_track(track.kind)),))


def delete_instance(document: LabelDocument, instance: InstanceId) -> Patch:
    """Return the patch that removes an instance with its labels, decision and issues' hold on it.

    Issues of the instance stay, without the instance: a thread is never lost with a label.
    """
    value = document.instances.get(instance)
    changes: list[Change] = [
        TrackChange(instance, unit, track, empty_track(track.kind)) for unit, track in document.tracks_of(instance)
    ]
    decision = document.decisions.get(instance)
    if decision is not None:
        changes.append(DecisionChange(instance, decision, None))
    changes += [IssueChange(i.id, i, replace(i, instance=None)) for i in document.issues_of(instance)]
    if value is not None:
        changes.append(InstanceChange(instance, value, None))
    return Patch(tuple(changes))


def delete_instances(document: LabelDocument, instances: Iterable[InstanceId]) -> Patch:
    """Return the patch that removes several instances; see `delete_instance`."""
    return compose(*(delete_instance(document, instance) for instance in instances))


def set_class(document: LabelDocument, ontology: Ontology, instances: Sequence[InstanceId], class_id: ClassId) -> Patch:
    """Return the patch that gives instances another class of the same shape; answers that it lacks are dropped.

    Raises:
        OntologyError: there is no such class, or it is labelled with another kind of shape.
    """
    return Patch(tuple(class_changes(document, ontology, instances, class_id)))


def class_changes(
    document: LabelDocument, ontology: Ontology, instances: Iterable[InstanceId], class_id: ClassId
) -> Iterator[InstanceChange]:
    """Yield the changes that `set_class` makes, one for each instance that has another class.

    Raises:
        OntologyError: there is no such class, or it is labelled with another kind of shape.
    """
    entry = ontology.find(class_id)
    if entry is None:
        raise OntologyError(f"the ontology has no class {class_id}")
    known = {a.id for a in walk(entry.attributes)}
    ordinal = document.next_ordinal(class_id)
    for instance in instances:
        old = document.instances[instance]
        for kind in _kinds(document, ontology, old):
            _check_kind(ontology, class_id, kind)
        if old.class_id == class_id:
            continue
        answers = {key: value for key, value in old.answers.items() if key in known}
        dynamic = tuple(a for a in old.dynamic if a.attribute in known)
        new = replace(old, class_id=class_id, ordinal=ordinal, answers=answers, dynamic=dynamic)
        yield InstanceChange(instance, old, new)
        ordinal += 1


def _kinds(document: LabelDocument, ontology: Ontology, instance: Instance) -> set[ShapeKind]:
    """Return the kinds of an instance's labels; without labels the kind of its class."""
    found = {track.kind for _, track in document.tracks_of(instance.id)}
    entry = ontology.find(instance.class_id)
    return found or ({entry.shape} if entry else set())


def add_labels(document: LabelDocument, instance: InstanceId, unit: UnitId, labels: Track) -> Patch:
    """Return one patch that gives an instance many labels at once (a tracker's result); those in their way give way.

    Raises:
        Refused: the instance is labelled with another kind of shape.
    """
    track = document.track(instance, unit)
    if track is not None and len(labels) and track.kind != labels.kind:
        raise Refused(f"this instance is labelled with a {track.kind}, not with a {labels.kind}")
    if track is None or not len(labels):
        before = empty_track(labels.kind)
    else:
        rows = np.flatnonzero(np.isin(track.frames, labels.frames))
        before = track.take(rows) if len(rows) else empty_track(track.kind)
    return Patch((TrackChange(instance, unit, before, labels),)) if len(labels) else Patch()
