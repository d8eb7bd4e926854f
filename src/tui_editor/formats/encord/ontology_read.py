"""Reads Encord's ontology JSON. What the model has no place for is kept as a residue of the class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tui_editor.formats.encord.names import DRAWN, wrapped
from tui_editor.formats.encord.ontology_json import (
    GREY,
    RULES,
    classification_json,
    object_json,
    template_json,
    templates_json,
)
from tui_editor.formats.encord.residue import residue
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
    to_value,
)
from tui_editor.model.shapes import ShapeKind

if TYPE_CHECKING:
    from tui_editor.formats.encord.places import Place

_KINDS = {kind.value: kind for kind in AttributeKind}
_SHAPES = {kind.value: kind for kind in DRAWN}
_DEPTH = 40
"""Attributes nested deeper than this are refused; Encord allows 7."""


def find_structure(value: dict[str, Any]) -> dict[str, Any] | None:
    """Return the part of a JSON object that is an ontology, None when there is none."""
    if isinstance(value.get("objects"), list) and isinstance(value.get("classifications", []), list):
        return value
    inner = (value.get(key) for key in ("ontology", "editor", "structure"))
    return next((found for v in inner if isinstance(v, dict) and (found := find_structure(v))), None)


def read_ontology(value: dict[str, Any], place: Place) -> Ontology:
    """Return the ontology of a JSON object with `objects` and `classifications`.

    Raises:
        FormatError: a part is of a wrong type or lacks what identifies it; its place is told.
    """
    templates = _Templates(place.member(value, "skeleton_templates", list, []), place.at("skeleton_templates"))
    objects = place.member(value, "objects", list, [])
    numbers = _numbers(objects)
    classes = tuple(
        _object(v, place.at("objects", n), numbers[n], templates=templates, row=n) for n, v in enumerate(objects)
    )
    statements = place.member(value, "classifications", list, [])
    numbers = _numbers(statements)
    classifications = tuple(
        _classification(v, place.at("classifications", n), numbers[n], row=n) for n, v in enumerate(statements)
    )
    plain = Ontology(classes=classes, classifications=classifications, extra=wrapped(templates.unused()))
    head = {k: v for k, v in value.items() if k not in {"objects", "classifications"}}
    rest = residue(head, {"skeleton_templates": templates_json(plain)})
    kept = {**templates.unused(), **({"residue": rest} if rest else {})}
    return Ontology(classes=classes, classifications=classifications, extra=wrapped(kept))


def _numbers(values: list[Any]) -> list[str]:
    """Return each class's id where it must be kept: empty where it is just its place in the list."""
    found = [str(v.get("id", "")) if isinstance(v, dict) else "" for v in values]
    plain = [str(row) for row in range(1, len(found) + 1)]
    return ["" if n == p and found.count(n) == 1 else n for n, p in zip(found, plain, strict=True)]


def _object(value: object, place: Place, number: str, *, templates: _Templates, row: int) -> ObjectClass:
    source = place.as_object(value)
    shape = place.member(source, "shape", str)
    plain = ObjectClass(
        id=ClassId(place.member(source, "featureNodeHash", str)),
        name=place.member(source, "name", str),
        color=place.member(source, "color", str, PALETTE[row % len(PALETTE)]),
        shape=_SHAPES.get(shape, ShapeKind.VERBATIM),
        foreign_shape="" if shape in _SHAPES else shape,
        attributes=_attributes(source, "attributes", place),
        required=source.get("required") is True,
        archived=source.get("archived") is True,
        hotkey=place.member(source, "hotkey", str, ""),
        skeleton=templates.take(source) if shape == ShapeKind.SKELETON else None,
    )
    return replace(plain, extra=_kept(source, object_json(plain, number or str(row + 1)), number))


def _kept(source: dict[str, Any], ours: dict[str, Any], number: str) -> dict[str, Any]:
    rest = residue(source, ours)
    return wrapped(({"id": number} if number else {}) | ({"residue": rest} if rest else {}))


