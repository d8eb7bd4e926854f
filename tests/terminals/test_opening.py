"""The first picture in real emulators: it is there before the interface, and stays when that comes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.projects import boxes_project
from tests.terminals.harness import Terminal, XDisplay, kitty, xterm
from tests.terminals.picture import Picture, count_colour

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.terminal

ROOT = Path(__file__).parents[2]
BOX = (0xFE, 0x92, 0x00)
"""Colour of the project's boxes."""
HEADER = (0x26, 0x2B, 0x36)
"""Of the interface's first line."""
SEEN = 500


def picture_seen(picture: Picture) -> bool:
    return count_colour(picture, BOX, tolerance=24) > SEEN


def interface_seen(picture: Picture) -> bool:
    return count_colour(picture, HEADER, tolerance=4) > SEEN


@pytest.mark.parametrize("emulator", [kitty, xterm], ids=["kitty", "xterm"])
def test_the_first_picture_is_there_before_the_interface_and_stays(
    emulator: Callable[..., Terminal], display: XDisplay, tmp_path: Path
) -> None:
    boxes_project(tmp_path / "p", stage="annotate").close()
    gate = tmp_path / "gate"
    command = [sys.executable, "-m", "tests.terminals.held_editor", str(gate), "open", str(tmp_path / "p")]
    env = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "COLORTERM": "truecolor", "XDG_STATE_HOME": str(tmp_path / "state")}
    with emulator(display, command, env=env) as terminal:
        early = terminal.wait_until(picture_seen, timeout_s=60)
        assert not interface_seen(early)

        seen: list[bool] = []
        gate.touch()

        def both(picture: Picture) -> bool:
            seen.append(picture_seen(picture))
            return seen[-1] and interface_seen(picture)

        terminal.wait_until(both, timeout_s=60)
        # xterm erases pixels where text is written, also for the moment until they are painted again
        assert all(seen) or emulator is xterm
