"""Marks drawn on a canvas: over the frame's pixels, or alone on a transparent layer."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec.structs import replace

from tui_editor.render import fills, labels, strokes
from tui_editor.render.batches import batched
from tui_editor.render.extents import extents
from tui_editor.render.marks import (
    BoxMark,
    CrosshairMark,
    GridMark,
    HandleMark,
    Mark,
    MaskMark,
    PinMark,
    PointMark,
    PolygonMark,
    PolylineMark,
    SkeletonMark,
    Style,
    TagMark,
)
from tui_editor.render.rects import Rect, overlap
from tui_editor.render.viewport import rotation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tui_editor.render.batches import Batch, Run
    from tui_editor.render.extents import Extents
    from tui_editor.render.fills import Layer
    from tui_editor.render.strokes import Ink, Paths, Surface
    from tui_editor.render.viewport import Viewport

_CROWD = 1000
_CROWD_POINTS = 20_000
"""From this many marks or points of lines in sight on, lines are drawn thin."""
_THRONG_POINTS = 50_000
"""From this many points of lines in sight on, lines are not smooth."""
_DIMMED = 0.45
_HIDDEN, _SEEN = 0, 1
_FAR = float(1 << 22)
"""A crosshair farther away, in screen pixels, is out of sight."""


class Detail(IntEnum):
    """How carefully lines are drawn that are not selected: the more there are, the less."""

    FULL = 0
    THIN = 1
    COARSE = 2


class _Sheet(NamedTuple):
    """What is drawn on."""

    surface: Surface
    detail: Detail
    parts: Sequence[Rect]
    """Where the surface has to be right afterwards."""


def draw(
    canvas: NDArray[np.uint8], marks: Sequence[Mark], viewport: Viewport, *, tags: bool = True
) -> tuple[NDArray[np.uint8], Rect]:
    """Return a copy of an RGB canvas with the marks on it, and the rectangle outside which nothing changed.

    Insides lie below all outlines, dimmed marks below the others, selected ones above, handles and text on top.

    Args:
        canvas: uint8 RGB (h, w, 3), of the viewport's canvas size; not changed.
        marks: What to draw, in image pixels.
        viewport: Where image pixels lie on the canvas.
        tags: False where the terminal writes tags and hint letters as text.
    """
    surface = np.empty((*canvas.shape[:2], 4), np.uint8)
    restore(surface, canvas, _all_of(surface))
    touched = _draw(surface, marks, viewport, tags=tags)
    drawn = canvas.copy()
    publish(surface, drawn, touched)
    return drawn, touched


def draw_overlay(marks: Sequence[Mark], viewport: Viewport, *, tags: bool = True) -> tuple[NDArray[np.uint8], Rect]:
    """Return the marks alone as straight RGBA (h, w, 4), and the rectangle outside which all is transparent."""
    width, height = viewport.canvas_size
    surface = np.zeros((height, width, 4), np.uint8)
    touched = _draw(surface, marks, viewport, tags=tags)
    publish(surface, surface, touched)
    return surface, touched


def _draw(surface: Surface, marks: Sequence[Mark], viewport: Viewport, *, tags: bool) -> Rect:
    shown = drawn_marks(marks, tags=tags)
    batches = batched(shown, viewport)
    found = extents(batches)
    return paint_all(surface, shown, batches, found)


def _all_of(surface: Surface) -> Rect:
    return Rect(0, 0, surface.shape[1], surface.shape[0])


def restore(surface: Surface, background: NDArray[np.uint8] | None, part: Rect) -> None:
    """Put the background back in a part of a surface: RGB (h, w, 3), or None: transparent."""
    import cv2

    if background is None:
        part.of(surface)[:] = 0
    elif not part.empty:
        cv2.cvtColor(np.ascontiguousarray(part.of(background)), cv2.COLOR_RGB2RGBA, dst=part.of(surface))


def publish(surface: Surface, raster: NDArray[np.uint8], part: Rect) -> None:
    """Copy a part of a surface to a raster: RGB (h, w, 3), or straight RGBA (h, w, 4), which may be the surface."""
    import cv2

    if part.empty:
        return
    if raster.shape[2] == 3:
        cv2.cvtColor(part.of(surface), cv2.COLOR_RGBA2RGB, dst=part.of(raster))
        return
    for band in part.bands(fills.BAND):
        weighted = band.of(surface)
        opacity = cv2.extractChannel(weighted, 3)
        plain = cv2.divide(weighted, cv2.merge([opacity] * 4), scale=255)
        cv2.insertChannel(opacity, plain, 3)
        band.of(raster)[:] = plain


# --- order ---------------------------------------------------------------------------------------


def drawn_marks(marks: Sequence[Mark], *, tags: bool) -> tuple[Mark, ...]:
    """Return the marks that are drawn: all, or all but the tags, and hint grids without their letters."""
    if tags:
        return tuple(marks)
    kept = (mark for mark in marks if type(mark) is not TagMark)
    return tuple(_unlettered(mark) if type(mark) is GridMark else mark for mark in kept)


@lru_cache(maxsize=4)
def _unlettered(mark: GridMark) -> GridMark:
    """Return a hint grid without letters; of the same one the same, which needs no drawing again."""
    return replace(mark, letters="")


def detail_of(found: Extents) -> Detail:
    """Return how carefully marks are drawn together."""
    seen = found.in_sight()
    count, points = int(np.count_nonzero(seen)), int(found.points[seen].sum())
    if points >= _THRONG_POINTS:
        return Detail.COARSE
    return Detail.THIN if count >= _CROWD or points >= _CROWD_POINTS else Detail.FULL


def paint_all(surface: Surface, marks: Sequence[Mark], batches: Sequence[Batch], found: Extents) -> Rect:
    """Draw marks on a whole surface in place and return the rectangle outside which nothing changed."""
    seen, touched = found.in_sight(), found.around()
    if touched.empty:
        return touched
    if not seen.all():
        viewport = batches[0].viewport
        batches = batched([marks[number] for number in np.flatnonzero(seen).tolist()], viewport)
    paint(surface, batches, detail_of(found), (touched,))
    return touched


def paint(surface: Surface, batches: Sequence[Batch], detail: Detail, parts: Sequence[Rect]) -> None:
    """Draw batches of marks that are in sight, in place, so that the parts of the surface are right afterwards.

    Each pixel depends only on what was there and on the marks that reach it, in an order that other marks don't change.
    So it is enough to paint the marks that reach a part; other parts are then not right.
    """
    sheet = _Sheet(surface, detail, parts)
    _paint_insides(sheet, batches)
    runs = [(batch, run) for batch in batches for run in batch.runs]
    for batch, run in sorted(runs, key=_order):
        _PAINTERS[batch.kind](sheet, batch, run)


def _order(found: tuple[Batch, Run]) -> tuple[object, ...]:
    batch, run = found
    return _LAYERS[batch.kind], run.rank, _KINDS[batch.kind]


def _ink(style: Style) -> Ink:
    factor = _DIMMED if style.dimmed else 1.0
    red, green, blue = (round(level * factor) for level in style.colour)
    return red, green, blue, 255


# --- insides -------------------------------------------------------------------------------------


def _paint_insides(sheet: _Sheet, batches: Sequence[Batch]) -> None:
    runs = [
        (batch, run)
        for batch in batches
        if batch.kind in _FILLERS
        for run in batch.runs
        if run.style.fill_alpha > 0 and not run.style.dimmed
    ]
    if not runs:
        return
    runs.sort(key=_order)
    layer = fills.empty_layer(sheet.surface.shape[:2], len(runs))
    for number, (batch, run) in enumerate(runs, start=1):
        _FILLERS[batch.kind](layer, batch, run, number, sheet.parts)
    inks = [fills.translucent(_ink(run.style), run.style.fill_alpha) for _, run in runs]
    for part in sheet.parts:
        fills.lay_over(sheet.surface, layer, inks, part)


def _fill_boxes(layer: Layer, batch: Batch, run: Run, number: int, _parts: Sequence[Rect]) -> None:
    if batch.upright:
        fills.fill_boxes(layer, _upright(batch, run), number)
    else:
        fills.fill_polygons(layer, _turned(batch, run), [1] * (run.stop - run.start), number)


def _fill_polygons(layer: Layer, batch: Batch, run: Run, number: int, _parts: Sequence[Rect]) -> None:
    fills.fill_polygons(layer, batch.paths_of(run), batch.path_counts[run.start : run.stop], number)


def _fill_masks(layer: Layer, batch: Batch, run: Run, number: int, parts: Sequence[Rect]) -> None:
    for mark, part in product(batch.marks[run.start : run.stop], parts):
        shown, where = fills.mask_on_screen(mark, batch.viewport, part)
        where.of(layer)[shown] = number


_FILLERS: dict[type, Callable[[Layer, Batch, Run, int, Sequence[Rect]], None]] = {
    MaskMark: _fill_masks,
    PolygonMark: _fill_polygons,
    BoxMark: _fill_boxes,
}


# --- painters: (sheet, batch, run of one style) -> drawn in place ------------------------------------


def _upright(batch: Batch, run: Run) -> NDArray[np.float64]:
    """Return x0, y0, x1, y1 of each box (n, 4) on the screen."""
    low, high = batch.bounds
    return np.concatenate([low[run.start : run.stop], high[run.start : run.stop]], axis=1)


def _turned(batch: Batch, run: Run) -> Paths:
    """Return boxes as closed paths."""
    corners = batch.corners[run.start : run.stop]
    return strokes.Paths(corners.reshape(-1, 2), [4] * len(corners))


def _paint_boxes(sheet: _Sheet, batch: Batch, run: Run) -> None:
    style = run.style
    if batch.upright and not style.dashed:
        strokes.rectangles(sheet.surface, _upright(batch, run), _ink(style), _thickness(style, sheet.detail))
    else:
        _stroke(sheet, _turned(batch, run), style, closed=True)


def _thickness(style: Style, detail: Detail) -> int:
    return style.thickness if style.selected or detail is Detail.FULL else 1


def _stroke(sheet: _Sheet, some: Paths, style: Style, *, closed: bool) -> None:
    thickness = _thickness(style, sheet.detail)
    if style.dashed:
        strokes.dashes(sheet.surface, some, _ink(style), thickness, closed=closed)
    else:
        smooth = style.selected or sheet.detail is not Detail.COARSE
        strokes.lines(sheet.surface, some, _ink(style), thickness, closed=closed, smooth=smooth)


def _paint_polygons(sheet: _Sheet, batch: Batch, run: Run) -> None:
    _stroke(sheet, batch.paths_of(run), run.style, closed=True)


def _paint_polylines(sheet: _Sheet, batch: Batch, run: Run) -> None:
    _stroke(sheet, batch.paths_of(run), run.style, closed=False)


def _paint_points(sheet: _Sheet, batch: Batch, run: Run) -> None:
    centres = batch.centres[run.start : run.stop]
    radius = labels.SELECTED_POINT_RADIUS if run.style.selected else labels.POINT_RADIUS
    strokes.discs(sheet.surface, centres, radius + 1, labels.DARK_INK)
    strokes.discs(sheet.surface, centres, radius, _ink(run.style))


def _paint_skeletons(sheet: _Sheet, batch: Batch, run: Run) -> None:
    marks = [mark for mark in batch.marks[run.start : run.stop] if len(mark.points)]
    for mark, points in zip(marks, batch.paths_of(run).pieces, strict=True):
        known = mark.visibility != _HIDDEN
        bones = [points[[a, b]] for a, b in mark.edges if max(a, b) < len(points) and known[a] and known[b]]
        _stroke(sheet, strokes.paths(bones), mark.style, closed=False)
        seen, covered = points[mark.visibility == _SEEN], points[mark.visibility > _SEEN]
        strokes.discs(sheet.surface, seen, labels.JOINT_RADIUS, _ink(mark.style))
        strokes.discs(sheet.surface, covered, labels.JOINT_RADIUS, _ink(mark.style), thickness=1)


def _paint_mask_edges(sheet: _Sheet, batch: Batch, run: Run) -> None:
    import cv2

    reach = run.style.thickness
    around = np.ones((2 * reach + 1,) * 2, np.uint8)
    for mark, part in product(batch.marks[run.start : run.stop], sheet.parts):
        # a little more than the part: where the mask is cut off, there is no edge
        shown, where = fills.mask_on_screen(mark, batch.viewport, part.grown(reach))
        bits = shown.view(np.uint8)
        inner = cv2.erode(bits, around, borderType=cv2.BORDER_CONSTANT, borderValue=0) if bits.size else bits
        edge, here = (bits & ~inner).view(np.bool_), overlap(where, part)
        here.of(sheet.surface)[here.moved(-where.x0, -where.y0).of(edge)] = _ink(run.style)


def _paint_handles(sheet: _Sheet, batch: Batch, run: Run) -> None:
    marks = batch.marks[run.start : run.stop]
    active, sides = np.array([mark.active for mark in marks]), np.array([mark.side_px for mark in marks])
    labels.squares(sheet.surface, batch.centres[run.start : run.stop], sides, _ink(run.style), active)


def _paint_crosshairs(sheet: _Sheet, batch: Batch, run: Run) -> None:
    """Draw lines through points along the image's axes: where the edges of a box would lie."""
    surface = sheet.surface
    centres = batch.centres[run.start : run.stop].clip(-_FAR, _FAR)
    reaches = np.abs(centres).sum(axis=1) + sum(surface.shape[:2])
    arms = reaches[:, None, None] * rotation(batch.viewport.rotation_deg).T
    bars = [np.stack([at - arm, at + arm]) for at, both in zip(centres, arms, strict=True) for arm in both]
    strokes.lines(surface, strokes.paths(bars), _ink(run.style), run.style.thickness, closed=False)


