"""A person who imports by the shell, works in an emulator by real keys, and exports by the shell."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from tests.terminals.harness import keep
from tests.terminals.picture import Box, Picture, count_colour, crop, difference, find_colour, near
from tui_editor.api import open_project
from tui_editor.render.pixels import BACKGROUND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.terminals.harness import Terminal, XDisplay
    from tui_editor.model.document import LabelDocument
    from tui_editor.ports import OpenedTask

ROOT = Path(__file__).parents[2]
KEYS_LINE, DIALOG = (0x1D, 0x20, 0x28), (0x20, 0x24, 0x2E)
"""Backgrounds of the line of keys and of dialogs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """The program on one project, in the shell and in an emulator.

    Attributes:
        emulator: Opens a program in a window of its own.
        project: The project's folder.
    """

    emulator: Callable[..., Terminal]
    display: XDisplay
    project: Path

    @property
    def env(self) -> dict[str, str]:
        """Return what the program finds in its environment besides the usual."""
        home = self.project.parent
        return {
            "PYTHONPATH": str(ROOT / "src"),
            "XDG_STATE_HOME": str(home / "state"),
            "XDG_DATA_HOME": str(home / "data"),
        }

    def shell(self, *arguments: str) -> str:
        """Run a command to its end and return what it prints; fail with what it said when it fails."""
        argv = [sys.executable, "-m", "tui_editor", *arguments, "--project", str(self.project)]
        done = subprocess.run(argv, env={**os.environ, **self.env}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def json(self, *arguments: str) -> Any:
        """Return what a command prints as JSON."""
        return json.loads(self.shell(*arguments, "--json"))

    @contextmanager
    def queue(self) -> Iterator[Sitting]:
        """Open the queue in the emulator, and see that it is left with exit code 0."""
        argv = [sys.executable, "-m", "tui_editor", "--project", str(self.project)]
        with self.emulator(self.display, argv, env=self.env) as terminal:
            sitting = Sitting(self, terminal)
            sitting.wait(shows_queue, "queue")
            yield sitting
            terminal.wait_exit()
            assert terminal.exit_code == 0

    def read(self, title: str) -> OpenedTask:
        """Return a task as it is on disk, by the end of its title."""
        with open_project(self.project) as project:
            (task,) = [row.id for row in project.tasks() if row.title.endswith(title)]
            return project.read(task)

    def colour(self, name: str) -> tuple[int, int, int]:
        """Return the colour of a class by its name."""
        with open_project(self.project) as project:
            (found,) = [c.color for c in project.info.ontology.classes if c.name == name]
        red, green, blue = bytes.fromhex(found.lstrip("#"))
        return red, green, blue


class Sitting:
    """The program in a window, with what a test asks of it."""

    def __init__(self, program: Program, terminal: Terminal) -> None:
        self.program = program
        self.terminal = terminal

    def keys(self, *names: str) -> None:
        """Press keys by their X names."""
        self.terminal.keys(*names)

    def enter(self, text: str) -> None:
        """Type a text into a dialog, and Enter."""
        self.terminal.type(text)
        self.keys("Return")

    def wait(self, condition: Callable[[Picture], bool], name: str = "") -> Picture:
        """Return the screen once a condition holds; under a name it is kept where TERMINAL_SHOTS says."""
        picture = self.terminal.wait_until(condition, timeout_s=60)
        if name:
            keep(picture, f"{self.program.emulator.__name__}-{name}")
        return picture

    def wait_kept(self, title: str, holds: Callable[[LabelDocument], bool], name: str = "") -> Picture:
        """Wait until what is on disk of a task is as wanted."""
        return self.wait(lambda _: holds(self.program.read(title).document), name)


def shows_queue(picture: Picture) -> bool:
    """Tell whether the queue is on the screen with nothing over it: a line of keys, no canvas, no dialog."""
    keys = find_colour(picture, KEYS_LINE, tolerance=0)
    return keys is not None and canvas_box(picture) is None and not shows_dialog(picture)


def shows_dialog(picture: Picture) -> bool:
    """Tell whether a dialog is on the screen."""
    return count_colour(picture, DIALOG, tolerance=0) > 1000


def canvas_box(picture: Picture) -> Box | None:
    """Return where the canvas lies: the smallest box around the pixels beside the frame; None without a canvas."""
    return find_colour(picture, BACKGROUND, tolerance=1)


def frame_box(picture: Picture, size: tuple[int, int]) -> Box | None:
    """Return where a frame of (width, height) lies on the screen when it is fitted into the canvas; None without one.

    Stripes of the canvas must be seen on two sides of it.
    """
    canvas = canvas_box(picture)
    if canvas is None:
        return None
    left, top, right, bottom = canvas
    scale = min((right - left) / size[0], (bottom - top) / size[1])
    width, height = size[0] * scale, size[1] * scale
    x, y = (left + right - width) / 2, (top + bottom - height) / 2
    return round(x), round(y), round(x + width), round(y + height)


def off(picture: Picture, frame: Image.Image) -> float:
    """Return how far the screen is from showing a frame, as the mean difference of the channels; 255 without it."""
    box = frame_box(picture, frame.size)
    if box is None:
        return 255.0
    shown = crop(picture, box)
    wanted = np.array(frame.convert("RGB").resize((shown.shape[1], shown.shape[0]), Image.Resampling.BILINEAR))
    return difference(shown, wanted)


def where(picture: Picture, colour: tuple[int, int, int], size: tuple[int, int]) -> Box | None:
    """Return the bounds of a colour within a frame of (width, height) on the screen; None where it isn't seen.

    Single pixels elsewhere don't count: a smooth edge between two others may happen to have the colour.
    """
    import cv2

    box = frame_box(picture, size)
    if box is None:
        return None
    hit = near(crop(picture, box), colour, 2).astype(np.uint8)
    _, _, parts, _ = cv2.connectedComponentsWithStats(hit, connectivity=8)
    if len(parts) < 2:  # the first one is all that has another colour
        return None
    x, y, width, height, _ = max(parts[1:].tolist(), key=lambda part: part[2] * part[3])
    return box[0] + x, box[1] + y, box[0] + x + width, box[1] + y + height


def on_screen(picture: Picture, bounds: Sequence[float], size: tuple[int, int]) -> tuple[float, ...]:
    """Return the bounds (x0, y0, x1, y1) in a frame of (width, height) as screen pixels; empty without the frame."""
    box = frame_box(picture, size)
    if box is None:
        return ()
    scale = (box[2] - box[0]) / size[0]
    return tuple(box[axis % 2] + value * scale for axis, value in enumerate(bounds))
