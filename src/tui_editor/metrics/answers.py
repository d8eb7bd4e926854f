"""Whether matched labels answer the same: by the names of attributes and options, for each side has its own ids."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.metrics.agreement import cohen_kappa
from tui_editor.metrics.tally import ratio

if TYPE_CHECKING:
    from tui_editor.metrics.excerpts import Place
    from tui_editor.model.ids import AttributeId
    from tui_editor.model.ontology import AnswerValue, Ontology

Answers = dict[str, str]
NONE = "(none)"


class AttributeFigures(Struct, frozen=True, kw_only=True):
    """How far both sides answer one question alike."""

    name: str
    compared: int
    same: float
    """Share, 0..1."""
    kappa: float


def answers_at(place: Place) -> Answers:
    """Return what is answered of a label, by the name of the question."""
    instance, ontology = place.instance, place.excerpt.ontology
    held = instance.answers_at(place.excerpt.unit.id, place.frame) if instance.dynamic else instance.answers
    return dict(_told(ontology, key, value) for key, value in held.items())


def _told(ontology: Ontology, key: AttributeId, value: AnswerValue) -> tuple[str, str]:
    attribute = ontology.attribute(key)
    name = attribute.name if attribute else str(key)
    if not isinstance(value, tuple):
        return name, f"{value:g}" if isinstance(value, float) else str(value)
    options = [attribute.option(o) if attribute else None for o in value]
    return name, ", ".join(sorted(o.label if o else str(i) for o, i in zip(options, value, strict=True)))


class AnswerTally:
    """Counts by question of which answers met; more is added label by label."""

    def __init__(self) -> None:
        self._met: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)

    def add(self, a: Answers, b: Answers) -> list[str]:
        """Count the answers of a matched pair; return the questions that are answered differently."""
        names = sorted(a.keys() | b.keys())
        for name in names:
            self._met[name][a.get(name, NONE), b.get(name, NONE)] += 1
        return [name for name in names if a.get(name) != b.get(name)]

    @property
    def same(self) -> float:
        """Return the share of answers that are the same; NaN when nothing was asked."""
        every = [(x == y, n) for met in self._met.values() for (x, y), n in met.items()]
        return ratio(sum(n for same, n in every if same), sum(n for _, n in every))

    def figures(self) -> list[AttributeFigures]:
        """Return how far both agree on each question, by name."""
        return [_of_attribute(name, self._met[name]) for name in sorted(self._met)]


def _of_attribute(name: str, met: Counter[tuple[str, str]]) -> AttributeFigures:
    values = sorted({value for couple in met for value in couple})
    at = {value: place for place, value in enumerate(values)}
    table = np.zeros((len(values), len(values)), np.int64)
    for (x, y), n in met.items():
        table[at[x], at[y]] += n
    total = int(table.sum())
    same = ratio(int(np.trace(table)), total)
    return AttributeFigures(name=name, compared=total, same=same, kappa=cohen_kappa(table))
