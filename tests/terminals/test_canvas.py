"""The canvas in real emulators: the picture is where it belongs, through dialogs, resizes, suspension and the end."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from tests.terminals.foot import foot
from tests.terminals.harness import Terminal, Window, XDisplay, kitty, tmux_in, when_json, xterm
from tests.terminals.konsole import konsole
from tests.terminals.picture import Picture, count_colour, crop, difference, find_colour
from tests.terminals.xtermjs import xtermjs
from tests.ui.canvas_app import composed, picture
from tui_editor.render.cells import cells_for
from tui_editor.render.raster import draw
from tui_editor.ui.picture.layout import Layout
from tui_editor.ui.picture.sixel_cells import SixelEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.terminal

ROOT = Path(__file__).parents[2]
MAGENTA = (255, 0, 255)
DIALOG_CELLS = (10, 5, 40, 12)
CLOSE = {"kitty": 0.5, "sixel": 1.5, "iterm2": 2.0, "cells": 12.0}
"""Mean difference that the codec explains: none, percent instead of bytes, JPEG, glyphs of fonts."""

SEEN = 1.0
"""Mean difference that a toast makes at least."""


class Canvas:
    """The small canvas app in an emulator, and what it should show."""

    def __init__(self, terminal: Window, dump: Path) -> None:
        self.terminal, self._dump = terminal, dump

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._dump.read_text())
        return told

    def wait(self, *, frame: int = 0, region: tuple[int, int] | None = None, spared: bool = False) -> Picture:
        """Return the screenshot once the frame's picture is seen; `spared`: but for the dialog's cells."""

        def seen(picture: Picture) -> bool:
            if not self._dump.exists():
                return False
            told = self.told
            where = told["frame"] == frame and (region is None or tuple(told["region"][2:]) == region)
            return where and self.off(picture, frame, spared=spared) <= CLOSE[told["graphics"]]

        return self.terminal.wait_until(seen)

    def off(self, picture: Picture, frame: int, *, spared: bool = False) -> float:
        """Return how far the screen is from what the frame should look like."""
        shown, wanted = self.part(picture), self.wanted(frame)
        if shown.shape != wanted.shape:
            return 255.0
        if spared:
            dialog = self.dialog_px()
            shown[dialog], wanted[dialog] = 0, 0
        return difference(shown, wanted)

    def dialog_px(self) -> tuple[slice, slice]:
        x0, y0, x1, y1 = DIALOG_CELLS
        width, height = self.told["cell"]
        return slice(y0 * height, y1 * height), slice(x0 * width, x1 * width)

    def part(self, picture: Picture) -> Picture:
        x, y, columns, rows = self.told["region"]
        width, height = self.told["cell"]
        left, top = self.terminal.origin_px
        shown = picture[top:, left:]
        return shown[y * height : (y + rows) * height, x * width : (x + columns) * width].copy()

    def wanted(self, frame: int) -> Picture:
        _, _, columns, rows = self.told["region"]
        width, height = self.told["cell"]
        if self.told["graphics"] == "cells":
            what = composed(frame, (columns * 2, rows * 4))
            cells = cells_for(draw(what.base, what.marks, what.viewport, tags=False)[0], rows, columns)
            halves = np.stack([cells.upper, cells.lower], axis=1).reshape(rows * 2, columns, 3)
            tall = np.repeat(np.arange(rows), height) * 2 + np.tile(np.arange(height) >= height // 2, rows)
            large: Picture = halves[tall][:, np.repeat(np.arange(columns), width)]
            return large
        what = composed(frame, (columns * width, rows * height))
        if self.told["graphics"] != "sixel":
            return draw(what.base, what.marks, what.viewport)[0].copy()
        here = Layout(column=0, row=0, visible=np.ones((rows, columns), np.bool_), cell_px=(width, height))
        encoded = SixelEncoder(256).encode(what, None, here)
        assert encoded.palette is not None
        seen: Picture = encoded.palette.colours[encoded.pixels]
        return seen


@pytest.fixture(params=[kitty, xterm, konsole, foot, xtermjs], ids=["kitty", "xterm", "konsole", "foot", "xtermjs"])
def canvas(request: pytest.FixtureRequest, display: XDisplay, tmp_path: Path) -> Iterator[Canvas]:
    with _open(request.param, display, tmp_path) as terminal:
        yield Canvas(terminal, tmp_path / "canvas.json")


def _open(emulator: Callable[..., Window], display: XDisplay, folder: Path) -> Window:
    argv = [sys.executable, "-m", "tests.ui.canvas_app", "--dump", str(folder / "canvas.json")]
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return emulator(display, argv, env={"PYTHONPATH": paths, "COLORTERM": "truecolor"})


def is_stopped(pid: int) -> bool:
    """Return whether a program has stopped itself: a SIGCONT before that would be lost."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def test_the_frame_and_its_labels_are_seen_pixel_for_pixel_and_follow_the_frame(canvas: Canvas) -> None:
    picture = canvas.wait()
    assert canvas.off(picture, 0) < canvas.off(picture, 1)

    canvas.terminal.keys("n")
    picture = canvas.wait(frame=1)
    assert canvas.off(picture, 1) < canvas.off(picture, 0)


