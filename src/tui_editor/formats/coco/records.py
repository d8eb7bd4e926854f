"""Makes COCO annotations of instances: as they were read where nothing changed, anew where something did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct, field

from tui_editor.formats.coco.parts import VISIBILITIES, content_sum, rings_of, write_rle
from tui_editor.model.encoded import encode_geometry
from tui_editor.model.mask_outlines import polygon_to_bitmask
from tui_editor.model.masks import area, bounding_rect
from tui_editor.model.shapes import (
    Bitmask,
    Box,
    Polygon,
    RotatedBox,
    Shape,
    ShapeKind,
    Skeleton,
    Visibility,
    bounds,
    rotated_corners,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tui_editor.formats.coco.schema import Key
    from tui_editor.formats.losses import LossLog
    from tui_editor.model.columns import Geometry
    from tui_editor.model.instances import Instance

OUTLINES = (ShapeKind.POLYGON, ShapeKind.BITMASK, ShapeKind.BOX, ShapeKind.ROTATED_BOX)
WRITABLE = (*OUTLINES, ShapeKind.SKELETON)
"""Kinds of shapes that become annotations; a rotated box becomes a polygon."""

_MISSING = object()
_SEEN = {Visibility.INVISIBLE: 0, Visibility.OCCLUDED: 1, Visibility.SELF_OCCLUDED: 1, Visibility.VISIBLE: 2}
_GEOMETRY_KEYS = {"segmentation", "bbox", "area", "keypoints", "num_keypoints"}
assert set(_SEEN) == set(Visibility) >= set(VISIBILITIES.values())


class Piece(Struct, eq=False):
    """One instance's label on one image."""

    instance: Instance
    geometry: Geometry
    """Of one row."""
    kept: Mapping[str, Any]
    """What was kept of the annotation that it was read from; empty when it is a new one."""

    @property
    def unchanged(self) -> bool:
        """Return whether the shape is the one that was read."""
        return bool(self.kept) and self.kept.get("sum") == content_sum(encode_geometry(self.geometry))


class Record(Struct, eq=False):
    """An annotation without `id` and `image_id`."""

    body: dict[str, Any]
    place: int | None = None
    """Row of the file that it was read from."""
    id: Key | None = None
    no_id: bool = False
    """Whether the source gave it no id at all."""
    shared_id: bool = False
    """Whether other annotations of its file have the same id."""


class _Group(Struct, eq=False):
    outline: Piece | None = None
    skeleton: Piece | None = None
    pieces: list[Piece] = field(default_factory=list)

    def add(self, piece: Piece) -> bool:
        """Take a piece in; refuse it when its place is taken."""
        slot = "skeleton" if piece.geometry.kind == ShapeKind.SKELETON else "outline"
        if getattr(self, slot) is not None:
            return False
        setattr(self, slot, piece)
        self.pieces.append(piece)
        return True


def records(
    pieces: Iterable[Piece], categories: Mapping[str, Key], size: tuple[int, int], log: LossLog
) -> Iterator[Record]:
    """Yield the annotations of one image; pieces of one source annotation become one again.

    Args:
        pieces: All labels of the image that are `WRITABLE`.
        categories: Category id by class id.
        size: (width, height) of the image in pixels; 0 when unknown.
        log: Takes what can't be written.
    """
    for group in _groups(pieces):
        if all(piece.unchanged or _finite(piece.geometry) for piece in group.pieces):
            yield _record(group, categories, size, log)
        else:
            log.add("label with a coordinate that is not a number", count=len(group.pieces))


def _groups(pieces: Iterable[Piece]) -> list[_Group]:
    found: list[_Group] = []
    tied: dict[tuple[str, Any], _Group] = {}
    for piece in pieces:
        key = (piece.instance.source_id, piece.kept.get("n"))
        group = tied.get(key) if piece.kept else None
        if group is None or not group.add(piece):
            fresh = _Group()
            if group is not None:
                piece.kept = {}  # a copy of an instance: the annotation is written once
            fresh.add(piece)
            found.append(fresh)
            if piece.kept:
                tied[key] = fresh
    return found


def _record(group: _Group, categories: Mapping[str, Key], size: tuple[int, int], log: LossLog) -> Record:
    first = group.pieces[0]
    kept = first.kept
    keep: dict[str, Any] = dict(kept.get("keep", {}))
    source_id = keep.pop("id", _MISSING)
    if source_id is _MISSING:
        source_id = _number(first.instance.source_id) if kept else None
    parts = kept.get("parts", [first.geometry.kind.value])
    whole = bool(kept) and {p.geometry.kind.value for p in group.pieces} == set(parts)
    body = {k: v for k, v in keep.items() if whole or k not in _GEOMETRY_KEYS}
    body.update(_outline(group, keep, whole=whole, size=size, log=log))
    if group.skeleton is not None:
        body.update(_skeleton(group.skeleton, keep, whole=whole, log=log))
    if not whole:
        body.setdefault("iscrowd", 0)
    body["category_id"] = categories[first.instance.class_id]
    _count_answers(first.instance, log)
    return Record(
        body=body,
        place=kept.get("n"),
        id=source_id,
        no_id=bool(kept) and first.instance.source_id.startswith("#") and "id" not in kept.get("keep", {}),
        shared_id=source_id is not None and first.instance.source_id != str(source_id),
    )


