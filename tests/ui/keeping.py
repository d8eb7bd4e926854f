"""What a keeper of pictures needs around it, without a widget and without a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.geometry import Region

from tui_editor.ui.picture.compose import Composer
from tui_editor.ui.picture.pipeline import Job, Result
from tui_editor.ui.terminal.flow import Flow

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_editor.model.frames import Frame
    from tui_editor.ui.picture.layout import Layout


class Canvas:
    """A canvas without a widget."""

    has_card = False

    def __init__(self, layout: Layout) -> None:
        self.layout = layout

    def layout_now(self) -> Layout:
        return self.layout

    def region_now(self) -> Region:
        return Region(self.layout.column, self.layout.row, *self.layout.visible.shape[::-1])

    def call_later_by(self, *_: object) -> None: ...

    def call_soon(self, call: Callable[[], None]) -> None:
        call()

    def picture_shown(self, *_: object) -> None: ...

    def picture_failed(self, *_: object) -> None: ...

    def picture_cost(self, *_: object) -> None: ...


class Sent:
    """What is sent to a terminal."""

    live = True

    def __init__(self) -> None:
        self.flow = Flow()
        self.data = b""

    def ready(self) -> bool:
        return True

    def send_picture(self, data: bytes, *, ahead: bytes = b"") -> None:
        self.data += ahead + data

    def write(self, data: bytes) -> None:
        self.data += data

    def painted_over(self, *_: object) -> None: ...


class Pipe:
    """A pipeline that works when it is told to.

    Args:
        frame: Decodes the frame at an index.
    """

    answers_at_once = False

    def __init__(self, frame: Callable[[int], Frame]) -> None:
        self._frame = frame
        self._composer = Composer()
        self.jobs: list[Job[Any]] = []

    def at_once(self, job: Job[Any]) -> Result[Any] | None:
        self.jobs.append(job)
        return None

    def start(self, job: Job[Any]) -> None:
        """Do nothing: `at_once` has taken it."""

    def moved_to(self, *_: object) -> None: ...

    def work(self, cpu_ms: float = 100.0) -> Result[Any]:
        """Do the job that waits; it is said to have taken so much of the processor's time."""
        job = self.jobs.pop()
        if job.state is None:
            return Result(job=job, value=job.encode(None))
        composed = self._composer.compose(job.state, self._frame(job.state.view.frame), job.canvas_px)
        return Result(job=job, value=job.encode(composed), composed=composed, cpu_ms=cpu_ms)
