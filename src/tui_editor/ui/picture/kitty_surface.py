"""Layers of the terminal as a surface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.render.kitty import delete_images
from tui_editor.ui.picture.kitty_layers import KittyEncoder, KittyPicture, Placements
from tui_editor.ui.picture.surface import Shown, Update

if TYPE_CHECKING:
    from textual.strip import Strip

    from tui_editor.ui.picture.compose import Composed
    from tui_editor.ui.picture.layout import Layout, Mask


class KittySurface:
    """Layers under the text; only their places change with the screen."""

    past_compositor = True
    strips: tuple[Strip, ...] = ()

    def __init__(self, encoder: KittyEncoder) -> None:
        self._encoder = encoder
        self._picture: KittyPicture | None = None
        self._placements = Placements()

    @property
    def farewell(self) -> bytes:
        """Return the deletion of all images that may be ours."""
        return delete_images(self._encoder.images)

    def encode(self, composed: Composed | None, layout: Layout) -> Update:
        """Return the picture with the pixels that the terminal lacks."""
        assert composed is not None, "layers are never lost piece by piece"
        return Update(layout=layout, picture=self._encoder.encode(composed, self._picture, layout))

    def show(self, update: Update, layout: Layout) -> Shown:
        """Return pixels, their placements, and what takes the picture before away."""
        assert isinstance(update.picture, KittyPicture)
        self._picture = update.picture
        return Shown(update.picture.upload, self._placements.move(self._picture, layout))

    def overwritten(self, cells: Mask, layout: Layout) -> bytes:  # noqa: ARG002  text does not harm layers
        """Return the placements that changed with the layout."""
        return self._placements.move(self._picture, layout) if self._picture is not None else b""

    def gone(self, layout: Layout) -> bool:  # noqa: ARG002  a placement once made stays
        """Return False: a layer stays."""
        return False

    def hide(self) -> bytes:
        """Return the deletion of the layers."""
        self._picture = None
        return self._placements.move(None, None)

    def forget(self) -> None:
        """Drop everything."""
        self._picture = None
        self._placements.forget()
