"""The task queue: what waits, by priority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from rich.cells import set_cell_size
from textual import on
from textual.containers import Horizontal

from tui_editor.errors import TuiEditorError
from tui_editor.model.project import TaskQuery
from tui_editor.model.workflow import StageKind
from tui_editor.state.queue_filter import HINT, query_of, with_word
from tui_editor.ui.dialogs.issue_stats import show_issue_stats
from tui_editor.ui.screens.front import FrontScreen
from tui_editor.ui.screens.lines import unread_words
from tui_editor.ui.screens.queue_actions import QueueActions
from tui_editor.ui.screens.queue_details import DetailRows, Thumbnails, detail_lines
from tui_editor.ui.widgets.bars import Bar, KeysBar
from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, GOOD, PLAIN, WARN, Line, NoRows, shortened, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.style import Style
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
WHO_FROM_CELLS = 84
"""Below this width a row leaves out whose the task is."""
MOST_TITLE_CELLS = 60
WHO_CELLS = 12
DETAILS_FROM_CELLS = 150
"""On a screen this wide the details are shown at first."""
DETAIL_CELLS = 40

_STATE_STYLES = {"completed": GOOD, "reopened": WARN, "skipped": DIM, "new": PLAIN, "assigned": BOLD}


class TaskRows:
    """The rows fetched so far, in columns for a width."""

    def __init__(self, rows: list[TaskRow], mine: str, width: int) -> None:
        self._rows, self._mine = rows, mine
        self._wide = width >= WIDE_CELLS
        self._names = width >= WHO_FROM_CELLS
        others = WIDE_REST if self._wide else NARROW_REST + (WHO_CELLS + 2 if self._names else 0)
        self._title_cells = max(12, min(MOST_TITLE_CELLS, width - others))

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
            (f"  {_fit(row.branch or who, WHO_CELLS)}" if self._names else "", DIM),
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
        self._query = self._query_now()
        self._rows: list[TaskRow] = []
        self._complete = False
        self._details = desk.queue_details
        self._actions = QueueActions(self)
        self._thumbnails = Thumbnails(lambda: desk.app.answer(self._show_details))

    def _query_now(self) -> TaskQuery:
        return query_of(self._filter, PAGE, self.desk.project.person)

    def compose(self) -> ComposeResult:
        """Lay out the title, the list with the details beside it, and the bars."""
        yield Bar(id="header")
        yield Bar(id="stages")
        with Horizontal(id="queue"):
            yield VirtualList(id="tasks")
            details = VirtualList(id="details")
            details.can_focus = False
            yield details
        yield Bar(id="message")
        yield KeysBar(id="keys")

    def on_mount(self) -> None:
        """Fetch the first page."""
        self.list.focus()
        self._fetch_rows(anew=True)
        self.show_keys()
        found = self._row_of(self.desk.project.store.last_task(self.desk.project.person))
        self._show_rows()
        self._show_header()
        self.list.cursor = found if found is not None else 0 if self._rows else None
        self._show_details()

    def on_unmount(self) -> None:
        """End what makes pictures."""
        self._thumbnails.close()

    def _row_of(self, task: TaskId | None) -> int | None:
        """Return the row of a task; further pages are fetched, but not for ever."""
        seen = 0
        while task is not None:
            at = next((n for n in range(seen, len(self._rows)) if self._rows[n].id == task), None)
            if at is not None or self._complete or len(self._rows) >= MOST_SEARCHED:
                return at
            seen = len(self._rows)
            self._fetch_rows()
        return None

    @property
    def list(self) -> VirtualList:
        """Return the list of tasks."""
        return self.query_one("#tasks", VirtualList)

    @property
    def row(self) -> TaskRow | None:
        """Return the task under the cursor."""
        at = self.list.cursor
        return self._rows[at] if at is not None and at < len(self._rows) else None

    def _fetch(self, *, anew: bool = False) -> None:
        if self._fetch_rows(anew=anew):
            self._show_rows()
            self._show_header()

    def _fetch_rows(self, *, anew: bool = False) -> bool:
        """Fetch one more page; return whether there was one to fetch."""
        if anew:
            self._rows, self._complete = [], False
        if self._complete:
            return False
        after = self._rows[-1] if self._rows else None
        page = self.desk.project.store.tasks(replace(self._query, after=after))
        self._rows = [*self._rows, *page]
        self._complete = len(page) < PAGE
        return True

    def again(self) -> None:
        """Fetch what is listed anew; the cursor stays with its task where that is still there."""
        at = self.row
        self._fetch(anew=True)
        found = next((n for n, row in enumerate(self._rows) if at is not None and row.id == at.id), None)
        self.list.cursor = found if found is not None else 0 if self._rows else None
        self._show_details()

    def _show_rows(self) -> None:
        why = "no task fits the filter: / changes it" if self._filter else "no tasks: tui-editor import brings some"
        mine, width = self.desk.project.person, self.size.width - (DETAIL_CELLS if self.shows_details else 0)
        self.list.rows = TaskRows(self._rows, mine, width) if self._rows else NoRows(why)

    def on_resize(self) -> None:
        """Fit the columns into the new width."""
        super().on_resize()
        self._show_rows()
        self._show_details()

    # --- details -----------------------------------------------------------------------------------

    @property
    def shows_details(self) -> bool:
        """Return whether the details are shown: as the person wants it, else where there is room."""
        return self.size.width >= DETAILS_FROM_CELLS if self._details is None else self._details

    def toggle_details(self) -> None:
        """Show or hide the details."""
        self.desk.queue_details = self._details = not self.shows_details
        self._show_rows()
        self._show_details()

    def _show_details(self) -> None:
        if not self.is_attached:
            return
        pane = self.query_one("#details", VirtualList)
        pane.display = self.shows_details
        row = self.row
        if not self.shows_details or row is None:
            pane.rows = NoRows("")
            return
        project = self.desk.project
        try:
            task, status = project.store.task(row.id), project.store.status(row.id)
        except TuiEditorError as error:
            pane.rows = NoRows(str(error))
            return
        picture = self._thumbnails.of(task, project.roots(), DETAIL_CELLS - 4)
        pane.rows = DetailRows(detail_lines(row, task, status), picture)

    # --- header --------------------------------------------------------------------------------------

    def _show_header(self) -> None:
        """Show how many tasks are listed, and how many there are in each stage."""
        store = self.desk.project.store
        everything = store.count(TaskQuery())
        total = sum(everything.values())
        listed = sum(store.count(self._query).values()) if self._counts_at_once else None
        header = self.query_one("#header", Bar)
        number = f"{listed}" if listed is not None else f"{len(self._rows)}{'' if self._complete else '+'}"
        of = f" of {total}" if self._filter and listed != total else ""
        header.left = (
            (" ", PLAIN),
            text(self.desk.project.info.name, BOLD, 40),
            (f"   {number} task{'s' if number != '1' else ''}", DIM),
            *(((" ", PLAIN), text(f" / {self._filter} ", WARN, 60)) if self._filter else ()),
            (of, DIM),
        )
        self.show_unread()
        self.query_one("#stages", Bar).left = self._stage_line(everything)

    def show_unread(self) -> None:
        """Show in the header who sits here as what, and how much of what others did was not read."""
        project = self.desk.project
        role = project.info.role_of(project.person).value.replace("_", " and ")
        header = self.query_one("#header", Bar)
        header.right = (*unread_words(self.loop.unread), text(f" {project.person}, {role} ", DIM, 40))

    @property
    def _counts_at_once(self) -> bool:
        """Return whether the tasks that fit are few or counted already."""
        return self._complete or not self._filter or query_is_plain(self._query)

    def _stage_line(self, counts: Mapping[tuple[str, str], int]) -> Line:
        pieces: list[tuple[str, Style]] = [(" ", PLAIN)]
        for stage in self.desk.project.info.workflow.stages:
            here = {state: n for (name, state), n in counts.items() if name == stage.name and n}
            if stage.kind is StageKind.ROUTER:
                continue
            states = " ".join(f"{n} {state}" for state, n in sorted(here.items()))
            style = WARN if self._query.stage == stage.name else BOLD
            pieces += [text(f"{stage.name} ", style, 24), text(f"{states or '–'}   ", DIM, 80)]
        return tuple(pieces)

    # --- keys and clicks -------------------------------------------------------------------------

    @on(VirtualList.Moved, "#tasks")
    def _moved(self, event: VirtualList.Moved) -> None:
        event.stop()
        if self.list.cursor is not None and self.list.cursor > len(self._rows) - PAGE // 4:
            self._fetch()
        self._show_details()

    @on(VirtualList.Chosen, "#tasks")
    def _chosen(self, event: VirtualList.Chosen) -> None:
        event.stop()
        row: TaskRow = event.key  # type: ignore[assignment]  # the rows' keys are task rows
        self.desk.guarded_open(row.id)

    def queue(self, verb: str) -> None:
        """Move in the list, open a task, ask for a filter; what changes tasks is done by the actions."""
        name, _, argument = verb.partition(" ")
        moves = {"next": self.loop_count, "previous": -self.loop_count}
        if name in moves:
            self.list.move(moves[name])
        elif name == "first":
            self.list.move_to(0)
        elif name == "last":
            self.list.move_to(len(self._rows) - 1)
        elif name == "open":
            self.list.choose()
        elif name == "filter" and not argument:
            self.ask_text("Filter", self._filter, self.filter, hint=HINT)
        elif name in {"filter", "clear_filter"}:
            self.filter(argument)
        elif name == "details":
            self.toggle_details()
        elif name == "mine":
            self.filter(with_word(self._filter, "open:me"))
        elif name == "reverse":
            self.filter(with_word(self._filter, "reverse"))
        else:
            self.guarded(lambda: self._actions.do(name, argument))

    @property
    def loop_count(self) -> int:
        """Return by how many rows one move goes."""
        return 1

    @property
    def filtered(self) -> str:
        """Return what the queue is filtered by."""
        return self._filter

    def filter(self, words: str) -> None:
        """List only the tasks that fit, also when the queue is shown again."""
        self.desk.queue_filter = self._filter = " ".join(words.split())
        self._query = self._query_now()
        self._fetch(anew=True)
        self.list.cursor = 0 if self._rows else None
        self._show_details()

    def open_task(self, task: TaskId) -> None:
        """Open a task."""
        self.desk.guarded_open(task)

    def show(self, what: str) -> None:
        """Open help, the palette or the `:` line; the queue is here."""
        if what == "issue-stats":
            show_issue_stats(self, self.desk.project)
        elif what != "queue":
            super().show(what)


def query_is_plain(query: TaskQuery) -> bool:
    """Return whether only stage and state are asked for, of which the store keeps count."""
    return query == TaskQuery(stage=query.stage, state=query.state, limit=query.limit)
