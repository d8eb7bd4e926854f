"""The last raster of a canvas, brought up to date where its marks changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tui_editor.render.extents import around, extents, meeting, pieces
from tui_editor.render.marks import TagMark
from tui_editor.render.raster import is_crowded, paint, straight, visible_marks
from tui_editor.render.rects import Rect, apart

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from tui_editor.render.extents import Extents
    from tui_editor.render.marks import Mark
    from tui_editor.render.strokes import Surface
    from tui_editor.render.viewport import Viewport

_MOST_OF_CANVAS = 0.5
"""Where more of the canvas is touched, everything is drawn anew."""
_MOST_MARKS = 1000
"""Where more marks changed, too."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Touched:
    """A raster and what differs from the one before."""

    raster: NDArray[np.uint8]
    """RGB (h, w, 3) over a background, else straight RGBA (h, w, 4). Drawn on by the next update: copy what is kept."""
    rects: tuple[Rect, ...]
    """Pixels outside them are as they were; they don't overlap."""
    whole: bool
    """Everything was drawn anew; `rects` is then the one rectangle of the canvas."""
    inked: Rect
    """Outside of it nothing is drawn: background, or transparent."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Drawn:
    """What was drawn last."""

    marks: tuple[Mark, ...]
    extents: Extents
    viewport: Viewport
    background: NDArray[np.uint8] | None
    crowded: bool


class RetainedRaster:
    """Draws marks as `draw` and `draw_overlay` do, but only where they changed. Not thread-safe.

    Marks that are the same objects as before cost least; equal ones are found too.

    Args:
        tags: False where the terminal writes the tags as text.
    """

    def __init__(self, *, tags: bool = True) -> None:
        self._tags = tags
        self._last: _Drawn | None = None
        self._surface: Surface = np.zeros((0, 0, 4), np.uint8)
        self._scratch: Surface = self._surface
        self._raster: NDArray[np.uint8] = self._surface

    def update(self, marks: Sequence[Mark], viewport: Viewport, background: NDArray[np.uint8] | None) -> Touched:
        """Return the raster with these marks.

        Args:
            marks: What to draw, in image pixels.
            viewport: Where image pixels lie on the canvas.
            background: RGB (h, w, 3), not to be changed later: another picture is another array. None: transparent.
        """
        shown = visible_marks(marks, tags=self._tags)
        size = viewport.canvas_size if background is None else (background.shape[1], background.shape[0])
        last = self._last
        comparable = last is not None and last.viewport == viewport and last.background is background
        if last is None or not comparable or last.crowded != is_crowded(shown):
            return self._whole(shown, extents(shown, viewport), viewport, background)
        kept = _kept(last.marks, shown)
        found = _extents(last, kept, shown, viewport)
        if kept is None or _changes(last, kept) > _MOST_MARKS:
            return self._whole(shown, found, viewport, background)
        rects = apart(_rects(last, kept, shown, found, viewport))
        if _is_most(rects, size):
            return self._whole(shown, found, viewport, background)
        self._last = _Drawn(marks=shown, extents=found, viewport=viewport, background=background, crowded=last.crowded)
        if rects:
            self._redraw(rects)
        return Touched(raster=self._raster, rects=rects, whole=False, inked=around(found))

    def tag_places(self) -> tuple[tuple[TagMark, Rect], ...]:
        """Return the tags that the raster shows and where, in canvas pixels; what sticks out is cut off."""
        last = self._last
        if last is None:
            return ()
        numbers = [number for number, mark in enumerate(last.marks) if isinstance(mark, TagMark)]
        places = [(last.marks[number], Rect(*last.extents[number].tolist())) for number in numbers]
        return tuple((mark, place) for mark, place in places if isinstance(mark, TagMark) and not place.empty)

    # --- drawing ---------------------------------------------------------------------------------

    def _whole(
        self, marks: tuple[Mark, ...], found: Extents, viewport: Viewport, background: NDArray[np.uint8] | None
    ) -> Touched:
        width, height = viewport.canvas_size if background is None else (background.shape[1], background.shape[0])
        crowded = is_crowded(marks)
        self._last = _Drawn(marks=marks, extents=found, viewport=viewport, background=background, crowded=crowded)
        if self._surface.shape[:2] != (height, width):
            self._surface = np.zeros((height, width, 4), np.uint8)
            self._scratch = np.zeros_like(self._surface)
        if self._raster.shape != (height, width, 4 if background is None else 3):
            self._raster = np.zeros((height, width, 4 if background is None else 3), np.uint8)
        everything = Rect(0, 0, width, height)
        if not everything.empty:
            _restore(self._surface, background, everything)
            paint(self._surface, marks, viewport, crowded=crowded)
            self._publish(everything)
        return Touched(raster=self._raster, rects=(everything,), whole=True, inked=around(found))

    def _redraw(self, rects: tuple[Rect, ...]) -> None:
        """Paint what reaches the rectangles, elsewhere than on the surface: it may reach beyond them."""
        last = self._last
        if last is None:
            return
        for rect in rects:
            _restore(self._scratch, last.background, rect)
        reached = [last.marks[number] for number in np.flatnonzero(meeting(last.extents, rects)).tolist()]
        paint(self._scratch, reached, last.viewport, crowded=last.crowded)
        for rect in rects:
            rect.of(self._surface)[:] = rect.of(self._scratch)
            self._publish(rect)

    def _publish(self, rect: Rect) -> None:
        part = rect.of(self._surface)
        rect.of(self._raster)[:] = straight(part) if self._raster.shape[2] == 4 else part[:, :, :3]


def _restore(surface: Surface, background: NDArray[np.uint8] | None, rect: Rect) -> None:
    part = rect.of(surface)
    if background is None:
        part[:] = 0
    else:
        part[:, :, :3] = rect.of(background)
        part[:, :, 3] = 255


# --- what changed --------------------------------------------------------------------------------


def _kept(before: Sequence[Mark], after: Sequence[Mark]) -> NDArray[np.intp] | None:
    """Return of each mark after which one before it is, -1 for a new one; None where marks changed places."""
    at = {id(mark): number for number, mark in enumerate(before)}
    kept = np.array([at.get(id(mark), -1) for mark in after], np.intp)
    new = np.flatnonzero(kept < 0).tolist()
    if new:
        gone = np.ones(len(before), np.bool_)
        gone[kept[kept >= 0]] = False
        equal = {before[number]: number for number in np.flatnonzero(gone).tolist()}
        for number in new:
            kept[number] = equal.pop(after[number], -1)
    in_order = np.diff(kept[kept >= 0]) > 0
    return kept if in_order.all() else None


def _changes(last: _Drawn, kept: NDArray[np.intp]) -> int:
    """Return how many marks are gone or new."""
    both = int(np.count_nonzero(kept >= 0))
    return len(last.marks) - both + len(kept) - both


def _extents(last: _Drawn, kept: NDArray[np.intp] | None, marks: Sequence[Mark], viewport: Viewport) -> Extents:
    if kept is None:
        return extents(marks, viewport)
    found = np.zeros((len(marks), 4), np.int32)
    old, new = kept >= 0, np.flatnonzero(kept < 0)
    found[old] = last.extents[kept[old]]
    found[new] = extents([marks[number] for number in new.tolist()], viewport)
    return found


def _rects(
    last: _Drawn, kept: NDArray[np.intp], marks: Sequence[Mark], found: Extents, viewport: Viewport
) -> Iterator[Rect]:
    """Yield where marks were that are gone, and where new ones are."""
    gone = np.ones(len(last.marks), np.bool_)
    gone[kept[kept >= 0]] = False
    for number in np.flatnonzero(gone).tolist():
        yield from pieces(last.marks[number], Rect(*last.extents[number].tolist()), viewport)
    for number in np.flatnonzero(kept < 0).tolist():
        yield from pieces(marks[number], Rect(*found[number].tolist()), viewport)


def _is_most(rects: Sequence[Rect], size: tuple[int, int]) -> bool:
    area = sum(rect.width * rect.height for rect in rects)
    return bool(rects) and (not area or area > _MOST_OF_CANVAS * size[0] * size[1])
