"""Looks, on the store thread, what others did that the person should know of."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from tui_editor.api.marks import FILE, changed, decoded
from tui_editor.api.notices import notices
from tui_editor.errors import TuiEditorError
from tui_editor.ui.kept import KeptFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.api.marks import Marks
    from tui_editor.api.notices import Notice
    from tui_editor.api.project import Project
    from tui_editor.ports import ProjectStore
    from tui_editor.storage.committer import Committer

FIRST_LOOK_S: Final = 2.0
"""A window that opens is left in peace for so long."""


class Bell:
    """Keeps what others did since the person read it last. Where nobody wrote, a look costs one pragma.

    Args:
        project: Whose tasks.
        committer: The store thread.
        answer: Brings what was found to the event loop.
        rung: Called there with what is new; with nothing when only the number changed.
    """

    def __init__(
        self,
        project: Project,
        committer: Committer,
        answer: Callable[[Callable[[], None]], None],
        rung: Callable[[Sequence[Notice]], None],
    ) -> None:
        self._project, self._committer, self._answer, self._rung = project, committer, answer, rung
        self._file = KeptFile(FILE)
        self._version: int | None = None
        self._asking = False
        self._begun = time.monotonic()
        self.found: Sequence[Notice] = ()
        self.read_ms = 0
        """What came until then was read."""

    @property
    def unread(self) -> Sequence[Notice]:
        """Return what was not read, newest first."""
        return [notice for notice in self.found if notice.at_ms > self.read_ms]

    def look(self) -> None:
        """Ask what is new, unless the last look is still under way."""
        if not self._asking and time.monotonic() - self._begun >= FIRST_LOOK_S:
            self.look_now()

    def look_now(self) -> None:
        """Ask what is new."""
        self._asking = True
        self._committer.later(self._look)

    def _look(self, store: ProjectStore) -> None:
        try:
            version = store.version()
            if version == self._version:
                self._asking = False
                return
            first, self._version = self._version is None, version
            info = self._project.info
            read_ms = decoded(self._file.read()).of(info).read_ms
            found = notices(store, self._project.person)
        except TuiEditorError:  # whatever edits will say it
            self._asking = False
            return
        self._answer(lambda: self._arrived(found, read_ms, first=first))

    def _arrived(self, found: Sequence[Notice], read_ms: int, *, first: bool) -> None:
        self._asking = False
        known = {(n.task, n.at_ms, n.what) for n in self.found}
        self.found, self.read_ms = found, max(read_ms, self.read_ms)
        new = [n for n in self.unread if (n.task, n.at_ms, n.what) not in known]
        self._rung(() if first else new)

    def read(self) -> None:
        """Note that the person has read what is known."""
        self.read_ms = max((n.at_ms for n in self.found), default=self.read_ms)
        info, read_ms = self._project.info, self.read_ms

        def read(marks: Marks) -> Marks:
            return marks.with_project(info, replace(marks.of(info), read_ms=max(read_ms, marks.of(info).read_ms)))

        self._file.change(lambda content: changed(content, read))
        self._rung(())

    def close(self, timeout: float) -> None:
        """Wait until what was read is noted."""
        self._file.close(timeout)
