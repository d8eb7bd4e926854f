"""The Issues pane: threads, open ones in red, resolved ones in green."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, GOOD, PLAIN, Line, NoRows, RowSource, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import IssueId
    from tui_editor.model.issues import Issue


class IssueRows:
    """A line for each issue; the current one is followed by its thread."""

    def __init__(self, issues: Sequence[Issue], current: IssueId | None) -> None:
        self._lines: list[tuple[Issue, int]] = []
        self.current_row: int | None = None
        for issue in issues:
            if issue.id == current:
                self.current_row = len(self._lines)
            self._lines.append((issue, -1))
            if issue.id == current:
                self._lines += [(issue, n) for n in range(len(issue.comments))]

    def __len__(self) -> int:
        return len(self._lines)

    def key(self, index: int) -> Issue:
        """Return the issue that the line belongs to."""
        return self._lines[index][0]

    def line(self, index: int) -> Line:
        """Return an issue's mark, kind, frame and first words; or one comment of its thread."""
        issue, comment = self._lines[index]
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
    found = sorted(document.issues.values(), key=lambda i: (i.resolved, i.created_ms, i.id))
    shown = [i for i in found if not i.resolved or not only_open or i.id == current]
    return IssueRows(shown, current) if shown else NoRows("no open issues" if only_open else "no issues")


class IssuesPane(VirtualList):
    """Lists issues; moving the cursor makes one the current one."""

    BORDER_TITLE = "Issues"
