"""A task opened for editing: its lock, its state, and the thread that keeps each edit."""

from __future__ import annotations

import os
import sys
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Self

from tui_editor.api.quality.gates import with_thresholds
from tui_editor.errors import StoreFenced, StoreLocked
from tui_editor.model.ids import new_token
from tui_editor.model.patch import IssueChange
from tui_editor.model.workflow import StageKind
from tui_editor.ports import EntryKind, Session
from tui_editor.state.lock import Held, lock_words
from tui_editor.state.store import TaskStore
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.api.project import Project
    from tui_editor.model.ids import TaskId
    from tui_editor.ports import Edit, Lease, OpenedTask, ProjectStore
    from tui_editor.state.lock import Lock
    from tui_editor.storage.committer import Committer

FLUSH_S = 10.0
"""How long closing waits for the disk."""
_OF_PERSON = {EntryKind.EDIT, EntryKind.UNDO, EntryKind.REDO}


def this_session(person: str) -> Session:
    """Return who this process is, for locks and the journal."""
    try:
        tty = os.ttyname(sys.stdin.fileno())
    except (OSError, ValueError, AttributeError):  # no terminal, or stdin was replaced
        tty = ""
    return Session(id=new_token(), person=person, host=os.uname().nodename, pid=os.getpid(), tty=tty)


class Task:
    """An opened task. Edits go through `store`; each is on disk as soon as `store.state.durability.kept` says so.

    Args:
        project: Where it lies.
        task: Which one.
        committer: The store thread to use; one of its own when absent.
        marshal: How an answer of the store thread comes to the thread that owns `store`; None: `settle` and `close`
            bring them.
        session: Which window.
        take: Take the lock over when somebody else holds it.
        read_only: Open without the lock; nothing can be changed.
        lock: Whose the lock is, where it is not this window's; it may come here later. Without `read_only` the window
            only looks: its edits are kept while nobody else has the lock.
        opened: As it was read a moment ago; it is read again where somebody wrote since.
    """

    def __init__(
        self,
        project: Project,
        task: TaskId,
        *,
        committer: Committer | None = None,
        marshal: Callable[[Callable[[], None]], None] | None = None,
        session: Session | None = None,
        take: bool = False,
        read_only: str = "",
        opened: OpenedTask | None = None,
        lock: Lock | None = None,
    ) -> None:
        self.project = project
        self._session = session or this_session(project.person)
        self._answers: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._marshal = marshal or self._answers.put
        self.fenced: Callable[[], None] = lambda: None
        """Told when a write was refused because the lock is somebody else's."""
        self.changed: Callable[[], None] = lambda: None
        """Told of a change of labels or decisions that was made without the lock."""
        unlocked = read_only or lock is not None
        self.lease: Lease | None = None if unlocked else project.store.acquire(task, self._session, take=take)
        self._own_committer = committer is None
        self._committer = committer or _committer(project, self._session.id)
        if self.lease is not None:
            self._committer.hold(self.lease)
        if opened is None or not _is_current(project.store, opened):
            opened = project.read(task)
        self.store = TaskStore(
            opened,
            with_thresholds(project),
            person=project.person,
            session=self._session.id,
            keep=self._keep,
            older=lambda before: project.store.recent(task, before),
            fence=self.lease.fence if self.lease else None,
            read_only=read_only,
            lock=lock,
        )
        kind = self.store.state.project.stage_kind(opened.document.status)
        self.store.set(mode=Mode.REVIEW if kind in {StageKind.REVIEW, StageKind.CONSENSUS_REVIEW} else Mode.BROWSE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def keeps_place(self) -> bool:
        """Return whether the next opening begins where this window is: not while another one of the person edits."""
        return not self.project.read_only and self.store.state.lock.held is not Held.OWN_WINDOW

    def _keep(self, edit: Edit) -> None:
        self._committer.submit(edit, self._done)
        if self.lease is None and _needs_lock(edit):
            self.changed()

    def _done(self, edit: Edit, answer: int | Exception) -> None:
        """Bring the store thread's answer to the owner's thread."""
        self._marshal(lambda: self._settle_one(edit.idem, answer))

    def _settle_one(self, idem: str, answer: int | Exception) -> None:
        if isinstance(answer, Exception):
            self.store.refused(idem, answer)
            if isinstance(answer, StoreFenced | StoreLocked):
                self.fenced()
        else:
            self.store.kept(idem, answer)

    def settle(self, timeout: float = FLUSH_S) -> bool:
        """Wait until everything submitted is on disk or refused; return whether that came in time."""
        ended = self._committer.flush(timeout)
        while True:
            try:
                self._answers.get_nowait()()
            except Empty:
                return ended

    def lost(self, lock: Lock) -> None:
        """Turn read-only: the lock is somebody else's. Edits that wait are refused, and kept aside."""
        self.lease = None
        self._committer.hold(None)
        self.store.set(read_only=lock_words(lock), lock=lock)

    def regained(self, lease: Lease) -> None:
        """Go on with the lock."""
        self.lease = lease
        self._committer.hold(lease)
        self.store.regain(lease.fence)

    def close(self) -> None:
        """Wait for the disk, keep where the person is, and give the lock back."""
        self.settle()
        task = self.store.state.task.id
        if self.keeps_place:
            self.project.store.save_view(task, self.project.person, self.store.where())
        if self.lease is not None:
            self._committer.hold(None)
            self.project.store.release(self.lease)
            self.lease = None
        if self._own_committer:
            self._committer.close(FLUSH_S)


def _needs_lock(edit: Edit) -> bool:
    """Return whether others should keep off from now on: remarks and steps of the workflow stand alone."""
    return edit.kind in _OF_PERSON and not all(isinstance(change, IssueChange) for change in edit.patch.changes)


def _is_current(store: ProjectStore, opened: OpenedTask) -> bool:
    newest = next(iter(store.recent(opened.task.id, limit=1)), None)
    return (newest.seq if newest is not None else 0) == opened.seq


def _committer(project: Project, session: str) -> Committer:
    """Return a store thread for a project, with a connection of its own; what is refused goes to a spool file."""
    from tui_editor.storage.committer import Committer
    from tui_editor.storage.spool import Spool

    return Committer(lambda: _reopened(project), spool=Spool(session))


def _reopened(project: Project) -> ProjectStore:
    from tui_editor.storage.locate import open_store

    return open_store(project.folder)
