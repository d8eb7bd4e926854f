"""The filter language: `class:car score<0.5 -state:approved frames:100-200 attr:color=red wheel`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui_editor.state.filters.syntax import FIELDS, Term, Value, read_terms, wrong
from tui_editor.state.view import Filters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.ontology import Ontology

WORDS = tuple(name + ("" if shape.startswith("<") else ":") + shape for name, shape in FIELDS.items())
"""What may be written, for the prompt and the manual; any other word is looked for in the instance's name."""


def parse_filter(text: str, ontology: Ontology, units: Sequence[Unit] = ()) -> Filters:
    """Return what the typed text means; the empty text lets everything through.

    Args:
        text: As `WORDS` tell.
        ontology: Whose classes, attributes and answers may be named.
        units: The task's data units, named by title or by their place in the row, 1 the first.

    Raises:
        FilterInvalid: it is no filter, or a class, an attribute, an answer or a data unit doesn't exist.
    """
    from tui_editor.state.filters.conditions import conditions_of

    text = text.strip()
    terms = tuple(_with_ids(term, units) if term.field == "unit" else term for term in read_terms(text))
    conditions_of(terms, ontology)
    return Filters(text=text, terms=terms)


def _with_ids(term: Term, units: Sequence[Unit]) -> Term:
    """Return a term about data units with their ids for values."""
    return replace(term, values=tuple(_id_of(value, unit) for value in term.values for unit in _named(value, units)))


def _id_of(value: Value, unit: Unit) -> Value:
    return replace(value, text=str(unit.id))


def _named(value: Value, units: Sequence[Unit]) -> Sequence[Unit]:
    """Return the data units of a title, or those whose title begins so, or the one at a place in the row."""
    folded = value.text.casefold()
    exact = [unit for unit in units if unit.title.casefold() == folded]
    found = exact or [unit for unit in units if folded and unit.title.casefold().startswith(folded)]
    if not found and value.text.isascii() and value.text.isdigit():
        found = list(units[max(int(value.text[:9]) - 1, 0) : int(value.text[:9])])
    if value.pattern or not found:
        known = ", ".join(unit.title for unit in units[:12])
        raise wrong(f"there is no data unit {value.text}", value.start, value.stop, known)
    return found


def passes(filters: Filters, document: LabelDocument, ontology: Ontology, instance: InstanceId) -> bool:
    """Return whether an instance is let through; `selectors.matching` tells it of all at once."""
    from tui_editor.state.filters import matching

    return matching.passes(filters, document, ontology, instance)
