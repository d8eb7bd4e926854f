"""One thread beside the event loop: for checks, settings that are written, and what the store is asked."""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class SideThread:
    """Does one job after the other on a thread, which begins with the first.

    Args:
        answer: Brings what follows to the event loop; called on the thread.
        name: Of the thread.
        end: Called on the thread as the last thing.
    """

    def __init__(
        self,
        answer: Callable[[Callable[[], None]], None],
        *,
        name: str = "aside",
        end: Callable[[], None] | None = None,
    ) -> None:
        self._answer, self._name, self._end = answer, name, end
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False

    def do(self, job: Callable[[], T], done: Callable[[Callable[[], T]], None]) -> None:
        """Do a job on the thread; then `done` on the event loop with what returns its result, or raises its error."""
        if self._closed:
            return

        def work() -> None:
            made = _made(job)
            self._answer(lambda: answered(made))

        def answered(made: Callable[[], T]) -> None:
            if not self._closed:
                done(made)

        self._jobs.put(work)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Drop what waits; nothing is answered from now on."""
        self._closed = True
        self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if not self._closed:
                job()
        if self._end is not None:
            self._end()


def _made(job: Callable[[], T]) -> Callable[[], T]:
    """Return what returns a job's result, or raises what it raised."""
    try:
        result = job()
    except Exception as error:  # noqa: BLE001 - whoever asked for the job gets it
        failed = error

        def fail() -> T:
            raise failed

        return fail
    return lambda: result
