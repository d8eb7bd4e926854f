"""A COCO reader that takes one value after the other: what the real one, which makes none, is held against."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from tui_editor.errors import InvalidShape
from tui_editor.formats.coco.classes import pack_kept
from tui_editor.formats.coco.schema import KEYS
from tui_editor.model.columns import pack
from tui_editor.model.document import make_document
from tui_editor.model.instances import Instance
from tui_editor.model.masks import (
    bitmask_from_coco_counts,
    bitmask_from_coco_string,
    coco_counts,
    coco_string,
    empty_bitmask,
)
from tui_editor.model.shapes import Bitmask, Box, Polygon, Shape, ShapeKind, Skeleton, Visibility, ring
from tui_editor.model.tracks import Label, Origin, make_track

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tui_editor.model.columns import Geometry
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import ClassId, InstanceId, UnitId
    from tui_editor.model.ontology import Ontology

_SEEN = {0: Visibility.INVISIBLE, 1: Visibility.OCCLUDED, 2: Visibility.VISIBLE}


class PlainReader:
    """Makes documents of a COCO file's value, which has no geometry that must be refused."""

    def __init__(self, value: dict[str, Any], ontology: Ontology) -> None:
        self._value = value
        self._ontology = ontology
        self._uses = Counter(_hashable(a) for a in value["annotations"])
        self.problems: Counter[str] = Counter()

    def document(self, images: Sequence[int], unit: UnitId, ids: Iterator[InstanceId]) -> LabelDocument:
        """Return the labels of images (rows of the file), which are the frames of one task; `ids` names them."""
        instances, tracks = [], {}
        ordinals: Counter[ClassId] = Counter()
        for frame, image in enumerate(images):
            for row in self._rows_of(image):
                for class_id, shape, source_id, kept in self._labels(row, self._value["images"][image]):
                    kept["sum"] = _sum(pack([shape]))
                    key = next(ids)
                    instances.append(
                        Instance(
                            id=key,
                            class_id=class_id,
                            ordinal=ordinals[class_id],
                            source_id=source_id,
                            extra=pack_kept(kept),
                        )
                    )
                    ordinals[class_id] += 1
                    tracks[key, unit] = make_track([Label(frame=frame, shape=shape, origin=Origin.IMPORTED)])
        return make_document(instances=instances, tracks=tracks)

    def _rows_of(self, image: int) -> list[int]:
        keys = [record["id"] for record in self._value["images"]]
        wanted = keys[image] if keys.index(keys[image]) == image else object()
        return [row for row, a in enumerate(self._value["annotations"]) if a["image_id"] == wanted]

    def _labels(self, row: int, image: dict[str, Any]) -> Iterator[tuple[ClassId, Shape, str, dict[str, Any]]]:
        annotation = self._value["annotations"][row]
        outline = outline_of(annotation)
        shapes, given_back = self._shapes(annotation, outline, image)
        kinds = [kind for kind, _ in shapes]
        keep = {k: annotation[k] for k in ("area", "iscrowd", "num_keypoints") if k in annotation}
        keep |= {"bbox": annotation["bbox"]} if "bbox" in annotation and outline is not ShapeKind.BOX else {}
        plain = outline is ShapeKind.POLYGON and given_back["segmentation"] and "keypoints" not in annotation
        if not plain:
            given_back["bbox"] = ShapeKind.BOX in kinds
            keep |= {
                k: annotation[k] for k in ("bbox", "segmentation", "keypoints") if k in annotation and not given_back[k]
            }
        keep |= {k: v for k, v in annotation.items() if k not in KEYS}
        source_id = self._source_id(row, annotation, keep)
        kept = {"n": row, "keep": keep}
        if not plain:
            kept |= {"rle": given_back["rle"], "parts": [kind.value for kind in kinds]}
        for kind, shape in shapes:
            yield self._class_of(annotation["category_id"], kind), shape, source_id, kept

    def _shapes(
        self, annotation: dict[str, Any], outline: ShapeKind | None, image: dict[str, Any]
    ) -> tuple[list[tuple[ShapeKind, Shape]], dict[str, Any]]:
        """Return an annotation's shapes, and which of its keys they give back."""
        shapes: list[tuple[ShapeKind, Shape]] = []
        given_back: dict[str, Any] = {"segmentation": False, "keypoints": False, "rle": ""}
        problem = ""
        segmentation: Any = annotation.get("segmentation")
        if outline is ShapeKind.POLYGON:
            polygon, given_back["segmentation"], problem = _polygon(segmentation)
            shapes.append((outline, polygon))
        elif outline is ShapeKind.BITMASK:
            mask, given_back["rle"] = _mask(segmentation)
            problem = "" if given_back["rle"] else "malformed mask (kept as it is)"
            size = image.get("width", 0), image.get("height", 0)
            given_back["segmentation"] = _same_mask(mask, given_back["rle"], segmentation, size)
            shapes.append((outline, mask))
        elif outline is ShapeKind.BOX:
            shapes.append((outline, Box(*map(float, annotation["bbox"]))))
        if json.dumps(annotation.get("keypoints", [])).startswith("[") and has_points(annotation):
            skeleton, given_back["keypoints"] = self._skeleton(annotation)
            if skeleton is None:
                problem = "keypoints that don't fit their category (kept as they are)"
            else:
                if shapes and shapes[0][0] is ShapeKind.BOX and shapes[0][1] == _box_around(skeleton):
                    shapes.clear()
                shapes.append((ShapeKind.SKELETON, skeleton))
        if problem or not shapes:
            self.problems[problem if shapes else "annotation without a shape (left out)"] += 1
        return shapes, given_back

    def _skeleton(self, annotation: dict[str, Any]) -> tuple[Skeleton | None, bool]:
        names = [c.get("keypoints") for c in self._value["categories"] if c["id"] == annotation["category_id"]]
        values = annotation["keypoints"]
        if not names or not names[0] or len(values) != 3 * len(names[0]):
            return None, False
        points = np.array([[float(x), float(y)] for x, y in zip(values[::3], values[1::3], strict=True)])
        seen = np.array([_SEEN.get(v, Visibility.VISIBLE) for v in values[2::3]], np.uint8)
        return Skeleton(points, seen), all(v in _SEEN for v in values[2::3])

    def _class_of(self, category: int | str, kind: ShapeKind) -> ClassId:
        (found,) = (
            c.id for c in self._ontology.classes if c.shape is kind and c.extra["coco"]["record"]["id"] == category
        )
        return found

    def _source_id(self, row: int, annotation: dict[str, Any], keep: dict[str, Any]) -> str:
        key = annotation.get("id")
        if key is None:
            keep |= {"id": None} if "id" in annotation else {}
            return f"#{row}"
        shared = self._uses[_hashable(annotation)] > 1
        if shared or isinstance(key, str):
            keep["id"] = key
        self.problems["annotation id used more than once (kept)"] += shared
        return f"{key}#{row}" if shared else str(key)


