"""A demo task while it is being put together: things by name, with their labels and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from tui_editor.api.demo.ontology import answer, class_id
from tui_editor.api.demo.stable import instance_id, unit_id
from tui_editor.model.instances import DynamicAnswer, Instance
from tui_editor.model.shapes import Bitmask, Presence, RotatedBox, Shape, Skeleton, coordinates
from tui_editor.model.tracks import Label, LabelFlag, Origin, make_track

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from tui_editor.model.document import TrackKey
    from tui_editor.model.ids import AttributeId, InstanceId, UnitId
    from tui_editor.model.ontology import AnswerValue
    from tui_editor.model.tracks import Track

ANNOTATOR = "ada"
REVIEWER = "grace"
LABELLED_MS = 1_767_258_000_000
"""When the demo's labels were made: 1 January 2026, 09:00 UTC."""


class Thing(Struct):
    """One instance that is being put together."""

    owner: str
    """Name of its class."""
    number: int
    labels: dict[int, Label] = field(default_factory=dict)
    """By frame."""
    answers: dict[AttributeId, AnswerValue] = field(default_factory=dict)
    dynamic: list[DynamicAnswer] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return what people call it: `Car (0)`."""
        return f"{self.owner} ({self.number})"

    def say(self, attribute: str, value: str | float | tuple[str, ...]) -> None:
        """Answer a static attribute."""
        key, stored = answer(self.owner, attribute, value)
        self.answers[key] = stored


class Draft(Struct):
    """The labels of one task that is being put together."""

    task: str
    """The task's title."""
    things: dict[str, Thing] = field(default_factory=dict)
    """By name."""

    @property
    def unit(self) -> UnitId:
        """Return the id of the task's data unit."""
        return unit_id(self.task)

    def id_of(self, name: str) -> InstanceId:
        """Return the instance id of the thing of that name."""
        return instance_id(self.task, self.things[name].name)

    def add(self, owner: str, labels: Iterable[Label] = (), number: int | None = None) -> Thing:
        """Add a thing; without a number it gets the next one of its class."""
        if number is None:
            number = sum(t.owner == owner for t in self.things.values())
        thing = Thing(owner, number, {label.frame: label for label in labels})
        self.things[thing.name] = thing
        return thing

    def hold(self, thing: Thing, attribute: str, value: str | float | tuple[str, ...], frames: tuple[int, int]) -> None:
        """Answer a dynamic attribute on frames first..last."""
        key, stored = answer(thing.owner, attribute, value)
        made = DynamicAnswer(attribute=key, value=stored, unit=self.unit, first=frames[0], last=frames[1])
        thing.dynamic.append(made)

    def instances(self) -> list[Instance]:
        """Return the things as instances."""
        return [
            Instance(
                id=instance_id(self.task, thing.name),
                class_id=class_id(thing.owner),
                ordinal=thing.number,
                answers=dict(thing.answers),
                dynamic=tuple(sorted(thing.dynamic, key=lambda a: (a.attribute, a.first))),
                created_by=ANNOTATOR,
                created_ms=LABELLED_MS,
            )
            for thing in self.things.values()
        ]

    def tracks(self) -> dict[TrackKey, Track]:
        """Return the labels as tracks; things without a label have none."""
        found = {instance_id(self.task, t.name): list(t.labels.values()) for t in self.things.values()}
        return {(instance, self.unit): make_track(labels) for instance, labels in found.items() if labels}


def label(frame: int, shape: Shape, *, origin: Origin = Origin.MANUAL, confidence: float = 1.0) -> Label:
    """Return a key label by the demo's annotator."""
    return Label(
        frame=frame,
        shape=shape,
        origin=origin,
        confidence=confidence,
        author=ANNOTATOR,
        editor=ANNOTATOR,
        created_ms=LABELLED_MS,
        edited_ms=LABELLED_MS,
    )


def with_keys(labels: Iterable[Label]) -> list[Label]:
    """Return the labels with those as keys from which linear interpolation restores the others.

    The first and the last of each run of frames are keys, and those where an even change of all numbers breaks off or
    where what is not a number (visibility, flags) changes. The others become interpolated labels.
    """
    ordered = sorted(labels, key=lambda one: one.frame)
    numbers = [_numbers(one.shape) for one in ordered]
    kept = []
    for row, one in enumerate(ordered):
        even = 0 < row < len(ordered) - 1 and _is_even(ordered[row - 1 : row + 2], numbers[row - 1 : row + 2])
        kept.append(_as_interpolated(one) if even else one)
    return kept


def _as_interpolated(one: Label) -> Label:
    return replace(one, origin=Origin.INTERPOLATED, flags=one.flags & ~LabelFlag.KEY)


def _is_even(labels: list[Label], numbers: list[NDArray[np.float64]]) -> bool:
    before, here, after = labels
    if (before.frame + 1, after.frame - 1) != (here.frame, here.frame):
        return False
    if not before.flags == here.flags == after.flags or any(len(n) != len(numbers[0]) for n in numbers):
        return False
    seen = [one.shape.visibility.tobytes() for one in labels if isinstance(one.shape, Skeleton)]
    return len(set(seen)) <= 1 and bool(np.allclose(numbers[0] + numbers[2], 2 * numbers[1], atol=1e-6, rtol=0))


def _numbers(shape: Shape) -> NDArray[np.float64]:
    """Return what interpolation works on; a turned box by its own five numbers."""
    match shape:
        case RotatedBox(x, y, w, h, theta):
            return np.array([x, y, w, h, theta])
        case Presence() | Bitmask():
            return np.zeros(0)
        case _:
            return np.concatenate([a.ravel() for a in coordinates(shape)])
