"""The task queue: what waits, by priority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from rich.cells import set_cell_size
from textual import on

from tui_editor.model.project import TaskQuery
from tui_editor.ui.screens.front import FrontScreen
from tui_editor.ui.widgets.bars import Bar, KeysBar
from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, GOOD, PLAIN, WARN, Line, NoRows, shortened, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui_editor.model.ids import TaskId
    from tui_editor.model.project import TaskRow
    from tui_editor.ui.desk import Desk

PAGE = 200
"""Rows fetched at a time; more are fetched when the cursor nears the end."""

MOST_SEARCHED = 5000
"""Rows that are fetched to find the task that was open last."""
WIDE_CELLS = 104
"""Below this width a row leaves out what the task is made of."""
WIDE_REST, NARROW_REST = 86, 44
"""Cells of the other columns."""
MOST_TITLE_CELLS = 60
WHO_CELLS = 12

_STATE_STYLES = {"completed": GOOD, "reopened": WARN, "skipped": DIM, "new": PLAIN, "assigned": BOLD}


class TaskRows:
    """The rows fetched so far, in columns for a width."""

    def __init__(self, rows: list[TaskRow], mine: str, width: int) -> None:
        self._rows, self._mine = rows, mine
        self._wide = width >= WIDE_CELLS
        self._title_cells = max(12, min(MOST_TITLE_CELLS, width - (WIDE_REST if self._wide else NARROW_REST)))

    def __len__(self) -> int:
        return len(self._rows)

    def key(self, index: int) -> TaskRow:
        """Return the row."""
        return self._rows[index]

    def line(self, index: int) -> Line:
        """Return title, stage and state, kind, counts, assignee."""
        row = self._rows[index]
        issues = (f"⚑{row.issue_count}".rjust(5), BAD) if row.issue_count else ("     ", DIM)
        frames = f"{row.frame_count} frame{'s' if row.frame_count != 1 else ' '}"
        labels = f"{row.label_count} label{'s' if row.label_count != 1 else ' '}"
        who = "me" if row.assignee == self._mine else row.assignee
        kind = f"{row.kind.replace('_', ' '):<15}{frames:>13}" if self._wide else ""
        return (
            (" ", PLAIN),
            (_fit(row.title, self._title_cells), BOLD),
            (" " + _fit(row.stage, 12), DIM),
            (_fit(row.state, 10), _STATE_STYLES.get(row.state, PLAIN)),
            (f"{kind}{labels:>14}", DIM),
            issues,
            (f"  {_fit(who, WHO_CELLS)}" if self._wide else "", DIM),
        )


def _fit(words: str, cells: int) -> str:
    """Return text from data as one line of exactly so many cells, a blank at its end."""
    return set_cell_size(shortened(words, cells - 1), cells)


class QueueScreen(FrontScreen):
    """Lists the project's tasks; Enter opens one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.loop)
        self.desk = desk
        self._filter = desk.queue_filter
        self._query = query_of(self._filter)
        self._rows: list[TaskRow] = []
        self._complete = False

    def compose(self) -> ComposeResult:
        """Lay out the title, the list and the bars."""
        yield Bar(id="header")
        yield VirtualList(id="tasks")
        yield Bar(id="message")
        yield KeysBar(id="keys")

    def on_mount(self) -> None:
        """Fetch the first page."""
        self.list.focus()
        self._fetch(anew=True)
        self.show_keys()
        found = self._row_of(self.desk.project.store.last_task(self.desk.project.person))
        self.list.cursor = found if found is not None else 0 if self._rows else None

    def _row_of(self, task: TaskId | None) -> int | None:
        """Return the row of a task; further pages are fetched, but not for ever."""
        seen = 0
        while task is not None:
            at = next((n for n in range(seen, len(self._rows)) if self._rows[n].id == task), None)
            if at is not None or self._complete or len(self._rows) >= MOST_SEARCHED:
                return at
            seen = len(self._rows)
            self._fetch()
        return None

    @property
    def list(self) -> VirtualList:
        """Return the list of tasks."""
        return self.query_one("#tasks", VirtualList)

    def _fetch(self, *, anew: bool = False) -> None:
        if anew:
            self._rows, self._complete = [], False
        if self._complete:
            return
        after = self._rows[-1] if self._rows else None
        page = self.desk.project.store.tasks(replace(self._query, after=after))
        self._rows = [*self._rows, *page]
        self._complete = len(page) < PAGE
        self._show_rows()
        self._show_header()

    def _show_rows(self) -> None:
        why = "no task fits the filter: / changes it" if self._filter else "no tasks: tui-editor import brings some"
        mine, width = self.desk.project.person, self.size.width
        self.list.rows = TaskRows(self._rows, mine, width) if self._rows else NoRows(why)

    def on_resize(self) -> None:
        """Fit the columns into the new width."""
        super().on_resize()
        self._show_rows()

    def _show_header(self) -> None:
        counts = self.desk.project.store.count(self._query)
        total = sum(counts.values())
        header = self.query_one("#header", Bar)
        tasks = f"   {total} task{'s' if total != 1 else ''}"
        header.left = (
            (" ", PLAIN),
            text(self.desk.project.info.name, BOLD, 40),
            (tasks, DIM),
            *(((" ", PLAIN), text(f" / {self._filter} ", WARN, 60)) if self._filter else ()),
        )
        parts = [f"{stage}/{state} {n}" for (stage, state), n in sorted(counts.items())]
        header.right = (text("  ".join(parts) + " ", DIM, 120),)

    @on(VirtualList.Moved, "#tasks")
    def _moved(self, event: VirtualList.Moved) -> None:
        event.stop()
        if self.list.cursor is not None and self.list.cursor > len(self._rows) - PAGE // 4:
            self._fetch()

    @on(VirtualList.Chosen, "#tasks")
    def _chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        row: TaskRow = event.key  # type: ignore[assignment]  # the rows' keys are task rows
        self.desk.guarded_open(row.id)

    def queue(self, verb: str) -> None:
        """Move in the list, open a task, ask for a filter."""
        moves = {"next": self.loop_count, "previous": -self.loop_count}
        if verb in moves:
            self.list.move(moves[verb])
        elif verb == "first":
            self.list.move_to(0)
        elif verb == "last":
            self.list.move_to(len(self._rows) - 1)
        elif verb == "open":
            self.list.choose()
        elif verb == "filter":
            self.ask_text("Filter", self._filter, self.filter, hint="words of the title  stage:review  state:new")

    @property
    def loop_count(self) -> int:
        """Return by how many rows one move goes."""
        return 1

    def filter(self, words: str) -> None:
        """List only the tasks that fit, also when the queue is shown again."""
        self.desk.queue_filter = self._filter = " ".join(words.split())
        self._query = query_of(self._filter)
        self._fetch(anew=True)
        self.list.cursor = 0 if self._rows else None

    def open_task(self, task: TaskId) -> None:
        """Open a task."""
        self.desk.guarded_open(task)

    def show(self, what: str) -> None:
        """Open help, the palette or the `:` line; the queue is here."""
        if what != "queue":
            super().show(what)


def query_of(words: str) -> TaskQuery:
    """Return what a filter means: words of the title, `stage:`, `state:`, `assignee:`, `issue:open`."""
    query, title = TaskQuery(limit=PAGE), []
    for word in words.split():
        key, _, value = word.partition(":")
        if word == "issue:open":
            query = replace(query, has_issues=True)
        elif key in {"stage", "state", "assignee"} and value:
            query = replace(query, **{key: value})
        else:
            title.append(word)
    return replace(query, text=" ".join(title))
