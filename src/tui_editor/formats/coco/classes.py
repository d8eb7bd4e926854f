"""COCO's categories as classes: one for each kind of shape that a category has, tied by the category's id."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from tui_editor.formats.coco.skeletons import template_of
from tui_editor.model.ids import ClassId
from tui_editor.model.ontology import PALETTE, AnyClass, ObjectClass, Ontology
from tui_editor.model.shapes import ShapeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tui_editor.formats.coco.schema import Key

EXTRA = "coco"
"""Key of `extra` mappings under which this format keeps what it needs to write a file back."""

SUFFIXES: Mapping[ShapeKind, str] = {
    ShapeKind.POLYGON: "polygon",
    ShapeKind.BOX: "box",
    ShapeKind.SKELETON: "skeleton",
    ShapeKind.BITMASK: "mask",
}
"""Kinds of a category by precedence: the first that it has bears the plain name, the others `name·suffix`."""


class Category(Struct, frozen=True, kw_only=True, eq=False):
    """A category with its classes."""

    id: Key
    classes: Mapping[ShapeKind, ObjectClass]


def make_categories(records: list[dict[str, Any]], kinds: Mapping[Key, set[ShapeKind]]) -> dict[Key, Category]:
    """Return the categories by id.

    Args:
        records: The file's categories; of two with one id the first counts.
        kinds: The kinds of shapes that annotations use, by category id; ids without a record get one of their own.
    """
    usual = _usual(kinds.values())
    found: dict[Key, Category] = {}
    for row, record in enumerate(records):
        key = record["id"]
        if key not in found:
            used = kinds.get(key) or {usual}
            found[key] = _category(record, used, PALETTE[row % len(PALETTE)], {"n": row, "record": record})
    for key in sorted(set(kinds) - set(found), key=str):
        record = {"id": key, "name": f"category {key}"}
        found[key] = _category(record, kinds[key], PALETTE[len(found) % len(PALETTE)], {"record": record, "made": True})
    return found


def make_ontology(categories: Iterable[Category], header: Mapping[str, Any]) -> Ontology:
    """Return the classes of all categories; the file's header is kept beside."""
    classes = tuple(c for category in categories for c in category.classes.values())
    return Ontology(classes=classes, extra={EXTRA: dict(header)})


_encode = msgspec.json.Encoder().encode


def pack_kept(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what was kept of an annotation as an instance's `extra`: one JSON text, for a million are stored."""
    return {EXTRA: _encode(values).decode()}


def unpack_kept(extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `pack_kept` packed; empty for instances that are not from COCO."""
    text = extra.get(EXTRA)
    try:
        found = msgspec.json.decode(text) if isinstance(text, str) else None
    except msgspec.DecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def category_extra(found: AnyClass | None) -> Mapping[str, Any] | None:
    """Return what was kept of a class's category, None when the class is not from COCO."""
    kept = found.extra.get(EXTRA) if found is not None else None
    return kept if isinstance(kept, dict) and isinstance(kept.get("record"), dict) else None


def _usual(kinds: Iterable[set[ShapeKind]]) -> ShapeKind:
    """Return the kind for categories without annotations: the one most categories have."""
    counts = dict.fromkeys((ShapeKind.POLYGON, ShapeKind.BOX), 0)
    for used in kinds:
        for kind in counts:
            counts[kind] += kind in used
    return max(counts, key=lambda k: counts[k])


def _category(record: dict[str, Any], used: set[ShapeKind], color: str, kept: dict[str, Any]) -> Category:
    template = template_of(record)
    wanted = used | {ShapeKind.SKELETON} if template else used - {ShapeKind.SKELETON}
    present = [kind for kind in SUFFIXES if kind in wanted] or [ShapeKind.BOX]
    name = str(record.get("name", f"category {record['id']}"))
    classes = {}
    for kind in present:
        full = name if kind == present[0] else f"{name}·{SUFFIXES[kind]}"
        classes[kind] = ObjectClass(
            id=_class_id(record["id"], name, kind),
            name=full,
            color=color,
            shape=kind,
            skeleton=template if kind == ShapeKind.SKELETON else None,
            extra={EXTRA: {**kept, "named": full}},
        )
    return Category(id=record["id"], classes=classes)


def _class_id(category: Key, name: str, kind: ShapeKind) -> ClassId:
    """Return an id that the same category has in every file, and another one hasn't."""
    text = repr((category, name, kind.value)).encode("utf-8", "surrogatepass")
    return ClassId(blake2b(text, digest_size=5).hexdigest())
