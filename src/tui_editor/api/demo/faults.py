"""Wrong labels that the demo plants, each with a sentence that says what is wrong."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.api.demo.draft import Draft, label, with_keys
from tui_editor.api.demo.ontology import attribute_id
from tui_editor.api.demo.stable import instance_id, task_id, unit_id
from tui_editor.model.shapes import Box, translated
from tui_editor.model.tracks import Label, LabelFlag, Origin

if TYPE_CHECKING:
    from tui_editor.model.ids import InstanceId, TaskId, UnitId


class FaultKind(StrEnum):
    """What is wrong with a label."""

    SHIFTED = "shifted"
    GAP = "gap"
    ID_SWITCH = "id switch"
    DUPLICATE = "duplicate"
    OUTSIDE = "outside the frame"
    MISSING_ANSWER = "missing answer"
    WRONG_ANSWER = "wrong answer"
    WRONG_CLASS = "wrong class"
    MISSING_OBJECT = "missing object"
    SELF_INTERSECTION = "self-intersection"


class PlantedFault(Struct, frozen=True, kw_only=True):
    """One thing that is wrong in the demo, and where."""

    kind: FaultKind
    task_title: str
    sentence: str
    frames: tuple[int, int] = (0, 0)
    """First and last frame, both included."""
    instances: tuple[str, ...] = ()
    """Names such as `Car (0)` of the instances concerned; none for a missing object."""
    region_px: tuple[float, float, float, float] | None = None
    """x, y, width, height of what nobody labelled."""

    @property
    def task(self) -> TaskId:
        """Return the id of its task."""
        return task_id(self.task_title)

    @property
    def unit(self) -> UnitId:
        """Return the id of its data unit."""
        return unit_id(self.task_title)

    @property
    def instance_ids(self) -> tuple[InstanceId, ...]:
        """Return the ids of the instances concerned."""
        return tuple(instance_id(self.task_title, name) for name in self.instances)


SHIFT_PX = (27.0, -12.0)
SHIFTED_FRAMES = (150, 179)
GAP_FRAMES = (190, 201)
SWITCH_FRAME = 60
DUPLICATE_FRAMES = (165, 204)
OUTSIDE_FRAMES = (199, 204)


def plant_in_street(draft: Draft) -> tuple[PlantedFault, ...]:
    """Change the street's labels for the worse and return what is wrong with them."""
    faults = (
        _shift(draft),
        _gap(draft),
        _duplicate(draft),
        _outside(draft),
        _missing_answer(draft),
        _switch(draft),
    )
    for number in range(5):
        labels = draft.things[f"Car ({number})"].labels
        draft.things[f"Car ({number})"].labels = {one.frame: one for one in with_keys(map(_by_hand, labels.values()))}
    return faults


def _by_hand(one: Label) -> Label:
    """Return a label as a key of its own: which ones stay keys is found again after a change."""
    plain = label(one.frame, one.shape)
    return replace(plain, flags=one.flags | plain.flags)


def _shift(draft: Draft) -> PlantedFault:
    labels = draft.things["Car (2)"].labels
    for frame in range(SHIFTED_FRAMES[0], SHIFTED_FRAMES[1] + 1):
        box = labels[frame].shape
        moved = translated(box, -SHIFT_PX[0], SHIFT_PX[1])
        labels[frame] = replace(labels[frame], shape=moved)
    return PlantedFault(
        kind=FaultKind.SHIFTED,
        task_title=draft.task,
        frames=SHIFTED_FRAMES,
        instances=("Car (2)",),
        sentence="The waiting taxi's box slides 27 pixels to the left and 12 up, off the taxi.",
    )


def _gap(draft: Draft) -> PlantedFault:
    labels = draft.things["Boat (0)"].labels
    for frame in range(GAP_FRAMES[0], GAP_FRAMES[1] + 1):
        del labels[frame]
    draft.things["Boat (0)"].labels = {one.frame: one for one in with_keys(map(_by_hand, labels.values()))}
    return PlantedFault(
        kind=FaultKind.GAP,
        task_title=draft.task,
        frames=GAP_FRAMES,
        instances=("Boat (0)",),
        sentence="The boat has no label for twelve frames although it is in plain sight.",
    )


def _duplicate(draft: Draft) -> PlantedFault:
    source = draft.things["Car (3)"]
    copy = draft.add("Car", number=len([t for t in draft.things.values() if t.owner == "Car"]))
    for frame in range(DUPLICATE_FRAMES[0], DUPLICATE_FRAMES[1] + 1):
        shape = translated(source.labels[frame].shape, 2.0, 1.0)
        one = label(frame, shape, origin=Origin.TRACKED, confidence=0.71)
        copy.labels[frame] = one if frame == DUPLICATE_FRAMES[0] else replace(one, flags=LabelFlag.NONE)
    copy.say("Type", "Truck")
    return PlantedFault(
        kind=FaultKind.DUPLICATE,
        task_title=draft.task,
        frames=DUPLICATE_FRAMES,
        instances=("Car (3)", copy.name),
        sentence="The truck is labelled twice: a tracker's box lies on the one made by hand.",
    )


def _outside(draft: Draft) -> PlantedFault:
    labels = draft.things["Car (4)"].labels
    for frame in range(OUTSIDE_FRAMES[0], OUTSIDE_FRAMES[1] + 1):
        labels[frame] = label(frame, Box(-124.0 - 5 * (OUTSIDE_FRAMES[1] - frame), 264.0, 122.0, 60.0))
    return PlantedFault(
        kind=FaultKind.OUTSIDE,
        task_title=draft.task,
        frames=OUTSIDE_FRAMES,
        instances=("Car (4)",),
        sentence="The van is labelled left of the picture, before it drives in.",
    )


def _missing_answer(draft: Draft) -> PlantedFault:
    thing = draft.things["Car (4)"]
    del thing.answers[attribute_id("Car", "Type")]
    return PlantedFault(
        kind=FaultKind.MISSING_ANSWER,
        task_title=draft.task,
        frames=(min(thing.labels), max(thing.labels)),
        instances=("Car (4)",),
        sentence="Nobody said of what type the van is, although the ontology asks for it.",
    )


def _switch(draft: Draft) -> PlantedFault:
    first, second = (draft.things[f"Car ({n})"].labels for n in (0, 1))
    for frame in sorted(set(first) | set(second)):
        if frame >= SWITCH_FRAME:
            a, b = first.pop(frame, None), second.pop(frame, None)
            if b is not None:
                first[frame] = b
            if a is not None:
                second[frame] = a
    return PlantedFault(
        kind=FaultKind.ID_SWITCH,
        task_title=draft.task,
        frames=(SWITCH_FRAME, max((*first, *second))),
        instances=("Car (0)", "Car (1)"),
        sentence="Where the red and the blue car pass each other they swap their identities.",
    )
