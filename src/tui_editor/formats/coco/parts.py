"""The shapes of COCO annotations: polygons by blocks, masks, boxes and keypoints one by one.

An annotation has at most one outline (polygon, mask or box) and a skeleton. What can't be written back exactly from
the shape itself is named, so that the reader keeps the source's own value.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgspec
import numpy as np

from tui_editor.errors import FormatError, InvalidShape
from tui_editor.formats.coco.schema import NOTHING
from tui_editor.formats.json_input import decode_any, place
from tui_editor.model.columns import Geometry, Ragged, pack
from tui_editor.model.masks import (
    bitmask_from_coco_counts,
    bitmask_from_coco_string,
    coco_counts,
    coco_string,
    empty_bitmask,
)
from tui_editor.model.shapes import Bitmask, ShapeKind, Visibility

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tui_editor.formats.coco.schema import Annotation

VISIBILITIES = {0: Visibility.INVISIBLE, 1: Visibility.OCCLUDED, 2: Visibility.VISIBLE}
"""COCO's `v`: not labelled, labelled but not visible, visible."""

_BLANK = b"[] \t\r\n"
_LONG = 200
"""A list of more bytes is taken to hold numbers, not only brackets and blanks, without looking."""
_ZEROS = b"[]0., \t\r\n"
_NO_COLUMNS = np.empty((1, 0), np.float64)
_Rings = list[list[float]]


@dataclass(slots=True, eq=False)
class Parts:
    """The shapes of one annotation."""

    shapes: list[Geometry]
    """Of one row each: the outline first, then the skeleton."""
    keep: tuple[str, ...] = ()
    """Keys whose own value must be kept, for the shapes don't give it back."""
    problem: str = ""
    """What could not be carried."""
    rle: str = ""
    """How a mask was written, `string` or `counts`; empty for others."""


def outline_of(annotation: Annotation) -> ShapeKind | None:
    """Return the kind of an annotation's outline by its first bytes, None when it has none."""
    segmentation = bytes(annotation.segmentation)
    first = segmentation[:1]
    if first == b"[" and (len(segmentation) > _LONG or segmentation.strip(_BLANK)):
        return ShapeKind.POLYGON
    if first == b"{":
        return ShapeKind.BITMASK
    return ShapeKind.BOX if bytes(annotation.bbox).strip(_BLANK) not in {b"", b"null"} else None


def has_skeleton(annotation: Annotation) -> bool:
    """Return whether any of its keypoints is labelled."""
    keypoints = bytes(annotation.keypoints)
    return keypoints.startswith(b"[") and bool(keypoints.strip(_ZEROS))


def content_sum(geometry: Geometry) -> int:
    """Return a checksum of a one-row geometry: tells at export whether it is still what was imported."""
    fixed = geometry.fixed
    found = crc32(np.ascontiguousarray(fixed).data) if fixed.size else 0
    for column in geometry.ragged:
        found = crc32(column.values.data, found)
    return found


