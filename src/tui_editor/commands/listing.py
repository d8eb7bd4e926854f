"""What the Labels pane lists, and how much of each object it tells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tui_editor.commands.command import Command, on

if TYPE_CHECKING:
    from tui_editor.commands.context import Context

GROUP = "View"


def _scope(context: Context) -> None:
    display = context.state.display
    context.store.set(display=replace(display, frame_only=not display.frame_only))
    context.front.tell("the Labels pane lists all objects" if display.frame_only else "it lists those of this frame")


def _details(context: Context) -> None:
    display = context.state.display
    context.store.set(display=replace(display, details=not display.details))
    context.front.tell("without answers" if display.details else "the Labels pane tells the answers on this frame")


COMMANDS = (
    Command(
        id="labels.scope",
        title="All objects or this frame's",
        doc="Lists in the Labels pane all objects of the task, or only those on this frame.",
        run=_scope,
        keys=on("g a"),
        group=GROUP,
    ),
    Command(
        id="labels.details",
        title="Details of the objects",
        doc="Tells in the Labels pane the answers that hold on this frame, or leaves them out.",
        run=_details,
        keys=on("g i"),
        group=GROUP,
    ),
)
