"""A long walk by keys over frames and views in real emulators: at each rest the canvas is what `render` draws."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from tests.support.projects import boxes_project
from tests.terminals.foot import foot
from tests.terminals.harness import Window, XDisplay, keep, kitty, tmux_in, xterm
from tests.terminals.konsole import konsole
from tests.terminals.picture import difference
from tests.terminals.told_editor import Told
from tests.terminals.xtermjs import xtermjs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tests.terminals.picture import Picture


pytestmark = pytest.mark.terminal

ROOT = Path(__file__).parents[2]
JUMPS = int(os.environ.get("JUMPS", "200"))
AT_A_TIME = 10
"""Jumps from one rest to the next."""
FRAMES = 30
SEED = 20
VIEWS = ["=", "=", "-", "wh", "wj", "wk", "wl", "Z", "z", "j", "k"]
FRAME_STEPS = {"l": 1, "h": -1, "L": 10, "H": -10}
MEAN = {"kitty": 0.2, "iterm2": 0.2, "cells": 3.0}
"""Mean difference of all channels that a codec explains: none, or glyphs of fonts."""
PALETTE = 1.3
"""How much worse than the median cut of Pillow a sixel may be: its palette is kept until it is 2 dB worse."""
CELL = {"kitty": 6.0, "iterm2": 6.0, "sixel": 45.0, "cells": 40.0}
"""The same for the worst cell: what is left of another frame or view differs by more."""


def tmux_in_kitty(display: XDisplay, argv: Sequence[str], *, env: Mapping[str, str] | None = None) -> Window:
    """Open a tmux in kitty: with placeholders where kitty knows them (0.28), else in half blocks."""
    return tmux_in(kitty, display, argv, env=env)


def walk(rng: random.Random) -> Iterator[tuple[str, int]]:
    """Yield keys and the frame to which they lead, none of those that they pass."""
    at = 0
    for _ in range(JUMPS // AT_A_TIME):
        keys, passed = "", {at}
        for _ in range(AT_A_TIME - 1):
            key = rng.choice([*VIEWS, *FRAME_STEPS])
            keys += key
            at = min(FRAMES - 1, max(0, at + FRAME_STEPS.get(key, 0)))
            passed.add(at)
        at = rng.choice([frame for frame in range(1, FRAMES) if frame not in passed])
        yield f"{keys}{at}G", at


def off(shown: Picture, wanted: Picture, cell: tuple[int, int]) -> tuple[float, float]:
    """Return the mean difference of a canvas and of its worst cell."""
    if shown.shape != wanted.shape:
        return 255.0, 255.0
    far = np.abs(shown.astype(np.int16) - wanted).mean(axis=2)
    rows, columns = far.shape[0] // cell[1], far.shape[1] // cell[0]
    cells = far.reshape(rows, cell[1], columns, cell[0]).mean(axis=(1, 3))
    return float(far.mean()), float(cells.max())


@pytest.mark.parametrize("emulator", [kitty, xterm, konsole, foot, xtermjs, tmux_in_kitty], ids=lambda e: e.__name__)
def test_at_rest_the_canvas_is_what_render_draws(
    emulator: Callable[..., Window], display: XDisplay, tmp_path: Path
) -> None:
    project, dump = tmp_path / "p", tmp_path / "told.json"
    boxes_project(project, frames=FRAMES, boxes=90, stage="annotate", levels=(0, 255)).close()
    command = [sys.executable, "-m", "tests.terminals.told_editor", str(dump), "open", str(project)]
    env = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "COLORTERM": "truecolor", "XDG_STATE_HOME": str(tmp_path / "state")}
    worst = (0.0, 0.0)
    with emulator(display, command, env=env) as terminal:
        terminal.wait_until(lambda _: dump.exists(), timeout_s=60)
        terminal.type("tt")
        terminal.wait_until(lambda _: not told(dump).tags)
        for keys, frame in walk(random.Random(SEED)):
            terminal.type(keys)
            terminal.wait_until(lambda _, frame=frame: told(dump).frame == frame)  # type: ignore[misc]
            picture, seen = at_rest(terminal, told(dump), project)
            worst = max(worst[0], seen[0]), max(worst[1], seen[1])
        keep(picture, emulator.__name__)
        print(f"{emulator.__name__}: worst mean {worst[0]:.2f}, worst cell {worst[1]:.2f}")  # noqa: T201
        terminal.type(":q")
        terminal.keys("Return")
        terminal.wait_exit()
        assert terminal.exit_code == 0


def of_a_palette(wanted: Picture) -> float:
    """Return how far 256 colours of its own are off a picture."""
    return difference(
        np.asarray(Image.fromarray(wanted).quantize(256, dither=Image.Dither.NONE).convert("RGB")), wanted
    )


def at_rest(terminal: Window, now: Told, project: Path) -> tuple[Picture, tuple[float, float]]:
    """Return the screen once it shows what was told, and how far it is off."""
    wanted = now.wanted(project)
    mean, cell = PALETTE * of_a_palette(wanted) if now.graphics == "sixel" else MEAN[now.graphics], CELL[now.graphics]
    seen = 255.0, 255.0

    def close(shown: Picture) -> bool:
        nonlocal seen
        seen = off(now.part(shown, terminal.origin_px), wanted, now.cell)
        return seen[0] <= mean and seen[1] <= cell

    try:
        return terminal.wait_until(close), seen
    except AssertionError as error:
        raise AssertionError(f"off by {seen[0]:.2f}, at worst {seen[1]:.2f}, from {now}\n{error}") from error


def told(dump: Path) -> Told:
    found = Told.read(dump)
    assert found is not None
    return found
