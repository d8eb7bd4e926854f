"""The shapes of COCO annotations, in the bytes that stores keep.

An annotation has at most one outline (polygon, mask or box) and a skeleton. What can't be written back exactly from
the shape itself is named, so that the reader keeps the source's own value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

import msgspec
import numpy as np
from msgspec import Struct

from tui_editor.errors import FormatError, InvalidShape
from tui_editor.formats.coco.schema import NOTHING
from tui_editor.formats.json_input import decode_any, place
from tui_editor.model.columns import pack
from tui_editor.model.encoded import EncodedShape, encode_geometry, encode_numbers, encode_rings
from tui_editor.model.masks import (
    bitmask_from_coco_counts,
    bitmask_from_coco_string,
    coco_counts,
    coco_string,
    empty_bitmask,
)
from tui_editor.model.shapes import Bitmask, ShapeKind, Visibility
from tui_editor.model.unreadable import UNREADABLE

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from tui_editor.formats.coco.schema import Annotation

VISIBILITIES = {0: Visibility.INVISIBLE, 1: Visibility.OCCLUDED, 2: Visibility.VISIBLE}
"""COCO's `v`: not labelled, labelled but not visible, visible."""

_BLANK = b"[] \t\r\n"
_LONG = 200
"""A list of more bytes is taken to hold numbers, not only brackets and blanks, without looking."""
_ZEROS = b"[]0., \t\r\n"
_Rings = list[list[float]]
_decode_rings = msgspec.json.Decoder(_Rings).decode
_decode_box = msgspec.json.Decoder(tuple[float, float, float, float]).decode


class Parts(Struct, eq=False):
    """The shapes of one annotation."""

    shapes: list[EncodedShape]
    """The outline first, then the skeleton."""
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


def content_sum(shape: EncodedShape) -> int:
    """Return a checksum of a shape: tells at export whether it is still what was imported."""
    found = crc32(shape.fixed)
    for column in shape.ragged:
        found = crc32(column, found)
    return found


class Shaper:
    """Makes the shapes of annotations.

    Args:
        path: Of the file, for messages.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def parts(
        self, row: int, annotation: Annotation, outline: ShapeKind | None, *, size: tuple[int, int], points: int
    ) -> Parts:
        """Return the shapes of an annotation.

        Args:
            row: Its place in the file.
            annotation: What the file says.
            outline: Kind of its outline.
            size: (width, height) in pixels of its image.
            points: Number of keypoints of its category.

        Raises:
            FormatError: a geometry is not made of numbers.
        """
        if outline is ShapeKind.POLYGON:
            parts = self._polygon(annotation, row)
        elif outline is ShapeKind.BOX:
            parts = self._box(annotation, row)
        elif outline is ShapeKind.BITMASK:
            parts = self._mask(annotation, row, size)
        else:
            parts = Parts([])
        if annotation.keypoints is not NOTHING and has_skeleton(annotation):
            self._add_skeleton(parts, annotation, row, points)
        return parts

    def _polygon(self, annotation: Annotation, row: int) -> Parts:
        try:
            return _polygon(_decode_rings(annotation.segmentation))
        except UNREADABLE:
            return self._odd_polygon(annotation, row)

    def _odd_polygon(self, annotation: Annotation, row: int) -> Parts:
        """Return a polygon that may hold anything: what is no list of numbers is refused with its place."""
        pointer = f"/annotations/{row}/segmentation"
        rings = decode_any(annotation.segmentation, self._path, pointer)
        if all(_is_number(v) for v in rings):
            parts = _polygon([[float(v) for v in rings]])  # one ring without its list
            parts.keep = ("segmentation",)
            return parts
        for k, ring in enumerate(rings):
            if not isinstance(ring, list) or not all(_is_number(v) for v in ring):
                raise FormatError("a polygon is not a list of numbers", where=place(self._path, f"{pointer}/{k}"))
        return _polygon([[float(v) for v in ring] for ring in rings])

    def _mask(self, annotation: Annotation, row: int, size: tuple[int, int]) -> Parts:
        value = decode_any(annotation.segmentation, self._path, f"/annotations/{row}/segmentation")
        mask, written = _read_rle(value)
        shape = encode_geometry(pack([mask]))
        if not written:
            return Parts([shape], ("segmentation",), "malformed mask (kept as it is)")
        exact = size == (value["size"][1], value["size"][0]) and write_rle(mask, *size, written) == value
        return Parts([shape], () if exact else ("segmentation",), rle=written)

    def _box(self, annotation: Annotation, row: int) -> Parts:
        try:
            return Parts([encode_numbers(ShapeKind.BOX, _decode_box(annotation.bbox))])
        except UNREADABLE:
            return self._odd_box(annotation, row)

    def _odd_box(self, annotation: Annotation, row: int) -> Parts:
        pointer = f"/annotations/{row}/bbox"
        value = decode_any(annotation.bbox, self._path, pointer)
        if not isinstance(value, list) or len(value) != 4 or not all(_is_number(v) for v in value):
            raise FormatError("a box is not a list of four numbers", where=place(self._path, pointer))
        return Parts([encode_numbers(ShapeKind.BOX, value)])

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
        parts.shapes.append(encode_numbers(ShapeKind.SKELETON, table.ravel().tolist()))


def _is_box_around(shape: EncodedShape, table: NDArray[np.float64]) -> bool:
    """Return whether a box only says where the labelled points (k, 3) are: what we write for a skeleton alone."""
    points = table[table[:, 2] != Visibility.INVISIBLE, :2]
    if shape.kind is not ShapeKind.BOX or not len(points):
        return False
    low, high = points.min(axis=0), points.max(axis=0)
    return np.array_equal(np.frombuffer(shape.fixed), [*low, *(high - low)])


def _polygon(rings: _Rings) -> Parts:
    """Return a polygon; a ring that lacks its last y loses that x."""
    sizes = [len(ring) for ring in rings]
    if 1 in [size % 2 for size in sizes]:
        parts = _polygon([ring[: len(ring) // 2 * 2] for ring in rings])
        parts.keep, parts.problem = ("segmentation",), "polygon with an odd number of coordinates (kept as it is)"
        return parts
    return Parts([encode_rings(rings)], ("segmentation",) if 0 in sizes else ())


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
