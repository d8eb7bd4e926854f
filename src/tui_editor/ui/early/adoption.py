"""How the editor takes over its first picture from the process that made it: as the answer to the first job."""

from __future__ import annotations

from contextlib import suppress
from threading import Timer
from typing import TYPE_CHECKING, Final, Protocol

from tui_editor.errors import TuiEditorError
from tui_editor.ui.early.order import glimpse_of
from tui_editor.ui.picture.compose import fit_px
from tui_editor.ui.picture.pipeline import Elsewhere, Frames, Result

if TYPE_CHECKING:
    from tui_editor.model.frames import Frame
    from tui_editor.model.ids import UnitId
    from tui_editor.state.store import TaskState
    from tui_editor.ui.early.order import Glimpse
    from tui_editor.ui.early.picture import EarlyPicture
    from tui_editor.ui.picture.compose import Composer
    from tui_editor.ui.picture.pipeline import Job
    from tui_editor.ui.picture.surface import Prepared, Update

_REST_S: Final = 0.3
"""Until then the interface is on the screen."""


class KeptFrames(Frames, Protocol):
    """Where decoded frames come from, also those that were decoded elsewhere: `media.service.FrameService`."""

    def keep(self, unit: UnitId, index: int, fit: tuple[int, int] | None, frame: Frame) -> None:
        """Take a frame, for requests of it."""


class Maker(Protocol):
    """Makes the first picture of a canvas: `early.process.PictureProcess`, or what was made ahead."""

    @property
    def glimpse(self) -> Glimpse | None:
        """Return what the picture shows."""

    @property
    def drawn(self) -> bool:
        """Return whether the terminal shows it."""

    @property
    def ready(self) -> bool:
        """Return whether `picture` needs not wait."""

    def picture(self) -> EarlyPicture | None:
        """Return what was made, None when it failed."""

    def bury(self) -> bool:
        """Free what making it took; return whether that is done."""


class Adoption:
    """Answers the first job of a canvas.

    Args:
        process: Makes the picture.
        frames: Keeps the decoded frame from now on.
    """

    def __init__(self, process: Maker, frames: KeptFrames) -> None:
        self._process, self._frames = process, frames

    @property
    def drawn(self) -> bool:
        """Return whether the terminal shows it."""
        return self._process.drawn

    @property
    def ready(self) -> bool:
        """Return whether it is made, or will never be."""
        return self._process.ready

    def result(self, job: Job[Update | Prepared], composer: Composer) -> Result[Update | Prepared] | None:
        """Return the picture as what a job comes to, None when there is none; waits for it."""
        picture, state = self._process.picture(), job.state
        if picture is None or state is None:
            return None
        update, canvas_px = picture.update, picture.update.layout.canvas_px
        if glimpse_of(state) != self._process.glimpse or canvas_px != job.canvas_px:
            return Result(job=job, value=update, elsewhere=Elsewhere(drawn=True, fits=False)) if picture.drawn else None
        self._frames.keep(state.view.unit, state.view.frame, fit_px(state, canvas_px), picture.composed.frame)
        composer.hold(picture.composed)
        self._rest(state, canvas_px)
        elsewhere = Elsewhere(drawn=picture.drawn, fits=True)
        return Result(job=job, value=update, composed=picture.composed, elsewhere=elsewhere)

    def _rest(self, state: TaskState, canvas_px: tuple[int, int]) -> None:
        """Load later what the next picture needs and this one did not: the first key would wait for it."""
        timer = Timer(_REST_S, self._warm_up, (state, canvas_px))
        timer.daemon = True
        timer.start()

    def _warm_up(self, state: TaskState, canvas_px: tuple[int, int]) -> None:
        from tui_editor.render.ready import get_ready_to_draw

        self._process.bury()
        with suppress(TuiEditorError):  # the window was closed
            # reading ahead of it opens the file
            self._frames.request(state.view.unit, state.view.frame, fit_px(state, canvas_px), view="first")
        get_ready_to_draw()
