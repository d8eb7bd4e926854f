"""Where a window begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.commands.wishes import Wishes

if TYPE_CHECKING:
    from tui_editor.commands.keymap import Keymap
    from tui_editor.commands.touring import Tour
    from tui_editor.model.ids import InstanceId, TaskId
    from tui_editor.ports import OpenedTask


class Start(Struct, frozen=True, kw_only=True):
    """What a window opens with: without a task, the queue."""

    task: TaskId | None = None
    frame: int | None = None
    """Place in the task's row of frames; None: where the person was last."""
    instance: InstanceId | None = None
    review: bool = False
    tour: Tour | None = None
    """Findings that are gone through."""
    keymap: Keymap | None = None
    """Which keys lead to which commands; None: the default."""
    turbo: bool = False
    """Tasks that are annotated open in Turbo mode."""
    light: bool = False
    """Dark text on a light screen."""
    skip: int = 10
    """Frames that one skip goes."""
    freehand: bool = True
    """Whether a drag draws a line of points."""
    wishes: Wishes = Wishes()
    """What the settings want of tasks that open."""
    offers_guide: bool = False
    """The tour is offered to who never saw it: a person sits before the terminal."""
    opened: OpenedTask | None = None
    """The task as it was read a moment ago; it is read again where somebody wrote meanwhile."""
