"""Label tags and hint letters as text in the cells of a canvas, where text can stand over the picture."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from rich.cells import cell_len

from tui_editor.render.labels import LETTERED_PIN, knots_of, middles, tag_corners
from tui_editor.render.marks import GridMark, PinMark, TagMark
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
_LEAST = np.array([3, 2])
"""(columns, rows) of a part of the hint grid below which it has no letter: the picture is seen there."""
_ROOMY = 6
"""Columns of a part of the hint grid from which on its letter has a blank on both sides."""


class TagLine(NamedTuple):
    """A tag, or a hint letter, in cells of the canvas."""

    row: int
    column: int
    text: str
    """One column a character, harmless, no longer than the room."""
    colour: RGB


def tag_lines(
    marks: Sequence[Mark], viewport: Viewport, shape: tuple[int, int], cell_px: tuple[float, float]
) -> Iterator[TagLine]:
    """Yield the text of the canvas: tags above their labels, inside them where there is no room; then other letters.

    Those are of hint grids, and the numbers of pins whose heads have no room for them.

    Args:
        marks: Of the scene; only tags, hint grids and pins are looked at.
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
    for mark in marks:
        if isinstance(mark, GridMark):
            yield from _hint_letters(mark, viewport, shape, cell_px)
        elif isinstance(mark, PinMark) and mark.radius_px < LETTERED_PIN:
            yield from _pin_number(mark, viewport, shape, cell_px)


def _pin_number(
    mark: PinMark, viewport: Viewport, shape: tuple[int, int], cell_px: tuple[float, float]
) -> Iterator[TagLine]:
    """Yield the number of a pin whose head has no room for it, in the cell of the head's middle."""
    (tip,) = viewport.to_screen(np.array([mark.point_px]))
    column, row = np.floor((tip - (0.0, 2 * mark.radius_px)) / cell_px).astype(int).tolist()
    if 0 <= row < shape[0] and 0 <= column < shape[1]:
        yield TagLine(row, column, mark.text, _readable(mark.style.colour))


def _hint_letters(
    mark: GridMark, viewport: Viewport, shape: tuple[int, int], cell_px: tuple[float, float]
) -> Iterator[TagLine]:
    """Yield the letter in the middle of each part that is seen; none where they would fill the parts."""
    rows, columns = shape
    places = np.floor(middles(knots_of(viewport.to_screen(_corners([mark])))) / cell_px).astype(int)
    if (np.ptp(places, axis=0) < 2 * _LEAST).any():
        return
    roomy = np.ptp(places[:, 0]) >= 2 * _ROOMY
    for letter, (column, row) in zip(mark.letters, places.tolist(), strict=False):
        blank = int(roomy and 0 < column < columns - 1)
        if 0 <= row < rows and 0 <= column < columns:
            text = " " * blank + letter + " " * blank
            yield TagLine(row, column - blank, text, _readable(mark.style.colour))


def as_text(tags: Iterable[TagLine], layout: Layout) -> bytes:
    """Return what writes tags into the cells of a canvas, for a terminal that nobody else writes to."""
    board = ";".join(str(int(BOARD[at : at + 2], 16)) for at in (1, 3, 5))
    lines = []
    for tag in tags:
        place = layout.cursor_to(Rect(tag.column, tag.row, tag.column + 1, tag.row + 1)).decode()
        colour = ";".join(map(str, tag.colour))
        lines.append(f"{place}\x1b[38;2;{colour};48;2;{board}m{tag.text}")
    return "".join([*lines, "\x1b[m"]).encode() if lines else b""


def _corners(tags: Sequence[TagMark | GridMark]) -> NDArray[np.float64]:
    """Return the corners of marks' boxes in image pixels, four of each (4 n, 2)."""
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