class Shaper:
    """Makes the shapes of a block of annotations.

    Args:
        path: Of the file, for messages.
        sizes: (width, height) in pixels of each annotation's image.
        points: Number of keypoints of each annotation's category.
    """

    def __init__(self, path: Path, sizes: Sequence[tuple[int, int]], points: Sequence[int]) -> None:
        self._path = path
        self._sizes = sizes
        self._points = points

    def block(
        self, rows: Sequence[int], annotations: Sequence[Annotation], kinds: Sequence[ShapeKind | None]
    ) -> list[Parts]:
        """Return the shapes of annotations; `rows` are their places in the file, `kinds` those of their outlines.

        Raises:
            FormatError: a geometry is not made of numbers.
        """
        polygons = [i for i, kind in enumerate(kinds) if kind == ShapeKind.POLYGON]
        outlines = dict(zip(polygons, self._polygons(polygons, rows, annotations), strict=True))
        found = []
        for i, (kind, annotation) in enumerate(zip(kinds, annotations, strict=True)):
            parts = outlines.get(i) or self._outline(kind, annotation, rows[i], self._sizes[i])
            if annotation.keypoints is not NOTHING and has_skeleton(annotation):
                self._add_skeleton(parts, annotation, rows[i], self._points[i])
            found.append(parts)
        return found

    def boxes(self, rows: Sequence[int], annotations: Sequence[Annotation]) -> list[Any]:
        """Return the `bbox` of each annotation as the file has it, None where it has none."""
        raws = [bytes(a.bbox) or b"null" for a in annotations]
        try:
            found: list[Any] = msgspec.json.decode(b"[%s]" % b",".join(raws))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            pointers = (f"/annotations/{row}/bbox" for row in rows)
            return [decode_any(raw, self._path, p) for raw, p in zip(raws, pointers, strict=True)]
        return found

    def _polygons(
        self, which: Sequence[int], rows: Sequence[int], annotations: Sequence[Annotation]
    ) -> Iterator[Parts]:
        raws = [bytes(annotations[i].segmentation) for i in which]
        try:
            block = msgspec.json.decode(b"[%s]" % b",".join(raws), type=list[list[list[float]]])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            for i, raw in zip(which, raws, strict=True):
                yield self._odd_polygon(raw, rows[i])
            return
        yield from _cut(block)

    def _odd_polygon(self, raw: bytes, row: int) -> Parts:
        """Return a polygon that may hold anything: what is no list of numbers is refused with its place."""
        pointer = f"/annotations/{row}/segmentation"
        rings = decode_any(raw, self._path, pointer)
        if all(_is_number(v) for v in rings):
            parts = next(_cut([[[float(v) for v in rings]]]))  # one ring without its list
            parts.keep = ("segmentation",)
            return parts
        for k, ring in enumerate(rings):
            if not isinstance(ring, list) or not all(_is_number(v) for v in ring):
                raise FormatError("a polygon is not a list of numbers", where=place(self._path, f"{pointer}/{k}"))
        return next(_cut([[[float(v) for v in ring] for ring in rings]]))

    def _outline(self, kind: ShapeKind | None, annotation: Annotation, row: int, size: tuple[int, int]) -> Parts:
        if kind == ShapeKind.BITMASK:
            return self._mask(annotation, row, size)
        if kind == ShapeKind.BOX:
            return self._box(annotation, row)
        return Parts([])

    def _mask(self, annotation: Annotation, row: int, size: tuple[int, int]) -> Parts:
        value = decode_any(annotation.segmentation, self._path, f"/annotations/{row}/segmentation")
        mask, written = _read_rle(value)
        if not written:
            return Parts([pack([mask])], ("segmentation",), "malformed mask (kept as it is)")
        exact = size == (value["size"][1], value["size"][0]) and write_rle(mask, *size, written) == value
        return Parts([pack([mask])], () if exact else ("segmentation",), rle=written)

    def _box(self, annotation: Annotation, row: int) -> Parts:
        pointer = f"/annotations/{row}/bbox"
        value = decode_any(annotation.bbox, self._path, pointer)
        if not isinstance(value, list) or len(value) != 4 or not all(_is_number(v) for v in value):
            raise FormatError("a box is not a list of four numbers", where=place(self._path, pointer))
        return Parts([Geometry(ShapeKind.BOX, np.array([value], np.float64))])

    def _add_skeleton(self, parts: Parts, annotation: Annotation, row: int, points: int) -> None:
        pointer = f"/annotations/{row}/keypoints"
        value = decode_any(annotation.keypoints, self._path, pointer)
        if not all(_is_number(v) for v in value):
            raise FormatError("keypoints are not a list of numbers", where=place(self._path, pointer))
        seen = value[2::3]
        if not points or len(value) != 3 * points:
            parts.keep += ("keypoints",)
            parts.problem = "keypoints that don't fit their category (kept as they are)"
            return
        if any(v not in VISIBILITIES for v in seen):
            parts.keep += ("keypoints",)
        table = np.array(value, np.float64).reshape(-1, 3)
        table[:, 2] = [VISIBILITIES.get(v, Visibility.VISIBLE) for v in seen]
        if parts.shapes and _is_box_around(parts.shapes[0], table):
            parts.shapes.clear()
        parts.shapes.append(Geometry(ShapeKind.SKELETON, table.reshape(1, -1)))


