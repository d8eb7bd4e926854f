"""One thing that was labelled, apart from where it is on each frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from tui_editor.model.empty import EMPTY
from tui_editor.model.frames import NO_EXTRA
from tui_editor.model.ids import AttributeId, ClassId, InstanceId, UnitId
from tui_editor.model.ontology import AnswerValue

NO_ANSWERS: Mapping[AttributeId, AnswerValue] = EMPTY


class DynamicAnswer(Struct, frozen=True, kw_only=True):
    """An attribute's value on frames first..last (both included) of a data unit."""

    attribute: AttributeId
    value: AnswerValue
    unit: UnitId
    first: int
    last: int
    extra: Mapping[str, Any] = NO_EXTRA


class Instance(Struct, frozen=True, kw_only=True):
    """An object or a classification: "Car (0)", its static answers and its dynamic ones."""

    id: InstanceId
    class_id: ClassId
    ordinal: int
    """Number within its class in the task, from 0: what people call it by."""
    answers: Mapping[AttributeId, AnswerValue] = NO_ANSWERS
    dynamic: tuple[DynamicAnswer, ...] = ()
    created_by: str = ""
    created_ms: int = 0
    source_id: str = ""
    """The identifier that the source file gave (object hash, annotation id), written back at export."""
    extra: Mapping[str, Any] = NO_EXTRA

    def answer_at(self, attribute: AttributeId, unit: UnitId, frame: int) -> AnswerValue | None:
        """Return the dynamic answer that holds on a frame."""
        for answer in self.dynamic:
            if answer.attribute == attribute and answer.unit == unit and answer.first <= frame <= answer.last:
                return answer.value
        return None

    def answers_at(self, unit: UnitId, frame: int) -> dict[AttributeId, AnswerValue]:
        """Return static answers together with the dynamic ones that hold on a frame."""
        here = {a.attribute: a.value for a in self.dynamic if a.unit == unit and a.first <= frame <= a.last}
        return {**self.answers, **here}
