"""Pictures that the terminal holds, and where they are shown: a matter of placements, a few bytes each.

A placement shows a part of a picture on whole cells. So dialogs, other screens, panning and zooming cost no pixels.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import Struct

from tui_editor.render import kitty
from tui_editor.render.rects import EMPTY, Rect
from tui_editor.ui.picture.layout import Layout, rectangles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tui_editor.render.viewport import Viewport
    from tui_editor.ui.picture.layout import Mask


class Piece(Struct, frozen=True, kw_only=True, eq=False):
    """A picture that the terminal holds."""

    image: int
    """Id in the protocol."""
    cells: Rect
    """The cells of the canvas that it covers at the viewport that it was made for."""
    size_px: tuple[int, int]
    """(width, height) of its pixels; fewer than its cells have where the terminal scales it up."""
    z: int
    shown: Mask | None = None
    """(rows, columns) of `cells`: which of them it is shown on; None: all."""

    @property
    def memory(self) -> int:
        """Return the bytes that a terminal needs for its pixels."""
        return 4 * self.size_px[0] * self.size_px[1]


class Place(NamedTuple):
    """Where a part of a picture is shown."""

    row: int
    column: int
    rows: int
    columns: int
    source: Rect
    """In the picture's own pixels."""
    z: int


class Placements:
    """Where pieces are shown now; makes the bytes that put them elsewhere."""

    def __init__(self) -> None:
        self._placed: dict[tuple[int, int], Place] = {}

    def show(self, wanted: Mapping[tuple[int, int], Place], drop: Iterable[int] = ()) -> bytes:
        """Return what shows exactly the wanted places, by (image, number), and empties images that are not needed."""
        dropped = sorted(set(drop))
        commands = [_put(key, place) for key, place in wanted.items() if self._placed.get(key) != place]
        # After the new ones: what is below must not be seen in between.
        gone = [key for key in self._placed if key not in wanted and key[0] not in dropped]
        commands += [kitty.delete_placement(*key) for key in gone]
        commands += [kitty.replace_by_nothing(image) for image in dropped]
        self._placed = dict(wanted)
        return b"\x1b7" + b"".join(commands) + b"\x1b8" if commands else b""

    def forget(self) -> None:
        """Forget everything: the terminal has nothing of it."""
        self._placed.clear()


