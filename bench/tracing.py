"""How many keys a vertex costs when outlines in photos are traced by keyboard, and how well they then fit.

The hands are those of `tests/support/tracer.py`: they press keys of the app alone. They trace ten objects of ten COCO
photos, the first of each photo that has one outline of a middling size, once vertex by vertex (3×3 keys, moves by
counts, snap) and once along the edges of the picture. Keys are all that are pressed, beginning and end included;
vertices are those of the outline that people drew for COCO by mouse. Nothing is timed.
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PIL import Image
from tests.support.fitting import polygon_iou
from tests.support.tracer import Tracer

from bench.figures import Figure, absent, figure
from tui_editor.model.shapes import polygon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

COCO = Path(__file__).resolve().parents[2] / "shared" / "data" / "coco"
OBJECTS = 10
LEAST_AREA, MOST_AREA = 3000, 80_000
"""Square pixels."""


class Outline(NamedTuple):
    """One object of a photo."""

    pixels: NDArray[np.uint8]
    ring: NDArray[np.float64]


class Traced(NamedTuple):
    """What tracing one object took, and gave."""

    keys: int
    vertices: int
    iou: float


def run() -> list[Figure]:
    if not COCO.is_dir():
        return [absent("keys for a vertex of an outline", "keys", why="../shared/data is not on this machine")]
    outlines = list(objects())
    return [
        *_figures("vertex by vertex", [traced(one, along_edges=False) for one in outlines]),
        *_figures("along edges", [traced(one, along_edges=True) for one in outlines]),
    ]


def objects() -> Iterator[Outline]:
    """Yield ten objects, each of another photo."""
    content = json.loads((COCO / "instances.json").read_text())
    names = {image["id"]: image["file_name"] for image in content["images"]}
    seen: set[int] = set()
    for one in sorted(content["annotations"], key=lambda a: (a["image_id"], a["id"])):
        if len(seen) == OBJECTS:
            return
        if one["image_id"] in seen or one["iscrowd"] or len(one["segmentation"]) != 1:
            continue
        if LEAST_AREA <= one["area"] <= MOST_AREA:
            seen.add(one["image_id"])
            with Image.open(COCO / "images" / names[one["image_id"]]) as picture:
                pixels = np.asarray(picture.convert("RGB"))
            yield Outline(pixels, np.array(one["segmentation"][0], np.float64).reshape(-1, 2))


def traced(one: Outline, *, along_edges: bool) -> Traced:
    tracer = Tracer(pixels=one.pixels, along_edges=along_edges)
    found = tracer.trace(one.ring)
    return Traced(len(tracer.keys), len(one.ring), polygon_iou(found, polygon(one.ring)))


def _figures(title: str, found: list[Traced]) -> list[Figure]:
    each = [one.keys / one.vertices for one in found]
    return [
        figure(f"keys for a vertex, {title} (<= 6)", statistics.median(each), "keys", n=len(found)),
        figure(f"keys for an outline, {title}", statistics.median(one.keys for one in found), "keys", n=len(found)),
        figure(f"outline, {title}: IoU, median", statistics.median(one.iou for one in found), "", n=len(found)),
        figure(f"outline, {title}: IoU, least", min(one.iou for one in found), "", n=len(found)),
    ]
