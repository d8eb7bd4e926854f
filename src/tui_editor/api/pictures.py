"""One frame of a task with its labels as a picture, as the editor draws it."""

from __future__ import annotations

import math
from contextlib import closing
from itertools import takewhile
from typing import TYPE_CHECKING

from tui_editor.errors import UsageError
from tui_editor.model.frames import FrameRef
from tui_editor.state.picture import PLAIN

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.api.project import Project
    from tui_editor.model.ids import TaskId
    from tui_editor.model.project import Task
    from tui_editor.state.picture import PictureSettings


def frame_of(task: Task, row: int) -> FrameRef:
    """Return the frame at a place 0..n-1 in the task's row of frames, over all its data units.

    Raises:
        UsageError: the task has no such frame.
    """
    first = 0
    for unit in task.units:
        if first <= row < first + unit.frame_count:
            return FrameRef(unit.id, row - first)
        first += unit.frame_count
    raise UsageError(f"there is no frame {row}: the task has frames 0 to {first - 1}")


def row_of(task: Task, frame: FrameRef) -> int:
    """Return the place 0..n-1 of a frame in the task's row of frames: the inverse of `frame_of`."""
    before = takewhile(lambda unit: unit.id != frame.unit, task.units)
    return sum(unit.frame_count for unit in before) + frame.index


def picture(
    project: Project,
    task: TaskId,
    row: int = 0,
    size: tuple[int, int] | None = None,
    *,
    settings: PictureSettings = PLAIN,
) -> NDArray[np.uint8]:
    """Return RGB uint8 (h, w, 3) of a frame with its labels and tags.

    Args:
        project: Where the task lies.
        task: Which one.
        row: Place in the task's row of frames, 0..n-1.
        size: (width, height) in pixels into which the whole frame is fitted; None: the frame's own.
        settings: How its pixels are shown, and how far it is turned.

    Raises:
        UsageError: the task has no such frame.
        MediaError: its pixels can't be read.
    """
    from tui_editor.render.still import render_still

    opened = project.read(task)
    ref = frame_of(opened.task, row)
    with closing(project.source(opened.task.unit(ref.unit))) as source:
        frame = source.read(ref.index, _needed(size, settings))
    return render_still(opened.document, project.info.ontology, ref, frame, size=size, picture=settings)


def _needed(size: tuple[int, int] | None, settings: PictureSettings) -> tuple[int, int] | None:
    """Return the box that a frame must fill before it is turned into a picture of a size."""
    if size is None or not settings.rotation_deg:
        return size
    longest = math.ceil(math.hypot(*size))  # no side of what fits is longer than the diagonal
    return longest, longest
