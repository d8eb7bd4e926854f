"""Colours of labels: by class, instance, review state, confidence or author."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from tui_editor.model.issues import DecisionState
from tui_editor.model.ontology import PALETTE
from tui_editor.state.view import ColourBy

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import ClassId, InstanceId
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.tracks import Track
    from tui_editor.render.palette import RGB

_HEX_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")
STATES: dict[DecisionState, RGB] = {
    DecisionState.PENDING: (150, 160, 175),
    DecisionState.APPROVED: (70, 200, 90),
    DecisionState.REJECTED: (235, 70, 60),
    DecisionState.RESOLVED: (255, 170, 0),
    DecisionState.REOPENED: (200, 110, 255),
}
STEPS = 10
"""Confidences are told apart by so many colours, from red over yellow to green."""
_LOW, _MIDDLE, _HIGH = (235, 70, 60), (255, 221, 0), (70, 200, 90)


def class_colour(ontology: Ontology, class_id: ClassId) -> RGB:
    """Return a class's colour; one derived from the class's id where the ontology gives none that can be read."""
    found = ontology.find(class_id)
    match = _HEX_COLOUR.fullmatch(found.color.strip()) if found else None
    if match:
        return _rgb(match[1])
    seed = zlib.crc32(class_id.encode())
    return 64 + (seed & 127), 64 + (seed >> 8 & 127), 64 + (seed >> 16 & 127)


def _rgb(text: str) -> RGB:
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


_PALETTE = tuple(_rgb(colour) for colour in PALETTE)


def confidence_colour(confidence: float) -> RGB:
    """Return the colour of a confidence 0..1, in steps."""
    step = min(max(round(confidence * STEPS), 0), STEPS)
    low, high, share = (_LOW, _MIDDLE, step / 5) if step <= 5 else (_MIDDLE, _HIGH, (step - 5) / 5)
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(low, high, strict=True))
    return red, green, blue


def tint(by: ColourBy, document: LabelDocument, key: InstanceId, instance: Instance, track: Track, row: int) -> RGB:
    """Return the colour of a label by anything but its class."""
    match by:
        case ColourBy.STATE:
            decision = document.decisions.get(key)
            return STATES[decision.state if decision else DecisionState.PENDING]
        case ColourBy.CONFIDENCE:
            return confidence_colour(float(track.confidence[row]))
        case ColourBy.AUTHOR:
            person = int(track.author[row])
            name = track.people[person] if person >= 0 else ""
            return _PALETTE[zlib.crc32(name.encode()) % len(_PALETTE)]
        case _:
            return _PALETTE[(zlib.crc32(instance.class_id.encode()) + instance.ordinal) % len(_PALETTE)]


def label_colours(ontology: Ontology, by: ColourBy) -> tuple[RGB, ...]:
    """Return the colours that labels may have, to reserve in a palette."""
    match by:
        case ColourBy.CLASS:
            return tuple(class_colour(ontology, found.id) for found in ontology.all())
        case ColourBy.STATE:
            return tuple(STATES.values())
        case ColourBy.CONFIDENCE:
            return tuple(confidence_colour(step / STEPS) for step in range(STEPS + 1))
        case _:
            return _PALETTE
