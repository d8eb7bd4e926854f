"""Writes an ontology as Encord's JSON: objects, classifications, skeleton templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from tui_editor.formats.encord.names import DRAWN, ours, snake
from tui_editor.formats.encord.residue import restored
from tui_editor.model.ontology import AttributeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.model.ontology import (
        AnyClass,
        Attribute,
        Classification,
        ObjectClass,
        Ontology,
        Option,
        SkeletonTemplate,
    )

_Class = TypeVar("_Class", bound="AnyClass")

RULES = ("minimum", "maximum", "pattern", "help")
"""Our own keys of an attribute: Encord's SDK passes over them."""

GREY = "#B3B3B3"
"""The colour of a classification that has none: not written."""

EDGE_COLOR = "#000000"


def ontology_json(ontology: Ontology) -> dict[str, Any]:
    """Return the ontology as `ontology.json` has it; what came from such a file and was not changed is as it was."""
    head = {"skeleton_templates": templates_json(ontology)}
    return {
        "objects": [_full(c, object_json(c, i)) for c, i in _numbered(ontology.classes)],
        "classifications": [_full(c, classification_json(c, i)) for c, i in _numbered(ontology.classifications)],
        **restored(head, ours(ontology.extra).get("residue", {})),
    }


def _full(value: AnyClass, plain: dict[str, Any]) -> dict[str, Any]:
    return restored(plain, ours(value.extra).get("residue", {}))


def _numbered(classes: Sequence[_Class]) -> list[tuple[_Class, str]]:
    """Return each class with its id: the source's, else its place in the list, else the next free number."""
    known = [str(ours(c.extra).get("id", "")) for c in classes]
    used = {k for k in known if k}
    numbered = []
    for row, (value, number) in enumerate(zip(classes, known, strict=True), 1):
        chosen = number or next(n for n in map(str, range(row, row + len(used) + 1)) if n not in used)
        used.add(chosen)
        numbered.append((value, chosen))
    return numbered


def object_json(value: ObjectClass, number: str) -> dict[str, Any]:
    """Return an object class as we write it when nothing else is known of it."""
    out: dict[str, Any] = {
        "id": number,
        "name": value.name,
        "color": value.color,
        "shape": shape_name(value),
        "featureNodeHash": str(value.id),
        "required": value.required,
        "archived": value.archived,
    }
    if value.attributes:
        out["attributes"] = _attributes(value.attributes, number)
    return out | ({"hotkey": value.hotkey} if value.hotkey else {})


def shape_name(value: ObjectClass) -> str:
    """Return the ontology's name of a class's shape."""
    return value.shape.value if value.shape in DRAWN else value.foreign_shape or value.shape.value


def classification_json(value: Classification, number: str) -> dict[str, Any]:
    """Return a classification as we write it; keys that Encord doesn't know only where they say something."""
    out: dict[str, Any] = {"id": number, "featureNodeHash": str(value.id)}
    if value.is_global:
        out["level"] = "global"
    out["attributes"] = _attributes(value.attributes, number) or [_placeholder(value, number)]
    own = {
        "name": value.name if [a.name for a in value.attributes[:1]] != [value.name] else "",
        "required": value.required,
        "archived": value.archived,
        "color": "" if value.color == GREY else value.color,
        "hotkey": value.hotkey,
        "bare": not value.attributes,
    }
    return out | {k: v for k, v in own.items() if v}


def _placeholder(value: Classification, number: str) -> dict[str, Any]:
    """Return the root attribute that Encord demands of a classification that asks nothing (`bare`)."""
    return {
        "id": f"{number}.1",
        "name": value.name,
        "type": "text",
        "featureNodeHash": f"{value.id}-0",
        "required": False,
        "archived": False,
        "dynamic": False,
    }


def _attributes(attributes: Sequence[Attribute], parent: str) -> list[dict[str, Any]]:
    return [_attribute(a, f"{parent}.{n}") for n, a in enumerate(attributes, 1)]


def _attribute(value: Attribute, number: str) -> dict[str, Any]:
    out: dict[str, Any] = {
        "id": number,
        "name": value.name,
        "type": value.kind.value,
        "featureNodeHash": str(value.id),
        "required": value.required,
        "archived": value.archived,
        "dynamic": value.dynamic,
    }
    if value.options and value.kind in {AttributeKind.RADIO, AttributeKind.CHECKLIST}:
        out["options"] = [_option(o, f"{number}.{n}") for n, o in enumerate(value.options, 1)]
    return out | {k: value.extra[k] for k in RULES if k in value.extra}


def _option(value: Option, number: str) -> dict[str, Any]:
    out: dict[str, Any] = {
        "id": number,
        "label": value.label,
        "value": value.value,
        "featureNodeHash": str(value.id),
        "archived": value.archived,
    }
    if value.attributes:
        out["options"] = _attributes(value.attributes, number)
    return out


def templates_json(ontology: Ontology) -> list[dict[str, Any]]:
    """Return the templates of the classes that have one, then those of the source that belong to no class."""
    made = [{"template": template_json(c.skeleton, str(c.id))} for c in ontology.classes if c.skeleton]
    return made + list(ours(ontology.extra).get("templates", ()))


def template_json(value: SkeletonTemplate, class_hash: str) -> dict[str, Any]:
    """Return a skeleton template; its `feature_node_hash` is the class's."""
    edges: dict[str, dict[str, Any]] = {}
    for start, end in value.edges:
        edges.setdefault(str(start), {})[str(end)] = {"color": EDGE_COLOR}
    plain: dict[str, Any] = {
        "name": value.name,
        "width": value.width,
        "height": value.height,
        "skeleton": {
            str(row): {
                "x": p.x,
                "y": p.y,
                "name": p.name,
                "color": p.color,
                "value": snake(p.name),
                "featureHash": p.id,
            }
            for row, p in enumerate(value.points)
        },
        "skeletonEdges": edges,
        "feature_node_hash": class_hash,
        "shape": "skeleton",
    }
    return restored(plain, ours(value.extra))
