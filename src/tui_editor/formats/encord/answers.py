"""Answers of instances as Encord's flat lists: static ones, and dynamic ones with frame ranges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tui_editor.formats.encord.names import ours, snake, wrapped
from tui_editor.formats.encord.residue import digest, residue, restored
from tui_editor.model.ids import AttributeId, OptionId, UnitId
from tui_editor.model.instances import DynamicAnswer
from tui_editor.model.ontology import AnswerValue, Attribute, AttributeKind, Ontology, walk

if TYPE_CHECKING:
    from tui_editor.model.ontology import AnyClass

Range = tuple[int, int]
UnitOf = Callable[[dict[str, Any]], "UnitId | None"]
"""The data unit to which an action belongs (by its `spaceId`)."""


class OddAnswer(ValueError):
    """An answer's attribute or option is not in the ontology, or its value is of another kind."""


# --- values --------------------------------------------------------------------------------------


def read_value(attribute: Attribute, value: object) -> AnswerValue:
    """Return an entry's `answers` as the model's value.

    Raises:
        OddAnswer: it is not of the attribute's kind, or an option is unknown.
    """
    if attribute.kind in {AttributeKind.RADIO, AttributeKind.CHECKLIST}:
        chosen = {_option_hash(v) for v in value} if isinstance(value, list) else {None}
        known = tuple(o.id for o in attribute.options if o.id in chosen)
        if len(known) != len(chosen):
            raise OddAnswer("an option is not in the ontology")
        return known
    if attribute.kind is AttributeKind.NUMERIC:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise OddAnswer("a numeric answer is not a number")
        return value
    if not isinstance(value, str):
        raise OddAnswer("a text answer is not a text")
    return value


def _option_hash(value: object) -> object:
    found = value.get("featureHash") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None


def write_value(attribute: Attribute, value: AnswerValue) -> Any:
    """Return the model's value as an entry's `answers`."""
    if not isinstance(value, tuple):
        return value
    return [_option(attribute, chosen) for chosen in value]


def _option(attribute: Attribute, chosen: OptionId) -> dict[str, Any]:
    found = attribute.option(chosen)
    label, script = (found.label, found.value) if found else (str(chosen), snake(str(chosen)))
    return {"name": label, "value": script, "featureHash": str(chosen)}


def _entry(attribute: Attribute, value: AnswerValue) -> dict[str, Any]:
    return {
        "name": attribute.name,
        "value": snake(attribute.name),
        "answers": write_value(attribute, value),
        "featureHash": str(attribute.id),
        "manualAnnotation": True,
    }


# --- static --------------------------------------------------------------------------------------


def read_static(entries: Iterable[Any], ontology: Ontology) -> tuple[dict[AttributeId, AnswerValue], int]:
    """Return answers by attribute, and how many entries were odd (their residue is kept by the caller).

    The web editor writes a checklist as several entries of one option each: they are joined.
    """
    answers: dict[AttributeId, AnswerValue] = {}
    odd = 0
    for entry in entries:
        try:
            attribute, value = _read_entry(entry, ontology)
        except OddAnswer:
            odd += 1
            continue
        answers[attribute.id] = _joined(attribute, answers.get(attribute.id), value)
    return answers, odd


def _read_entry(entry: object, ontology: Ontology) -> tuple[Attribute, AnswerValue]:
    if not isinstance(entry, dict):
        raise OddAnswer("an answer is not an object")
    attribute = ontology.attribute(AttributeId(str(entry.get("featureHash"))))
    if attribute is None:
        raise OddAnswer("an attribute is not in the ontology")
    return attribute, read_value(attribute, entry.get("answers"))


def _joined(attribute: Attribute, before: AnswerValue | None, value: AnswerValue) -> AnswerValue:
    if attribute.kind is AttributeKind.CHECKLIST and isinstance(before, tuple) and isinstance(value, tuple):
        return tuple(o.id for o in attribute.options if o.id in {*before, *value})
    return value


def write_static(
    answers: Mapping[AttributeId, AnswerValue], kind: AnyClass | None, ontology: Ontology
) -> list[dict[str, Any]]:
    """Return the flat list, children before parents and the last attribute first, as the SDK writes it."""
    asked = list(walk(kind.attributes)) if kind else []
    known = {a.id for a in asked}
    strays = (ontology.attribute(key) for key in answers if key not in known)
    ordered = [*reversed(asked), *(a for a in strays if a is not None)]
    return [_entry(a, answers[a.id]) for a in ordered if a.id in answers]


# --- dynamic -------------------------------------------------------------------------------------