def _paint_grids(sheet: _Sheet, batch: Batch, run: Run) -> None:
    for number in range(run.start, run.stop):
        knots = labels.knots_of(batch.corners[number])
        labels.grid(sheet.surface, knots, batch.marks[number].letters, _ink(run.style), run.style.thickness)


def _paint_pins(sheet: _Sheet, batch: Batch, run: Run) -> None:
    for number in range(run.start, run.stop):
        mark = batch.marks[number]
        labels.pin(sheet.surface, batch.centres[number], mark.text, _ink(run.style), mark.radius_px)


def _paint_tags(sheet: _Sheet, batch: Batch, run: Run) -> None:
    ink = _ink(run.style)
    for number in range(run.start, run.stop):
        labels.tag(sheet.surface, batch.corners[number], batch.marks[number].text, ink)


_PAINTERS: dict[type, Callable[[_Sheet, Batch, Run], None]] = {
    MaskMark: _paint_mask_edges,
    PolygonMark: _paint_polygons,
    BoxMark: _paint_boxes,
    PolylineMark: _paint_polylines,
    SkeletonMark: _paint_skeletons,
    PointMark: _paint_points,
    TagMark: _paint_tags,
    CrosshairMark: _paint_crosshairs,
    GridMark: _paint_grids,  # its letters are what has to be read while a point is placed
    HandleMark: _paint_handles,
    PinMark: _paint_pins,
}
_KINDS = {kind: rank for rank, kind in enumerate(_PAINTERS)}
# Shapes share a layer, so that a selected one lies above the others whatever its kind.
_LAYERS = {kind: 0 if rank < 6 else rank for kind, rank in _KINDS.items()}
