"""What a process of a crew did to the store, written down outside the store: a file of its own, line by line.

Each line is a JSON list: what happened, when (nanoseconds of the clock that leases go by), and what is said beside
`Witness`. A line is there before the call goes on, so that kill -9 loses none; the disk gets it a little later.
"""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING, Any

import msgspec

from tui_editor.storage.host import now

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tui_editor.model.ids import TaskId
    from tui_editor.ports import Edit, Lease, ProjectStore, Session

SYNC_S = 0.2
Line = list[Any]


def clock_ns() -> int:
    """Return the time by the clock that leases go by, which no correction moves."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


assert abs(clock_ns() // 1_000_000 - now().boot_ms) < 60_000, "leases go by another clock"


class Log:
    """A file of lines, brought to the disk all the time."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sync, daemon=True)
        self._thread.start()

    def add(self, *line: object) -> None:
        os.write(self._file, msgspec.json.encode(line) + b"\n")

    def _sync(self) -> None:
        while not self._ended.wait(SYNC_S):
            os.fdatasync(self._file)

    def close(self) -> None:
        self._ended.set()
        self._thread.join()
        os.fsync(self._file)
        os.close(self._file)


def read_log(path: Path) -> Iterator[Line]:
    """Yield the lines; the last one of a killed process may be cut off."""
    for line in path.read_bytes().splitlines(keepends=True):
        if line.endswith(b"\n"):
            yield msgspec.json.decode(line)


class Witness:
    """A store whose calls are written down: intent, kept, refused; acquired, released.

    intent: when, idem, task, fence, session, command. kept: when it began, when it had ended, idem, task, number.
    refused: when, idem, why. acquired: when it began, when it had ended, task, fence, session, whether it was taken
    over. released: when it began, task, fence.
    """

    def __init__(self, store: ProjectStore, log: Log) -> None:
        self._store, self._log = store, log

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def commit(self, edits: Sequence[Edit], *, together: bool = False) -> Sequence[int | Exception]:
        began = clock_ns()
        for edit in edits:
            self._log.add("intent", began, edit.idem, edit.task, edit.fence, edit.session, edit.command)
        answers = self._store.commit(edits, together=together)
        ended = clock_ns()
        for edit, answer in zip(edits, answers, strict=True):
            if isinstance(answer, Exception):
                self._log.add("refused", ended, edit.idem, type(answer).__name__)
            else:
                self._log.add("kept", began, ended, edit.idem, edit.task, answer)
        return answers

    def acquire(self, task: TaskId, session: Session, *, take: bool = False) -> Lease:
        began = clock_ns()
        lease = self._store.acquire(task, session, take=take)
        self._log.add("acquired", began, clock_ns(), task, lease.fence, session.id, take)
        return lease

    def release(self, lease: Lease) -> None:
        self._log.add("released", clock_ns(), lease.task, lease.fence)
        self._store.release(lease)
