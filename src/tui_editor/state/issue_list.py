"""The issues that a person has before them: which are listed, in which order, found by words."""

from __future__ import annotations

from bisect import bisect_left
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from tui_editor.model.lookup import by_age
from tui_editor.state.memo import remember_last
from tui_editor.state.requirements import task_requirements
from tui_editor.state.selectors import discussed, instance_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from rpds import HashTrieMap

    from tui_editor.model.ids import InstanceId, IssueId, UnitId
    from tui_editor.model.instances import Instance
    from tui_editor.model.issues import Issue
    from tui_editor.model.ontology import Ontology
    from tui_editor.model.project import Task
    from tui_editor.state.store import TaskState

    _Instances = HashTrieMap[InstanceId, Instance]

_NOWHERE: Final = (-1, -1)


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
MOST_FOLLOWED: Final = 1000
"""Issues that came or went: after more of them all are put in order anew."""


class IssueList:
    """The listed issues in order."""

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        self.issues = issues
        self._last: tuple[IssueId | None, int | None] = (None, None)

    def row(self, issue: IssueId | None) -> int | None:
        """Return where an issue stands, None when it is not listed."""
        if issue is not None and issue != self._last[0]:
            # asked for one issue at a time: a table of all would take longer to make than it saves
            self._last = issue, next((row for row, each in enumerate(self.issues) if each.id == issue), None)
        return self._last[1] if issue is not None else None


def issue_list(state: TaskState, wanted: IssueFilter, current: IssueId | None = None) -> IssueList:
    """Return what is listed: issues by their place in the task and their age, then task requirements.

    The current issue stays listed when it is resolved while one looks at open ones.
    """
    document, ontology = state.document, state.project.ontology
    required = task_requirements(state) if wanted.shown is not Shown.RESOLVED else ()
    placed: tuple[Issue, ...] = ()
    if discussed(state):
        kept = document.issues.get(current) if current is not None and wanted.shown is Shown.OPEN else None
        kept = kept if kept is not None and kept.resolved else None
        placed = _in_place(state.task, document.issues, document.open_issues(), kept, wanted.shown)
    if wanted.words:
        placed = _found(placed, wanted.words, document.instances, ontology)
        required = tuple(filter(_test(wanted.words, document.instances, ontology), required))
    return _listed(placed, required)


@remember_last
def _in_place(
    task: Task, issues: HashTrieMap[IssueId, Issue], still_open: tuple[Issue, ...], kept: Issue | None, shown: Shown
) -> tuple[Issue, ...]:
    if shown is Shown.OPEN:
        return _OPEN.of(task, still_open, kept)
    key = _place_key(task)
    return tuple(sorted((i for i in issues.values() if i.resolved or shown is Shown.ALL), key=key))


_Place = tuple[int, tuple[int, int], tuple[int, int]]


@remember_last
def _place_key(task: Task) -> Callable[[Issue], _Place]:
    """Return the key that sorts issues by unit, frames and age."""
    rank: dict[UnitId | None, int] = {unit.id: number for number, unit in enumerate(task.units)}
    return lambda issue: (rank.get(issue.unit, -1), issue.frames or _NOWHERE, by_age(issue))


class _InPlace:
    """The open issues by their place: an edit is followed, not everything sorted anew."""

    def __init__(self) -> None:
        self._task: Task | None = None
        self._open: tuple[Issue, ...] = ()
        self._keys: list[_Place] = []
        self._issues: list[Issue] = []

    def of(self, task: Task, still_open: tuple[Issue, ...], kept: Issue | None) -> tuple[Issue, ...]:
        """Return the open issues of a task in order, and one that is resolved among them."""
        key = _place_key(task)
        gone, came = _difference(self._open, still_open)
        if task is not self._task or len(gone) + len(came) > MOST_FOLLOWED:
            self._issues = sorted(still_open, key=key)
            self._keys = [key(issue) for issue in self._issues]
        else:
            for issue in gone:
                at = bisect_left(self._keys, key(issue))
                del self._keys[at], self._issues[at]
            for issue in came:
                at = bisect_left(self._keys, key(issue))
                self._keys.insert(at, key(issue))
                self._issues.insert(at, issue)
        self._task, self._open = task, still_open
        if kept is None:
            return tuple(self._issues)
        at = bisect_left(self._keys, key(kept))
        return (*self._issues[:at], kept, *self._issues[at:])


_OPEN = _InPlace()


def _difference(old: tuple[Issue, ...], new: tuple[Issue, ...]) -> tuple[tuple[Issue, ...], tuple[Issue, ...]]:
    """Return what lies between the common beginning and the common end of two lists, of each."""
    shorter = min(len(old), len(new))
    head = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a is not b), shorter)
    pairs = zip(reversed(old), reversed(new), strict=False)
    tail = min(next((n for n, (a, b) in enumerate(pairs) if a is not b), shorter), shorter - head)
    return old[head : len(old) - tail], new[head : len(new) - tail]


@remember_last
def _listed(placed: tuple[Issue, ...], required: tuple[Issue, ...]) -> IssueList:
    return IssueList((*placed, *required))


@remember_last
def _found(issues: tuple[Issue, ...], words: str, instances: _Instances, ontology: Ontology) -> tuple[Issue, ...]:
    return tuple(filter(_test(words, instances, ontology), issues))


def _test(words: str, instances: _Instances, ontology: Ontology) -> Callable[[Issue], bool]:
    """Return what tells whether an issue fits all words."""
    tests = [_word_test(word, instances, ontology) for word in words.casefold().split()]
    return lambda issue: all(fits(issue) for fits in tests)


def _word_test(word: str, instances: _Instances, ontology: Ontology) -> Callable[[Issue], bool]:
    key, _, value = word.partition(":")
    facts: dict[str, Callable[[Issue], str]] = {
        "kind": kind_name,
        "tag": lambda issue: " ".join("-".join(tag.split()) for tag in issue.tags),
        "author": lambda issue: issue.author,
        "class": lambda issue: object_of(issue, instances, ontology).rpartition(" ")[0],
    }
    if key in facts and value:
        return lambda issue: value in facts[key](issue).casefold()
    return lambda issue: word in _all_text(issue, instances, ontology).casefold()


def _all_text(issue: Issue, instances: _Instances, ontology: Ontology) -> str:
    said = (part for comment in issue.comments for part in (comment.text, comment.author))
    return " ".join((*said, *issue.tags, object_of(issue, instances, ontology), kind_name(issue)))


def kind_name(issue: Issue) -> str:
    """Return what people call an issue's kind; a rejection and a skip are kinds of their own."""
    return "rejected" if issue.rejection else "skipped" if issue.skip else issue.kind.value.replace("_", "-")


def object_of(issue: Issue, instances: _Instances, ontology: Ontology) -> str:
    """Return the name of the instance that an issue hangs on; empty for none."""
    instance = instances.get(issue.instance) if issue.instance is not None else None
    return instance_name(ontology, instance) if instance is not None else ""
