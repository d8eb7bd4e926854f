"""Rasters for a turned view: they are made upright, on a canvas around the turned one, and turned at screen size."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from tui_editor.render.rects import EMPTY, Rect
from tui_editor.render.viewport import Viewport, rotation, turned_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROOM_PX = 2
"""Further pixels of a tilted canvas' surroundings, into which interpolation looks."""


def upright_of(viewport: Viewport) -> Viewport:
    """Return the view before it is turned: same middle, same scale, and large enough for all that is seen after."""
    if viewport.upright:
        return viewport
    width, height = turned_size(*viewport.canvas_size, viewport.rotation_deg)
    room = 0 if viewport.square else _ROOM_PX
    return replace(viewport, rotation_deg=0.0, canvas_size=(math.ceil(width) + room, math.ceil(height) + room))


def turned(raster: NDArray[np.uint8], viewport: Viewport) -> NDArray[np.uint8]:
    """Return a picture (h, w, c) of `upright_of(viewport)` as the view shows it.

    Quarter turns move pixels and change none; other angles mix neighbours (bilinear).
    """
    import cv2

    width, height = viewport.canvas_size
    if viewport.upright:
        return raster
    if not width or not height:
        return np.zeros((height, width, *raster.shape[2:]), np.uint8)
    if viewport.square:
        return np.asarray(cv2.rotate(raster, round(viewport.rotation_deg % 360 / 90) - 1), np.uint8)
    matrix = _affine(viewport, (0, 0), (0, 0))
    smooth = cv2.warpAffine(raster, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(smooth, np.uint8)


def turned_bits(bits: NDArray[np.bool_], where: Rect, viewport: Viewport) -> tuple[NDArray[np.bool_], Rect]:
    """Return a part of an upright raster as the view shows it, and the rectangle of the canvas in which it lies.

    Args:
        bits: The set pixels, bool (h, w).
        where: The rectangle that they fill on the canvas of `upright_of(viewport)`.
        viewport: The turned view.
    """
    import cv2

    corners = np.array([(where.x0, where.y0), (where.x1, where.y0), (where.x1, where.y1), (where.x0, where.y1)])
    matrix, shift = _turn(viewport)
    ends = corners @ matrix.T + shift
    (x0, y0), (x1, y1) = np.floor(ends.min(axis=0)).tolist(), np.ceil(ends.max(axis=0)).tolist()
    target = Rect(int(x0), int(y0), int(x1), int(y1)).clipped(*viewport.canvas_size)
    if where.empty or target.empty:
        return np.zeros((0, 0), np.bool_), EMPTY
    affine = _affine(viewport, where[:2], target[:2])
    shown = cv2.warpAffine(bits.view(np.uint8), affine, (target.width, target.height), flags=cv2.INTER_NEAREST)
    return np.asarray(shown, np.uint8).view(np.bool_), target


def _turn(viewport: Viewport) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return matrix (2, 2) and shift (2,) from points of the upright canvas to those of the turned one."""
    matrix = rotation(viewport.rotation_deg)
    middle = np.array(upright_of(viewport).canvas_size) / 2
    return matrix, np.array(viewport.canvas_size) / 2 - matrix @ middle


def _affine(viewport: Viewport, source: tuple[int, int], target: tuple[int, int]) -> NDArray[np.float64]:
    """Return cv2's matrix (2, 3) from pixels of a part of the upright canvas to those of a part of the turned one.

    cv2 places a pixel's centre at its index, ours lies half a pixel further.
    """
    matrix, shift = _turn(viewport)
    first = matrix @ (np.array(source) + 0.5) + shift - np.array(target) - 0.5
    return np.column_stack([matrix, first])
