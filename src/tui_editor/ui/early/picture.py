"""The first picture while it is made: the frame as soon as it is known, the labels when they are.

Imports only what drawing needs: nothing of the document, nothing of the interface.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tui_editor.model.frames import Frame, FrameRef, Unit
    from tui_editor.render.marks import Mark
    from tui_editor.render.palette import RGB
    from tui_editor.state.view import View
    from tui_editor.ui.picture.composed import Composed
    from tui_editor.ui.picture.kitty_layers import KittyPicture
    from tui_editor.ui.picture.layout import Layout
    from tui_editor.ui.picture.surface import Update
    from tui_editor.ui.terminal.facts import Graphics, Terminal

_NEEDED: Final = (
    "tui_editor.ui.picture.codecs",
    "tui_editor.ui.picture.composed",
    "cv2",
    "isal.isal_zlib",
    "tui_editor.media.open",
    "tui_editor.media.cache",
    "tui_editor.media.roots",
)
"""What every picture is made with."""
_STILLS: Final = ("tui_editor.media.sequence", "PIL.PngImagePlugin", "simplejpeg")
_VIDEO: Final = ("av", "tui_editor.media.video_glance")
_LATER: Final = ("tui_editor.ui.picture.owned_surface", "PIL.ImageFont")
"""What some terminals need, and letters."""


class FrameOrder(Struct, frozen=True, kw_only=True, eq=False):
    """Which frame is to be drawn, where, and for which terminal."""

    ref: FrameRef
    """The frame's name."""
    unit: Unit
    """With the file that holds it, and little else."""
    roots: Mapping[str, Path]
    index: int
    """The frame's index in `unit`."""
    fit: tuple[int, int] | None
    """(width, height) at which the whole frame is shown; None: its own size is needed."""
    view: View
    layout: Layout
    """Where the canvas will lie."""
    graphics: Graphics
    terminal: Terminal
    pid: int
    """The editor's process, whose picture it is."""
    canvas: int = 0
    """Number of the canvas: names its pictures."""


class LabelOrder(Struct, frozen=True, kw_only=True, eq=False):
    """What is to be drawn over it."""

    marks: tuple[Mark, ...]
    colours: tuple[RGB, ...]


class EarlyPicture(Struct, frozen=True, kw_only=True, eq=False):
    """A first picture, with what the editor needs to go on from it."""

    composed: Composed
    update: Update
    """As the canvas's surface makes it, for the layout in it."""
    drawn: bool = False
    """Whether the terminal shows it."""


def get_ready(ordered: Callable[[], bool], *, video: bool | None = None) -> None:
    """Load what most pictures need, a tenth of a second, until there is an order that tells what this one needs.

    Args:
        ordered: Whether there is one.
        video: Whether it is a frame of a video; None while nobody knows: what all pictures need.
    """
    wanted = _NEEDED if video is None else (*(_VIDEO if video else _STILLS), *_LATER)
    for name in wanted:
        if ordered():
            return
        import_module(name)


class FirstPicture:
    """A picture of which the frame is there and the labels are not.

    Args:
        order: What is to be drawn.
        frame: As it was decoded; None: it is read.

    Raises:
        MediaError: the frame can't be read.
    """

    def __init__(self, order: FrameOrder, frame: Frame | None = None) -> None:
        from tui_editor.ui.picture.composed import Bases, Composed, key_of

        self._order, self._bases = order, Bases()
        frame = frame or _read(order)
        key = key_of(order.ref, order.view, frame, order.layout.canvas_px)
        self._composed = Composed(key, (), frame, (), self._bases)
        self._frame: KittyPicture | None = None

    def ahead(self) -> bytes:
        """Return what can be sent before the labels are known; nothing of it is seen."""
        from tui_editor.ui.picture.codecs import kitty_encoder

        if not self._order.graphics.layered:
            return b""
        self._encoder = kitty_encoder(self._order.graphics, self._order.terminal, self._order.canvas, self._order.pid)
        self._frame = self._encoder.encode(self._composed, None, self._order.layout)
        return self._frame.upload

    def finish(self, labels: LabelOrder) -> tuple[EarlyPicture, bytes]:
        """Return the picture with its labels, and what shows it after what was sent ahead."""
        from tui_editor.ui.picture.composed import Composed

        composed = Composed(self._composed.key, labels.marks, self._composed.frame, labels.colours, self._bases)
        update, data = self._in_cells(composed) if self._frame is None else self._in_layers(composed, self._frame)
        return EarlyPicture(composed=composed, update=update), data

    def _in_layers(self, composed: Composed, frame: KittyPicture) -> tuple[Update, bytes]:
        from tui_editor.ui.picture.pieces import Placements, arrange
        from tui_editor.ui.picture.surface import Update
        from tui_editor.ui.picture.tag_lines import as_text

        layout = self._order.layout
        picture = self._encoder.encode(composed, None, layout)
        places = Placements().show(arrange(picture.pieces, layout))
        whole = replace(picture, upload=frame.upload + picture.upload, frame_bytes=frame.frame_bytes)
        update = Update(layout=layout, picture=whole, frame_bytes=frame.frame_bytes)
        return update, picture.upload + places + as_text(picture.tags, layout)

    def _in_cells(self, composed: Composed) -> tuple[Update, bytes]:
        from tui_editor.ui.picture.codecs import sixel_encoder
        from tui_editor.ui.picture.owned_surface import OwnedSurface
        from tui_editor.ui.picture.quality import Quality

        surface = OwnedSurface(sixel_encoder(self._order.terminal))
        update = surface.encode(composed, self._order.layout, Quality.FULL)
        return update, surface.show(update, self._order.layout).data


def _read(order: FrameOrder) -> Frame:
    from tui_editor.media.cache import bucket
    from tui_editor.media.open import read_once
    from tui_editor.media.roots import paths_of

    return read_once(order.unit.kind, paths_of(order.unit, order.roots), order.index, bucket(order.fit))
