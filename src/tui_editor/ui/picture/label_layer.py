"""The labels of a canvas as a layer of the terminal: one picture, and patches over the tiles in which it changed.

An edit sends the few tiles that look different. The first picture is then shown everywhere but on these tiles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from tui_editor.render import kitty
from tui_editor.render.png import encode_overlay_png
from tui_editor.render.rects import Rect
from tui_editor.ui.picture.pieces import Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from tui_editor.render.marks import Mark
    from tui_editor.render.retained import Touched
    from tui_editor.ui.picture.layout import Layout

TILE_CELLS: Final = (16, 8)
"""(columns, rows) of a tile."""

Tile = tuple[int, int]
"""(column, row) in the grid of tiles."""


class LabelLayer(Struct, frozen=True, kw_only=True, eq=False):
    """The labels as the terminal holds them."""

    marks: tuple[Mark, ...]
    base: Piece | None = None
    """The picture below the patches; None when nothing is drawn or patches hold all."""
    patches: Mapping[Tile, Piece | None] = field(default_factory=dict)
    """Tiles that look different from the base; None: empty."""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Return the pictures that show the layer."""
        patches = [piece for piece in self.patches.values() if piece is not None]
        return (self.base, *patches) if self.base is not None else tuple(patches)

    @property
    def images(self) -> frozenset[int]:
        """Return the ids of all its pictures."""
        return frozenset(piece.image for piece in self.pieces)


class Made(NamedTuple):
    """A layer and the bytes that the terminal lacks of it."""

    layer: LabelLayer
    upload: bytes


def new_layer(marks: tuple[Mark, ...], touched: Touched, layout: Layout, *, image: Callable[[], int], z: int) -> Made:
    """Return a layer in one picture, of the cells on which something is drawn."""
    layer = LabelLayer(marks=marks)
    if touched.inked.empty:
        return Made(layer, b"")
    piece, upload = _piece(touched.raster, layout.to_cells(touched.inked), layout, image(), z)
    return Made(replace(layer, base=piece), upload)


def patched(
    before: LabelLayer,
    marks: tuple[Mark, ...],
    touched: Touched,
    layout: Layout,
    *,
    image: Callable[[], int],
    z: int,
) -> Made:
    """Return the layer with the tiles patched that were touched.

    Args:
        before: Of the same canvas.
        marks: What the raster shows.
        touched: The raster, straight RGBA, and where it differs from the layer before.
        layout: The canvas.
        image: Gives a free image id each time.
        z: Of the layer.
    """
    patches, upload = dict(before.patches), []
    for tile, cells in _tiles(touched.rects, layout):
        patches[tile] = None
        if layout.to_px(cells).of(touched.raster)[:, :, 3].any():
            piece, data = _piece(touched.raster, cells, layout, image(), z)
            patches[tile] = piece
            upload.append(data)
    base = _without(before.base, patches)
    return Made(LabelLayer(marks=marks, base=base, patches=patches), b"".join(upload))


def _without(base: Piece | None, patches: Mapping[Tile, Piece | None]) -> Piece | None:
    """Return the base shown outside of the patched tiles; None when nothing of it is left."""
    if base is None:
        return None
    shown = np.ones((base.cells.height, base.cells.width), np.bool_)
    for tile in patches:
        cells = _cells_of(tile)
        y, x = cells.y0 - base.cells.y0, cells.x0 - base.cells.x0
        shown[max(0, y) : max(0, y + cells.height), max(0, x) : max(0, x + cells.width)] = False
    return replace(base, shown=shown) if shown.any() else None


def _tiles(rects: Iterable[Rect], layout: Layout) -> Iterator[tuple[Tile, Rect]]:
    """Yield the tiles that rectangles of canvas pixels touch, each once, and their cells on the canvas."""
    rows, columns = layout.visible.shape
    found = {}
    for rect in rects:
        cells = layout.to_cells(rect)
        for row in range(cells.y0 // TILE_CELLS[1], -(-cells.y1 // TILE_CELLS[1])):
            for column in range(cells.x0 // TILE_CELLS[0], -(-cells.x1 // TILE_CELLS[0])):
                found[column, row] = _cells_of((column, row)).clipped(columns, rows)
    yield from found.items()


def _cells_of(tile: Tile) -> Rect:
    (column, row), (width, height) = tile, TILE_CELLS
    return Rect(column * width, row * height, (column + 1) * width, (row + 1) * height)


def _piece(raster: NDArray[np.uint8], cells: Rect, layout: Layout, image: int, z: int) -> tuple[Piece, bytes]:
    pixels = layout.to_px(cells).of(raster)
    piece = Piece(image=image, cells=cells, size_px=(pixels.shape[1], pixels.shape[0]), z=z)
    return piece, kitty.transmit_png(image, encode_overlay_png(pixels))
