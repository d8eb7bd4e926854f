"""Shows the steps of the tour on the message line; it never takes a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.api.marks import FILE, changed
from tui_editor.commands.guide import LEFT, OVER, STEPS, begun, next_step, words
from tui_editor.ui.kept import KeptFile

if TYPE_CHECKING:
    from tui_editor.ui.screens.front import FrontScreen


def begin_guide(screen: FrontScreen) -> None:
    """Begin the tour, or skip a step of the one that is under way."""
    step = screen.loop.guide
    if step is None:
        screen.loop.guide = begun(screen.mode)
        KeptFile(FILE).change(lambda content: changed(content, lambda marks: replace(marks, tour=True)))
    else:
        screen.loop.guide = step + 1
    show_step(screen)


def after_key(screen: FrontScreen, key: str, command: str) -> None:
    """Go on when the step was done; Escape ends the tour, unless the step asks for it.

    Args:
        screen: Where the key was pressed.
        key: The key.
        command: What it ran; empty where it ran nothing, or that was refused and is told.
    """
    step = screen.loop.guide
    if step is None:
        return
    if key == "escape" and STEPS[step].command != command:
        screen.loop.guide = None
        screen.tell(LEFT)
    elif command:
        screen.loop.guide = next_step(step, command)
        show_step(screen)
    elif not screen.message:
        show_step(screen)


def show_step(screen: FrontScreen) -> None:
    """Say what is to be done now."""
    if screen.loop.guide is not None and screen.loop.guide >= len(STEPS):
        screen.loop.guide = None
        screen.tell(OVER)
    elif screen.loop.guide is not None:
        screen.tell(words(screen.loop, screen.mode))
