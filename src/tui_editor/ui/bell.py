"""Looks, on the store thread, what others did that the person should know of."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from tui_editor.api.activities import activity_words, is_news_to
from tui_editor.api.marks import FILE, changed, decoded, digest
from tui_editor.api.notices import notices
from tui_editor.errors import TuiEditorError
from tui_editor.text import one_line
from tui_editor.ui.kept import KeptFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.api.marks import Marks
    from tui_editor.api.notices import Notice
    from tui_editor.model.project import Project as ProjectInfo
    from tui_editor.ports import ProjectStore
    from tui_editor.ports.activities import Activity
    from tui_editor.storage.committer import Committer

FIRST_LOOK_S: Final = 2.0
"""A window that opens is left in peace for so long."""
MOST_DONE: Final = 200
OVERLAP_MS: Final = 60_000
"""An entry may be kept so long after the time that it tells; what is known already is left out."""


class Bell:
    """Keeps what others did since the person read it last. Where nobody wrote, a look costs one pragma.

    Args:
        person: Whom it is for.
        session: The window's: what is done in it is no news to who sits there.
        committer: The store thread.
        answer: Brings what was found to the event loop.
        rung: Called there with the newest of what is new, in words; with none when only the number changed.
        guide: Whether the tour may be offered.
    """

    def __init__(
        self,
        person: str,
        session: str,
        committer: Committer,
        answer: Callable[[Callable[[], None]], None],
        rung: Callable[[str], None],
        *,
        guide: bool = False,
    ) -> None:
        self._session = session
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
        self.done: Sequence[Activity] = ()
        """What was done with the project as a whole and is news here, newest first."""
        self.read_ms = 0
        """What came until then was read."""

    @property
    def unread(self) -> Sequence[Notice]:
        """Return what was not read, newest first."""
        return [notice for notice in self.found if notice.at_ms > self.read_ms]

    @property
    def unread_done(self) -> Sequence[Activity]:
        """Return what was done with the project since the person read it last, newest first."""
        return [activity for activity in self.done if activity.ended_ms > self.read_ms]

    @property
    def unread_count(self) -> int:
        """Return how much was not read."""
        return len(self.unread) + len(self.unread_done)

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
            since_ms -= OVERLAP_MS
            found = notices(store, self._person, since_ms)
            done = store.activities(max(since_ms, marks.of(info).read_ms))
        except TuiEditorError:  # whatever edits will say it
            self._asking = False
            return
        self._answer(lambda: self._arrived(found, done, info, marks, first=first))

    def _arrived(
        self, found: Sequence[Notice], done: Sequence[Activity], info: ProjectInfo, marks: Marks, *, first: bool
    ) -> None:
        self._asking = False
        read_ms, self._info = marks.of(info).read_ms, info
        before = self.found
        self.found = [*(n for n in found if n not in before), *before]
        self.read_ms = max(read_ms, self.read_ms)
        known, self.done = self.done, self._with_done(done)
        told = [f"{n.words} ({n.title})" for n in self.unread if n not in before]
        told += [told_activity(a) for a in self.unread_done if a not in known]
        self._rung("" if first or not told else told[0])
        self._offer(info, marks)

    def _with_done(self, done: Sequence[Activity]) -> Sequence[Activity]:
        """Return what is news, with what was found; what a later look finds of one takes its place."""
        mine = [a for a in done if is_news_to(a, self._session, self._person)]
        numbers = {a.number for a in mine}
        return [*mine, *(a for a in self.done if a.number not in numbers)][:MOST_DONE]

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

    def read(self, until_ms: int) -> None:
        """Note that the person has read what is known, and what came until a time."""
        self.read_ms = max(self.read_ms, until_ms, *(n.at_ms for n in self.found), *(a.ended_ms for a in self.done))
        info, read_ms = self._info, self.read_ms
        if info is None:
            return

        def read(marks: Marks) -> Marks:
            return marks.with_project(info, replace(marks.of(info), read_ms=max(read_ms, marks.of(info).read_ms)))

        self._file.change(lambda content: changed(content, read))
        self._rung("")

    def close(self, timeout: float) -> None:
        """Wait until what was read is noted."""
        self._file.close(timeout)


def told_activity(activity: Activity) -> str:
    """Return what was done, and by whom, as one harmless line."""
    return f"{one_line(activity.person, 40)}: {activity_words(activity)}"
