"""The Findings pane: what the checks find in the task; the current finding is followed by what it says in full."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

from tui_editor.commands.mend_words import mend_words
from tui_editor.ports import Severity
from tui_editor.state.findings import FindingFilter, FoundFilter, finding_list, frames_of
from tui_editor.text import one_line
from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, GOOD, PLAIN, WARN, Line, NoRows, RowSource, shortened, text
from tui_editor.ui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from rich.style import Style

    from tui_editor.ports import Finding
    from tui_editor.state.findings import FindingList, Found
    from tui_editor.state.store import TaskState

MARK: Final = "▲"
LOOKS: Final = {Severity.ERROR: BAD, Severity.WARNING: WARN, Severity.INFO: DIM}
LEAST_CELLS: Final = 20
UNIT_CELLS: Final = 12
_INDENT: Final = "   "


class FindingRows:
    """A line for each finding; the current one is followed by what it says, what to do, and what a key does."""

    def __init__(self, state: TaskState, listed: FindingList, current: Finding | None, width: int) -> None:
        self._findings = listed.findings
        units = state.task.units if len(state.task.units) > 1 else ()
        self._units = {unit.id: f"{shortened(unit.title, UNIT_CELLS)} " for unit in units}
        self._frames = any(unit.frame_count > 1 for unit in state.task.units)
        self.current_row = listed.row(current)
        """The row of the current finding, None when it isn't listed."""
        self._details: tuple[Line, ...] = ()
        if self.current_row is not None and state.findings is not None:
            found, finding = state.findings, self._findings[self.current_row]
            self._details = tuple(_details(state, found, finding, max(width - len(_INDENT), LEAST_CELLS)))

    def __len__(self) -> int:
        return len(self._findings) + len(self._details)

    @property
    def last_row(self) -> int:
        """Return the last row of the current finding."""
        return (self.current_row or 0) + len(self._details)

    def key(self, index: int) -> Finding:
        """Return the finding that the line belongs to."""
        return self._findings[self._place(index)[0]]

    def _place(self, index: int) -> tuple[int, int]:
        """Return the finding's number of a line and which of its details that is, -1 for its own line."""
        at = self.current_row
        if at is None or index <= at:
            return index, -1
        behind = index - at - 1
        return (at, behind) if behind < len(self._details) else (index - len(self._details), -1)

    def line(self, index: int) -> Line:
        """Return a finding's mark, rule, frames and message; or a line of the current one's details."""
        number, detail = self._place(index)
        if detail >= 0:
            return self._details[detail]
        finding = self._findings[number]
        return (
            (f"{MARK} ", LOOKS[finding.severity]),
            text(f"{finding.rule} ", BOLD, 20),
            (self._units.get(finding.unit, "") if finding.unit is not None else "", DIM),
            (_frames(finding) if self._frames else "", DIM),
            text(finding.message, PLAIN),
        )


def _frames(finding: Finding) -> str:
    frames = frames_of(finding)
    if frames is None:
        return ""
    return f"{frames[0]} " if frames[0] == frames[1] else f"{frames[0]}–{frames[1]} "


def _details(state: TaskState, found: Found, finding: Finding, width: int) -> list[Line]:
    """Return the current finding in full, wrapped."""
    said = one_line(finding.message, 400)
    pieces: list[tuple[str, Style]] = [(f"{finding.severity}: {found.titles.get(finding.rule, finding.rule)}", DIM)]
    pieces += [(said, PLAIN)] if len(said) > width // 2 else []
    accepted = found.accepted.get(finding)
    if accepted is not None:
        until = f", until {accepted.until}" if accepted.until else ""
        pieces.append((f"waived by {one_line(accepted.author)}{until}: {one_line(accepted.reason)}", GOOD))
    elif words := mend_words(state, finding):
        pieces.append((f"Enter {words}", GOOD))
    if finding.hint:
        pieces.append((f"to do: {one_line(finding.hint)}", DIM))
    return [((_INDENT, PLAIN), (part, style)) for words, style in pieces for part in wrap(words, width)]


def finding_rows(state: TaskState, wanted: FindingFilter, current: Finding | None, width: int) -> RowSource:
    """Return the task's findings as a person wants them listed."""
    found = state.findings
    if found is None:
        return NoRows("not checked yet: ‹finding.open› checks it")
    if found.problem:
        return NoRows(found.problem)
    listed = finding_list(found, state.task, wanted)
    return FindingRows(state, listed, current, width) if listed.findings else NoRows(_why_none(found, wanted))


def _why_none(found: Found, wanted: FindingFilter) -> str:
    if wanted.words:
        return "none fits: ‹finding.search› searches anew"
    if wanted.shown is FoundFilter.WAIVED:
        return "none is waived: ‹finding.filter› lists others"
    if sum(found.counts):
        return "none of these: ‹finding.filter› lists others"
    return "the checks find nothing wrong"


def finding_counts(state: TaskState, wanted: FindingFilter) -> str:
    """Return how many there are, what is listed and what is searched for."""
    found = state.findings
    if found is None:
        return ""
    names = (("error", "errors"), ("warning", "warnings"), ("info", "info"))
    parts = [f"{count:,} {names[n][count != 1]}" for n, count in enumerate(found.counts) if count]
    if wanted.shown is FoundFilter.WAIVED or (found.waived and not parts):
        parts = [f"{len(found.waived)} waived"]
    elif wanted.shown in {FoundFilter.BLOCKING, FoundFilter.ERRORS}:
        parts = [*parts[:1], str(wanted.shown)] if wanted.shown is FoundFilter.BLOCKING else parts[:1]
    order = " · worst first" if wanted.worst_first else ""
    return (", ".join(parts) or "none") + order + (f" / {wanted.words}" if wanted.words else "")


class FindingsPane(VirtualList):
    """Lists findings; moving the cursor goes to one."""

    BORDER_TITLE = "Findings"

    def show_whole(self) -> None:
        """Scroll to where the current finding is seen with all that it says."""
        rows = self.rows
        if isinstance(rows, FindingRows) and rows.current_row is not None:
            self.show_lines(rows.current_row, rows.last_row)
