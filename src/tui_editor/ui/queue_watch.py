"""The queue shows what others do with its tasks: it is listed anew when somebody wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.ui.store_thread import StoreThread

WATCH: Final = "queue watch"
"""What the store is asked for."""
_UNSEEN: Final = -1


class QueueWatch:
    """Looks whether somebody wrote: one pragma, and nothing more where nobody did.

    It looks through the store that lists the queue and changes its tasks, which knows its own writes from others'.

    Args:
        thread: Has that store.
        again: Lists the tasks anew.
        busy: Whether the queue waits for what it asked for itself; what was found is told later then.
    """

    def __init__(self, thread: StoreThread, again: Callable[[], None], busy: Callable[[], bool]) -> None:
        self._thread, self._again, self._busy = thread, again, busy
        self._version: int | None = None
        self._ended = False
        self._ask()  # what is written from now on is new

    def look(self) -> None:
        """Ask whether something is new, unless the last look is still under way."""
        if not self._ended and not self._thread.asks(WATCH) and not self._busy():
            self._ask()

    def end(self) -> None:
        """List nothing any more."""
        self._ended = True
        self._thread.drop(WATCH)

    def _ask(self) -> None:
        self._thread.ask(WATCH, lambda store: store.version(), self._found, _nothing)

    def _found(self, version: int) -> None:
        before, self._version = self._version, version
        if before in {None, version}:
            return
        if self._busy():
            self._version = _UNSEEN  # with the next look
        else:
            self._again()


def _nothing(words: str) -> None:
    """Tell nobody that the store can't be read: who asks it for something is told."""
    del words
