"""Pictures behind a multiplexer as a surface: text that the compositor owns, and pixels that are uploaded to it.

Frame and labels are one picture there, as two can't share a cell. Dialogs over it are no concern of ours: they are text
over text.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from rich.color import Color
from rich.segment import Segment
from rich.style import Style

from tui_editor.render import placeholders
from tui_editor.render.coarse import encode_coarse_png
from tui_editor.render.palette import build_palette
from tui_editor.render.png import encode_png
from tui_editor.render.raster import draw
from tui_editor.render.rects import Rect
from tui_editor.ui.picture.layout import tiles
from tui_editor.ui.picture.quality import Quality
from tui_editor.ui.picture.surface import Shown, Update
from tui_editor.ui.terminal.lazy_strip import LazyStrip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from textual.strip import Strip

    from tui_editor.render.cells import ColourDepth
    from tui_editor.render.viewport import Viewport
    from tui_editor.ui.picture.composed import Composed
    from tui_editor.ui.picture.layout import Layout, Mask
    from tui_editor.ui.terminal.lazy_strip import Row

AGAIN_S: Final = (0.3, 1.3)
"""So long after a change of size picture and text are sent again. tmux drops what is passed through while it redraws,
and kitty forgets placeholders in lines that it wraps anew; neither tells. The terminal could, but tmux types its
answers into whatever pane is active then."""
BEHIND_S: Final = 1.3
"""tmux drops what is passed through also while the terminal is behind with much text, as that of a whole canvas is: a
picture that follows so soon after it is sent again as much later, without the text."""
_LARGEST = (placeholders.MOST_CELLS, placeholders.MOST_CELLS)
_PARTS = 7
"""Images that make up a canvas at most: more cells than any screen has."""
_NAMES = 2 * _PARTS
"""Images of a view. Each size has others than the one before, so that all text differs and is written."""


class PlaceholderPicture(Struct, frozen=True, kw_only=True, eq=False):
    """A canvas, and the upload that shows it."""

    pixels: NDArray[np.uint8]
    """(h, w, 3) RGB."""
    cells: tuple[int, int]
    """(columns, rows)."""
    quality: Quality
    upload: bytes
    images: tuple[int, ...]


class PlaceholderRow(Struct, frozen=True):
    """A row of the canvas as text: (image, first column, column after the last) of each part."""

    number: int
    """Of the row in its images."""
    images: tuple[tuple[int, int, int], ...]

    def parts(self, start: int, end: int, depth: ColourDepth) -> Sequence[str | Segment]:
        """Return columns start ≤ x < end as escape sequences: the colour, then cells that can stand alone."""
        del depth  # the colour is a number among 256, which every depth has
        return [
            f"\x1b[38;5;{segment.style.color.number}m{segment.text}\x1b[0m"
            for segment in self.segments(start, end)
            if segment.style is not None and segment.style.color is not None
        ]

    def segments(self, start: int, end: int) -> list[Segment]:
        """Return columns start ≤ x < end as segments."""
        found = []
        for image, first, last in self.images:
            columns = range(max(start, first) - first, min(end, last) - first)
            if columns:
                text = placeholders.placeholder_row(image, self.number, columns)
                found.append(Segment(text, Style(color=Color.from_ansi(placeholders.colour_of(image)))))
        return found

    @property
    def is_thrifty(self) -> bool:
        """Return True: each part has one colour."""
        return True

    def differs(self, start: int, end: int, other: Row, other_start: int) -> list[tuple[int, int]]:
        """Return all columns where another row has other placeholders."""
        return [] if self == other and start == other_start else [(start, end)]


class PlaceholderSurface:
    """Text that stays while its picture changes.

    Args:
        session: Different in each program of one terminal.
        view: 0..15, the canvas.
    """

    past_compositor = layered = True
    ahead_frames = 0

    def __init__(self, session: int, view: int) -> None:
        self._ids = tuple(placeholders.placeholder_id(session, 1 + view * _NAMES + slot) for slot in range(_NAMES))
        self._picture: PlaceholderPicture | None = None
        self._again_at: tuple[float, ...] = ()
        self._text_at = self._repeat_at = float("inf")
        self.strips: tuple[Strip, ...] = ()

    @property
    def quality(self) -> Quality:
        """Return how true the picture is that is shown."""
        return self._picture.quality if self._picture is not None else Quality.FULL

    @property
    def farewell(self) -> bytes:
        """Return the deletion of all images that may be ours."""
        return b"".join(map(placeholders.delete, self._ids))

    def encode(self, composed: Composed | None, layout: Layout, quality: Quality) -> Update:
        """Return the picture with its upload, unless the terminal has it already."""
        shown = self._picture
        cells = layout.visible.shape[1], layout.visible.shape[0]
        if composed is None:
            assert shown is not None, "what was never shown can't be repaired"
            images = self._others(shown) if self._due() else shown.images
            return self._made(shown.pixels, shown.cells, layout, shown.quality, images)
        pixels, _ = draw(composed.base, composed.marks, composed.viewport)
        if shown is None or shown.cells != cells:
            return self._made(pixels, cells, layout, quality, self._others(shown))
        if shown.quality >= quality and np.array_equal(shown.pixels, pixels):
            return Update(layout=layout, picture=replace(shown, upload=b""))
        return self._made(pixels, cells, layout, quality, shown.images)

    def is_ready(self, composed: Composed, layout: Layout, quality: Quality) -> bool:  # noqa: ARG002  see below
        """Return False: nothing is prepared."""
        return False

    def prepare(self, composed: Composed, layout: Layout, quality: Quality) -> bytes:  # noqa: ARG002  one id is shown
        """Return nothing: there is one picture."""
        return b""

    def show(self, update: Update, layout: Layout) -> Shown:  # noqa: ARG002  the compositor knows where
        """Return the upload, and have the text ready."""
        assert isinstance(update.picture, PlaceholderPicture)
        now = monotonic()
        if update.picture.upload:
            self._again_at = tuple(moment for moment in self._again_at if moment > now)
        before, self._picture = self._picture, update.picture
        if before is not None and before.cells != self._picture.cells:
            self._again_at = tuple(now + wait for wait in AGAIN_S)
        if before is None or before.images != self._picture.images:
            self.strips = tuple(_text(self._picture))
            self._text_at = now
        if update.picture.upload:
            self._repeat_at = now + BEHIND_S if now - self._text_at < BEHIND_S else float("inf")
        return Shown(b"", update.picture.upload)

    def adopt(self, update: Update, composed: Composed | None) -> None:
        """Do nothing: nobody makes such pictures elsewhere."""

    def follow(self, viewport: Viewport, layout: Layout) -> bytes | None:  # noqa: ARG002  cells name fixed parts
        """Return None: cells show the parts of the picture that they name."""
        return None

    def overwritten(self, cells: Mask, layout: Layout) -> bytes:  # noqa: ARG002  the compositor wrote our own text
        """Do nothing."""
        return b""

    def gone(self, layout: Layout) -> bool:
        """Return whether the picture may not have come through, and should by now."""
        if self._picture is None or self._picture.cells != layout.visible.shape[::-1]:
            return False
        return self._due() or monotonic() >= self._repeat_at

    def hide(self) -> bytes:
        """Drop the text; return the deletion of the pixels."""
        self.forget()
        return self.farewell

    def forget(self) -> None:
        """Drop everything."""
        self._picture = None
        self._again_at = ()
        self._text_at = self._repeat_at = float("inf")
        self.strips = ()

    def _due(self) -> bool:
        """Return whether picture and text are to be sent again."""
        return bool(self._again_at) and monotonic() >= self._again_at[0]

    def _others(self, shown: PlaceholderPicture | None) -> tuple[int, ...]:
        """Return the images that are not shown."""
        first, second = self._ids[:_PARTS], self._ids[_PARTS:]
        return second if shown is not None and shown.images == first else first

    def _made(
        self,
        pixels: NDArray[np.uint8],
        cells: tuple[int, int],
        layout: Layout,
        quality: Quality,
        images: tuple[int, ...],
    ) -> Update:
        upload = b"".join(
            placeholders.upload(image, _png(layout.to_px(part).of(pixels), quality), part.width, part.height)
            for image, part in _parts(images, cells)
        )
        picture = PlaceholderPicture(pixels=pixels, cells=cells, quality=quality, upload=upload, images=images)
        return Update(layout=layout, picture=picture, frame_bytes=len(upload))


def _parts(images: tuple[int, ...], cells: tuple[int, int]) -> list[tuple[int, Rect]]:
    """Return the image of each part of the canvas: one, but for very large screens."""
    return list(zip(images, tiles(Rect(0, 0, *cells), _LARGEST), strict=False))


def _text(picture: PlaceholderPicture) -> Iterator[Strip]:
    """Yield the rows of the canvas."""
    columns, rows = picture.cells
    parts = _parts(picture.images, picture.cells)
    for row in range(rows):
        here = [(image, part) for image, part in parts if part.y0 <= row < part.y1]
        images = tuple((image, part.x0, part.x1) for image, part in here)
        yield LazyStrip(PlaceholderRow(row - here[0][1].y0, images), 0, columns)


def _png(pixels: NDArray[np.uint8], quality: Quality) -> bytes:
    if quality is Quality.FULL:
        return encode_png(pixels)
    return encode_coarse_png(pixels, build_palette(pixels), half=quality is Quality.COARSE)
