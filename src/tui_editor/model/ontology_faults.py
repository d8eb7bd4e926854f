"""What is wrong with an ontology, place by place."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from tui_editor.model.ontology import (
    MAX_NESTING,
    Attribute,
    AttributeKind,
    Classification,
    ObjectClass,
    Ontology,
    Option,
)
from tui_editor.model.ontology_paths import below, every_way, name_of, path_of, way_words
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from tui_editor.model.ontology_paths import Node, Way

MOST_NAME: Final = 100
CHOSEN: Final = frozenset({AttributeKind.RADIO, AttributeKind.CHECKLIST})
"""Kinds of attributes that have options."""
_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")


def ontology_faults(ontology: Ontology) -> Iterator[str]:
    """Yield what is wrong, with the place by its names; nothing when the ontology is right.

    Names are unique among what stands beside them, ids everywhere; only radio and checklist attributes have options,
    only a radio's options bring attributes, 7 levels of them at most; only those of an object class itself are dynamic.
    """
    yield from (f"{way_words(way)}: {fault}" if way else fault for way, fault in _located(ontology))


def new_faults(before: Ontology, after: Ontology) -> Iterator[str]:
    """Yield what is wrong after a change and was not wrong before, whatever the places were called."""
    known = {(path_of(way), fault) for way, fault in _located(before)}
    for way, fault in _located(after):
        if (path_of(way), fault) not in known:
            yield f"{way_words(way)}: {fault}" if way else fault


def _located(ontology: Ontology) -> Iterator[tuple[Way, str]]:
    ways = list(every_way(ontology))
    yield from (((), fault) for fault in (*_twice(ontology.all()), *_same_ids(ways)))
    for way in ways:
        yield from ((way, fault) for fault in _faults(way, ontology))


def _same_ids(ways: Iterable[Way]) -> Iterator[str]:
    counts = Counter(way[-1].id for way in ways)
    yield from (f"the id {one_line(name, 40)} stands there {n} times" for name, n in counts.items() if n > 1)


def _faults(way: Way, ontology: Ontology) -> Iterator[str]:
    node = way[-1]
    name = name_of(node)
    if not name.strip() or len(name) > MOST_NAME or name != " ".join(name.split()):
        yield f"a name has 1 to {MOST_NAME} characters, and single spaces"
    yield from _twice(below(node))
    if isinstance(node, Attribute):
        yield from _attribute_faults(way, node)
    elif isinstance(node, Option):
        yield from _option_faults(way, node)
    else:
        yield from _class_faults(node, ontology)


def _twice(nodes: Iterable[Node]) -> Iterator[str]:
    names: dict[str, list[str]] = {}
    for node in nodes:
        names.setdefault(name_of(node).casefold(), []).append(name_of(node))
    yield from (f"{len(same)} are called {one_line(same[0], 40)}" for same in names.values() if len(same) > 1)


def _class_faults(node: ObjectClass | Classification, ontology: Ontology) -> Iterator[str]:
    if not _COLOUR.fullmatch(node.color):
        yield "a colour is #RRGGBB"
    if node.hotkey and not is_hotkey(node.hotkey):
        yield "a hotkey is one letter or digit"
    if node.hotkey and any(c.hotkey == node.hotkey for c in ontology.all() if c.id != node.id):
        yield f"the hotkey {node.hotkey} leads to another class as well"


def is_hotkey(key: str) -> bool:
    """Return whether a class can be chosen by a key: a letter or a digit of ASCII."""
    return len(key) == 1 and key.isascii() and key.isalnum()


def _attribute_faults(way: Way, node: Attribute) -> Iterator[str]:
    if node.options and node.kind not in CHOSEN:
        yield f"a {node.kind} attribute has no options"
    if node.dynamic and (len(way) > 2 or isinstance(way[0], Classification)):
        yield "only an attribute of an object class itself can be dynamic"
    if len(way) // 2 > MAX_NESTING:
        yield f"attributes are nested deeper than {MAX_NESTING} levels"
    yield from rule_faults(node.extra)


def _option_faults(way: Way, node: Option) -> Iterator[str]:
    parent = way[-2]
    if node.attributes and isinstance(parent, Attribute) and parent.kind is not AttributeKind.RADIO:
        yield "only an option of a radio attribute brings attributes"


def rule_faults(rules: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with an attribute's rules: minimum, maximum, pattern."""
    ends = [rules[name] for name in ("minimum", "maximum") if name in rules]
    numbers = [e for e in ends if isinstance(e, (int, float)) and not isinstance(e, bool) and math.isfinite(e)]
    if len(numbers) < len(ends):
        yield "minimum and maximum are numbers"
    elif len(numbers) == 2 and numbers[0] > numbers[1]:
        yield "the minimum is above the maximum"
    if "pattern" in rules and not _compiles(rules["pattern"]):
        yield "the pattern is no regular expression"


def _compiles(pattern: object) -> bool:
    try:
        re.compile(str(pattern))
    except (re.error, RecursionError, OverflowError):
        return False
    return True
