"""The Attributes pane: the selected object's questions and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.objects import answer_text
from tui_editor.model.ontology import Attribute, asked
from tui_editor.text import one_line
from tui_editor.ui.widgets.rows import BAD, DIM, PLAIN, Line, NoRows, RowSource, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui_editor.model.ids import AttributeId
    from tui_editor.model.ontology import AnswerValue
    from tui_editor.state.store import TaskState


class AttributeRows:
    """The attributes that apply to an instance on a frame, with their answers."""

    def __init__(self, questions: tuple[Attribute, ...], answers: Mapping[AttributeId, AnswerValue]) -> None:
        self._questions = questions
        self._answers = answers

    def __len__(self) -> int:
        return len(self._questions)

    def key(self, index: int) -> Attribute:
        """Return the attribute."""
        return self._questions[index]

    def line(self, index: int) -> Line:
        """Return name and answer; a required one without an answer in red, a dynamic one with a wave."""
        attribute = self._questions[index]
        value = self._answers.get(attribute.id)
        missing = attribute.required and value in (None, (), "")
        wave = "~" if attribute.dynamic else " "
        star = "*" if attribute.required else ""
        return (
            (wave, DIM),
            text(f"{attribute.name}{star}: ", DIM, 40),
            ("required", BAD) if missing else text(answer_text(attribute, value), PLAIN if value is not None else DIM),
        )


def attribute_rows(state: TaskState) -> RowSource:
    """Return the rows of the selected instance."""
    value = state.document.instances.get(state.selected) if state.selected is not None else None
    entry = state.project.ontology.find(value.class_id) if value else None
    if value is None or entry is None:
        return NoRows("none selected: ‹object.next› selects")
    answers = value.answers_at(state.view.unit, state.view.frame)
    questions = tuple(a for a in asked(entry.attributes, answers) if not a.archived)
    return AttributeRows(questions, answers) if questions else NoRows(f"{one_line(entry.name, 40)} has no attributes")


class AttributesPane(VirtualList):
    """Lists attributes; choosing one asks for its answer."""

    BORDER_TITLE = "Attributes"
