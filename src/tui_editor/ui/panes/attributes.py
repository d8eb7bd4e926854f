"""The Attributes pane: the selected object's questions and answers; in Turbo mode the options of the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.state.details import answer_text, range_at, ranges_text
from tui_editor.state.tool import TurboTool
from tui_editor.text import one_line
from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, GOOD, PLAIN, WARN, Line, NoRows, RowSource, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tui_editor.model.ids import AttributeId
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import AnswerValue, Attribute, Option
    from tui_editor.state.store import TaskState

NUMBERED = 9
"""So many options have a digit."""


class AttributeRows:
    """The attributes that apply to an instance on a frame, with their answers.

    Args:
        state: Of the task.
        value: The instance.
        questions: Each with how deep it lies below options.
    """

    def __init__(self, state: TaskState, value: Instance, questions: Sequence[tuple[Attribute, int]]) -> None:
        self._answers = value.answers_at(state.view.unit, state.view.frame)
        self._spans = {a.id: range_at(value, a, state.view.unit, state.view.frame) for a, _ in questions if a.dynamic}
        self._preserved = state.answering.preserved.get(value.id, {})
        turbo = state.tool if isinstance(state.tool, TurboTool) else None
        self.asked_row: int | None = None
        """In Turbo mode: the row of the question that keys answer."""
        self._rows: list[tuple[Attribute, int, Option | None]] = []
        for number, (attribute, depth) in enumerate(questions):
            self._rows.append((attribute, depth, None))
            if turbo is not None and number == min(turbo.question, len(questions) - 1):
                self.asked_row = len(self._rows) - 1
                self._rows += [(attribute, depth, o) for o in attribute.options if not o.archived]

    def __len__(self) -> int:
        return len(self._rows)

    def key(self, index: int) -> Attribute:
        """Return the attribute."""
        return self._rows[index][0]

    def line(self, index: int) -> Line:
        """Return name and answer; or an option with its digit, in Turbo mode."""
        attribute, depth, option = self._rows[index]
        return self._question(attribute, depth, index) if option is None else self._option(attribute, option, index)

    def _question(self, attribute: Attribute, depth: int, index: int) -> Line:
        """Return a required one without an answer in red; a dynamic one with a wave, and the frames of its answer."""
        value = self._answers.get(attribute.id)
        missing = attribute.required and value in (None, (), "")
        wave = "⇥" if attribute.id in self._preserved else "~" if attribute.dynamic else " "
        star = "*" if attribute.required else ""
        span = self._spans.get(attribute.id)
        return (
            (wave, WARN if wave == "⇥" else DIM),
            ("  " * depth + ("└ " if depth else ""), DIM),
            text(f"{attribute.name}{star}: ", BOLD if index == self.asked_row else DIM, 40),
            ("required", BAD) if missing else text(answer_text(attribute, value), PLAIN if value is not None else DIM),
            *(((f"  on {ranges_text((span,))}", DIM),) if span is not None else ()),
        )

    def _option(self, attribute: Attribute, option: Option, index: int) -> Line:
        number = index - (self.asked_row or 0)
        value = self._answers.get(attribute.id)
        chosen = isinstance(value, tuple) and option.id in value
        digit = str(number) if number <= NUMBERED else " "
        return (
            ("    ", PLAIN),
            (f"{digit} ", WARN),
            ("● " if chosen else "○ ", GOOD if chosen else DIM),
            text(option.label, BOLD if chosen else PLAIN),
        )


def _asked(
    attributes: tuple[Attribute, ...], answers: Mapping[AttributeId, AnswerValue], depth: int = 0
) -> Iterator[tuple[Attribute, int]]:
    """Yield what is asked, with how deep it lies below options."""
    for attribute in attributes:
        yield attribute, depth
        answer = answers.get(attribute.id)
        for chosen in answer if isinstance(answer, tuple) else ():
            option = attribute.option(chosen)
            if option is not None:
                yield from _asked(option.attributes, answers, depth + 1)


def attribute_rows(state: TaskState) -> RowSource:
    """Return the rows of the selected instance."""
    value = state.document.instances.get(state.selected) if state.selected is not None else None
    entry = state.project.ontology.find(value.class_id) if value else None
    if value is None or entry is None:
        return NoRows("none selected: ‹object.next› selects")
    answers = value.answers_at(state.view.unit, state.view.frame)
    questions = [(a, depth) for a, depth in _asked(entry.attributes, answers) if not a.archived]
    if not questions:
        return NoRows(f"{one_line(entry.name, 40)} has no attributes")
    return AttributeRows(state, value, questions)


def answers_below(state: TaskState) -> str:
    """Return what stands below the pane: which frames answers are for, and that some are preserved."""
    frames = state.answering.frames_to(state.frame)
    marked = f"answers for {ranges_text((frames,))}" if frames is not None else ""
    kept = "⇥ preserved" if state.selected in state.answering.preserved else ""
    return " · ".join(filter(None, (marked, kept)))


class AttributesPane(VirtualList):
    """Lists attributes; choosing one asks for its answer."""

    BORDER_TITLE = "Attributes"
