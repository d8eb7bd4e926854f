"""What the terms of a filter mean: one test each, of an instance or of labels by columns."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from msgspec import Struct

from tui_editor.model.ids import UnitId
from tui_editor.model.issues import DecisionState
from tui_editor.model.shapes import ShapeKind
from tui_editor.model.tracks import LabelFlag, Origin
from tui_editor.state.filters import answers
from tui_editor.state.filters.pattern import Pattern, PatternInvalid
from tui_editor.state.filters.syntax import FIELDS, Term, Value, wrong
from tui_editor.state.track_faults import has_gap, is_short, is_single, which_jump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.tracks import Track
    from tui_editor.state.filters.columns import Columns

    OfInstance = Callable[[LabelDocument, Instance], bool]
    OfLabels = Callable[[Columns], NDArray[np.bool_]]

ONE_OF: Final = frozenset({"class", "state", "shape", "origin", "unit"})
"""Fields of which a thing or a label has one: several of them mean any."""
MOST_FRAME: Final = 2**31 - 1
KINDS: Final = {kind.name.lower().replace("_", " ").replace("keypoint", "point"): kind for kind in ShapeKind}


class Condition(Struct, frozen=True, kw_only=True):
    """What one term asks; exactly one of the two is there."""

    negated: bool = False
    of_instance: OfInstance | None = None
    """Asks the instance, for all its labels."""
    of_labels: OfLabels | None = None
    """Asks each label."""


def conditions_of(terms: Sequence[Term], ontology: Ontology) -> tuple[Condition, ...]:
    """Return what terms mean in an ontology.

    Raises:
        FilterInvalid: a value is none of its field; the error tells the place and what may stand there.
    """
    return tuple(_MEANINGS[term.field](term, ontology) for term in _joined(terms))


def _joined(terms: Sequence[Term]) -> list[Term]:
    """Return the terms with those of a field of which a thing has one made alternatives: `class:car class:van`."""
    joined: list[Term] = []
    for term in terms:
        at = next((n for n, other in enumerate(joined) if _alternatives(term, other)), None)
        if at is None:
            joined.append(term)
        else:
            joined[at] = replace(joined[at], values=joined[at].values + term.values)
    return joined


def _alternatives(term: Term, other: Term) -> bool:
    return term.field == other.field and term.field in ONE_OF and not term.negated and not other.negated


def _of_instance(term: Term, test: OfInstance) -> Condition:
    return Condition(negated=term.negated, of_instance=test)


def _of_labels(term: Term, test: OfLabels) -> Condition:
    return Condition(negated=term.negated, of_labels=test)


def _of_tracks(term: Term, test: Callable[[Track], bool]) -> Condition:
    ask = _each(test)
    return Condition(negated=term.negated, of_labels=lambda columns: columns.spread(ask(columns)))


def text_test(value: Value) -> Callable[[str], bool]:
    """Return what tells whether a text has a value in it, whatever its case."""
    if value.pattern:
        try:
            return Pattern(value.text).found
        except PatternInvalid as error:
            at = value.start + 1 + error.at
            raise wrong(error.what, at, min(at + 1, max(value.stop, at + 1)), error.hint) from error
    folded = value.text.casefold()
    return lambda text: folded in text.casefold()


def one_of(value: Value, known: Iterable[str], what: str) -> str:
    """Return the known word that a value is, or begins."""
    listed = list(known)
    folded = value.text.casefold()
    exact = [word for word in listed if word.casefold() == folded]
    found = exact or [word for word in listed if folded and word.casefold().startswith(folded)]
    if value.pattern or not found:
        raise wrong(f"there is no {what} {value.text}", value.start, value.stop, ", ".join(listed))
    return found[0]


# --- what a thing is -------------------------------------------------------------------------------


def _named(term: Term, ontology: Ontology) -> Condition:
    tests = [text_test(value) for value in term.values]
    names = {entry.id: entry.name for entry in ontology.all()}

    def test(document: LabelDocument, instance: Instance) -> bool:
        del document
        name = f"{names.get(instance.class_id, instance.class_id)} ({instance.ordinal})"
        return any(fits(name) for fits in tests)

    return _of_instance(term, test)


def _class(term: Term, ontology: Ontology) -> Condition:
    found: set[str] = set()
    for value in term.values:
        found |= _classes(value, ontology)
    return _of_instance(term, lambda _document, instance: instance.class_id in found)


def _classes(value: Value, ontology: Ontology) -> set[str]:
    """Return the ids of the class of that name, or of those that begin with it."""
    folded = value.text.casefold()
    if value.pattern:
        test = text_test(value)
        return {c.id for c in ontology.all() if test(c.name)}
    exact = {c.id for c in ontology.all() if c.name.casefold() == folded}
    found = exact or {c.id for c in ontology.all() if c.name.casefold().startswith(folded)}
    if not found:
        names = ", ".join(c.name for c in ontology.all()[:12])
        raise wrong(f"no class is called {value.text}, or begins so", value.start, value.stop, names)
    return set(found)


def _state(term: Term, ontology: Ontology) -> Condition:
    del ontology
    wanted = {DecisionState(one_of(v, DecisionState, "review state")) for v in term.values}

    def test(document: LabelDocument, instance: Instance) -> bool:
        decision = document.decisions.get(instance.id)
        return (decision.state if decision else DecisionState.PENDING) in wanted

    return _of_instance(term, test)


def _issue(term: Term, ontology: Ontology) -> Condition:
    del ontology
    wanted = {one_of(v, ("open", "none", "resolved"), "kind of issue") for v in term.values}

    def test(document: LabelDocument, instance: Instance) -> bool:
        issues = document.issues_of(instance.id)
        is_open = any(not issue.resolved for issue in issues)
        held = {"open" if is_open else "none", *(["resolved"] if any(i.resolved for i in issues) else [])}
        return not held.isdisjoint(wanted)

    return _of_instance(term, test)


def _text(term: Term, ontology: Ontology) -> Condition:
    tests = [text_test(value) for value in term.values]
    names = {entry.id: entry.name for entry in ontology.all()}

    def fits_one(text: str) -> bool:
        return any(fits(text) for fits in tests) if len(tests) > 1 else tests[0](text)

    def test(document: LabelDocument, instance: Instance) -> bool:
        if fits_one(f"{names.get(instance.class_id, instance.class_id)} ({instance.ordinal})"):
            return True
        if not (instance.answers or instance.dynamic or len(document.issues)):
            return False
        return any(map(fits_one, _texts(document, ontology, instance)))

    return _of_instance(term, test)


def _texts(document: LabelDocument, ontology: Ontology, instance: Instance) -> Iterator[str]:
    """Yield what can be read of an instance beside its name: its answers, the comments of its issues."""
    for attribute, answer in instance.answers.items():
        yield from answers.texts(ontology.attribute(attribute), answer)
    for dynamic in instance.dynamic:
        yield from answers.texts(ontology.attribute(dynamic.attribute), dynamic.value)
    if len(document.issues):
        for issue in document.issues_of(instance.id):
            yield from (comment.text for comment in issue.comments)


def _attribute(term: Term, ontology: Ontology) -> Condition:
    wanted = answers.wanted(term, ontology, text_test)
    if all(not attribute.dynamic for attribute in wanted.attributes):
        return _of_instance(term, lambda _document, instance: wanted.static(instance))
    return _of_labels(term, wanted.of_labels)


# --- what a label is -------------------------------------------------------------------------------


def _number(value: Value, most: float = math.inf) -> float:
    text = value.text
    try:
        number = math.nan if value.pattern else float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        number = math.nan
    if not (0 <= number <= most):
        raise wrong(f"{text} is not a number from 0 to {most:g}", value.start, value.stop, "0.5 or 50%")
    return number


def _score(term: Term, ontology: Ontology) -> Condition:
    del ontology
    if term.operator == ":":
        spans = [_span(value, lambda part: _number(part, 1.0)) for value in term.values]
    else:
        spans = [(_number(_only(term), 1.0),) * 2]
    limits = [(np.float32(low), np.float32(high)) for low, high in spans]  # 0.2 as a float32 is a little more than 0.2
    return _of_labels(term, lambda columns: _within(columns.column("confidence"), term.operator, limits))


def _frames(term: Term, ontology: Ontology) -> Condition:
    del ontology
    spans = [_span(v, _frame) for v in term.values] if term.operator == ":" else [(_frame(_only(term)),) * 2]
    limits = [(np.int32(low), np.int32(min(high, MOST_FRAME))) for low, high in spans]
    return _of_labels(term, lambda columns: _within(columns.column("frames"), term.operator, limits))


def _frame(value: Value) -> float:
    if value.pattern or not (value.text.isascii() and value.text.isdigit() and int(value.text[:11]) <= MOST_FRAME):
        raise wrong(f"{value.text} is no frame", value.start, value.stop, "100, 100-200, 100- or -200")
    return int(value.text)


def _only(term: Term) -> Value:
    if len(term.values) > 1:
        second = term.values[1]
        raise wrong("a comparison has one number", second.start, second.stop, f"{term.field}{term.operator}5")
    return term.values[0]


def _span(value: Value, read: Callable[[Value], float]) -> tuple[float, float]:
    """Return what `5`, `5-9`, `5-` or `-9` spans, both ends included."""
    first, dash, last = value.text.partition("-")
    if value.pattern or not dash or not (first or last):
        both = read(value)
        return both, both
    middle = value.start + len(first)
    low = read(Value(text=first, start=value.start, stop=middle)) if first else 0.0
    high = read(Value(text=last, start=middle + 1, stop=value.stop)) if last else math.inf
    if high < low:
        raise wrong(f"{value.text} ends before it begins", value.start, value.stop, f"{last}-{first}")
    return low, min(high, MOST_FRAME)


def _within(column: NDArray[Any], operator: str, limits: Sequence[tuple[Any, Any]]) -> NDArray[np.bool_]:
    if operator != ":":
        compared: NDArray[np.bool_] = _COMPARE[operator](column, limits[0][0])
        return compared
    found = np.zeros(len(column), np.bool_)
    for low, high in limits:
        found |= (column >= low) & (column <= high)
    return found


_COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def _unit(term: Term, ontology: Ontology) -> Condition:
    del ontology
    wanted = {UnitId(int(value.text)) for value in term.values}

    def test(columns: Columns) -> NDArray[np.bool_]:
        return columns.spread(np.fromiter((key[1] in wanted for key in columns.keys), np.bool_, len(columns.keys)))

    return _of_labels(term, test)


def _shape(term: Term, ontology: Ontology) -> Condition:
    del ontology
    wanted = {KINDS[one_of(v, KINDS, "shape")] for v in term.values}
    return _of_tracks(term, lambda track: track.kind in wanted)


def _origin(term: Term, ontology: Ontology) -> Condition:
    del ontology
    names = {origin.name.lower(): origin for origin in Origin}
    wanted = [int(names[one_of(v, names, "origin")]) for v in term.values]
    table = np.zeros(256, np.bool_)
    table[wanted] = True

    def test(columns: Columns) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = table[columns.column("origin")]
        return found

    return _of_labels(term, test)


def _flag(term: Term, flag: LabelFlag) -> Condition:
    wanted = {one_of(v, ("yes", "no"), f"answer to {term.field}:") == "yes" for v in term.values}

    def test(columns: Columns) -> NDArray[np.bool_]:
        if len(wanted) > 1:
            return np.ones(len(columns), np.bool_)
        found: NDArray[np.bool_] = (columns.column("flags") & int(flag)) != 0
        return found if True in wanted else ~found

    return _of_labels(term, test)


def _author(term: Term, ontology: Ontology) -> Condition:
    del ontology
    tests = [text_test(v) if v.pattern else v.text.casefold().__eq__ for v in term.values]

    def is_wanted(login: str) -> bool:
        return any(fits(login if v.pattern else login.casefold()) for fits, v in zip(tests, term.values, strict=True))

    return _of_labels(term, lambda columns: _by(columns, is_wanted))


def _by(columns: Columns, is_wanted: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Return which labels were made or changed by the wanted people, or are of instances that they made."""
    made = np.fromiter((is_wanted(i.created_by) for i in columns.instances), np.bool_, len(columns.instances))
    found = columns.spread(made)
    wanted = {people: [n for n, login in enumerate(people) if is_wanted(login)] for people in _teams(columns)}
    most = max(map(len, wanted.values()), default=0)
    for rank in range(most):
        numbers = [wanted[track.people][rank : rank + 1] or [-2] for track in columns.tracks]
        codes = columns.spread(np.array(numbers, np.int16)[:, 0])
        found |= (columns.column("author") == codes) | (columns.column("editor") == codes)
    return found


