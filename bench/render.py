"""From the frame's pixels to the canvas; `scenes` measures labels, `encoders` the way to the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bench.figures import Figure, figure, interleaved_medians_ms
from bench.pictures import SIZE, photo_720p
from tui_editor.model.frames import Frame
from tui_editor.render.pixels import render_pixels
from tui_editor.render.viewport import Viewport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

RUNS = 9


def run() -> list[Figure]:
    return list(_canvas(photo_720p()))


def _canvas(photo: NDArray[np.uint8]) -> Iterator[Figure]:
    import cv2

    large = np.ascontiguousarray(cv2.resize(photo, (6000, 4000)))
    frames = {
        "24 MP photo fitted to a 720p canvas": (Frame(pixels=large, full_size=(6000, 4000)), 1.0),
        "24 MP photo at scale 4 on a 720p canvas": (Frame(pixels=large, full_size=(6000, 4000)), 4.0),
    }
    for title, (frame, scale) in frames.items():
        viewport = Viewport.fit(frame.full_size, SIZE)
        if scale > 1:
            viewport = viewport.zoom_at((640, 360), scale / viewport.scale)
        times = interleaved_medians_ms(
            {"ours": lambda frame=frame, viewport=viewport: render_pixels(frame, viewport)},  # type: ignore[misc]
            runs=RUNS,
        )
        yield figure(title, times["ours"], "ms", n=RUNS)
