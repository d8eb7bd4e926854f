"""One picture of a frame with its labels, as the editor draws it: behind `tui-editor render`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.render.pixels import DEFAULT_OPTIONS, PixelOptions, render_pixels
from tui_editor.render.raster import draw
from tui_editor.render.scene import DEFAULT_SCENE, SceneOptions, build_scene
from tui_editor.render.viewport import Viewport

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.frames import Frame, FrameRef
    from tui_editor.model.ontology import Ontology


def render_still(
    document: LabelDocument,
    ontology: Ontology,
    ref: FrameRef,
    frame: Frame,
    *,
    size: tuple[int, int] | None = None,
    viewport: Viewport | None = None,
    options: SceneOptions = DEFAULT_SCENE,
    pixel_options: PixelOptions = DEFAULT_OPTIONS,
) -> NDArray[np.uint8]:
    """Return RGB uint8 (h, w, 3) of a frame with its labels and tags.

    Args:
        document: What is labelled.
        ontology: Names and colours of the classes, skeleton templates.
        ref: Which frame of the document.
        frame: Its pixels.
        size: (width, height) in pixels into which the whole frame is fitted; None: the frame's own.
        viewport: What part to show instead; its canvas is the size of the picture.
        options: What of the document is shown.
        pixel_options: How the pixels are shown.
    """
    view = viewport or Viewport.fit(frame.full_size, size or frame.full_size, pixel_aspect=frame.pixel_aspect)
    canvas = render_pixels(frame, view, pixel_options)
    return draw(canvas, build_scene(document, ontology, ref, options), view)[0]
