"""What one side has on a data unit, where a label of it is, and the classes that both sides share."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import Struct

from tui_editor.model.tracks import LabelFlag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import Unit
    from tui_editor.model.ids import InstanceId
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.project import Task
    from tui_editor.model.tracks import Track

SHAPES_OF_CATEGORIES = {"polygon", "box", "skeleton", "mask"}
"""What follows the name of a category in those of its further classes."""


class Excerpt(Struct, frozen=True, eq=False):
    """What one side has on a data unit, or on one picture of a group."""

    task: Task
    document: LabelDocument
    unit: Unit
    ontology: Ontology
    frame: int | None = None
    """The only frame that is meant; None: all."""

    @property
    def frame_count(self) -> int:
        """Return how many frames are meant."""
        return self.unit.frame_count if self.frame is None else 1

    def tracks(self) -> Iterator[tuple[Instance, Track]]:
        """Yield what lies on these frames, by class, number and id of the instances."""
        for instance in self._instances():
            track = self.document.track(instance.id, self.unit.id)
            if track is not None and self.frame is not None:
                track = track.between(self.frame, self.frame)
            if track is not None:
                track = in_picture(track)
                if len(track):
                    yield instance, track

    def _instances(self) -> list[Instance]:
        document = self.document
        if self.frame is None:
            found = list(document.instances.values())
        else:
            on_frame = document.on_frame(self.unit.id, self.frame)
            found = [document.instances[i] for i in on_frame if i in document.instances]
        return sorted(found, key=lambda i: (i.class_id, i.ordinal, i.id))


def in_picture(track: Track) -> Track:
    """Return the labels that don't say that the thing has left the picture."""
    inside = (track.flags & int(LabelFlag.OUTSIDE)) == 0
    return track if inside.all() else track.take(np.flatnonzero(inside))


class Place(NamedTuple):
    """Where a label is: for messages and findings."""

    excerpt: Excerpt
    instance: Instance
    frame: int
    """Index in the data unit."""

    @property
    def id(self) -> InstanceId:
        """Return the instance's id."""
        return self.instance.id


class Names:
    """Numbers for the names of classes, the same for both sides; case and spaces at the ends make no difference.

    A category of several shapes is one class here: `person·mask` is `person`.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.names: list[str] = []

    def number(self, name: str) -> int:
        """Return the number of a class's name."""
        first, _, kind = name.rpartition("·")
        plain = (first if first and kind in SHAPES_OF_CATEGORIES else name).strip()
        key = plain.casefold()
        if key not in self._numbers:
            self._numbers[key] = len(self.names)
            self.names.append(plain)
        return self._numbers[key]
