"""Copy labels, and paste them as the same instances or as new ones, within a task and into others of its project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from tui_editor.edits.labels import create_instance, put_label
from tui_editor.errors import OntologyError, Refused
from tui_editor.model.ontology import walk
from tui_editor.model.patch import InstanceChange, Patch, compose
from tui_editor.model.shapes import ShapeKind, bounds
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tui_editor.edits.stamp import Stamp
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import FrameRef
    from tui_editor.model.ids import InstanceId, TaskId
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.shapes import Shape

NOT_COPIED = frozenset({ShapeKind.PRESENCE, ShapeKind.VERBATIM})
"""Kinds of label without a shape that could be put elsewhere."""


class Copied(Struct, frozen=True):
    """One label with its instance, as they were when they were copied."""

    instance: Instance
    class_name: str
    shape: Shape


class Clip(Struct, frozen=True, kw_only=True):
    """What was copied, and from where."""

    task: TaskId
    at: FrameRef
    copied: tuple[Copied, ...]
    pasted: Mapping[tuple[TaskId, InstanceId], InstanceId] = field(default_factory=dict)
    """The instances that copied ones became in other tasks: pasted there again they are the same."""


def copy(
    document: LabelDocument, ontology: Ontology, instances: Iterable[InstanceId], at: FrameRef
) -> tuple[Copied, ...]:
    """Return the labels of some instances on a frame, for pasting.

    Raises:
        Refused: none of them has a label with a shape there.
    """
    found = []
    for instance in instances:
        track = document.track(instance, at.unit)
        shape = track.shape_at(at.index) if track is not None and track.kind not in NOT_COPIED else None
        if shape is not None:
            value = document.instances[instance]
            entry = ontology.find(value.class_id)
            found.append(Copied(value, entry.name if entry else value.class_id, shape))
    if not found:
        raise Refused("nothing that is selected has a shape on this frame")
    return tuple(found)


def paste_new(
    document: LabelDocument,
    ontology: Ontology,
    copied: Sequence[Copied],
    at: FrameRef,
    stamp: Stamp,
    *,
    answers: bool = False,
) -> tuple[Patch, dict[InstanceId, InstanceId]]:
    """Return the patch that makes a new instance of each copied label, and the new instances by the copied ones.

    Args:
        document: The task.
        ontology: What may be labelled in it.
        copied: What to paste.
        at: The frame.
        stamp: Who pastes.
        answers: The new instances have the static answers of the copied ones too.

    Raises:
        OntologyError: the ontology lacks one of the classes, or labels it with another kind of shape.
    """
    _check_classes(ontology, copied)
    patches: list[Patch] = []
    made: dict[InstanceId, InstanceId] = {}
    for one in copied:
        patch, key = create_instance(document, ontology, one.instance.class_id, at, one.shape, stamp)
        if answers:
            patch = _with_answers(patch, ontology, one.instance)
        document = document.apply(patch)
        patches.append(patch)
        made[one.instance.id] = key
    return compose(*patches), made


def _check_classes(ontology: Ontology, copied: Iterable[Copied]) -> None:
    for one in copied:
        if ontology.find(one.instance.class_id) is None:
            name = one_line(one.class_name)
            raise OntologyError(f"the ontology here has no class {name}", hint="add it, or copy another object")


def _with_answers(patch: Patch, ontology: Ontology, source: Instance) -> Patch:
    entry = ontology.find(source.class_id)
    known = {a.id for a in walk(entry.attributes)} if entry else set()
    answers = {key: value for key, value in source.answers.items() if key in known}
    changes = [
        replace(c, after=replace(c.after, answers=answers)) if isinstance(c, InstanceChange) and c.after else c
        for c in patch.changes
    ]
    return Patch(tuple(changes))


def paste_same(document: LabelDocument, shapes: Mapping[InstanceId, Shape], at: FrameRef, stamp: Stamp) -> Patch:
    """Return the patch that gives instances of the task these shapes on a frame."""
    return compose(*(put_label(document, instance, at, shape, stamp) for instance, shape in shapes.items()))


def check_inside(copied: Iterable[Copied], size: tuple[int, int]) -> None:
    """Refuse what would lie wholly outside a frame of this (width, height) in pixels; 0: not known.

    Raises:
        Refused: a shape does.
    """
    for one in copied if min(size) > 0 else ():
        box = bounds(one.shape)
        if box is not None and (box[0] >= size[0] or box[1] >= size[1] or box[2] <= 0 or box[3] <= 0):
            name = one_line(one.class_name)
            raise Refused(f"the copied {name} would lie outside this frame of {size[0]}×{size[1]} pixels")


def repeated(
    document: LabelDocument, source: FrameRef, at: FrameRef
) -> tuple[dict[InstanceId, Shape], list[InstanceId]]:
    """Return the shapes of another frame that can be repeated here, and the instances that have a label here."""
    shapes = {}
    for instance in document.on_frame(source.unit, source.index):
        track = document.track(instance, source.unit)
        shape = track.shape_at(source.index) if track is not None and track.kind not in NOT_COPIED else None
        if shape is not None:
            shapes[instance] = shape
    taken = [i for i in shapes if (t := document.track(i, at.unit)) is not None and t.row_of(at.index) is not None]
    return shapes, taken
