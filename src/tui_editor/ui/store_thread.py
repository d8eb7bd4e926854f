"""What screens ask of the project's store, done on a thread: neither a query nor a write ever holds up the loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from tui_editor.errors import TuiEditorError
from tui_editor.text import one_line
from tui_editor.ui.side_thread import SideThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.ports import ProjectStore

T = TypeVar("T")


class StoreThread:
    """Does what is asked in its order; of what has one name the newest alone counts. Used on the event loop only.

    Args:
        open_store: Opens the thread's own store; called on the thread.
        answer: Brings a call to the event loop; called on the thread.
        failed: Told, on the event loop, what went wrong.
    """

    def __init__(
        self,
        open_store: Callable[[], ProjectStore],
        answer: Callable[[Callable[[], None]], None],
        failed: Callable[[str], None],
    ) -> None:
        self._open_store, self._failed = open_store, failed
        self._thread = SideThread(answer, name="asked-of-store", end=self._close_store)
        self._store: ProjectStore | None = None
        """Opened, used and closed on the thread alone."""
        self._newest: dict[str, int] = {}
        self._asked = 0

    def ask(
        self,
        name: str,
        question: Callable[[ProjectStore], T],
        then: Callable[[T], None],
        failed: Callable[[str], None] | None = None,
    ) -> None:
        """Ask the store; `then` gets the answer on the event loop, unless the same was asked anew meanwhile.

        Args:
            name: What is asked for.
            question: Reads from the store, or changes it; called on the thread.
            then: Gets what was read.
            failed: Gets the words of a `TuiEditorError` instead of the one told to all.
        """
        self._asked += 1
        number = self._newest[name] = self._asked

        def answered(made: Callable[[], T | None]) -> None:
            if self._newest.get(name) == number:
                del self._newest[name]
                self._tell(made, then, failed or self._failed)

        # what was asked anew, or dropped, before its turn came is not asked
        self._thread.do(lambda: question(self._opened()) if self._newest.get(name) == number else None, answered)

    def drop(self, name: str) -> None:
        """Answer a question no more."""
        self._newest.pop(name, None)

    def asks(self, name: str) -> bool:
        """Return whether the answer to a question is still to come."""
        return name in self._newest

    @property
    def busy(self) -> bool:
        """Return whether any answer is still to come."""
        return bool(self._newest)

    def close(self) -> None:
        """End the thread; nobody waits for what it is reading."""
        self._newest.clear()
        self._thread.close()

    def _tell(self, made: Callable[[], Any], then: Callable[[Any], None], failed: Callable[[str], None]) -> None:
        try:
            found = made()
        except TuiEditorError as error:
            failed(one_line(str(error)))
        else:
            then(found)

    # --- the thread --------------------------------------------------------------------------------

    def _opened(self) -> ProjectStore:
        if self._store is None:
            self._store = self._open_store()
        return self._store

    def _close_store(self) -> None:
        if self._store is not None:
            self._store.close()
