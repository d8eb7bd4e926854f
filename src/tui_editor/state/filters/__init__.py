"""The filter language: `class:car score<0.5 -state:approved frames:100-200 attr:color=red wheel`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.state.filters.syntax import FIELDS, read_terms
from tui_editor.state.view import Filters

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.ontology import Ontology

WORDS = tuple(name + ("" if shape.startswith("<") else ":") + shape for name, shape in FIELDS.items())
"""What may be written, for the prompt and the manual; any other word is looked for in the instance's name."""


def parse_filter(text: str, ontology: Ontology) -> Filters:
    """Return what the typed text means; the empty text lets everything through.

    Raises:
        FilterInvalid: it is no filter, or a class, an attribute or an answer doesn't exist.
    """
    from tui_editor.state.filters.conditions import conditions_of

    text = text.strip()
    terms = read_terms(text)
    conditions_of(terms, ontology)
    return Filters(text=text, terms=terms)


def passes(filters: Filters, document: LabelDocument, ontology: Ontology, instance: InstanceId) -> bool:
    """Return whether an instance is let through; `selectors.matching` tells it of all at once."""
    from tui_editor.state.filters import matching

    return matching.passes(filters, document, ontology, instance)
