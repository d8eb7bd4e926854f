"""The Labels pane: instances on this frame, or all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.commands.objects import answer_text
from tui_editor.model.issues import DecisionState
from tui_editor.state import selectors
from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, GOOD, PLAIN, WARN, Line, NoRows, RowSource, dot, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from rich.style import Style

    from tui_editor.model.ids import InstanceId
    from tui_editor.state.store import TaskState

MARKS: dict[DecisionState, tuple[str, Style]] = {
    DecisionState.PENDING: ("· ", DIM),
    DecisionState.APPROVED: ("✓ ", GOOD),
    DecisionState.REJECTED: ("✗ ", BAD),
    DecisionState.RESOLVED: ("◐ ", WARN),
    DecisionState.REOPENED: ("↻ ", WARN),
}
SURE = 0.995
"""From this confidence on the score is not worth a reader's time."""
SHOWN_RANGES = 3
_SHOWN_OF = ("document", "display", "project")
"""Of a state, what its lines show besides frame and selection."""


class LabelRows:
    """The listed instances of a state; lines are made when they are seen.

    Args:
        state: Of the task.
        before: What was listed before; its lines are taken over where nothing changed.
    """

    def __init__(self, state: TaskState, before: LabelRows | None = None) -> None:
        self._state = state
        self._instances = selectors.label_instances(state)
        self._lines: dict[InstanceId, Line] = before.still_true(state) if before is not None else {}

    def still_true(self, state: TaskState) -> dict[InstanceId, Line]:
        """Return the lines that another state has too."""
        old = self._state
        if old.frame != state.frame or not all(getattr(old, name) is getattr(state, name) for name in _SHOWN_OF):
            return {}
        changed = set(old.selection) ^ set(state.selection)
        return {instance: line for instance, line in self._lines.items() if instance not in changed}

    def __len__(self) -> int:
        return len(self._instances)

    def key(self, index: int) -> InstanceId:
        """Return the instance."""
        return self._instances[index]

    def index_of(self, instance: InstanceId | None) -> int | None:
        """Return the row of an instance, None when it is not listed."""
        try:
            return self._instances.index(instance)
        except ValueError:
            return None

    def line(self, index: int) -> Line:
        """Return decision, colour, name, confidence, frames and issues."""
        instance = self._instances[index]
        if instance not in self._lines:
            self._lines[instance] = self._line(instance)
        return self._lines[instance]

    def _line(self, instance: InstanceId) -> Line:
        row = selectors.label_row(self._state, instance)
        base = PLAIN if row.on_frame else DIM
        pieces = [MARKS[row.decision], dot(row.color), text(row.name, BOLD if row.selected else base)]
        if row.hidden:
            pieces.append((" hidden", DIM))
        if row.confidence is not None and row.confidence < SURE:
            pieces.append((f" α{row.confidence:.0%}", WARN if row.confidence < 0.5 else DIM))
        if row.issues_open:
            pieces.append((f" ⚑{row.issues_open}", BAD))
        elif row.issues_resolved:
            pieces.append((" ⚑", GOOD))
        if self._state.unit.frame_count > 1:
            pieces.append((f" {ranges_text(row.ranges)}", DIM))
        if self._state.display.details:
            pieces.append(text(self._answers(instance), DIM))
        return tuple(pieces)

    def _answers(self, instance: InstanceId) -> str:
        """Return the answers that hold on this frame, with the names of their attributes."""
        state, value = self._state, self._state.document.instances[instance]
        here = value.answers_at(state.view.unit, state.view.frame)
        found = ((state.project.ontology.attribute(key), answer) for key, answer in here.items())
        return "".join(f" · {known.name}: {answer_text(known, answer)}" for known, answer in found if known)


def ranges_text(ranges: tuple[tuple[int, int], ...]) -> str:
    """Return frame ranges as people write them: `0–9, 12`; further ones as a number."""
    shown = [f"{a}–{b}" if a != b else str(a) for a, b in ranges[:SHOWN_RANGES]]
    more = len(ranges) - len(shown)
    return ", ".join(shown) + (f" +{more}" if more > 0 else "")


def label_rows(state: TaskState, before: RowSource | None = None) -> LabelRows | NoRows:
    """Return the instances of this frame, or all; where there are none, what could be done.

    Args:
        state: Of the task.
        before: What was listed before.
    """
    rows = LabelRows(state, before if isinstance(before, LabelRows) else None)
    if len(rows):
        return rows
    if state.filters.text:
        return NoRows("nothing fits: ‹view.clear_filter› clears it")
    if not len(state.document.instances):
        return NoRows("no labels yet: ‹draw.box› draws a box")
    return NoRows("none here: ‹object.next› goes to one") if state.display.frame_only else NoRows("no labels")


class LabelsPane(VirtualList):
    """Lists instances; moving the cursor selects one."""

    BORDER_TITLE = "Labels"
