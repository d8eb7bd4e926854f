"""Gestures of the pointer as generators: a gesture reads from top to bottom, from the press to the release.

A gesture is sent places in image pixels while the pointer moves and `None` at its release. It yields the shape so far
(a preview) and returns the shape to keep, None for nothing. Escape closes it: nothing stays behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.model.shapes import Shape, same_shape
from tui_editor.tools.handles import Handle, move_handle

if TYPE_CHECKING:
    from collections.abc import Generator

    from tui_editor.tools.boxes import Point


def drag_handle(start: Point, shape: Shape, handle: Handle) -> Generator[Shape | None, Point | None, Shape | None]:
    """Reshape a shape by one of its handles, taken at the place of the press."""
    moved = shape
    place = yield None
    while place is not None:
        moved = move_handle(shape, handle, place[0] - start[0], place[1] - start[1])
        place = yield moved
    return None if same_shape(moved, shape) else moved
