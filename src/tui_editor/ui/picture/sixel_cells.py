"""Sixel as a codec of cells: palette pictures, at most as large as the terminal takes.

While frames follow one another only the cells that look different are sent, in few colours, on a slow line at half the
resolution; at rest every cell is made true, in the colours of a palette of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec.structs import replace

from tui_editor.render.changes import EXACT, changed_blocks, taken_over
from tui_editor.render.coarse import halved
from tui_editor.render.flatten import flattened
from tui_editor.render.palette import RGB, build_palette
from tui_editor.render.pixels import BACKGROUND
from tui_editor.render.retained import RetainedRaster
from tui_editor.render.sixel import encode_sixel
from tui_editor.ui.picture.layout import tiles
from tui_editor.ui.picture.owned_cells import CellPicture, Painted, patches
from tui_editor.ui.picture.quality import Quality

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tui_editor.render.palette import Palette
    from tui_editor.render.retained import Touched
    from tui_editor.ui.picture.composed import Composed
    from tui_editor.ui.picture.layout import Layout, Mask

_COLOURS: Final = {Quality.FULL: 256, Quality.REDUCED: 64, Quality.COARSE: 48}
_RESERVED: Final = 24
"""Entries of the palette that labels may take at most."""
_WORSE_DB: Final = 2.0
"""A palette that fits so much worse than when it was made is made anew."""
_PATCHED: Final = 0.2
"""Of the canvas that may be made anew in the true picture's colours although keys are pressed."""
_BETTER_DB: Final = 1.0
"""At rest a palette gives way to one of the picture's own that is so much better."""