def test_a_dialog_hides_its_cells_only_and_the_picture_comes_back(canvas: Canvas) -> None:
    before = canvas.part(canvas.wait())

    canvas.terminal.keys("d")
    covered = canvas.terminal.wait_until(
        lambda shown: (
            bool((canvas.part(shown)[canvas.dialog_px()] != before[canvas.dialog_px()]).any())
            and canvas.off(shown, 0, spared=True) <= CLOSE[canvas.told["graphics"]]
        )
    )
    inside = canvas.part(covered)[canvas.dialog_px()]
    assert len(np.unique(inside.reshape(-1, 3), axis=0)) < 400  # a flat colour and smooth letters, no gradient

    canvas.terminal.keys("n")  # the frame may change below the dialog
    canvas.wait(frame=1, spared=True)
    canvas.terminal.keys("d")
    canvas.wait(frame=1)


def test_the_picture_comes_back_after_a_toast_and_after_the_command_palette(canvas: Canvas) -> None:
    before = canvas.part(canvas.wait())

    canvas.terminal.keys("t")
    canvas.terminal.wait_until(lambda shown: difference(canvas.part(shown), before) > SEEN)
    canvas.wait()
    canvas.terminal.keys("ctrl+p")
    canvas.terminal.wait_until(lambda shown: count_colour(shown, MAGENTA) == 0)
    canvas.terminal.keys("Escape")
    canvas.wait()


def test_the_picture_follows_a_pane_that_shrinks_moves_away_and_comes_back(canvas: Canvas) -> None:
    canvas.wait()
    _, _, columns, rows = canvas.told["region"]

    canvas.terminal.keys("s")
    canvas.wait(region=(columns, rows - 5))
    canvas.terminal.keys("w")
    canvas.terminal.wait_until(lambda shown: count_colour(shown, MAGENTA) == 0)
    canvas.terminal.keys("w")
    canvas.wait(region=(columns, rows - 5))


def test_the_picture_fits_a_window_of_another_size(canvas: Canvas) -> None:
    canvas.wait()
    old = canvas.told["region"]

    canvas.terminal.resize_window(800, 500)
    canvas.terminal.wait_until(lambda shown: canvas.told["region"] != old and canvas.off(shown, 0) < 2)


def test_the_picture_is_painted_again_after_suspension_and_nothing_is_seen_meanwhile(canvas: Canvas) -> None:
    canvas.wait()

    canvas.terminal.keys("ctrl+z")
    canvas.terminal.wait_until(lambda shown: count_colour(shown, MAGENTA) == 0)
    canvas.terminal.wait_until(lambda _: is_stopped(canvas.told["pid"]))
    os.kill(canvas.told["pid"], signal.SIGCONT)
    canvas.wait()


def test_nothing_is_left_behind_on_exit(canvas: Canvas) -> None:
    canvas.wait()

    canvas.terminal.keys("q")
    after = canvas.terminal.wait_exit()
    assert canvas.terminal.exit_code == 0
    assert len(np.unique(after.reshape(-1, 3), axis=0)) < 1000  # text and an emulator's bars at most
    assert count_colour(after, MAGENTA) == 0


@pytest.mark.parametrize("outer", [kitty, xterm], ids=["kitty", "xterm"])
def test_inside_tmux_the_picture_is_seen_in_half_blocks_or_at_placeholders(
    outer: Callable[..., Terminal], display: XDisplay, tmp_path: Path
) -> None:
    """Placeholders in a kitty that knows them (0.28); pixel for pixel then, also under and after a dialog."""

    def in_tmux(display: XDisplay, argv: list[str], env: dict[str, str]) -> Terminal:
        return tmux_in(outer, display, argv, env=env)

    with _open(in_tmux, display, tmp_path) as terminal:
        canvas = Canvas(terminal, tmp_path / "canvas.json")
        terminal.wait_until(when_json(tmp_path / "canvas.json", lambda told: told["graphics"] in {"kitty", "cells"}))
        before = canvas.part(canvas.wait())
        terminal.keys("d")
        dialog = canvas.dialog_px()
        terminal.wait_until(lambda shown: bool((canvas.part(shown)[dialog] != before[dialog]).any()))
        terminal.keys("n")
        canvas.wait(frame=1, spared=True)
        terminal.keys("d")
        canvas.wait(frame=1)
        old = canvas.told["region"]
        terminal.resize_window(800, 500)
        terminal.wait_until(lambda shown: canvas.told["region"] != old and canvas.off(shown, 1) < CLOSE["cells"])
        terminal.keys("q")
        after = terminal.wait_exit()
        assert count_colour(after, MAGENTA) == 0


def test_parts_have_no_seams_where_cells_are_no_whole_number_of_pixels(display: XDisplay, tmp_path: Path) -> None:
    only_on_the_first = "car@0 box 100,100 200,150\nvan@0 box 400,300 120,90\nlake@0 polygon 50,400 250,380 200,460"

    def fractional(display: XDisplay, argv: list[str], env: dict[str, str]) -> Window:
        return xtermjs(display, [*argv, "--labels", only_on_the_first], env=env, whole=False)

    with _open(fractional, display, tmp_path) as terminal:
        before = find_colour(terminal.wait_until(lambda shown: count_colour(shown, MAGENTA) > 1000), MAGENTA)
        terminal.keys("n")
        shown = terminal.wait_until(lambda shown: find_colour(shown, MAGENTA) not in {None, before})

        first, last = find_colour(shown, (255, 0, 0)), find_colour(shown, (255, 255, 255))
        assert first is not None
        assert last is not None
        frame = crop(shown, (first[0] + 2, first[1], last[2] - 2, last[3]))
        wanted = cv2.resize(picture(1), (frame.shape[1], frame.shape[0]), interpolation=cv2.INTER_LINEAR)
        far = np.abs(frame.astype(int) - wanted).max(axis=2) > 40
        assert far.mean() < 0.004  # edges of blocks
        assert not (frame.max(axis=2) < 40).any()
