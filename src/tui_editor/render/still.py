"""One picture of a frame with its labels, as the editor draws it: behind `tui-editor render`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tui_editor.render.camera import pixel_options
from tui_editor.render.pixels import render_pixels
from tui_editor.render.raster import draw
from tui_editor.render.scene import DEFAULT_SCENE, SceneOptions, build_scene
from tui_editor.render.viewport import Viewport, turned_size
from tui_editor.state.picture import PLAIN

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import Frame, FrameRef
    from tui_editor.model.ontology import Ontology
    from tui_editor.state.picture import PictureSettings


def render_still(
    document: LabelDocument,
    ontology: Ontology,
    ref: FrameRef,
    frame: Frame,
    *,
    size: tuple[int, int] | None = None,
    viewport: Viewport | None = None,
    options: SceneOptions = DEFAULT_SCENE,
    picture: PictureSettings = PLAIN,
) -> NDArray[np.uint8]:
    """Return RGB uint8 (h, w, 3) of a frame with its labels and tags.

    Args:
        document: What is labelled.
        ontology: Names and colours of the classes, skeleton templates.
        ref: Which frame of the document.
        frame: Its pixels.
        size: (width, height) in pixels into which the whole frame is fitted; None: its own, turned as asked.
        viewport: What part to show instead; its canvas is the size of the picture.
        options: What of the document is shown.
        picture: How the pixels are shown; its rotation is that of the whole frame, a viewport has its own.
    """
    view = viewport or _whole(frame, size, picture.rotation_deg)
    canvas = render_pixels(frame, view, pixel_options(picture))
    return draw(canvas, build_scene(document, ontology, ref, options), view)[0]


def _whole(frame: Frame, size: tuple[int, int] | None, rotation_deg: float) -> Viewport:
    if size is None:
        width, height = turned_size(*frame.full_size, rotation_deg)
        size = math.ceil(width), math.ceil(height)
    return Viewport.fit(frame.full_size, size, pixel_aspect=frame.pixel_aspect, rotation_deg=rotation_deg)
