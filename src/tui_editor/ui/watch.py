"""Keeps the findings of the open task up with its edits, on a thread; what an edit overtook is dropped."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from tui_editor.commands.findings import checks_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.commands.context import Context
    from tui_editor.model.document import LabelDocument
    from tui_editor.state.findings import Found
    from tui_editor.ui.side_thread import SideThread

MOST_LABELS, MOST_ISSUES = 100_000, 10_000
"""A task with more of them is checked when somebody asks for its findings: the first check takes seconds."""
LONGEST_REST_S: Final = 2.0


class Watch:
    """Checks a task when its window rests for the first time, and after each edit from then on.

    A check that took long is followed by a rest as long, so that a task with many labels never has a processor to
    itself while somebody works in it.

    Args:
        context: Makes what commands work with.
        aside: The thread.
        later: Calls something after so many seconds.
    """

    def __init__(
        self, context: Callable[[], Context], aside: SideThread, later: Callable[[float, Callable[[], None]], object]
    ) -> None:
        self._context, self._aside, self._later = context, aside, later
        self._busy = False
        self._rest_until = 0.0

    def look(self) -> None:
        """Check the task as it is now, where it was checked before or has few labels; one check at a time."""
        context = self._context()
        document, known = context.state.document, context.state.findings
        fresh = known is not None and known.document is document
        if self._busy or fresh or (known is None and self._is_large(document)):
            return
        self._busy, pause = True, self._rest_until - time.monotonic()
        if pause > 0:
            self._later(pause, self._rested)
            return
        checks = checks_of(context)

        def check() -> tuple[Found, float]:
            start = time.monotonic()
            return checks.look(document), time.monotonic() - start

        self._aside.do(check, self._looked)

    def _rested(self) -> None:
        self._busy, self._rest_until = False, 0.0
        self.look()

    def _is_large(self, document: LabelDocument) -> bool:
        return document.label_count > MOST_LABELS or len(document.issues) > MOST_ISSUES

    def _looked(self, made: Callable[[], tuple[Found, float]]) -> None:
        self._busy = False
        found, seconds = made()
        self._rest_until = time.monotonic() + min(seconds, LONGEST_REST_S)
        context = self._context()
        if context.state.document is found.document:
            context.store.set(findings=found)
        else:
            self.look()
