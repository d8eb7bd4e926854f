"""Pictures of what findings are about: a part of the frame with its labels, as the editor draws them."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

import numpy as np

from tui_editor.errors import TuiEditorError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tui_editor.api.project import Project
    from tui_editor.model.frames import Frame
    from tui_editor.ports import Finding
    from tui_editor.render.viewport import Viewport

SIZE: Final = (360, 270)
"""Of a picture, in pixels."""
_COLOUR: Final = (255, 64, 32)


def crop_of_project(project: Project, finding: Finding) -> bytes | None:
    """Return a PNG of a finding's place in a project; None where nothing can be shown."""
    from tui_editor.model.frames import FrameRef
    from tui_editor.render.still import render_still

    if finding.task is None or finding.unit is None or finding.frame is None:
        return None
    try:
        opened = project.read(finding.task)
        with closing(project.source(opened.task.unit(finding.unit))) as source:
            frame = source.read(finding.frame)
    except (TuiEditorError, KeyError):
        return None
    ref = FrameRef(finding.unit, finding.frame)
    view = _view(frame, finding)
    pixels = render_still(opened.document, project.info.ontology, ref, frame, viewport=view)
    return _png(_framed(pixels, view, finding))


def crop_of_file(folder: Path, finding: Finding) -> bytes | None:
    """Return a PNG of a finding's place in a medium below a folder; None where nothing can be shown."""
    from tui_editor.media.open import open_source, probe
    from tui_editor.render.pixels import render_pixels

    path = folder / finding.file
    if not finding.file or finding.frame is None or not path.is_file():
        return None
    try:
        with closing(open_source(probe(path).kind, (path,))) as source:
            frame = source.read(finding.frame if source.frame_count > finding.frame else 0)
    except TuiEditorError:
        return None
    view = _view(frame, finding)
    return _png(_framed(np.array(render_pixels(frame, view)), view, finding))


def _view(frame: Frame, finding: Finding) -> Viewport:
    from tui_editor.render.viewport import Viewport

    view = Viewport.fit(frame.full_size, SIZE, pixel_aspect=frame.pixel_aspect)
    if finding.box_px is None:
        return view
    x, y, width, height = finding.box_px
    room = max(width, height, 24.0)  # a tiny thing is shown with what is around it
    return view.fit_box((x - room / 2, y - room / 2, width + room, height + room), margin=0.0)


def _framed(pixels: NDArray[np.uint8], view: Viewport, finding: Finding) -> NDArray[np.uint8]:
    """Return the picture with a frame around the finding's box."""
    if finding.box_px is None:
        return pixels
    x, y, width, height = finding.box_px
    corners = view.to_screen([[x, y], [x + width, y + height]])
    limits = [pixels.shape[1] - 1, pixels.shape[0] - 1]
    (left, top), (right, bottom) = np.clip(np.round(corners), 0, limits).astype(int)
    framed = pixels.copy()
    for edge in (np.s_[top : top + 2, left : right + 1], np.s_[max(bottom - 1, 0) : bottom + 1, left : right + 1]):
        framed[edge] = _COLOUR
    for edge in (np.s_[top : bottom + 1, left : left + 2], np.s_[top : bottom + 1, max(right - 1, 0) : right + 1]):
        framed[edge] = _COLOUR
    return framed


def _png(pixels: NDArray[np.uint8]) -> bytes:
    from tui_editor.render.png import encode_png

    return encode_png(np.ascontiguousarray(pixels[..., :3]))
