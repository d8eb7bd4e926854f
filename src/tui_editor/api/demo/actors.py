"""Who is where and when in the demo's street: motion only, no drawing and no labels.

Everything but the ball moves in straight lines between whole frames, so that key labels and linear interpolation
restore it exactly.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.api.demo.pen import Color

WIDTH = 640
HEIGHT = 360
FRAME_COUNT = 300
FPS = 25

Knots = tuple[tuple[int, float], ...]
"""(frame, x in pixels) pairs between which a thing moves evenly."""


class Car(Struct, frozen=True, kw_only=True):
    """A vehicle seen from the side."""

    number: int
    style: str
    """`hatchback`, `suv`, `taxi`, `truck` or `van`."""
    color: Color
    color_name: str
    plate: str
    doors: int
    size: tuple[float, float]
    base_y: float
    """Where the wheels stand."""
    facing: int
    """1: to the right, -1: to the left."""
    knots: Knots
    """Of the left edge."""

    def box_px(self, frame: int) -> tuple[float, float, float, float]:
        """Return x, y, width, height, beyond the picture's edges too."""
        width, height = self.size
        return position(self.knots, frame), self.base_y - height, width, height

    def seen_px(self, frame: int) -> tuple[float, float, float, float] | None:
        """Return the part of the box within the picture, None when less than 6 pixels of it are."""
        x, y, w, h = self.box_px(frame)
        left, right = max(x, 0.0), min(x + w, float(WIDTH))
        on_stage = self.knots[0][0] <= frame <= self.knots[-1][0]
        return (left, y, right - left, h) if on_stage and right - left >= 6 else None

    def speed(self, frame: int) -> float:
        """Return pixels a frame, from this frame to the next."""
        return abs(position(self.knots, frame + 1) - position(self.knots, frame))


CARS = (
    Car(
        number=0,
        style="suv",
        color=(200, 52, 44),
        color_name="red",
        plate="DE 4821",
        doors=5,
        size=(118, 54),
        base_y=324,
        facing=1,
        knots=((0, -120), (40, 100), (110, 660)),
    ),
    Car(
        number=1,
        style="hatchback",
        color=(52, 104, 188),
        color_name="blue",
        plate="KX 207",
        doors=3,
        size=(92, 40),
        base_y=280,
        facing=-1,
        knots=((12, 650), (108, -100)),
    ),
    Car(
        number=2,
        style="taxi",
        color=(240, 190, 40),
        color_name="yellow",
        plate="TX 1001",
        doors=5,
        size=(98, 42),
        base_y=280,
        facing=-1,
        knots=((85, 650), (115, 562), (130, 544), (222, 544), (235, 520), (299, 120)),
    ),
    Car(
        number=3,
        style="truck",
        color=(236, 236, 228),
        color_name="white",
        plate="LKW 77",
        doors=2,
        size=(168, 78),
        base_y=327,
        facing=1,
        knots=((115, -170), (250, 660)),
    ),
    Car(
        number=4,
        style="van",
        color=(64, 150, 104),
        color_name="green",
        plate="GR 5150",
        doors=4,
        size=(122, 60),
        base_y=324,
        facing=1,
        knots=((205, -124), (299, 372)),
    ),
)

LIGHT_BOX_PX = (523.0, 126.0, 16.0, 40.0)
LIGHT_STATES = (("green", 0, 89), ("amber", 90, 109), ("red", 110, 219), ("green", 220, FRAME_COUNT - 1))
"""State, first and last frame."""

BALL_RADIUS_PX = 7.0
BOAT_SIZE_PX = (36.0, 14.0)
POND_CENTER = (340.0, 163.0)
CLOUD_TOP = 16


def position(knots: Knots, frame: int) -> float:
    """Return x at a frame, held at the ends."""
    frames, xs = zip(*knots, strict=True)
    return float(np.interp(frame, frames, xs))


def light_state(frame: int) -> str:
    """Return `green`, `amber` or `red`."""
    return next(state for state, first, last in LIGHT_STATES if first <= frame <= last)


def ball_center(frame: int) -> tuple[float, float]:
    """Return where the ball is: it bounces on the lawn and rolls to and fro."""
    phase = (frame % 30) / 30
    x = 545 - abs(frame - 150) * 0.5
    return x, 212 - BALL_RADIUS_PX - 120 * phase * (1 - phase)


def cloud_left(frame: int) -> int:
    """Return the left edge of the cloud's mask: it drifts by whole pixels."""
    return 150 + frame // 2


@cache
def cloud_mask() -> NDArray[np.bool_]:
    """Return the cloud's shape, bool (44, 118); read only."""
    y, x = np.mgrid[0:44, 0:118] + 0.5
    puffs = ((28, 28, 15), (52, 20, 19), (78, 24, 17), (97, 31, 11), (14, 35, 8), (108, 36, 6))
    mask: NDArray[np.bool_] = np.any([np.hypot(x - cx, y - cy) < r for cx, cy, r in puffs], axis=0)
    mask |= (y > 30) & (y < 42) & (x > 14) & (x < 108)
    mask.setflags(write=False)
    return mask


def boat_pose(frame: int) -> tuple[float, float, float]:
    """Return the boat's centre x, y and heading in degrees, clockwise on the screen; it rounds the island once."""
    knots = np.arange(0, FRAME_COUNT + 10, 10)
    turn = -0.4 + knots * (2 * np.pi / 290)
    x = POND_CENTER[0] + 80 * np.cos(turn)
    y = POND_CENTER[1] + 27 * np.sin(turn)
    heading = np.rad2deg(np.unwrap(np.arctan2(27 * np.cos(turn), -80 * np.sin(turn))))
    return tuple(float(np.interp(frame, knots, v)) for v in (x, y, heading))  # type: ignore[return-value] # three values


@cache
def pond_rings() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the shore (28, 2) and the island's shore (14, 2)."""
    turn = np.arange(28) * (2 * np.pi / 28)
    wobble = 1 + 0.05 * np.sin(3 * turn + 0.6) + 0.03 * np.cos(5 * turn)
    shore = np.stack([118 * wobble * np.cos(turn), 47 * wobble * np.sin(turn)], 1) + POND_CENTER
    turn = np.arange(14) * (2 * np.pi / 14)
    wobble = 1 + 0.08 * np.sin(2 * turn)
    island = np.stack([38 * wobble * np.cos(turn), 11 * wobble * np.sin(turn)], 1) + POND_CENTER
    return shore, island


@cache
def lane_points() -> NDArray[np.float64]:
    """Return the line between the lanes (6, 2)."""
    return np.array([(0, 285), (128, 283.5), (256, 283), (384, 283), (512, 283.5), (640, 285)])
