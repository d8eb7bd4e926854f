"""Edits of the open task that were refused and kept aside: told of when the task is opened, done again on request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.errors import PatchMismatch, Refused
from tui_editor.model.ids import to_text
from tui_editor.ports import EntryKind
from tui_editor.storage.spool import edits_aside
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.ports import ProjectStore
    from tui_editor.state.store import TaskStore
    from tui_editor.storage.committer import Committer
    from tui_editor.storage.spool import Spool, SpooledEdit

_OF_PERSON = {EntryKind.EDIT, EntryKind.UNDO, EntryKind.REDO}
"""What is done again; a task is handed on only by the person."""


class KeptAside:
    """Knows what of a task was kept aside.

    Args:
        store: The task's state.
        committer: The store thread, which reads and writes the files.
        spool: This window's file.
        answer: Brings what was found to the event loop.
        tell: Says something on the message line.
    """

    def __init__(
        self,
        store: TaskStore,
        committer: Committer,
        spool: Spool,
        answer: Callable[[Callable[[], None]], None],
        tell: Callable[[str], None],
    ) -> None:
        self._store, self._committer, self._spool = store, committer, spool
        self._answer, self._tell = answer, tell
        self._ended = False

    def end(self) -> None:
        """Tell nothing more: the task is left."""
        self._ended = True

    def look(self) -> None:
        """Tell of what was kept aside, where there is something and it can be done again here."""
        self._read(self._offer)

    def put_back(self) -> None:
        """Do again what fits, oldest first, each as a step of its own."""
        self._read(self._do)

    def _read(self, then: Callable[[Sequence[SpooledEdit]], None]) -> None:
        task, person, folder = self._store.state.task.id, self._store.person, self._spool.path.parent

        def read(_: ProjectStore) -> None:
            found = [e for e in edits_aside(folder, task, person) if e.kind in _OF_PERSON]
            self._answer(lambda: None if self._ended else then(found))

        self._committer.later(read)

    def _offer(self, found: Sequence[SpooledEdit]) -> None:
        if found and not self._store.state.read_only:
            self._tell(f"{_edits(len(found))} of yours kept aside: ‹edit.put_back› does {_them(found)} again")

    def _do(self, found: Sequence[SpooledEdit]) -> None:
        done = 0
        for edit in found:
            try:
                self._store.apply(edit.patch, edit.command)
                done += 1
            except PatchMismatch:
                continue
            except Refused as error:
                self._tell(one_line(error.what))
                return
        if found:
            idems = [edit.idem for edit in found]
            # After the edits: the store thread keeps what waits before it does anything else.
            self._committer.later(lambda _: self._spool.settle(idems))
        self._tell(self._told(len(found), done))

    def _told(self, count: int, done: int) -> str:
        if not count:
            return "nothing of this task was kept aside"
        left = count - done
        if not left:
            return f"{_edits(done)} done again"
        task = to_text(self._store.state.task.id)
        where = one_line(str(self._spool.path.parent), 120)
        return f"{_edits(done)} done again; {left} no longer fit and stay in {where} (task {task})"


def _edits(count: int) -> str:
    return f"{count} edit{'' if count == 1 else 's'}"


def _them(found: Sequence[SpooledEdit]) -> str:
    return "it" if len(found) == 1 else "them"
