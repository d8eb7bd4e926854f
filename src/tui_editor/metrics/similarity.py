"""How much labels of the same frame have in common, each kind of shape by its own measure.

Rectangles and regions by intersection over union, skeletons by OKS, lines by their distance; classifications and
foreign shapes by being the same. Shapes of different families have nothing in common.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tui_editor.metrics.keypoints import SIGMA, keypoint_similarity, line_similarity, point_similarity
from tui_editor.metrics.pairs import Pairs, beside_each_other, box_overlap, join_pairs, make_pairs, within_groups
from tui_editor.model.extents import turned_corners
from tui_editor.model.mask_outlines import polygon_to_bitmask
from tui_editor.model.mask_sets import common
from tui_editor.model.masks import area, empty_bitmask
from tui_editor.model.polygons import figure, figure_overlap
from tui_editor.model.shapes import Bitmask, Polygon, Polyline, ShapeKind, same_shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui_editor.metrics.labels import Labels
    from tui_editor.metrics.pairs import Flags, Floats, Ints

    Measure = Callable[[Labels, Labels, Ints, Ints], Floats]
    """From two sides and the numbers of n labels of each to what they have in common."""

MOST_PIXELS = 1 << 28
"""In the rectangle around a region; larger ones are not filled."""
_EDGE_PX = 1e-6
"""Rectangles that only touch are looked at too: lines and points have no area."""


def similar_pairs(a: Labels, b: Labels, *, rectangles: bool = False) -> Pairs:
    """Return the pairs of labels of the same frame that have anything in common, by row, then column.

    Args:
        a: One side: the rows.
        b: The other side: the columns.
        rectangles: Compare all shapes by the upright rectangles around them.
    """
    if rectangles:
        kinds = tuple(kind for family in FAMILIES if family is not _PLAIN for kind in family)
        pieces = [_family(a, b, kinds, _by_rectangle)]
    else:
        pieces = [_family(a, b, kinds, measure) for kinds, measure in FAMILIES.items() if kinds is not _PLAIN]
    pieces.append(_family(a, b, _PLAIN, _same))
    joined = join_pairs(pieces)
    return make_pairs(joined.rows, joined.columns, joined.values)


def _family(a: Labels, b: Labels, kinds: tuple[ShapeKind, ...], measure: Measure) -> Pairs:
    rows, columns = a.of_kinds(kinds), b.of_kinds(kinds)
    if kinds is not _PLAIN:  # what is nowhere has nothing in common with anything
        rows, columns = rows[a.placed[rows]], columns[b.placed[columns]]
    found = []
    for r, c in _candidates(a, b, rows, columns):
        row, column = rows[r], columns[c]
        near = _near(a, b, row, column)
        row, column = row[near], column[near]
        values = measure(a, b, row, column) if len(row) else np.empty(0)
        kept = values > 0
        found.append(Pairs(row[kept], column[kept], np.minimum(values[kept], 1.0)))
    return join_pairs(found)


def _candidates(a: Labels, b: Labels, rows: Ints, columns: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield the pairs of the same frame; without those far apart where every shape has an extent."""
    sides = a.rectangle[rows], b.rectangle[columns]
    if all((side[:, 2:] > 0).all() for side in sides):
        return beside_each_other(sides[0], a.frame[rows], sides[1], b.frame[columns])
    return within_groups(a.frame[rows], b.frame[columns])


def _near(a: Labels, b: Labels, rows: Ints, columns: Ints) -> Flags:
    """Return which pairs of rectangles overlap or touch; those without geometry always do, as do single points."""
    one, other = a.rectangle[rows], b.rectangle[columns]
    gap = np.maximum(one[:, :2], other[:, :2]) - np.minimum(one[:, :2] + one[:, 2:], other[:, :2] + other[:, 2:])
    thin = ~((one[:, 2:] > 0).all(axis=1) & (other[:, 2:] > 0).all(axis=1))
    return np.asarray((gap <= _EDGE_PX).all(axis=1) | thin)


# --- measures ------------------------------------------------------------------------------------


def _by_rectangle(a: Labels, b: Labels, rows: Ints, columns: Ints) -> Floats:
    one, other = a.rectangle[rows], b.rectangle[columns]
    return np.asarray(np.maximum(box_overlap(one, other), (one == other).all(axis=1)))


def _rectangles(a: Labels, b: Labels, rows: Ints, columns: Ints) -> Floats:
    values = _by_rectangle(a, b, rows, columns)
    turned = (a.kind[rows] != _BOX) | (b.kind[columns] != _BOX)
    if turned.any():
        figures = [
            [_turned_figure(side, int(n)) for n in numbers[turned]] for side, numbers in ((a, rows), (b, columns))
        ]
        values[turned] = figure_overlap(figures[0], figures[1])
        values[turned] = np.maximum(values[turned], _equal(a, b, rows[turned], columns[turned]))
    return values


def _turned_figure(side: Labels, n: int) -> Any:
    kind = side.kind_at(n)
    fixed = side.fixed(np.array([n]), kind)
    row = fixed if kind is ShapeKind.ROTATED_BOX else np.pad(fixed[:, :4], ((0, 0), (0, 1)))
    corners = turned_corners(row)[0]
    return figure(Polygon(((corners,),)) if np.isfinite(corners).all() else Polygon(()))


def _regions(a: Labels, b: Labels, rows: Ints, columns: Ints) -> Floats:
    values = np.zeros(len(rows))
    both = (a.kind[rows] == _POLYGON) & (b.kind[columns] == _POLYGON)
    if both.any():
        outlines = [
            _each(numbers[both], lambda n, side=side: _outline(side, n))  # type: ignore[misc]  # of a lambda's default
            for side, numbers in ((a, rows), (b, columns))
        ]
        values[both] = figure_overlap(outlines[0], outlines[1])
    for place in np.flatnonzero(~both).tolist():
        values[place] = mask_overlap(bitmask_at(a, int(rows[place])), bitmask_at(b, int(columns[place])))
    return np.asarray(np.maximum(values, _equal(a, b, rows, columns)))


