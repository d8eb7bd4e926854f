"""A line of the queue for each task, in columns for a width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import set_cell_size

from tui_editor.ui.widgets.rows import BAD, BOLD, DIM, GOOD, PLAIN, WARN, Line, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui_editor.model.project import TaskRow

WIDE_CELLS = 104
"""Below this width a row leaves out what the task is made of."""
WIDE_REST, NARROW_REST = 86, 44
"""Cells of the other columns."""
WHO_FROM_CELLS = 76
"""Below this width a row leaves out whose the task is."""
SLIM_CELLS = 56
"""Below this width a row leaves out how many labels the task has."""
LABELS_CELLS = 14
MOST_TITLE_CELLS = 60
WHO_CELLS = 12

_STATE_STYLES = {"completed": GOOD, "reopened": WARN, "skipped": DIM, "new": PLAIN, "assigned": BOLD}


class TaskRows:
    """The rows fetched so far, in columns for a width."""

    def __init__(self, rows: Sequence[TaskRow], mine: str, width: int) -> None:
        self._rows, self._mine = rows, mine
        self._wide = width >= WIDE_CELLS
        self._names = width >= WHO_FROM_CELLS
        self._slim = width < SLIM_CELLS
        self._stage_cells = 10 if self._slim else 12
        narrow = NARROW_REST - (LABELS_CELLS + 2 if self._slim else 0) + (WHO_CELLS + 2 if self._names else 0)
        others = WIDE_REST if self._wide else narrow
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
            (" " + _fit(row.stage, self._stage_cells), DIM),
            (_fit(row.state, 10), _STATE_STYLES.get(row.state, PLAIN)),
            ("" if self._slim else f"{kind}{labels:>{LABELS_CELLS}}", DIM),
            issues,
            (f"  {_fit(row.branch or who, WHO_CELLS)}" if self._names else "", DIM),
        )


def _fit(words: str, cells: int) -> str:
    """Return text from data as one line of exactly so many cells, a blank at its end."""
    return set_cell_size(shortened(words, cells - 1), cells)