def _hashable(annotation: dict[str, Any]) -> Any:
    return annotation.get("id", ...)


def outline_of(annotation: dict[str, Any]) -> ShapeKind | None:
    """Return the kind of an annotation's outline."""
    segmentation, bbox = annotation.get("segmentation"), annotation.get("bbox")
    if isinstance(segmentation, list) and json.dumps(segmentation).strip("[], "):
        return ShapeKind.POLYGON
    if isinstance(segmentation, dict):
        return ShapeKind.BITMASK
    return ShapeKind.BOX if bbox not in (None, []) else None


def has_points(annotation: dict[str, Any]) -> bool:
    """Return whether any of its keypoints is labelled."""
    return bool(json.dumps(annotation.get("keypoints", [])).strip("[]0., "))


def _polygon(segmentation: list[Any]) -> tuple[Polygon, bool, str]:
    """Return a polygon, whether it gives the value back, and what is odd."""
    nested = not all(isinstance(v, int | float) for v in segmentation)
    rings = segmentation if nested else [segmentation]
    odd = any(len(r) % 2 for r in rings)
    polygon = Polygon(tuple((ring([float(v) for v in r[: len(r) // 2 * 2]]),) for r in rings))
    given_back = nested and not odd and all(rings)
    return polygon, given_back, "polygon with an odd number of coordinates (kept as it is)" if odd else ""


def _mask(value: dict[str, Any]) -> tuple[Bitmask, str]:
    """Return a mask and how it was written; an empty one and nothing when it is malformed."""
    size, counts = value.get("size"), value.get("counts")
    try:
        if isinstance(size, list) and [type(v) for v in size] == [int, int]:
            if isinstance(counts, str):
                return bitmask_from_coco_string(counts, size[1], size[0]), "string"
            if isinstance(counts, list) and all(type(v) is int for v in counts):
                return bitmask_from_coco_counts(counts, size[1], size[0]), "counts"
    except InvalidShape:
        pass
    return empty_bitmask(), ""


def _same_mask(mask: Bitmask, written: str, value: dict[str, Any], size: tuple[int, int]) -> bool:
    """Return whether a mask of a frame (width, height) is written as the value is."""
    if not written or value["size"] != [size[1], size[0]]:
        return False
    counts = coco_string(mask, *size) if written == "string" else coco_counts(mask, *size).tolist()
    return {"size": [size[1], size[0]], "counts": counts} == value


def _box_around(skeleton: Skeleton) -> Box | None:
    """Return the box around the labelled points."""
    points = skeleton.points[skeleton.visibility != Visibility.INVISIBLE]
    if not len(points):
        return None
    (x0, y0), (x1, y1) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return Box(x0, y0, x1 - x0, y1 - y0)


def _sum(geometry: Geometry) -> int:
    found = crc32(geometry.fixed.tobytes())
    for column in geometry.ragged:
        found = crc32(column.values.tobytes(), found)
    return found
