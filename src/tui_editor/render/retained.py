"""The last raster of a canvas, brought up to date where its marks changed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import count, repeat
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from tui_editor.render.batches import batched
from tui_editor.render.extents import Extents, extents, pieces
from tui_editor.render.marks import CrosshairMark, TagMark
from tui_editor.render.raster import detail_of, drawn_marks, paint, paint_all, publish, restore
from tui_editor.render.rects import Rect, apart, changed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from tui_editor.render.batches import Batch
    from tui_editor.render.marks import Mark
    from tui_editor.render.raster import Detail
    from tui_editor.render.strokes import Surface
    from tui_editor.render.viewport import Viewport

_MOST_OF_CANVAS = 0.5
"""Where more of the canvas is touched, everything is drawn anew."""
_MOST_MARKS = 500
"""Where more marks changed, too."""


class Touched(Struct, frozen=True, kw_only=True, eq=False):
    """A raster and what differs from the one before."""

    raster: NDArray[np.uint8]
    """RGB (h, w, 3) over a background, else straight RGBA (h, w, 4). Drawn on by the next update: copy what is kept."""
    rects: tuple[Rect, ...]
    """Around what differs; pixels outside are as they were. They don't overlap."""
    whole: bool
    """Everything was drawn anew; `rects` is then the one rectangle of the canvas."""
    inked: Rect
    """Outside of it nothing is drawn: background, or transparent."""


@dataclass(frozen=True, eq=False)
class _Drawn:
    """What was drawn."""

    marks: tuple[Mark, ...]
    extents: Extents
    viewport: Viewport
    background: NDArray[np.uint8] | None

    @cached_property
    def detail(self) -> Detail:
        return detail_of(self.extents)


class RetainedRaster:
    """Draws marks as `draw` and `draw_overlay` do, but only where they changed. Not thread-safe.

    Marks that are the same objects as before cost least; equal ones are found too.

    Args:
        tags: False where the terminal writes tags and hint letters as text.
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
        shown = drawn_marks(marks, tags=self._tags)
        last, self._last = self._last, None  # nothing is known of the raster when drawing ends halfway
        if last is None or last.viewport != viewport or last.background is not background:
            return self._anew(shown, viewport, background)
        kept = _kept(last.marks, shown)
        if kept is None or _changes(last, kept) > _MOST_MARKS:
            return self._anew(shown, viewport, background)
        drawn = _Drawn(shown, _extents(last, kept, shown), viewport, background)
        rects = apart(_rects(last, drawn, kept))
        if drawn.detail != last.detail or _is_most(rects, viewport.canvas_size):
            return self._whole(drawn, batched(shown, viewport))
        if rects:
            rects = tuple(self._redraw(drawn, rects))
        self._last = drawn
        return Touched(raster=self._raster, rects=rects, whole=False, inked=drawn.extents.around())

    def tag_places(self) -> tuple[tuple[TagMark, Rect], ...]:
        """Return the tags that the raster shows and where, in canvas pixels; what sticks out is cut off."""
        last = self._last
        if last is None:
            return ()
        numbers = [number for number, mark in enumerate(last.marks) if isinstance(mark, TagMark)]
        places = [(last.marks[number], last.extents.rect(number)) for number in numbers]
        return tuple((mark, place) for mark, place in places if isinstance(mark, TagMark) and not place.empty)

    # --- drawing ---------------------------------------------------------------------------------

    def _anew(self, marks: tuple[Mark, ...], viewport: Viewport, background: NDArray[np.uint8] | None) -> Touched:
        batches = batched(marks, viewport)
        return self._whole(_Drawn(marks, extents(batches), viewport, background), batches)

    def _whole(self, drawn: _Drawn, batches: Sequence[Batch]) -> Touched:
        width, height = drawn.viewport.canvas_size
        if self._surface.shape[:2] != (height, width):
            self._surface = np.zeros((height, width, 4), np.uint8)
            self._scratch = np.zeros_like(self._surface)
        channels = 4 if drawn.background is None else 3
        if self._raster.shape != (height, width, channels):
            self._raster = np.zeros((height, width, channels), np.uint8)
        everything = Rect(0, 0, width, height)
        restore(self._surface, drawn.background, everything)
        inked = paint_all(self._surface, drawn.marks, batches, drawn.extents)
        publish(self._surface, self._raster, everything)
        self._last = drawn
        return Touched(raster=self._raster, rects=(everything,), whole=True, inked=inked)

    def _redraw(self, drawn: _Drawn, rects: Sequence[Rect]) -> Iterator[Rect]:
        """Paint what reaches the rectangles and yield what differs in them.

        It is painted elsewhere than on the surface, as marks reach beyond the rectangles.
        """
        for rect in rects:
            restore(self._scratch, drawn.background, rect)
        reached = [drawn.marks[number] for number in np.flatnonzero(drawn.extents.meeting(rects)).tolist()]
        paint(self._scratch, batched(reached, drawn.viewport), drawn.detail, rects)
        for rect in rects:
            differs = changed(_pixels(rect.of(self._surface)), _pixels(rect.of(self._scratch)))
            if not differs.empty:
                part = differs.moved(rect.x0, rect.y0)
                part.of(self._surface)[:] = part.of(self._scratch)
                publish(self._surface, self._raster, part)
                yield part


def _pixels(surface: Surface) -> NDArray[np.uint32]:
    return surface.view(np.uint32)[:, :, 0]


# --- what changed --------------------------------------------------------------------------------


def _kept(before: Sequence[Mark], after: Sequence[Mark]) -> NDArray[np.intp] | None:
    """Return of each mark after which one before it is, -1 for a new one; None where marks changed places."""
    at = dict(zip(map(id, before), count()))
    kept = np.fromiter(map(at.get, map(id, after), repeat(-1)), np.intp, len(after))
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


def _extents(last: _Drawn, kept: NDArray[np.intp], marks: Sequence[Mark]) -> Extents:
    old, new = kept >= 0, np.flatnonzero(kept < 0)
    fresh = extents(batched([marks[number] for number in new.tolist()], last.viewport))
    found = Extents(np.zeros((len(marks), 4), np.int32), np.zeros(len(marks), np.int32))
    found.rects[old], found.points[old] = last.extents.rects[kept[old]], last.extents.points[kept[old]]
    found.rects[new], found.points[new] = fresh.rects, fresh.points
    return found


def _rects(last: _Drawn, drawn: _Drawn, kept: NDArray[np.intp]) -> NDArray[np.int32]:
    """Return where marks were that are gone, and where new ones are, (n, 4)."""
    gone = np.ones(len(last.marks), np.bool_)
    gone[kept[kept >= 0]] = False
    found = []
    for side, numbers in ((last, np.flatnonzero(gone)), (drawn, np.flatnonzero(kept < 0))):
        changed = [side.marks[number] for number in numbers.tolist()]
        crosses = [isinstance(mark, CrosshairMark) for mark in changed]
        found.append(side.extents.rects[numbers[~np.array(crosses, np.bool_)]])
        found += [pieces(mark, side.viewport) for mark in changed if isinstance(mark, CrosshairMark)]
    return np.concatenate(found)


def _is_most(rects: Sequence[Rect], size: tuple[int, int]) -> bool:
    area = sum(rect.width * rect.height for rect in rects)
    return bool(rects) and (not area or area > _MOST_OF_CANVAS * size[0] * size[1])
