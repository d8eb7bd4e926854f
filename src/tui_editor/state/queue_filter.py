"""What is typed to filter and sort the queue, as a query."""

from __future__ import annotations

from msgspec.structs import replace

from tui_editor.model.project import TaskQuery, TaskSort

HINT = "words of the title  stage:review  state:new  assignee:kim  kind:video  issue:open  city=Bonn  sort:title"
_NAMED = {name: name for name in ("stage", "state", "assignee", "kind", "group")} | {"open": "open_to"}
_ISSUES = {"issue:open": True, "issue:none": False}


def query_of(words: str, limit: int = 100, me: str = "") -> TaskQuery:
    """Return what a filter means.

    Args:
        words: Words of the title, and `stage:`, `state:`, `assignee:`, `kind:`, `group:` with a name, `open:` with
            whose tasks wait, `issue:open` or `issue:none`, `KEY=VALUE` of client metadata, `sort:` and `reverse`;
            `me` is the person.
        limit: Rows of a page.
        me: Who asks.
    """
    query, title = TaskQuery(limit=limit), []
    for word in words.split():
        key, _, value = word.partition(":")
        name, equals, wanted = word.partition("=")
        if word in _ISSUES:
            query = replace(query, has_issues=_ISSUES[word])
        elif key in _NAMED and value:
            query = replace(query, **{_NAMED[key]: me if value == "me" and me else value})
        elif key == "sort" and value in set(TaskSort):
            query = replace(query, sort=TaskSort(value))
        elif word == "reverse":
            query = replace(query, reverse=True)
        elif name and equals and wanted:
            query = replace(query, metadata=(*query.metadata, (name, wanted)))
        else:
            title.append(word)
    return replace(query, text=" ".join(title))


def with_word(words: str, word: str) -> str:
    """Return a filter with a word in place of the one that begins alike (`sort:`), or without it when it is there."""
    key = word.partition(":")[0]
    kept = [w for w in words.split() if w.partition(":")[0] != key]
    return " ".join(kept if word in words.split() else [*kept, word])
