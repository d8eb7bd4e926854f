"""The words of many issues, folded once: to search them again takes some milliseconds, whatever was edited since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from tui_editor.model.ids import IssueId
from tui_editor.model.issues import IssueKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from rpds import HashTrieMap

    from tui_editor.model.issue_table import IssueTable
    from tui_editor.model.issues import Issue

    _Issues = HashTrieMap[IssueId, Issue]

PIECE: Final = 1000
"""Issues that are folded, or tried, in one step: a millisecond or three."""
MOST_LOOSE: Final = 2000
LOOSE_SHARE: Final = 8
"""When more issues, or more than an eighth of them, changed since the words were folded, they are folded anew."""


class Column(NamedTuple):
    """One fact of each issue of a piece; of different ones there are few."""

    facts: tuple[Any, ...]
    codes: NDArray[np.intp]
    """n: which of the facts each issue has."""

    def holding(self, holds: Callable[[Any], bool]) -> NDArray[np.bool_]:
        """Return of which issues the fact holds something, n."""
        return np.fromiter(map(holds, self.facts), np.bool_, len(self.facts))[self.codes]


class Piece(NamedTuple):
    """Some issues that follow each other in the list."""

    issues: list[Issue]
    folded: list[str]
    """What is written in each: thread, authors, kind and tags, a line each."""
    written: str
    """The same of all of them: what is not in it is in none."""
    on: Column
    """What each hangs on: an `InstanceId` or None."""
    author: Column
    kind: Column
    tags: Column


class IssueTexts:
    """The issues of a table with their words, a piece at a time when somebody asks for it.

    Args:
        table: Tells the issues and their order.
        issues: The document's.
    """

    def __init__(self, table: IssueTable, issues: _Issues) -> None:
        self.table, self._issues = table, issues
        self._pieces: list[Piece | None] = [None] * -(-len(table.ids) // PIECE)

    def pieces(self) -> Iterator[Piece]:
        """Yield all pieces in order."""
        for number, known in enumerate(self._pieces):
            yield known or self._fold(number)

    def _fold(self, number: int) -> Piece:
        ids = self.table.ids[number * PIECE : (number + 1) * PIECE].tolist()
        issues = [self._issues[IssueId(n)] for n in ids]
        kinds = [kind_name(issue) for issue in issues]
        texts = [_folded(issue, kind) for issue, kind in zip(issues, kinds, strict=True)]
        piece = self._pieces[number] = Piece(
            issues=issues,
            folded=texts,
            written="\n".join(texts),
            on=_column([issue.instance for issue in issues]),
            author=_column([issue.author for issue in issues]),
            kind=_column(kinds),
            tags=_column([issue.tags for issue in issues]),
        )
        return piece


def _column(facts: list[Any]) -> Column:
    codes: dict[Any, int] = {fact: code for code, fact in enumerate(dict.fromkeys(facts))}
    return Column(tuple(codes), np.fromiter(map(codes.__getitem__, facts), np.intp, len(facts)))


def folded(issue: Issue) -> str:
    """Return what is written in an issue, to be searched without regard to case: a line for each text."""
    return _folded(issue, kind_name(issue))


def _folded(issue: Issue, kind: str) -> str:
    texts = [kind, *issue.tags]
    for comment in issue.comments:
        texts += comment.text, comment.author
    return "\n".join(texts).casefold()


def kind_name(issue: Issue) -> str:
    """Return what people call an issue's kind; a rejection and a skip are kinds of their own."""
    return "rejected" if issue.rejection else "skipped" if issue.skip else _KINDS[issue.kind]


def texts_of(table: IssueTable, issues: _Issues) -> tuple[IssueTexts, NDArray[np.int64]]:
    """Return words that were folded, and for each row of a table where among them it is; -1 where it changed since.

    The words that were asked for last are kept.
    """
    last = _last[0] if _last else None  # read once: another thread may put its own there
    if last is not None:
        rows = table.rows_in(last.table)
        if np.count_nonzero(rows < 0) <= min(MOST_LOOSE, len(rows) // LOOSE_SHARE):
            return last, rows
    made = IssueTexts(table, issues)
    _last[:] = [made]
    return made, np.arange(len(table.ids))


_KINDS: Final = {kind: kind.value.replace("_", "-") for kind in IssueKind}
_last: list[IssueTexts] = []