def _is_box_around(geometry: Geometry, table: NDArray[np.float64]) -> bool:
    """Return whether a box only says where the labelled points (k, 3) are: what we write for a skeleton alone."""
    points = table[table[:, 2] != Visibility.INVISIBLE, :2]
    if geometry.kind != ShapeKind.BOX or not len(points):
        return False
    low, high = points.min(axis=0), points.max(axis=0)
    return bool(np.array_equal(geometry.fixed[0], [*low, *(high - low)]))


def _cut(block: Sequence[_Rings]) -> Iterator[Parts]:
    """Yield a polygon for each list of rings; all share their arrays."""
    lengths = [len(ring) for rings in block for ring in rings]
    if any(length % 2 for length in lengths):
        yield from _cut_odd(block)
        return
    coords = np.fromiter(chain.from_iterable(chain.from_iterable(block)), np.float64, sum(lengths))
    start = row = 0
    for rings in block:
        count = len(rings)
        if count == 1:
            stop = start + lengths[row]
            rings_column, empty = _one_ring(lengths[row]), stop == start
        else:
            here = lengths[row : row + count]
            stop = start + sum(here)
            rings_column, empty = _rings(here), 0 in here
        columns = (Ragged(coords[start:stop], _whole(stop - start)), rings_column)
        yield Parts([Geometry(ShapeKind.POLYGON, _NO_COLUMNS, columns)], ("segmentation",) if empty else ())
        start, row = stop, row + count


@lru_cache(maxsize=4096)
def _whole(length: int) -> NDArray[np.int64]:
    """Return the offsets of a column whose only row has `length` values."""
    return np.array([0, length])


@lru_cache(maxsize=4096)
def _one_ring(length: int) -> Ragged:
    return _rings([length])


def _rings(lengths: Sequence[int]) -> Ragged:
    """Return packed ring lengths in points, each ring a part of its own; `lengths` count numbers."""
    return Ragged(np.array([-length // 2 for length in lengths], np.int32), _whole(len(lengths)))


def _cut_odd(block: Sequence[_Rings]) -> Iterator[Parts]:
    """Yield polygons of rings that may lack their last y: that x is left out."""
    for rings in block:
        odd = any(len(ring) % 2 for ring in rings)
        parts = next(_cut([[ring[: len(ring) // 2 * 2] for ring in rings]]))
        if odd:
            parts.keep, parts.problem = ("segmentation",), "polygon with an odd number of coordinates (kept as it is)"
        yield parts


def _read_rle(value: Any) -> tuple[Bitmask, str]:
    """Return a mask and how it was written; an empty one and nothing when it is malformed."""
    size = value.get("size") if isinstance(value, dict) else None
    counts = value.get("counts") if isinstance(value, dict) else None
    if isinstance(size, list) and len(size) == 2 and all(type(v) is int for v in size):
        try:
            if isinstance(counts, str):
                return bitmask_from_coco_string(counts, size[1], size[0]), "string"
            if isinstance(counts, list) and all(type(v) is int for v in counts):
                return bitmask_from_coco_counts(counts, size[1], size[0]), "counts"
        except InvalidShape:
            pass
    return empty_bitmask(), ""


def write_rle(mask: Bitmask, width: int, height: int, written: str) -> dict[str, Any]:
    """Return a mask as COCO's run lengths in a frame, as a `string` or as `counts`."""
    counts: Any = coco_string(mask, width, height)
    if written == "counts":
        counts = coco_counts(mask, width, height).tolist()
    return {"counts": counts, "size": [height, width]}


def rings_of(coords: NDArray[np.float64], lengths: NDArray[np.int32]) -> _Rings:
    """Return a polygon's packed coordinates as COCO's flat lists, one for each ring."""
    ends = np.cumsum(np.abs(lengths.astype(np.int64)) * 2).tolist()
    flat = coords.tolist()
    return [flat[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)]


_MOST_BITS = 1024
"""Of a whole number that a float can hold."""


def _is_number(value: Any) -> bool:
    # JSON's whole numbers have no end, coordinates do
    return type(value) is float or (type(value) is int and value.bit_length() < _MOST_BITS)
