"""Pictures as layers of the terminal: the frame below, the labels above, both under the text (kitty protocol).

The pixels are uploaded once; where they show is only a matter of placements, a few bytes for each free rectangle of the
canvas. So dialogs, toasts and other screens cost no pixels, also in terminals where a cell does not hide what is below.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui_editor.render import kitty
from tui_editor.render.png import encode_png
from tui_editor.render.raster import draw_overlay
from tui_editor.render.rects import EMPTY, Rect
from tui_editor.ui.picture.layout import rectangles

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tui_editor.render.marks import Mark
    from tui_editor.render.viewport import Viewport
    from tui_editor.ui.picture.compose import Composed
    from tui_editor.ui.picture.layout import Layout


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """A picture that the terminal holds."""

    image: int
    """Id in the protocol."""
    cells: Rect
    """The cells of the canvas that it covers, pixel for pixel."""
    z: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KittyPicture:
    """What one update puts into the terminal, and what it is made of."""

    frame: Layer
    labels: Layer | None
    base: NDArray[np.uint8]
    marks: tuple[Mark, ...]
    viewport: Viewport
    upload: bytes = b""
    """Pixels that the terminal does not have yet; nothing of them is seen before they are placed."""

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Return the pictures from below to above."""
        return (self.frame,) if self.labels is None else (self.frame, self.labels)


class KittyEncoder:
    """Makes pictures of canvases. Has no state but the ids that are its own.

    Args:
        session: 1..4095, different in each program of one terminal.
        view: 0..15, the canvas.
        below_text: Lay the pictures under the text. False for terminals that draw that wrong; the free rectangles keep
            dialogs free in any case.
    """

    def __init__(self, session: int, view: int, *, below_text: bool = True) -> None:
        self._frame_z, self._label_z = (kitty.FRAME_Z, kitty.LABEL_Z) if below_text else (1, 2)
        self._ids = tuple(kitty.image_id(session, view, slot) for slot in range(4))

    @property
    def images(self) -> tuple[int, ...]:
        """Return every id that may be used."""
        return self._ids

    def encode(self, composed: Composed, shown: KittyPicture | None, layout: Layout) -> KittyPicture:
        """Return the picture of a canvas; layers that `shown` has already are not sent again."""
        upload = b""
        frame = shown.frame if shown is not None and shown.base is composed.base else None
        if frame is None:
            image = self._other(shown.frame.image if shown else 0, self._ids[:2])
            height, width = composed.base.shape[:2]
            frame = Layer(image=image, cells=layout.to_cells(Rect(0, 0, width, height)), z=self._frame_z)
            upload += kitty.transmit_png(image, encode_png(composed.base))
        labels = shown.labels if shown is not None and _same_marks(shown, composed) else None
        if labels is None or shown is None or not _same_marks(shown, composed):
            overlay, touched = draw_overlay(composed.marks, composed.viewport)
            labels = None
            if not touched.empty:
                image = self._other(shown.labels.image if shown and shown.labels else 0, self._ids[2:])
                cells = layout.to_cells(touched)
                labels = Layer(image=image, cells=cells, z=self._label_z)
                upload += kitty.transmit_png(image, encode_png(layout.to_px(cells).of(overlay)))
        return KittyPicture(
            frame=frame,
            labels=labels,
            base=composed.base,
            marks=composed.marks,
            viewport=composed.viewport,
            upload=upload,
        )

    def _other(self, used: int, of: tuple[int, ...]) -> int:
        """Return an id that is free: replacing the pixels of one that is shown would make it vanish for a moment."""
        return of[1] if used == of[0] else of[0]


class Placements:
    """Where the layers are shown now; makes the bytes that put them elsewhere."""

    def __init__(self) -> None:
        self._placed: dict[tuple[int, int], tuple[int, int, Rect]] = {}

    def move(self, picture: KittyPicture | None, layout: Layout | None) -> bytes:
        """Return what shows a picture on the free cells of a layout and nothing of what was shown before."""
        wanted = self._wanted(picture, layout) if picture is not None and layout is not None else {}
        kept = {layer.image for layer in picture.layers} if picture is not None else set()
        gone = {key for key, place in self._placed.items() if key not in wanted or wanted[key][0] != place}
        # Deleted before they are made anew, as terminals disagree on which parts of a placement may change.
        commands = [kitty.delete_placement(image, number) for image, number in sorted(gone) if image in kept]
        commands += [
            _place(key, place, z=z, cell_px=layout.cell_px)
            for key, (place, z) in wanted.items()
            if self._placed.get(key) != place and layout is not None
        ]
        commands += [kitty.delete_image(image) for image in sorted({image for image, _ in gone} - kept)]
        self._placed = {key: place for key, (place, _) in wanted.items()}
        return b"\x1b7" + b"".join(commands) + b"\x1b8" if commands else b""

    def forget(self) -> None:
        """Forget everything: the terminal has nothing of it."""
        self._placed.clear()

    def _wanted(
        self, picture: KittyPicture, layout: Layout
    ) -> dict[tuple[int, int], tuple[tuple[int, int, Rect], int]]:
        wanted = {}
        for layer in picture.layers:
            number = 0
            for free in rectangles(layout.visible):
                part = _common(free, layer.cells)
                if part.empty:
                    continue
                number += 1
                inside = Rect(
                    part.x0 - layer.cells.x0,
                    part.y0 - layer.cells.y0,
                    part.x1 - layer.cells.x0,
                    part.y1 - layer.cells.y0,
                )
                place = (layout.row + part.y0, layout.column + part.x0, layout.to_px(inside))
                wanted[layer.image, number] = (place, layer.z)
        return wanted


def _place(key: tuple[int, int], place: tuple[int, int, Rect], *, z: int, cell_px: tuple[int, int]) -> bytes:
    image, number = key
    row, column, source = place
    placement = kitty.Placement(placement_id=number, z=z, source=source)
    # Told in cells too: the terminal then never scales by a pixel where its cells are not what it told.
    placement = replace(placement, columns=source.width // cell_px[0], rows=source.height // cell_px[1])
    return kitty.move(image, row, column, placement)


def _common(one: Rect, other: Rect) -> Rect:
    part = Rect(max(one.x0, other.x0), max(one.y0, other.y0), min(one.x1, other.x1), min(one.y1, other.y1))
    return EMPTY if part.empty else part


def _same_marks(shown: KittyPicture, composed: Composed) -> bool:
    return shown.viewport == composed.viewport and shown.marks == composed.marks
