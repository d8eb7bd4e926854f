"""Small signs with letters: tags, pins, the lettered grid and handles. A surface and inks are as in `strokes`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tui_editor.render import strokes
from tui_editor.render.lettering import text_mask
from tui_editor.render.rects import EMPTY, Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.render.strokes import Ink, Points, Surface

DARK_INK = (18, 18, 20, 255)
_LIGHT_INK = (255, 255, 255, 255)
_BOARD_ALPHA = 200
"""Opacity of the board behind text, 0..255."""
_READABLE = 150
"""Least brightness of letters on the board, 0..255."""
HANDLE_PX = 7
PIN_RADIUS = 9.0
POINT_RADIUS, SELECTED_POINT_RADIUS = 4.0, 6.0
JOINT_RADIUS = 3.0
"""Of a skeleton's points."""


def tag(surface: Surface, corners: Points, text: str, ink: Ink) -> None:
    """Write a line above the top-left corner of a box (4, 2), inside it where there is no room; kept on the canvas."""
    mask = text_mask(text)
    where = tag_place(corners, mask.shape, (surface.shape[1], surface.shape[0]))
    if not where.empty:
        board(surface, (where.x0, where.y0), mask, readable(ink))


def tag_place(corners: Points, shape: tuple[int, ...], canvas_size: tuple[int, int]) -> Rect:
    """Return where a tag of `shape` (h, w) lies; `EMPTY` where its box is out of sight, else it may stick out."""
    width, height = canvas_size
    corners = np.rint(corners.clip(-(1 << 26), 1 << 26))
    (x0, y0), (x1, y1) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    if x1 < 0 or y1 < 0 or x0 >= width or y0 >= height:
        return EMPTY
    left, top = map(int, tag_corner(corners))
    x = max(0, min(left, width - shape[1]))
    y = top - shape[0] if top >= shape[0] else max(0, top)
    return Rect(x, y, x + shape[1], y + shape[0])


def tag_corner(corners: Points) -> tuple[float, float]:
    """Return the corner of a box (4, 2) on which its tag stands: of a tilted one the one most up, then most left."""
    x, y = corners[np.argmin(corners @ (0.5, 1.0))].tolist()
    return x, y


def readable(ink: Ink) -> Ink:
    """Return an opaque ink mixed with as much white as its letters need on the dark board (luma by ITU-R BT.601)."""
    red, green, blue, _ = ink
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    white = (_READABLE - luma) / (255 - luma) if luma < _READABLE else 0.0
    red, green, blue = (round(level + (255 - level) * white) for level in (red, green, blue))
    return red, green, blue, 255


def board(surface: Surface, corner: tuple[int, int], mask: NDArray[np.uint8], ink: Ink) -> None:
    """Lay letters of one ink on a dark, half-transparent board whose top-left corner is given in screen pixels."""
    height, width = surface.shape[:2]
    x, y = corner
    where = Rect(x, y, x + mask.shape[1], y + mask.shape[0]).clipped(width, height)
    if where.empty:
        return
    part = where.of(surface)
    letters = mask[where.y0 - y : where.y1 - y, where.x0 - x : where.x1 - x, None].astype(np.uint16)
    below = part.astype(np.uint16) * (255 - _BOARD_ALPHA) + np.array(DARK_INK, np.uint16) * _BOARD_ALPHA
    part[:] = (below // 255 * (255 - letters) + np.array(ink, np.uint16) * letters) // 255


def squares(surface: Surface, centres: Points, ink: Ink, active: NDArray[np.bool_]) -> None:
    """Draw handles: white squares with an edge of the ink; an active one is larger and of the ink itself."""
    size = surface.shape[1], surface.shape[0]
    for (x, y), chosen in zip(centres.clip(-(1 << 26), 1 << 26).tolist(), active.tolist(), strict=True):
        half = HANDLE_PX // 2 + (1 if chosen else 0)
        middle_x, middle_y = int(np.floor(x)), int(np.floor(y))
        outer = Rect(middle_x - half, middle_y - half, middle_x + half + 1, middle_y + half + 1)
        inner = Rect(outer.x0 + 1, outer.y0 + 1, outer.x1 - 1, outer.y1 - 1)
        outer.clipped(*size).of(surface)[:] = _LIGHT_INK if chosen else ink
        inner.clipped(*size).of(surface)[:] = ink if chosen else _LIGHT_INK


def pin(surface: Surface, tip: Points, text: str, ink: Ink) -> None:
    """Draw a pin whose tip touches a point (2,), with the text in its head."""
    head = tip - (0.0, 2 * PIN_RADIUS)
    needle = strokes.paths([np.stack([head, tip])])
    strokes.lines(surface, needle, DARK_INK, 4, closed=False)
    strokes.lines(surface, needle, ink, 2, closed=False)
    strokes.discs(surface, head[None], PIN_RADIUS + 1.5, DARK_INK)
    strokes.discs(surface, head[None], PIN_RADIUS, ink)
    _centred(surface, head, text, DARK_INK)


def grid(surface: Surface, knots: Points, letters: str, ink: Ink, thickness: int) -> None:
    """Draw a box in 3×3 parts, whose corners are given row by row (4, 4, 2), with a letter in the middle of each."""
    bars = [*knots, *knots.swapaxes(0, 1)]
    strokes.lines(surface, strokes.paths(bars), ink, thickness, closed=False)
    for number, letter in enumerate(letters[:9]):
        row, column = divmod(number, 3)
        middle = knots[row : row + 2, column : column + 2].mean(axis=(0, 1))
        mask = text_mask(letter)
        corner = np.rint(middle.clip(-(1 << 26), 1 << 26) - np.array(mask.shape[::-1]) / 2).astype(int).tolist()
        board(surface, (corner[0], corner[1]), mask, ink)


def _centred(surface: Surface, middle: Points, text: str, ink: Ink) -> None:
    """Write text about a point, with nothing behind it."""
    mask = text_mask(text)
    x, y = np.rint(middle.clip(-(1 << 26), 1 << 26) - np.array(mask.shape[::-1]) / 2).astype(int).tolist()
    where = Rect(x, y, x + mask.shape[1], y + mask.shape[0]).clipped(surface.shape[1], surface.shape[0])
    if not where.empty:
        letters = mask[where.y0 - y : where.y1 - y, where.x0 - x : where.x1 - x, None].astype(np.uint16)
        part = where.of(surface)
        part[:] = (part.astype(np.uint16) * (255 - letters) + np.array(ink, np.uint16) * letters) // 255
