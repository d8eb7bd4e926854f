"""The pixels of frames on their way into the terminal: true, with few colours, at half resolution, or as a delta."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from tui_editor.render import kitty
from tui_editor.render.coarse import halved
from tui_editor.render.delta import encode_delta
from tui_editor.render.palette import Palette, build_palette
from tui_editor.render.png import encode_palette_png, encode_png
from tui_editor.render.rects import Rect
from tui_editor.ui.picture.pieces import Piece
from tui_editor.ui.picture.quality import Quality

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.render.viewport import Viewport
    from tui_editor.ui.picture.composed import Composed
    from tui_editor.ui.picture.layout import Layout
    from tui_editor.ui.terminal.shared_memory import SharedPictures

_COLOURS: Final = 255
"""Of the palette; a delta needs one place for what is see-through."""
_WORSE_DB: Final = 2.0
"""A palette that fits so much worse than when it was made is made anew."""
_WORTH: Final = 0.5
"""A delta larger than this share of a key frame is not worth two pictures."""
_USUAL: Final = 8
"""The delta to a key frame that is fresh is thought to be this part of it."""


class HeldFrame(Struct, frozen=True, kw_only=True, eq=False):
    """A frame that the terminal holds: a picture, or a key frame with what differs from it above."""

    piece: Piece
    quality: Quality
    above: Piece | None = None

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Return the pictures from below to above."""
        return (self.piece,) if self.above is None else (self.piece, self.above)

    @property
    def memory(self) -> int:
        """Return the bytes that a terminal needs for its own pixels."""
        return (self.above or self.piece).memory


class _KeyFrame(NamedTuple):
    """The last frame with few colours that was sent whole."""

    piece: Piece
    pixels: NDArray[np.uint8]
    viewport: Viewport
    quality: Quality
    size: int
    """Bytes on the wire."""


class KittyFrames:
    """Makes uploads of frames. Remembers the palette of the scene and the last key frame.

    Args:
        image: Gives a free image id each time.
        z: (frame, delta) layers.
        shared: Takes pixels to a terminal on this machine; None where that can't be.
    """

    def __init__(self, image: Callable[[], int], z: tuple[int, int], shared: SharedPictures | None = None) -> None:
        self._image, self._shared = image, shared
        self._frame_z, self._delta_z = z
        self._palette: Palette | None = None
        self._fitted_db = 0.0
        self._key: _KeyFrame | None = None
        self._overspent = 0
        """Bytes of deltas that a newer key frame would have saved."""

    def forget(self) -> None:
        """Take in that the terminal holds nothing."""
        self._key = None

    def upload(self, composed: Composed, layout: Layout, quality: Quality, kept: Callable[[int], bool]) -> _Made:
        """Return a frame as it will be held, and its bytes.

        Args:
            composed: The canvas.
            layout: Its cells.
            quality: How true the frame is.
            kept: Whether an image will still be there.
        """
        base = composed.base
        cells = layout.to_cells(Rect(0, 0, base.shape[1], base.shape[0]))
        if quality is Quality.FULL:
            return self._true(base, Piece(image=self._image(), cells=cells, size_px=_size(base), z=self._frame_z))
        pixels = halved(base) if quality is Quality.COARSE else base
        palette = self._fitting(pixels)
        key = self._key
        if key is not None and key[2:4] == (composed.viewport, quality) and kept(key.piece.image):
            delta = encode_delta(pixels, key.pixels, palette)
            self._overspent += max(0, len(delta.png) - key.size // _USUAL)
            if len(delta.png) < _WORTH * key.size and self._overspent < key.size:
                above = replace(key.piece, image=self._image(), z=self._delta_z)
                held = HeldFrame(piece=key.piece, quality=quality, above=above)
                return _Made(held, kitty.transmit_png(above.image, delta.png))
        piece = Piece(image=self._image(), cells=cells, size_px=_size(pixels), z=self._frame_z)
        data = kitty.transmit_png(piece.image, encode_palette_png(palette.map(pixels), palette.colours))
        self._key, self._overspent = _KeyFrame(piece, pixels, composed.viewport, quality, len(data)), 0
        return _Made(HeldFrame(piece=piece, quality=quality), data)

    def _true(self, base: NDArray[np.uint8], piece: Piece) -> _Made:
        held = HeldFrame(piece=piece, quality=Quality.FULL)
        name = self._shared.offer(base) if self._shared is not None else ""
        if name:
            return _Made(held, kitty.transmit_shared(piece.image, _size(base), name))
        return _Made(held, kitty.transmit_png(piece.image, encode_png(base)))

    def _fitting(self, pixels: NDArray[np.uint8]) -> Palette:
        """Return a palette for the scene: the last one while it fits."""
        if self._palette is None or self._palette.quality_db(pixels) < self._fitted_db - _WORSE_DB:
            self._palette = build_palette(pixels, _COLOURS)
            self._fitted_db = self._palette.quality_db(pixels)
        return self._palette


class _Made(NamedTuple):
    frame: HeldFrame
    upload: bytes


def _size(pixels: NDArray[np.uint8]) -> tuple[int, int]:
    return pixels.shape[1], pixels.shape[0]
