"""The active frame's pixels for tools that look at colours: read and worked on by the frame's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from tui_editor.render.levels import to_levels
from tui_editor.render.pixels import value_limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from tui_editor.media.service import FrameService
    from tui_editor.model.frames import Frame, FrameRef
    from tui_editor.ports import FrameSource

T = TypeVar("T")
_COLOURS = 3


def ask_pixels(
    frames: FrameService, at: FrameRef, job: Callable[[NDArray[np.uint8]], T], answer: Callable[[Callable[[], T]], None]
) -> None:
    """Run a job on a frame's pixels, RGB (h, w, 3) in full size, on the thread that decodes; keep them for the next.

    Args:
        frames: Where the frame is read.
        at: Which frame.
        job: Gets the pixels.
        answer: Called on that thread with what returns the job's result, or raises what it raised.
    """

    def work(source: FrameSource) -> T:
        frame = frames.cached(at.unit, at.index)
        if frame is None:
            frame = source.read(at.index)
            frames.keep(at.unit, at.index, None, frame)
        return job(as_rgb(frame))

    def done(made: Future[T]) -> None:
        if not made.cancelled():  # as it is when the task is left
            answer(made.result)

    frames.ask(at.unit, work).add_done_callback(done)


def as_rgb(frame: Frame) -> NDArray[np.uint8]:
    """Return a frame's pixels as RGB uint8 (h, w, 3): grey three times, more than 8 bits by the frame's own window."""
    levels = to_levels(frame.pixels, value_limits(frame))
    planes = levels if levels.ndim == _COLOURS else levels[..., None]
    if planes.shape[2] < _COLOURS:
        planes = np.repeat(planes[..., :1], _COLOURS, axis=2)
    return planes[..., :_COLOURS]
