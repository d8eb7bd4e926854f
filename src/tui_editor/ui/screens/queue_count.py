"""How many tasks a filter lists, where that takes the store seconds: counted beside what the screen asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tui_editor.ui.store_thread import StoreThread

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.model.project import TaskQuery
    from tui_editor.ports import ProjectStore

COUNT: Final = "queue count"
"""What the store is asked for."""


class LateCount:
    """Counts once what is listed anew; what others change later is not counted again, which would take a processor.

    Args:
        open_store: Opens the counting thread's own store; called there.
        answer: Brings a call to the event loop; called on the thread.
        show: Called when a number is there.
    """

    def __init__(
        self,
        open_store: Callable[[], ProjectStore],
        answer: Callable[[Callable[[], None]], None],
        show: Callable[[], None],
    ) -> None:
        self._thread = StoreThread(open_store, answer, _not_told)
        self._show = show
        self._query: TaskQuery | None = None
        self._number: int | None = None
        self._fresh = True

    def ask(self, query: TaskQuery) -> None:
        """Count what a query lists, unless that was asked for last."""
        wanted = query.any_order
        if wanted == self._query:
            return
        self._query, self._number, self._fresh = wanted, None, True

        def counted(number: int) -> None:
            self._number = number
            self._show()

        self._thread.ask(COUNT, lambda store: sum(store.count(wanted).values()), counted)

    def forget(self) -> None:
        """Count anew when that is asked for: the person looks again."""
        self._query = None

    def grown_old(self) -> None:
        """Take in that others changed tasks since."""
        self._fresh = False

    def words(self, query: TaskQuery) -> str:
        """Return how many a query lists, `≈` before it where tasks changed since; empty while that is not known."""
        if self._number is None or query.any_order != self._query:
            return ""
        return f"{'' if self._fresh else '≈'}{self._number:,}"

    def close(self) -> None:
        """End the thread; nobody waits for what it counts."""
        self._thread.close()


def _not_told(words: str) -> None:
    """Show no number where the store can't be asked: the rows' own question says why."""
    del words