def _teams(columns: Columns) -> set[tuple[str, ...]]:
    return {track.people for track in columns.tracks}


def _each(test: Callable[[Track], bool]) -> Callable[[Columns], NDArray[np.bool_]]:
    """Return what asks one track after the other."""
    return lambda columns: np.fromiter(map(test, columns.tracks), np.bool_, len(columns.tracks))


_TRACKS: Final[dict[str, Callable[[Columns], NDArray[np.bool_]]]] = {
    "gap": _each(has_gap),
    "jump": lambda columns: which_jump(columns.tracks, columns.fixed(), columns.column("frames"), columns.starts),
    "short": _each(is_short),
    "single": _each(is_single),
}


def _track(term: Term, ontology: Ontology) -> Condition:
    del ontology
    wanted = [_TRACKS[one_of(v, _TRACKS, "fault of tracks")] for v in term.values]

    def test(columns: Columns) -> NDArray[np.bool_]:
        return columns.spread(np.logical_or.reduce([ask(columns) for ask in wanted]))

    return _of_labels(term, test)


_MEANINGS: Final[dict[str, Callable[[Term, Ontology], Condition]]] = {
    "name": _named,
    "class": _class,
    "score": _score,
    "state": _state,
    "track": _track,
    "issue": _issue,
    "author": _author,
    "text": _text,
    "frames": _frames,
    "unit": _unit,
    "shape": _shape,
    "origin": _origin,
    "attr": _attribute,
    "occluded": lambda term, _ontology: _flag(term, LabelFlag.OCCLUDED),
    "outside": lambda term, _ontology: _flag(term, LabelFlag.OUTSIDE),
    "key": lambda term, _ontology: _flag(term, LabelFlag.KEY),
}
assert set(_MEANINGS) == {"name", *FIELDS}, "every field has a meaning"