def _each(numbers: Ints, make: Callable[[int], Any]) -> list[Any]:
    """Return what is made of each number; of equal ones once."""
    made = {n: make(n) for n in np.unique(numbers).tolist()}
    return [made[n] for n in numbers.tolist()]


def _outline(side: Labels, n: int) -> Any:
    shape = side.shape(n)
    assert isinstance(shape, Polygon)
    finite = all(np.isfinite(ring).all() for part in shape.parts for ring in part)
    return figure(shape if finite else Polygon(()))


def bitmask_at(side: Labels, n: int) -> Bitmask:
    """Return the pixels of a region; kept, for a region is held against several others."""
    if n not in side.pixels:
        shape = side.shape(n)
        side.pixels[n] = shape if isinstance(shape, Bitmask) else _filled(side, n)
    return side.pixels[n]


def _filled(side: Labels, n: int) -> Bitmask:
    """Return the pixels of a polygon by COCO's rule; none of one that is larger than any picture."""
    shape = side.shape(n)
    assert isinstance(shape, Polygon)
    if not side.placed[n] or side.rectangle[n, 2:].prod() > MOST_PIXELS:
        return empty_bitmask()
    ends = np.ceil(side.rectangle[n, :2] + side.rectangle[n, 2:]) + 1
    size = np.where(side.frame_size[n] > 0, np.minimum(side.frame_size[n], ends), ends)  # a file may claim any size
    width, height = (int(v) for v in np.maximum(size, 1))
    return polygon_to_bitmask(shape, width, height)


def mask_overlap(a: Bitmask, b: Bitmask, *, crowd: bool = False) -> float:
    """Return intersection over union of two bitmasks; the share of `a` that lies in `b` where `b` is a crowd."""
    shared = area(common(a, b))
    union = area(a) if crowd else area(a) + area(b) - shared
    return shared / union if union else 0.0


def _skeletons(a: Labels, b: Labels, rows: Ints, columns: Ints) -> Floats:
    one, other = a.fixed(rows, ShapeKind.SKELETON), b.fixed(columns, ShapeKind.SKELETON)
    if one.shape[1] != other.shape[1]:
        return np.zeros(len(rows))
    truth, found = (table.reshape(len(table), -1, 3) for table in (one, other))
    around = a.rectangle[rows]
    sigmas = np.full(truth.shape[1], SIGMA)
    return keypoint_similarity(truth, found, np.maximum(around[:, 2] * around[:, 3], 1.0), sigmas, around)


def _points(a: Labels, b: Labels, rows: Ints, columns: Ints) -> Floats:
    one, other = a.fixed(rows, ShapeKind.KEYPOINT)[:, :2], b.fixed(columns, ShapeKind.KEYPOINT)[:, :2]
    return np.asarray(np.nan_to_num(point_similarity(one, other, a.frame_size[rows].prod(axis=1))))


def _lines(a: Labels, b: Labels, rows: Ints, columns: Ints) -> Floats:
    likeness = [max(line_likeness(a, b, r, c)) for r, c in zip(rows.tolist(), columns.tolist(), strict=True)]
    return np.asarray(np.nan_to_num(np.array(likeness, np.float64)))


def line_likeness(a: Labels, b: Labels, row: int, column: int) -> tuple[float, float]:
    """Return how alike two lines are as they run, and with one of them turned round."""
    one, other = a.shape(row), b.shape(column)
    assert isinstance(one, Polyline)
    assert isinstance(other, Polyline)
    if not len(one.points) or not len(other.points):
        return (0.0, 0.0)
    return line_similarity(one.points, other.points, float(a.frame_size[row].prod()))


def _same(a: Labels, b: Labels, rows: Ints, columns: Ints) -> Floats:
    """Return 1 for the same classification, and for the same foreign shape of one class."""
    same = a.klass[rows] == b.klass[columns]
    foreign = np.flatnonzero(same & (a.kind[rows] == _VERBATIM))
    same[foreign] = _equal(a, b, rows[foreign], columns[foreign])
    return np.asarray(same & (a.kind[rows] == b.kind[columns]), np.float64)


def _equal(a: Labels, b: Labels, rows: Ints, columns: Ints) -> Flags:
    """Return which pairs are equal in every number: also shapes without area are the same as themselves."""
    alike = np.nan_to_num(a.rectangle[rows]) == np.nan_to_num(b.rectangle[columns])
    equal = alike.all(axis=1)
    for place in np.flatnonzero(equal).tolist():
        equal[place] = same_shape(a.shape(int(rows[place])), b.shape(int(columns[place])))
    return np.asarray(equal, bool)


_PLAIN = (ShapeKind.PRESENCE, ShapeKind.VERBATIM)
FAMILIES: dict[tuple[ShapeKind, ...], Measure] = {
    (ShapeKind.BOX, ShapeKind.ROTATED_BOX): _rectangles,
    (ShapeKind.POLYGON, ShapeKind.BITMASK): _regions,
    (ShapeKind.SKELETON,): _skeletons,
    (ShapeKind.KEYPOINT,): _points,
    (ShapeKind.POLYLINE,): _lines,
    _PLAIN: _same,
}
"""Kinds of shapes that are compared with each other, and how."""
_BOX, _POLYGON, _VERBATIM = (
    tuple(ShapeKind).index(kind) for kind in (ShapeKind.BOX, ShapeKind.POLYGON, ShapeKind.VERBATIM)
)
