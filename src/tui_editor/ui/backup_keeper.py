"""Writes the plain-text backup of the open task every so many minutes, on a thread of its own, when it changed."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from tui_editor.errors import TuiEditorError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tui_editor.state.store import TaskState


class BackupKeeper:
    """Looks whether a backup is due. Its clock begins with the first change after the last backup.

    Args:
        folder: The project's.
        answer: Brings a call to the event loop.
        tell: Says, there, what went wrong, once.
        now_s: A clock that nobody sets, in seconds.
    """

    def __init__(
        self,
        folder: Path,
        answer: Callable[[Callable[[], None]], None],
        tell: Callable[[str], None],
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._answer, self._tell, self._now_s = folder, answer, tell, now_s
        self._seen: TaskState | None = None
        """As it was when it was backed up, or opened."""
        self._changed_s: float | None = None
        self._thread: threading.Thread | None = None
        self._told = False

    def look(self, state: TaskState | None, minutes: int) -> None:
        """Write a backup where the task changed `minutes` ago, or more, and none was written since; 0: never."""
        seen = self._seen
        if state is None or state.read_only or seen is None or seen.task.id != state.task.id:
            self._seen, self._changed_s = state, None
            return
        if seen.document is state.document:
            self._changed_s = None
            return
        if self._changed_s is None:
            self._changed_s = self._now_s()
        due = minutes and self._now_s() - self._changed_s >= minutes * 60
        if due and (self._thread is None or not self._thread.is_alive()):
            self._seen, self._changed_s = state, None
            self._thread = threading.Thread(target=self._write, args=(state,), name="backup", daemon=True)
            self._thread.start()

    def _write(self, state: TaskState) -> None:
        from tui_editor.api.backups import write_backup

        try:
            write_backup(self._folder, state.project, state.task, state.document, state.durability.seq, resting=True)
        except TuiEditorError as error:
            words = f"no plain-text backup: {error}"
            self._answer(lambda: self._failed(words))

    def _failed(self, words: str) -> None:
        if not self._told:
            self._told = True
            self._tell(words)
