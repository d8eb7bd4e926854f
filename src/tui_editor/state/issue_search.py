"""Issues found by words: each must be in the thread, the tags or the object's name; `kind:` and the like narrow."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from tui_editor.model.ids import IssueId
from tui_editor.state.issue_texts import folded, kind_name, texts_of
from tui_editor.state.memo import remember_last
from tui_editor.state.selectors import instance_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray
    from rpds import HashTrieMap

    from tui_editor.model.ids import InstanceId
    from tui_editor.model.instances import Instance
    from tui_editor.model.issue_table import IssueTable
    from tui_editor.model.issues import Issue
    from tui_editor.model.ontology import Ontology
    from tui_editor.state.issue_texts import Column, Piece

    _Instances = HashTrieMap[InstanceId, Instance]
    _Issues = HashTrieMap[IssueId, Issue]


class Words:
    """Tells which issues fit all words, and remembers it: after an edit only the issues that changed are tried.

    Args:
        words: What is searched for.
        instances: The document's.
        ontology: Names their classes.
    """

    def __init__(self, words: str, instances: _Instances, ontology: Ontology) -> None:
        tests = [_word_test(word, instances, ontology) for word in words.casefold().split()]
        self._tests = sorted(tests, key=lambda each: isinstance(each, _Anywhere))  # facts are tried quickest
        self._known: tuple[IssueTable, NDArray[np.bool_]] | None = None

    def fits(self, issue: Issue) -> bool:
        """Return whether an issue fits."""
        return all(test.fits(issue) for test in self._tests)

    def steps(self, table: IssueTable, issues: _Issues) -> Iterator[float]:
        """Try the issues of a table, some hundred a step, so that asking for those that fit takes no time.

        Yields:
            The share that is done.
        """
        texts, rows = texts_of(table, issues)
        found = np.zeros(len(texts.table.ids), bool)
        done = 0
        for piece in texts.pieces():
            found[done : done + len(piece.issues)] = self._fitting(piece)
            done += len(piece.issues)
            yield done / len(found)
        self._known = texts.table, found
        self.among(table, issues, rows)

    def _fitting(self, piece: Piece) -> NDArray[np.bool_]:
        found = np.ones(len(piece.issues), bool)
        for each in self._tests:
            if not found.any():
                break
            found = each.fitting(piece, found)
        return found

    def among(self, table: IssueTable, issues: _Issues, rows: NDArray[np.int64] | None = None) -> NDArray[np.bool_]:
        """Return for each row of a table whether its issue fits, n; those that are not known to are tried.

        Args:
            table: Of the document's issues.
            issues: The document's.
            rows: Where the table's rows stand in the one that was tried last, where that is known.
        """
        if self._known is None:
            for _ in self.steps(table, issues):
                pass
        assert self._known is not None  # the steps end with it
        if self._known[0] is table:
            return self._known[1]
        tried, fit = self._known
        rows = table.rows_in(tried) if rows is None else rows
        found = fit[rows] & (rows >= 0) if len(fit) else np.zeros(len(rows), bool)
        loose = np.flatnonzero(rows < 0)
        found[loose] = [self.fits(issues[IssueId(n)]) for n in table.ids[loose].tolist()]
        self._known = table, found
        return found


@remember_last
def test(words: str, instances: _Instances, ontology: Ontology) -> Words:
    """Return what tells whether issues fit; as long as the same is asked, the same one."""
    return Words(words, instances, ontology)


class _Test(Protocol):
    def fits(self, issue: Issue) -> bool: ...

    def fitting(self, piece: Piece, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which of some issues fit, n."""
        ...


class _Anywhere:
    """A word that may be anywhere, also in the name of what an issue hangs on."""

    def __init__(self, word: str, instances: _Instances, ontology: Ontology) -> None:
        self._word, self._instances, self._ontology = word, instances, ontology
        self._named: dict[InstanceId | None, bool] = {}  # of a hundred thousand issues many hang on the same instance

    def fits(self, issue: Issue) -> bool:
        return self._word in folded(issue) or self._names(issue.instance)

    def fitting(self, piece: Piece, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
        word, found = self._word, among & piece.on.holding(self._names)
        if word in piece.written:
            rest = np.flatnonzero(among & ~found)
            texts = piece.folded if len(rest) == len(found) else [piece.folded[n] for n in rest.tolist()]
            found[rest] = [word in text for text in texts]
        return found

    def _names(self, key: InstanceId | None) -> bool:
        found = self._named.get(key)
        if found is None:
            found = self._named[key] = self._word in _name(key, self._instances, self._ontology).casefold()
        return found


class _Fact(dict[Any, bool]):
    """A word in one fact of an issue. Of facts there are few: whether each holds the word is remembered.

    Args:
        value: The word.
        fact: Returns the fact of an issue.
        column: Returns the facts of a piece.
        words: Returns the words of a fact.
    """

    def __init__(
        self,
        value: str,
        fact: Callable[[Issue], Any],
        column: Callable[[Piece], Column],
        words: Callable[[Any], str] = str,
    ) -> None:
        super().__init__()
        self._value, self._fact, self._column, self._words = value, fact, column, words

    def __missing__(self, fact: object) -> bool:
        self[fact] = found = self._value in self._words(fact).casefold()
        return found

    def fits(self, issue: Issue) -> bool:
        return self[self._fact(issue)]

    def fitting(self, piece: Piece, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return among & self._column(piece).holding(self.__getitem__)


def _word_test(word: str, instances: _Instances, ontology: Ontology) -> _Test:
    key, _, value = word.partition(":")
    match key if value else "":
        case "kind":
            return _Fact(value, kind_name, lambda piece: piece.kind)
        case "author":
            return _Fact(value, lambda issue: issue.author, lambda piece: piece.author)
        case "tag":
            return _Fact(value, lambda issue: issue.tags, lambda piece: piece.tags, _tag_words)
        case "class":
            names = partial(_name, instances=instances, ontology=ontology)
            classes = lambda instance: names(instance).rpartition(" ")[0]  # noqa: E731  # told to the test only
            return _Fact(value, lambda issue: issue.instance, lambda piece: piece.on, classes)
        case _:
            return _Anywhere(word, instances, ontology)


def _tag_words(tags: tuple[str, ...]) -> str:
    return " ".join("-".join(tag.split()) for tag in tags)


def object_of(issue: Issue, instances: _Instances, ontology: Ontology) -> str:
    """Return the name of the instance that an issue hangs on; empty for none."""
    return _name(issue.instance, instances, ontology)


def _name(key: InstanceId | None, instances: _Instances, ontology: Ontology) -> str:
    instance = instances.get(key) if key is not None else None
    return instance_name(ontology, instance) if instance is not None else ""


__all__ = ["Words", "kind_name", "object_of", "test"]
