"""A small app around a canvas: frames drawn by numpy, labels from text, keys that cover, move and change things.

    python -m tests.ui.canvas_app [--graphics kitty] [--labels "car@0 box 10,10 20,20"]

Keys: n p next, previous frame; d dialog; t toast; z zoom in; f fit; s taller status; w canvas away and back; q quit.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import sys
from concurrent.futures import Future
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from textual.binding import Binding
from textual.widgets import Static

from tests.support.doctext import SIZE, opened
from tui_editor.cli.ending import leave
from tui_editor.errors import MediaMissing
from tui_editor.model.frames import Frame
from tui_editor.state.view import FIT, Camera
from tui_editor.ui.picture.compose import Composer
from tui_editor.ui.terminal.facts import Graphics, Terminal, choose_graphics
from tui_editor.ui.terminal.probe import DEADLINE_S, probe
from tui_editor.ui.terminal_port import TerminalApp
from tui_editor.ui.widgets.frame_view import FrameView

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tui_editor.model.ids import UnitId
    from tui_editor.render.marks import Mark
    from tui_editor.state.store import TaskState
    from tui_editor.ui.picture.composed import Composed

LABELS = """\
car@0 box 100,100 200,150
van@0 box 400,300 120,90
car@1 box 300,100 200,150
lake@0 polygon 50,400 250,380 200,460
"""
BROKEN_FRAME = 50


def picture(index: int) -> np.ndarray:
    """Return RGB (480, 640, 3): slow gradients, a coloured block in each corner, a bar that tells the index."""
    width, height = SIZE
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    pixels = np.stack([x * 200 // width + 20, y * 200 // height + 20, np.full_like(x, 90)], axis=-1).astype(np.uint8)
    for (row, column), colour in zip(
        ((0, 0), (0, -40), (-40, 0), (-40, -40)), ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)), strict=True
    ):
        pixels[row : row + 40 or None, column : column + 40 or None] = colour
    pixels[230:250, 60 + 40 * index : 100 + 40 * index] = (255, 0, 255)
    return pixels


def frame(index: int) -> Frame:
    """Return the frame that the app shows at an index."""
    return Frame(pixels=picture(index), full_size=SIZE)


def composed(index: int, canvas_px: tuple[int, int]) -> Composed:
    """Return what the app shows of a frame that is fitted into a canvas."""
    return Composer().compose(opened(LABELS, frame=index).state, frame(index), canvas_px)


def with_marks(what: Composed, marks: tuple[Mark, ...]) -> Composed:
    """Return the same canvas with other labels."""
    other = copy(what)
    other.marks = marks
    return other


class DrawnFrames:
    """Frames at once, one of them broken."""

    def request(
        self, unit: UnitId, index: int, fit: tuple[int, int] | None = None, *, view: str = "main"
    ) -> Future[Frame]:
        future: Future[Frame] = Future()
        if index == BROKEN_FRAME:
            future.set_exception(MediaMissing("the file is \x1b[31mgone", where="clip.mp4", hint="bring it back"))
        else:
            future.set_result(frame(index))
        return future


class CanvasApp(TerminalApp[None]):
    CSS = """
    Screen { layers: base overlay; }
    #status { height: 1; background: $primary; }
    #dialog { layer: overlay; width: 30; height: 7; offset: 10 5; background: #402060; border: round white; }
    #dialog { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "step(1)"),
        Binding("p", "step(-1)"),
        Binding("b", "go(50)"),
        Binding("d", "dialog"),
        Binding("t", "toast"),
        Binding("z", "zoom"),
        Binding("f", "fit"),
        Binding("s", "taller"),
        Binding("w", "away"),
        Binding("ctrl+z", "suspend_process", priority=True),
        Binding("q", "quit"),
    ]

    def __init__(self, terminal: Terminal, graphics: Graphics, labels: str = LABELS, dump: Path | None = None) -> None:
        super().__init__(terminal)
        self.dump, self.status = dump, "ready"
        self.store = opened(labels)
        self.store.subscribe(lambda _, new: self.canvas.show(new))
        self.canvas = FrameView(DrawnFrames(), graphics, id="canvas")
        self.events: list[object] = []
        self.keys: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.canvas
        yield Static(self.status, id="status", markup=False)
        yield Static("A dialog", id="dialog")

    def on_mount(self) -> None:
        self.canvas.show(self.store.state)

    @property
    def state(self) -> TaskState:
        return self.store.state

    def on_key(self, event: events.Key) -> None:
        self.events.append(event)
        self.keys.append(event.key)
        if self.canvas.region:
            self.write_dump()

    def on_frame_view_pointer(self, message: FrameView.Pointer) -> None:
        self.events.append(message)
        self.say(f"{message.kind} {message.x:.1f} {message.y:.1f}")

    def on_frame_view_stats(self, message: FrameView.Stats) -> None:
        self.events.append(message)
        self.write_dump()

    def write_dump(self) -> None:
        """Tell a test where the picture lies."""
        if self.dump is None:
            return
        x, y, width, height = self.canvas.region
        told: dict[str, Any] = {"pid": os.getpid(), "cell": self.port.cell_px, "region": [x, y, width, height]}
        told["keys"] = self.keys
        told |= {"frame": self.state.view.frame, "graphics": self.canvas.graphics.kind.value}
        part = self.dump.with_suffix(".part")
        part.write_text(json.dumps(told))
        part.rename(self.dump)

    def say(self, text: str) -> None:
        self.query_one("#status", Static).update(text)

    def action_step(self, step: int) -> None:
        self.store.set_view(frame=self.state.view.frame + step)
        self.say(f"frame {self.state.view.frame}")

    def action_go(self, index: int) -> None:
        self.store.set_view(frame=index)

    def action_dialog(self) -> None:
        dialog = self.query_one("#dialog")
        dialog.display = not dialog.display

    def action_toast(self) -> None:
        self.notify("a toast", timeout=3)

    def action_zoom(self) -> None:
        self.store.set_view(camera=Camera(center=(200.0, 175.0), scale=3.0))

    def action_fit(self) -> None:
        self.store.set_view(camera=FIT)

    def action_taller(self) -> None:
        status = self.query_one("#status")
        status.styles.height = 6 if status.size.height == 1 else 1

    def action_away(self) -> None:
        self.canvas.display = not self.canvas.display


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--graphics", default="")
    parser.add_argument("--labels", default=LABELS)
    parser.add_argument("--dump", type=Path)
    parser.add_argument("--status", default="ready")
    parser.add_argument("--deadline", type=float, default=DEADLINE_S)
    options = parser.parse_args()
    terminal = probe(deadline_s=options.deadline)
    graphics = choose_graphics(terminal, options.graphics)
    app = CanvasApp(terminal, graphics, options.labels, options.dump)
    app.status = options.status
    app.run()
    if select.select([], [sys.stdout], [], 0)[1]:  # a terminal that does not read holds a shell up, and us no longer
        print("bye", flush=True)  # noqa: T201  what a shell would write next
    leave(0)  # as the shell's verbs do: a thread inside a library's code may still be at work


if __name__ == "__main__":
    main()
