"""How the Labels pane lists objects. Nothing of it changes what is drawn, or the document."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from tui_editor.model.ids import InstanceId


class SortBy(StrEnum):
    """By what the Labels pane sorts."""

    CREATION = "creation"
    NAME = "name"
    CLASS = "class"
    """The order of the ontology, then the number."""
    FIRST_FRAME = "first frame"
    CONFIDENCE = "confidence"
    """Of the label on this frame; of all objects the least one that each has."""
    STATE = "review state"


class Listing(Struct, frozen=True, kw_only=True):
    """What the Labels pane lists, in which order, and how much it tells."""

    frame_only: bool = True
    """The labels of this frame, not of all frames."""
    frames: tuple[int, int] | None = None
    """Only objects with a label on frames first..last of the data unit; None: all."""
    sort: SortBy = SortBy.CREATION
    descending: bool = False
    group_by_class: bool = True
    details: bool = False
    """Each line tells the answers that hold on this frame."""
    expanded: frozenset[InstanceId] = frozenset()
    """Objects with lines of their own for frames, answers and confidence."""
    search: str = ""
    """What is looked for in names; empty: nothing."""
    visual: bool = False
    """Moving in the list selects everything from where that began."""
