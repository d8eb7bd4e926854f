"""What is told of an object besides its name: answers as people read them, with the frames on which they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui_editor.model.ids import InstanceId, UnitId
    from tui_editor.model.instances import DynamicAnswer, Instance
    from tui_editor.model.ontology import AnswerValue, Attribute, Ontology
    from tui_editor.state.store import TaskState

SHOWN_RANGES: Final = 3
"""Ranges of frames that a line names; of the others it tells how many they are."""
MORE_RANGES: Final = 9
"""Where a line is all about them."""


def answer_text(attribute: Attribute, value: AnswerValue | None) -> str:
    """Return an answer as people read it; a dash when there is none."""
    if value is None:
        return "—"
    if isinstance(value, tuple):
        found = (attribute.option(v) for v in value)
        return ", ".join(one_line(o.label) for o in found if o)
    return one_line(str(value))


def ranges_text(ranges: Sequence[tuple[int, int]], most: int = SHOWN_RANGES) -> str:
    """Return frame ranges as people write them: `0–9, 12`; further ones as a number."""
    shown = [f"{a}–{b}" if a != b else str(a) for a, b in ranges[:most]]
    more = len(ranges) - len(shown)
    return ", ".join(shown) + (f" +{more}" if more > 0 else "")


def range_at(value: Instance, attribute: Attribute, unit: UnitId, frame: int) -> tuple[int, int] | None:
    """Return the frames first..last on which the dynamic answer of a frame holds; None where none does."""
    for answer in value.dynamic:
        if answer.attribute == attribute.id and answer.unit == unit and answer.first <= frame <= answer.last:
            return answer.first, answer.last
    return None


def answers_told(ontology: Ontology, value: Instance, unit: UnitId) -> tuple[tuple[str, str], ...]:
    """Return the attributes that an instance has answers to, and the answers; dynamic ones with their frames."""
    told = []
    for key, answer in value.answers.items():
        attribute = ontology.attribute(key)
        if attribute is not None:
            told.append((attribute.name, answer_text(attribute, answer)))
    for key in dict.fromkeys(a.attribute for a in value.dynamic):
        attribute = ontology.attribute(key)
        if attribute is not None:
            here = [a for a in value.dynamic if a.attribute == key and a.unit == unit]
            told.append((attribute.name, _over_frames(attribute, here)))
    return tuple(told)


def _over_frames(attribute: Attribute, answers: Iterable[DynamicAnswer]) -> str:
    """Return values with the frames of each: `50 on 0–9, 20–29; 60 on 10–19`."""
    by_value: dict[AnswerValue, list[tuple[int, int]]] = {}
    for answer in answers:
        by_value.setdefault(answer.value, []).append((answer.first, answer.last))
    pieces = (f"{answer_text(attribute, value)} on {ranges_text(ranges)}" for value, ranges in by_value.items())
    return "; ".join(pieces) or "only in other data units"


def details(state: TaskState, instance: InstanceId) -> tuple[tuple[str, str], ...]:
    """Return the lines below an object: its frames and confidence, then each answer."""
    value = state.document.instances[instance]
    told = answers_told(state.project.ontology, value, state.view.unit)
    return (("frames", _frames_and_confidence(state, instance)), *told)


def _frames_and_confidence(state: TaskState, instance: InstanceId) -> str:
    track = state.document.track(instance, state.view.unit)
    if track is None:
        return "none in this data unit" if state.document.units_of.get(instance) else "the whole file"
    low, high = float(track.confidence.min()), float(track.confidence.max())
    sure = f"{low:.0%}" if low == high else f"{low:.0%}–{high:.0%}"
    author = one_line(state.document.instances[instance].created_by, 20)
    return f"{ranges_text(track.ranges(), MORE_RANGES)} · α {sure}" + (f" · by {author}" if author else "")
