"""A window that may only read a task follows the one that edits it: new journal entries are taken in as they come."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from tui_editor.errors import PatchMismatch, TuiEditorError
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.ports import JournalEntry, ProjectStore
    from tui_editor.state.store import TaskStore
    from tui_editor.storage.committer import Committer

_AT_ONCE = 256
"""Entries that are taken in together; more come with the next look."""


class Follower:
    """Asks for news on the store thread; where nobody wrote, a look costs one pragma.

    Args:
        store: The task's state in this window.
        committer: The store thread.
        answer: Brings what was found to the thread of `store`.
        tell: Says why the window can't follow.
    """

    def __init__(
        self,
        store: TaskStore,
        committer: Committer,
        answer: Callable[[Callable[[], None]], None],
        tell: Callable[[str], None],
    ) -> None:
        self._store, self._committer, self._answer, self._tell = store, committer, answer, tell
        self._version: int | None = None
        self._asking = self._ended = False
        self._problem = ""

    def look(self) -> None:
        """Ask what is new, unless this window edits the task itself or the last look is still under way."""
        if self._store.state.read_only and not self._asking and not self._ended:
            self._asking = True
            after = self._store.state.durability.seq
            self._committer.later(lambda store: self._found(store, after))

    def end(self) -> None:
        """Take in nothing more."""
        self._ended = True

    def _found(self, store: ProjectStore, after: int) -> None:
        """Look, on the store thread, and hand on what is there."""
        try:
            version = store.version()
            entries: list[JournalEntry] = []
            if version != self._version:
                entries = list(islice(store.journal(self._store.state.task.id, after), _AT_ONCE))
                self._version = version if len(entries) < _AT_ONCE else None
        except TuiEditorError as error:
            problem = one_line(str(error))
            self._answer(lambda: self._arrived([], problem))
            return
        if entries:
            self._answer(lambda: self._arrived(entries))
        else:
            self._asking = False

    def _arrived(self, entries: list[JournalEntry], problem: str = "") -> None:
        self._asking = False
        if self._ended:
            return
        try:
            for entry in entries:
                if entry.seq > self._store.state.durability.seq:
                    self._store.receive(entry.seq, entry.patch)
        except PatchMismatch:
            self._ended = True
            problem = "another window's edits don't fit what is shown here: open the task again"
        if problem and problem != self._problem:
            self._tell(problem)
        self._problem = problem
