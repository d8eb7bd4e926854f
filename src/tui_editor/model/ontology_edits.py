"""Verbs that change an ontology: pure, each makes another one. Ids stay what they are, so that labels hold on to them.

What a change would take from labels is asked of `ontology_fit`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from tui_editor.errors import OntologyError
from tui_editor.model.ids import AttributeId, ClassId, OptionId, new_hash
from tui_editor.model.ontology import (
    PALETTE,
    Attribute,
    AttributeKind,
    Classification,
    ObjectClass,
    Ontology,
    Option,
    to_value,
)
from tui_editor.model.ontology_faults import CHOSEN, is_hotkey, new_faults
from tui_editor.model.ontology_paths import (
    Node,
    Path,
    below,
    node_at,
    path_words,
    siblings,
    way_words,
    with_below,
    with_classes,
    with_node,
    with_siblings,
)
from tui_editor.model.shapes import ShapeKind
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

SHAPES: Final = tuple(
    kind.value for kind in ShapeKind if kind not in {ShapeKind.SKELETON, ShapeKind.PRESENCE, ShapeKind.VERBATIM}
)
"""What a class that is made here can be drawn as; a skeleton needs a template, which an import brings."""
KINDS: Final = tuple(kind.value for kind in AttributeKind)
ON_OFF: Final = ("on", "off")
OPTION: Final = "option"

_CLASS: Final = {
    "name": "what it is called",
    "color": "#RRGGBB",
    "hotkey": "a letter or digit that chooses it; empty: its place in the list",
    "required": "on: each task needs one",
    "archived": "on: it is drawn no more, labels that it has stay",
    "place": "which one it is in the list, from 1",
}
_ATTRIBUTE: Final = {
    "name": "what it is called",
    "kind": ", ".join(KINDS),
    "required": "on: a task is not submitted without an answer",
    "dynamic": "on: answered for frames; off: one answer for all of them",
    "archived": "on: it is asked no more, answers that it has stay",
    "minimum": "least number that is an answer; empty: any",
    "maximum": "greatest number that is an answer; empty: any",
    "pattern": "regular expression that a text must match as a whole; empty: any",
    "help": "a word for those who answer; empty: none",
    "place": "which one it is in the list, from 1",
}
_OPTION: Final = {
    "name": "what it is called",
    "archived": "on: it is chosen no more, answers that name it stay",
    "place": "which one it is in the list, from 1",
}
_NUMBERS: Final = ("minimum", "maximum")
_RULES: Final = (*_NUMBERS, "pattern", "help")


def fields_of(node: Node) -> Mapping[str, str]:
    """Return what can be changed of a class, classification, attribute or option, and what may be said."""
    if isinstance(node, Option):
        return _OPTION
    if isinstance(node, Attribute):
        of_kind = {"minimum": AttributeKind.NUMERIC, "maximum": AttributeKind.NUMERIC, "pattern": AttributeKind.TEXT}
        return {name: told for name, told in _ATTRIBUTE.items() if of_kind.get(name, node.kind) is node.kind}
    if isinstance(node, Classification):
        return {
            **_CLASS,
            "global": "on: it holds for the whole file, not for frames",
            "archived": _ATTRIBUTE["archived"],
        }
    return {**_CLASS, "shape": ", ".join(SHAPES)}


def field_words(ontology: Ontology, path: Path, field: str) -> str:
    """Return a field's value as a person writes it."""
    node = node_at(ontology, path)
    if field == "place":
        return str([str(n.id) for n in siblings(ontology, path)].index(path[-1]) + 1)
    if field in _RULES:
        return str(node.extra.get(field, ""))
    value = getattr(node, _attribute_of(node, field))
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def _attribute_of(node: Node, field: str) -> str:
    if field == "name" and isinstance(node, Option):
        return "label"
    return "is_global" if field == "global" else field


# --- the verbs ----------------------------------------------------------------------------------------------------


