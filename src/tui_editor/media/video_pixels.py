"""A decoded video frame (PyAV) as upright pixels and as a digest."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.media.files import DIGEST_BYTES
from tui_editor.media.fit import fitted
from tui_editor.media.orient import from_matrix, swaps_sides, upright, upright_size
from tui_editor.model.frames import Frame

if TYPE_CHECKING:
    from numpy.typing import NDArray

_AREA_UP_TO_PX = 1920 * 1088
"""Up to here AREA costs no more than the cheaper filter."""
_DAMAGED = "damaged, the decoder concealed missing parts"


def orientation_of(frame: Any) -> int | None:
    """Return the EXIF orientation number that a frame's display matrix makes; None when it is no right angle."""
    for data in frame.side_data:
        if data.type.name == "DISPLAYMATRIX":
            return from_matrix(bytes(data))
    return 1


class PixelReader:
    """Makes displayed pictures of decoded frames.

    It keeps one converter: PyAV otherwise sets one up, with threads of its own, for every frame.
    """

    def __init__(self, *, orientation: int, pixel_aspect: float) -> None:
        from av.video.reformatter import VideoReformatter

        self._orientation = orientation
        self._pixel_aspect = 1 / pixel_aspect if swaps_sides(orientation) else pixel_aspect
        self._reformatter = VideoReformatter()
        self._threads = min(4, os.cpu_count() or 1)

    def frame(self, decoded: Any, *, fit: tuple[int, int] | None, time_s: float | None, pts: int | None) -> Frame:
        """Return the displayed picture of a decoded frame, upright, reduced towards `fit` (width, height)."""
        stored = decoded.width, decoded.height
        box = (fit[1], fit[0]) if fit is not None and swaps_sides(self._orientation) else fit
        pixels, color = self._pixels(decoded, fitted(stored, box))
        return Frame(
            pixels=upright(pixels, self._orientation),
            full_size=upright_size(stored, self._orientation),
            color=color,
            pixel_aspect=self._pixel_aspect,
            orientation=self._orientation,
            window=None if pixels.dtype == np.uint8 else (32768.0, 65536.0),
            pts=pts,
            time_s=time_s,
            warnings=(_DAMAGED,) if decoded.is_corrupt else (),
        )

    def _pixels(self, decoded: Any, size: tuple[int, int]) -> tuple[NDArray[Any], str]:
        name = decoded.format.name
        gray = name.startswith("gray")
        target = "rgb24" if not gray else "gray" if name == "gray" else "gray16le"
        small = decoded.width * decoded.height <= _AREA_UP_TO_PX
        picture = self._reformatter.reformat(
            decoded,
            width=size[0],
            height=size[1],
            format=target,
            interpolation="AREA" if small else "FAST_BILINEAR",
            threads=self._threads,
        )
        return picture.to_ndarray(), "gray" if gray else "rgb"


def planes_digest(frame: Any) -> str:
    """Return the BLAKE2b-128 hex digest of a frame's decoded planes before any colour conversion.

    The pixel format and size are part of it; bytes beyond the visible width are not.
    """
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    layout = frame.format
    digest.update(f"{layout.name} {frame.width}x{frame.height}".encode())
    for number, plane in enumerate(frame.planes):
        lines = np.frombuffer(plane, np.uint8).reshape(plane.height, -1)
        visible = min(_visible_bytes(layout, plane, number, len(frame.planes)), lines.shape[1])
        digest.update(lines[:, :visible].tobytes())
    return digest.hexdigest()


def _visible_bytes(layout: Any, plane: Any, number: int, planes: int) -> int:
    if planes == 1:
        return int(plane.width * layout.padded_bits_per_pixel + 7) // 8
    parts = [part for part in layout.components if part.plane == number]
    sample = 2 if any(part.bits > 8 for part in parts) else 1
    return int(plane.width) * max(1, len(parts)) * sample