def _number(text: str) -> int | None:
    return int(text) if text.removeprefix("-").isdecimal() else None


def _outline(
    group: _Group, keep: Mapping[str, Any], *, whole: bool, size: tuple[int, int], log: LossLog
) -> dict[str, Any]:
    piece = group.outline
    if piece is None:
        if whole or group.skeleton is None:
            return {}
        return _of_box(_box_around(group.skeleton.geometry.shape(0)))
    if not piece.unchanged:
        return outline(piece.geometry.shape(0), size, log)
    given = {name: keep[name] for name in ("bbox", "area") if name in keep}
    return given | _as_read(piece, keep, size)


def _as_read(piece: Piece, keep: Mapping[str, Any], size: tuple[int, int]) -> dict[str, Any]:
    """Return the geometry of an unchanged outline as the source wrote it."""
    geometry = piece.geometry
    if geometry.kind == ShapeKind.BOX:
        given = {"segmentation": keep["segmentation"]} if "segmentation" in keep else {}
        return {"bbox": _numbers(geometry.fixed[0]), **given}
    if "segmentation" in keep:
        return {"segmentation": keep["segmentation"]}
    if geometry.kind == ShapeKind.POLYGON:
        return {"segmentation": rings_of(geometry.ragged[0].values, geometry.ragged[1].values)}
    mask = geometry.shape(0)
    assert isinstance(mask, Bitmask)
    return {"segmentation": write_rle(mask, *size, piece.kept.get("rle") or "string")}


def outline(shape: Shape, size: tuple[int, int], log: LossLog) -> dict[str, Any]:
    """Return segmentation, box and area of a shape.

    The area counts pixels by COCO's rasteriser, as `COCO.loadRes` of pycocotools does; for boxes it is their product.
    """
    match shape:
        case Polygon(parts):
            return _of_polygon(shape, size, log, holes=any(len(part) > 1 for part in parts))
        case Bitmask():
            return _of_mask(shape, size)
        case RotatedBox():
            log.add("rotated box (written as polygon)")
            return _of_polygon(Polygon(((rotated_corners(shape),),)), size, log, holes=False)
        case _:
            return _of_box(shape if isinstance(shape, Box) else _box_around(shape))


def _of_polygon(shape: Polygon, size: tuple[int, int], log: LossLog, *, holes: bool) -> dict[str, Any]:
    around = _box_around(shape)
    frame = size if all(size) else (int(np.ceil(around.x + around.width)), int(np.ceil(around.y + around.height)))
    mask = polygon_to_bitmask(shape, max(frame[0], 0), max(frame[1], 0))
    if holes:
        log.add("polygon with holes (written as mask)")
        return _of_mask(mask, frame)
    rings = [ring.ravel().tolist() for part in shape.parts for ring in part]
    return {"segmentation": rings, "bbox": _box_list(around), "area": area(mask)}


def _of_mask(mask: Bitmask, size: tuple[int, int]) -> dict[str, Any]:
    frame = size if all(size) else (mask.left + mask.width, mask.top + mask.height)
    return {"segmentation": write_rle(mask, *frame, "string"), "bbox": list(bounding_rect(mask)), "area": area(mask)}


def _of_box(box: Box) -> dict[str, Any]:
    return {"segmentation": [], "bbox": _box_list(box), "area": box.width * box.height}


def _box_list(box: Box) -> list[float]:
    return [box.x, box.y, box.width, box.height]


def _box_around(shape: Shape) -> Box:
    x0, y0, x1, y1 = bounds(shape) or (0.0, 0.0, 0.0, 0.0)
    return Box(x0, y0, x1 - x0, y1 - y0)


def _skeleton(piece: Piece, keep: Mapping[str, Any], *, whole: bool, log: LossLog) -> dict[str, Any]:
    given = {name: keep[name] for name in ("keypoints", "num_keypoints") if name in keep}
    if piece.unchanged and ("keypoints" in given or whole):
        return given if "keypoints" in given else given | {"keypoints": _keypoints(piece, log)}
    values = _keypoints(piece, log)
    return {"keypoints": values, "num_keypoints": sum(v > 0 for v in values[2::3])}


def _keypoints(piece: Piece, log: LossLog) -> list[float]:
    shape = piece.geometry.shape(0)
    assert isinstance(shape, Skeleton)
    hidden = int((shape.visibility == Visibility.SELF_OCCLUDED).sum())
    if hidden:
        log.add("self-occluded point (written as labelled, not visible)", count=hidden)
    seen = [_SEEN[Visibility(v)] for v in shape.visibility.tolist()]
    flat = [[*_numbers(point), v] for point, v in zip(shape.points, seen, strict=True)]
    return [value for triple in flat for value in triple]


def _numbers(values: Any) -> list[float]:
    """Return floats as a list, whole ones as int: the way COCO's own files write keypoints and boxes."""
    return [int(v) if v.is_integer() and abs(v) < 2**53 else v for v in np.asarray(values, np.float64).tolist()]


def _finite(geometry: Geometry) -> bool:
    columns = (column.values for column in geometry.ragged)
    return bool(np.isfinite(geometry.fixed).all()) and all(bool(np.isfinite(c).all()) for c in columns)


def _count_answers(instance: Instance, log: LossLog) -> None:
    if instance.dynamic:
        log.add("dynamic answer", count=len(instance.dynamic))
    if instance.answers:
        log.add("static answer", count=len(instance.answers))
