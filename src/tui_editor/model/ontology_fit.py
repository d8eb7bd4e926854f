"""What a change of the ontology would take from labels: instances without a class, answers that are none any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui_editor.model.ontology import Attribute, AttributeKind, Ontology, asked, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.model.ids import AttributeId, ClassId
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import AnswerValue, AnyClass


def narrowed(before: Ontology, after: Ontology) -> frozenset[ClassId]:
    """Return the classes from which a change may take something: not those that only got more, or other names."""
    return frozenset(entry.id for entry in before.all() if _narrows(entry, after.find(entry.id)))


def _narrows(entry: AnyClass, now: AnyClass | None) -> bool:
    if now is None:
        return True
    return entry is not now and not set(_promises(entry)) <= set(_promises(now))


def _promises(entry: AnyClass) -> Iterator[tuple[Any, ...]]:
    """Yield what labels rely on: the shape, the questions with their kinds, the options with what they lead to."""
    yield "drawn", *_drawn(entry)
    for attribute in walk(entry.attributes):
        yield "attribute", attribute.id, attribute.kind, attribute.dynamic
        for option in attribute.options:
            yield "option", attribute.id, option.id
            yield from (("brings", option.id, nested.id) for nested in option.attributes)


def _drawn(entry: AnyClass) -> tuple[object, ...]:
    return entry.shape, getattr(entry, "is_global", False)


def loses(instance: Instance, before: Ontology, after: Ontology) -> bool:
    """Return whether a change takes something from an instance: its class, its shape, or an answer."""
    was, is_ = before.find(instance.class_id), after.find(instance.class_id)
    if was is None:
        return False
    if is_ is None or loses_labels(instance.class_id, before, after):
        return True
    return not set(_answers(instance, was)) <= set(_answers(instance, is_))


def loses_labels(class_id: ClassId, before: Ontology, after: Ontology) -> bool:
    """Return whether a class goes by a change, or is drawn in another way."""
    was, is_ = before.find(class_id), after.find(class_id)
    return was is not None and (is_ is None or _drawn(was) != _drawn(is_))


def _answers(instance: Instance, entry: AnyClass) -> Iterator[tuple[Any, ...]]:
    """Yield the answers of an instance that are answers to what its class asks."""
    anywhere: dict[AttributeId, AnswerValue] = {**instance.answers}
    for given in instance.dynamic:
        earlier = anywhere.get(given.attribute)
        if isinstance(given.value, tuple) and isinstance(earlier, tuple):
            anywhere[given.attribute] = (*earlier, *given.value)
        else:
            anywhere[given.attribute] = given.value
    questions = {attribute.id: attribute for attribute in asked(entry.attributes, anywhere)}
    for name, value in instance.answers.items():
        if name in questions and is_answer(questions[name], value) and not questions[name].dynamic:
            yield "static", name, value
    for given in instance.dynamic:
        question = questions.get(given.attribute)
        if question is not None and is_answer(question, given.value) and question.dynamic:
            yield "dynamic", given.attribute, given.value, given.unit, given.first, given.last


def is_answer(attribute: Attribute, value: AnswerValue) -> bool:
    """Return whether a value has the type that an attribute asks for, and names options that it has."""
    if isinstance(value, tuple):
        one = attribute.kind is AttributeKind.CHECKLIST or (attribute.kind is AttributeKind.RADIO and len(value) <= 1)
        return one and all(attribute.option(name) is not None for name in value)
    if isinstance(value, str):
        return attribute.kind is AttributeKind.TEXT
    return attribute.kind is AttributeKind.NUMERIC
