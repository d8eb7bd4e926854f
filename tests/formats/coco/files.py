"""COCO files that tests write themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def write_json(path: Path, value: Any) -> Path:
    """Write a value as JSON; return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value))
    return path


def minimal(**changes: Any) -> dict[str, Any]:
    """Return a file with one image, one category and one box, with some keys of the annotation changed."""
    annotation = {"id": 7, "image_id": 1, "category_id": 3, "bbox": [1, 2, 3, 4], "segmentation": [], "iscrowd": 0}
    return {
        "images": [{"id": 1, "file_name": "a.jpg", "width": 40, "height": 30}],
        "annotations": [{k: v for k, v in (annotation | changes).items() if v is not ...}],
        "categories": [{"id": 3, "name": "cat", "supercategory": "animal"}],
    }


_SQUARE = [1.5, 2, 9, 2, 9, 8.25, 1.5, 8.25]
_DOG = {"id": 18, "name": "dog", "supercategory": "animal", "colour": "brown"}
_POSED = {"id": "p", "name": "posed", "keypoints": ["head", "left_paw", "tail"], "skeleton": [[1, 2], [1, 3]]}

MIXED: dict[str, Any] = {
    "info": {"year": 2024, "note": "⟨\u202e⟩\x1b[31m"},
    "licenses": [{"id": 1, "name": "ours"}],
    "something": {"else": [1, None, 2.5]},
    "images": [
        {"id": 30, "file_name": "sub/b.jpg", "width": 40, "height": 30, "license": 1, "mine": [1, 2]},
        {"id": "ten", "file_name": "a.jpg", "width": 20, "height": 20},
        {"id": 5, "file_name": "empty.jpg", "height": 7, "width": 9},
    ],
    "categories": [_POSED, _DOG, {"id": 2, "name": "unused"}],
    "annotations": [
        {"id": 900719925474099312, "image_id": "ten", "category_id": 18, "bbox": [0.1, 0.2, 0.30000000000000004, 4],
         "area": 1.2, "iscrowd": 0, "segmentation": [], "score": 0.75, "attributes": {"wet": True}},
        {"id": 4, "image_id": 30, "category_id": 18, "bbox": [1.5, 2, 7.5, 6.25], "area": 46.875, "iscrowd": 0,
         "segmentation": [_SQUARE, [20, 20, 25, 20, 25, 25]]},
        {"id": 4, "image_id": 30, "category_id": 18, "bbox": [0, 0, 3, 3], "segmentation": [[1, 1, 2, 2, 3]]},
        {"id": 6, "image_id": 30, "category_id": 18, "iscrowd": 1, "area": 6, "bbox": [0, 3, 1, 6],
         "segmentation": {"size": [30, 40], "counts": [3, 6, 1191]}},
        {"id": 8, "image_id": 30, "category_id": 18, "iscrowd": 1,
         "segmentation": {"size": [30, 40], "counts": "36UU1"}},
        {"id": 9, "image_id": 30, "category_id": 18, "segmentation": {"size": [3, 4], "counts": [2, 0, 1, 2]}},
        {"id": 10, "image_id": 30, "category_id": 18, "bbox": [1, 1, 2, 2],
         "segmentation": {"size": [3, 4], "counts": "~~"}},
        {"id": 11, "image_id": 30, "category_id": "p", "bbox": [1, 1, 20, 20], "segmentation": [_SQUARE],
         "keypoints": [3, 4, 2, 5, 6.5, 1, 0, 0, 0], "num_keypoints": 2, "area": 3},
        {"id": 12, "image_id": 30, "category_id": "p", "keypoints": [3, 4, 2, 5, 6.5, 7, 0, 0, 0]},
        {"id": 13, "image_id": 30, "category_id": "p", "keypoints": [0] * 9, "num_keypoints": 0, "bbox": [1, 1, 2, 2]},
        {"image_id": 30, "category_id": 18, "bbox": [9, 9, -1, 2]},
        {"id": "text", "image_id": 30, "category_id": 77, "bbox": [9, 9, 1, 2], "segmentation": None},
        {"id": 15, "image_id": 30, "category_id": 18, "segmentation": [1, 1, 5, 1, 5, 5]},
    ],
}  # fmt: skip
"""Every kind of annotation, some of them odd, out of order, with keys that COCO doesn't know."""