def read_dynamic(entries: Iterable[Any], ontology: Ontology, unit_of: UnitOf) -> tuple[tuple[DynamicAnswer, ...], int]:
    """Return the dynamic answers of `actions`, one for each range, and how many entries were odd."""
    found: list[DynamicAnswer] = []
    odd = 0
    for entry in entries:
        try:
            found.extend(_read_action(entry, ontology, unit_of))
        except OddAnswer:
            odd += 1
    return _joined_checklists(found, ontology), odd


def _read_action(entry: Any, ontology: Ontology, unit_of: UnitOf) -> list[DynamicAnswer]:
    attribute, value = _read_entry(entry, ontology)
    unit, ranges = unit_of(entry), read_ranges(entry.get("range"))
    if unit is None or not ranges:
        raise OddAnswer("an action is on no frame of a known data unit")
    made = [
        DynamicAnswer(attribute=attribute.id, value=value, unit=unit, first=first, last=last) for first, last in ranges
    ]
    plain = _action(attribute, value, made)
    rest = residue(entry, plain | ({"spaceId": entry["spaceId"]} if "spaceId" in entry else {}))
    return [replace(m, extra=wrapped(rest)) for m in made] if rest else made


def read_ranges(value: object) -> list[Range]:
    """Return `[[0, 9], [12, 12]]` as inclusive pairs in order; a range that is none makes the whole odd."""
    if not isinstance(value, list):
        raise OddAnswer("a range is not a list")
    pairs: list[Range] = []
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2 or not all(type(v) is int and 0 <= v < 2**31 for v in pair):
            raise OddAnswer("a range is not two frame numbers")
        if pair[0] <= pair[1]:
            pairs.append((pair[0], pair[1]))
    return pairs


def joined_ranges(ranges: Iterable[Range]) -> list[Range]:
    """Return ranges in order, those that touch or overlap as one."""
    out: list[Range] = []
    for first, last in sorted(ranges):
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], last))
        else:
            out.append((first, last))
    return out


def _joined_checklists(found: list[DynamicAnswer], ontology: Ontology) -> tuple[DynamicAnswer, ...]:
    """Return the answers, with checklists that overlap (one option an entry) joined frame by frame."""
    out = [a for a in found if not isinstance(a.value, tuple)]
    groups: dict[tuple[AttributeId, UnitId], list[DynamicAnswer]] = {}
    for answer in found:
        if isinstance(answer.value, tuple):
            groups.setdefault((answer.attribute, answer.unit), []).append(answer)
    split: set[tuple[AttributeId, UnitId]] = set()
    for key, group in groups.items():
        attribute = ontology.attribute(key[0])
        if attribute is not None and attribute.kind is AttributeKind.CHECKLIST and _overlap(group):
            split.add(key)
            out.extend(_by_piece(group, attribute))
        else:
            out.extend(group)
    if not split:
        return tuple(found)
    return tuple(out)


def _overlap(group: list[DynamicAnswer]) -> bool:
    ordered = sorted((a.first, a.last) for a in group)
    return any(b[0] <= a[1] for a, b in pairwise(ordered))


def _by_piece(group: list[DynamicAnswer], attribute: Attribute) -> Iterable[DynamicAnswer]:
    edges = sorted({a.first for a in group} | {a.last + 1 for a in group})
    for first, stop in pairwise(edges):
        here = [a.value for a in group if a.first <= first and a.last >= stop - 1]
        chosen = {option for value in here if isinstance(value, tuple) for option in value}
        if here:
            value = tuple(o.id for o in attribute.options if o.id in chosen)
            yield DynamicAnswer(attribute=attribute.id, value=value, unit=group[0].unit, first=first, last=stop - 1)


def _action(attribute: Attribute, value: AnswerValue, group: Iterable[DynamicAnswer]) -> dict[str, Any]:
    ranges = joined_ranges((a.first, a.last) for a in group)
    return _entry(attribute, value) | {
        "dynamic": True,
        "range": [list(r) for r in ranges],
        "shouldPropagate": False,
    }


def write_dynamic(
    answers: Iterable[DynamicAnswer], ontology: Ontology, space_of: Callable[[UnitId], str]
) -> list[dict[str, Any]]:
    """Return `actions`: one entry for each attribute and value, in the order of first mention."""
    groups: dict[tuple[Any, ...], list[DynamicAnswer]] = {}
    for answer in answers:
        key = (answer.attribute, answer.value, answer.unit, digest(ours(answer.extra)))
        groups.setdefault(key, []).append(answer)
    out = []
    for group in groups.values():
        attribute = ontology.attribute(group[0].attribute)
        if attribute is None:
            continue
        plain = _action(attribute, group[0].value, group)
        space = space_of(group[0].unit)
        out.append(restored(plain | ({"spaceId": space} if space else {}), ours(group[0].extra)))
    return out
