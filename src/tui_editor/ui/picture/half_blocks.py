"""Pictures as text: strips of half blocks that the compositor owns like any other text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_editor.render.cells import HALF_BLOCK, cells_for
from tui_editor.render.marks import TagMark
from tui_editor.render.raster import draw
from tui_editor.text import one_line
from tui_editor.ui.widgets.rows import readable

if TYPE_CHECKING:
    from tui_editor.render.palette import RGB
    from tui_editor.ui.picture.compose import Composed
    from tui_editor.ui.picture.layout import Layout

CELL_PX = (2, 4)
"""The canvas of a half-block picture has this many pixels a cell: fine enough for thin lines to be seen."""
_BOARD: RGB = (18, 18, 20)


def half_block_strips(composed: Composed, layout: Layout) -> tuple[Strip, ...]:
    """Return a strip for each row of the canvas; label tags stand in it as text."""
    rows, columns = layout.visible.shape
    canvas, _ = draw(composed.base, composed.marks, composed.viewport, tags=False)
    cells = cells_for(canvas, rows, columns)
    upper, lower = cells.upper.tolist(), cells.lower.tolist()
    lines = [
        [Segment(HALF_BLOCK, _style((*above,), (*below,))) for above, below in zip(up, low, strict=True)]
        for up, low in zip(upper, lower, strict=True)
    ]
    for mark in composed.marks:
        if isinstance(mark, TagMark):
            _write_tag(lines, mark, composed, columns)
    return tuple(Strip(line, columns) for line in lines)


def _write_tag(lines: list[list[Segment]], mark: TagMark, composed: Composed, columns: int) -> None:
    """Write a tag above its box, inside it where there is no room."""
    x, y, width, height = mark.box_px
    (x0, y0), (x1, y1) = composed.viewport.to_screen([(x, y), (x + width, y + height)]).tolist()
    row, column = int(y0 // CELL_PX[1]), int(x0 // CELL_PX[0])
    if x1 < 0 or y1 < 0 or row >= len(lines) or column >= columns:
        return
    row, column = max(0, row - 1), max(0, column)
    style = _style(_readable(mark.style.colour), _BOARD)
    text = "".join(c for c in one_line(mark.text) if Segment(c).cell_length == 1)[: columns - column]
    lines[row][column : column + len(text)] = [Segment(character, style) for character in text]


def _readable(colour: RGB) -> RGB:
    """Return a class colour as it can be read on the tag's dark board."""
    shown = readable("#{:02x}{:02x}{:02x}".format(*colour))
    return int(shown[1:3], 16), int(shown[3:5], 16), int(shown[5:7], 16)


@lru_cache(maxsize=1 << 15)
def _style(above: RGB, below: RGB) -> Style:
    return Style(color=Color.from_rgb(*above), bgcolor=Color.from_rgb(*below))
