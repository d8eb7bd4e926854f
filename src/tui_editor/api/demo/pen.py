"""Drawing with smooth edges in pixel-area coordinates: the brush of the street, it knows no objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Color = tuple[int, int, int]
"""Red, green, blue; 0..255."""

_OVERSAMPLE = 2
_SHIFT = 4


class Pen:
    """A picture that is drawn at twice its size and scaled down, so that things move smoothly.

    Coordinates are pixels of the finished picture; (0, 0) is the corner of the top-left pixel.
    """

    def __init__(self, width: int, height: int) -> None:
        self.canvas: NDArray[np.uint8] = np.zeros((height * _OVERSAMPLE, width * _OVERSAMPLE, 3), np.uint8)

    def copy(self) -> Pen:
        """Return a pen on a copy of the picture."""
        twin = Pen(0, 0)
        twin.canvas = self.canvas.copy()
        return twin

    def picture(self) -> NDArray[np.uint8]:
        """Return the finished picture, uint8 (height, width, 3)."""
        import cv2

        height, width = self.canvas.shape[:2]
        size = (width // _OVERSAMPLE, height // _OVERSAMPLE)
        return np.asarray(cv2.resize(self.canvas, size, interpolation=cv2.INTER_AREA), np.uint8)

    def polygon(self, points: ArrayLike, color: Color) -> None:
        """Fill a closed ring of points (n, 2)."""
        import cv2

        cv2.fillPoly(self.canvas, [_fixed(points)], color, lineType=cv2.LINE_AA, shift=_SHIFT)

    def rectangle(self, box_px: tuple[float, float, float, float], color: Color) -> None:
        """Fill an upright rectangle given as x, y, width, height."""
        x, y, w, h = box_px
        self.polygon([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], color)

    def line(self, points: ArrayLike, color: Color, width: float) -> None:
        """Draw an open line of points (n, 2), `width` pixels thick with round ends."""
        import cv2

        thickness = max(1, round(width * _OVERSAMPLE))
        cv2.polylines(self.canvas, [_fixed(points)], False, color, thickness, cv2.LINE_AA, _SHIFT)

    def ellipse(self, center: tuple[float, float], radii: tuple[float, float], color: Color) -> None:
        """Fill an upright ellipse."""
        import cv2

        cx, cy = _fixed([center])[0].tolist()
        axes = [max(1, round((r * _OVERSAMPLE - 0.5) * (1 << _SHIFT))) for r in radii]
        cv2.ellipse(self.canvas, (cx, cy), axes, 0, 0, 360, color, -1, cv2.LINE_AA, _SHIFT)

    def disc(self, center: tuple[float, float], radius: float, color: Color) -> None:
        """Fill a circle."""
        self.ellipse(center, (radius, radius), color)

    def gradient(self, rows: tuple[int, int], top: Color, bottom: Color) -> None:
        """Fill rows first..stop-1 of the picture from one colour to another."""
        first, stop = (r * _OVERSAMPLE for r in rows)
        share = np.linspace(0, 1, stop - first)[:, None]
        colors = np.array(top) * (1 - share) + np.array(bottom) * share
        self.canvas[first:stop] = colors.round().astype(np.uint8)[:, None, :]


def _fixed(points: ArrayLike) -> NDArray[np.int32]:
    """Return points as OpenCV's fixed-point numbers, whose whole numbers are pixel centres."""
    scaled = np.asarray(points, np.float64).reshape(-1, 2) * _OVERSAMPLE - 0.5
    return np.round(scaled * (1 << _SHIFT)).astype(np.int32)
