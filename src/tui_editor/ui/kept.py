"""What a person leaves for the next sitting beside the work itself: earlier lines and macros, in the state folder."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from tui_editor.commands.history import LineHistory, added
from tui_editor.commands.macros import Macros
from tui_editor.commands.steps import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Change = Callable[[bytes], bytes]

HISTORY: Final = "lines.json"
MACROS: Final = "macros.json"
MOST_BYTES: Final = 5_000_000
"""A larger file is none of ours."""


class KeptFile:
    """A small file that several windows change, each on a thread: a state folder may lie on a slow disk.

    Args:
        name: Of the file.
        folder: Another folder than the person's.
    """

    def __init__(self, name: str, folder: Path | None = None) -> None:
        self._name, self._folder = name, folder
        self._lock = threading.Lock()
        self._changes: list[Change] = []
        self._thread: threading.Thread | None = None

    def path(self) -> Path:
        """Return where it lies."""
        from tui_editor.person_folders import state_folder

        return (self._folder or state_folder()) / self._name

    def read(self) -> bytes:
        """Return what is in it; nothing where it can't be read."""
        with suppress(OSError), self.path().open("rb") as file:
            return file.read(MOST_BYTES)
        return b""

    def change(self, change: Change) -> None:
        """Have the file changed from what another window may have made of it; without a disk nothing is kept."""
        with self._lock:
            self._changes.append(change)
            if self._thread is None:
                self._thread = threading.Thread(target=self._write_all, name=self._name, daemon=True)
                self._thread.start()

    def close(self, timeout: float) -> None:
        """Wait until everything is written."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            thread.join(timeout)

    def _write_all(self) -> None:
        while True:
            with self._lock:
                changes, self._changes = self._changes, []
                if not changes:
                    self._thread = None
                    return
            with suppress(OSError):
                self._write(changes)

    def _write(self, changes: Sequence[Change]) -> None:
        path, content = self.path(), self.read()
        for change in changes:
            content = change(content)
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"{path.name}.{threading.get_native_id()}")
        new.write_bytes(content)
        new.replace(path)


class KeptHistory(LineHistory):
    """Earlier lines, also of sittings before this one; read when they are first asked for."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        self.file = KeptFile(HISTORY, folder)
        self._read = False

    @property
    def lines(self) -> Sequence[str]:
        """Return the lines."""
        if not self._read:
            self._read = True
            self._lines = [*_lines(self.file.read()), *self._lines]
        return super().lines

    def add(self, line: str) -> None:
        """Remember a line, here and for the next sitting."""
        super().add(line)
        self.file.change(lambda content: _encoded(added(_lines(content), line)))


class KeptMacros(Macros):
    """Macros, also of sittings before this one; read when they are first asked for."""

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        self.file = KeptFile(MACROS, folder)
        self._read = False

    @property
    def names(self) -> Sequence[str]:
        """Return the registers that hold something."""
        self._take()
        return super().names

    def steps(self, name: str) -> tuple[Step, ...]:
        """Return the steps of a register."""
        self._take()
        return super().steps(name)

    def keep(self, name: str, steps: tuple[Step, ...]) -> None:
        """Put steps into a register, here and for the next sitting."""
        self._take()
        super().keep(name, steps)
        self.file.change(lambda content: _encoded({**_macros(content), name: steps}))

    def _take(self) -> None:
        if not self._read:
            self._read = True
            self.take(_macros(self.file.read()))


def _encoded(value: object) -> bytes:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(value), indent=1)


def _lines(content: bytes) -> list[str]:
    import msgspec

    from tui_editor.model.unreadable import UNREADABLE

    try:
        return msgspec.json.decode(content or b"[]", type=list[str])
    except UNREADABLE:
        return []


def _macros(content: bytes) -> dict[str, tuple[Step, ...]]:
    """Return macros by register; none of a file that was made by something else."""
    import msgspec

    from tui_editor.model.unreadable import UNREADABLE

    try:
        found = msgspec.json.decode(content or b"{}", type=dict[str, tuple[Step, ...]])
    except UNREADABLE:
        return {}
    return {name: steps for name, steps in found.items() if steps}
