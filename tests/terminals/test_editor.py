"""The whole editor in real emulators: a review by real keys, a dialog, suspended and resumed, left clean."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.projects import boxes_project
from tests.terminals.harness import Terminal, XDisplay, kitty, xterm
from tests.terminals.picture import Picture, count_colour, crop, difference
from tui_editor.api import open_project
from tui_editor.model.ids import TaskId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.terminal

ROOT = Path(__file__).parents[2]
BOX = (0xFE, 0x92, 0x00)
"""Colour of the project's boxes."""
MAGENTA = (255, 0, 255)
PROMPT = "\\[\\e[48;2;255;0;255m\\]  \\[\\e[0m\\]"
"""A block of colour: the shell is ready for its command."""
SEEN = 500
"""Pixels of that colour when the labels of a frame are drawn; the Classes pane alone has fewer."""


PROMPT_PIXELS = 50
COVERED = 2.0
"""Mean difference of the screen that a dialog makes at least."""


def boxes_seen(picture: Picture) -> bool:
    return count_colour(picture, BOX, tolerance=24) > SEEN


def nothing_left(picture: Picture) -> bool:
    return count_colour(picture, BOX, tolerance=24) == 0


def prompts(picture: Picture) -> int:
    """Return how many pixels have the prompt's colour."""
    return count_colour(picture, MAGENTA, tolerance=60)


def part(picture: Picture) -> Picture:
    """Return canvas and panes, without the lines whose figures change."""
    return crop(picture, (0, 24, picture.shape[1], 560))


def same(a: Picture, b: Picture) -> bool:
    return difference(part(a), part(b)) < 0.2


class Editor:
    """The editor on a project of ten frames with ten boxes each, started from a shell."""

    def __init__(self, emulator: Callable[..., Terminal], display: XDisplay, folder: Path) -> None:
        self.folder = folder / "p"
        boxes_project(self.folder).close()
        env = {"PYTHONPATH": str(ROOT / "src"), "COLORTERM": "truecolor", "XDG_STATE_HOME": str(folder / "state")}
        self.terminal = emulator(display, ["bash", "--norc", "--noprofile", "-i"], env={**env, "PS1": PROMPT})
        self.prompt_pixels = prompts(self.wait(lambda picture: prompts(picture) > PROMPT_PIXELS))
        command = [sys.executable, "-m", "tui_editor", "open", str(self.folder)]
        self.terminal.type(shlex.join(command) + "\n")

    def decisions(self) -> int:
        with open_project(self.folder) as project:
            return len(project.read(TaskId(5)).document.decisions)

    def wait(self, condition: Callable[[Picture], bool]) -> Picture:
        return self.terminal.wait_until(condition, timeout_s=60)


@pytest.fixture(params=[kitty, xterm], ids=["kitty", "xterm"])
def editor(request: pytest.FixtureRequest, display: XDisplay, tmp_path: Path) -> Iterator[Editor]:
    os.environ.pop("TMUX", None)
    made = Editor(request.param, display, tmp_path)
    with made.terminal:
        yield made


def test_a_review_by_keys_is_kept_and_the_screen_is_left_clean(editor: Editor) -> None:
    editor.wait(boxes_seen)
    editor.terminal.keys("a")
    editor.terminal.keys("x", "1")
    editor.wait(lambda _: editor.decisions() == 2)

    editor.terminal.keys("q")
    editor.wait(lambda picture: not boxes_seen(picture))
    editor.terminal.keys("q")

    editor.wait(nothing_left)
    editor.terminal.type("exit 0\n")
    editor.terminal.wait_exit()


def test_a_dialog_lies_over_the_picture_and_the_picture_comes_back(editor: Editor) -> None:
    editor.wait(boxes_seen)
    before = editor.terminal.wait_settled(timeout_s=60)

    editor.terminal.keys("i")
    editor.wait(lambda picture: difference(part(before), part(picture)) > COVERED and boxes_seen(picture))
    editor.terminal.keys("Escape")

    editor.wait(lambda picture: same(before, picture))


def test_suspended_it_leaves_the_shell_alone_and_resumed_it_paints_again(editor: Editor) -> None:
    editor.wait(boxes_seen)
    before = editor.terminal.wait_settled(timeout_s=60)
    editor.terminal.keys("ctrl+z")
    # a second prompt: the shell has the terminal again, and reads what is typed
    editor.wait(lambda picture: nothing_left(picture) and prompts(picture) > 1.5 * editor.prompt_pixels)
    editor.terminal.type("fg\n")
    editor.wait(lambda picture: same(before, picture))
    editor.terminal.keys("a")
    editor.wait(lambda _: editor.decisions() == 1)
