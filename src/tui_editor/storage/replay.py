"""Proof that a task's labels are what its journal says. Works on any engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.errors import PatchMismatch, StoreCorrupt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import TaskId
    from tui_editor.ports import JournalEntry, ProjectStore


def rewound(document: LabelDocument, newest_first: Iterable[JournalEntry]) -> LabelDocument:
    """Return the document as it was before the entries.

    Raises:
        PatchMismatch: the document is not what the entries led to.
    """
    for entry in newest_first:
        document = document.apply(entry.patch.inverse())
    return document


def replayed(document: LabelDocument, oldest_first: Iterable[JournalEntry]) -> LabelDocument:
    """Return the document after the entries.

    Raises:
        PatchMismatch: the entries were made for another document.
    """
    for entry in oldest_first:
        document = document.apply(entry.patch)
    return document


def imported(store: ProjectStore, task: TaskId) -> LabelDocument:
    """Return a task's labels as they came in: every entry taken back from the present state.

    Raises:
        StoreCorrupt: labels and journal don't belong together.
    """
    return _imported(task, store.open(task).document, list(store.journal(task)))


def _imported(task: TaskId, document: LabelDocument, entries: list[JournalEntry]) -> LabelDocument:
    try:
        return rewound(document, reversed(entries))
    except PatchMismatch as error:
        raise StoreCorrupt("the labels are not what the journal says", where=f"task {task}") from error


def verify_journal(store: ProjectStore, task: TaskId) -> int:
    """Take back every entry of a task and do them all again; return how many there are.

    Raises:
        StoreCorrupt: a number is missing, or the result is not what the store holds.
    """
    opened = store.open(task)
    entries = list(store.journal(task, until=opened.seq))
    if [e.seq for e in entries] != list(range(1, opened.seq + 1)):
        raise StoreCorrupt("entries are missing in the journal", where=f"task {task}")
    start = _imported(task, opened.document, entries)
    if not replayed(start, entries).same(opened.document):
        raise StoreCorrupt("the labels are not what the journal says", where=f"task {task}")
    return len(entries)
