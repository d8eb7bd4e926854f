"""The issues that a person has before them: which are listed, in which order, found by words."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Final, overload

import numpy as np
from msgspec import Struct

from tui_editor.model.ids import IssueId
from tui_editor.model.issue_table import one_after_another, together
from tui_editor.state import issue_search
from tui_editor.state.issue_texts import texts_of
from tui_editor.state.memo import remember_last
from tui_editor.state.requirements import task_requirements
from tui_editor.state.selectors import discussed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from rpds import HashTrieMap

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import UnitId
    from tui_editor.model.issue_table import IssueTable
    from tui_editor.model.issues import Issue
    from tui_editor.model.project import Task
    from tui_editor.state.store import TaskState

NO_IDS: Final = np.zeros(0, np.int64)


class Shown(StrEnum):
    """Which issues are listed."""

    OPEN = "open"
    RESOLVED = "resolved"
    ALL = "all"


class IssueFilter(Struct, frozen=True, kw_only=True):
    """What a person wants listed."""

    shown: Shown = Shown.OPEN
    words: str = ""
    """Each must be found in the thread, the tags or the object's name; `kind:`, `tag:`, `author:`, `class:` narrow."""


NO_FILTER: Final = IssueFilter()


class IssueList:
    """The listed issues in order: those of the document, then task requirements.

    Args:
        ids: int64, n: of the document's issues.
        issues: The document's.
        required: Task requirements.
    """

    def __init__(
        self, ids: NDArray[np.int64], issues: HashTrieMap[IssueId, Issue], required: tuple[Issue, ...]
    ) -> None:
        self._ids, self._required = ids, required
        self.issues = _Issues(ids, issues, required)

    def row(self, issue: IssueId | None) -> int | None:
        """Return where an issue stands, None when it is not listed."""
        found = np.flatnonzero(self._ids == issue).tolist() if issue is not None else []
        if found:
            return int(found[0])
        return next((len(self._ids) + n for n, each in enumerate(self._required) if each.id == issue), None)


class _Issues(Sequence["Issue"]):
    """Issues that are looked up when somebody asks for one."""

    def __init__(
        self, ids: NDArray[np.int64], issues: HashTrieMap[IssueId, Issue], required: tuple[Issue, ...]
    ) -> None:
        self._ids, self._issues, self._required = ids, issues, required

    def __len__(self) -> int:
        return len(self._ids) + len(self._required)

    @overload
    def __getitem__(self, index: int) -> Issue: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Issue, ...]: ...

    def __getitem__(self, index: int | slice) -> Issue | tuple[Issue, ...]:
        if isinstance(index, slice):
            return tuple(self[n] for n in range(*index.indices(len(self))))
        at = range(len(self))[index]
        return self._issues[IssueId(int(self._ids[at]))] if at < len(self._ids) else self._required[at - len(self._ids)]


def issue_list(state: TaskState, wanted: IssueFilter, current: IssueId | None = None) -> IssueList:
    """Return what is listed: issues by their place in the task and their age, then task requirements.

    The current issue stays listed when it is resolved while one looks at open ones.
    """
    document = state.document
    required = task_requirements(state) if wanted.shown is not Shown.RESOLVED else ()
    ids = NO_IDS
    fits = issue_search.test(wanted.words, document.instances, state.project.ontology) if wanted.words else None
    if discussed(state):
        table = _in_place(state.task, document.lookup.by_place)
        kept = current if current is not None and wanted.shown is Shown.OPEN else None
        ids = _listed(table, wanted.shown, kept, fits.among(table, document.issues) if fits is not None else None)
    if fits is not None:
        required = tuple(filter(fits.fits, required))
    return IssueList(ids, document.issues, required)


def search_steps(state: TaskState, wanted: IssueFilter) -> Iterator[float]:
    """Try the words on the issues, a few hundred a step, so that listing them takes no time; yields the share."""
    if wanted.words and discussed(state):
        document = state.document
        table = _in_place(state.task, document.lookup.by_place)
        yield from issue_search.test(wanted.words, document.instances, state.project.ontology).steps(
            table, document.issues
        )


def make_searchable(task: Task, document: LabelDocument, rest: Callable[[], None] = lambda: None) -> None:
    """Fold the words of a task's issues before somebody searches them; any thread may do it.

    Args:
        task: The task.
        document: Its document.
        rest: Called between steps of about a millisecond, so that the event loop need not wait for the interpreter.
    """
    texts, _ = texts_of(_in_place(task, document.lookup.by_place), document.issues)
    for _ in texts.pieces():
        rest()


@remember_last
def _in_place(task: Task, tables: HashTrieMap[UnitId | None, IssueTable]) -> IssueTable:
    """Return the issues by unit, frames and age."""
    units = [unit.id for unit in task.units if unit.id in tables]
    elsewhere = [table for unit, table in tables.items() if unit not in units]
    parts = [*([together(elsewhere)] if elsewhere else ()), *(tables[unit] for unit in units)]
    return one_after_another(parts)


@remember_last
def _listed(
    table: IssueTable, shown: Shown, kept: IssueId | None, found: NDArray[np.bool_] | None
) -> NDArray[np.int64]:
    """Return the ids of the issues that are shown and found; one is kept whatever it is."""
    rows = _shown(table, shown, kept)
    return table.ids[rows if found is None else rows & found]


def _shown(table: IssueTable, shown: Shown, kept: IssueId | None) -> NDArray[np.bool_]:
    if shown is Shown.ALL:
        return np.ones(len(table.ids), bool)
    if shown is Shown.RESOLVED:
        return ~table.is_open
    return table.is_open if kept is None else table.is_open | (table.ids == kept)
