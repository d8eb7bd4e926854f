"""What may stand at a place of a filter, for completion."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from tui_editor.model.issues import DecisionState
from tui_editor.model.ontology import walk
from tui_editor.model.tracks import Origin
from tui_editor.state.filters.conditions import KINDS
from tui_editor.state.filters.syntax import ALIASES, FIELDS, value_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import Unit
    from tui_editor.model.ontology import Ontology

MOST_LOOKED_AT: Final = 1000
"""Instances that are looked at for the names of people."""
_WORDS: Final = {
    "score": ("<0.5",),
    "frames": ("100-200",),
    "state": tuple(DecisionState),
    "track": ("gap", "jump", "short", "single"),
    "issue": ("open", "none", "resolved"),
    "shape": tuple(KINDS),
    "origin": tuple(origin.name.lower() for origin in Origin),
    **dict.fromkeys(("occluded", "outside", "key"), ("yes", "no")),
}


class Possible(Struct, frozen=True, kw_only=True):
    """What may stand in a text from `start` to the cursor."""

    start: int
    words: tuple[tuple[str, str], ...]
    """Each with what it means; the empty text where that is plain."""


def possible(
    text: str, ontology: Ontology, document: LabelDocument | None = None, units: Sequence[Unit] = ()
) -> Possible:
    """Return what may stand at the end of a text that is the beginning of a filter."""
    start = _last_term(text)
    start += text[start : start + 1] in {"-", "!"}
    term = text[start:]
    name, colon, _ = term.partition(":")
    if not colon:
        fields = tuple((f"{f}{'' if shape.startswith('<') else ':'}", shape) for f, shape in FIELDS.items())
        return _beginning(fields, term, start)
    at = start + (term.rfind(",") if "," in term else len(name)) + 1
    name = ALIASES.get(name, name)
    if name == "attr":
        return _answers(term, start, ontology)
    words = [unit.title for unit in units] if name == "unit" else _values(name, ontology, document)
    return _beginning([(value_text(w), "") for w in words], text[at:], at)


def _last_term(text: str) -> int:
    """Return where the term begins in which the text ends: behind the last blank that no mark encloses."""
    mark, start = "", 0
    for at, character in enumerate(text):
        before = text[at - 1] if at else " "
        if mark:
            mark = "" if character == mark and before != "\\" else mark
        elif character in {'"', "/"} and (before in ':=,-! <>"' or before.isspace()):
            mark = character
        elif character.isspace():
            start = at + 1
    return start


def _values(name: str, ontology: Ontology, document: LabelDocument | None) -> Iterable[str]:
    if name == "class":
        return [entry.name for entry in ontology.all()]
    if name == "author" and document is not None:
        return sorted({i.created_by for i in islice(document.instances.values(), MOST_LOOKED_AT) if i.created_by})
    return _WORDS.get(name, ())


def _answers(term: str, start: int, ontology: Ontology) -> Possible:
    known = {a.name: a for entry in ontology.all() for a in walk(entry.attributes)}
    name, equals, _ = term.removeprefix("attr:").partition("=")
    if not equals:
        at = start + len("attr:")
        return _beginning([(value_text(n), str(a.kind)) for n, a in known.items()], term[len("attr:") :], at)
    found = next((a for n, a in known.items() if n.casefold() == name.strip('"').casefold()), None)
    at = max(term.rfind("="), term.rfind(",")) + 1
    options = found.options if found is not None else ()
    return _beginning([(value_text(o.label), "") for o in options], term[at:], start + at)


def _beginning(words: Iterable[tuple[str, str]], typed: str, start: int) -> Possible:
    folded = typed.strip('"').casefold()
    fitting = (w for w in words if w[0].strip('"').casefold().startswith(folded))
    return Possible(start=start, words=tuple(fitting))
