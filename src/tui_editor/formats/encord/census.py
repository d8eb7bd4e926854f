"""Which classes, attributes and options label rows use: what an ontology must hold, or is derived from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from tui_editor.formats.encord.names import DRAWN, RANGED, snake
from tui_editor.formats.encord.ontology_json import GREY
from tui_editor.model.ids import AttributeId, ClassId, OptionId
from tui_editor.model.ontology import (
    PALETTE,
    Attribute,
    AttributeKind,
    Classification,
    ObjectClass,
    Ontology,
    Option,
    SkeletonPoint,
    SkeletonTemplate,
)
from tui_editor.model.shapes import ShapeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHAPES = {kind.value: kind for kind in DRAWN}


class _Question(Struct):
    """What was seen of an attribute."""

    name: str
    dynamic: bool
    kind: AttributeKind = AttributeKind.RADIO
    options: dict[str, Option] = field(default_factory=dict)


class _Seen(Struct):
    """What was seen of a class or classification."""

    name: str = ""
    color: str = ""
    shape: str = ""
    skeleton: dict[str, Any] | None = None
    placed: bool = False
    """A classification that stood on a frame: it is not a global one."""
    questions: dict[str, _Question] = field(default_factory=dict)


class Census:
    """Counts what rows use. Members of a wrong type are passed over: the reader reports them."""

    def __init__(self) -> None:
        self._objects: dict[str, _Seen] = {}
        self._statements: dict[str, _Seen] = {}

    def add(self, row: dict[str, Any]) -> None:
        """Take in a label row."""
        owners: dict[str, _Seen] = {}
        for blob in _blobs(row):
            for source in _dicts(blob.get("objects")):
                self._object(source, owners)
            for source in _dicts(blob.get("classifications")):
                self._entry(source, owners)
        for key, answer in _members(row.get("object_answers")):
            if isinstance(answer.get("featureHash"), str) and answer.get("shape") in RANGED:
                self._object({"objectHash": key, **answer}, owners)
            _questions(owners.get(key), answer.get("classifications"), dynamic=False)
        for key, answer in _members(row.get("object_actions")):
            _questions(owners.get(key), answer.get("actions"), dynamic=True)
        for _, answer in _members(row.get("classification_answers")):
            self._statement(answer)

    def _object(self, source: dict[str, Any], owners: dict[str, _Seen]) -> None:
        feature, name = source.get("featureHash"), source.get("objectHash")
        if not isinstance(feature, str) or not isinstance(name, str):
            return
        seen = self._objects.setdefault(feature, _Seen())
        seen.name = seen.name or _text(source.get("name"))
        seen.color = seen.color or _text(source.get("color"))
        seen.shape = seen.shape or _text(source.get("shape"))
        skeleton = source.get("skeleton")
        if seen.skeleton is None and isinstance(skeleton, dict):
            seen.skeleton = skeleton
        owners.setdefault(name, seen)

    def _entry(self, source: dict[str, Any], owners: dict[str, _Seen]) -> None:
        feature, name = source.get("featureHash"), source.get("classificationHash")
        if isinstance(feature, str) and isinstance(name, str):
            seen = self._statements.setdefault(feature, _Seen())
            seen.name = seen.name or _text(source.get("name"))
            seen.placed = True
            owners.setdefault(name, seen)

    def _statement(self, answer: dict[str, Any]) -> None:
        feature = answer.get("featureHash")
        if not isinstance(feature, str):
            return
        seen = self._statements.setdefault(feature, _Seen())
        seen.placed |= bool(answer.get("range") or answer.get("spaces")) or "range" not in answer
        entries = list(_dicts(answer.get("classifications")))
        if entries:
            seen.name = seen.name or _text(entries[-1].get("name"))
        _questions(seen, entries, dynamic=False)

    # --- what it tells ---------------------------------------------------------------------------

    def covered(self, ontology: Ontology) -> int:
        """Return how many of the classes used are in an ontology."""
        return sum(ontology.find(ClassId(key)) is not None for key in self._all())

    def __len__(self) -> int:
        return len(self._objects) + len(self._statements)

    def _all(self) -> Iterator[str]:
        yield from self._objects
        yield from self._statements

    def completed(self, ontology: Ontology) -> tuple[Ontology, int]:
        """Return the ontology with a class for each that is used and absent, and how many were added."""
        objects = {k: v for k, v in self._objects.items() if ontology.find(ClassId(k)) is None}
        statements = {
            k: v for k, v in self._statements.items() if k not in objects and ontology.find(ClassId(k)) is None
        }
        if not objects and not statements:
            return ontology, 0
        start = len(ontology.classes)
        classes = [_class(k, v, PALETTE[(start + n) % len(PALETTE)]) for n, (k, v) in enumerate(objects.items())]
        made = [_classification(k, v) for k, v in statements.items()]
        whole = Ontology(
            classes=(*ontology.classes, *classes),
            classifications=(*ontology.classifications, *made),
            extra=ontology.extra,
        )
        return whole, len(objects) + len(statements)


def _blobs(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every `{"objects", "classifications"}` of a row."""
    for holder in ("data_units", "spaces"):
        for _, member in _members(row.get(holder)):
            labels = member.get("labels")
            if isinstance(labels, dict):
                yield labels
                yield from (blob for _, blob in _members(labels))


