"""What a screen answers that has no task, no canvas and no panes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tui_editor.errors import Refused
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.commands.context import HandOn
    from tui_editor.model.frames import Frame
    from tui_editor.model.ids import TaskId
    from tui_editor.model.project import TaskRow
    from tui_editor.ports import OpenedTask


T = TypeVar("T")


class WithoutTask:
    """Answers what commands ask of a front end where only screens with a task can do it."""

    def tell(self, text: str, *, severity: str = "information") -> None:
        """Say something to the user."""
        raise NotImplementedError

    def shown_window(self) -> tuple[float, float]:
        """Return the window of a frame of 8 bits; there is no picture here."""
        return 127.5, 255.0

    def frame(self) -> Frame | None:
        """Return the decoded frame that is shown; None on a screen without a canvas."""
        return None

    def with_pixels(self, job: Callable[[NDArray[np.uint8]], T], done: Callable[[T], None]) -> None:
        """Screens with a canvas have pixels.

        Raises:
            Refused: this one has none.
        """
        del job, done
        raise Refused("no frame is shown")

    def canvas_px(self) -> tuple[float, float]:
        """Return the canvas's size; there is none here."""
        return 0.0, 0.0

    def toggle_pane(self, pane: str) -> None:
        """There are no panes here."""
        self.tell(f"there is no pane {one_line(pane)} here", severity="warning")

    def resize_pane(self, pane: str, by: int) -> None:
        """There are no panes here."""
        del by
        self.tell(f"there is no pane {one_line(pane)} here", severity="warning")

    def reset_panes(self) -> None:
        """There are no panes here."""

    def focus_pane(self, pane: str) -> None:
        """There are no panes here."""
        del pane

    def hand_on_group(self, make: HandOn, command: str) -> None:
        """There is no task here."""
        del make, command

    def group(self) -> Sequence[TaskRow]:
        """There is no task here."""
        return ()

    def branches(self) -> Sequence[OpenedTask]:
        """There is no task here."""
        return ()

    def take_lock(self) -> None:
        """There is no task here."""

    def put_back(self) -> None:
        """There is no task here."""

    def task_done(self, note: str = "") -> None:
        """There is no task here."""

    def open_task(self, task: TaskId) -> None:
        """Open a task."""
        raise NotImplementedError

    def queue(self, verb: str) -> None:
        """Move in the queue."""
        raise NotImplementedError

    def toggle_play(self, speed: float) -> None:
        """There is nothing to play here."""
        del speed
