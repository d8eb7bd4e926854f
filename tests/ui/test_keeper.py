"""The keeper of a picture: what the terminal shows after the bytes that it sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from msgspec.structs import replace

from tests.support.cell_screen import CELL, COLUMNS, ROWS, CellTerminal
from tests.support.doctext import opened
from tests.support.kitty_screen import KittyScreen
from tests.ui.canvas_app import LABELS, composed, frame
from tests.ui.keeping import Canvas, Pipe, Sent
from tui_editor.render.raster import draw
from tui_editor.ui.picture.choice import surface_for
from tui_editor.ui.picture.keeper import Keeper
from tui_editor.ui.picture.layout import Layout
from tui_editor.ui.terminal.facts import Graphics, GraphicsKind, Terminal

if TYPE_CHECKING:
    from typing import Any

    from tui_editor.ui.picture.pipeline import Pipeline
    from tui_editor.ui.terminal_port import Port

TERMINAL = Terminal(term="xterm-256color", answered=True, kitty_graphics=True, cell_px=CELL)
KINDS = {
    "iterm2": Graphics(kind=GraphicsKind.ITERM2, why="test"),
    "kitty in cells": Graphics(kind=GraphicsKind.KITTY, why="test"),
    "kitty in layers": Graphics(kind=GraphicsKind.KITTY, layered=True, why="test"),
}
JPEG = 3.0
"""Mean difference that it explains."""


def seen(graphics: Graphics, data: bytes) -> np.ndarray:
    """Return what a terminal shows after some bytes."""
    if graphics.layered:
        return KittyScreen(COLUMNS, ROWS, CELL).feed(data).picture()
    terminal = CellTerminal()
    terminal.write(data)
    return terminal.screen


@pytest.mark.parametrize("graphics", KINDS.values(), ids=list(KINDS))
def test_after_suspension_the_whole_picture_is_sent_though_one_was_being_made(graphics: Graphics) -> None:
    here = Layout(column=0, row=0, visible=np.ones((ROWS, COLUMNS), np.bool_), cell_px=CELL)
    surface = surface_for(graphics, TERMINAL, 0)
    assert surface is not None
    pipe, sent, store = Pipe(frame), Sent(), opened(LABELS)
    keeper = Keeper(Canvas(here), surface, cast("Port", sent), cast("Pipeline[Any]", pipe))
    keeper.show(store.state)
    keeper.delivered(pipe.work())
    store.set_view(frame=1)
    keeper.show(store.state)
    result = pipe.work()  # made as a change to frame 0

    keeper.terminal_restored()
    sent.data = b""
    keeper.delivered(result)
    while not keeper.settled:
        keeper.delivered(pipe.work())

    wanted = composed(1, here.canvas_px)
    off = np.abs(seen(graphics, sent.data).astype(int) - draw(wanted.base, wanted.marks, wanted.viewport)[0])
    assert off.mean() < JPEG


def test_an_update_of_labels_alone_is_done_on_the_loop_once_it_proved_to_be_little_work() -> None:
    here = Layout(column=0, row=0, visible=np.ones((ROWS, COLUMNS), np.bool_), cell_px=CELL)
    surface = surface_for(KINDS["kitty in layers"], TERMINAL, 0)
    assert surface is not None
    pipe, store = Pipe(frame), opened(LABELS)
    keeper = Keeper(Canvas(here), surface, cast("Port", Sent()), cast("Pipeline[Any]", pipe))
    car, other = store.state.document.on_frame(store.state.view.unit, 0)[:2]

    def small(*, cpu_ms: float) -> bool:
        """Return whether the job for the newest state is one for the loop; it takes so long."""
        keeper.show(store.state)
        job = pipe.jobs[-1]
        keeper.delivered(pipe.work(cpu_ms))
        return job.small

    assert not small(cpu_ms=1.0), "a whole picture"
    store.select(car)
    assert not small(cpu_ms=1.0), "of labels, but nobody knows yet what they cost"
    store.select(other)
    assert small(cpu_ms=50.0)
    store.select(car)
    assert not small(cpu_ms=1.0), "the last one was much work"
    store.set_view(frame=1)
    assert not small(cpu_ms=1.0), "another frame"


def test_an_edit_that_was_kept_makes_no_picture_anew() -> None:
    here = Layout(column=0, row=0, visible=np.ones((ROWS, COLUMNS), np.bool_), cell_px=CELL)
    surface = surface_for(KINDS["kitty in layers"], TERMINAL, 0)
    assert surface is not None
    pipe, store = Pipe(frame), opened(LABELS)
    keeper = Keeper(Canvas(here), surface, cast("Port", Sent()), cast("Pipeline[Any]", pipe))
    keeper.show(store.state)
    while not keeper.settled:
        keeper.delivered(pipe.work())

    waiting = list(pipe.jobs)

    keeper.show(replace(store.state, durability=replace(store.state.durability, problem="queued")))

    assert keeper.settled
    assert pipe.jobs == waiting
