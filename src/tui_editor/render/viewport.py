"""The mapping between image pixels and screen pixels: what part of the frame the canvas shows, and how large."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

MIN_SCALE = 1 / 64
MAX_SCALE = 64.0


class Viewport(Struct, frozen=True, kw_only=True):
    """A window on the image: screen = turn((image - centre_px) · (scale · pixel_aspect, scale)) + canvas_size / 2.

    Both spaces are continuous: pixel (i, j) covers [i, i+1) × [j, j+1), origin at the top-left corner, y down. The turn
    is about the middle of the canvas, so that centre and scale mean the same at every angle.
    """

    centre_px: tuple[float, float]
    """The point of the image, in image pixels, that lies in the middle of the canvas."""
    scale: float
    """Screen pixels per image pixel (of its height); `MIN_SCALE`..`MAX_SCALE`."""
    canvas_size: tuple[int, int]
    """(width, height) of the canvas in screen pixels."""
    pixel_aspect: float = 1.0
    """Width of an image pixel over its height, for anamorphic video."""
    rotation_deg: float = 0.0
    """How far the picture is turned clockwise."""

    @classmethod
    def fit(
        cls,
        image_size: tuple[int, int],
        canvas_size: tuple[int, int],
        *,
        pixel_aspect: float = 1.0,
        rotation_deg: float = 0.0,
    ) -> Viewport:
        """Return the viewport that shows the whole image as large as the canvas allows, in its middle.

        An image more than 1 / `MIN_SCALE` times the canvas is cut at the sides.
        """
        width, height = max(1, image_size[0]), max(1, image_size[1])
        wide, high = turned_size(width * pixel_aspect, height, rotation_deg)
        return cls(
            centre_px=(width / 2, height / 2),
            scale=_limited(min(canvas_size[0] / wide, canvas_size[1] / high)),
            canvas_size=canvas_size,
            pixel_aspect=pixel_aspect,
            rotation_deg=rotation_deg,
        )

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
        x, y = self.to_screen((0.0, 0.0)).tolist()
        return x, y

    @property
    def upright(self) -> bool:
        """Return whether the picture isn't turned at all."""
        return self.rotation_deg % 360 == 0

    @property
    def square(self) -> bool:
        """Return whether the picture is turned by a multiple of 90°: upright boxes stay upright."""
        return self.rotation_deg % 90 == 0

    @property
    def visible_px(self) -> tuple[float, float, float, float]:
        """Return (x0, y0, x1, y1) in image pixels around what the canvas shows; it may reach beyond the image."""
        width, height = self.canvas_size
        corners = self.to_image([(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)])
        (x0, y0), (x1, y1) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
        return x0, y0, x1, y1

    def to_screen(self, points_px: ArrayLike) -> NDArray[np.float64]:
        """Return image points as screen points; any shape whose last axis is (x, y)."""
        points = np.asarray(points_px, np.float64)
        scaled = (points - np.asarray(self.centre_px)) * np.asarray(self.scale_xy)
        screen: NDArray[np.float64] = self._turned(scaled, self.rotation_deg) + np.asarray(self.canvas_size) / 2
        return screen

    def to_image(self, points_screen: ArrayLike) -> NDArray[np.float64]:
        """Return screen points as image points; any shape whose last axis is (x, y)."""
        points = np.asarray(points_screen, np.float64)
        level = self._turned(points - np.asarray(self.canvas_size) / 2, -self.rotation_deg)
        image: NDArray[np.float64] = level / np.asarray(self.scale_xy) + np.asarray(self.centre_px)
        return image

    def _turned(self, offsets: NDArray[np.float64], degrees: float) -> NDArray[np.float64]:
        if self.upright:
            return offsets
        turned: NDArray[np.float64] = offsets @ rotation(degrees).T
        return turned

    def zoom_at(self, point_screen: tuple[float, float], factor: float) -> Viewport:
        """Return the viewport magnified by `factor`, the image point under `point_screen` staying there."""
        zoomed = replace(self, scale=_limited(self.scale * factor))
        held, moved = self.to_image(point_screen), zoomed.to_image(point_screen)
        x, y = (np.asarray(self.centre_px) + held - moved).tolist()
        return replace(zoomed, centre_px=(x, y))

    def pan(self, dx: float, dy: float) -> Viewport:
        """Return the viewport moved by (dx, dy) screen pixels: with a positive dx the image slides to the left."""
        x, y = self.to_image((self.canvas_size[0] / 2 + dx, self.canvas_size[1] / 2 + dy)).tolist()
        return replace(self, centre_px=(x, y))

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
        wide, high = turned_size(width * self.pixel_aspect, height, self.rotation_deg)
        across = room * self.canvas_size[0] / wide if wide > 0 else math.inf
        down = room * self.canvas_size[1] / high if high > 0 else math.inf
        return replace(self, centre_px=(x + width / 2, y + height / 2), scale=_limited(min(across, down)))


def rotation(degrees: float) -> NDArray[np.float64]:
    """Return the matrix (2, 2) that turns points (x, y) clockwise on the screen, exact for multiples of 90°."""
    quarters, rest = divmod(degrees % 360, 90)
    cos, sin = (
        (math.cos(math.radians(degrees)), math.sin(math.radians(degrees))) if rest else _QUARTERS[int(quarters) % 4]
    )
    return np.array([[cos, -sin], [sin, cos]])


def turned_size(width: float, height: float, rotation_deg: float) -> tuple[float, float]:
    """Return (width, height) of the upright rectangle around one that is turned about its middle."""
    wide, high = (np.abs(rotation(rotation_deg)) @ (width, height)).tolist()
    return wide, high


_QUARTERS = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))
"""(cosine, sine) of 0°, 90°, 180° and 270°."""


def _limited(scale: float) -> float:
    return min(max(scale, MIN_SCALE), MAX_SCALE)
