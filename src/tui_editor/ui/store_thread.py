"""What screens ask of the project's store, done on a thread: neither a query nor a write ever holds up the loop."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from tui_editor.errors import TuiEditorError
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.ports import ProjectStore

T = TypeVar("T")


class _Question(NamedTuple):
    number: int
    ask: Callable[[ProjectStore], Any]
    then: Callable[[Any], None]
    failed: Callable[[str], None]


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
        self._open_store, self._answer, self._failed = open_store, answer, failed
        self._wake = threading.Condition()
        self._waiting: dict[str, _Question] = {}
        self._newest: dict[str, int] = {}
        self._asked = 0
        self._closed = False
        self._thread: threading.Thread | None = None

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
        self._newest[name] = self._asked
        with self._wake:
            self._waiting.pop(name, None)
            self._waiting[name] = _Question(self._asked, question, then, failed or self._failed)
            self._wake.notify()
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._work, name="asked-of-store", daemon=True)
            self._thread.start()

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
        with self._wake:
            self._closed = True
            self._waiting.clear()
            self._wake.notify()

    # --- the thread --------------------------------------------------------------------------------

    def _work(self) -> None:
        store: ProjectStore | None = None
        try:
            while (asked := self._next()) is not None:
                name, question = asked
                try:
                    store = store or self._open_store()
                    self._bring(name, question.number, question.then, question.ask(store))
                except TuiEditorError as error:
                    self._bring(name, question.number, question.failed, one_line(str(error)))
        finally:
            if store is not None:
                store.close()

    def _next(self) -> tuple[str, _Question] | None:
        with self._wake:
            while not self._waiting and not self._closed:
                self._wake.wait()
            if self._closed:
                return None
            name = next(iter(self._waiting))
            return name, self._waiting.pop(name)

    def _bring(self, name: str, number: int, then: Callable[[T], None], found: T) -> None:
        def arrived() -> None:
            if self._newest.get(name) == number:
                del self._newest[name]
                then(found)

        self._answer(arrived)
