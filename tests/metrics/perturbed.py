"""Predictions made of a true COCO file: moved, missing, doubled, of another class, each with a score."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from pycocotools import mask as masks

if TYPE_CHECKING:
    from pathlib import Path

Record = dict[str, Any]


def boxes_of(truth: Record) -> Record:
    """Return a file whose annotations are boxes only."""
    kept = ("id", "image_id", "category_id", "bbox", "area", "iscrowd")
    return {**truth, "annotations": [{k: a[k] for k in kept if k in a} for a in truth["annotations"]]}


def runs_of(truth: Record) -> Record:
    """Return a file whose annotations are masks only, by run lengths."""
    sizes = {i["id"]: (i["height"], i["width"]) for i in truth["images"]}
    annotations = []
    for a in truth["annotations"]:
        rle = run_lengths(a["segmentation"], sizes[a["image_id"]])
        annotations.append({**a, "segmentation": {"size": rle["size"], "counts": rle["counts"].decode()}})
    return {**truth, "annotations": annotations}


def run_lengths(segmentation: Any, size: tuple[int, int]) -> Any:
    if isinstance(segmentation, list):
        return masks.merge(masks.frPyObjects(segmentation, *size))
    if isinstance(segmentation["counts"], list):
        return masks.frPyObjects(segmentation, *size)
    return segmentation


def guesses(truth: Record, seed: int = 1) -> Record:
    """Return predictions for a file, as a file of the same images and categories whose annotations have scores."""
    rng = np.random.default_rng(seed)
    categories = [c["id"] for c in truth["categories"]]
    sizes = {i["id"]: (i["height"], i["width"]) for i in truth["images"]}
    found: list[Record] = []
    for a in truth["annotations"]:
        if rng.random() < 0.12 or a.get("iscrowd"):
            continue
        for _ in range(1 + (rng.random() < 0.2)):
            guess = moved(a, rng, sizes[a["image_id"]])
            if rng.random() < 0.08:
                guess["category_id"] = int(rng.choice(categories))
            found.append({**guess, "id": len(found) + 1, "score": round(float(rng.uniform(0.05, 0.99)), 2)})
    return {**truth, "annotations": found}


def moved(a: Record, rng: np.random.Generator, size: tuple[int, int]) -> Record:
    x, y, w, h = a["bbox"]
    reach = np.array([w, h]) * 0.08
    shift = rng.normal(0, 1, 2) * reach
    guess: Record = {"image_id": a["image_id"], "category_id": a["category_id"], "iscrowd": 0}
    box = [x + shift[0], y + shift[1], max(w * rng.uniform(0.85, 1.15), 1), max(h * rng.uniform(0.85, 1.15), 1)]
    guess |= {"bbox": [float(v) for v in box], "area": float(box[2] * box[3])}
    if "keypoints" in a:
        table = np.array(a["keypoints"], float).reshape(-1, 3)
        table[:, :2] += rng.normal(0, 0.05, (len(table), 2)) * [w, h]
        table[:, 2] = 2
        guess["keypoints"] = table.ravel().tolist()
        guess["num_keypoints"] = len(table)
    segmentation = a.get("segmentation")
    if isinstance(segmentation, list) and segmentation:
        guess["segmentation"] = [(np.reshape(r, (-1, 2)) + shift).ravel().tolist() for r in segmentation]
    elif segmentation:
        pixels = np.roll(masks.decode(run_lengths(segmentation, size)), shift.astype(int)[::-1], (0, 1))
        rle = masks.encode(np.asfortranarray(pixels))
        guess["segmentation"] = {"size": rle["size"], "counts": rle["counts"].decode()}
    return guess


def write(path: Path, document: Record) -> Path:
    path.write_text(json.dumps(document))
    return path