def _classification(value: object, place: Place, number: str, *, row: int) -> Classification:
    source = place.as_object(value)
    attributes = _attributes(source, "attributes", place)
    bare = source.get("bare") is True
    title = attributes[0].name if attributes else ""
    plain = Classification(
        id=ClassId(place.member(source, "featureNodeHash", str)),
        name=place.member(source, "name", str, title),
        attributes=() if bare else attributes,
        is_global=source.get("level") == "global",
        required=source.get("required") is True,
        archived=source.get("archived") is True,
        color=place.member(source, "color", str, GREY),
        hotkey=place.member(source, "hotkey", str, ""),
    )
    return replace(plain, extra=_kept(source, classification_json(plain, number or str(row + 1)), number))


def _attributes(holder: dict[str, Any], key: str, place: Place, depth: int = 0) -> tuple[Attribute, ...]:
    if depth > _DEPTH:
        raise place.error("attributes are nested too deeply")
    values = place.member(holder, key, list, [])
    return tuple(_attribute(v, place.at(key, n), depth) for n, v in enumerate(values))


def _attribute(value: object, place: Place, depth: int) -> Attribute:
    source = place.as_object(value)
    kind = _KINDS.get(place.member(source, "type", str), AttributeKind.TEXT)
    options = place.member(source, "options", list, [])
    return Attribute(
        id=AttributeId(place.member(source, "featureNodeHash", str)),
        name=place.member(source, "name", str),
        kind=kind,
        required=source.get("required") is True,
        dynamic=source.get("dynamic") is True,
        archived=source.get("archived") is True,
        options=tuple(_option(v, place.at("options", n), depth) for n, v in enumerate(options)),
        extra={k: source[k] for k in RULES if k in source},
    )


def _option(value: object, place: Place, depth: int) -> Option:
    source = place.as_object(value)
    label = place.member(source, "label", str)
    return Option(
        id=OptionId(place.member(source, "featureNodeHash", str)),
        label=label,
        value=place.member(source, "value", str, to_value(label)),
        attributes=_attributes(source, "options", place, depth + 1),
        archived=source.get("archived") is True,
    )


class _Templates:
    """The skeleton templates of an ontology, handed out to the classes that they belong to."""

    def __init__(self, values: list[Any], place: Place) -> None:
        self._entries = [place.at(n).as_object(v) for n, v in enumerate(values)]
        self._left = dict(enumerate(self._entries))
        self._place = place

    def take(self, source: dict[str, Any]) -> SkeletonTemplate | None:
        """Return the template of an object class: by hash, else by name where the template has no hash."""
        for row, entry in self._left.items():
            template = entry.get("template")
            if set(entry) == {"template"} and isinstance(template, dict) and _belongs(template, source):
                del self._left[row]
                return _template(template, self._place.at(row, "template"), str(source["featureNodeHash"]))
        return None

    def unused(self) -> dict[str, Any]:
        """Return the templates that belong to no class."""
        return {"templates": list(self._left.values())} if self._left else {}


def _belongs(template: dict[str, Any], source: dict[str, Any]) -> bool:
    owner = template.get("feature_node_hash") or template.get("featureNodeHash")
    return bool(owner == source["featureNodeHash"] if owner else template.get("name") == source["name"])


def _template(source: dict[str, Any], place: Place, class_hash: str) -> SkeletonTemplate:
    points = place.member(source, "skeleton", dict)
    keys = sorted(points, key=lambda k: (not k.isdecimal(), int(k) if k.isdecimal() else 0, k))
    row_of = {key: row for row, key in enumerate(keys)}
    edges = place.member(source, "skeletonEdges", dict, {})
    plain = SkeletonTemplate(
        name=place.member(source, "name", str),
        width=_number(source.get("width")),
        height=_number(source.get("height")),
        points=tuple(_point(points[k], place.at("skeleton", k)) for k in keys),
        edges=tuple(
            (row_of[a], row_of[b])
            for a, ends in edges.items()
            if a in row_of and isinstance(ends, dict)
            for b in ends
            if b in row_of
        ),
    )
    return replace(plain, extra=wrapped(residue(source, template_json(plain, class_hash))))


def _point(value: object, place: Place) -> SkeletonPoint:
    source = place.as_object(value)
    return SkeletonPoint(
        id=place.member(source, "featureHash", str, ""),
        name=place.member(source, "name", str),
        color=place.member(source, "color", str, "#000000"),
        x=_number(source.get("x")),
        y=_number(source.get("y")),
    )


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, int | float) else 0.0
    except OverflowError:  # a whole number beyond all floats
        return 0.0