class Move(NamedTuple):
    """How canvas pixels of one viewport lie on the canvas of another: new = old · scale + offset."""

    scale: float
    offset: tuple[float, float]

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the old canvas lies on the new one."""
        return x * self.scale + self.offset[0], y * self.scale + self.offset[1]

    def undo(self, x: float, y: float) -> tuple[float, float]:
        """Return the point of the old canvas that lies here on the new one."""
        return (x - self.offset[0]) / self.scale, (y - self.offset[1]) / self.scale


STAY = Move(1.0, (0.0, 0.0))


def move_between(old: Viewport, new: Viewport) -> Move | None:
    """Return how a canvas moves from one viewport to another; None where it is not only moved and scaled."""
    if old == new:
        return STAY
    if old.pixel_aspect != new.pixel_aspect or old.canvas_size != new.canvas_size:
        return None
    (x0, y0), (x1, y1) = new.to_screen(old.to_image([(0.0, 0.0), old.canvas_size])).tolist()
    scale = new.scale / old.scale
    width, height = old.canvas_size
    if max(abs(x1 - x0 - scale * width), abs(y1 - y0 - scale * height)) > 0.5:
        return None  # one of them is turned
    return Move(scale, (x0, y0))


def arrange(pieces: Iterable[Piece], layout: Layout, move: Move = STAY) -> dict[tuple[int, int], Place]:
    """Return where pieces are shown on the cells of a canvas that nothing covers, after a move of the viewport."""
    wanted = {}
    stays = move is STAY and bool(layout.visible.all())
    canvas = layout.row, layout.column, layout.visible.shape, layout.cell_px
    for piece in pieces:
        places = _on_free_canvas(piece, *canvas) if stays else _places(piece, layout, move)
        for number, place in enumerate(places, start=1):
            wanted[piece.image, number] = place
    return wanted


@lru_cache(maxsize=1024)
def _on_free_canvas(
    piece: Piece, row: int, column: int, shape: tuple[int, int], cell_px: tuple[int, int]
) -> tuple[Place, ...]:
    """Return where a piece is shown on a canvas that nothing covers, at the viewport that it was made for."""
    layout = Layout(column=column, row=row, visible=np.ones(shape, np.bool_), cell_px=cell_px)
    return tuple(_places(piece, layout, STAY))


def _places(piece: Piece, layout: Layout, move: Move) -> Iterator[Place]:
    rows, columns = layout.visible.shape
    within = _moved(piece.cells, layout, move, inwards=True).clipped(columns, rows)
    if within.empty:
        return
    for part in _parts(piece):
        there = _common(within, _moved(part, layout, move, inwards=False))
        if there.empty:
            continue
        for free in rectangles(layout.visible[there.y0 : there.y1, there.x0 : there.x1]):
            target = Rect(free.x0 + there.x0, free.y0 + there.y0, free.x1 + there.x0, free.y1 + there.y0)
            yield Place(
                row=layout.row + target.y0,
                column=layout.column + target.x0,
                rows=target.height,
                columns=target.width,
                source=_source(piece, target, layout, move),
                z=piece.z,
            )


@lru_cache(maxsize=4096)
def _parts(piece: Piece) -> tuple[Rect, ...]:
    """Return the cells of the canvas that a piece is meant to cover."""
    if piece.shown is None:
        return (piece.cells,)
    x, y = piece.cells.x0, piece.cells.y0
    return tuple(Rect(part.x0 + x, part.y0 + y, part.x1 + x, part.y1 + y) for part in rectangles(piece.shown))


def _moved(cells: Rect, layout: Layout, move: Move, *, inwards: bool) -> Rect:
    """Return the whole cells on which cells lie after a move; parts that met before still do unless `inwards`."""
    if move is STAY:
        return cells
    width, height = layout.cell_px
    x0, y0 = move.apply(cells.x0 * width, cells.y0 * height)
    x1, y1 = move.apply(cells.x1 * width, cells.y1 * height)
    low, high = (ceil, floor) if inwards else (round, round)
    return Rect(low(x0 / width), low(y0 / height), high(x1 / width), high(y1 / height))


def _source(piece: Piece, target: Rect, layout: Layout, move: Move) -> Rect:
    """Return the pixels of a piece that belong on cells of the canvas."""
    width, height = layout.cell_px
    corners = [move.undo(x * width, y * height) for x, y in ((target.x0, target.y0), (target.x1, target.y1))]
    left, top = piece.cells.x0 * width, piece.cells.y0 * height
    across = piece.size_px[0] / (piece.cells.width * width)
    down = piece.size_px[1] / (piece.cells.height * height)
    (x0, y0), (x1, y1) = [(round((x - left) * across), round((y - top) * down)) for x, y in corners]
    x0, y0 = min(max(0, x0), piece.size_px[0] - 1), min(max(0, y0), piece.size_px[1] - 1)
    return Rect(x0, y0, max(x0 + 1, min(x1, piece.size_px[0])), max(y0 + 1, min(y1, piece.size_px[1])))


def _put(key: tuple[int, int], place: Place) -> bytes:
    image, number = key
    # Told in cells: the terminal then never scales by a pixel where its cells are not what it told.
    placement = kitty.Placement(
        placement_id=number, z=place.z, source=place.source, columns=place.columns, rows=place.rows
    )
    return kitty.move(image, place.row, place.column, placement)


def _common(one: Rect, other: Rect) -> Rect:
    part = Rect(max(one.x0, other.x0), max(one.y0, other.y0), min(one.x1, other.x1), min(one.y1, other.y1))
    return EMPTY if part.empty else part


def whole(rect: Rect) -> Mask:
    """Return a mask of a rectangle of cells with all of them set."""
    return np.ones((rect.height, rect.width), np.bool_)
