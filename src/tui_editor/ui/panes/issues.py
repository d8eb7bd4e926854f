"""The Issues pane: threads, open ones in red, resolved ones in green."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.state.memo import remember_last
from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, GOOD, PLAIN, Line, NoRows, RowSource, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rpds import HashTrieMap

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import IssueId
    from tui_editor.model.issues import Issue


class IssueRows:
    """A line for each issue; the current one is followed by its thread."""

    def __init__(self, issues: Sequence[Issue], current: IssueId | None) -> None:
        self._issues = issues
        self.current_row = next((n for n, i in enumerate(issues) if i.id == current), None)
        """The row of the current issue, None when it isn't listed."""
        self._thread = 0 if self.current_row is None else len(issues[self.current_row].comments)

    def __len__(self) -> int:
        return len(self._issues) + self._thread

    def key(self, index: int) -> Issue:
        """Return the issue that the line belongs to."""
        return self._place(index)[0]

    def _place(self, index: int) -> tuple[Issue, int]:
        """Return the issue of a line and the comment that it shows, -1 for the issue's own line."""
        at = self.current_row
        if at is None or index <= at:
            return self._issues[index], -1
        behind = index - at - 1
        return (self._issues[at], behind) if behind < self._thread else (self._issues[index - self._thread], -1)

    def line(self, index: int) -> Line:
        """Return an issue's mark, kind, frame and first words; or one comment of its thread."""
        issue, comment = self._place(index)
        if comment >= 0:
            said = issue.comments[comment]
            return (("   ", PLAIN), text(f"{said.author}: ", DIM, 40), text(said.text))
        style = GOOD if issue.resolved else BAD
        frames = "" if issue.frames is None else f" {issue.frames[0]}"
        if issue.frames is not None and issue.frames[1] != issue.frames[0]:
            frames += f"–{issue.frames[1]}"
        kind = "rejected" if issue.rejection else "skipped" if issue.skip else issue.kind.value.replace("_", " ")
        tags = f" [{', '.join(issue.tags)}]" if issue.tags else ""
        return (
            ("⚑ ", style),
            (f"{kind}{frames} ", DIM),
            text(issue.title, PLAIN if issue.resolved else BOLD),
            text(tags, DIM),
        )


def issue_rows(document: LabelDocument, current: IssueId | None, *, only_open: bool) -> RowSource:
    """Return the task's issues, oldest first; the open ones only when asked."""
    if only_open:
        now = document.issues.get(current) if current is not None else None
        kept: tuple[Issue, ...] = (now,) if now is not None and now.resolved else ()
    else:
        kept = _resolved(document.issues)
    shown = (*document.open_issues(), *kept)
    if shown:
        return IssueRows(shown, current)
    return NoRows("none open: ‹issue.new› raises one" if len(document.issues) else "no issues: ‹issue.new› raises one")


@remember_last
def _resolved(issues: HashTrieMap[IssueId, Issue]) -> tuple[Issue, ...]:
    """Return the resolved issues, the oldest first."""
    return tuple(sorted((i for i in issues.values() if i.resolved), key=lambda i: (i.created_ms, i.id)))


class IssuesPane(VirtualList):
    """Lists issues; moving the cursor makes one the current one."""

    BORDER_TITLE = "Issues"
