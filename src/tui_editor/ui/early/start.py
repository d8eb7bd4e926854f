"""Begins a window while nothing of the interface is imported: asks the terminal, and has the first picture made."""

from __future__ import annotations

import signal
import sys
import termios
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NoReturn, Self

from tui_editor.ui import collector
from tui_editor.ui.early.process import PictureProcess
from tui_editor.ui.terminal.probe import Inquiry

if TYPE_CHECKING:
    from types import FrameType

    from tui_editor.api.project import Project
    from tui_editor.ui.start import Start
    from tui_editor.ui.terminal.facts import Terminal


_MAY_BE_PIXELS: Final = frozenset({"", "auto", "kitty", "sixel"})
_PATIENCE_S: Final = 0.05
"""How much longer the terminal may take to answer than the project to be opened."""


class EarlyStart:
    """The beginning of a window, from the shell to the interface: a context manager around all of it.

    Args:
        graphics: How pictures are shown, as the user asked for; empty: what the terminal does best.
    """

    def __init__(self, graphics: str = "") -> None:
        self._graphics = graphics
        self.process: PictureProcess | None = None
        """Makes the first picture; None: nobody does."""
        self._exit_code = 0

    def __enter__(self) -> Self:
        collector.rest()
        # Whoever ends the program finds the terminal as it was: with its echo, and without a picture.
        self._handlers = {number: signal.signal(number, self._end) for number in (signal.SIGHUP, signal.SIGTERM)}
        self._inquiry = Inquiry()
        if self._inquiry.output is not None and self._inquiry.direct and self._graphics in _MAY_BE_PIXELS:
            import msgspec  # noqa: F401  # both processes need it: loaded once
            import numpy as np  # noqa: F401  # the same

            self._inquiry.arrived(0)  # a look tells a near terminal from a far one
            with suppress(OSError):
                self.process = PictureProcess(self._inquiry.output)
        return self

    def __exit__(self, *exc: object) -> None:
        with suppress(OSError, termios.error):  # the terminal may be gone
            if self.process is not None:
                self.process.close()
            self._inquiry.close()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        collector.work()

    def order_picture(self, project: Project, start: Start) -> None:
        """Have the first picture made of an opened task, if the terminal shows pixels and has answered by now."""
        self._announce(start)
        from tui_editor.ui.early.order import first_state, frame_order, glimpse_of, label_order, shows_early
        from tui_editor.ui.terminal.flow import is_far
        from tui_editor.ui.terminal.settled import settled

        terminal, process = self._inquiry.arrived(_PATIENCE_S), self.process
        if terminal is None or process is None or start.opened is None:
            self._dismiss()
            return
        terminal, graphics = settled(terminal, self._graphics)
        state = first_state(project, start, start.opened)
        frame = frame_order(project, state, graphics, terminal) if shows_early(graphics) else None
        if frame is None:
            self._dismiss()
            return
        # Over a slow line a picture is long on its way: there the text of the interface goes first.
        process.order_frame(frame, glimpse_of(state), may_draw=not is_far(terminal))
        process.order_labels(label_order(state))

    def _announce(self, start: Start) -> None:
        """Tell of what kind the medium is, before more is loaded to tell the rest."""
        if self.process is not None and start.opened is not None:
            from tui_editor.model.frames import UnitKind

            self.process.announce(video=any(unit.kind is UnitKind.VIDEO for unit in start.opened.task.units[:1]))

    def _dismiss(self) -> None:
        """Make no picture early."""
        if self.process is not None:
            self.process.close()
            self.process = None

    def take_over(self) -> Terminal:
        """Return the terminal, which belongs to the interface from now on; waits for its answers."""
        terminal = self._inquiry.terminal()
        if self._exit_code:  # what was raised in the midst of an import may have been swallowed
            sys.exit(self._exit_code)
        return terminal

    def _end(self, number: int, _frame: FrameType | None) -> NoReturn:
        self._exit_code = 128 + number
        sys.exit(self._exit_code)
