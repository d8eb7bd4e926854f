"""The mapping between image pixels and screen pixels: what part of the frame the canvas shows, and how large."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MIN_SCALE = 1 / 64
MAX_SCALE = 64.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewport:
    """A window on the image: screen = (image - centre_px) · (scale · pixel_aspect, scale) + canvas_size / 2.

    Both spaces are continuous: pixel (i, j) covers [i, i+1) × [j, j+1), origin at the top-left corner, y down.
    """

    centre_px: tuple[float, float]
    """The point of the image, in image pixels, that lies in the middle of the canvas."""
    scale: float
    """Screen pixels per image pixel (of its height); `MIN_SCALE`..`MAX_SCALE`."""
    canvas_size: tuple[int, int]
    """(width, height) of the canvas in screen pixels."""
    pixel_aspect: float = 1.0
    """Width of an image pixel over its height, for anamorphic video."""

    @classmethod
    def fit(cls, image_size: tuple[int, int], canvas_size: tuple[int, int], *, pixel_aspect: float = 1.0) -> Viewport:
        """Return the viewport that shows the whole image as large as the canvas allows, in its middle.

        An image more than 1 / `MIN_SCALE` times the canvas is cut at the sides.
        """
        width, height = max(1, image_size[0]), max(1, image_size[1])
        scale = min(canvas_size[0] / (width * pixel_aspect), canvas_size[1] / height)
        centre = (width / 2, height / 2)
        return cls(centre_px=centre, scale=_limited(scale), canvas_size=canvas_size, pixel_aspect=pixel_aspect)

    @classmethod
    def one_to_one(cls, canvas_size: tuple[int, int]) -> Viewport:
        """Return the identity: image pixels are screen pixels, with the same origin."""
        return cls(centre_px=(canvas_size[0] / 2, canvas_size[1] / 2), scale=1.0, canvas_size=canvas_size)

    @property
    def scale_xy(self) -> tuple[float, float]:
        """Return screen pixels per image pixel along x and y."""
        return self.scale * self.pixel_aspect, self.scale

    @property
    def offset(self) -> tuple[float, float]:
        """Return where the image's origin lies, in screen pixels."""
        sx, sy = self.scale_xy
        return self.canvas_size[0] / 2 - self.centre_px[0] * sx, self.canvas_size[1] / 2 - self.centre_px[1] * sy

    @property
    def visible_px(self) -> tuple[float, float, float, float]:
        """Return (x0, y0, x1, y1) of what the canvas shows, in image pixels; it may reach beyond the image."""
        (x0, y0), (x1, y1) = self.to_image([(0.0, 0.0), self.canvas_size]).tolist()
        return x0, y0, x1, y1

    def to_screen(self, points_px: ArrayLike) -> NDArray[np.float64]:
        """Return image points as screen points; any shape whose last axis is (x, y)."""
        points = np.asarray(points_px, np.float64)
        shifted = points - np.asarray(self.centre_px)
        screen: NDArray[np.float64] = shifted * np.asarray(self.scale_xy) + np.asarray(self.canvas_size) / 2
        return screen

    def to_image(self, points_screen: ArrayLike) -> NDArray[np.float64]:
        """Return screen points as image points; any shape whose last axis is (x, y)."""
        points = np.asarray(points_screen, np.float64)
        shifted = points - np.asarray(self.canvas_size) / 2
        image: NDArray[np.float64] = shifted / np.asarray(self.scale_xy) + np.asarray(self.centre_px)
        return image

    def zoom_at(self, point_screen: tuple[float, float], factor: float) -> Viewport:
        """Return the viewport magnified by `factor`, the image point under `point_screen` staying there."""
        scale = _limited(self.scale * factor)
        held_x, held_y = self.to_image(point_screen).tolist()
        from_middle_x = point_screen[0] - self.canvas_size[0] / 2
        from_middle_y = point_screen[1] - self.canvas_size[1] / 2
        centre = (held_x - from_middle_x / (scale * self.pixel_aspect), held_y - from_middle_y / scale)
        return replace(self, centre_px=centre, scale=scale)

    def pan(self, dx: float, dy: float) -> Viewport:
        """Return the viewport moved by (dx, dy) screen pixels: with a positive dx the image slides to the left."""
        sx, sy = self.scale_xy
        return replace(self, centre_px=(self.centre_px[0] + dx / sx, self.centre_px[1] + dy / sy))

    def resized(self, canvas_size: tuple[int, int]) -> Viewport:
        """Return the viewport for another canvas: same centre, same scale."""
        return replace(self, canvas_size=canvas_size)

    def clamp(self, image_size: tuple[int, int]) -> Viewport:
        """Return the viewport with its centre brought back onto the image, so that the picture can't be lost."""
        x = min(max(self.centre_px[0], 0.0), float(image_size[0]))
        y = min(max(self.centre_px[1], 0.0), float(image_size[1]))
        return self if (x, y) == self.centre_px else replace(self, centre_px=(x, y))

    def fit_box(self, box_px: tuple[float, float, float, float], *, margin: float = 0.15) -> Viewport:
        """Return the viewport that shows a box (x, y, width, height in image pixels) in the middle.

        Args:
            box_px: The box; one without an area is shown at the largest scale.
            margin: The part of the canvas, 0..0.45, that stays free at each side.
        """
        x, y, width, height = box_px
        room = 1 - 2 * min(max(margin, 0.0), 0.45)
        wide = room * self.canvas_size[0] / (width * self.pixel_aspect) if width > 0 else math.inf
        high = room * self.canvas_size[1] / height if height > 0 else math.inf
        return replace(self, centre_px=(x + width / 2, y + height / 2), scale=_limited(min(wide, high)))


def _limited(scale: float) -> float:
    return min(max(scale, MIN_SCALE), MAX_SCALE)