def added(ontology: Ontology, above: Path, name: str, kind: str = "") -> Ontology:
    """Return the ontology with one more thing below a place, at the end.

    Args:
        ontology: Before.
        above: The class or option that gets an attribute, the attribute that gets an option; empty: at the top.
        name: What it is called.
        kind: At the top a shape for a class, a kind of attribute for a classification that asks it; of an attribute its
            kind; of an option nothing, or `option`.

    Raises:
        OntologyError: that can't stand there, or not under that name.
    """
    name = " ".join(name.split())
    if not above:
        return checked(ontology, _with_class(ontology, name, kind), name)
    parent = node_at(ontology, above)
    made = _made(parent, name, kind)
    after = with_node(ontology, above, lambda node: with_below(node, (*below(node), made)))
    return checked(ontology, after, f"{path_words(ontology, above)}/{one_line(name, 40)}")


def _with_class(ontology: Ontology, name: str, kind: str) -> Ontology:
    if kind in KINDS:
        question = Attribute(id=AttributeId(new_hash()), name=name, kind=AttributeKind(kind))
        classification = Classification(id=ClassId(new_hash()), name=name, attributes=(question,))
        return with_classes(ontology, classifications=(*ontology.classifications, classification))
    if not kind:
        raise OntologyError(f"{one_line(name, 60)} needs a kind", hint=", ".join((*SHAPES, *KINDS)))
    if kind not in SHAPES:
        what = f"a class can't be drawn as {one_line(kind)}, and a classification can't ask for it"
        raise OntologyError(what, hint=", ".join((*SHAPES, *KINDS)))
    colour = PALETTE[len(ontology.classes) % len(PALETTE)]
    made = ObjectClass(id=ClassId(new_hash()), name=name, color=colour, shape=ShapeKind(kind))
    return with_classes(ontology, classes=(*ontology.classes, made))


def _made(parent: Node, name: str, kind: str) -> Node:
    if isinstance(parent, Attribute):
        if kind not in {"", OPTION}:
            raise OntologyError(f"an attribute has options, not {one_line(kind)}", hint=OPTION)
        return Option(id=OptionId(new_hash()), label=name, value=to_value(name))
    if kind not in KINDS:
        raise OntologyError(f"an attribute can't be {one_line(kind) or 'without a kind'}", hint=", ".join(KINDS))
    return Attribute(id=AttributeId(new_hash()), name=name, kind=AttributeKind(kind))


def changed(ontology: Ontology, path: Path, field: str, words: str) -> Ontology:
    """Return the ontology with one of `fields_of` of a place changed.

    Raises:
        OntologyError: there is no such field, or it can't be that.
    """
    node, words = node_at(ontology, path), words.strip()
    known = fields_of(node)
    if field not in known:
        raise OntologyError(f"{_kind_words(node)} has no {one_line(field)}", hint=", ".join(known))
    if field == "place":
        after = _at_place(ontology, path, words)
    else:
        after = with_node(ontology, path, lambda old: _with_field(old, field, words))
    return checked(ontology, after, path_words(ontology, path))


def moved(ontology: Ontology, path: Path, by: int) -> Ontology:
    """Return the ontology with something so many places later beside its neighbours; it stops at the ends."""
    nodes = list(siblings(ontology, path))
    at = next(n for n, node in enumerate(nodes) if node.id == path[-1])
    nodes.insert(max(0, at + by), nodes.pop(at))
    return with_siblings(ontology, path, nodes)


def removed(ontology: Ontology, path: Path) -> Ontology:
    """Return the ontology without something and all below it.

    Raises:
        OntologyError: there is no such place, or it is the only question of a classification.
    """
    node = node_at(ontology, path)
    if (
        len(path) == 2
        and len(siblings(ontology, path)) == 1
        and isinstance(node_at(ontology, path[:1]), Classification)
    ):
        raise OntologyError(f"{way_words((node,))} is all that the classification asks", hint="remove or archive that")
    return with_siblings(ontology, path, (n for n in siblings(ontology, path) if n.id != path[-1]))


