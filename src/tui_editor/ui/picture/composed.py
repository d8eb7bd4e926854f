"""What a canvas shows, between composing and encoding it; its pixels are made when they are first asked for."""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from tui_editor.render.camera import pixel_options, viewport_for
from tui_editor.render.pixels import DEFAULT_OPTIONS, PixelOptions, render_pixels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.model.frames import Frame, FrameRef
    from tui_editor.render.marks import Mark
    from tui_editor.render.palette import RGB
    from tui_editor.render.viewport import Viewport
    from tui_editor.state.view import View

_BASES_KEPT = 3
"""The one that is shown, and neighbours that are prepared."""


class PictureKey(Struct, frozen=True, kw_only=True):
    """All that the pixels of a canvas without labels depend on: equal keys, equal pixels."""

    frame: FrameRef
    viewport: Viewport
    decoded: tuple[int, ...]
    """Shape of the decoded frame, which may be a reduced one."""
    options: PixelOptions = DEFAULT_OPTIONS


def key_of(ref: FrameRef, view: View, frame: Frame, canvas_px: tuple[int, int]) -> PictureKey:
    """Return the key of a decoded frame as a view shows it on a canvas."""
    picture = view.picture
    viewport = viewport_for(
        view.camera,
        frame.full_size,
        canvas_px,
        pixel_aspect=frame.pixel_aspect,
        rotation_deg=picture.rotation_deg,
    )
    return PictureKey(frame=ref, viewport=viewport, decoded=frame.pixels.shape, options=pixel_options(picture))


class Composed:
    """What the canvas shows, before it is encoded.

    Args:
        key: What the base depends on.
        marks: What is drawn over it, in image pixels.
        frame: The decoded frame.
        colours: Of labels and signs: a palette must hold them.
        bases: Makes the base when it is first asked for; a picture that the terminal holds already needs none.
    """

    def __init__(
        self, key: PictureKey, marks: tuple[Mark, ...], frame: Frame, colours: tuple[RGB, ...], bases: Bases
    ) -> None:
        self.key, self.marks, self.frame, self.colours = key, marks, frame, colours
        self._bases = bases

    @property
    def viewport(self) -> Viewport:
        """Return which part of the frame the canvas shows."""
        return self.key.viewport

    @cached_property
    def base(self) -> NDArray[np.uint8]:
        """Return (h, w, 3) RGB: the frame, without labels. The same array for the same key, while it is kept."""
        return self._bases.of(self.key, self.frame)


class Bases:
    """The last canvases without labels. Not thread-safe."""

    def __init__(self) -> None:
        self._kept: OrderedDict[PictureKey, tuple[Frame, NDArray[np.uint8]]] = OrderedDict()

    def of(self, key: PictureKey, frame: Frame) -> NDArray[np.uint8]:
        """Return the canvas of a frame."""
        frame_and_base = self._kept.get(key)
        if frame_and_base is None or frame_and_base[0] is not frame:
            frame_and_base = frame, render_pixels(frame, key.viewport, key.options)
        self.hold(key, *frame_and_base)
        return frame_and_base[1]

    def hold(self, key: PictureKey, frame: Frame, base: NDArray[np.uint8]) -> None:
        """Keep a canvas as the newest."""
        self._kept[key] = frame, base
        self._kept.move_to_end(key)
        while len(self._kept) > _BASES_KEPT:
            self._kept.popitem(last=False)
