"""Pictures as text: strips of half blocks that the compositor owns like any other text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_editor.render.cells import HALF_BLOCK, cells_for
from tui_editor.render.raster import draw
from tui_editor.ui.picture.tag_lines import tag_lines

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
    for tag in tag_lines(composed.marks, composed.viewport, (rows, columns), CELL_PX):
        style = _style(tag.colour, _BOARD)
        lines[tag.row][tag.column : tag.column + len(tag.text)] = [Segment(character, style) for character in tag.text]
    return tuple(Strip(line, columns) for line in lines)


@lru_cache(maxsize=1 << 15)
def _style(above: RGB, below: RGB) -> Style:
    return Style(color=Color.from_rgb(*above), bgcolor=Color.from_rgb(*below))
