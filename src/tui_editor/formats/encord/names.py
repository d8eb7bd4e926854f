"""Keys, hashes and script names of Encord's JSON that several modules need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from tui_editor.model.ids import to_text
from tui_editor.model.shapes import ShapeKind

if TYPE_CHECKING:
    from collections.abc import Mapping

OURS = "encord"
"""The key of `extra` under which everything of this format lies."""

DRAWN = frozenset(
    {
        ShapeKind.BOX,
        ShapeKind.ROTATED_BOX,
        ShapeKind.POLYGON,
        ShapeKind.POLYLINE,
        ShapeKind.KEYPOINT,
        ShapeKind.BITMASK,
        ShapeKind.SKELETON,
    }
)
"""Shapes that we can edit; any other name in an ontology makes a class of `VERBATIM` shape."""

RANGED = frozenset({"audio", "text", "time_range"})
"""Shapes without frames: they live in `object_answers`."""


def snake(name: str) -> str:
    """Return a class's `value` as the SDK makes it from its name."""
    return name.lower().replace(" ", "_")


def ours(extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return this format's part of an `extra`."""
    found = extra.get(OURS)
    return found if isinstance(found, dict) else {}


def wrapped(part: dict[str, Any]) -> dict[str, Any]:
    """Return an `extra` that holds `part`; empty when it is empty."""
    return {OURS: part} if part else {}


def short_hash(number: int) -> str:
    """Return the 8-character hash of an id of ours, the same for the same id."""
    return to_text(number & (1 << 40) - 1).rjust(8, "0")


def long_hash(number: int) -> str:
    """Return the UUID-like hash of an id of ours, the same for the same id."""
    return str(UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) & (1 << 128) - 1, version=4))
