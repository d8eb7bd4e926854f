"""The process that makes the first picture and may draw it: a fork of the editor's, which goes on without waiting.

It begins to load what drawing needs at once. A byte in a pipe tells it the kind of the medium, another that the frame
is ordered, another that the labels are, and one is the permission to draw: only one of the two processes writes to the
terminal, and the editor takes the permission back, if it is still there, when its interface starts.
"""

from __future__ import annotations

import os
import select
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NoReturn, cast

from msgspec.structs import replace

from tui_editor.ui.early.parcel import Parcel
from tui_editor.ui.terminal.shared_memory import remove_pictures_of

if TYPE_CHECKING:
    from tui_editor.ui.early.order import Glimpse
    from tui_editor.ui.early.picture import EarlyPicture, FrameOrder, LabelOrder

LIMIT_S: Final = 5
"""The process ends so long after its order, whatever it is doing: a file on a network may hang for ever."""
_STILL, _VIDEO = b"s", b"v"
_FRAME, _PERMISSION, _LABELS = b"f", b"p", b"l"
_MADE, _DRAWN = b"m", b"d"
ENTER: Final = b"\x1b[?1049h\x1b[?25l"
"""Takes the alternate screen, as Textual does, and hides the cursor."""
_CUT_OFF: Final = b"\x1b\\\x1b_Gq=2,m=0;\x1b\\"
"""Ends what a process began to write that died half-way: a string of the terminal, and an upload in pieces."""
_LEAVE: Final = b"\x1b_Gq=2,a=d,d=A\x1b\\\x1b[?1049l\x1b[?25h"


class PictureProcess:
    """The process at work, as the editor sees it. Make it before there are threads and before a store is open.

    Args:
        terminal: The descriptor on which the terminal is written to.

    Raises:
        OSError: the system has no room for another process.
    """

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._frame, self._labels, self._back = Parcel(), Parcel(), Parcel()
        self.glimpse: Glimpse | None = None
        """What was ordered."""
        self._may_draw = False
        self._said: bytes | None = None
        self._hears, self._tells = os.pipe()
        self._listens, self._says = os.pipe()
        os.set_blocking(self._hears, False)
        self._pid = self._number = os.fork()
        if self._pid == 0:
            self._work()
        os.close(self._says)

    # --- in the editor -----------------------------------------------------------------------------

    def announce(self, *, video: bool) -> None:
        """Tell of what kind the frame will be, before it can be ordered."""
        os.write(self._tells, _VIDEO if video else _STILL)

    def order_frame(self, order: FrameOrder, glimpse: Glimpse, *, may_draw: bool) -> None:
        """Have the frame of a picture made and, if it may be, drawn."""
        with suppress(ValueError):  # it is too much to draw
            self._frame.put(order)
            os.write(self._tells, _FRAME + _PERMISSION if may_draw else _FRAME)
            self.glimpse, self._may_draw = glimpse, may_draw

    def order_labels(self, order: LabelOrder) -> None:
        """Have the labels drawn on the frame that was ordered."""
        with suppress(ValueError):
            self._labels.put(order)
            os.write(self._tells, _LABELS)

    def take_terminal(self) -> bool:
        """Let it draw no more, and wait where it is drawing; return whether it has drawn."""
        if self._tells >= 0:
            taken = self._take_back()
            os.write(self._tells, taken.replace(_PERMISSION, b""))  # it may still be made
            os.close(self._hears)
            os.close(self._tells)
            self._tells = -1
            if self._may_draw and _PERMISSION not in taken and self._answer() != _DRAWN:
                _write_all(self._terminal, _CUT_OFF + _LEAVE)
        return self.drawn

    @property
    def drawn(self) -> bool:
        """Return whether it has drawn; known for sure after `take_terminal`."""
        return self._said == _DRAWN

    @property
    def ready(self) -> bool:
        """Return whether `picture` needs not wait."""
        return self._said is not None or bool(select.select([self._listens], [], [], 0)[0])

    def picture(self) -> EarlyPicture | None:
        """Return what it made, None when it failed; waits while it is at work, `LIMIT_S` at most."""
        if self.glimpse is None or not self._answer():
            return None
        self.bury()
        return replace(cast("EarlyPicture", self._back.get()), drawn=self.drawn)

    def close(self) -> None:
        """End it and leave nothing of it behind, where no interface took the terminal."""
        if self._tells >= 0 and self.take_terminal():
            _write_all(self._terminal, _LEAVE)
        if not self.bury():
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = 0
        remove_pictures_of(self._number)
        if self._listens >= 0:
            os.close(self._listens)
            self._listens = -1

    def bury(self) -> bool:
        """Free its number if it has ended; return whether it has."""
        if self._pid:
            try:
                buried, _ = os.waitpid(self._pid, os.WNOHANG)
            except ChildProcessError:  # somebody else did it
                buried = self._pid
            self._pid = 0 if buried else self._pid
        return not self._pid

    def _take_back(self) -> bytes:
        try:
            return os.read(self._hears, len(_STILL + _FRAME + _PERMISSION + _LABELS))
        except BlockingIOError:
            return b""

    def _answer(self) -> bytes:
        if self._said is None:
            self._said = os.read(self._listens, 1)
        return self._said

    # --- in the process ----------------------------------------------------------------------------

    def _work(self) -> NoReturn:
        """Do all; what is raised is told to nobody, and nothing of the editor's own way out is run."""
        try:
            os.close(self._tells)
            os.close(self._listens)
            terminal = os.dup(self._terminal)
            _keep_quiet()
            self._make(terminal)
        finally:
            os._exit(0)

    def _make(self, terminal: int) -> None:
        from tui_editor.ui.early.picture import FirstPicture, get_ready

        get_ready(self._is_spoken_to)
        word = self._hear()
        if word in {_STILL, _VIDEO}:
            get_ready(self._is_spoken_to, video=word == _VIDEO)
            word = self._hear()
        if word != _FRAME:
            return
        signal.alarm(LIMIT_S)
        making = FirstPicture(self._frame.get())
        ahead = making.ahead()
        word = self._hear()
        draws = word == _PERMISSION
        if draws:
            _write_all(terminal, ENTER + ahead)
            word = self._hear()
        if word == _LABELS:
            picture, data = making.finish(self._labels.get())
            if draws:
                _write_all(terminal, data)
            self._back.put(picture)
            os.write(self._says, _DRAWN if draws else _MADE)

    def _is_spoken_to(self) -> bool:
        return bool(select.select([self._hears], [], [], 0)[0])

    def _hear(self) -> bytes:
        """Return the next byte of the editor's, nothing when none will come any more."""
        while True:
            select.select([self._hears], [], [])
            with suppress(BlockingIOError):  # the editor was faster and took it back
                return os.read(self._hears, 1)


def _keep_quiet() -> None:
    """Die of signals without a word, and say nothing to the terminal."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