def checked(before: Ontology, after: Ontology, where: str) -> Ontology:
    """Return the ontology after a change.

    Raises:
        OntologyError: something is wrong with it that was not wrong before.
    """
    new = list(islice(new_faults(before, after), 2))
    if new:
        raise OntologyError("; ".join(new), where=where)
    return after


# --- the fields ---------------------------------------------------------------------------------------------------


def _with_field(node: Any, field: str, words: str) -> Node:
    make: dict[str, Callable[[], Node]] = {
        "name": lambda: _renamed(node, " ".join(words.split())),
        "kind": lambda: _of_kind(node, words),
        "shape": lambda: _of_shape(node, words),
        "color": lambda: replace(node, color=words.upper()),
        "hotkey": lambda: replace(node, hotkey=_hotkey(words)),
    }
    if field in make:
        return make[field]()
    if field in _RULES:
        return _replaced(node, "extra", _with_rule(node.extra, field, words))
    return _replaced(node, _attribute_of(node, field), _flag(field, words))


def _replaced(node: Node, name: str, value: object) -> Node:
    return replace(node, **{name: value})


def _renamed(node: Node, name: str) -> Node:
    """Return a node under another name; what is made of the name follows where it was made of it."""
    if isinstance(node, Option):
        follows = node.value == to_value(node.label)
        return replace(node, label=name, value=to_value(name) if follows else node.value)
    if isinstance(node, Classification):
        first = tuple(replace(a, name=name) if a.name == node.name else a for a in node.attributes[:1])
        return replace(node, name=name, attributes=(*first, *node.attributes[1:]))
    return replace(node, name=name)


def _of_kind(node: Attribute, words: str) -> Attribute:
    if words not in KINDS:
        raise OntologyError(f"an attribute can't be {one_line(words)}", hint=", ".join(KINDS))
    kind = AttributeKind(words)
    if node.options and kind not in CHOSEN:
        raise OntologyError(
            f"{one_line(node.name)} has options, which {words} has not", hint="remove its options first"
        )
    return replace(node, kind=kind)


def _of_shape(node: ObjectClass, words: str) -> ObjectClass:
    if words not in SHAPES:
        raise OntologyError(f"a class can't be drawn as {one_line(words)}", hint=", ".join(SHAPES))
    return replace(node, shape=ShapeKind(words), skeleton=None, foreign_shape="")


def _hotkey(words: str) -> str:
    if words and not is_hotkey(words):
        raise OntologyError(f"hotkey can't be {one_line(words)}", hint=_CLASS["hotkey"])
    return words


def _flag(field: str, words: str) -> bool:
    if words not in ON_OFF:
        raise OntologyError(f"{field} can't be {one_line(words)}", hint="on or off")
    return words == "on"


def _with_rule(rules: Mapping[str, Any], field: str, words: str) -> Mapping[str, Any]:
    rest = {name: value for name, value in rules.items() if name != field}
    if not words:
        return rest
    return {**rest, field: _number(field, words) if field in _NUMBERS else words}


def _number(field: str, words: str) -> float:
    try:
        number = float(words)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise OntologyError(f"{field} can't be {one_line(words)}", hint="a number")
    return int(number) if number == int(number) and "e" not in words.lower() and "." not in words else number


def _at_place(ontology: Ontology, path: Path, words: str) -> Ontology:
    nodes: Sequence[Node] = siblings(ontology, path)
    if not (words.isascii() and words.isdigit() and 1 <= int(words[:9]) <= len(nodes)):
        raise OntologyError(f"place can't be {one_line(words)}", hint=f"1 to {len(nodes)}")
    at = next(n for n, node in enumerate(nodes) if node.id == path[-1])
    return moved(ontology, path, int(words[:9]) - 1 - at)


def _kind_words(node: Node) -> str:
    if isinstance(node, Option):
        return "an option"
    if isinstance(node, Attribute):
        return f"a {node.kind} attribute"
    return "a classification" if isinstance(node, Classification) else "a class"
