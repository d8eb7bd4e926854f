"""A window follows what others do to its task: new journal entries are taken in, and whose the lock is is told."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.errors import PatchMismatch, TuiEditorError
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.ports import JournalEntry, Lease, OpenedTask, ProjectStore
    from tui_editor.state.store import TaskStore
    from tui_editor.storage.committer import Committer

_AT_ONCE = 256
"""Entries that are taken in together; more come with the next look."""


class News(Struct, frozen=True, kw_only=True, eq=False):
    """What a look found."""

    entries: Sequence[JournalEntry] = ()
    holder: Lease | None = None
    """Who has the lock, a stale one among them."""
    settled_anew: bool = False
    """Somebody changed the project: its ontology, workflow, members."""
    problem: str = ""


class Follower:
    """Asks for news on the store thread; where nobody wrote, a look costs one pragma.

    In a window that waits for the lock it costs one row more.

    Args:
        store: The task's state in this window.
        committer: The store thread.
        answer: Brings what was found to the thread of `store`.
        tell: Says why the window can't follow.
        arrived: Told what a look found, once the entries are taken in: those of others.
    """

    def __init__(
        self,
        store: TaskStore,
        committer: Committer,
        answer: Callable[[Callable[[], None]], None],
        tell: Callable[[str], None],
        arrived: Callable[[News], None] = lambda _: None,
    ) -> None:
        self._store, self._committer, self._answer, self._tell = store, committer, answer, tell
        self._arrived = arrived
        self._version: int | None = None
        self._holder: Lease | None = None
        self._project = store.state.project
        self._asking = self._ended = False
        self._problem = ""

    def look(self) -> None:
        """Ask what is new, unless the last look is still under way."""
        if not self._asking and not self._ended:
            self._asking = True
            after, waits = self._store.followed, self._store.state.lock.can_be_asked
            self._committer.later(lambda store: self._found(store, after, waits))

    def end(self) -> None:
        """Take in nothing more."""
        self._ended = True

    def _found(self, store: ProjectStore, after: int, waits: bool) -> None:
        """Look, on the store thread, and hand on what is there."""
        try:
            version = store.version()
            changed = version != self._version
            if not changed and not waits:
                self._asking = False
                return
            # What only time changes, a holder that falls silent, changes no version.
            holder = store.holder(self._store.state.task.id, stale=True)
            entries = self.entries(store, after, _AT_ONCE) if changed else []
            before, self._project = self._project, store.project() if changed else self._project
            # Not the same object where another connection read it.
            anew = before is not self._project and before != self._project
            self._version = version if len(entries) < _AT_ONCE else None
        except TuiEditorError as error:
            news = News(problem=one_line(str(error)))
            self._answer(lambda: self._take(news))
            return
        if changed or holder != self._holder:
            self._holder = holder
            self._answer(lambda: self._take(News(entries=entries, holder=holder, settled_anew=anew)))
        else:
            self._asking = False

    def entries(self, store: ProjectStore, after: int, limit: int | None = None) -> list[JournalEntry]:
        """Return the journal of the task after an entry."""
        return list(islice(store.journal(self._store.state.task.id, after), limit))

    def _take(self, news: News) -> None:
        self._asking = False
        if self._ended:
            return
        if news.problem and news.problem != self._problem:
            self._tell(news.problem)
        self._problem = news.problem
        if not news.problem and self.take_in(news.entries):
            mine = self._store.session
            self._arrived(replace(news, entries=[e for e in news.entries if e.session != mine]))

    def take_in(self, entries: Sequence[JournalEntry]) -> bool:
        """Take entries in, each once; return whether they fit. Where they don't, the task is read anew."""
        try:
            for entry in entries:
                if entry.seq > self._store.followed:
                    self._store.receive(entry.seq, entry.patch if entry.session != self._store.session else None)
        except PatchMismatch:
            self._asking = True
            self._committer.later(self._read_anew)
            return False
        return True

    def _read_anew(self, store: ProjectStore) -> None:
        try:
            opened = store.open(self._store.state.task.id)
        except TuiEditorError as error:
            news = News(problem=one_line(str(error)))
            self._answer(lambda: self._take(news))
            return
        self._answer(lambda: self._reload(opened))

    def _reload(self, opened: OpenedTask) -> None:
        self._asking = False
        if not self._ended:
            self._store.reload(opened)
