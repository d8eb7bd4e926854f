"""Gestures of the pointer as generators: a gesture reads from top to bottom, from the press to the release.

A gesture is sent places in image pixels while the pointer moves and `None` at its release. It yields the shape so far
(a preview) and returns the shape to keep, None for nothing. Escape closes it: nothing stays behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.model.shapes import Box, Shape, same_shape
from tui_editor.tools.boxes import Point, box_between
from tui_editor.tools.handles import Handle, move_handle

if TYPE_CHECKING:
    from collections.abc import Generator

LEAST_BOX_PX = 1.0
"""A drag that makes less than this in width or height was a click."""


def draw_box(start: Point, size: tuple[float, float]) -> Generator[Shape | None, Point | None, Shape | None]:
    """Draw a box from the place of the press, within an image of `size` (width, height)."""
    box: Box | None = None
    place = yield None
    while place is not None:
        box = box_between(start, place, size)
        place = yield box
    return box if box and box.width >= LEAST_BOX_PX and box.height >= LEAST_BOX_PX else None


def drag_handle(start: Point, shape: Shape, handle: Handle) -> Generator[Shape | None, Point | None, Shape | None]:
    """Reshape a shape by one of its handles, taken at the place of the press."""
    moved = shape
    place = yield None
    while place is not None:
        moved = move_handle(shape, handle, place[0] - start[0], place[1] - start[1])
        place = yield moved
    return None if same_shape(moved, shape) else moved