class SixelEncoder:
    """Makes palette pictures of canvases and the bytes of their parts.

    Args:
        colours: Colour registers of the terminal; 0 when unknown.
        largest_px: (width, height) of the largest picture that the terminal takes; None: any.
    """

    farewell = b""  # the pixels are nowhere but in the cells

    def __init__(self, colours: int = 0, largest_px: tuple[int, int] | None = None) -> None:
        most = _COLOURS[Quality.FULL]
        self._colours = min(colours, most) if colours >= 2 else most
        self._largest_px = largest_px
        self._raster = RetainedRaster()
        self._palettes: dict[Quality, tuple[Palette, float, tuple[RGB, ...]]] = {}
        self._own: tuple[Palette, NDArray[np.uint8]] | None = None
        """The last palette of a picture at rest, and the frame that it is for."""
        self._drawn: CellPicture | None = None
        """What the raster drew last; it may never have been shown."""

    def encode(
        self, composed: Composed, shown: CellPicture | None, layout: Layout, quality: Quality = Quality.FULL
    ) -> CellPicture:
        """Return the picture of a canvas; the palette stays while it fits the scene."""
        touched = self._raster.update(composed.marks, composed.viewport, composed.base)
        if shown is not None and shown is self._drawn and self._may_be_patched(shown, composed, touched):
            picture = _patched(shown, touched, layout)
        else:
            picture = self._anew(composed, touched.raster.copy(), shown, layout, quality)
        self._drawn = picture
        return picture

    def _anew(
        self,
        composed: Composed,
        canvas: NDArray[np.uint8],
        shown: CellPicture | None,
        layout: Layout,
        quality: Quality,
    ) -> CellPicture:
        comparable = shown is not None and shown.seen is not None and shown.seen.shape == canvas.shape
        if quality is Quality.FULL or shown is None or shown.seen is None or not comparable:
            return self._true(composed, canvas, shown, layout)
        cells = changed_blocks(canvas, shown.seen, layout.cell_px)
        true = np.zeros_like(cells) if shown.true is None else shown.true
        return CellPicture(
            pixels=self._indices(composed, canvas, quality),
            base=composed.base,
            palette=self._palettes[quality][0],
            quality=quality,
            seen=taken_over(canvas, shown.seen, cells, layout.cell_px),
            true=true & ~cells,
            true_palette=shown.true_palette,
            differs=cells,
        )

    def _may_be_patched(self, shown: CellPicture, composed: Composed, touched: Touched) -> bool:
        """Return whether a true picture needs only a small part anew: then that is true at once, and little to send."""
        area = sum(rect.width * rect.height for rect in touched.rects)
        small = not touched.whole and area <= _PATCHED * touched.raster.shape[0] * touched.raster.shape[1]
        palette, _, reserved = self._palettes.get(Quality.FULL, (None, 0.0, ()))
        coloured = shown.palette is palette and reserved == _reserve(composed.colours)
        return small and shown.quality is Quality.FULL and shown.base is composed.base and coloured

    def paint(self, picture: CellPicture, cells: Mask, layout: Layout) -> Painted:
        """Return what paints the given cells (rows, columns) of the canvas."""
        assert picture.palette is not None
        largest = self._largest_cells(layout)
        doubled = picture.quality is Quality.COARSE
        parts = []
        for rect in patches(cells, layout.visible):
            for tile in tiles(rect, largest):
                pixels = layout.to_px(tile).of(picture.pixels)
                height, width = pixels.shape
                if doubled:  # the picture has every index four times
                    pixels = pixels[::2, ::2]
                data = encode_sixel(pixels, picture.palette, doubled=doubled, size_px=(width, height))
                parts += [layout.cursor_to(tile), data]
        return Painted(cells=cells, data=b"\x1b7" + b"".join(parts) + b"\x1b8" if parts else b"")

    def adopt(self, picture: CellPicture, composed: Composed) -> None:
        """Take the palette over: a picture in other colours would have to be painted as a whole."""
        if picture.palette is not None:
            fitted_db = picture.palette.quality_db(composed.base)
            self._palettes[picture.quality] = picture.palette, fitted_db, _reserve(composed.colours)

    def shown(self, painted: Painted) -> None:
        """Do nothing: a picture has no name in the terminal."""

    def forget(self) -> None:
        """Do nothing."""

    def _true(
        self, composed: Composed, canvas: NDArray[np.uint8], shown: CellPicture | None, layout: Layout
    ) -> CellPicture:
        same = shown is not None and _same_frame(shown, composed, canvas)
        refined = same and shown is not None and shown.quality is not Quality.FULL
        palette, fits = self._own_palette(composed) if refined else self._palette(composed, Quality.FULL, keep=same)
        picture = CellPicture(
            pixels=palette.map(canvas),
            base=composed.base,
            palette=palette,
            quality=Quality.FULL if fits else Quality.REDUCED,
            seen=canvas,
            true=np.ones_like(layout.visible),
            true_palette=palette,
        )
        if shown is None or shown.palette is palette or shown.seen is None or shown.seen.shape != canvas.shape:
            return picture
        if shown.true is None or shown.true_palette is not palette:
            return replace(picture, differs=np.ones_like(layout.visible))
        # What stayed as it was while frames were quick still shows the last true picture.
        return replace(picture, differs=~shown.true | changed_blocks(canvas, shown.seen, layout.cell_px, EXACT))

    def _indices(self, composed: Composed, canvas: NDArray[np.uint8], quality: Quality) -> NDArray[np.uint8]:
        """Return the canvas as indices of a palette that fits it nearly, in its own size."""
        palette, _ = self._palette(composed, quality)
        if quality is Quality.REDUCED:
            return palette.map(flattened(canvas))
        small = palette.map(halved(canvas))
        height, width = canvas.shape[:2]
        doubled: NDArray[np.uint8] = small.repeat(2, axis=0)[:height].repeat(2, axis=1)[:, :width]
        return np.ascontiguousarray(doubled)

    def _palette(self, composed: Composed, quality: Quality, *, keep: bool = False) -> tuple[Palette, bool]:
        """Return a palette that serves a canvas, the last one while it does; and whether it was made for this frame."""
        reserve = _reserve(composed.colours)
        palette, fitted_db, reserved = self._palettes.get(quality, (None, 0.0, ()))
        if palette is not None and reserved == reserve:
            if keep:
                return palette, True
            if palette.quality_db(composed.base) >= fitted_db - _WORSE_DB:
                return palette, False
        palette = build_palette(composed.base, min(self._colours, _COLOURS[quality]), reserve)
        self._palettes[quality] = palette, palette.quality_db(composed.base), reserve
        return palette, True

    def _own_palette(self, composed: Composed) -> tuple[Palette, bool]:
        """Return a palette made for the canvas, or the last one where that is nearly as good."""
        palette, _, reserved = self._palettes.get(Quality.FULL, (None, 0.0, ()))
        reserve = _reserve(composed.colours)
        if palette is not None and reserved == reserve and self._own is not None:
            made, base = self._own
            if made is palette and base is composed.base:
                return palette, True
        own = build_palette(composed.base, min(self._colours, _COLOURS[Quality.FULL]), reserve)
        own_db = own.quality_db(composed.base)
        if palette is not None and reserved == reserve and palette.quality_db(composed.base) >= own_db - _BETTER_DB:
            own = palette
        self._palettes[Quality.FULL] = own, own.quality_db(composed.base), reserve
        self._own = own, composed.base
        return own, True

    def _largest_cells(self, layout: Layout) -> tuple[int, int]:
        if self._largest_px is None:
            rows, columns = layout.visible.shape
            return columns, rows
        return self._largest_px[0] // layout.cell_px[0], self._largest_px[1] // layout.cell_px[1]


def _patched(shown: CellPicture, touched: Touched, layout: Layout) -> CellPicture:
    """Return a picture with the parts anew that were touched."""
    assert shown.seen is not None
    assert shown.palette is not None
    pixels, seen, differs = shown.pixels.copy(), shown.seen.copy(), np.zeros_like(layout.visible)
    for rect in touched.rects:
        cells = layout.to_cells(rect)
        whole = layout.to_px(cells)
        cells.of(differs)[:] |= changed_blocks(whole.of(touched.raster), whole.of(seen), layout.cell_px, EXACT)
        part = rect.of(touched.raster)
        rect.of(seen)[:] = part
        rect.of(pixels)[:] = shown.palette.map(part)
    return replace(shown, pixels=pixels, seen=seen, differs=differs)


def _same_frame(shown: CellPicture, composed: Composed, canvas: NDArray[np.uint8]) -> bool:
    """Return whether a canvas is of the frame and view that are shown; one that was decoded again has another base."""
    return shown.base is composed.base or (shown.seen is not None and np.array_equal(shown.seen, canvas))


def _reserve(colours: tuple[RGB, ...]) -> tuple[RGB, ...]:
    return (BACKGROUND, (255, 255, 255), *colours)[:_RESERVED]
