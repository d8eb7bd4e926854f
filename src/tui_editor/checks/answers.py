"""Rules about answers that depend on others, and about what is never used (family O)."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tui_editor.checks.rule import Fault, Rule, context_sheet, first_label, instances, name_of
from tui_editor.model.ontology import AttributeKind, walk
from tui_editor.ports import CheckContext, Param, Reads, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tui_editor.model.ids import ClassId
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import Attribute, Ontology


def _without_parent(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    for instance in instances(context):
        given = {*instance.answers, *(a.attribute for a in instance.dynamic)}
        if not given:
            continue
        entry = context.project.ontology.find(instance.class_id)
        for attribute, parent, option in _nested(entry.attributes if entry else ()):
            if attribute.id in given and option not in _chosen(instance, parent):
                unit, frame = first_label(context, instance.id)
                text = (
                    f"{name_of(context, instance)} answers {attribute.name}, which only asks where {parent.name} is so"
                )
                yield Fault(message=text, unit=unit, frame=frame, instance=instance.id)


def _nested(attributes: tuple[Attribute, ...]) -> Iterator[tuple[Attribute, Attribute, str]]:
    """Yield attributes below an option, with the attribute of that option and the option."""
    for attribute in attributes:
        for option in attribute.options:
            for below in option.attributes:
                yield below, attribute, option.id
            yield from _nested(option.attributes)


def _chosen(instance: Instance, attribute: Attribute) -> set[str]:
    values = [instance.answers.get(attribute.id), *(a.value for a in instance.dynamic if a.attribute == attribute.id)]
    return {option for value in values if isinstance(value, tuple) for option in value}


def _twice(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    for instance in instances(context):
        answers = [*instance.answers.items(), *((a.attribute, a.value) for a in instance.dynamic)]
        for attribute_id, value in answers:
            attribute = context.project.ontology.attribute(attribute_id)
            radio = attribute is not None and attribute.kind is AttributeKind.RADIO
            if radio and attribute is not None and isinstance(value, tuple) and len(value) > 1:
                unit, frame = first_label(context, instance.id)
                text = f"{name_of(context, instance)} answers {attribute.name} {len(value)} times: only one is allowed"
                yield Fault(message=text, unit=unit, frame=frame, instance=instance.id)


# --- how many on a frame --------------------------------------------------------------------------


def _numbers(context: CheckContext, _: Mapping[str, Any]) -> Iterator[Fault]:
    wanted = _limits(context.project.ontology)
    if not wanted:
        return
    sheet = context_sheet(context)
    order, bounds = sheet.by_frame
    for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        rows = order[start:stop]
        counts = Counter(sheet.class_ids[c] for c in sheet.classes[rows][sheet.visible[rows]].tolist())
        for class_id, (least, most) in wanted.items():
            n = counts[class_id]
            if (least is not None and n < least) or (most is not None and n > most):
                entry = context.project.ontology.find(class_id)
                name, allowed = entry.name if entry else class_id, f"{least or 0} to {'any' if most is None else most}"
                place, frame = sheet.place(int(rows[0])), int(sheet.frames[rows[0]])
                yield Fault(
                    message=f"{n} of {name} on frame {frame}: {allowed} are allowed", unit=place.unit, frame=frame
                )


@lru_cache(maxsize=4)
def _limits(ontology: Ontology) -> dict[ClassId, tuple[int | None, int | None]]:
    """Return how few and how many of a class a frame may have, where the ontology says so."""
    limits = {e.id: (_whole(e.extra, "min_per_frame"), _whole(e.extra, "max_per_frame")) for e in ontology.all()}
    return {key: pair for key, pair in limits.items() if pair != (None, None)}


def _whole(extra: Mapping[str, Any], name: str) -> int | None:
    value = extra.get(name)
    return value if isinstance(value, int) else None


# --- what is never used ---------------------------------------------------------------------------


def _used(context: CheckContext, _: Mapping[str, Any]) -> Any:
    """Return how often each class is used, and each answer given, of what the ontology has."""
    found: Counter[tuple[str, ...]] = Counter()
    for instance in context.document.instances.values():
        found["class", instance.class_id] += 1
        for attribute, value in (*instance.answers.items(), *((a.attribute, a.value) for a in instance.dynamic)):
            found["attribute", attribute] += 1
            for option in value if isinstance(value, tuple) else ():
                found["option", attribute, option] += 1
    return {key: ("", n) for key, n in found.items()}


def _usable(ontology: Ontology, _: Mapping[str, Any]) -> Any:
    return {key: (name, 0) for key, name in _names(ontology).items()}


@lru_cache(maxsize=4)
def _names(ontology: Ontology) -> dict[tuple[str, ...], str]:
    """Return what can be used, with a name for people."""
    names: dict[tuple[str, ...], str] = {}
    for entry in ontology.all():
        names["class", str(entry.id)] = f"the class {entry.name}"
        for attribute in walk(entry.attributes):
            names["attribute", str(attribute.id)] = f"the attribute {attribute.name} of {entry.name}"
            for option in attribute.options:
                names["option", str(attribute.id), str(option.id)] = f"the option {option.label} of {attribute.name}"
    return names


def _unused(tallies: Iterable[Any], values: Mapping[str, Any]) -> Iterator[Fault]:
    totals: dict[tuple[str, ...], tuple[str, int]] = {}
    for tally in tallies:
        for key, (name, n) in tally.items():
            known = totals.get(key, ("", 0))
            totals[key] = (known[0] or name, known[1] + n)
    totals = {key: pair for key, pair in totals.items() if pair[0]}  # what the ontology lacks is O01 and O05
    if not any(n for _name, n in totals.values()):
        return  # nothing is labelled yet
    never = [key for key, (_name, n) in totals.items() if not n]
    unused_above = {key[:1] + key[1:2] for key in never}
    told = [totals[k][0] for k in never if not (k[0] == "option" and ("attribute", k[1]) in unused_above)]
    if told:
        more = f", and {len(told) - 8} more" if len(told) > 8 else ""
        yield Fault(message=f"never used: {', '.join(told[:8])}{more}")
    for key, (name, n) in totals.items():
        if key[0] != "attribute" or n < values["least_answers"]:
            continue
        options = {k: c for k, (_name, c) in totals.items() if k[0] == "option" and k[1] == key[1]}
        if len(options) > 1 and sum(c > 0 for c in options.values()) == 1:
            yield Fault(message=f"{name} has one answer only, {n} times")


RULES = (
    Rule(
        rule="O06",
        title="an answer is there whose question is not asked",
        severity=Severity.ERROR,
        doc="An attribute below an option is answered, and the option is not chosen.",
        reads=Reads.ANSWERS,
        find=_without_parent,
        hint="choose the option, or take the answer back",
    ),
    Rule(
        rule="O07",
        title="a class, attribute or option is never used, or has one answer only",
        severity=Severity.INFO,
        doc="Over all tasks. One answer only: at least `least_answers` times.",
        reads=Reads.PROJECT,
        tally_task=_used,
        tally_ontology=_usable,
        conclude=_unused,
        params=(Param("least_answers", 20, "answers from which on one value is told"),),
        hint="see whether the ontology is the right one",
    ),
    Rule(
        rule="O08",
        title="a frame has too many or too few of a class",
        severity=Severity.WARNING,
        doc="Classes with `min_per_frame` or `max_per_frame` in the ontology or in `checks.toml`, on frames that have "
        "labels.",
        reads=Reads.FRAME,
        find=_numbers,
        hint="add what is missing, delete what is too much",
    ),
    Rule(
        rule="O09",
        title="a question for one answer has several",
        severity=Severity.ERROR,
        doc="Radio attributes with more than one option chosen.",
        reads=Reads.ANSWERS,
        find=_twice,
        hint="answer it again",
    ),
)
