"""Keeps what libraries in C write to the standard error from the screen: while the interface runs it goes to a file."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES: Final = 1 << 18
"""Beyond, the file gets another name, in place of the one that had that before."""
_STANDARD_ERROR: Final = 2
_FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC


def stray_file() -> Path:
    """Return where what libraries say is kept."""
    from tui_editor.person_folders import state_folder

    return state_folder() / "stderr.log"


class StrayWrites:
    """Leads the descriptor by which libraries write to the terminal to a file for a while; the driver has another one.

    Args:
        descriptor: Another one than that of the standard error.
        file: Another one than `stray_file()`.
        most_bytes: How long the file may become before it is begun anew.
    """

    def __init__(self, descriptor: int | None = None, file: Path | None = None, most_bytes: int = MOST_BYTES) -> None:
        if descriptor is None:
            descriptor = sys.__stderr__.fileno() if sys.__stderr__ is not None else _STANDARD_ERROR
        self._descriptor, self._file, self._most_bytes = descriptor, file, most_bytes
        self._terminal = -1
        self._away = False

    @property
    def terminal(self) -> int:
        """Return the descriptor by which the terminal is reached; the same one for good."""
        if self._terminal < 0:
            self._terminal = os.dup(self._descriptor)
        return self._terminal

    def begin(self) -> None:
        """Lead the descriptor to the file; to nowhere, where there can be none."""
        if not self._away:
            _ = self.terminal
            self._away = True
            self._lead()

    def check(self) -> None:
        """Begin the file anew when it is too long."""
        if self._away and os.fstat(self._descriptor).st_size > self._most_bytes:
            self._lead()

    def end(self) -> None:
        """Lead the descriptor back to the terminal."""
        if self._away:
            self._away = False
            os.dup2(self._terminal, self._descriptor)

    def _lead(self) -> None:
        try:
            target = self._opened()
        except OSError:
            target = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
        os.dup2(target, self._descriptor)
        os.close(target)

    def _opened(self) -> int:
        file = self._file or stray_file()
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # another window was faster
            if file.stat().st_size > self._most_bytes:
                file.replace(file.with_name(f"{file.name}.1"))
        return os.open(file, _FLAGS, 0o600)
