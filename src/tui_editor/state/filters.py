"""The filter language: `class:car score<0.5 state:rejected issue:open author:bob wheel`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui_editor.errors import UsageError
from tui_editor.model.issues import DecisionState
from tui_editor.state.view import Filters
from tui_editor.text import one_line

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import ClassId, InstanceId
    from tui_editor.model.ontology import Ontology

WORDS = ("class:NAME", "score<0.5", "score>0.5", "state:pending|approved|rejected", "issue:open|none", "author:LOGIN")
"""What may be written, for the prompt and the manual; any other word is looked for in the instance's name."""

_SCORE = re.compile(r"(?:score|confidence|α)\s*([<>])=?\s*([0-9.]+%?)$", re.IGNORECASE)


@dataclass(slots=True)
class _Reader:
    ontology: Ontology
    filters: Filters

    def read(self, word: str) -> None:
        score = _SCORE.match(word)
        key, colon, value = word.partition(":")
        if score:
            self._score(score[1], score[2])
        elif colon and key in {"class", "state", "issue", "author"}:
            getattr(self, f"_{key}")(value)
        else:
            both = f"{self.filters.name_contains} {word}".strip()
            self.filters = replace(self.filters, name_contains=both)

    def _score(self, sign: str, text: str) -> None:
        value = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
        if sign == "<":
            self.filters = replace(self.filters, max_confidence=value)
        else:
            self.filters = replace(self.filters, min_confidence=value)

    def _class(self, name: str) -> None:
        folded = name.casefold()
        found = {c.id for c in self.ontology.all() if c.name.casefold().startswith(folded)}
        if not found:
            raise UsageError(f"no class begins with {one_line(name)}")
        self.filters = replace(self.filters, classes=self.filters.classes | found)

    def _state(self, name: str) -> None:
        known = [s.value for s in DecisionState if s.value.startswith(name.casefold())]
        if not name or not known:
            raise UsageError(f"no review state is called {one_line(name)}", hint=", ".join(DecisionState))
        self.filters = replace(self.filters, states=self.filters.states | {known[0]})

    def _issue(self, value: str) -> None:
        if value not in {"open", "none"}:
            raise UsageError("write issue:open or issue:none")
        self.filters = replace(self.filters, has_issue=value == "open")

    def _author(self, login: str) -> None:
        self.filters = replace(self.filters, author=login)


def parse_filter(text: str, ontology: Ontology) -> Filters:
    """Return what the typed text means; the empty text lets everything through.

    Raises:
        UsageError: a class or state doesn't exist, or a number is none.
    """
    reader = _Reader(ontology, Filters(text=text.strip()))
    try:
        for word in text.split():
            reader.read(word)
    except ValueError as error:
        raise UsageError(f"that is not a number: {one_line(str(error))}") from error
    return reader.filters


def passes(filters: Filters, document: LabelDocument, ontology: Ontology, instance: InstanceId) -> bool:
    """Return whether an instance is let through."""
    value = document.instances.get(instance)
    if value is None:
        return False
    if filters.classes and value.class_id not in filters.classes:
        return False
    if filters.author and value.created_by != filters.author:
        return False
    return (
        _name_passes(filters, ontology, value.class_id, value.ordinal)
        and _state_passes(filters, document, instance)
        and _score_passes(filters, document, instance)
    )


def _name_passes(filters: Filters, ontology: Ontology, class_id: ClassId, ordinal: int) -> bool:
    if not filters.name_contains:
        return True
    entry = ontology.find(class_id)
    name = f"{entry.name if entry else class_id} ({ordinal})".casefold()
    return all(word in name for word in filters.name_contains.casefold().split())


def _state_passes(filters: Filters, document: LabelDocument, instance: InstanceId) -> bool:
    if filters.states:
        decision = document.decisions.get(instance)
        if (decision.state if decision else DecisionState.PENDING) not in filters.states:
            return False
    if filters.has_issue is None:
        return True
    return any(not i.resolved for i in document.issues_of(instance)) == filters.has_issue


def _score_passes(filters: Filters, document: LabelDocument, instance: InstanceId) -> bool:
    if filters.min_confidence <= 0 and filters.max_confidence >= 1:
        return True
    tracks = [t for _, t in document.tracks_of(instance)]
    lowest = min((float(t.confidence.min()) for t in tracks), default=1.0)
    lowest = round(lowest, 7)  # 0.2 as a float32 is a little more than 0.2
    return filters.min_confidence <= lowest <= filters.max_confidence
