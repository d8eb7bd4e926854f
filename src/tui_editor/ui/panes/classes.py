"""The Classes pane: what can be labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.instances import class_keys
from tui_editor.model.shapes import ShapeKind
from tui_editor.ui.widgets.rows import DIM, Line, dot, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from tui_editor.model.ontology import AnyClass, Ontology

GLYPHS = {
    ShapeKind.BOX: "▭",
    ShapeKind.ROTATED_BOX: "◇",
    ShapeKind.POLYGON: "⬠",
    ShapeKind.POLYLINE: "∿",
    ShapeKind.KEYPOINT: "•",
    ShapeKind.BITMASK: "▒",
    ShapeKind.SKELETON: "⚕",
    ShapeKind.PRESENCE: "¶",
    ShapeKind.VERBATIM: "…",
}
"""A sign for each kind of shape."""


class ClassRows:
    """The ontology's classes, each with its key."""

    def __init__(self, ontology: Ontology) -> None:
        self._entries = ontology.offered()
        self._keys = class_keys(ontology)

    def __len__(self) -> int:
        return len(self._entries)

    def key(self, index: int) -> AnyClass:
        """Return the class."""
        return self._entries[index]

    def line(self, index: int) -> Line:
        """Return key, colour, name and shape."""
        entry = self._entries[index]
        return (
            (f"{self._keys.get(entry.id, ' ')} ", DIM),
            dot(entry.color),
            text(entry.name),
            (f" {GLYPHS[entry.shape]}", DIM),
        )


class ClassesPane(VirtualList):
    """Lists classes; choosing one begins a new instance of it."""

    BORDER_TITLE = "Classes"
