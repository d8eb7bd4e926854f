"""Answer attributes, static and dynamic, and place classifications on frames."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from tui_editor.edits.dynamic import joined, without
from tui_editor.errors import OntologyError
from tui_editor.model.ids import InstanceId, new_id
from tui_editor.model.instances import DynamicAnswer, Instance
from tui_editor.model.ontology import AnswerValue, Attribute, AttributeKind, Classification, asked, walk
from tui_editor.model.patch import InstanceChange, Patch, TrackChange
from tui_editor.model.shapes import Presence, ShapeKind
from tui_editor.model.tracks import Label, empty_track, make_track

if TYPE_CHECKING:
    from tui_editor.edits.stamp import Stamp
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import AttributeId, ClassId, UnitId
    from tui_editor.model.ontology import Ontology


def set_answer(
    document: LabelDocument,
    ontology: Ontology,
    instance: InstanceId,
    attribute_id: AttributeId,
    value: AnswerValue | None,
) -> Patch:
    """Return the patch that answers a static attribute, or takes the answer back (None).

    Answers of attributes that no longer apply, since their option was left, are dropped with it.

    Raises:
        OntologyError: the class has no such attribute, or the value is not an answer to it.
    """
    old = document.instances[instance]
    attribute = _attribute(ontology, old, attribute_id)
    answers = {**old.answers}
    answers.pop(attribute_id, None)
    if value is not None:
        check_answer(attribute, value)
        answers[attribute_id] = value
    new = replace(old, answers=_that_apply(ontology, replace(old, answers=answers)))
    return Patch((InstanceChange(instance, old, new),)) if new != old else Patch()


def _that_apply(ontology: Ontology, instance: Instance) -> dict[AttributeId, AnswerValue]:
    """Return the static answers of an instance whose attributes are asked, on whichever frame."""
    entry, answers = ontology.find(instance.class_id), instance.answers
    anywhere: dict[AttributeId, AnswerValue] = {**answers}
    for answer in instance.dynamic:
        if isinstance(answer.value, tuple):
            before = anywhere.get(answer.attribute, ())
            anywhere[answer.attribute] = (*(before if isinstance(before, tuple) else ()), *answer.value)
    known = {a.id for a in asked(entry.attributes, anywhere)} if entry else set(answers)
    return {key: value for key, value in answers.items() if key in known or ontology.attribute(key) is None}


def set_dynamic_answer(
    document: LabelDocument,
    ontology: Ontology,
    instance: InstanceId,
    answer: DynamicAnswer,
    *,
    clear: bool = False,
) -> Patch:
    """Return the patch that answers a dynamic attribute on a range of frames; earlier answers give way there.

    Args:
        document: The task.
        ontology: What may be answered.
        instance: Whose attribute.
        answer: The attribute, its value and the range first..last of a unit.
        clear: Take the answers on the range back instead, whatever the value says.

    Raises:
        OntologyError: the class has no such attribute, it is not dynamic, or the value is not an answer to it.
    """
    old = document.instances[instance]
    attribute = _attribute(ontology, old, answer.attribute)
    if not attribute.dynamic:
        raise OntologyError(f"{attribute.name} is one answer for all frames")
    if not clear:
        check_answer(attribute, answer.value)
    kept = [piece for a in old.dynamic for piece in without(a, answer)]
    added = [] if clear else [answer]
    new = replace(old, dynamic=joined([*kept, *added]))
    new = replace(new, answers=_that_apply(ontology, new))
    return Patch((InstanceChange(instance, old, new),)) if new != old else Patch()


def _attribute(ontology: Ontology, instance: Instance, attribute_id: AttributeId) -> Attribute:
    entry = ontology.find(instance.class_id)
    found = next((a for a in walk(entry.attributes) if a.id == attribute_id), None) if entry else None
    if found is None:
        raise OntologyError(f"{entry.name if entry else 'an unknown class'} has no attribute {attribute_id}")
    return found


def check_answer(attribute: Attribute, value: AnswerValue) -> None:
    """Refuse a value that is no answer to an attribute.

    Raises:
        OntologyError: it has the wrong type or names an option that the attribute lacks.
    """
    match attribute.kind, value:
        case (AttributeKind.RADIO, tuple()) if len(value) == 1:
            _check_options(attribute, value)
        case (AttributeKind.CHECKLIST, tuple()):
            _check_options(attribute, value)
        case (AttributeKind.TEXT, str()):
            pass
        case (AttributeKind.NUMERIC, int() | float()) if _can_be_kept(value):
            pass
        case _:
            raise OntologyError(f"that is no answer to {attribute.name} ({attribute.kind})")


def _can_be_kept(number: float) -> bool:
    """Return whether a number is finite and, where it is a whole one, of 64 bits."""
    return -(1 << 63) <= number < 1 << 63 if isinstance(number, int) else math.isfinite(number)


def _check_options(attribute: Attribute, value: tuple[str, ...]) -> None:
    unknown = [v for v in value if all(o.id != v for o in attribute.options)]
    if unknown:
        raise OntologyError(f"{attribute.name} has no option {unknown[0]}")


def place_classification(
    document: LabelDocument,
    ontology: Ontology,
    class_id: ClassId,
    unit: UnitId,
    frames: tuple[int, int],
    stamp: Stamp,
) -> tuple[Patch, InstanceId]:
    """Return the patch that makes a classification hold on frames first..last, and its instance's id.

    A classification stands once on a frame: frames where another instance of it holds are left to that one. A global
    one holds on no particular frame.

    Raises:
        OntologyError: there is no such classification, or it is archived.
    """
    entry = ontology.find(class_id)
    if not isinstance(entry, Classification):
        raise OntologyError(f"the ontology has no classification {class_id}")
    if entry.archived:
        raise OntologyError(f"{entry.name} is archived: it is asked no more")
    instance = Instance(
        id=InstanceId(new_id()),
        class_id=class_id,
        ordinal=document.next_ordinal(class_id),
        created_by=stamp.person,
        created_ms=stamp.at_ms,
    )
    made = InstanceChange(instance.id, None, instance)
    if entry.is_global:
        return Patch((made,)), instance.id
    free = _free_frames(document, class_id, unit, frames)
    if not free:
        raise OntologyError(f"{entry.name} holds on all of these frames already")
    labels = [_present(frame, stamp) for frame in free]
    change = TrackChange(instance.id, unit, empty_track(ShapeKind.PRESENCE), make_track(labels))
    return Patch((made, change)), instance.id


def _free_frames(document: LabelDocument, class_id: ClassId, unit: UnitId, frames: tuple[int, int]) -> list[int]:
    taken = [t.frames for i in document.of_class(class_id) if (t := document.track(i.id, unit)) is not None]
    wanted = np.arange(frames[0], frames[1] + 1, dtype=np.int32)
    free: list[int] = wanted[~np.isin(wanted, np.concatenate([np.empty(0, np.int32), *taken]))].tolist()
    return free


def _present(frame: int, stamp: Stamp) -> Label:
    return Label(
        frame=frame,
        shape=Presence(),
        author=stamp.person,
        editor=stamp.person,
        created_ms=stamp.at_ms,
        edited_ms=stamp.at_ms,
    )
