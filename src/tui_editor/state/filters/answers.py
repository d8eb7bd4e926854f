"""Answers in a filter: `attr:color=red`, `attr:speed>50`, `attr:color`."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

from tui_editor.model.ontology import Attribute, AttributeKind, walk
from tui_editor.state.filters.syntax import COMPARED, Term, Value, wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from tui_editor.model.ids import AttributeId
    from tui_editor.model.instances import DynamicAnswer, Instance
    from tui_editor.model.ontology import AnswerValue, Ontology
    from tui_editor.state.filters.columns import Columns

    Fits = Callable[[AnswerValue], bool]

_COMPARE: Final = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_CHOICES: Final = frozenset({AttributeKind.RADIO, AttributeKind.CHECKLIST})


def texts(attribute: Attribute | None, answer: AnswerValue) -> Iterator[str]:
    """Yield an answer as it is read: the labels of its options, or its text."""
    if not isinstance(answer, tuple):
        yield str(answer)
        return
    for chosen in answer:
        option = attribute.option(chosen) if attribute else None
        yield option.label if option else chosen


class Wanted(Struct, frozen=True):
    """The answers that a term lets through."""

    fits: Mapping[AttributeId, Fits]
    attributes: tuple[Attribute, ...]

    def static(self, instance: Instance) -> bool:
        """Return whether a static answer of the instance fits."""
        answers = instance.answers
        return any(key in answers and fits(answers[key]) for key, fits in self.fits.items())

    def of_labels(self, columns: Columns) -> NDArray[np.bool_]:
        """Return for each label whether a static answer, or one that holds on its frame, fits."""
        found = np.zeros(len(columns), np.bool_)
        for n, instance in enumerate(columns.instances):
            start, stop = int(columns.starts[n]), int(columns.starts[n + 1])
            if self.static(instance):
                found[start:stop] = True
            for answer in instance.dynamic:
                if answer.unit == columns.keys[n][1] and self._fits(answer):
                    ends = np.array([answer.first, answer.last + 1], np.int64)
                    first, last = columns.tracks[n].frames.searchsorted(ends)
                    found[start + first : start + last] = True
        return found

    def _fits(self, answer: DynamicAnswer) -> bool:
        fits = self.fits.get(answer.attribute)
        return fits is not None and fits(answer.value)


def wanted(term: Term, ontology: Ontology, text_test: Callable[[Value], Callable[[str], bool]]) -> Wanted:
    """Return the answers that a term lets through.

    Raises:
        FilterInvalid: no attribute has that name, or none can have that answer.
    """
    attributes = named(term, ontology)
    fits: dict[AttributeId, Fits] = {}
    for attribute in attributes:
        found = _fits_of(term, attribute, text_test)
        if found is not None:
            fits[attribute.id] = found
    if not fits:
        value, first = term.values[0], attributes[0]
        known = ", ".join(o.label for o in first.options) or f"answers to {first.name} are of kind {first.kind}"
        raise wrong(f"{first.name} has no answer {value.text}", value.start, value.stop, known)
    return Wanted(fits, attributes)


def named(term: Term, ontology: Ontology) -> tuple[Attribute, ...]:
    """Return the attributes of a term's name, in all classes; those that begin with it when none is called so."""
    known = [a for c in ontology.all() for a in walk(c.attributes)]
    folded = term.attribute.casefold()
    exact = [a for a in known if a.name.casefold() == folded]
    found = exact or [a for a in known if a.name.casefold().startswith(folded)]
    if not found:
        start = term.start + int(term.negated) + len("attr:")
        names = ", ".join(dict.fromkeys(a.name for a in known)) or "the ontology has no attributes"
        raise wrong(f"there is no attribute {term.attribute}", start, start + len(term.attribute), names)
    return tuple(found)


def _fits_of(term: Term, attribute: Attribute, text_test: Callable[[Value], Callable[[str], bool]]) -> Fits | None:
    if not term.values:
        return lambda _answer: True
    if term.operator in COMPARED:
        return _compared(term, attribute)
    if attribute.kind in _CHOICES:
        return _chosen(term, attribute, text_test)
    tests = [_text_fits(value, text_test) for value in term.values]
    return lambda answer: any(test(answer) for test in tests)


def _compared(term: Term, attribute: Attribute) -> Fits | None:
    value = term.values[0]
    try:
        limit = float(value.text)
    except ValueError:
        raise wrong(f"{value.text} is no number", value.start, value.stop, f"attr:{attribute.name}>5") from None
    compare = _COMPARE[term.operator]
    if attribute.kind is not AttributeKind.NUMERIC:
        return None
    return lambda answer: not isinstance(answer, tuple | str) and bool(compare(answer, limit))


def _chosen(term: Term, attribute: Attribute, text_test: Callable[[Value], Callable[[str], bool]]) -> Fits | None:
    found: set[str] = set()
    for value in term.values:
        folded = value.text.casefold()
        if value.pattern:
            test = text_test(value)
            found |= {o.id for o in attribute.options if test(o.label)}
        else:
            found |= {o.id for o in attribute.options if folded in {o.label.casefold(), o.value.casefold()}}
    if not found:
        return None
    return lambda answer: isinstance(answer, tuple) and not found.isdisjoint(answer)


def _text_fits(value: Value, text_test: Callable[[Value], Callable[[str], bool]]) -> Fits:
    if value.pattern:
        test = text_test(value)
        return lambda answer: test(str(answer))
    folded = value.text.casefold()
    return lambda answer: str(answer).casefold() == folded or _same_number(answer, folded)


def _same_number(answer: AnswerValue, text: str) -> bool:
    try:
        return not isinstance(answer, tuple | str) and answer == float(text)
    except ValueError:
        return False
