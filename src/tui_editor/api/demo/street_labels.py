"""The street's labels, made from its truth: tracks, answers over time, and the things that an annotator adds."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.api.demo.actors import CARS, FRAME_COUNT
from tui_editor.api.demo.draft import Draft, Thing, label, with_keys
from tui_editor.api.demo.street import Fact, Truth, ground_truth
from tui_editor.model.shapes import Presence
from tui_editor.model.tracks import Label, LabelFlag, Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.api.demo.actors import Car

STREET = "Street, summer morning"

OCCLUDED_FROM = 0.15
"""Share of a thing behind others from which on its label is flagged as occluded."""

_TRACKED = ("Ball", "Pedestrian (2)")
"""What a tracker followed, instead of a person who set keys."""
_EQUIPMENT = {"taxi": ("Roof sign",), "truck": ("Loading box",), "hatchback": ("Rear side window",)}


def street_draft() -> Draft:
    """Return the street's labels without a fault."""
    draft = Draft(STREET)
    seen: dict[tuple[str, int], list[tuple[int, Truth]]] = {}
    for frame in range(FRAME_COUNT):
        for truth in ground_truth(frame):
            seen.setdefault((truth.name, truth.number), []).append((frame, truth))
    for (owner, number), rows in seen.items():
        thing = draft.add(owner, _labels(f"{owner} ({number})", rows), number)
        _answer_over_time(draft, thing, rows)
    for car in CARS:
        _describe(draft.things[f"Car ({car.number})"], car)
    draft.hold(draft.things["Car (2)"], "Remark", "Waits at the light", (130, 222))
    _classify(draft)
    return draft


def _labels(name: str, rows: list[tuple[int, Truth]]) -> list[Label]:
    made = [_flagged(label(frame, truth.shape), truth) for frame, truth in rows]
    if name.startswith(_TRACKED):
        return [_by_machine(one, truth, Origin.TRACKED) for one, (_, truth) in zip(made, rows, strict=True)]
    if name.startswith("Cloud"):
        return [_by_machine(one, truth, Origin.SEGMENTED) for one, (_, truth) in zip(made, rows, strict=True)]
    return with_keys(made)


def _flagged(one: Label, truth: Truth) -> Label:
    hidden = LabelFlag.OCCLUDED if truth.hidden >= OCCLUDED_FROM else LabelFlag.NONE
    return replace(one, flags=one.flags | hidden)


def _by_machine(one: Label, truth: Truth, origin: Origin) -> Label:
    """Return the label as a model gives it: every 30th frame confirmed by a person, surer where more is seen."""
    if one.frame % 30 == 0:
        return one
    sure = 0.96 - 0.002 * (one.frame % 30) - 0.5 * truth.hidden
    return replace(one, origin=origin, flags=one.flags & ~LabelFlag.KEY, confidence=round(sure, 3))


def _answer_over_time(draft: Draft, thing: Thing, rows: list[tuple[int, Truth]]) -> None:
    for attribute in dict.fromkeys(name for _, truth in rows for name in truth.facts):
        for value, first, last in _runs([(frame, truth.facts[attribute]) for frame, truth in rows]):
            if value != ():
                draft.hold(thing, attribute, value, (first, last))


def _runs(values: list[tuple[int, Fact]]) -> Iterator[tuple[Fact, int, int]]:
    """Yield each value with the first and last frame of a row of frames where it holds."""
    for (value, _), group in groupby(enumerate(values), key=lambda row: (row[1][1], row[1][0] - row[0])):
        frames = [frame for _, (frame, _) in group]
        yield value, frames[0], frames[-1]


def _describe(thing: Thing, car: Car) -> None:
    thing.say("Type", "SUV" if car.style == "suv" else car.style.capitalize())
    thing.say("Plate", car.plate)
    thing.say("Doors", car.doors)
    if car.style in _EQUIPMENT:
        thing.say("Equipment", _EQUIPMENT[car.style])
    if car.style == "taxi":
        thing.say("Licence number", car.plate)
    if car.style == "truck":
        thing.say("Axles", 3)


def _classify(draft: Draft) -> None:
    scene = draft.add("Scene")
    scene.say("Place", "Outdoors")
    scene.say("Weather", "Sunny")
    for flow, first, last in (("Free", 0, 114), ("Waiting", 130, 222), ("Free", 223, FRAME_COUNT - 1)):
        thing = draft.add("Traffic", (label(f, Presence()) for f in range(first, last + 1)))
        thing.say("Flow", flow)
