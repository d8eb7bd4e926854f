"""Label tags as text in the cells of a canvas, where text can stand over the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from tui_editor.render.labels import tag_corner
from tui_editor.render.marks import TagMark
from tui_editor.render.rects import Rect
from tui_editor.text import one_line
from tui_editor.ui.widgets.rows import readable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
    for mark in marks:
        if not isinstance(mark, TagMark):
            continue
        x, y, width, height = mark.box_px
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        on_screen = viewport.to_screen(corners)
        (x0, y0), (x1, y1) = on_screen.min(axis=0).tolist(), on_screen.max(axis=0).tolist()
        if x1 < 0 or y1 < 0 or y0 >= rows * cell_px[1] or x0 >= columns * cell_px[0]:
            continue
        left, top = tag_corner(on_screen)
        row = min(max(0, int(top // cell_px[1]) - 1), rows - 1)
        column = min(max(0, int(left // cell_px[0])), columns - 1)
        text = "".join(c for c in one_line(mark.text) if cell_len(c) == 1)[: columns - column]
        if text:
            yield TagLine(row, column, text, _readable(mark.style.colour))


def as_text(tags: Iterable[TagLine], layout: Layout) -> bytes:
    """Return what writes tags into the cells of a canvas, for a terminal that nobody else writes to."""
    board = ";".join(str(int(BOARD[at : at + 2], 16)) for at in (1, 3, 5))
    lines = []
    for tag in tags:
        place = layout.cursor_to(Rect(tag.column, tag.row, tag.column + 1, tag.row + 1)).decode()
        colour = ";".join(map(str, tag.colour))
        lines.append(f"{place}\x1b[38;2;{colour};48;2;{board}m{tag.text}")
    return "".join([*lines, "\x1b[m"]).encode() if lines else b""


def _readable(colour: RGB) -> RGB:
    """Return a class colour as it can be read on the tag's dark board."""
    shown = readable("#{:02x}{:02x}{:02x}".format(*colour))
    return int(shown[1:3], 16), int(shown[3:5], 16), int(shown[5:7], 16)
