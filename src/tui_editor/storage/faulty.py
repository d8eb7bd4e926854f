"""An engine that fails on demand, around a real one: for tests of what the screen does when keeping fails."""

from __future__ import annotations

import time
from collections import deque
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from tui_editor.errors import StoreError, StoreFenced, StoreFull

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui_editor.ports import Edit, ProjectStore


class Fault(Enum):
    """What goes wrong with one call of `commit`."""

    NONE = auto()
    BEFORE = auto()
    """Fails before anything is kept."""
    AFTER = auto()
    """Is kept, but the answer is lost: a retry must not keep it twice."""
    FULL = auto()
    """The disk is full."""
    FENCED = auto()
    """Each edit is refused as if another window had taken the task over."""


class FaultyStore:
    """A store that passes everything on to `inner`, except the commits for which faults are queued.

    Args:
        inner: The engine that works.
        faults: What happens to the next commits, in order; then they succeed.
        before_commit: Called at the beginning of each commit, to hold it up.
    """

    def __init__(
        self,
        inner: ProjectStore,
        faults: Sequence[Fault] = (),
        before_commit: Callable[[], None] | None = None,
    ) -> None:
        self.inner = inner
        self.faults = deque(faults)
        self.commits = 0
        self._before = before_commit

    def commit(self, edits: Sequence[Edit], *, together: bool = False) -> Sequence[int | Exception]:
        """Keep edits, or fail as the next fault says."""
        self.commits += 1
        if self._before is not None:
            self._before()
        match self.faults.popleft() if self.faults else Fault.NONE:
            case Fault.NONE:
                return self.inner.commit(edits, together=together)
            case Fault.BEFORE:
                raise StoreError("injected: nothing was kept")
            case Fault.FULL:
                raise StoreFull("injected: the disk is full")
            case Fault.FENCED:
                return [StoreFenced("injected: taken over") for _ in edits]
            case Fault.AFTER:
                self.inner.commit(edits)
                raise StoreError("injected: kept, but the answer was lost")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


def slow(seconds: float) -> Callable[[], None]:
    """Return what makes each commit of a `FaultyStore` take at least that long."""
    return lambda: time.sleep(seconds)
