"""Keeps this window's lock of the open task: notes at once when it is gone, and brings it here when that is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tui_editor.api.project import Project
from tui_editor.api.quality.gates import with_thresholds
from tui_editor.api.workflow import busy_in_group, now_stamp, take_task
from tui_editor.commands.locking import refusal_to_take
from tui_editor.edits import workflow as edits
from tui_editor.errors import TuiEditorError
from tui_editor.model.transitions import REVIEWING
from tui_editor.ports import EntryKind
from tui_editor.state.lock import Held, Lock, lock_of, lock_words
from tui_editor.state.view import Mode
from tui_editor.text import one_line
from tui_editor.ui.standing import becomes_theirs, refusal_of_work

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.api.editing import Task
    from tui_editor.model.ids import TaskId
    from tui_editor.model.transitions import Standing
    from tui_editor.model.workflow import TaskStatus
    from tui_editor.ports import JournalEntry, Lease, ProjectStore, Session
    from tui_editor.storage.committer import Committer
    from tui_editor.ui.follower import Follower, News
    from tui_editor.ui.kept_aside import KeptAside

_SHORT = 40
_WORDS_OF_CHANGE = {
    Held.FREE: " any more: ‹task.edit_here› goes on here",
    Held.STALE: ": ‹task.edit_here› takes the task over",
}
"""What is said of a lock that this window may have from now on, after whose it is."""


class _Wish(NamedTuple):
    """How a window wants the lock."""

    after: int
    """The journal entry up to which it knows the task."""
    lock: Lock
    """As it knows it."""
    stage: str
    """In which the task stands, as far as it knows."""
    asked: bool
    """By a key; else by a change."""


class LockKeeper:
    """Deals with what a look found of the lock and of the task's standing.

    Args:
        task: The open task.
        session: Which window.
        committer: The store thread.
        answer: Brings what was found to the event loop.
        tell: Says something on the message line.
        reopen: Opens the task anew, where what others did doesn't fit what is shown.
    """

    def __init__(
        self,
        task: Task,
        session: Session,
        committer: Committer,
        answer: Callable[[Callable[[], None]], None],
        tell: Callable[[str], None],
        reopen: Callable[[], None],
    ) -> None:
        self._task, self._session, self._committer = task, session, committer
        self._answer, self._tell, self._reopen = answer, tell, reopen
        self._taking = self._ended = False
        self.follower: Follower | None = None
        self.aside: KeptAside | None = None

    @property
    def _lock(self) -> Lock:
        return self._task.store.state.lock

    def end(self) -> None:
        """Deal with nothing more: the task is left."""
        self._ended = True
        if self.aside is not None:
            self.aside.end()

    # --- what others did -----------------------------------------------------------------------------

    def arrived(self, news: News) -> None:
        """Deal with what a look found."""
        if self._ended:
            return
        self.seen(news.holder)
        if news.settled_anew:
            self._task.store.set(project=with_thresholds(self._task.project))
            self._go_by_standing()
        moved = [e for e in news.entries if e.kind in {EntryKind.ASSIGN, EntryKind.WORKFLOW}]
        if moved:
            self._stands_elsewhere(moved[-1])

    def seen(self, holder: Lease | None) -> None:
        """Compare whose the lock is with what this window takes it for."""
        mine, lock = self._task.lease, self._lock
        if mine is not None:
            if holder is None or holder.fence != mine.fence:
                self._lose(holder)
        elif lock.can_be_asked and (holder is None or holder.session != self._session.id):
            new = lock_of(holder, self._session.person, was_here=lock.was_here)
            looks = lock.held is Held.LOOKING
            if new != lock and not (looks and new.held is Held.FREE):
                self._task.store.set(read_only=lock_words(new), lock=new)
                if word := _WORDS_OF_CHANGE.get(new.held):
                    self._tell(f"{lock_words(new)}{word}")
                elif looks:
                    self._tell(f"read-only from now on: {lock_words(new)}")

    def fenced(self) -> None:
        """Deal with a refused write: see whose the lock is."""
        here = self._task.lease is not None or self._lock.held is Held.LOOKING
        if here and not self._ended:
            self.seen(self._holder())

    def _holder(self) -> Lease | None:
        store = self._task.project.store
        return store.holder(self._task.store.state.task.id, stale=True)

    def _lose(self, holder: Lease | None) -> None:
        lock = lock_of(holder, self._session.person, was_here=True)
        self._task.lost(lock)
        back = (
            "" if refusal_to_take(self._task.store.state, self._session.person) else "; ‹task.edit_here› takes it back"
        )
        self._tell(f"read-only from now on: {lock_words(lock)}{back}")

    def woke(self) -> None:
        """See, before any key is dealt with, whether the lock is still here: this process was asleep."""
        mine = self._task.lease
        if mine is None or self._ended:
            return
        try:
            holder = self._holder()
        except TuiEditorError:
            return  # no write gets through either; the next look tells
        if holder is not None and holder.fence == mine.fence:
            self._committer.renew()  # nobody took it meanwhile
            return
        self._lose(holder)
        if holder is None:
            self.take()

    def _stands_elsewhere(self, entry: JournalEntry) -> None:
        """Tell where somebody else put the task, and go by it."""
        self._go_by_standing()
        status = self._task.store.state.document.status
        whose = f", {one_line(status.assignee, _SHORT)}'s" if status.assignee else ""
        self._tell(f"{one_line(entry.person, _SHORT)}: the task is in {one_line(status.stage)}, {status.state}{whose}")

    def _go_by_standing(self) -> None:
        store = self._task.store
        state = store.state
        status = state.document.status
        if state.mode in {Mode.BROWSE, Mode.REVIEW}:
            store.set(mode=Mode.REVIEW if state.project.stage_kind(status) in REVIEWING else Mode.BROWSE)
        if state.lock.held in {Held.UNASKED, Held.LOOKING} and not self._task.project.read_only:
            why = refusal_of_work(self._standing(status)) or busy_in_group(self._task.project, state.task.id)
            if why or state.lock.held is Held.UNASKED:
                lock = Lock(held=Held.UNASKED if why else Held.FREE)
                store.set(read_only=why or lock_words(lock), lock=lock)

    # --- bringing it here ----------------------------------------------------------------------------

    def take(self) -> None:
        """Bring the lock here, with all that was done meanwhile, unless it is another one's than this window shows.

        A task that nobody has becomes this person's with it.
        """
        self._bring(asked=True)

    def changed(self) -> None:
        """Bring the lock here because something was changed by one who looked; nobody is pushed out by that."""
        if self._lock.held is Held.LOOKING:
            self._bring(asked=False)

    def _bring(self, *, asked: bool) -> None:
        if self._taking or self._ended or not self._lock.can_be_asked:
            return
        self._taking = True
        wish = _Wish(self._task.store.followed, self._lock, self._task.store.state.document.status.stage, asked)
        self._committer.later(lambda store: self._take(store, wish))

    def _take(self, store: ProjectStore, wish: _Wish) -> None:
        """Take it on the store thread: from then on nobody else writes."""
        assert self.follower is not None
        task = self._task.store.state.task.id
        try:
            if not wish.asked and (self._ended or store.status(task).stage != wish.stage):
                self._answer(lambda: self._not_taken(None, ""))  # it was handed on meanwhile
                return
            holder = store.holder(task, stale=True)
            others = holder is not None and holder.person != self._session.person
            if holder is not None and others and not (wish.asked and holder.fence == wish.lock.fence):
                self._answer(lambda: self._not_taken(holder, "somebody else was quicker" if wish.asked else ""))
                return
            if why := busy_in_group(self._on_thread(store), task):
                self._answer(lambda: self._not_taken(None, why))
                return
            if holder is None or not holder.live:
                self._take_task(store, task)
            lease = store.acquire(task, self._session, take=wish.asked and holder is not None)
            entries = self.follower.entries(store, wish.after)
        except TuiEditorError as error:
            problem = one_line(str(error))
            self._answer(lambda: self._not_taken(None, problem))
            return
        self._answer(lambda: self._taken(lease, entries, asked=wish.asked))

    def _take_task(self, store: ProjectStore, task: TaskId) -> None:
        """Take a task that nobody has, and those of its group, before its lock."""
        project = self._on_thread(store)
        branch = store.task(task).parent is not None
        if becomes_theirs(project.info, project.info.standing(store.status(task), project.person, branch=branch)):
            take_task(project, task)

    def _on_thread(self, store: ProjectStore) -> Project:
        project = self._task.project
        return Project(project.folder, store, project.person)

    def _not_taken(self, holder: Lease | None, why: str) -> None:
        self._taking = False
        if not self._ended:
            if holder is not None:
                self.seen(holder)
            if why:
                self._tell(why)

    def _taken(self, lease: Lease, entries: Sequence[JournalEntry], *, asked: bool) -> None:
        self._taking = False
        if self._ended:
            self._committer.later(lambda store: store.release(lease))
            return
        assert self.follower is not None
        asleep = self._lock.held is Held.FREE and self._lock.was_here
        fit = self.follower.take_in(entries)
        self._task.regained(lease)
        if not fit:
            self._reopen()
            return
        others = sorted({e.person for e in entries if e.session != self._session.id})
        did = f"; what {one_line(' and '.join(others), _SHORT)} did meanwhile is here" if others and asleep else ""
        if asked:
            self._tell(f"you edit the task here{did}")
        self._stand(asked=asked)
        if self.aside is not None:
            self.aside.look()

    def _stand(self, *, asked: bool) -> None:
        """Go by where the task stands now: it may be for this person no more, or nobody's yet."""
        store = self._task.store
        state = store.state
        status = state.document.status
        standing = self._standing(status)
        if why := refusal_of_work(standing):
            lease = self._task.lease
            self._task.lost(Lock(held=Held.UNASKED))
            store.set(read_only=why)
            if lease is not None:
                self._committer.later(lambda kept: kept.release(lease))
            return
        if asked:
            store.set(mode=Mode.REVIEW if state.project.stage_kind(status) in REVIEWING else Mode.BROWSE)
        if becomes_theirs(state.project, standing):
            patch = edits.take(state.document, state.project, now_stamp(self._task.project), state.task)
            store.apply(patch, "task.take", EntryKind.ASSIGN)

    def _standing(self, status: TaskStatus) -> Standing:
        state = self._task.store.state
        return state.project.standing(status, self._session.person, branch=state.task.parent is not None)
