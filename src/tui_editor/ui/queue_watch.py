"""The queue shows what others do with its tasks: it is listed anew when somebody wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.errors import TuiEditorError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.ports import ProjectStore
    from tui_editor.storage.committer import Committer


class QueueWatch:
    """Looks on the store thread whether somebody wrote: one pragma, and nothing more where nobody did.

    Args:
        committer: The store thread.
        answer: Brings what was found to the event loop.
        again: Lists the tasks anew.
        busy: Whether the queue waits for what it asked for itself; what was found is told later then.
    """

    def __init__(
        self,
        committer: Committer,
        answer: Callable[[Callable[[], None]], None],
        again: Callable[[], None],
        busy: Callable[[], bool],
    ) -> None:
        self._committer, self._answer, self._again, self._busy = committer, answer, again, busy
        self._version: int | None = None
        self._ended = False
        self._asking = True  # what is written from now on is new
        committer.later(self._found)

    def look(self) -> None:
        """Ask whether something is new, unless the last look is still under way."""
        if not self._asking and not self._ended and not self._busy():
            self._asking = True
            self._committer.later(self._found)

    def end(self) -> None:
        """List nothing any more."""
        self._ended = True

    def _found(self, store: ProjectStore) -> None:
        try:
            version = store.version()
        except TuiEditorError:
            self._asking = False  # who asks the store for something is told
            return
        before, self._version = self._version, version
        if before in {None, version}:
            self._asking = False
        else:
            self._answer(self._list_anew)

    def _list_anew(self) -> None:
        self._asking = False
        if self._ended:
            return
        if self._busy():
            self._version = -1  # with the next look
        else:
            self._again()
