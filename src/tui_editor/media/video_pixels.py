"""A decoded video frame (PyAV) as upright pixels and as a digest."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from tui_editor.media.files import DIGEST_BYTES
from tui_editor.media.fit import fitted
from tui_editor.media.orient import from_matrix, swaps_sides, upright, upright_size
from tui_editor.model.frames import Frame

_AREA_UP_TO_PX = 1920 * 1088
"""Up to here AREA costs no more than the cheaper filter."""
_DAMAGED = "damaged, the decoder concealed missing parts"


def orientation_of(frame: Any) -> int | None:
    """Return the EXIF orientation number that a frame's display matrix makes; None when it is no right angle."""
    for data in frame.side_data:
        if data.type.name == "DISPLAYMATRIX":
            return from_matrix(bytes(data))
    return 1


def to_frame(
    frame: Any,
    *,
    orientation: int,
    fit: tuple[int, int] | None,
    pixel_aspect: float,
    time_s: float | None,
    pts: int | None,
) -> Frame:
    """Return the displayed picture of a decoded frame.

    Args:
        frame: The decoded frame.
        orientation: EXIF number to apply.
        fit: (width, height) in pixels that will be shown at most.
        pixel_aspect: Width by height of a stored pixel.
        time_s: Seconds from the first frame.
        pts: Presentation time stamp.
    """
    stored = frame.width, frame.height
    box = (fit[1], fit[0]) if fit is not None and swaps_sides(orientation) else fit
    pixels, color = _pixels(frame, fitted(stored, box))
    return Frame(
        pixels=upright(pixels, orientation),
        full_size=upright_size(stored, orientation),
        color=color,
        pixel_aspect=1 / pixel_aspect if swaps_sides(orientation) else pixel_aspect,
        orientation=orientation,
        pts=pts,
        time_s=time_s,
        warnings=(_DAMAGED,) if frame.is_corrupt else (),
    )


def _pixels(frame: Any, size: tuple[int, int]) -> tuple[Any, str]:
    name = frame.format.name
    gray = name.startswith("gray")
    target = "rgb24" if not gray else "gray" if name == "gray" else "gray16le"
    if size == (frame.width, frame.height):
        return frame.to_ndarray(format=target), "gray" if gray else "rgb"
    filter_name = "AREA" if frame.width * frame.height <= _AREA_UP_TO_PX else "FAST_BILINEAR"
    reduced = frame.reformat(width=size[0], height=size[1], format=target, interpolation=filter_name)
    return reduced.to_ndarray(), "gray" if gray else "rgb"


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
