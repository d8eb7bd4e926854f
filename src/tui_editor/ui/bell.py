"""Looks, on the store thread, what others did that the person should know of."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from tui_editor.api.marks import FILE, changed, decoded, digest
from tui_editor.api.notices import notices
from tui_editor.errors import TuiEditorError
from tui_editor.ui.kept import KeptFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.api.marks import Marks
    from tui_editor.api.notices import Notice
    from tui_editor.model.project import Project as ProjectInfo
    from tui_editor.ports import ProjectStore
    from tui_editor.storage.committer import Committer

FIRST_LOOK_S: Final = 2.0
"""A window that opens is left in peace for so long."""
OVERLAP_MS: Final = 60_000
"""An entry may be kept so long after the time that it tells; what is known already is left out."""


class Bell:
    """Keeps what others did since the person read it last. Where nobody wrote, a look costs one pragma.

    Args:
        person: Whom it is for.
        committer: The store thread.
        answer: Brings what was found to the event loop.
        rung: Called there with what is new; with nothing when only the number changed.
        guide: Whether the tour may be offered.
    """

    def __init__(
        self,
        person: str,
        committer: Committer,
        answer: Callable[[Callable[[], None]], None],
        rung: Callable[[Sequence[Notice]], None],
        *,
        guide: bool = False,
    ) -> None:
        self._person, self._committer, self._answer, self._rung = person, committer, answer, rung
        self._guide = guide
        self._info: ProjectInfo | None = None
        self._offered = ""
        """Digest of the instructions that were offered in this sitting."""
        self.offers: list[str] = []
        """What the person is to be told when nothing else is."""
        self._file = KeptFile(FILE)
        self._version: int | None = None
        self._asking = False
        self._looked_ms = 0
        """Wall time of the last look: the next one reads what came since."""
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
            info, marks = store.project(), decoded(self._file.read())
            since_ms, self._looked_ms = self._looked_ms, time.time_ns() // 1_000_000
            found = notices(store, self._person, since_ms - OVERLAP_MS)
        except TuiEditorError:  # whatever edits will say it
            self._asking = False
            return
        self._answer(lambda: self._arrived(found, info, marks, first=first))

    def _arrived(self, found: Sequence[Notice], info: ProjectInfo, marks: Marks, *, first: bool) -> None:
        self._asking = False
        read_ms, self._info = marks.of(info).read_ms, info
        before = self.found
        self.found = [*(n for n in found if n not in before), *before]
        self.read_ms = max(read_ms, self.read_ms)
        new = [n for n in self.unread if n not in before]
        self._rung(() if first else new)
        self._offer(info, marks)

    def _offer(self, info: ProjectInfo, marks: Marks) -> None:
        """Offer, once a sitting, what is new to the person."""
        if self._guide and not marks.tour:
            self.offers.append("New here? ‹app.tour› begins a tour of one minute; it is offered this once")
            self._file.change(lambda content: changed(content, lambda now: replace(now, tour=True)))
        self._guide = False
        text = digest(info.instructions)
        if text not in {"", marks.of(info).instructions, self._offered}:
            self._offered = text
            self.offers.append("this project has instructions for you: ‹app.instructions› shows them")

    def read(self) -> None:
        """Note that the person has read what is known."""
        self.read_ms = max((n.at_ms for n in self.found), default=self.read_ms)
        info, read_ms = self._info, self.read_ms
        if info is None:
            return

        def read(marks: Marks) -> Marks:
            return marks.with_project(info, replace(marks.of(info), read_ms=max(read_ms, marks.of(info).read_ms)))

        self._file.change(lambda content: changed(content, read))
        self._rung(())

    def close(self, timeout: float) -> None:
        """Wait until what was read is noted."""
        self._file.close(timeout)
