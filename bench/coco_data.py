"""Makes a large COCO file for the bench: polygons like those of people, the same bytes for the same sizes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parents[1] / "build" / "bench-data"
WIDTH, HEIGHT, CATEGORIES = 640, 480, 80
_SHAPES = 2000
"""Different polygons; further annotations use them again."""


def coco_file(annotations: int, per_image: int = 10) -> Path:
    """Return a file with so many annotations; made when it is not there yet."""
    path = FOLDER / f"coco_{annotations}.json"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        _write(part, annotations, per_image)
        part.replace(path)
    return path


def _write(path: Path, annotations: int, per_image: int) -> None:
    rng = np.random.default_rng(7)
    shapes = [_shape(rng) for _ in range(_SHAPES)]
    picks = rng.integers(0, _SHAPES, annotations).tolist()
    classes = rng.integers(1, CATEGORIES + 1, annotations).tolist()
    with path.open("w") as file:
        file.write('{"info": {"description": "synthetic scale case"}, "licenses": [], "images": [')
        file.write(", ".join(_image(i) for i in range(1, annotations // per_image + 1)))
        file.write('], "annotations": [')
        for n, (pick, number) in enumerate(zip(picks, classes, strict=True)):
            tail = f'"image_id": {n // per_image + 1}, "category_id": {number}, "id": {n + 1}}}'
            file.write((", " if n else "") + shapes[pick] + tail)
        names = [{"supercategory": "thing", "id": i, "name": f"class {i}"} for i in range(1, CATEGORIES + 1)]
        file.write(f'], "categories": {json.dumps(names)}}}')


def _image(number: int) -> str:
    size = f'"height": {HEIGHT}, "width": {WIDTH}'
    return f'{{"license": 3, "file_name": "{number:012d}.jpg", {size}, "date_captured": "2013-11-14", "id": {number}}}'


def _shape(rng: np.random.Generator) -> str:
    """Return an annotation's beginning: a blob of as many corners as COCO's objects have (about 25, some of 100)."""
    corners = int(np.clip(rng.lognormal(3.1, 0.6), 4, 200))
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    radius = rng.lognormal(3.2, 0.8) * rng.uniform(0.7, 1.0, corners)
    centre = rng.uniform([60, 60], [WIDTH - 60, HEIGHT - 60])
    points = centre + np.column_stack([np.cos(angle), np.sin(angle)]) * radius[:, None]
    points = np.clip(points, 0, [WIDTH, HEIGHT]).round(2)
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    x, y = points.T
    area = abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))) / 2
    box = [round(float(v), 2) for v in (x0, y0, x1 - x0, y1 - y0)]
    return f'{{"segmentation": [{points.ravel().tolist()}], "area": {area}, "iscrowd": 0, "bbox": {box}, '
