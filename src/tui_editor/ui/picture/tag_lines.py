"""Label tags as text in the cells of a canvas, where text can stand over the picture."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from rich.cells import cell_len

from tui_editor.render.labels import tag_corners
from tui_editor.render.marks import TagMark
from tui_editor.render.rects import Rect
from tui_editor.text import one_line
from tui_editor.ui.widgets.rows import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from tui_editor.render.marks import Mark
    from tui_editor.render.palette import RGB
    from tui_editor.render.viewport import Viewport
    from tui_editor.ui.picture.layout import Layout


BOARD = "#121214"
"""What tags stand on."""


class TagLine(NamedTuple):
    """A tag in cells of the canvas."""

    row: int
    column: int
    text: str
    """One column a character, harmless, no longer than the room."""
    colour: RGB


def tag_lines(
    marks: Sequence[Mark], viewport: Viewport, shape: tuple[int, int], cell_px: tuple[float, float]
) -> Iterator[TagLine]:
    """Yield the tags that the canvas shows: above their labels, inside them where there is no room.

    Args:
        marks: Of the scene; only tags are looked at.
        viewport: What the canvas shows.
        shape: (rows, columns) of the canvas.
        cell_px: (width, height) of a cell in canvas pixels.
    """
    rows, columns = shape
    tags = [mark for mark in marks if isinstance(mark, TagMark)]
    corners = viewport.to_screen(_corners(tags)).reshape(-1, 4, 2)
    (left, top), (right, bottom) = corners.min(axis=1).T, corners.max(axis=1).T
    in_sight = (right >= 0) & (bottom >= 0) & (top < rows * cell_px[1]) & (left < columns * cell_px[0])
    places = np.floor(tag_corners(corners) / cell_px).clip((0, 1), (columns - 1, rows)).astype(int) - (0, 1)
    for index in np.flatnonzero(in_sight).tolist():
        column, row = places[index].tolist()
        text = _in_cells(tags[index].text)[: columns - column]
        if text:
            yield TagLine(row, column, text, _readable(tags[index].style.colour))


def as_text(tags: Iterable[TagLine], layout: Layout) -> bytes:
    """Return what writes tags into the cells of a canvas, for a terminal that nobody else writes to."""
    board = ";".join(str(int(BOARD[at : at + 2], 16)) for at in (1, 3, 5))
    lines = []
    for tag in tags:
        place = layout.cursor_to(Rect(tag.column, tag.row, tag.column + 1, tag.row + 1)).decode()
        colour = ";".join(map(str, tag.colour))
        lines.append(f"{place}\x1b[38;2;{colour};48;2;{board}m{tag.text}")
    return "".join([*lines, "\x1b[m"]).encode() if lines else b""


def _corners(tags: Sequence[TagMark]) -> NDArray[np.float64]:
    """Return the corners of the tags' boxes in image pixels, four of each (4 n, 2)."""
    x, y, width, height = np.array([tag.box_px for tag in tags], np.float64).reshape(-1, 4).T
    return np.stack([x, y, x + width, y, x + width, y + height, x, y + height], axis=-1).reshape(-1, 2)


@lru_cache(maxsize=4096)
def _in_cells(text: str) -> str:
    """Return a text from data as harmless characters of one column each."""
    return "".join(c for c in one_line(text) if cell_len(c) == 1)


@lru_cache(maxsize=1024)
def _readable(colour: RGB) -> RGB:
    """Return a class colour as it can be read on the tag's dark board."""
    shown = readable("#{:02x}{:02x}{:02x}".format(*colour))
    return int(shown[1:3], 16), int(shown[3:5], 16), int(shown[5:7], 16)
