"""Hypothesis strategies for changes of an ontology, one after the other, and for instances that answer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from tui_editor.errors import OntologyError
from tui_editor.model import ontology_edits as edits
from tui_editor.model.ids import InstanceId, UnitId
from tui_editor.model.instances import DynamicAnswer, Instance
from tui_editor.model.ontology import AnyClass, Attribute, AttributeKind, Ontology, asked
from tui_editor.model.ontology_paths import every_way, node_at, path_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn

    from tui_editor.model.ids import AttributeId
    from tui_editor.model.ontology import AnswerValue

_NAMES = ("Car", "Colour", "Red", "a/b", "Lane  mark", "", "x" * 101, "Ärger", "red")
_WORDS = {
    "kind": edits.KINDS,
    "shape": edits.SHAPES[:3],
    "color": ("#123456", "#abcdef", "red"),
    "hotkey": ("", "k", "7", "kk"),
    "place": ("1", "2", "3", "0"),
    "minimum": ("", "1", "2.5", "nan"),
    "maximum": ("", "3", "-1"),
    "pattern": ("", "[a-z]+", "("),
    "help": ("", "as seen"),
}


@st.composite
def steps(draw: DrawFn, ontology: Ontology) -> Ontology:
    """Draw a change; where it is refused the ontology stays."""
    ways = [(), *(path_of(way) for way in every_way(ontology))]
    path = draw(st.sampled_from(ways))
    try:
        if not path or draw(st.integers(0, 3)) == 0:
            kind = draw(st.sampled_from((*edits.KINDS, *edits.SHAPES[:2], "")))
            return edits.added(ontology, path, draw(st.sampled_from(_NAMES)), kind)
        if draw(st.integers(0, 4)) == 0:
            return edits.removed(ontology, path)
        field = draw(st.sampled_from(sorted(edits.fields_of(node_at(ontology, path)))))
        words = _NAMES if field == "name" else _WORDS.get(field, edits.ON_OFF)
        return edits.changed(ontology, path, field, draw(st.sampled_from(words)))
    except OntologyError:
        return ontology


@st.composite
def changed(draw: DrawFn, ontology: Ontology, most: int = 30) -> Ontology:
    """Draw what comes of many changes."""
    for _ in range(draw(st.integers(1, most))):
        ontology = draw(steps(ontology))
    return ontology


@st.composite
def answered(draw: DrawFn, ontology: Ontology) -> Instance:
    """Draw an instance with answers to some of what its class asks."""
    entry = draw(st.sampled_from(ontology.all()))
    answers: dict[AttributeId, AnswerValue] = {}
    dynamic: list[DynamicAnswer] = []
    for attribute in _questions(entry, answers):
        value = draw(_values(attribute))
        if value is None:
            continue
        if attribute.dynamic:
            dynamic.append(DynamicAnswer(attribute=attribute.id, value=value, unit=UnitId(1), first=0, last=3))
        else:
            answers[attribute.id] = value
    return Instance(id=InstanceId(1), class_id=entry.id, ordinal=0, answers=answers, dynamic=tuple(dynamic))


def _questions(entry: AnyClass, answers: dict[AttributeId, AnswerValue]) -> Iterator[Attribute]:
    """Yield what is asked, nested questions of an option after it was chosen."""
    done: set[str] = set()
    while left := [a for a in asked(entry.attributes, answers) if a.id not in done]:
        done.add(left[0].id)
        yield left[0]


def _values(attribute: Attribute) -> st.SearchStrategy[AnswerValue | None]:
    names = [option.id for option in attribute.options]
    if attribute.kind is AttributeKind.TEXT:
        return st.sampled_from((None, "", "long"))
    if attribute.kind is AttributeKind.NUMERIC:
        return st.sampled_from((None, 3, 2.5))
    if not names:
        return st.none()
    most = 1 if attribute.kind is AttributeKind.RADIO else len(names)
    chosen = st.lists(st.sampled_from(names), min_size=1, max_size=most, unique=True)
    return st.none() | chosen.map(tuple)
