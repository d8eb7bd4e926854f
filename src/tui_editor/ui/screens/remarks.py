"""A screen with lists of what is wrong: issues, which people raise, and findings, which the checks make."""

from __future__ import annotations

from functools import partial
from time import sleep
from typing import TYPE_CHECKING, Final

from textual import on

from tui_editor.commands import findings, issues
from tui_editor.commands.issues import MANY
from tui_editor.state.issue_list import make_searchable
from tui_editor.text import one_line
from tui_editor.ui.panes.findings import FindingsPane, finding_counts, finding_rows
from tui_editor.ui.panes.issues import IssuesPane, issue_counts, issue_rows
from tui_editor.ui.screens.listening import ListeningScreen
from tui_editor.ui.watch import Watch
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.commands.context import Loop
    from tui_editor.model.ids import IssueId
    from tui_editor.model.issues import Issue
    from tui_editor.ports import Finding
    from tui_editor.state.findings import FindingFilter
    from tui_editor.state.issue_list import IssueFilter
    from tui_editor.state.store import TaskState
    from tui_editor.ui.screens.arrangement import ArrangementFile


REST_S: Final = 0.001
"""For so long a thread that folds words leaves the interpreter to the event loop, again and again."""


class RemarksScreen(ListeningScreen):
    """Answers the lists of issues and findings. The subclass has the store."""

    def __init__(self, kept: ArrangementFile, loop: Loop) -> None:
        super().__init__(kept, loop)
        self._listed: tuple[IssueId | None, IssueFilter] = (None, self.loop.issue_filter)
        """Which issue is the current one in the pane, and what it lists."""
        self._listed_findings: tuple[Finding | None, FindingFilter] = (None, self.loop.finding_filter)
        self._watch: Watch | None = None

    # --- state to lists ----------------------------------------------------------------------------

    def sync_issues(self) -> None:
        """Show the issues anew: the current one, or the filter, changed."""
        pane = self.query_one(IssuesPane)
        state = self.store.state
        self._listed = self.loop.issue, self.loop.issue_filter
        rows = self.told(issue_rows(state, self.loop.issue_filter, self.loop.issue, pane.text_width))
        pane.rows = rows
        pane.cursor = getattr(rows, "current_row", None)
        pane.show_whole()
        pane.name_below(one_line(issue_counts(state, self.loop.issue_filter)))

    def on_descendant_focus(self) -> None:
        """Make many issues ready to be searched when the pane gets the keys: on a thread, as it takes a while."""
        super().on_descendant_focus()
        if isinstance(self.focused, IssuesPane) and len(self.store.state.document.issues) > MANY:
            state = self.store.state
            rest = partial(sleep, REST_S)
            self.beside.do(lambda: make_searchable(state.task, state.document, rest), lambda made: made())

    def sync_findings(self) -> None:
        """Show the findings anew: the current one, or the filter, changed."""
        pane, loop = self.query_one(FindingsPane), self.loop
        self._listed_findings = loop.finding, loop.finding_filter
        width = pane.content_region.width - 1  # the bar at the side may come with these very rows
        rows = self.told(finding_rows(self.store.state, loop.finding_filter, loop.finding, width))
        tour = loop.tour.place(self.store.state.task.id) if loop.tour is not None else ""
        pane.border_title = f"Findings · {tour}" if tour else "Findings"
        pane.rows = rows
        pane.cursor = getattr(rows, "current_row", None)
        pane.show_whole()
        pane.name_below(one_line(finding_counts(self.store.state, loop.finding_filter)))

    def follow_lists(self) -> None:
        """List issues and findings anew when another one became the current one, or others are wanted."""
        if self._listed_findings != (self.loop.finding, self.loop.finding_filter):
            self.sync_findings()
            self.show_keys()
        if self._listed != (self.loop.issue, self.loop.issue_filter):
            self.sync_issues()

    def guarded(self, action: Callable[[], None]) -> None:
        """Do something that a user asked for; the lists follow."""
        super().guarded(action)
        if self.is_attached:
            self.follow_lists()

    # --- the checks --------------------------------------------------------------------------------

    def rested(self) -> None:
        """Have the task checked, now that the window rests."""
        self.watch_findings()

    def watch_findings(self) -> None:
        """Have the task checked as it is now, beside the event loop."""
        if self._watch is None:
            self._watch = Watch(self.context, self.beside, self.set_timer)
        self._watch.look()

    def check_again(self, state: TaskState) -> None:
        """Have a task checked that was checked before and edited since."""
        if state.findings is not None:
            self.watch_findings()

    # --- lists to state ----------------------------------------------------------------------------

    @on(VirtualList.Moved, "#issues")
    def _issue_moved(self, event: VirtualList.Moved) -> None:
        issue: Issue = event.key  # type: ignore[assignment]  # the rows' keys are issues
        issues.choose(self.context(), issue.id)
        self.sync_issues()

    @on(VirtualList.Chosen, "#issues")
    def _issue_chosen(self, event: VirtualList.Chosen) -> None:
        issue: Issue = event.key  # type: ignore[assignment]  # the rows' keys are issues
        self.guarded(lambda: issues.go_to(self.context(), issue))

    @on(VirtualList.Moved, "#findings")
    @on(VirtualList.Chosen, "#findings")
    def _finding_moved(self, event: VirtualList.Moved | VirtualList.Chosen) -> None:
        finding: Finding = event.key  # type: ignore[assignment]  # the rows' keys are findings
        self.guarded(lambda: findings.go_to(self.context(), finding))

    @on(VirtualList.Moved, "#history")
    def _entry_moved(self, event: VirtualList.Moved) -> None:
        event.stop()

    @on(VirtualList.Chosen, "#history")
    def _entry_chosen(self, event: VirtualList.Chosen) -> None:
        entry: int = event.key  # type: ignore[assignment]  # the rows' keys are sequence numbers
        from tui_editor.commands.log import offer_entry

        self.guarded(lambda: offer_entry(self.context(), entry))
