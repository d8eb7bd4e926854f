"""Marks drawn on a canvas: over the frame's pixels, or alone on a transparent layer."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, cast

import numpy as np

from tui_editor.render import fills, labels, strokes
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
from tui_editor.render.rects import EMPTY, Rect

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tui_editor.render.strokes import Ink, Points, Surface
    from tui_editor.render.viewport import Viewport

_CROWD = 1000
"""From this many marks on, smooth lines are drawn thin."""
_DIMMED = 0.45
_HIDDEN, _SEEN = 0, 1


def draw(
    canvas: NDArray[np.uint8], marks: Sequence[Mark], viewport: Viewport, *, tags: bool = True
) -> tuple[NDArray[np.uint8], Rect]:
    """Return a copy of an RGB canvas (h, w, 3) with the marks on it, and the rectangle outside which nothing changed.

    Insides lie below all outlines, dimmed marks below the others, selected ones above, handles and text on top.

    Args:
        canvas: uint8 RGB; not changed.
        marks: What to draw, in image pixels.
        viewport: Where image pixels lie on the canvas.
        tags: False where the terminal writes the tags as text.
    """
    import cv2

    if not canvas.size:
        return canvas.copy(), EMPTY
    surface = cv2.cvtColor(np.ascontiguousarray(canvas), cv2.COLOR_RGB2RGBA)
    shown = visible_marks(marks, tags=tags)
    touched = paint(surface, shown, viewport, crowded=is_crowded(shown))
    drawn: NDArray[np.uint8] = cv2.cvtColor(surface, cv2.COLOR_RGBA2RGB)
    return drawn, touched


def draw_overlay(marks: Sequence[Mark], viewport: Viewport, *, tags: bool = True) -> tuple[NDArray[np.uint8], Rect]:
    """Return the marks alone as straight RGBA (h, w, 4), and the rectangle outside which all is transparent."""
    width, height = viewport.canvas_size
    surface = np.zeros((height, width, 4), np.uint8)
    if not surface.size:
        return surface, EMPTY
    shown = visible_marks(marks, tags=tags)
    touched = paint(surface, shown, viewport, crowded=is_crowded(shown))
    part = touched.of(surface)
    part[:] = straight(part)
    return surface, touched


def straight(surface: Surface) -> Surface:
    """Return colours that were weighted by their opacity as plain ones."""
    import cv2

    if not surface.size:
        return surface
    surface = np.ascontiguousarray(surface)
    opacity = cv2.extractChannel(surface, 3)
    plain: Surface = cv2.divide(surface, cv2.merge([opacity] * 4), scale=255)
    cv2.insertChannel(opacity, plain, 3)
    return plain


# --- order ---------------------------------------------------------------------------------------


def visible_marks(marks: Sequence[Mark], *, tags: bool) -> tuple[Mark, ...]:
    """Return the marks that are drawn: all, or all but the tags."""
    return tuple(marks) if tags else tuple(mark for mark in marks if type(mark) is not TagMark)


def is_crowded(marks: Sequence[Mark]) -> bool:
    """Tell whether there are so many marks that smooth lines are drawn thin."""
    return len(marks) >= _CROWD


def paint(surface: Surface, marks: Sequence[Mark], viewport: Viewport, *, crowded: bool) -> Rect:
    """Draw marks on a surface in place and return the rectangle outside which nothing changed.

    Each pixel depends only on what was there and on the marks that reach it, in an order that other marks don't change:
    to bring a part of a picture up to date, it is enough to paint the marks that reach it.
    """
    groups = _groups(marks)
    touched = _paint_insides(surface, groups, viewport)
    for group in groups:
        touched = touched.union(_PAINTERS[type(group[0])](surface, group, viewport, crowded))
    return touched


def _groups(marks: Sequence[Mark]) -> list[list[Mark]]:
    """Return marks of one kind and style together, in the order of drawing, which is that of `_rank`."""
    styles: dict[int, tuple[object, ...]] = {}
    groups: dict[tuple[object, ...], list[Mark]] = {}
    for mark in marks:
        rank = styles.get(id(mark.style)) or styles.setdefault(id(mark.style), _rank(mark.style))
        groups.setdefault((_LAYERS[type(mark)], rank, _RANKS[type(mark)]), []).append(mark)
    return [groups[key] for key in sorted(groups)]


def _rank(style: Style) -> tuple[object, ...]:
    look = (style.colour, style.thickness, style.dashed, style.fill_alpha, style.selected, style.dimmed)
    return _prominence(style), *look


def _prominence(style: Style) -> int:
    return 2 if style.selected else 0 if style.dimmed else 1


def _ink(style: Style) -> Ink:
    factor = _DIMMED if style.dimmed else 1.0
    red, green, blue = (round(level * factor) for level in style.colour)
    return red, green, blue, 255


# --- insides -------------------------------------------------------------------------------------


def _paint_insides(surface: Surface, groups: list[list[Mark]], viewport: Viewport) -> Rect:
    filled = [group for group in groups if group[0].style.fill_alpha > 0 and not group[0].style.dimmed]
    if not filled:
        return EMPTY
    layer = np.zeros_like(surface)
    touched = EMPTY
    for group in sorted(filled, key=lambda group: _rank(group[0].style)):
        ink = fills.translucent(_ink(group[0].style), group[0].style.fill_alpha)
        touched = touched.union(_fill(layer, group, viewport, ink))
    fills.lay_over(surface, layer, touched)
    return touched


def _fill(layer: Surface, group: list[Mark], viewport: Viewport, ink: Ink) -> Rect:
    if isinstance(group[0], BoxMark):
        return fills.fill_boxes(layer, _corners(cast("list[BoxMark]", group), viewport), ink)
    if isinstance(group[0], PolygonMark):
        polygons = cast("list[PolygonMark]", group)
        rings = iter(_on_screen([ring for mark in polygons for ring in mark.rings], viewport))
        return fills.fill_polygons(layer, [[next(rings) for _ in mark.rings] for mark in polygons], ink)
    touched = EMPTY
    for mark in group:
        if isinstance(mark, MaskMark):
            shown, where = fills.mask_on_screen(mark, viewport)
            where.of(layer)[shown] = ink
            touched = touched.union(where)
    return touched


# --- painters: (surface, marks of one kind and style, viewport, crowded) -> what was touched --------


def _corners(boxes: list[BoxMark], viewport: Viewport) -> Points:
    sizes = np.array([mark.box_px for mark in boxes], np.float64)
    sizes[:, 2:] += sizes[:, :2]
    return viewport.to_screen(sizes.reshape(-1, 2, 2)).reshape(-1, 4)


def _paint_boxes(surface: Surface, group: list[Mark], viewport: Viewport, crowded: bool) -> Rect:
    style = group[0].style
    corners = _corners(cast("list[BoxMark]", group), viewport)
    if not style.dashed:
        return strokes.rectangles(surface, corners, _ink(style), style.thickness)
    return _stroke(surface, list(corners[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)), style, crowded, closed=True)


def _stroke(surface: Surface, paths: list[Points], style: Style, crowded: bool, *, closed: bool) -> Rect:
    thickness = 1 if crowded and not style.selected else style.thickness
    pen = strokes.dashes if style.dashed else strokes.lines
    return pen(surface, paths, _ink(style), thickness, closed=closed)


def _on_screen(arrays: list[Points], viewport: Viewport) -> list[Points]:
    """Return each array of points on the screen, mapped all at once."""
    return strokes.split(viewport.to_screen(np.concatenate(arrays)), arrays) if arrays else []


def _paint_polygons(surface: Surface, group: list[Mark], viewport: Viewport, crowded: bool) -> Rect:
    rings = list(chain.from_iterable(mark.rings for mark in cast("list[PolygonMark]", group)))
    return _stroke(surface, _on_screen(rings, viewport), group[0].style, crowded, closed=True)


def _paint_polylines(surface: Surface, group: list[Mark], viewport: Viewport, crowded: bool) -> Rect:
    paths = [mark.points for mark in cast("list[PolylineMark]", group)]
    return _stroke(surface, _on_screen(paths, viewport), group[0].style, crowded, closed=False)


def _paint_points(surface: Surface, group: list[Mark], viewport: Viewport, _crowded: bool) -> Rect:
    style = group[0].style
    centres = viewport.to_screen([mark.point_px for mark in cast("list[PointMark]", group)])
    radius = labels.SELECTED_POINT_RADIUS if style.selected else labels.POINT_RADIUS
    halo = strokes.discs(surface, centres, radius + 1, labels.DARK_INK)
    return halo.union(strokes.discs(surface, centres, radius, _ink(style)))


def _paint_skeletons(surface: Surface, group: list[Mark], viewport: Viewport, crowded: bool) -> Rect:
    touched = EMPTY
    for mark in cast("list[SkeletonMark]", group):
        points = viewport.to_screen(mark.points)
        known = mark.visibility != _HIDDEN
        bones = [points[[a, b]] for a, b in mark.edges if max(a, b) < len(points) and known[a] and known[b]]
        touched = touched.union(_stroke(surface, bones, mark.style, crowded, closed=False))
        ink = _ink(mark.style)
        seen, covered = points[mark.visibility == _SEEN], points[mark.visibility > _SEEN]
        touched = touched.union(strokes.discs(surface, seen, labels.JOINT_RADIUS, ink))
        touched = touched.union(strokes.discs(surface, covered, labels.JOINT_RADIUS, ink, thickness=1))
    return touched


def _paint_mask_edges(surface: Surface, group: list[Mark], viewport: Viewport, _crowded: bool) -> Rect:
    import cv2

    touched = EMPTY
    ink = _ink(group[0].style)
    for mark in cast("list[MaskMark]", group):
        shown, where = fills.mask_on_screen(mark, viewport)
        if not where.empty:
            bits = shown.view(np.uint8)
            around = np.ones((2 * mark.style.thickness + 1,) * 2, np.uint8)
            inner = cv2.erode(bits, around, borderType=cv2.BORDER_CONSTANT, borderValue=0)
            where.of(surface)[(bits & ~inner).view(np.bool_)] = ink
            touched = touched.union(where)
    return touched


def _paint_handles(surface: Surface, group: list[Mark], viewport: Viewport, _crowded: bool) -> Rect:
    handles = cast("list[HandleMark]", group)
    centres = viewport.to_screen([mark.point_px for mark in handles])
    active = np.array([mark.active for mark in handles])
    return labels.squares(surface, centres, _ink(group[0].style), active)


def _paint_crosshairs(surface: Surface, group: list[Mark], viewport: Viewport, _crowded: bool) -> Rect:
    height, width = surface.shape[:2]
    centres = viewport.to_screen([mark.point_px for mark in cast("list[CrosshairMark]", group)])
    paths = [
        np.array(path)
        for x, y in centres.tolist()
        for path in ([(0.0, y), (float(width), y)], [(x, 0.0), (x, float(height))])
    ]
    return strokes.lines(surface, paths, _ink(group[0].style), group[0].style.thickness, closed=False)


def _paint_grids(surface: Surface, group: list[Mark], viewport: Viewport, _crowded: bool) -> Rect:
    touched = EMPTY
    for mark in cast("list[GridMark]", group):
        x, y, width, height = mark.box_px
        corners = viewport.to_screen([(x, y), (x + width, y + height)])
        touched = touched.union(labels.grid(surface, corners, mark.letters, _ink(mark.style), mark.style.thickness))
    return touched


def _paint_pins(surface: Surface, group: list[Mark], viewport: Viewport, _crowded: bool) -> Rect:
    touched = EMPTY
    for mark in cast("list[PinMark]", group):
        touched = touched.union(labels.pin(surface, viewport.to_screen(mark.point_px), mark.text, _ink(mark.style)))
    return touched


def _paint_tags(surface: Surface, group: list[Mark], viewport: Viewport, _crowded: bool) -> Rect:
    touched = EMPTY
    for mark in cast("list[TagMark]", group):
        x, y, width, height = mark.box_px
        corners = viewport.to_screen([(x, y), (x + width, y + height)])
        touched = touched.union(labels.tag(surface, corners, mark.text, _ink(mark.style)))
    return touched


_PAINTERS: dict[type, Callable[[Surface, list[Mark], Viewport, bool], Rect]] = {
    MaskMark: _paint_mask_edges,
    PolygonMark: _paint_polygons,
    BoxMark: _paint_boxes,
    PolylineMark: _paint_polylines,
    SkeletonMark: _paint_skeletons,
    PointMark: _paint_points,
    GridMark: _paint_grids,
    CrosshairMark: _paint_crosshairs,
    TagMark: _paint_tags,
    HandleMark: _paint_handles,
    PinMark: _paint_pins,
}
# Shapes share a layer, so that a selected one lies above the others whatever its kind.
_RANKS = {kind: rank for rank, kind in enumerate(_PAINTERS)}
_LAYERS = {kind: 0 if rank < 6 else rank for kind, rank in _RANKS.items()}