def _members(value: object) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield from ((k, v) for k, v in value.items() if isinstance(v, dict))


def _dicts(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        yield from (v for v in value if isinstance(v, dict))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _questions(seen: _Seen | None, entries: object, *, dynamic: bool) -> None:
    if seen is None:
        return
    met: set[str] = set()
    for entry in _dicts(entries):
        key = entry.get("featureHash")
        if isinstance(key, str):
            question = seen.questions.setdefault(key, _Question(_text(entry.get("name")), dynamic))
            _answered(question, entry.get("answers"), again=key in met and not dynamic)
            met.add(key)


def _answered(question: _Question, answers: object, *, again: bool) -> None:
    """Learn an attribute's kind: a checklist has several answers, or several entries in one list."""
    if isinstance(answers, str):
        question.kind = AttributeKind.TEXT
    elif isinstance(answers, list):
        if again or len(answers) != 1:
            question.kind = AttributeKind.CHECKLIST
        for option in _dicts(answers):
            key, label = _text(option.get("featureHash")), _text(option.get("name"))
            value = _text(option.get("value")) or snake(label)
            question.options.setdefault(key, Option(id=OptionId(key), label=label, value=value))
    elif isinstance(answers, int | float) and not isinstance(answers, bool):
        question.kind = AttributeKind.NUMERIC


def _attributes(seen: _Seen) -> tuple[Attribute, ...]:
    return tuple(
        Attribute(
            id=AttributeId(key),
            name=q.name or key,
            kind=q.kind,
            dynamic=q.dynamic,
            options=tuple(q.options.values()) if q.kind in {AttributeKind.RADIO, AttributeKind.CHECKLIST} else (),
        )
        for key, q in reversed(seen.questions.items())  # rows have children before parents
    )


def _class(key: str, seen: _Seen, color: str) -> ObjectClass:
    shape = _SHAPES.get(seen.shape, ShapeKind.VERBATIM)
    return ObjectClass(
        id=ClassId(key),
        name=seen.name or key,
        color=seen.color or color,
        shape=shape,
        foreign_shape="" if shape is not ShapeKind.VERBATIM else seen.shape or "unknown",
        attributes=_attributes(seen),
        skeleton=_template(seen) if shape is ShapeKind.SKELETON else None,
    )


def _classification(key: str, seen: _Seen) -> Classification:
    attributes = _attributes(seen)
    name = attributes[0].name if attributes else seen.name or key
    return Classification(id=ClassId(key), name=name, attributes=attributes, is_global=not seen.placed, color=GREY)


def _template(seen: _Seen) -> SkeletonTemplate | None:
    points = [p for _, p in _members(seen.skeleton)]
    if not points:
        return None
    return SkeletonTemplate(name=seen.name, width=1.0, height=1.0, points=tuple(_points(points)))


def _coordinate(value: object) -> float:
    """Return a template's coordinate, 0 for what is none."""
    try:
        return float(value) if isinstance(value, int | float) else 0.0
    except OverflowError:  # JSON's whole numbers have no end
        return 0.0


def _points(points: Iterable[dict[str, Any]]) -> Iterator[SkeletonPoint]:
    for row, point in enumerate(points):
        x, y = _coordinate(point.get("x")), _coordinate(point.get("y"))
        yield SkeletonPoint(
            id=_text(point.get("featureHash")),
            name=_text(point.get("name")) or f"point_{row}",
            color=_text(point.get("color")) or "#000000",
            x=x,
            y=y,
        )
