"""The process that makes the first picture: who may write to the terminal, what is left when something goes wrong."""

from __future__ import annotations

import os
import pty
import select
import signal
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_editor.model.ids import TaskId, UnitId
from tui_editor.state.view import View
from tui_editor.ui.early import picture as making
from tui_editor.ui.early.order import Glimpse
from tui_editor.ui.early.parcel import Parcel
from tui_editor.ui.early.picture import EarlyPicture
from tui_editor.ui.early.process import ENTER, PictureProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_editor.ui.early.picture import FrameOrder, LabelOrder

LEAVE_ALL = b"\x1b_Gq=2,a=d,d=A\x1b\\\x1b[?1049l\x1b[?25h"
GLIMPSE = Glimpse(task=TaskId(1), seq=1, view=View(unit=UnitId(1)), selection=())
AHEAD, DATA = b"<frame>", b"<labels>"
CUT_OFF = b"\x1b\\\x1b_Gq=2,m=0;\x1b\\"
LEAVE = b"\x1b[?1049l"


class Drawing:
    """What is drawn in place of a picture: the order tells what happens."""

    def __init__(self, order: str) -> None:
        if order == "broken":
            raise ValueError(order)
        if order == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        self._order = order

    def ahead(self) -> bytes:
        return AHEAD

    def finish(self, labels: str) -> tuple[EarlyPicture, bytes]:
        if labels == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        return EarlyPicture(composed=cast("Any", self._order), update=cast("Any", labels)), DATA


class Line:
    """A terminal's line."""

    def __init__(self) -> None:
        self.master, self.slave = pty.openpty()

    def written(self, until: bytes = b"") -> bytes:
        """Return what was written, up to some bytes or as much as is there."""
        found = b""
        while (until and until not in found) or select.select([self.master], [], [], 0)[0]:
            found += os.read(self.master, 4096)
        return found

    def close(self) -> None:
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    line.close()


@pytest.fixture
def process(line: Line, monkeypatch: pytest.MonkeyPatch) -> Iterator[PictureProcess]:
    monkeypatch.setattr(making, "FirstPicture", Drawing)
    monkeypatch.setattr(making, "get_ready", lambda _, **__: None)
    process = PictureProcess(line.slave)
    pid = process._pid
    yield process
    process.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def order(process: PictureProcess, frame: str = "frame", labels: str = "labels", *, may_draw: bool = True) -> None:
    process.order_frame(cast("FrameOrder", frame), GLIMPSE, may_draw=may_draw)
    if labels:
        process.order_labels(cast("LabelOrder", labels))


def test_what_was_ordered_is_drawn_and_handed_over(process: PictureProcess, line: Line) -> None:
    order(process)

    assert line.written(DATA) == ENTER + AHEAD + DATA
    assert process.take_terminal()
    picture = process.picture()
    assert picture is not None
    assert (str(picture.composed), str(picture.update), picture.drawn) == ("frame", "labels", True)


def test_an_editor_that_did_not_get_so_far_leaves_the_other_screen(process: PictureProcess, line: Line) -> None:
    order(process)
    line.written(DATA)

    process.close()

    assert LEAVE in line.written(LEAVE)


@pytest.mark.parametrize("video", [False, True])
def test_what_medium_it_will_be_may_be_announced_before(process: PictureProcess, line: Line, video: bool) -> None:
    process.announce(video=video)
    order(process)

    assert process.picture() is not None


def test_without_permission_it_is_made_and_not_drawn(process: PictureProcess, line: Line) -> None:
    order(process, may_draw=False)

    assert not process.take_terminal()
    picture = process.picture()
    assert picture is not None
    assert not picture.drawn
    assert line.written() == b""


def test_an_order_that_was_not_begun_is_made_when_the_interface_has_the_terminal(
    process: PictureProcess, line: Line
) -> None:
    os.kill(process._pid, signal.SIGSTOP)
    os.waitpid(process._pid, os.WUNTRACED)
    order(process)
    assert not process.take_terminal()
    os.kill(process._pid, signal.SIGCONT)

    picture = process.picture()

    assert picture is not None
    assert not picture.drawn
    assert line.written() == b""


@pytest.mark.parametrize("frame", ["broken", "killed"])
def test_what_goes_wrong_with_the_frame_is_told_to_nobody(process: PictureProcess, line: Line, frame: str) -> None:
    order(process, frame)

    assert process.picture() is None
    assert not process.take_terminal()
    assert line.written() == b""


def test_of_a_picture_that_was_begun_nothing_stays(process: PictureProcess, line: Line) -> None:
    order(process, labels="killed")
    begun = line.written(AHEAD)

    assert not process.take_terminal()
    assert process.picture() is None
    assert begun + line.written(LEAVE) == ENTER + AHEAD + CUT_OFF + LEAVE_ALL


def test_labels_that_are_never_ordered_end_it(process: PictureProcess, line: Line) -> None:
    order(process, labels="")
    line.written(AHEAD)

    assert not process.take_terminal()
    assert process.picture() is None


def test_without_an_order_there_is_no_picture(process: PictureProcess) -> None:
    assert not process.take_terminal()
    assert process.picture() is None


# --- what is handed over -------------------------------------------------------------------------

shapes = st.lists(st.integers(0, 40), min_size=1, max_size=3)
arrays = shapes.map(lambda shape: np.arange(np.prod(shape)).reshape(shape))


@given(st.lists(arrays, max_size=4), st.text(max_size=20))
def test_a_parcel_holds_what_was_put_into_it(values: list[np.ndarray], text: str) -> None:
    parcel = Parcel()
    parcel.put({"arrays": values, "text": text})

    found = parcel.get()

    assert found["text"] == text
    assert all(np.array_equal(one, other) for one, other in zip(found["arrays"], values, strict=True))
    assert not any(array.flags.writeable for array in found["arrays"] if array.size)


def test_what_is_too_large_for_a_parcel_is_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        Parcel().put(np.zeros(1 << 27, np.uint8))
