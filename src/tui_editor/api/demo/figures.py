"""How the moving things of the demo's street look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tui_editor.api.demo import actors
from tui_editor.api.demo.walkers import facing, joints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.api.demo.actors import Car
    from tui_editor.api.demo.pen import Color, Pen
    from tui_editor.api.demo.walkers import Walker

_GLASS = (168, 206, 222)
_TYRE = (38, 38, 44)
_RIM = (176, 178, 184)
_SKIN = (232, 184, 148)
_LAMPS = {"red": (236, 64, 52), "amber": (250, 186, 48), "green": (72, 206, 104)}

_Outline = Sequence[tuple[float, float]]

_BODIES: dict[str, _Outline] = {
    "hatchback": [
        (0, 0.85),
        (0, 0.5),
        (0.05, 0.42),
        (0.22, 0),
        (0.62, 0),
        (0.78, 0.4),
        (0.97, 0.5),
        (1, 0.6),
        (1, 0.85),
    ],
    "suv": [(0, 0.85), (0, 0.4), (0.03, 0.06), (0.08, 0), (0.62, 0), (0.74, 0.36), (0.97, 0.44), (1, 0.55), (1, 0.85)],
    "taxi": [
        (0, 0.85),
        (0, 0.5),
        (0.1, 0.44),
        (0.26, 0.1),
        (0.62, 0.1),
        (0.77, 0.45),
        (0.97, 0.52),
        (1, 0.6),
        (1, 0.85),
    ],
    "truck": [(0.74, 0.88), (0.74, 0.2), (0.91, 0.2), (0.97, 0.5), (1, 0.58), (1, 0.88)],
    "van": [(0, 0.87), (0, 0.05), (0.02, 0), (0.74, 0), (0.88, 0.4), (0.98, 0.5), (1, 0.6), (1, 0.87)],
}
_WINDOWS: dict[str, tuple[_Outline, ...]] = {
    "hatchback": (
        [(0.13, 0.4), (0.25, 0.08), (0.42, 0.08), (0.42, 0.4)],
        [(0.46, 0.4), (0.46, 0.08), (0.6, 0.08), (0.72, 0.4)],
    ),
    "suv": (
        [(0.07, 0.36), (0.09, 0.08), (0.33, 0.08), (0.33, 0.36)],
        [(0.37, 0.36), (0.37, 0.08), (0.6, 0.08), (0.7, 0.36)],
    ),
    "taxi": (
        [(0.17, 0.44), (0.29, 0.17), (0.43, 0.17), (0.43, 0.44)],
        [(0.47, 0.44), (0.47, 0.17), (0.6, 0.17), (0.71, 0.44)],
    ),
    "truck": ([(0.82, 0.5), (0.82, 0.27), (0.9, 0.27), (0.95, 0.5)],),
    "van": ([(0.58, 0.4), (0.58, 0.1), (0.73, 0.1), (0.83, 0.4)],),
}
_HULL = [(1, 0), (0.55, 0.7), (0, 1), (-0.8, 1), (-1, 0.7), (-1, -0.7), (-0.8, -1), (0, -1), (0.55, -0.7)]
_DECK = [(0.75, 0), (0.4, 0.5), (-0.75, 0.65), (-0.75, -0.65), (0.4, -0.5)]
_WHEELS = {"truck": (0.14, 0.28, 0.86), "van": (0.19, 0.8)}


def draw_car(pen: Pen, car: Car, frame: int) -> None:
    """Draw a vehicle where it is on a frame."""
    box = car.box_px(frame)
    _fill(pen, car, box, _BODIES[car.style], car.color)
    _trimmings(pen, car, box)
    for window in _WINDOWS[car.style]:
        _fill(pen, car, box, window, _GLASS)
    _wheels(pen, car, box)


def _fill(pen: Pen, car: Car, box: tuple[float, ...], outline: _Outline, color: Color) -> None:
    """Fill a ring given in shares of the box, which looks to the right."""
    pen.polygon([_place(car, box, u, v) for u, v in outline], color)


def _place(car: Car, box: tuple[float, ...], u: float, v: float) -> tuple[float, float]:
    x, y, w, h = box
    return x + w * (u if car.facing > 0 else 1 - u), y + h * v


def _trimmings(pen: Pen, car: Car, box: tuple[float, ...]) -> None:
    sill = tuple(round(c * 0.72) for c in car.color)
    _fill(pen, car, box, [(0.02, 0.76), (0.98, 0.76), (0.98, 0.85), (0.02, 0.85)], (sill[0], sill[1], sill[2]))
    if car.style == "truck":
        _fill(pen, car, box, [(0, 0), (0.71, 0), (0.71, 0.82), (0, 0.82)], (72, 120, 168))
        _fill(pen, car, box, [(0.04, 0.08), (0.67, 0.08), (0.67, 0.2), (0.04, 0.2)], (236, 236, 228))
        _fill(pen, car, box, [(0, 0.82), (0.75, 0.82), (0.75, 0.88), (0, 0.88)], (70, 70, 76))
    if car.style == "taxi":
        _fill(pen, car, box, [(0.4, 0), (0.52, 0), (0.52, 0.1), (0.4, 0.1)], (250, 246, 220))
        _fill(pen, car, box, [(0.03, 0.6), (0.97, 0.6), (0.97, 0.66), (0.03, 0.66)], (40, 40, 40))
    _fill(pen, car, box, [(0.95, 0.58), (1, 0.62), (1, 0.7), (0.95, 0.7)], (255, 240, 190))
    if car.style != "truck":
        _fill(pen, car, box, [(0, 0.55), (0.03, 0.55), (0.03, 0.68), (0, 0.68)], (150, 24, 28))


def _wheels(pen: Pen, car: Car, box: tuple[float, ...]) -> None:
    radius = min(0.2 * box[3], 12.0)
    for u in _WHEELS.get(car.style, (0.2, 0.8)):
        x, y = _place(car, box, u, 1.0)
        pen.disc((x, y - radius), radius, _TYRE)
        pen.disc((x, y - radius), radius * 0.5, _RIM)


def draw_car_shadow(pen: Pen, car: Car, frame: int) -> None:
    """Draw the shade below a vehicle; it is not part of the vehicle."""
    x, y, w, h = car.box_px(frame)
    pen.ellipse((x + w / 2, y + h - 1), (w * 0.49, 4), (68, 70, 76))


def draw_walker(pen: Pen, walker: Walker, frame: int) -> None:
    """Draw a person where she is on a frame: far limbs first."""
    p = joints(walker)[frame]
    size = walker.height_px
    dark: Color = tuple(round(c * 0.75) for c in walker.coat)  # type: ignore[assignment] # three channels
    far: Color = tuple(round(c * 0.75) for c in walker.trousers)  # type: ignore[assignment] # three channels
    pen.line([p[1], p[3], p[4]], dark, 0.07 * size)
    pen.line([p[2], p[7], p[8]], far, 0.09 * size)
    pen.line([p[2], p[9], p[10]], walker.trousers, 0.095 * size)
    pen.line([p[1] + (0, 0.05 * size), p[2]], walker.coat, 0.17 * size)
    pen.line([p[1] + (0, 0.03 * size), p[5], p[6]], dark, 0.075 * size)
    for hand in (p[4], p[6]):
        pen.disc((hand[0], hand[1]), 0.032 * size, _SKIN)
    pen.disc((p[0][0], p[0][1]), 0.068 * size, _SKIN)
    ahead = facing(walker)
    cap = [(0.07, -0.02), (0.05, -0.06), (0, -0.075), (-0.06, -0.05), (-0.078, 0.01), (-0.06, 0.045), (-0.03, -0.01)]
    pen.polygon([(p[0][0] + u * size * ahead, p[0][1] + v * size) for u, v in cap], walker.hair)


def draw_boat(pen: Pen, frame: int) -> None:
    """Draw the boat from above: its hull touches all four sides of its turned box."""
    pen.polygon(_on_boat(frame, _HULL), (136, 76, 44))
    pen.polygon(_on_boat(frame, _DECK), (214, 164, 108))
    for u in (0.1, -0.4):
        pen.line(_on_boat(frame, [(u, -0.6), (u, 0.6)]), (136, 76, 44), 1.5)


def _on_boat(frame: int, points: _Outline) -> NDArray[np.float64]:
    """Return points given in half lengths and half beams from the boat's middle, in pixels (n, 2)."""
    x, y, heading = actors.boat_pose(frame)
    turn = np.deg2rad(heading)
    axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return np.asarray(np.array(points) * np.array(actors.BOAT_SIZE_PX) / 2 @ axes + np.array([x, y]), np.float64)


def draw_ball(pen: Pen, frame: int) -> None:
    """Draw the ball with a mark that shows its middle."""
    center = actors.ball_center(frame)
    pen.disc(center, actors.BALL_RADIUS_PX, (236, 84, 60))
    pen.disc(center, actors.BALL_RADIUS_PX * 0.45, (252, 244, 232))


def draw_light(pen: Pen, frame: int) -> None:
    """Draw the traffic light's housing and the lamp that is on."""
    x, y, w, h = actors.LIGHT_BOX_PX
    pen.rectangle(actors.LIGHT_BOX_PX, (44, 46, 52))
    on = actors.light_state(frame)
    for row, (name, color) in enumerate(_LAMPS.items()):
        center = (x + w / 2, y + h * (row + 0.5) / 3)
        pen.disc(center, 5, color if name == on else (82, 80, 80))
