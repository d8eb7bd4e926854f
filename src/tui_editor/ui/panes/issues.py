"""The Issues pane: threads, open ones in red, resolved ones in green, task requirements in yellow."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

from tui_editor.model.issues import IssueKind
from tui_editor.state.issue_list import IssueFilter, IssueList, Shown, issue_list
from tui_editor.state.issue_search import kind_name, object_of
from tui_editor.state.requirements import task_requirements
from tui_editor.state.selectors import discussed
from tui_editor.text import one_line
from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, GOOD, PLAIN, WARN, Line, NoRows, RowSource, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.model.ids import IssueId
    from tui_editor.model.issues import Comment, Issue
    from tui_editor.state.store import TaskState

_INDENT: Final = "   "
LEAST_CELLS: Final = 12
"""A comment is wrapped to no less."""
MOST_CELLS: Final = 240
MOST_SAID: Final = 4000
"""Characters of a comment that are shown."""


class IssueRows:
    """A line for each issue; the current one is followed by its thread."""

    def __init__(self, state: TaskState, listed: IssueList, current: IssueId | None, width: int) -> None:
        self._state, self._listed, self._current = state, listed, current
        self._issues = listed.issues
        self._has_frames = any(unit.frame_count > 1 for unit in state.task.units)
        self.current_row = listed.row(current)
        """The row of the current issue, None when it isn't listed."""
        self._thread: tuple[Line, ...] = ()
        if self.current_row is not None and self._issues[self.current_row].kind is not IssueKind.REQUIREMENT:
            comments = self._issues[self.current_row].comments
            self._thread = tuple(line for said in comments for line in _told(said, max(width, LEAST_CELLS)))

    def wrapped(self, width: int) -> IssueRows:
        """Return the same rows, the comments wrapped to so many cells."""
        return IssueRows(self._state, self._listed, self._current, width)

    @property
    def last_row(self) -> int:
        """Return the last row of the current issue."""
        return (self.current_row or 0) + len(self._thread)

    def __len__(self) -> int:
        return len(self._issues) + len(self._thread)

    def key(self, index: int) -> Issue:
        """Return the issue that the line belongs to."""
        return self._place(index)[0]

    def _place(self, index: int) -> tuple[Issue, int]:
        """Return the issue of a line and the line of its thread, -1 for the issue's own line."""
        at = self.current_row
        if at is None or index <= at:
            return self._issues[index], -1
        behind = index - at - 1
        own = behind < len(self._thread)
        return (self._issues[at], behind) if own else (self._issues[index - len(self._thread)], -1)

    def line(self, index: int) -> Line:
        """Return an issue's mark, kind, object, frames and first words; or one comment of its thread."""
        issue, said = self._place(index)
        if said >= 0:
            return self._thread[said]
        if issue.kind is IssueKind.REQUIREMENT:
            return (("⚑ ", WARN), text(issue.title, BOLD))
        on = object_of(issue, self._state.document.instances, self._state.project.ontology)
        tags = f" [{', '.join(issue.tags)}]" if issue.tags else ""
        return (
            ("⚑ ", GOOD if issue.resolved else BAD),
            (self._kind(issue, on), DIM),
            text(f"{on} " if on else "", PLAIN, 40),
            (self._frames(issue), DIM),
            text(issue.title, PLAIN if issue.resolved else BOLD),
            text(tags, DIM),
        )

    def _kind(self, issue: Issue, on: str) -> str:
        """Return what an issue is; one of an object is told by the object's name, one of frames by their numbers."""
        if issue.kind is IssueKind.LABEL and on and not issue.rejection:
            return ""
        if issue.kind in {IssueKind.FRAME, IssueKind.FRAME_RANGE}:
            return "frame" if issue.frames is None or issue.frames[0] == issue.frames[1] else "frames"
        number = self._state.document.pin_number(issue) if issue.kind is IssueKind.PIN else 0
        return f"pin {number} " if number else f"{kind_name(issue).replace('-', ' ')} "

    def _frames(self, issue: Issue) -> str:
        """Return the frames as a new issue names them (`@12–40`), nothing where the data unit has one frame alone."""
        if issue.frames is None:
            return "whole track " if issue.instance is not None and self._has_frames else ""
        first, last = issue.frames
        ends = f"{first} " if first == last else f"{first}–{last} "
        if issue.kind in {IssueKind.FRAME, IssueKind.FRAME_RANGE}:
            return f" {ends}"
        return f"@{ends}" if self._has_frames else ""


def _told(said: Comment, width: int) -> Iterator[Line]:
    """Yield the lines of a comment: who says what."""
    author = f"{one_line(said.author, 40)}: "
    for number, words in enumerate(wrap(author + one_line(said.text, MOST_SAID), width - len(_INDENT)) or [author]):
        if number == 0 and words.startswith(author):
            yield ((_INDENT, PLAIN), (author, DIM), (words.removeprefix(author), PLAIN))
        else:
            yield ((_INDENT, PLAIN), (words, PLAIN))


def issue_rows(state: TaskState, wanted: IssueFilter, current: IssueId | None, width: int = MOST_CELLS) -> RowSource:
    """Return the task's requirements and issues as a person wants them listed; comments are wrapped to a width."""
    listed = issue_list(state, wanted, current)
    if listed.issues:
        return IssueRows(state, listed, current, width)
    if not discussed(state):
        return NoRows("nothing required is missing")
    if wanted.words:
        return NoRows("no issue fits: ‹issue.search› searches for something else")
    if wanted.shown is Shown.RESOLVED:
        return NoRows("none resolved: ‹issue.filter› lists the open ones")
    return NoRows(
        "none open: ‹issue.new› raises one" if len(state.document.issues) else "no issues: ‹issue.new› raises one"
    )


def issue_counts(state: TaskState, wanted: IssueFilter) -> str:
    """Return how many there are, and what is searched for."""
    seen = discussed(state)
    still_open = state.document.open_count
    required = len(task_requirements(state))
    parts = [f"{still_open} open"] if seen else []
    parts += [f"{len(state.document.issues) - still_open} resolved"] if seen and wanted.shown is not Shown.OPEN else []
    parts += [f"{required} required"] if required or not seen else []
    return ", ".join(parts) + (f" / {wanted.words}" if wanted.words else "")


class IssuesPane(VirtualList):
    """Lists issues; moving the cursor makes one the current one."""

    BORDER_TITLE = "Issues"

    @property
    def text_width(self) -> int:
        """Return how many cells a line has; the bar at the side may come with the next ones."""
        return self.content_region.width - 1

    def on_resize(self) -> None:
        """Wrap the thread into the new width."""
        if isinstance(self.rows, IssueRows):
            self.rows = self.rows.wrapped(self.text_width)
            self.show_whole()

    def show_whole(self) -> None:
        """Scroll to where the current issue is seen with its thread."""
        if isinstance(self.rows, IssueRows) and self.rows.current_row is not None:
            self.show_lines(self.rows.current_row, self.rows.last_row)
