"""Rules about classes, shapes and answers (family O)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.checks.rule import Fault, Rule, first_label, instances, name_of, on_frames, runs, tracks
from tui_editor.edits.attributes import check_answer
from tui_editor.edits.workflow import requirements
from tui_editor.errors import OntologyError
from tui_editor.model.ontology import Attribute, AttributeKind, walk
from tui_editor.model.workflow import TaskState
from tui_editor.ports import CheckContext, Reads, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tui_editor.model.ids import AttributeId
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import AnswerValue


def _unknown_class(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    for instance in instances(context):
        if context.project.ontology.find(instance.class_id) is None:
            unit, frame = first_label(context, instance.id)
            text = f"the class {instance.class_id} is not in the ontology"
            yield Fault(message=text, unit=unit, frame=frame, instance=instance.id)


def _wrong_shape(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    for instance, unit, track in tracks(context):
        entry = context.project.ontology.find(instance.class_id)
        if entry is not None and track.kind is not entry.shape and len(track):
            text = f"{name_of(context, instance)} is labelled by {track.kind}, its class by {entry.shape}"
            yield Fault(message=text, unit=unit.id, frame=int(track.frames[0]), instance=instance.id)


# --- answers -------------------------------------------------------------------------------------


def _missing(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    document = context.document
    if not document.instances and document.status.state is TaskState.NEW:
        return  # nobody began yet
    for lack in requirements(document, context.project):
        unit, frame = (None, None) if lack.instance is None else first_label(context, lack.instance)
        yield Fault(message=lack.text, unit=unit, frame=frame, instance=lack.instance)
    asking = {e.id for e in context.project.ontology.all() if any(a.required and a.dynamic for a in e.attributes)}
    for instance in instances(context) if asking else ():
        if instance.class_id in asking:
            yield from _uncovered(context, instance)


def _uncovered(context: CheckContext, instance: Instance) -> Iterator[Fault]:
    """Yield the frames of an instance on which a required dynamic attribute has no answer, though it has elsewhere."""
    entry = context.project.ontology.find(instance.class_id)
    answered = {a.attribute for a in instance.dynamic}
    for attribute in entry.attributes if entry else ():
        if not (attribute.required and attribute.dynamic and not attribute.archived and attribute.id in answered):
            continue
        for unit, track in context.document.tracks_of(instance.id):
            open_ = np.ones(len(track), bool)
            for answer in instance.dynamic:
                if answer.attribute == attribute.id and answer.unit == unit:
                    open_ &= (track.frames < answer.first) | (track.frames > answer.last)
            for rows in runs(track.frames, open_):
                frames = track.frames[rows]
                text = f"{name_of(context, instance)} needs an answer to {attribute.name} {on_frames(frames)}"
                yield Fault(message=text, unit=unit, frame=int(frames[0]), instance=instance.id)


def _bad_value(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    for instance, attribute_id, value, place in _answers(context):
        attribute = _known(context, instance).get(attribute_id)
        problem = _problem(attribute, value) if attribute is not None else ""
        if problem:
            text = f"{name_of(context, instance)}: {problem}"
            yield Fault(message=text, unit=place.unit, frame=place.frame, instance=instance.id)


def _problem(attribute: Attribute, value: AnswerValue) -> str:
    """Return what is wrong with an answer; empty when nothing is."""
    if attribute.kind is AttributeKind.RADIO and isinstance(value, tuple) and len(value) > 1:
        return ""  # O09
    try:
        check_answer(attribute, value)
    except OntologyError as error:
        return error.what
    low, high = attribute.extra.get("minimum"), attribute.extra.get("maximum")
    if isinstance(value, int | float):
        if isinstance(low, int | float) and value < low:
            return f"{attribute.name} is {value}, below {low}"
        if isinstance(high, int | float) and value > high:
            return f"{attribute.name} is {value}, above {high}"
    return _unlike(attribute, value)


def _unlike(attribute: Attribute, value: AnswerValue) -> str:
    """Return whether a text is none that the attribute's `pattern` allows; a pattern that is none allows everything."""
    pattern = attribute.extra.get("pattern")
    if isinstance(value, str) and isinstance(pattern, str):
        try:
            if re.fullmatch(pattern, value) is None:
                return f"{attribute.name} is {value!r}, not like {pattern}"
        except re.error:
            return ""
    return ""


def _unknown_attribute(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    for instance, attribute_id, _value, place in _answers(context):
        if context.project.ontology.find(instance.class_id) is None:
            continue  # O01
        if attribute_id not in _known(context, instance):
            text = f"{name_of(context, instance)} has an answer to {attribute_id}, which its class doesn't ask"
            yield Fault(message=text, unit=place.unit, frame=place.frame, instance=instance.id)


def _answers(context: CheckContext) -> Iterator[tuple[Instance, AttributeId, AnswerValue, Fault]]:
    """Yield every answer with its place: static ones by attribute, then dynamic ones by frame."""
    for instance in instances(context):
        unit, frame = first_label(context, instance.id)
        for attribute, value in sorted(instance.answers.items()):
            yield instance, attribute, value, Fault(message="", unit=unit, frame=frame)
        for answer in sorted(instance.dynamic, key=lambda a: (a.unit, a.first, a.attribute)):
            yield instance, answer.attribute, answer.value, Fault(message="", unit=answer.unit, frame=answer.first)


def _known(context: CheckContext, instance: Instance) -> dict[AttributeId, Attribute]:
    entry = context.project.ontology.find(instance.class_id)
    return {a.id: a for a in walk(entry.attributes)} if entry else {}


RULES = (
    Rule(
        rule="O01",
        title="a class is not in the ontology",
        severity=Severity.ERROR,
        doc="Instances whose class the project doesn't know.",
        reads=Reads.LABEL,
        find=_unknown_class,
        hint="add the class to the ontology, or change it",
    ),
    Rule(
        rule="O02",
        title="a class is labelled by another shape than its own",
        severity=Severity.ERROR,
        doc="Each class has one kind of shape; a classification has none.",
        reads=Reads.LABEL,
        find=_wrong_shape,
        hint="draw it by the shape of its class",
    ),
    Rule(
        rule="O03",
        title="something required is missing",
        severity=Severity.ERROR,
        doc="Required classes without an instance, required attributes without an answer, and required dynamic ones on "
        "each labelled frame. New tasks without labels are not reported: nobody began.",
        reads=Reads.TASK,
        find=_missing,
        hint="answer it",
        fix="answer",
    ),
    Rule(
        rule="O04",
        title="an answer is none of those allowed",
        severity=Severity.ERROR,
        doc="Options that the attribute lacks, values of another type, numbers beyond the attribute's `minimum` and "
        "`maximum`, texts unlike its `pattern`.",
        reads=Reads.ANSWERS,
        find=_bad_value,
        hint="answer it again",
    ),
    Rule(
        rule="O05",
        title="an answer belongs to no attribute of its class",
        severity=Severity.WARNING,
        doc="Answers to attributes that the class doesn't have at any depth.",
        reads=Reads.ANSWERS,
        find=_unknown_attribute,
        hint="add the attribute to the ontology",
    ),
)
