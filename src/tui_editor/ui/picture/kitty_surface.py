"""Layers of the terminal as a surface."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_editor.render.kitty import delete_images
from tui_editor.ui.picture.kitty_layers import KittyEncoder, KittyPicture
from tui_editor.ui.picture.pieces import Placements, arrange, move_between
from tui_editor.ui.picture.quality import Quality
from tui_editor.ui.picture.surface import NOTHING, Shown, Update
from tui_editor.ui.picture.tag_lines import BOARD

if TYPE_CHECKING:
    from tui_editor.render.viewport import Viewport
    from tui_editor.ui.picture.composed import Composed
    from tui_editor.ui.picture.layout import Layout, Mask
    from tui_editor.ui.picture.tag_lines import TagLine


class KittySurface:
    """Layers under the text; only their places change with the screen.

    Args:
        encoder: Makes the pictures.
        covered_by_cells: A cell with a background of its own hides what is below it: dialogs need no bytes.
    """

    past_compositor = layered = True
    ahead_frames = 4

    def __init__(self, encoder: KittyEncoder, *, covered_by_cells: bool = True) -> None:
        self._encoder = encoder
        self._covered_by_cells = covered_by_cells
        self._picture: KittyPicture | None = None
        self._placements = Placements()
        self._placed_on: Layout | None = None
        """The layout that the picture was placed for, at its own viewport."""
        self.strips: tuple[Strip, ...] = ()

    @property
    def farewell(self) -> bytes:
        """Return the deletion of all images that are ours."""
        self._encoder.close()
        return delete_images(self._encoder.images)

    @property
    def quality(self) -> Quality:
        """Return how true the picture is that is shown."""
        return self._picture.quality if self._picture is not None else Quality.FULL

    def encode(self, composed: Composed | None, layout: Layout, quality: Quality) -> Update:
        """Return the picture with the pixels that the terminal lacks."""
        assert composed is not None, "layers are never lost piece by piece"
        picture = self._encoder.encode(composed, self._picture, layout, quality)
        return Update(layout=layout, picture=picture, frame_bytes=picture.frame_bytes)

    def is_ready(self, composed: Composed, layout: Layout, quality: Quality) -> bool:  # noqa: ARG002  tags are text
        """Return whether the terminal has frame and labels."""
        return self._picture is not None and self._encoder.has(composed, quality)

    def prepare(self, composed: Composed, layout: Layout, quality: Quality) -> bytes:
        """Return the upload of a picture that may be wanted next."""
        return b"" if self._picture is None else self._encoder.prepare(composed, self._picture, layout, quality)

    def show(self, update: Update, layout: Layout) -> Shown:
        """Return pixels, their placements, and what takes the picture before away."""
        assert isinstance(update.picture, KittyPicture)
        if update.picture.epoch != self._encoder.epoch:
            return NOTHING  # made for a terminal that was left meanwhile
        self._picture = update.picture
        self.strips = _strips(update.picture.tags, layout)
        return Shown(update.picture.upload, self._place(layout, update.picture.dropped))

    def adopt(self, update: Update, composed: Composed | None) -> None:  # noqa: ARG002  the picture tells all
        """Take in which images the terminal holds."""
        assert isinstance(update.picture, KittyPicture)
        self._encoder.adopt(update.picture)

    def follow(self, viewport: Viewport, layout: Layout) -> bytes | None:
        """Return what moves the picture to another viewport, without pixels; None when it can't be."""
        if self._picture is None:
            return None
        move = move_between(self._picture.key.viewport, viewport)
        if move is None:
            return None
        self.strips = _strips((), layout)
        self._placed_on = self._free(layout)
        return self._placements.show(arrange(self._picture.pieces, self._placed_on, move))

    def overwritten(self, cells: Mask, layout: Layout) -> bytes:  # noqa: ARG002  text does not harm layers
        """Return the placements that changed with the layout."""
        if self._picture is None or (self._placed_on is not None and self._placed_on.same(self._free(layout))):
            return b""
        return self._place(layout)

    def gone(self, layout: Layout) -> bool:  # noqa: ARG002  a placement once made stays
        """Return False: a layer stays."""
        return False

    def hide(self) -> bytes:
        """Return the deletion of the layers."""
        self.strips = ()
        self._picture = self._placed_on = None
        return self._placements.show({})

    def forget(self) -> None:
        """Drop everything."""
        self._picture = self._placed_on = None
        self._encoder.forget()
        self._placements.forget()

    def _place(self, layout: Layout, dropped: frozenset[int] = frozenset()) -> bytes:
        assert self._picture is not None
        self._placed_on = self._free(layout)
        return self._placements.show(arrange(self._picture.pieces, self._placed_on), dropped)

    def _free(self, layout: Layout) -> Layout:
        return layout.uncovered if self._covered_by_cells else layout


def _strips(tags: tuple[TagLine, ...], layout: Layout) -> tuple[Strip, ...]:
    """Return rows that let the picture be seen, with the tags on them."""
    rows, columns = layout.visible.shape
    lines: dict[int, list[TagLine]] = {}
    for tag in tags:
        lines.setdefault(tag.row, []).append(tag)
    return tuple(_row(columns, tuple(lines.get(row, ()))) for row in range(rows))


@lru_cache(maxsize=512)
def _row(columns: int, tags: tuple[TagLine, ...]) -> Strip:
    """Return a row with tags on it, the later ones over the earlier."""
    # Without a style a cell has no background, and a layer below it is seen.
    cells = [Segment(" ")] * columns
    for tag in tags:
        style = Style.parse("#{:02x}{:02x}{:02x} on ".format(*tag.colour) + BOARD)
        cells[tag.column : tag.column + len(tag.text)] = [Segment(character, style) for character in tag.text]
    return Strip(cells, columns).simplify()
