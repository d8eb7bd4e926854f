"""The Labels pane: instances on this frame, or all of them, in groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from tui_editor.model.issues import DecisionState
from tui_editor.state import selectors
from tui_editor.state.details import answer_text, details, range_at, ranges_text
from tui_editor.state.label_list import Detail, Heading, label_list
from tui_editor.state.searching import name_test
from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, GOOD, PLAIN, WARN, Line, NoRows, RowSource, dot, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events

    from tui_editor.model.ids import InstanceId
    from tui_editor.state.label_list import LabelList, RowKey
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
NUMBERED = 9
"""So many objects have a digit that labels them on this frame."""
RIGHT_BUTTON = 3
_SHOWN_OF = ("document", "display", "project", "listing")
"""Of a state, what its lines show besides frame and selection."""
_SELECTED_MARK = ("▌", WARN)


class LabelRows:
    """The listed instances of a state; lines are made when they are seen.

    Args:
        state: Of the task.
        before: What was listed before; its lines are taken over where nothing changed.
    """

    def __init__(self, state: TaskState, before: LabelRows | None = None) -> None:
        self._state = state
        self.listed: LabelList = label_list(state)
        self._lines: dict[RowKey, Line] = before.still_true(state) if before is not None else {}
        search = state.listing.search
        self._fits = name_test(search, state.project.ontology, self.listed.ranking) if search else None

    def still_true(self, state: TaskState) -> dict[RowKey, Line]:
        """Return the lines that another state has too."""
        old = self._state
        if old.frame != state.frame or not all(getattr(old, name) is getattr(state, name) for name in _SHOWN_OF):
            return {}
        if old.selection is state.selection:
            return self._lines
        before, now = selectors.selected_set(old.selection), frozenset(state.selection)
        return {k: line for k, line in self._lines.items() if not isinstance(k, int) or (k in before) == (k in now)}

    def __len__(self) -> int:
        return len(self.listed)

    def key(self, index: int) -> RowKey:
        """Return the instance, the heading or the detail."""
        return self.listed.key(index)

    def index_of(self, instance: InstanceId | None) -> int | None:
        """Return the row of an instance, None when it is not listed."""
        place = self.listed.place(instance)
        return None if place is None else self.listed.row(place)

    def line(self, index: int) -> Line:
        """Return decision, colour, name, confidence, frames and issues; a heading; or a line of details."""
        key = self.listed.key(index)
        if key not in self._lines:
            self._lines[key] = self._line(key)
        return self._lines[key]

    def _line(self, key: RowKey) -> Line:
        if isinstance(key, Heading):
            mark = (dot(key.color),) if key.color else ()
            return (*mark, text(key.title, BOLD), (f" {key.count:,}", DIM))
        if isinstance(key, Detail):
            name, told = details(self._state, key.instance)[key.number]
            return (("     ", PLAIN), text(f"{name}: ", DIM, 40), text(told, PLAIN))
        return self._of_instance(key)

    def _of_instance(self, instance: InstanceId) -> Line:
        row = selectors.label_row(self._state, instance)
        base = PLAIN if row.on_frame else DIM
        first = _SELECTED_MARK if row.selected else (" ", PLAIN)
        pieces = [first, *self._number(instance), MARKS[row.decision], dot(row.color)]
        pieces.append(text(row.name, self._name_style(instance, BOLD if row.selected else base)))
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
        if self._state.listing.details:
            pieces.append(text(self._answers(instance), DIM))
        return tuple(pieces)

    def _number(self, instance: InstanceId) -> Line:
        """Return the digit that labels the object on this frame, where all objects are listed."""
        if self._state.listing.frame_only:
            return ()
        place = self.listed.place(instance)
        return ((f"{place + 1} " if place is not None and place < NUMBERED else "  ", DIM),)

    def _name_style(self, instance: InstanceId, style: Style) -> Style:
        if self._fits is None:
            return style
        return style + FOUND if self._fits(self.listed.ranking.rank(instance)) else style

    def _answers(self, instance: InstanceId) -> str:
        """Return the answers that hold on this frame, with the names of their attributes and the frames."""
        state, value = self._state, self._state.document.instances[instance]
        unit, frame = state.view.unit, state.view.frame
        told = ""
        for key, answer in value.answers_at(unit, frame).items():
            known = state.project.ontology.attribute(key)
            if known is not None:
                span = range_at(value, known, unit, frame)
                where = f" ({ranges_text((span,))})" if span is not None else ""
                told += f" · {known.name}: {answer_text(known, answer)}{where}"
        return told


FOUND = WARN
"""The name of an object that the search finds."""


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
    if state.listing.frames is not None:
        return NoRows("none on these frames: ‹labels.scope› leaves them")
    return NoRows("none here: ‹object.next› goes to one") if state.listing.frame_only else NoRows("no labels")


class LabelsPane(VirtualList):
    """Lists instances; moving the cursor selects one, and passes over headings and details."""

    BORDER_TITLE = "Labels"

    @dataclass
    class Clicked(Message):
        """An object was clicked."""

        instance: InstanceId
        shift: bool
        more: bool
        """Ctrl was held."""
        right: bool

    def move(self, by: int) -> None:
        """Move the cursor by objects, and tell."""
        rows = self.rows
        if not isinstance(rows, LabelRows) or not rows.listed.count:
            return
        key = rows.key(self.cursor) if self.cursor is not None and self.cursor < len(rows) else None
        at = rows.listed.place(key) if isinstance(key, int) else None
        wanted = (0 if by > 0 else rows.listed.count - 1) if at is None else at + by
        self.move_to(rows.listed.row(min(max(wanted, 0), rows.listed.count - 1)))

    def move_to(self, row: int) -> None:
        """Move the cursor to the object at a row, or to the next one behind it, and tell."""
        if isinstance(self.rows, LabelRows) and len(self.rows):
            listed = self.rows.listed
            found = listed.nearest(row, 1) or listed.nearest(row, -1)
            super().move_to(row if found is None else found)

    def on_click(self, event: events.Click) -> None:
        """Tell which object was clicked, and how."""
        event.prevent_default()  # the list's own handler would run as well
        row = self.scroll_offset.y + event.y - self.gutter.top
        if not isinstance(self.rows, LabelRows) or not 0 <= row < len(self.rows):
            return
        event.stop()
        key = self.rows.key(row)
        instance = key.instance if isinstance(key, Detail) else key
        if isinstance(instance, int):
            right = event.button == RIGHT_BUTTON
            self.post_message(self.Clicked(instance, shift=event.shift, more=event.ctrl, right=right))
