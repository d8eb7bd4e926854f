"""Pictures as layers of the terminal: the frame below, the labels above, both under the text (kitty protocol).

What was sent is kept for as long as it may be wanted again: the frame before, the neighbours that were prepared.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from tui_editor.render import kitty
from tui_editor.render.marks import look_alike
from tui_editor.render.retained import RetainedRaster
from tui_editor.ui.picture.kitty_frames import HeldFrame, KittyFrames
from tui_editor.ui.picture.label_layer import LabelLayer, Made, new_layer, patched
from tui_editor.ui.picture.quality import Quality
from tui_editor.ui.picture.tag_lines import TagLine, tag_lines

if TYPE_CHECKING:
    from tui_editor.ui.picture.composed import Composed, PictureKey
    from tui_editor.ui.picture.layout import Layout
    from tui_editor.ui.picture.pieces import Piece
    from tui_editor.ui.terminal.shared_memory import SharedPictures

HELD_BYTES: Final = 160 << 20
"""Room for pictures in the terminal, as RGBA; kitty drops the oldest beyond 320 MB."""
HELD_PICTURES: Final = 40


class KittyPicture(Struct, frozen=True, kw_only=True, eq=False):
    """What one update puts into the terminal, and what it is made of."""

    key: PictureKey
    quality: Quality
    frame: HeldFrame
    labels: LabelLayer
    tags: tuple[TagLine, ...] = ()
    """Tags that the widget writes as text."""
    upload: bytes = b""
    """Pixels that the terminal does not have yet; nothing of them is seen before they are placed."""
    dropped: frozenset[int] = frozenset()
    """Images that nobody needs when this picture is shown."""
    frame_bytes: int = 0
    """Size of the frame's own pixels in `upload`."""
    epoch: int = 0
    """Which life of the terminal it was made for."""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Return the pictures from below to above."""
        return (*self.frame.pieces, *self.labels.pieces)


class KittyEncoder:
    """Makes pictures of canvases, and knows what the terminal holds. Used on one thread, but for `forget`.

    Args:
        session: 1..4095, different in each program of one terminal.
        view: 0..15, the canvas.
        below_text: Lay the pictures under the text, and leave tags to it. False for terminals that draw that wrong.
        shared: Takes pixels to a terminal on this machine; None where that can't be.
    """

    def __init__(
        self, session: int, view: int, *, below_text: bool = True, shared: SharedPictures | None = None
    ) -> None:
        layers = (kitty.FRAME_Z, kitty.DELTA_Z, kitty.LABEL_Z) if below_text else (1, 2, 3)
        self._frame_z, self._delta_z, self._label_z = layers
        self._below_text, self._shared = below_text, shared
        self._ids = range(kitty.image_id(session, view, 0), kitty.image_id(session, view, 255) + 1)
        self._frames: OrderedDict[PictureKey, HeldFrame] = OrderedDict()
        self._labels: dict[PictureKey, LabelLayer] = {}
        self._taken: set[int] = set()
        self._sent: set[int] = set()
        self._small: set[int] = set()
        """Ids whose pixels may stay in the terminal until the id is used again."""
        self._leaving: frozenset[int] = frozenset()
        self._maker = KittyFrames(self._free_id, (self._frame_z, self._delta_z), shared)
        self._raster, self._ahead = (RetainedRaster(tags=not below_text) for _ in range(2))
        self._drawn: PictureKey | None = None
        """The canvas whose labels `_raster` shows."""
        self._epoch = self.epoch = 0

    @property
    def images(self) -> tuple[int, ...]:
        """Return every id that the terminal may hold."""
        return tuple(sorted(self._sent))

    def forget(self) -> None:
        """Take in, on the event loop, that the terminal holds nothing of ours any more."""
        self.epoch += 1

    def adopt(self, picture: KittyPicture) -> None:
        """Take in that the terminal holds a picture which an encoder like this one made elsewhere."""
        images = {piece.image for piece in picture.pieces}
        self._taken |= images
        self._sent |= images
        self._hold(picture.key, picture.frame, picture.labels)

    def close(self) -> None:
        """Remove what the terminal did not take from shared memory."""
        if self._shared is not None:
            self._shared.close()

    def holds(self, key: PictureKey, quality: Quality) -> bool:
        """Return whether the terminal has a frame at least so true."""
        held = self._frames.get(key)
        return held is not None and held.quality >= quality

    def has(self, composed: Composed, quality: Quality) -> bool:
        """Return whether the terminal has a canvas: its frame at least so true, and its labels."""
        current = self._epoch == self.epoch
        return current and self.holds(composed.key, quality) and self._held_layer(composed) is not None

    def encode(
        self, composed: Composed, shown: KittyPicture | None, layout: Layout, quality: Quality = Quality.FULL
    ) -> KittyPicture:
        """Return the picture of a canvas, with the pixels that the terminal lacks.

        Args:
            composed: The canvas.
            shown: What is shown now.
            layout: Where the canvas lies.
            quality: How true a frame must be that has to be sent.
        """
        self._begin()
        frame, frame_upload = self._frame(composed, layout, quality)
        labels = self._layer(composed, shown, layout)
        self._hold(composed.key, frame, labels.layer)
        self._leaving = frozenset(self._taken - self._needed())
        return KittyPicture(
            key=composed.key,
            quality=frame.quality,
            frame=frame,
            labels=labels.layer,
            tags=self._tag_lines(composed, layout),
            upload=frame_upload + labels.upload,
            dropped=self._leaving - self._small,
            frame_bytes=len(frame_upload),
            epoch=self._epoch,
        )

    def prepare(self, composed: Composed, shown: KittyPicture, layout: Layout, quality: Quality) -> bytes:
        """Return what uploads a canvas that may be wanted next; empty when the terminal holds it already."""
        self._begin()
        frame, upload = self._frame(composed, layout, quality)
        labels = self._held_layer(composed)
        if labels is None:
            touched = self._ahead.update(composed.marks, composed.viewport, None)
            made = new_layer(composed.marks, touched, layout, image=self._free_id, z=self._label_z)
            labels, upload = made.layer, upload + made.upload
        self._hold(composed.key, frame, labels, shown.key)
        on_screen = {piece.image for piece in shown.pieces}
        self._leaving = frozenset(self._taken - self._needed() - on_screen)
        return upload + b"".join(map(kitty.replace_by_nothing, sorted(self._leaving - self._small)))

    # --- frames ----------------------------------------------------------------------------------

    def _frame(self, composed: Composed, layout: Layout, quality: Quality) -> tuple[HeldFrame, bytes]:
        held = self._frames.get(composed.key)
        if held is not None and held.quality >= quality:
            return held, b""
        return self._maker.upload(composed, layout, quality, self._needed().__contains__)

    # --- labels ----------------------------------------------------------------------------------

    def _layer(self, composed: Composed, shown: KittyPicture | None, layout: Layout) -> Made:
        held = self._held_layer(composed)
        if held is not None:
            return Made(held, b"")
        before = self._labels.get(composed.key)
        marks, viewport = composed.marks, composed.viewport
        if before is None or shown is None or shown.key != composed.key:
            touched = self._raster.update(marks, viewport, None)
            self._drawn = composed.key
            return new_layer(marks, touched, layout, image=self._free_id, z=self._label_z)
        if self._drawn != composed.key:  # it was prepared, or shown some time ago
            self._raster.update(before.marks, viewport, None)
            self._drawn = composed.key
        touched = self._raster.update(marks, viewport, None)
        return patched(before, marks, touched, layout, image=self._small_id, z=self._label_z)

    def _held_layer(self, composed: Composed) -> LabelLayer | None:
        held = self._labels.get(composed.key)
        return held if held is not None and look_alike(held.marks, composed.marks) else None

    def _tag_lines(self, composed: Composed, layout: Layout) -> tuple[TagLine, ...]:
        if not self._below_text:
            return ()
        rows, columns = layout.visible.shape
        return tuple(tag_lines(composed.marks, composed.viewport, (rows, columns), layout.cell_px))

    # --- room ------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Free the ids whose deletion was sent by now, or all when the terminal was lost."""
        if self._epoch != self.epoch:
            self._epoch = self.epoch
            self._frames.clear()
            self._labels.clear()
            self._taken.clear()
            self._sent.clear()
            self._maker.forget()
            self._drawn = None
            self._leaving = frozenset()
        self._taken -= self._leaving

    def _free_id(self) -> int:
        image = next(image for image in self._ids if image not in self._taken)
        self._taken.add(image)
        self._sent.add(image)
        self._small.discard(image)
        return image

    def _small_id(self) -> int:
        image = self._free_id()
        self._small.add(image)
        return image

    def _needed(self) -> frozenset[int]:
        """Return the images of all that is held."""
        frames = {piece.image for held in self._frames.values() for piece in held.pieces}
        return frozenset(frames.union(*(layer.images for layer in self._labels.values())))

    def _hold(self, key: PictureKey, frame: HeldFrame, labels: LabelLayer, *kept: PictureKey) -> None:
        """Keep a picture as the newest, and let those go that were not wanted for longest."""
        self._frames[key], self._labels[key] = frame, labels
        self._frames.move_to_end(key)
        room = HELD_BYTES - sum(held.memory for held in self._frames.values())
        for other in [other for other in self._frames if other != key and other not in kept]:
            if room >= 0 and len(self._frames) <= HELD_PICTURES:
                break
            room += self._frames.pop(other).memory
            del self._labels[other]
