"""The people of the demo's street: eleven points each that walk, wait and turn."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.api.demo.actors import FRAME_COUNT, Knots, position

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.api.demo.pen import Color

POINT_NAMES = (
    "head",
    "neck",
    "hip",
    "left elbow",
    "left hand",
    "right elbow",
    "right hand",
    "left knee",
    "left foot",
    "right knee",
    "right foot",
)
EDGES = ((0, 1), (1, 2), (1, 3), (3, 4), (1, 5), (5, 6), (2, 7), (7, 8), (2, 9), (9, 10))

_STEP = 5
"""Frames between poses; in between, each point moves evenly."""
_STRIDE = 30
"""Frames of two steps."""


class Walker(Struct, frozen=True, kw_only=True):
    """A person seen from the side."""

    number: int
    height_px: float
    base_y: float
    """Where the feet stand."""
    coat: Color
    trousers: Color
    hair: Color
    knots: Knots
    """Of the hip."""


WALKERS = (
    Walker(
        number=0,
        height_px=58,
        base_y=229,
        coat=(196, 72, 120),
        trousers=(52, 56, 84),
        hair=(84, 52, 32),
        knots=((0, 185), (150, 350), (190, 350), (299, 490)),
    ),
    Walker(
        number=1,
        height_px=61,
        base_y=231,
        coat=(60, 128, 124),
        trousers=(92, 76, 60),
        hair=(40, 36, 36),
        knots=((0, 612), (60, 566), (225, 566), (299, 540)),
    ),
    Walker(
        number=2,
        height_px=96,
        base_y=357,
        coat=(236, 150, 60),
        trousers=(44, 64, 92),
        hair=(120, 76, 36),
        knots=((0, 250), (110, 430), (175, 430), (299, 610)),
    ),
)


@cache
def joints(walker: Walker) -> NDArray[np.float64]:
    """Return a person's points on every frame, float64 (frames, 11, 2)."""
    knots = np.arange(0, FRAME_COUNT + _STEP, _STEP)
    poses = np.stack([_pose(walker, int(k)) for k in knots]).reshape(len(knots), -1)
    frames = np.arange(FRAME_COUNT)
    even = np.stack([np.interp(frames, knots, column) for column in poses.T], 1)
    return even.reshape(FRAME_COUNT, len(POINT_NAMES), 2)


def facing(walker: Walker) -> int:
    """Return 1 for somebody who walks to the right, -1 to the left."""
    return 1 if walker.knots[-1][1] > walker.knots[0][1] else -1


def walks(walker: Walker, frame: int) -> bool:
    """Return whether a person moves between this frame and the next."""
    return abs(position(walker.knots, frame + 1) - position(walker.knots, frame)) > 1e-9


def _pose(walker: Walker, frame: int) -> NDArray[np.float64]:
    """Return the points (11, 2) of one instant: limbs swing as pendulums about neck and hip."""
    height, ahead = walker.height_px, facing(walker)
    moving = walks(walker, frame) or walks(walker, max(frame - 1, 0))
    swing = np.sin(2 * np.pi * frame / _STRIDE) if moving else 0.12
    lift = 0.012 * height * (abs(swing) if moving else 0)
    hip = np.array([position(walker.knots, frame), walker.base_y - 0.49 * height + lift])
    neck = hip + np.array([0.03 * ahead, -0.33]) * height
    head = neck + np.array([0.02 * ahead, -0.095]) * height
    points = [head, neck, hip]
    for side in (1, -1):
        points += _limb(neck, 0.6 * swing * side * ahead, 0.35 * ahead, 0.17 * height)
    for side in (-1, 1):
        bend = -ahead * (0.5 * max(-swing * side * ahead * ahead, 0) + 0.06)
        points += _limb(hip, 0.52 * swing * side * ahead, bend, 0.24 * height)
    return np.array(points)


def _limb(root: NDArray[np.float64], angle: float, bend: float, length: float) -> list[NDArray[np.float64]]:
    """Return the middle and the end of a limb of two equal parts; angles in radians, 0 hangs down, + swings right."""
    middle = root + length * np.array([np.sin(angle), np.cos(angle)])
    return [middle, middle + length * np.array([np.sin(angle + bend), np.cos(angle + bend)])]
