"""The store thread: it keeps edits as they come, so that no commit ever holds up the screen."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from tui_editor.errors import StoreCorrupt, StoreError, StoreFenced, StoreFull, TuiEditorError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tui_editor.model.ids import TaskId
    from tui_editor.ports import Edit, Lease, ProjectStore
    from tui_editor.storage.spool import Spool

    Done = Callable[[Edit, int | Exception], None]

HEARTBEAT_S = 15.0
_RETRY_PAUSE_S = 0.05
_log = logging.getLogger(__name__)


class Committer:
    """Commits edits on a thread of its own, over a store that only this thread uses.

    An edit is committed at once when the thread is idle; what arrives meanwhile joins the next transaction.

    Args:
        open_store: Opens the thread's own store; called on the thread.
        alive: Whether the window still reacts; the lease is not renewed while it says no, so that a dead window
            doesn't keep a task for ever.
        spool: Takes the edits that were refused.
        lost: Told, on the store thread, when the lease was taken over or the store can't be used any more.
        heartbeat_s: Seconds between renewals of the lease.
    """

    def __init__(
        self,
        open_store: Callable[[], ProjectStore],
        *,
        alive: Callable[[], bool] = lambda: True,
        spool: Spool | None = None,
        lost: Callable[[Exception], None] | None = None,
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:
        self._open_store = open_store
        self._alive = alive
        self._spool = spool
        self._lost = lost
        self._heartbeat_s = heartbeat_s
        self._wake = threading.Condition()
        self._queue: deque[tuple[Edit, Done]] = deque()
        self._view: tuple[TaskId, str, Mapping[str, Any]] | None = None
        self._jobs: deque[Callable[[ProjectStore], None]] = deque()
        self._lease: Lease | None = None
        self._renew_now = False
        self._busy, self._in_hand = False, 0
        self._closing = False
        self._broken: Exception | None = None
        # A daemon: a disk that hangs must not keep the process from ending.
        self._thread = threading.Thread(target=self._main, name="store", daemon=True)
        self._thread.start()

    # --- called by the window --------------------------------------------------------------------

    def submit(self, edit: Edit, done: Done) -> None:
        """Hand over an edit; `done(edit, sequence number or error)` is called later, on the store thread."""
        with self._wake:
            if not self._closing:
                self._queue.append((edit, done))
                self._wake.notify_all()
                return
        self._refuse([(edit, done)], StoreError("the store is closed"))

    def save_view(self, task: TaskId, person: str, view: Mapping[str, Any]) -> None:
        """Keep where a person is when nothing else is to do; the newest wins."""
        with self._wake:
            self._view = (task, person, view)
            self._wake.notify_all()

    def later(self, job: Callable[[ProjectStore], None]) -> None:
        """Do something with the store when no edit waits; an error is logged, nobody is told."""
        with self._wake:
            self._jobs.append(job)
            self._wake.notify_all()

    def hold(self, lease: Lease | None) -> None:
        """Renew this lease from now on; None: none."""
        with self._wake:
            self._lease = lease
            self._wake.notify_all()

    def renew(self) -> None:
        """Renew the lease as soon as nothing else is to do: this process was asleep."""
        with self._wake:
            self._renew_now = True
            self._wake.notify_all()

    @property
    def pending(self) -> int:
        """Return how many edits wait for their transaction or are in one."""
        with self._wake:
            return len(self._queue) + self._in_hand

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until everything handed over was answered and written; return whether it was in time."""
        with self._wake:
            return self._wake.wait_for(lambda: not (self._queue or self._view or self._jobs or self._busy), timeout)

    def close(self, timeout: float | None = 5.0) -> bool:
        """Finish what waits, then end the thread and close its store; return whether that was in time."""
        with self._wake:
            self._closing = True
            self._wake.notify_all()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    # --- the thread ------------------------------------------------------------------------------

    def _main(self) -> None:
        try:
            store = self._open_store()
        except Exception as error:  # noqa: BLE001  # whatever it is, the window must learn it and the thread go on refusing
            self._report_broken(error)
            self._serve(None)
            return
        try:
            self._serve(store)
        finally:
            store.close()

    def _serve(self, store: ProjectStore | None) -> None:
        beat = time.monotonic()
        while True:
            with self._wake:
                self._busy, self._in_hand = False, 0
                self._wake.notify_all()
                self._wake.wait_for(self._has_work, max(0.0, beat + self._heartbeat_s - time.monotonic()))
                batch, view = list(self._queue), self._view
                self._queue.clear()
                self._view = None
                job = self._jobs.popleft() if self._jobs and not batch and view is None else None
                if self._closing and not batch and view is None and job is None:
                    return
                self._busy, self._in_hand = bool(batch) or view is not None or job is not None, len(batch)
            self._guarded(batch, view, store)
            if job is not None and store is not None:
                self._do(job, store)
            if self._renew_now or time.monotonic() >= beat + self._heartbeat_s:
                self._renew_now = False
                beat = time.monotonic()
                self._renew(store)

    def _has_work(self) -> bool:
        return bool(self._queue) or self._view is not None or bool(self._jobs) or self._closing or self._renew_now

    def _guarded(
        self, batch: list[tuple[Edit, Done]], view: tuple[TaskId, str, Mapping[str, Any]] | None, store: Any
    ) -> None:
        """Do a round of work; no error ends the thread."""
        if batch:
            self._commit(batch, store)
        if view is not None and store is not None:
            try:
                store.save_view(*view)
            except Exception as error:  # noqa: BLE001  # a view is a comfort: losing one is not worth a message
                _log.warning("the view was not saved: %s", error)

    def _do(self, job: Callable[[ProjectStore], None], store: ProjectStore) -> None:
        try:
            job(store)
        except Exception as error:  # noqa: BLE001  # what is done later is a comfort; no error ends the thread
            _log.warning("something was not done: %s", error)

    def _commit(self, batch: list[tuple[Edit, Done]], store: ProjectStore | None) -> None:
        try:
            if store is None or self._broken is not None:
                raise self._broken or StoreError("the store is closed")
            answers = _committed(store, [edit for edit, _ in batch])
        except Exception as error:  # noqa: BLE001  # whatever a store raises, each edit gets its answer
            if not isinstance(error, TuiEditorError) and len(batch) > 1:
                for one in batch:  # one of them is at fault: the others must not suffer
                    self._commit([one], store)
                return
            if isinstance(error, StoreCorrupt) and self._broken is None:
                self._report_broken(error)
            self._refuse(batch, error)
            return
        for (edit, done), answer in zip(batch, answers, strict=True):
            if isinstance(answer, Exception):
                self._refuse([(edit, done)], answer)
            else:
                _answer(done, edit, answer)

    def _refuse(self, batch: list[tuple[Edit, Done]], why: Exception) -> None:
        for edit, done in batch:
            if self._spool is not None:
                try:
                    self._spool.add(edit, why)
                except (OSError, TuiEditorError) as error:
                    _log.warning("a refused edit could not be spooled: %s", error)
            _answer(done, edit, why)

    def _renew(self, store: ProjectStore | None) -> None:
        lease = self._lease
        if store is None or lease is None or not self._alive():
            return
        try:
            renewed = store.renew(lease)
        except StoreFenced as error:
            renewed = None
            self._tell_lost(error)
        except Exception as error:  # noqa: BLE001  # the next beat tries again; the lease lives for several
            _log.warning("the lock was not renewed: %s", error)
            return
        with self._wake:
            if self._lease is lease:
                self._lease = renewed

    def _report_broken(self, error: Exception) -> None:
        _log.error("the store can't be used: %s", error)
        self._broken = error
        self._tell_lost(error)

    def _tell_lost(self, error: Exception) -> None:
        if self._lost is not None:
            try:
                self._lost(error)
            except Exception:  # noqa: BLE001  # the window's own fault; the thread goes on for the others
                _log.exception("the window could not be told of a lost store")


def _committed(store: ProjectStore, edits: Sequence[Edit]) -> Sequence[int | Exception]:
    """Commit, and once more where the answer may have been lost: an edit's name keeps it from being kept twice."""
    try:
        return store.commit(edits)
    except (StoreFull, StoreCorrupt):
        raise
    except StoreError as error:
        _log.warning("a commit failed and is tried again: %s", error)
        time.sleep(_RETRY_PAUSE_S)
        return store.commit(edits)


def _answer(done: Done, edit: Edit, answer: int | Exception) -> None:
    try:
        done(edit, answer)
    except Exception:  # noqa: BLE001  # the window's own fault; the thread goes on for the others
        _log.exception("the answer to an edit could not be delivered")
