"""The task queue: what waits, by priority."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on

from tui_editor.model.project import TaskQuery
from tui_editor.text import one_line
from tui_editor.ui.screens.front import FrontScreen
from tui_editor.ui.widgets.bars import Bar
from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, GOOD, PLAIN, WARN, Line, NoRows, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from tui_editor.model.ids import TaskId
    from tui_editor.model.project import TaskRow
    from tui_editor.ui.desk import Desk

PAGE = 200
"""Rows fetched at a time; more are fetched when the cursor nears the end."""

_STATE_STYLES = {"completed": GOOD, "reopened": WARN, "skipped": DIM, "new": PLAIN, "assigned": BOLD}


class TaskRows:
    """The rows fetched so far."""

    def __init__(self, rows: list[TaskRow], mine: str) -> None:
        self._rows, self._mine = rows, mine

    def __len__(self) -> int:
        return len(self._rows)

    def key(self, index: int) -> TaskRow:
        """Return the row."""
        return self._rows[index]

    def line(self, index: int) -> Line:
        """Return title, stage and state, kind, counts, assignee."""
        row = self._rows[index]
        issues = (f"⚑{row.issue_count}".rjust(5), BAD) if row.issue_count else ("     ", DIM)
        frames = f"{row.frame_count} frames" if row.frame_count > 1 else "1 frame"
        who = "me" if row.assignee == self._mine else row.assignee
        return (
            (" ", PLAIN),
            text(_fit(row.title, 40), BOLD),
            (f" {row.stage[:12]:<12}", DIM),
            (f"{row.state[:10]:<10}", _STATE_STYLES.get(row.state, PLAIN)),
            (f"{row.kind.replace('_', ' '):<15}{frames:>13}{row.label_count:>9} labels", DIM),
            issues,
            text(f"  {who}", DIM, 24),
        )


def _fit(words: str, cells: int) -> str:
    line = one_line(words, cells)
    return line[:cells].ljust(cells)


class QueueScreen(FrontScreen):
    """Lists the project's tasks; Enter opens one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.loop = desk.loop
        self._query = TaskQuery(limit=PAGE)
        self._rows: list[TaskRow] = []
        self._complete = False

    def compose(self) -> ComposeResult:
        """Lay out the title, the list and the bars."""
        yield Bar(id="header")
        yield VirtualList(id="tasks")
        yield Bar(id="message")
        yield Bar(id="keys")

    def on_mount(self) -> None:
        """Fetch the first page."""
        self.list.focus()
        self._fetch(anew=True)
        self.show_keys()
        last = self.desk.project.store.last_task(self.desk.project.person)
        at = next((n for n, r in enumerate(self._rows) if r.id == last), 0 if self._rows else None)
        self.list.cursor = at

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
        mine = self.desk.project.person
        why = "no task fits the filter" if self._query.text else "no tasks: tui-editor import brings some"
        self.list.rows = TaskRows(self._rows, mine) if self._rows else NoRows(why)
        self._show_header()

    def _show_header(self) -> None:
        counts = self.desk.project.store.count(self._query)
        total = sum(counts.values())
        header = self.query_one("#header", Bar)
        header.left = ((" ", PLAIN), text(self.desk.project.info.name, BOLD, 40), (f"   {total} tasks", DIM))
        parts = [f"{stage}/{state} {n}" for (stage, state), n in sorted(counts.items())]
        header.right = (text("  ".join(parts) + " ", DIM, 120),)

    @on(VirtualList.Moved)
    def _moved(self, event: VirtualList.Moved) -> None:
        event.stop()
        if self.list.cursor is not None and self.list.cursor > len(self._rows) - PAGE // 4:
            self._fetch()

    @on(VirtualList.Chosen)
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
            self.ask_text("Filter", self._query.text, self.filter, hint="words of the title  stage:review  state:new")

    @property
    def loop_count(self) -> int:
        """Return by how many rows one move goes."""
        return 1

    def filter(self, words: str) -> None:
        """List only the tasks that fit: words of the title, `stage:`, `state:`, `assignee:`, `issue:open`."""
        query = TaskQuery(limit=PAGE)
        title = []
        for word in words.split():
            key, _, value = word.partition(":")
            if key == "stage" and value:
                query = replace(query, stage=value)
            elif key == "state" and value:
                query = replace(query, state=value)
            elif key == "assignee" and value:
                query = replace(query, assignee=value)
            elif word == "issue:open":
                query = replace(query, has_issues=True)
            else:
                title.append(word)
        self._query = replace(query, text=" ".join(title))
        self._fetch(anew=True)
        self.list.cursor = 0 if self._rows else None

    def open_task(self, task: TaskId) -> None:
        """Open a task."""
        self.desk.guarded_open(task)

    def show(self, what: str) -> None:
        """Open help, the palette or the `:` line; the queue is here."""
        if what != "queue":
            super().show(what)
