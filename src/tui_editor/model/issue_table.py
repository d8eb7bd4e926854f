"""The issues of one data unit in columns, in the order in which they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui_editor.model.ids import IssueId
    from tui_editor.model.issues import Issue

_LEAST, _MOST = -(2**63), 2**63 - 1
NOWHERE: Final = (-1, -1)
"""Stands for the frames of an issue that is on none."""


class IssueTable(Struct, frozen=True, eq=False):
    """Issues in the order of their frames and age, a row each.

    Attributes:
        order: int64, 4 × n: first frame, last frame, time of raising in ms, id; rising from column to column.
        is_open: bool, n: whether the issue is unresolved.
    """

    order: NDArray[np.int64]
    is_open: NDArray[np.bool_]

    @property
    def ids(self) -> NDArray[np.int64]:
        """Return the ids in order."""
        return np.asarray(self.order[3])

    @property
    def bounds(self) -> NDArray[np.int64]:
        """Return first and last frames, 2 × n; -1 for issues that are on no frame."""
        return self.order[:2]

    @property
    def open_count(self) -> int:
        """Return the number of unresolved issues."""
        return int(np.count_nonzero(self.is_open))

    @property
    def oldest_open(self) -> tuple[int, int]:
        """Return time of raising and id of the unresolved issue that was raised first; ValueError without one."""
        raised, ids = self.order[2:, self.is_open]
        first = int(raised.min())
        return first, int(ids[raised == first].min())

    def changed(self, gone: Sequence[Issue], came: Sequence[Issue]) -> IssueTable:
        """Return the table without issues that are in it, and with others; `order` is the same where the places are."""
        order, is_open = self.order, self.is_open
        if [_key(issue) for issue in gone] == [_key(issue) for issue in came]:
            is_open = is_open.copy()
            is_open[[_row(order, _key(issue)) for issue in came]] = [not issue.resolved for issue in came]
            return IssueTable(order, is_open)
        if gone:
            rows = [_row(order, _key(issue)) for issue in gone]
            order, is_open = np.delete(order, rows, axis=1), np.delete(is_open, rows)
        if came:
            more = make_table(came)
            rows = [_row(order, key) for key in more.order.T.tolist()]
            order, is_open = np.insert(order, rows, more.order, axis=1), np.insert(is_open, rows, more.is_open)
        return IssueTable(order, is_open)


def make_table(issues: Iterable[Issue]) -> IssueTable:
    """Return the table of issues in any order."""
    found = list(issues)
    order = np.array([_key(issue) for issue in found], np.int64).reshape(-1, 4).T
    is_open = np.array([not issue.resolved for issue in found], bool)
    return _sorted(order, is_open)


def together(tables: Iterable[IssueTable]) -> IssueTable:
    """Return the table of the issues of several."""
    parts = list(tables)
    if len(parts) == 1:
        return parts[0]
    order = np.concatenate([np.zeros((4, 0), np.int64), *(part.order for part in parts)], axis=1)
    return _sorted(order, np.concatenate([np.zeros(0, bool), *(part.is_open for part in parts)]))


def _sorted(order: NDArray[np.int64], is_open: NDArray[np.bool_]) -> IssueTable:
    by = np.lexsort(order[::-1])
    return IssueTable(np.ascontiguousarray(order[:, by]), is_open[by])


def _key(issue: Issue) -> tuple[int, int, int, IssueId]:
    first, last = issue.frames or NOWHERE
    # frames and times of foreign files may be any numbers
    return _within(first), _within(last), _within(issue.created_ms), issue.id


def _within(number: int) -> int:
    return min(max(number, _LEAST), _MOST)


def _row(order: NDArray[np.int64], key: Sequence[int]) -> int:
    """Return where a key stands, or would stand."""
    low, high = 0, order.shape[1]
    for column, value in zip(order, key, strict=True):
        part: NDArray[Any] = column[low:high]
        low, high = low + int(np.searchsorted(part, value)), low + int(np.searchsorted(part, value, "right"))
    return low
