"""Instances of a row while they are read, and what a frame or an entry says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from tui_editor.formats.encord.labels import read_presence, same_metadata
from tui_editor.formats.encord.names import ours, wrapped
from tui_editor.model.shapes import Skeleton

if TYPE_CHECKING:
    from tui_editor.formats.encord.instances import Written
    from tui_editor.model.ids import UnitId
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import Classification, ObjectClass
    from tui_editor.model.tracks import Label


class Thing(Struct):
    """An instance while its labels are gathered."""

    hash: str
    kind: ObjectClass | Classification
    labels: dict[UnitId, dict[int, Label]] = field(default_factory=dict)
    listed: dict[UnitId, set[int]] = field(default_factory=dict)
    """Frames whose lists name a classification."""
    points: int | None = None
    """Of a skeleton: as many points have all labels of a track."""

    def put(self, unit: UnitId, label: Label) -> bool:
        """Add a label; return whether its frame was free and its points fit."""
        labels = self.labels.setdefault(unit, {})
        if isinstance(label.shape, Skeleton):
            self.points = len(label.shape.points) if self.points is None else self.points
            if len(label.shape.points) != self.points:
                return False
        return labels.setdefault(label.frame, label) is label


def with_extra(written: Written, part: dict[str, Any]) -> Written:
    """Return an instance with a part added to what this format keeps of it."""
    if not part:
        return written
    instance = replace(written.instance, extra=wrapped({**ours(written.instance.extra), **part}))
    return replace(written, instance=instance)


def entry_label(source: dict[str, Any], answer: Any, frame: int, *, moving: bool) -> Label:
    """Return the label of a frame's entry for a classification.

    Where the entry repeats the answers entry, that one tells whether it was made by hand: the SDK's expansion turns
    `manualAnnotation: false` into true.
    """
    label = read_presence(source, frame, moving=moving)
    if not isinstance(answer, dict) or "createdAt" not in answer:
        return label
    told = read_presence(answer, frame, moving=moving)
    return told if same_metadata(label, told) else label


def made_by(instance: Instance, answer: dict[str, Any] | None, *, alone: bool) -> Instance:
    """Return a classification without labels with the maker and time that its answers entry tells."""
    if answer is None or not alone:
        return instance
    told = read_presence(answer, 0, moving=False)
    return replace(instance, created_by=str(told.author), created_ms=told.created_ms)


def runs(frames: list[int]) -> list[list[int]]:
    """Return ascending frames as inclusive [first, last] runs."""
    out: list[list[int]] = []
    for frame in frames:
        if out and frame == out[-1][1] + 1:
            out[-1][1] = frame
        else:
            out.append([frame, frame])
    return out


def frame_order(blob: dict[str, Any], note: dict[str, Any], rank: dict[str, int]) -> dict[str, list[str]]:
    """Return the order of a frame's lists where it is not by class and number."""
    found = {}
    for name, key in (("objects", "objectHash"), ("classifications", "classificationHash")):
        unread = note.get("unread", {}).get(name, [])
        hashes = [o[key] for o in blob.get(name) or [] if not any(o is u for u in unread)]
        if hashes != sorted(hashes, key=lambda h: rank.get(h, -1)):
            found[name] = hashes
    return found


def priority_of(value: object) -> float:
    """Return a row's priority, 0..1; 0.5 when it tells none."""
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
    return float(value) if usable else 0.5  # type: ignore[arg-type]  # checked by `usable`
