"""A long piece of work, done between the events of the loop so that nothing has to wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from time import monotonic
from typing import TYPE_CHECKING, Final

from tui_editor.errors import TuiEditorError
from tui_editor.text import one_line
from tui_editor.ui import collector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui_editor.ui.screens.front import FrontScreen

SLICE_S: Final = 0.004
"""After so long the events that wait are dealt with first."""
TOLD_S: Final = 0.25
"""How often it is told how far the work is, where it knows that."""


class Work:
    """Goes through steps, then does what follows from them.

    Args:
        screen: Which tells what goes wrong.
        steps: Each takes a few milliseconds at most.
        done: What follows.
    """

    def __init__(self, screen: FrontScreen, steps: Iterator[float | None], done: Callable[[], None]) -> None:
        self._screen, self._steps, self._done = screen, steps, done
        self._stopped = False
        self._told_at = monotonic()

    @property
    def over(self) -> bool:
        """Return whether nothing of it is left to do."""
        return self._stopped

    def go_on(self) -> None:
        """Do as much as one turn has time for."""
        until = monotonic() + SLICE_S
        try:
            share = None
            while not self._stopped and monotonic() < until:
                share = next(self._steps)
            if share is not None and until > self._told_at + TOLD_S:
                self._told_at = until
                self._screen.tell(f"{share:.0%} done: Escape stops")
        except StopIteration:
            self._stopped = True
            self._screen.guarded(self._done)
        except TuiEditorError as error:
            self._stopped = True
            self._screen.tell(one_line(str(error)), severity="warning")
        if self._stopped:
            collector.work()
        else:
            collector.rest()
            # by way of the loop: a message that a screen sends itself is dealt with before anybody else has a turn
            asyncio.get_running_loop().call_soon(self._screen.call_later, self.go_on)

    def stop(self) -> None:
        """Leave undone what is not done yet."""
        self._stopped = True
        collector.work()
        if isinstance(self._steps, Generator):
            self._steps.close()  # what it changed for the time of the work is as before

    def takes(self, key: str) -> bool:
        """Take a key that comes meanwhile: Escape stops the work; return False when there is none any more."""
        if self._stopped:
            return False
        if key == "escape":
            self._screen.tell("stopped: what was done stays done", severity="warning")
            self.stop()  # which may know better what became of it
        else:
            self._screen.tell("still at it: Escape stops", severity="warning")
        return True
