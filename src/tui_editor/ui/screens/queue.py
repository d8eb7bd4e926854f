"""The task queue: what waits, by priority."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace
from textual import on
from textual.containers import Horizontal

from tui_editor.api.project import Project
from tui_editor.errors import Refused
from tui_editor.model.workflow import StageKind
from tui_editor.state.queue_filter import HINT, query_of, with_word
from tui_editor.storage.locate import open_store
from tui_editor.ui.dialogs.issue_stats import show_issue_stats
from tui_editor.ui.screens.front import FrontScreen
from tui_editor.ui.screens.lines import WIDE_CELLS, menu_words, unread_words
from tui_editor.ui.screens.queue_actions import QueueActions
from tui_editor.ui.screens.queue_count import LateCount
from tui_editor.ui.screens.queue_details import DetailRows, Thumbnails, detail_lines
from tui_editor.ui.screens.queue_fetch import PAGE, Fetched, Wanted, fetch
from tui_editor.ui.screens.queue_rows import TaskRows
from tui_editor.ui.widgets.bars import Bar, KeysBar
from tui_editor.ui.widgets.rows import BOLD, DIM, PLAIN, WARN, Line, NoRows, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rich.style import Style
    from textual.app import ComposeResult

    from tui_editor.model.ids import TaskId
    from tui_editor.model.project import Task, TaskQuery, TaskRow
    from tui_editor.model.workflow import TaskStatus
    from tui_editor.ports import ProjectStore
    from tui_editor.ui.desk import Desk

T = TypeVar("T")
ROWS, DETAILS, CHANGE, NEWS = "queue", "queue details", "queue change", "queue news"
"""What the store is asked for."""
DETAILS_FROM_CELLS = 150
"""On a screen this wide the details are shown at first."""
DETAIL_CELLS = 40


class QueueScreen(FrontScreen):
    """Lists the project's tasks; Enter opens one."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.loop)
        self.desk = desk
        self._filter = desk.queue_filter
        self._query = self._query_now()
        self._fetched = Fetched(query=self._query, rows=(), complete=False, everything={}, listed=None)
        self._details = desk.queue_details
        self._actions = QueueActions(self)
        self._said_first = ""
        """What was told of the task before, as that nothing else waits: it holds until others change what is listed."""
        self._count = LateCount(lambda: open_store(desk.project.folder), desk.app.answer, self._show_header)
        self._thumbnails = Thumbnails(lambda: desk.app.answer(self._show_details))

    def _query_now(self) -> TaskQuery:
        query = query_of(self._filter, PAGE, self.desk.project.person)
        return replace(query, group=self.desk.project.info.group_named(query.group))

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
        """Ask for the first page, with the task that was open last."""
        super().on_mount()
        self._said_first = self.message
        self.list.focus()
        self.show_keys()
        person = self.desk.project.person
        self._ask(lambda store: fetch(store, Wanted(query=self._query, cursor=store.last_task(person))), self._opened)

    def on_unmount(self) -> None:
        """End what makes pictures, and wait for no answer."""
        self._thumbnails.close()
        self._count.close()
        self._stop_asking()
        self.desk.store_thread.drop(NEWS)

    @property
    def list(self) -> VirtualList:
        """Return the list of tasks."""
        return self.query_one("#tasks", VirtualList)

    @property
    def row(self) -> TaskRow | None:
        """Return the task under the cursor."""
        at = self.list.cursor
        rows = self._fetched.rows
        return rows[at] if at is not None and at < len(rows) else None

    # --- fetching ----------------------------------------------------------------------------------

    @property
    def working(self) -> bool:
        """Return whether keys wait for what the store was asked for; Escape gives up rows, not a change."""
        thread = self.desk.store_thread
        return super().working or thread.asks(ROWS) or thread.asks(CHANGE)

    def press(self, key: str) -> None:
        """Take one key; Escape gives up what the store was asked for."""
        if key == "escape" and self.desk.store_thread.asks(ROWS):
            self._stop_asking()
        super().press(key)

    def _stop_asking(self) -> None:
        for name in (ROWS, DETAILS):
            self.desk.store_thread.drop(name)

    def _ask(self, question: Callable[[ProjectStore], Fetched], then: Callable[[Fetched], None]) -> None:
        self.desk.store_thread.ask(ROWS, question, then, self._refused)

    def _opened(self, fetched: Fetched) -> None:
        self._show(fetched, fetched.cursor)

    def _show(self, fetched: Fetched, at: TaskId | None, place: int = 0) -> None:
        """List what was fetched, with the cursor on a task where it is there, else at a place."""
        self._fetched = fetched
        if fetched.listed is None:
            self._count.ask(fetched.query)
        self._show_rows()
        self._show_header()
        found = fetched.row_of(at)
        self.list.cursor = found if found is not None else min(place, len(fetched.rows) - 1) if fetched.rows else None
        self._show_details()

    def _fetch_more(self) -> None:
        """Ask for a further page, unless all are there."""
        if self._fetched.complete or self.desk.store_thread.asks(ROWS):
            return
        wanted = Wanted(query=self._query, known=self._fetched.rows)

        def more(fetched: Fetched) -> None:
            self._fetched = fetched
            self._show_rows()
            self._show_header()

        self._ask(partial(fetch, wanted=wanted), more)

    def change(self, make: Callable[[Project], T], done: Callable[[T], None]) -> None:
        """Change tasks through the store's thread, then `done`; what is refused is told.

        Raises:
            Refused: another change is under way.
        """
        if self.desk.store_thread.asks(CHANGE):
            raise Refused("a change is under way", hint="wait a moment")
        folder, person = self.desk.project.folder, self.desk.project.person
        self.desk.store_thread.ask(CHANGE, lambda store: make(Project(folder, store, person)), done, self._refused)

    def _refused(self, words: str) -> None:
        self.tell(words, severity="warning")

    def again(self) -> None:
        """Fetch what is listed anew; the cursor stays with its task, or where it was when that is gone."""
        self._count.grown_old()
        self._ask(partial(fetch, wanted=self._same_again()), self._show_again)

    def renew(self) -> None:
        """Show what others did, without holding up keys; what the person asks for meanwhile comes first."""
        query = self._query

        def show(fetched: Fetched) -> None:
            if self._query is query and not self.desk.store_thread.asks(ROWS):
                if fetched.rows != self._fetched.rows:
                    self.say_no_more(self._said_first)
                self._count.grown_old()
                self._show_again(fetched)

        self.desk.store_thread.ask(NEWS, partial(fetch, wanted=self._same_again()), show, _nothing)

    def _same_again(self) -> Wanted:
        return Wanted(query=self._query, at_least=len(self._fetched.rows))

    def _show_again(self, fetched: Fetched) -> None:
        self._show(fetched, self.row.id if self.row else None, self.list.cursor or 0)

    def _show_rows(self) -> None:
        why = "no task fits the filter: / changes it" if self._filter else "no tasks: tui-editor import brings some"
        mine, width = self.desk.project.person, self.size.width - (DETAIL_CELLS if self.shows_details else 0)
        rows = self._fetched.rows
        self.list.rows = TaskRows(rows, mine, width) if rows else NoRows(why if self._fetched.complete else "")

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
        self.desk.store_thread.ask(
            DETAILS, lambda store: (store.task(row.id), store.status(row.id)), partial(self._detailed, row), _nothing
        )

    def _detailed(self, row: TaskRow, found: tuple[Task, TaskStatus]) -> None:
        task, status = found
        picture = self._thumbnails.of(task, self.desk.project.roots(), DETAIL_CELLS - 4)
        self.query_one("#details", VirtualList).rows = DetailRows(detail_lines(row, task, status), picture)

    # --- header --------------------------------------------------------------------------------------

    def _show_header(self) -> None:
        """Show how many tasks are listed, and how many there are in each stage."""
        fetched = self._fetched
        total = sum(fetched.everything.values())
        header = self.query_one("#header", Bar)
        number = self._count.words(fetched.query) or f"{len(fetched.rows):,}+"
        if fetched.listed is not None:
            number = f"{fetched.listed:,}"
        of = f" of {total:,}" if self._filter and fetched.listed != total else ""
        header.left = (
            (" ", PLAIN),
            text(self.desk.project.info.name, BOLD, 40),
            (f"   {number} task{'s' if number != '1' else ''}", DIM),
            *(((" ", PLAIN), text(f" / {self._filter} ", WARN, 60)) if self._filter else ()),
            (of, DIM),
        )
        self.show_unread()
        self.query_one("#stages", Bar).left = self._stage_line(fetched.everything)

    def show_unread(self) -> None:
        """Show in the header who sits here as what, and how much of what others did was not read."""
        project = self.desk.project
        role = project.info.role_of(project.person).value.replace("_", " and ")
        header = self.query_one("#header", Bar)
        header.right = (
            *unread_words(self.loop.unread),
            *menu_words(self.loop.keymap.told("‹app.help› help"), wide=self.size.width >= WIDE_CELLS),
            text(f" {project.person}, {role} ", DIM, 40),
        )

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
        if self.list.cursor is not None and self.list.cursor > len(self._fetched.rows) - PAGE // 4:
            self._fetch_more()
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
            self.list.move_to(len(self._fetched.rows) - 1)
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
        self._count.forget()
        self._ask(partial(fetch, wanted=Wanted(query=self._query)), lambda fetched: self._show(fetched, None))

    def open_task(self, task: TaskId) -> None:
        """Open a task."""
        self.desk.guarded_open(task)

    def show(self, what: str) -> None:
        """Open help, the palette or the `:` line; the queue is here."""
        if what == "issue-stats":
            show_issue_stats(self, self.desk.project, self.desk.store_thread)
        elif what != "queue":
            super().show(what)


def _nothing(words: str) -> None:
    """Show nothing of a task that can't be read: opening it says why."""
    del words
