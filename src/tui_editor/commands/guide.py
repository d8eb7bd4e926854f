"""The tour of one minute: what to press next, step by step, with the real keys on the task that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from tui_editor.commands.context import Loop


class GuideStep(NamedTuple):
    """One thing to do."""

    command: str
    """What leads on when it was done."""
    words: str


STEPS: Final = (
    GuideStep("queue.open", "‹queue.open› opens the task under the cursor"),
    GuideStep("object.next", "‹object.next› goes to the next object"),
    GuideStep("frame.next", "‹frame.next› goes a frame on, ‹frame.previous› back"),
    GuideStep("view.fit_object", "‹view.fit_object› zooms in on it, ‹view.fit_frame› out"),
    GuideStep("geometry.edit", "‹geometry.edit› takes its shape in hand"),
    GuideStep("geometry.nudge", "h j k l move it, H J K L by ten"),
    GuideStep("geometry.leave", "it is on disk already: ‹geometry.leave› lets go"),
    GuideStep("edit.undo", "‹edit.undo› takes that back"),
    GuideStep("app.menu", "‹app.menu› lists what can be done here"),
    GuideStep("app.help", "‹app.help› lists the keys"),
)
OVER: Final = "that was the tour: ‹app.back› leads to the queue, ‹app.tour› begins the tour again"
LEFT: Final = "the tour is over; ‹app.tour› begins it again"


def begun(mode: Mode) -> int:
    """Return the number of the step with which the tour begins."""
    return 0 if mode is Mode.QUEUE else 1


def next_step(step: int, command: str) -> int:
    """Return the step after a command was run; the number of steps when the tour is done."""
    return step + 1 if STEPS[step].command == command else step


def words(loop: Loop, mode: Mode) -> str:
    """Return what is to be done now; empty when there is no tour."""
    step = loop.guide
    if step is None:
        return ""
    told = loop.keymap.told(STEPS[step].words, mode_of(step, mode))
    return f"Tour {max(step, 1)}/{len(STEPS) - 1}: {told} (Esc ends it)"


def mode_of(step: int, mode: Mode) -> Mode:
    """Return the mode whose keys a step names: the help and the menu may lie over it."""
    return Mode.EDIT if STEPS[step].command in {"geometry.nudge", "geometry.leave"} else mode
