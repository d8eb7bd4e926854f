"""What a JSON value says beyond what we would write in its place, so that an export can say it again.

A residue is made from the source's value and ours, and applied to the value that we write later. Where that one still
says what ours said at import, the source's spelling is restored; where it was edited, the edit wins.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

TOLERANCE = 1e-9
"""Numbers nearer than this are equal: coordinates go to pixels and back."""

WHOLE = frozenset(
    {"boundingBox", "rotatableBoundingBox", "polygon", "polygons", "polyline", "point", "bitmask", "range", "spaces"}
)
"""Keys whose value is compared and restored as one: half of an old geometry and half of a new one make no shape."""

_ITEM_KEYS = ("featureHash", "featureNodeHash")

Residue = dict[str, Any]
"""`keep` key → value only the source has; `not` key → digest of a value only we have; `was` key → [source's value,
digest of ours]; `sub` key → residue of a nested value. Lists whose items have unique hashes count as objects."""


def close(a: object, b: object) -> bool:
    """Return whether two JSON values are equal, numbers within 1e-9."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(close(v, b[k]) for k, v in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(close, a, b))
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, int | float) and isinstance(b, int | float):
        try:
            return a == b or abs(a - b) <= TOLERANCE
        except OverflowError:  # one of them is a whole number beyond all floats
            return False
    return a == b


def digest(value: object) -> str:
    """Return a short digest of a JSON value, the same for the same value."""
    import msgspec

    return blake2b(msgspec.json.encode(value, order="sorted"), digest_size=6).hexdigest()


def residue(source: dict[str, Any], ours: dict[str, Any]) -> Residue:
    """Return what restores `source` from `ours`; empty when they are equal."""
    parts: dict[str, dict[str, Any]] = {"keep": {}, "not": {}, "was": {}, "sub": {}}
    for key, value in source.items():
        if key not in ours:
            parts["keep"][key] = value
        elif not close(value, ours[key]):
            node = None if key in WHOLE else _nested(value, ours[key])
            parts["sub" if node else "was"][key] = node or [value, digest(ours[key])]
    for key, value in ours.items():
        if key not in source:
            parts["not"][key] = digest(value)
    return {name: part for name, part in parts.items() if part}


def _nested(source: object, ours: object) -> Residue | None:
    if isinstance(source, dict) and isinstance(ours, dict):
        return residue(source, ours)
    key = _item_key(source, ours)
    if key is None:
        return None
    theirs, mine = _by(key, source), _by(key, ours)
    node = residue(theirs, mine)
    if list(theirs) != [k for k in mine if k in theirs] + [k for k in theirs if k not in mine]:
        node["order"] = list(theirs)
    return {**node, "list": key}


def _item_key(*lists: object) -> str | None:
    for key in _ITEM_KEYS:
        if all(_keyed_by(key, value) for value in lists):
            return key
    return None


def _keyed_by(key: str, value: object) -> bool:
    if not isinstance(value, list) or not all(isinstance(i, dict) and isinstance(i.get(key), str) for i in value):
        return False
    return len({i[key] for i in value}) == len(value)


def _by(key: str, items: Any) -> dict[str, Any]:
    return {item[key]: item for item in items}


def restored(ours: dict[str, Any], node: Residue) -> dict[str, Any]:
    """Return `ours` with the source's spelling where `ours` still says the same."""
    if not node:
        return ours
    out = dict(ours)
    for key, mark in node.get("not", {}).items():
        if key in out and digest(out[key]) == mark:
            del out[key]
    for key, (value, mark) in node.get("was", {}).items():
        if key in ours and digest(ours[key]) == mark:
            out[key] = value
    for key, sub in node.get("sub", {}).items():
        if key in ours:
            out[key] = _restored_nested(ours[key], sub)
    for key, value in node.get("keep", {}).items():
        out.setdefault(key, value)
    return out


def _restored_nested(ours: Any, node: Residue) -> Any:
    if "list" not in node:
        return restored(ours, node) if isinstance(ours, dict) else ours
    if not _keyed_by(node["list"], ours):
        return ours
    items = restored(_by(node["list"], ours), node)
    place = {k: i for i, k in enumerate(node.get("order", ()))}
    return [items[k] for k in sorted(items, key=lambda k: place.get(k, len(place)))]
