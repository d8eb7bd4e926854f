"""A picker: found by typing, or by a digit while nothing is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import on
from textual.fuzzy import Matcher
from textual.message import Message
from textual.widgets import Input

from tui_editor.text import one_line
from tui_editor.ui.dialogs.base import Dialog
from tui_editor.ui.widgets.rows import DIM, GOOD, PLAIN, Line, NoRows, dot, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import ComposeResult

    from tui_editor.commands.context import Choice

MOST_ROWS = 14
WIDE_CELLS = 100
"""Of a list whose lines would not fit otherwise."""
AROUND_CELLS = 12
"""Of a line besides label and hint: frame, key, tick, colour, blanks, the bar at the side."""
MOST_LABEL_CELLS = 40
"""The hints stand in a column behind labels of up to this width."""
MOVES = {"down": 1, "up": -1, "ctrl+n": 1, "ctrl+p": -1, "pagedown": MOST_ROWS, "pageup": -MOST_ROWS}


class PickField(Input):
    """The field above the choices; where several can be picked, Space ticks instead of being typed."""

    class Tick(Message):
        """The row under the cursor is to be ticked, or not any more."""

    def __init__(self, *, many: bool, keys: bool) -> None:
        ticks = "Space or its key ticks" if keys else "Space ticks"
        super().__init__(placeholder=f"type to find; {ticks}, Enter takes them" if many else "type to find")
        self._many = many

    def on_key(self, event: events.Key) -> None:
        """Turn Space into a tick."""
        if self._many and event.key == "space":
            event.stop()
            event.prevent_default()
            self.post_message(self.Tick())


class ChoiceRows:
    """The choices that fit what was typed."""

    def __init__(self, choices: Sequence[Choice], picked: set[str] | None) -> None:
        self._choices = choices
        self._picked = picked
        self._label_cells = min(max((cell_len(one_line(c.label)) for c in choices), default=0), MOST_LABEL_CELLS)

    def __len__(self) -> int:
        return len(self._choices)

    def key(self, index: int) -> Choice:
        """Return the choice."""
        return self._choices[index]

    def line(self, index: int) -> Line:
        """Return key, colour, label and hint; a tick when several can be picked."""
        choice = self._choices[index]
        pieces = [(f"{choice.key or ' '} ", DIM)]
        if self._picked is not None:
            pieces.append(("☑ ", GOOD) if choice.value in self._picked else ("☐ ", DIM))
        if choice.color:
            pieces.append(dot(choice.color))
        label, style = text(choice.label, DIM if choice.disabled else PLAIN)
        pieces.append((label + " " * (self._label_cells - cell_len(label)), style))
        hint = choice.disabled or choice.hint
        if hint:
            pieces.append(text(f"  {hint}", DIM))
        return tuple(pieces)


def matching(choices: Sequence[Choice], query: str) -> list[Choice]:
    """Return the choices that fit a query, the best first; all of them in order for an empty one."""
    if not query.strip():
        return list(choices)
    matcher = Matcher(query.strip())
    scored = [(matcher.match(c.label), n, c) for n, c in enumerate(choices)]
    return [c for score, n, c in sorted(scored, key=lambda s: (-s[0], s[1])) if score > 0]


class Picker(Dialog):
    """Lists choices; typing filters, arrows move, Enter picks (Space and digits tick where several can be picked)."""

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        done: Callable[[tuple[str, ...]], None],
        *,
        many: bool = False,
    ) -> None:
        super().__init__(title)
        self._choices, self._done = tuple(choices), done
        self._wide = any(len(c.label) + len(c.hint) > self.WIDTH - AROUND_CELLS for c in choices)
        self._at_first = {choice.value for choice in choices if choice.picked}
        self._picked: set[str] | None = set(self._at_first) if many else None

    @property
    def wanted_cells(self) -> int:
        """Return how wide the list is: wider where its lines need it."""
        return WIDE_CELLS if self._wide else self.WIDTH

    def compose(self) -> ComposeResult:
        """Show the field and the list."""
        yield PickField(many=self._picked is not None, keys=any(c.key for c in self._choices))
        listed = VirtualList()
        listed.can_focus = False
        yield listed

    def on_mount(self) -> None:
        """Show all choices, the first one under the cursor."""
        super().on_mount()
        self.query_one(VirtualList).styles.height = min(max(len(self._choices), 1), MOST_ROWS)
        self._show("")

    def _show(self, query: str) -> None:
        listed = self.query_one(VirtualList)
        found = matching(self._choices, query)
        listed.rows = ChoiceRows(found, self._picked) if found else NoRows("nothing fits what is typed")
        listed.cursor = 0 if len(listed.rows) else None

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        by_key = next((c for c in self._choices if c.key and c.key == event.value), None)
        if by_key is not None and self._picked is None:
            self._take(by_key)
        elif by_key is not None:
            self._tick(by_key)
            event.input.clear()
        else:
            self._show(event.value)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if self._picked is not None:
            listed = self.query_one(VirtualList)
            if self._picked == self._at_first and event.value.strip() and listed.cursor is not None:
                choice: Choice = listed.rows.key(listed.cursor)  # type: ignore[assignment]  # the rows' keys are choices
                self._picked |= {choice.value}  # what was typed and not ticked is meant
            picked = tuple(c.value for c in self._choices if c.value in self._picked)
            self.answer(lambda: self._done(picked))
        else:
            self.query_one(VirtualList).choose()

    @on(VirtualList.Chosen)
    def _chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        choice: Choice = event.key  # type: ignore[assignment]  # the rows' keys are choices
        if self._picked is None:
            self._take(choice)
        else:
            self._tick(choice)

    @on(VirtualList.Moved)
    def _moved(self, event: VirtualList.Moved) -> None:
        event.stop()

    def _take(self, choice: Choice) -> None:
        if not choice.disabled:
            self.answer(lambda: self._done((choice.value,)))

    def _tick(self, choice: Choice) -> None:
        if self._picked is not None:
            self._picked ^= {choice.value}
            self.query_one(VirtualList).refresh()

    def handle(self, event: events.Key) -> bool:
        """Move in the list while the field keeps the letters."""
        by = MOVES.get(event.key)
        if by is not None:
            self.query_one(VirtualList).move(by)
        return by is not None

    @on(PickField.Tick)
    def _tick_cursor(self, event: PickField.Tick) -> None:
        event.stop()
        self.query_one(VirtualList).choose()
