"""Figures of the project's issues, with a bar for each share: red what is open, green what is resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import set_cell_size
from textual import on

from tui_editor.api.issue_stats import IssueStats, Share, counted, time_words
from tui_editor.ui.dialogs.base import KEPT_LINES, Dialog
from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, GOOD, PLAIN, Line, NoRows, RowSource, shortened
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from tui_editor.api.project import Project
    from tui_editor.ui.screens.front import FrontScreen
    from tui_editor.ui.store_thread import StoreThread

NAME_CELLS = 22
BAR_CELLS, LEAST_BAR_CELLS = 24, 4
OTHER_CELLS = NAME_CELLS + 3 + 36 + 6
"""Of a line beside the bar, and of the dialog's frame."""
MOVES = {"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": 12, "space": 12, "pageup": -12}


class StatsRows:
    """A summary, then the shares by kind, tag, author, class and stage, with bars of so many cells at most."""

    def __init__(self, stats: IssueStats, bar: int = BAR_CELLS) -> None:
        self._lines = [*_summary(stats)]
        for group, shares in stats.groups.items():
            if shares:
                self._lines += [(), _head(group, bar)]
                most = max(share.raised for share in shares)
                self._lines += [_share_line(share, most, bar) for share in shares]

    def __len__(self) -> int:
        return len(self._lines)

    def key(self, index: int) -> object:
        """Return the number of the line: none stands for anything."""
        return index

    def line(self, index: int) -> Line:
        """Return a heading, or a share with its bar, counts and time."""
        return self._lines[index]


def _summary(stats: IssueStats) -> list[Line]:
    whole = stats.whole
    first = (
        (f" {whole.raised:,} raised", BOLD),
        ("   ", PLAIN),
        (f"{whole.open:,} open", BAD if whole.open else DIM),
        ("   ", PLAIN),
        (f"{whole.resolved:,} resolved", GOOD if whole.resolved else DIM),
        (f"   {stats.reopened:,} reopened   {stats.comments:,} comments", DIM),
    )
    if not whole.resolved:
        return [first]
    times = (("median", whole.median_ms), ("mean", stats.mean_ms), ("longest", stats.longest_ms))
    told = "   ".join(f"{name} {time_words(span)}" for name, span in times)
    return [first, ((" time to resolve: ", DIM), (told, PLAIN))]


def _head(group: str, bar: int) -> Line:
    named = set_cell_size(f" By {group}", NAME_CELLS + bar + 3)
    return ((named, BOLD), (f"{'raised':>8}{'open':>8}{'resolved':>10}{'median':>10}", DIM))


def _share_line(share: Share, most: int, bar: int) -> Line:
    cells = max(1, round(bar * share.raised / most))
    red = min(cells, -(-cells * share.open // share.raised))
    return (
        (set_cell_size(f" {shortened(share.name, NAME_CELLS - 2)}", NAME_CELLS), PLAIN),
        ("▆" * red, BAD),
        ("▆" * (cells - red), GOOD),
        (" " * (bar - cells + 3), PLAIN),
        (f"{share.raised:>8,}", BOLD),
        (f"{share.open:>8,}", BAD if share.open else DIM),
        (f"{share.resolved:>10,}", GOOD if share.resolved else DIM),
        (f"{time_words(share.median_ms):>10}", DIM),
    )


class IssueStatsDialog(Dialog):
    """Shows the figures of a project's issues; until they are counted, that they are being counted."""

    WIDTH: ClassVar[int] = OTHER_CELLS + BAR_CELLS

    def __init__(self) -> None:
        super().__init__("Issues of the project — j k move, Esc closes")
        self._rows: RowSource = NoRows("counting the issues …")
        self._stats: IssueStats | None = None

    def show_stats(self, stats: IssueStats) -> None:
        """Show the figures."""
        self._stats = stats
        if self.is_attached:
            self.place()

    def compose(self) -> ComposeResult:
        """Show the figures."""
        yield VirtualList()

    def on_mount(self) -> None:
        """Show all that fits."""
        super().on_mount()
        self.query_one(VirtualList).focus()

    def place(self) -> None:
        """Show as many lines as the screen has room for, and bars that leave room for the numbers."""
        size, listed = self.screen.size, self.query_one(VirtualList)
        room = size.height - KEPT_LINES - 2
        if self._stats is not None:
            bar = min(BAR_CELLS, max(LEAST_BAR_CELLS, size.width - 2 - OTHER_CELLS))
            self._rows = StatsRows(self._stats, bar)
        listed.rows = self._rows
        listed.styles.height = min(max(len(self._rows), 1), max(3, room))
        super().place()

    @on(VirtualList.Moved)
    @on(VirtualList.Chosen)
    def _stopped(self, event: VirtualList.Moved | VirtualList.Chosen) -> None:
        event.stop()

    def handle(self, event: events.Key) -> bool:
        """Scroll with the keys of lists; q closes."""
        listed = self.query_one(VirtualList)
        if event.key in {"q", "enter"}:
            self.close()
        elif event.key in MOVES:
            listed.move(MOVES[event.key])
        elif event.key in {"home", "g", "end", "G"}:
            listed.move_to(0 if event.key in {"home", "g"} else len(self._rows) - 1)
        else:
            return False
        return True


def show_issue_stats(screen: FrontScreen, project: Project, thread: StoreThread) -> None:
    """Open the dialog at once, and show the figures when they are counted."""
    dialog = IssueStatsDialog()
    screen.open_dialog(dialog)
    ontology = project.info.ontology
    # the dialog is painted first: counting would take the interpreter away from it
    dialog.call_after_refresh(
        thread.ask, "issue stats", lambda store: counted(store.issues(), ontology), dialog.show_stats
    )
