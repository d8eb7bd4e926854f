"""Issues found by words: each must be in the thread, the tags or the object's name; `kind:` and the like narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.state.memo import remember_last
from tui_editor.state.selectors import instance_name

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray
    from rpds import HashTrieMap

    from tui_editor.model.ids import InstanceId, IssueId
    from tui_editor.model.instances import Instance
    from tui_editor.model.issues import Issue
    from tui_editor.model.ontology import Ontology

    _Instances = HashTrieMap[InstanceId, Instance]


class Words:
    """Tells whether issues fit all words, and remembers it: after an edit only the issues that changed are tried.

    Args:
        words: What is searched for.
        instances: The document's.
        ontology: Names their classes.
    """

    def __init__(self, words: str, instances: _Instances, ontology: Ontology) -> None:
        self._tests = [_word_test(word, instances, ontology) for word in words.casefold().split()]
        self._tried: dict[IssueId, tuple[Issue, bool]] = {}
        self.known: tuple[NDArray[np.int64], HashTrieMap[IssueId, Issue], NDArray[np.int64]] | None = None
        """The ids and issues that were tried together, and the ids of those that fit."""

    def fits(self, issue: Issue) -> bool:
        """Return whether an issue fits."""
        tried = self._tried.get(issue.id)
        if tried is None or tried[0] is not issue:
            tried = self._tried[issue.id] = issue, all(fits(issue) for fits in self._tests)
        return tried[1]


@remember_last
def test(words: str, instances: _Instances, ontology: Ontology) -> Words:
    """Return what tells whether issues fit; as long as the same is asked, the same one."""
    return Words(words, instances, ontology)


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
    holds = _Holds(word)
    named: dict[InstanceId | None, bool] = {}  # of a hundred thousand issues many hang on the same instance

    def fits(issue: Issue) -> bool:
        for comment in issue.comments:
            if word in comment.text.casefold() or holds[comment.author]:
                return True
        found = named.get(issue.instance)
        if found is None:
            found = named[issue.instance] = holds[object_of(issue, instances, ontology)]
        return found or holds[kind_name(issue)] or any(holds[tag] for tag in issue.tags)

    return fits


class _Holds(dict[str, bool]):
    """Whether texts of which there are few hold a word."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self._word = word

    def __missing__(self, text: str) -> bool:
        self[text] = found = self._word in text.casefold()
        return found


def kind_name(issue: Issue) -> str:
    """Return what people call an issue's kind; a rejection and a skip are kinds of their own."""
    return "rejected" if issue.rejection else "skipped" if issue.skip else issue.kind.value.replace("_", "-")


def object_of(issue: Issue, instances: _Instances, ontology: Ontology) -> str:
    """Return the name of the instance that an issue hangs on; empty for none."""
    instance = instances.get(issue.instance) if issue.instance is not None else None
    return instance_name(ontology, instance) if instance is not None else ""
