"""The still parts of the demo's street: what lies behind the moving things and what stands before them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from tui_editor.api.demo.actors import HEIGHT, WIDTH, lane_points, pond_rings
from tui_editor.api.demo.pen import Pen

if TYPE_CHECKING:
    from tui_editor.api.demo.pen import Color

TRUNK_BOX_PX = (82.0, 180.0, 22.0, 172.0)
BUSH_BOX_PX = (56.0, 304.0, 82.0, 46.0)
LAMP_BOX_PX = (441.0, 92.0, 7.0, 256.0)
"""The things that hide vehicles, as boxes."""


@cache
def backdrop() -> Pen:
    """Return the picture without any moving thing; copy it before drawing."""
    pen = Pen(WIDTH, HEIGHT)
    _sky(pen)
    _houses(pen)
    _lawn(pen)
    _road(pen)
    pen.rectangle((529, 166, 4, 62), (84, 88, 96))
    return pen


def _sky(pen: Pen) -> None:
    pen.gradient((0, 120), (118, 178, 226), (222, 236, 240))
    pen.disc((586, 34), 17, (255, 236, 168))
    pen.disc((586, 34), 13, (255, 246, 210))
    x = np.linspace(0, WIDTH, 65)
    far = 84 + 12 * np.sin(x / 73) + 7 * np.sin(x / 31 + 1)
    near = 100 + 9 * np.sin(x / 97 + 2) + 4 * np.sin(x / 23)
    for ridge, color in ((far, (150, 186, 178)), (near, (122, 168, 136))):
        pen.polygon([*zip(x, ridge, strict=True), (WIDTH, 130), (0, 130)], color)


def _houses(pen: Pen) -> None:
    walls: tuple[tuple[int, int, int, Color, Color], ...] = (
        (462, 56, 58, (232, 206, 170), (172, 84, 64)),
        (544, 70, 48, (214, 222, 224), (96, 104, 124)),
        (604, 60, 62, (238, 190, 156), (150, 72, 60)),
    )
    for x, width, height, wall, roof in walls:
        top = 134 - height
        pen.rectangle((x, top, width, height), wall)
        pen.polygon(
            [(x - 5, top), (x + width + 5, top), (x + width * 0.72, top - 17), (x + width * 0.28, top - 17)], roof
        )
        for column in range(width // 18):
            for row in range(height // 24):
                pen.rectangle((x + 7 + column * 18, top + 7 + row * 22, 9, 12), (120, 156, 180))
                pen.rectangle((x + 7 + column * 18, top + 7 + row * 22, 9, 2), (244, 240, 230))


def _lawn(pen: Pen) -> None:
    pen.gradient((118, 216), (142, 190, 104), (112, 170, 84))
    random = np.random.default_rng(7)
    for x, y in random.uniform((0, 122), (WIDTH, 214), (260, 2)):
        pen.line([(x, y), (x + 1.5, y - 3)], (98, 156, 76), 0.8)
    shore, island = pond_rings()
    bank = (shore - shore.mean(0)) * (1.03, 1.06) + shore.mean(0)
    pen.polygon(bank, (206, 194, 144))
    pen.polygon(shore, (96, 164, 200))
    for x, y, w in ((262, 150, 22), (300, 192, 30), (392, 138, 26), (408, 178, 18), (318, 132, 16)):
        pen.line([(x, y), (x + w, y)], (138, 194, 220), 1.2)
    pen.polygon(island, (126, 180, 96))
    for x, y, r in ((322, 158, 8), (336, 153, 10), (354, 158, 8)):
        pen.disc((x, y), r, (74, 130, 76))


def _road(pen: Pen) -> None:
    pen.rectangle((0, 215, WIDTH, 19), (204, 198, 188))
    pen.rectangle((0, 232, WIDTH, 3), (160, 156, 150))
    pen.gradient((235, 331), (92, 94, 100), (104, 106, 112))
    pen.rectangle((0, 331, WIDTH, 29), (204, 198, 188))
    pen.rectangle((0, 331, WIDTH, 3), (168, 164, 158))
    points = lane_points()
    for x in range(0, WIDTH, 40):
        ends = np.array([x, x + 22])
        pen.line(np.stack([ends, np.interp(ends, points[:, 0], points[:, 1])], 1), (238, 236, 226), 2.5)
    for y in range(238, 280, 9):
        pen.rectangle((528, y, 10, 5), (232, 230, 222))


def draw_foreground(pen: Pen) -> None:
    """Draw the tree, the bush and the lamp post that stand before the road."""
    pen.polygon([(84, 352), (88, 240), (82, 180), (104, 180), (99, 240), (104, 352)], (112, 80, 56))
    for x, y, r, color in (
        (62, 168, 34, (70, 128, 70)),
        (124, 166, 34, (70, 128, 70)),
        (94, 190, 34, (64, 118, 66)),
        (92, 136, 44, (82, 142, 78)),
        (76, 128, 22, (102, 162, 92)),
        (116, 148, 18, (98, 158, 90)),
    ):
        pen.disc((x, y), r, color)
    for x, y, r in ((74, 334, 17), (98, 324, 20), (120, 334, 17)):
        pen.disc((x, y), r, (86, 142, 82))
    pen.rectangle(LAMP_BOX_PX, (64, 70, 78))
    pen.rectangle((437, 340, 15, 8), (64, 70, 78))
    pen.line([(444.5, 94), (430, 88), (416, 92)], (64, 70, 78), 4)
    pen.ellipse((416, 94), (9, 4), (252, 236, 176))
