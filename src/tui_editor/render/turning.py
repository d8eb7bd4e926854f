"""Rasters for a turned view: they are made upright, on a canvas around the turned one, and turned at screen size."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

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


def turned(raster: NDArray[np.uint8], viewport: Viewport, *, smooth: bool = True) -> NDArray[np.uint8]:
    """Return a raster of `upright_of(viewport)` as the view shows it; quarter turns move pixels and change none.

    Args:
        raster: uint8 (h, w) or (h, w, c).
        viewport: The turned view.
        smooth: Mix neighbouring pixels, instead of taking the nearest one.
    """
    import cv2

    width, height = viewport.canvas_size
    if viewport.upright:
        return raster
    if not width or not height:
        return np.zeros((height, width, *raster.shape[2:]), np.uint8)
    if viewport.square:
        return np.asarray(cv2.rotate(raster, round(viewport.rotation_deg % 360 / 90) - 1), np.uint8)
    matrix = rotation(viewport.rotation_deg)
    # cv2 places a pixel's centre at its index; ours lies half a pixel further.
    middle = np.array(raster.shape[1::-1]) / 2 - 0.5
    shift = np.array(viewport.canvas_size) / 2 - 0.5 - matrix @ middle
    flags = cv2.INTER_LINEAR if smooth else cv2.INTER_NEAREST
    return np.asarray(
        cv2.warpAffine(
            raster,
            np.column_stack([matrix, shift]),
            viewport.canvas_size,
            flags=flags,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.uint8,
    )
