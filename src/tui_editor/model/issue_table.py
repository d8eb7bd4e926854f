"""The issues of one data unit in columns, in the order in which they are listed."""

from __future__ import annotations

from itertools import count
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
_revisions = count(1)


class IssueTable(Struct, frozen=True, eq=False):
    """Issues in the order of their frames and age, a row each.

    Attributes:
        order: int64, 4 × n: first frame, last frame, time of raising in ms, id; rising from column to column.
        is_open: bool, n: whether the issue is unresolved.
        revision: int64, n: with the id it stands for the issue as it is, so that tables tell at once what changed.
    """

    order: NDArray[np.int64]
    is_open: NDArray[np.bool_]
    revision: NDArray[np.int64]

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
        order, is_open, revision = self.order, self.is_open, self.revision
        if [_key(issue) for issue in gone] == [_key(issue) for issue in came]:
            rows = [_row(order, _key(issue)) for issue in came]
            is_open, revision = is_open.copy(), revision.copy()
            is_open[rows], revision[rows] = [not issue.resolved for issue in came], next(_revisions)
            return IssueTable(order, is_open, revision)
        if gone:
            rows = [_row(order, _key(issue)) for issue in gone]
            order = np.delete(order, rows, axis=1)
            is_open, revision = np.delete(is_open, rows), np.delete(revision, rows)
        if came:
            more = make_table(came)
            rows = [_row(order, key) for key in more.order.T.tolist()]
            order = np.insert(order, rows, more.order, axis=1)
            is_open, revision = np.insert(is_open, rows, more.is_open), np.insert(revision, rows, more.revision)
        return IssueTable(order, is_open, revision)

    def rows_in(self, other: IssueTable) -> NDArray[np.int64]:
        """Return for each row where the same issue, unchanged, stands in another table; -1 where it doesn't, n."""
        begun, rest = _alike(self.ids, other.ids)
        at = np.full(len(self.ids), -1)
        at[:begun] = np.arange(begun)
        at[len(at) - rest :] = np.arange(len(other.ids) - rest, len(other.ids))
        ours, theirs = self.ids[begun : len(at) - rest], other.ids[begun : len(other.ids) - rest]
        if len(ours) and len(theirs):
            by = np.argsort(theirs)
            found = np.append(by, -1)[np.searchsorted(theirs, ours, sorter=by)]
            at[begun : len(at) - rest] = np.where(theirs[found] == ours, found + begun, -1)
        same = (at >= 0) & (np.append(other.revision, 0)[at] == self.revision)
        return np.where(same, at, -1)


def _alike(some: NDArray[np.int64], others: NDArray[np.int64]) -> tuple[int, int]:
    """Return how many ids are the same at the beginning, and of what is left how many at the end."""
    short = min(len(some), len(others))
    differ = np.flatnonzero(some[:short] != others[:short])
    begun = int(differ[0]) if len(differ) else short
    left = short - begun
    differ = np.flatnonzero(some[len(some) - left :] != others[len(others) - left :])
    return begun, left - 1 - int(differ[-1]) if len(differ) else left


def make_table(issues: Iterable[Issue]) -> IssueTable:
    """Return the table of issues in any order."""
    found = list(issues)
    order = np.array([_key(issue) for issue in found], np.int64).reshape(-1, 4).T
    is_open = np.array([not issue.resolved for issue in found], bool)
    return _sorted(order, is_open, np.full(len(found), next(_revisions), np.int64))


def together(tables: Iterable[IssueTable]) -> IssueTable:
    """Return the table of the issues of several."""
    parts = list(tables)
    if len(parts) == 1:
        return parts[0]
    joined = one_after_another(parts)
    return _sorted(joined.order, joined.is_open, joined.revision)


def one_after_another(tables: Sequence[IssueTable]) -> IssueTable:
    """Return the rows of several in the order in which they are given."""
    if len(tables) == 1:
        return tables[0]
    parts = [_NONE, *tables]
    return IssueTable(
        np.concatenate([part.order for part in parts], axis=1),
        np.concatenate([part.is_open for part in parts]),
        np.concatenate([part.revision for part in parts]),
    )


def _sorted(order: NDArray[np.int64], is_open: NDArray[np.bool_], revision: NDArray[np.int64]) -> IssueTable:
    by = np.lexsort(order[::-1])
    return IssueTable(np.ascontiguousarray(order[:, by]), is_open[by], revision[by])


_NONE: Final = IssueTable(np.zeros((4, 0), np.int64), np.zeros(0, bool), np.zeros(0, np.int64))


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
