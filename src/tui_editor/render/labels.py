"""Small signs with letters: tags, pins, the lettered grid and handles. A surface and inks are as in `strokes`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tui_editor.render import fills, strokes
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
ROOMY = 1.6
"""Heights of a letter that a part of a lettered grid measures at least."""
_FAR = 1 << 26
"""Screen pixels beyond which it does not matter where something is."""
_INWARDS = np.array([1, 1, -1, -1])
LETTERED_PIN = 7.0
"""Screen pixels: the least radius of a pin that has a letter in it."""
POINT_RADIUS, SELECTED_POINT_RADIUS = 4.0, 6.0
JOINT_RADIUS = 3.0
"""Of a skeleton's points."""


def tag(surface: Surface, corners: Points, text: str, ink: Ink) -> None:
    """Write a line above the top-left corner of a box (4, 2), inside it where there is no room; kept on the canvas."""
    board = boarded(text, readable(ink))
    where = tag_place(corners, board.shape, (surface.shape[1], surface.shape[0]))
    if not where.empty:
        fills.put_over(surface, board, where.x0, where.y0)


def tag_place(corners: Points, shape: tuple[int, ...], canvas_size: tuple[int, int]) -> Rect:
    """Return where a tag of `shape` (h, w) lies; `EMPTY` where its box is out of sight, else it may stick out."""
    width, height = canvas_size
    corners = np.rint(corners.clip(-_FAR, _FAR))
    (x0, y0), (x1, y1) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    if x1 < 0 or y1 < 0 or x0 >= width or y0 >= height:
        return EMPTY
    left, top = map(int, tag_corners(corners).tolist())
    x = max(0, min(left, width - shape[1]))
    y = top - shape[0] if top >= shape[0] else max(0, top)
    return Rect(x, y, x + shape[1], y + shape[0])


def tag_corners(corners: Points) -> Points:
    """Return the corner of boxes (…, 4, 2) on which their tags stand: of a tilted one the one most up, then most left.

    Returns:
        x, y: (…, 2).
    """
    chosen = np.argmin(corners @ (0.5, 1.0), axis=-1)
    return np.take_along_axis(corners, chosen[..., None, None], axis=-2)[..., 0, :]


def readable(ink: Ink) -> Ink:
    """Return an opaque ink mixed with as much white as its letters need on the dark board (luma by ITU-R BT.601)."""
    red, green, blue, _ = ink
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    white = (_READABLE - luma) / (255 - luma) if luma < _READABLE else 0.0
    red, green, blue = (round(level + (255 - level) * white) for level in (red, green, blue))
    return red, green, blue, 255


@lru_cache(maxsize=1024)
def boarded(text: str, ink: Ink) -> Surface:
    """Return letters of one opaque ink on a dark, half-transparent board: (h, w, 4), read-only."""
    letters = text_mask(text)[:, :, None].astype(np.uint16)
    board = np.array(DARK_INK, np.uint16) * _BOARD_ALPHA // 255
    mixed = ((board * (255 - letters) + np.array(ink, np.uint16) * letters) // 255).astype(np.uint8)
    mixed.flags.writeable = False
    return mixed


@lru_cache(maxsize=64)
def _lettered(text: str, ink: Ink) -> Surface:
    """Return letters of one opaque ink with nothing behind them: (h, w, 4), read-only."""
    mixed = (np.array(ink, np.uint16) * text_mask(text)[:, :, None].astype(np.uint16) // 255).astype(np.uint8)
    mixed.flags.writeable = False
    return mixed


def squares(surface: Surface, centres: Points, sides: NDArray[np.intp], ink: Ink, active: NDArray[np.bool_]) -> None:
    """Draw handles: white squares (sides in pixels) with an edge of the ink; an active one is larger and of the ink."""
    numbers = active.astype(np.intp)
    edges, insides = strokes.packed((ink, _LIGHT_INK))[numbers], strokes.packed((_LIGHT_INK, ink))[numbers]
    half = (sides // 2 + numbers)[:, None]
    middles = np.floor(centres.clip(-_FAR, _FAR)).astype(np.intp)
    outer = np.concatenate([middles - half, middles + half + 1], axis=1)
    limits = np.array([surface.shape[1], surface.shape[0]] * 2)
    pixels = surface.view(np.uint32)[:, :, 0]
    for (x0, y0, x1, y1), edge, (left, top, right, bottom), inside in zip(
        outer.clip(0, limits).tolist(),
        edges.tolist(),
        (outer + _INWARDS).clip(0, limits).tolist(),
        insides.tolist(),
        strict=True,
    ):
        pixels[y0:y1, x0:x1] = edge
        pixels[top:bottom, left:right] = inside


def pin(surface: Surface, tip: Points, text: str, ink: Ink, radius: float) -> None:
    """Draw a pin whose tip touches a point (2,), with the text in its head where that has room for it."""
    head = tip - (0.0, 2 * radius)
    needle = strokes.paths([np.stack([head, tip])])
    strokes.lines(surface, needle, DARK_INK, 4, closed=False)
    strokes.lines(surface, needle, ink, 2, closed=False)
    strokes.discs(surface, head[None], radius + 1.5, DARK_INK)
    strokes.discs(surface, head[None], radius, ink)
    if radius >= LETTERED_PIN:
        _put_about(surface, _lettered(text, DARK_INK), head)


def grid(surface: Surface, knots: Points, letters: str, ink: Ink, thickness: int) -> None:
    """Draw a box in 3×3 parts, whose corners are given row by row (4, 4, 2), with a letter in the middle of each.

    Parts that letters would fill have none: what lies there is what one looks at; the keys are known by their place.
    """
    bars = [*knots, *knots.swapaxes(0, 1)]
    strokes.lines(surface, strokes.paths(bars), ink, thickness, closed=False)
    sides = np.hypot(*(knots[[0, 1], [1, 0]] - knots[0, 0]).T)
    if sides.min() < ROOMY * boarded("w", ink).shape[0]:
        return
    for letter, middle in zip(letters, middles(knots), strict=False):
        _put_about(surface, boarded(letter, ink), middle)


def knots_of(corners: Points) -> Points:
    """Return the corners (4, 4, 2) of the 3×3 parts of a box (4, 2), row by row."""
    top_left, top_right, _, bottom_left = corners
    down, across = (np.mgrid[0:4, 0:4] / 3)[..., None]
    knots: Points = top_left + (top_right - top_left) * across + (bottom_left - top_left) * down
    return knots


def middles(knots: Points) -> Points:
    """Return the middles (9, 2) of 3×3 parts, row by row."""
    found: Points = (knots[:3, :3] + knots[1:, 1:]).reshape(9, 2) / 2
    return found


def _put_about(surface: Surface, picture: Surface, middle: Points) -> None:
    """Put a picture over a surface, its middle at a point (2,)."""
    size = np.array([picture.shape[1], picture.shape[0]])
    x, y = np.rint(middle.clip(-_FAR, _FAR) - size / 2).astype(int).tolist()
    fills.put_over(surface, picture, x, y)
