"""A task's whole life by the keys of two people at once, an annotator in kitty and a reviewer in xterm."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace
from PIL import Image

from tests.support.projects import boxes_project
from tests.terminals.harness import Terminal, XDisplay, kitty, xterm
from tests.terminals.sitting import shows_queue
from tui_editor.api import open_project
from tui_editor.model.ids import TaskId

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.terminals.picture import Picture
    from tui_editor.model.document import LabelDocument

pytestmark = pytest.mark.terminal

ROOT = Path(__file__).parents[2]
SHOTS = Path(os.environ.get("TERMINAL_SHOTS") or ROOT / "build" / "life")
MEMBERS = {"boss": "admin", "ann": "annotator", "rae": "reviewer"}
TASK = TaskId(5)
START_S = 60.0


class Person:
    """Somebody who sits at the project in a window of their own."""

    def __init__(self, name: str, terminal: Terminal, project: Path) -> None:
        self.name, self.terminal, self._project = name, terminal, project

    def keys(self, *names: str) -> None:
        """Press keys by their X names."""
        self.terminal.keys(*names)

    def enter(self, text: str) -> None:
        """Type a text into a dialog, and Enter."""
        self.terminal.type(text)
        self.keys("Return")

    def see(self, name: str, holds: Callable[[LabelDocument], bool] = lambda _: True) -> Picture:
        """Wait until the task on disk is as wanted and the screen rests; keep what is seen under a name."""
        self.terminal.wait_until(lambda _: holds(document(self._project)), timeout_s=START_S)
        picture = self.terminal.wait_settled(still_s=1.2, timeout_s=START_S)
        SHOTS.mkdir(parents=True, exist_ok=True)
        Image.fromarray(picture).save(SHOTS / f"life-{name}-{self.name}.png")
        return picture


def document(project: Path) -> LabelDocument:
    """Return the task as it is on disk."""
    with open_project(project) as opened:
        return opened.read(TASK).document


def stands(stage: str, state: str) -> Callable[[LabelDocument], bool]:
    """Return whether the task stands so."""
    return lambda found: (found.status.stage, found.status.state.value) == (stage, state)


def sits(name: str, emulator: Callable[..., Terminal], display: XDisplay, project: Path) -> Terminal:
    """Return a window in which somebody has the project's queue before them."""
    argv = [sys.executable, "-m", "tests.terminals.as_person", name, "--project", str(project)]
    env = {
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "COLORTERM": "truecolor",
        "XDG_STATE_HOME": str(project.parent / f"state-{name}"),
    }
    return emulator(display, argv, env=env)


def test_a_task_goes_from_new_to_complete_between_an_annotator_and_a_reviewer(tmp_path: Path) -> None:
    project = tmp_path / "p"
    with boxes_project(project, boxes=3, frames=1, stage="annotate") as made:
        made.store.save_project(replace(made.info, members=MEMBERS))
    with (
        XDisplay() as left,
        XDisplay() as right,
        sits("ann", kitty, left, project) as her_window,
        sits("rae", xterm, right, project) as his_window,
    ):
        ann, rae = Person("ann", her_window, project), Person("rae", his_window, project)
        for person in (ann, rae):
            person.terminal.wait_until(shows_queue, timeout_s=START_S)
            person.see("01-queue")

        ann.keys("n")
        ann.see("02-opened", stands("annotate", "assigned"))
        rae.see("02-sees-whose-it-is")
        rae.keys("Return")
        rae.see("03-may-only-look")
        ann.keys("s", "b", "a")
        ann.see("04-draws")
        ann.keys("Escape", "j", "e", "3", "0", "j", "Escape")
        ann.see("05-annotated")
        rae.see("05-follows")
        rae.keys("q")
        ann.keys("Return")
        ann.see("06-submitted", stands("review", "new"))
        rae.see("06-waits-for-review")

        rae.keys("n")
        rae.see("07-reviews", stands("review", "assigned"))
        rae.keys("x", "t")
        rae.enter("too low")
        rae.keys("A")
        rae.see("08-rejected", lambda found: len(found.decisions) == 3)
        rae.keys("Return")
        rae.see("09-sent-back", stands("annotate", "reopened"))

        ann.see("09-is-reopened")
        ann.keys("n")
        ann.see("10-with-the-issue")
        ann.keys("Escape", "e", "9", "k", "Escape")
        ann.see("11-fixed")
        ann.keys("Return")
        ann.see("12-submitted-again", stands("review", "new"))

        rae.keys("n")
        rae.see("13-reviews-again")
        rae.keys("D")
        rae.see("14-what-changed")
        rae.keys("A", "Return")
        rae.see("15-done", stands("complete", "completed"))
        ann.see("15-done")
        for person in (ann, rae):
            person.keys("q")
            person.terminal.wait_exit()
            assert person.terminal.exit_code == 0
    assert [issue.resolved for issue in document(project).issues.values()] == [True]
