"""COCO's averages are those of pycocotools: of random boxes, and of photographs with perturbed predictions."""

from __future__ import annotations

import contextlib
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from tests.metrics.perturbed import Record, boxes_of, guesses, run_lengths, runs_of, write
from tests.support.data import shared_data

from tui_editor.api.comparing import compare
from tui_editor.metrics.coco_ap import Averages, Guesses, Truth, measure_ap, overlapping, precision_at_recalls
from tui_editor.metrics.pairs import box_overlap

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SIZES = ("small", "medium", "large")
NAMES = ["ap", "ap50", "ap75", *(f"ap_{s}" for s in SIZES), "ar1", "ar10", "ar100", *(f"ar_{s}" for s in SIZES)]
POINT_NAMES = ["ap", "ap50", "ap75", "ap_medium", "ap_large", "ar20", "-", "-", "ar_medium", "ar_large"]
KEYS = {"bbox": "bbox", "segm": "segmentation", "keypoints": "keypoints"}


def peer_figures(truth: Record, found: list[Record], kind: str) -> dict[str, float]:
    """Return the figures of pycocotools; those that it can't tell are left out."""
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = truth
        coco.createIndex()
        evaluation = COCOeval(coco, coco.loadRes(found), kind)
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    names = POINT_NAMES if kind == "keypoints" else NAMES
    return {n: float(v) for n, v in zip(names, evaluation.stats, strict=True) if v >= 0 and n != "-"}


def results(document: Record, kind: str) -> list[Record]:
    """Return the annotations of a file as pycocotools takes results."""
    sizes = {i["id"]: (i["height"], i["width"]) for i in document["images"]}
    found = [{k: a[k] for k in ("image_id", "category_id", "score", KEYS[kind])} for a in document["annotations"]]
    for result in found if kind == "segm" else []:
        result["segmentation"] = run_lengths(result["segmentation"], sizes[result["image_id"]])
    return found


# --- photographs, through the whole program ------------------------------------------------------


def photographs(name: str, tmp_path: Path, kind: str) -> tuple[dict[str, float], dict[str, float]]:
    source = "coco_keypoints/test_coco.json" if kind == "keypoints" else "coco/instances.json"
    truth = json.loads(shared_data(source).read_text())
    make = {"boxes": boxes_of, "runs": runs_of}.get(name)
    truth = make(truth) if make else truth
    found = guesses(truth)
    paths = write(tmp_path / "truth.json", truth), write(tmp_path / "found.json", found)
    prefix = {"bbox": "", "segm": "mask_", "keypoints": "keypoint_"}[kind]
    ours = compare(*paths).report.figures
    theirs = peer_figures(truth, results(found, kind), kind)
    return {n: ours[prefix + n] for n in theirs}, theirs


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of pycocotools
@pytest.mark.parametrize(
    ("name", "kind"), [("boxes", "bbox"), ("runs", "segm"), ("as it is", "segm"), ("as it is", "keypoints")]
)
def test_averages_of_photographs_are_those_of_pycocotools(name: str, kind: str, tmp_path: Path) -> None:
    ours, theirs = photographs(name, tmp_path, kind)

    assert len(theirs) >= 8
    assert ours == pytest.approx(theirs, abs=1e-6)


# --- random boxes --------------------------------------------------------------------------------


class Boxes:
    """n boxes with pictures, categories, scores and marks of crowds."""

    def __init__(self, rng: np.random.Generator, pictures: int, per_picture: int, categories: int) -> None:
        count = pictures * per_picture
        self.picture = np.repeat(np.arange(1, pictures + 1), per_picture)
        self.category = rng.integers(1, categories + 1, count)
        self.box = np.column_stack([rng.uniform(0, 90, (count, 2)), np.exp(rng.normal(3.6, 0.9, (count, 2)))])
        self.crowd = rng.random(count) < 0.05
        self.score = np.ones(count)

    def guessed(self, rng: np.random.Generator) -> Boxes:
        made = Boxes.__new__(Boxes)
        some = rng.choice(len(self.box), len(self.box) + 5)
        made.picture, made.crowd = self.picture[some], np.zeros(len(some), bool)
        made.category = np.where(rng.random(len(some)) < 0.9, self.category[some], rng.permutation(self.category[some]))
        size = self.box[some][:, 2:]
        made.box = self.box[some] + rng.normal(0, 0.1, (len(some), 4)) * np.column_stack([size, size])
        made.box[:, 2:] = np.maximum(made.box[:, 2:], 1)
        made.score = rng.integers(1, 20, len(some)) / 20  # with equals among them
        return made

    @property
    def area(self) -> NDArray[np.float64]:
        return np.asarray(self.box[:, 2] * self.box[:, 3])

    def records(self, *, scored: bool) -> list[Record]:
        rows = zip(self.picture, self.category, self.box, self.area, self.crowd, self.score, strict=True)
        made: list[dict[str, Any]] = [
            {
                "id": n,
                "image_id": int(i),
                "category_id": int(c),
                "bbox": b.tolist(),
                "area": float(a),
                "iscrowd": int(k),
            }
            | ({"score": float(s)} if scored else {})
            for n, (i, c, b, a, k, s) in enumerate(rows, start=1)
        ]
        return made


def averages(truth: Boxes, found: Boxes) -> Averages:
    one = Truth(picture=truth.picture, category=truth.category, area=truth.area, crowd=truth.crowd, ignored=truth.crowd)
    other = Guesses(picture=found.picture, category=found.category, area=found.area, score=found.score)
    pairs = overlapping(one, other, lambda a, b: box_overlap(found.box[a], truth.box[b], truth.crowd[b]))
    return measure_ap(one, other, pairs)


@pytest.mark.parametrize(
    ("pictures", "per_picture", "categories"), [(12, 4, 3), (40, 7, 5), (2, 130, 1), (3, 60, 2), (30, 1, 2)]
)
def test_averages_of_random_boxes_are_those_of_pycocotools(pictures: int, per_picture: int, categories: int) -> None:
    rng = np.random.default_rng(pictures)
    truth = Boxes(rng, pictures, per_picture, categories)
    found = truth.guessed(rng)
    document = {
        "images": [{"id": int(i)} for i in np.unique(truth.picture)],
        "categories": [{"id": c} for c in range(1, categories + 1)],
        "annotations": truth.records(scored=False),
    }
    theirs = peer_figures(document, found.records(scored=True), "bbox")

    assert {n: averages(truth, found).figures[n] for n in theirs} == pytest.approx(theirs, abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**20))
def test_only_the_order_of_scores_matters(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = Boxes(rng, 5, 4, 2)
    found = truth.guessed(rng)
    before = averages(truth, found).figures
    found.score = found.score**3 / 2

    assert averages(truth, found).figures == before


def test_guesses_that_are_the_truth_have_every_average_at_one() -> None:
    truth = Boxes(np.random.default_rng(0), 6, 5, 3)
    truth.crowd[:] = False
    found = averages(truth, truth)

    assert {n: found.figures[n] for n in ("ap", "ap50", "ap75", "ar100")} == pytest.approx(
        dict.fromkeys(("ap", "ap50", "ap75", "ar100"), 1.0)
    )
    assert list(found.by_category.values()) == pytest.approx([1.0] * 3)


def test_precision_is_the_best_at_a_recall_or_beyond() -> None:
    right = np.array([True, False, True])
    table = precision_at_recalls(right, np.ones(3, bool), 4)

    assert table[[0, 25, 26, 50, 51]].tolist() == pytest.approx([1.0, 1.0, 2 / 3, 2 / 3, 0.0])
