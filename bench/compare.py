"""Comparing: COCO's averages against pycocotools, HOTA with CLEAR and identities against TrackEval, on the same input.

Only the measuring is timed, of both: files are read before. A million boxes take pycocotools 6 minutes of a processor,
more by the clock, and 12 GB, so it measures some tens of thousands of the same density, and twice as many, side by side
with ours; a million is measured by ours, and the peer's time for that many is told by the growth that was seen, and
called so.
`BENCH_COMPARE_BOXES=1000000` lets the peer measure all of them. `make parity` installs TrackEval.
"""

from __future__ import annotations

import contextlib
import io
import os
import statistics
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.figures import Figure, absent, figure
from tui_editor.metrics.clear import measure_clear
from tui_editor.metrics.coco_ap import Guesses, Truth, measure_ap, overlapping
from tui_editor.metrics.hota import measure_hota
from tui_editor.metrics.identity import measure_identity
from tui_editor.metrics.pairs import box_overlap, box_pairs
from tui_editor.metrics.series import Scene, series_of

if TYPE_CHECKING:
    from collections.abc import Callable

BOXES = int(os.environ.get("BENCH_COMPARE_BOXES", "50000"))
MILLION = 1_000_000
FRAMES = int(os.environ.get("BENCH_COMPARE_FRAMES", "2000"))
OBJECTS = 40
CATEGORIES = 80
PER_PICTURE = 10
RUNS = 3


def run() -> list[Figure]:
    return [*_averages(), *_tracks()]


def _both(name: str, subjects: dict[str, Callable[[], object]], runs: int, *, peer: str) -> list[Figure]:
    """Return wall and CPU time of ours and the peer's, in seconds; they take turns."""
    times: dict[str, list[tuple[float, float]]] = {side: [] for side in subjects}
    for _ in range(runs):
        for side, subject in subjects.items():
            wall, cpu = time.perf_counter(), time.process_time()
            subject()
            times[side].append((time.perf_counter() - wall, time.process_time() - cpu))
    found = []
    for column, kind in enumerate(("", ": CPU time")):
        ours, theirs = (statistics.median(t[column] for t in times[side]) for side in ("ours", "peer"))
        found.append(figure(f"{name}{kind}", ours, "s", n=runs, peer=f"{peer} (<= 0.2x)", peer_value=theirs))
    return found


# --- averages ------------------------------------------------------------------------------------


def _averages() -> list[Figure]:
    peer = "pycocotools evaluate + accumulate"
    found = _both(f"COCO mAP of {BOXES:,} boxes", _subjects(BOXES), 1, peer=peer)
    if BOXES >= MILLION:
        return found
    twice = _both(f"COCO mAP of {2 * BOXES:,} boxes", _subjects(2 * BOXES), 1, peer=peer)
    return [*found, *twice, *_of_a_million(found, twice)]


def _subjects(boxes: int) -> dict[str, Callable[[], object]]:
    truth, guesses = made_boxes(boxes)
    return {"ours": lambda: _measured(truth, guesses), "peer": _peer_averages(truth, guesses)}


def _of_a_million(half: list[Figure], whole: list[Figure]) -> list[Figure]:
    """Return ours for a million boxes beside what the peer would take if it grew on as from `half` to `whole`."""
    truth, guesses = made_boxes(MILLION)
    wall, cpu = time.perf_counter(), time.process_time()
    _measured(truth, guesses)
    ours = time.perf_counter() - wall, time.process_time() - cpu
    made = []
    for column, kind in enumerate(("", ": CPU time")):
        before, after = half[column]["peer_value"] or 0.0, whole[column]["peer_value"] or 0.0
        grown = after + (after - before) / BOXES * (MILLION - 2 * BOXES)
        name = f"COCO mAP of {MILLION:,} boxes{kind}"
        said = f"pycocotools, EXTRAPOLATED linearly from {BOXES:,} and {2 * BOXES:,} boxes (<= 0.2x)"
        made.append(figure(name, ours[column], "s", n=1, peer=said, peer_value=grown))
    return made


def made_boxes(count: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return true boxes and scored guesses as columns: moved, doubled, missing, of another category."""
    rng = np.random.default_rng(5)
    size = np.exp(rng.normal(3.8, 0.9, (count, 2)))
    truth = {
        "picture": np.repeat(np.arange(1, count // PER_PICTURE + 1), PER_PICTURE),
        "category": rng.integers(1, CATEGORIES + 1, count),
        "box": np.column_stack([rng.uniform(0, 500, (count, 2)), size]),
    }
    some = np.concatenate([np.flatnonzero(rng.random(count) < 0.95), rng.choice(count, count // 10)])
    moved = truth["box"][some] + rng.normal(0, 0.1, (len(some), 4)) * np.column_stack([size[some], size[some]])
    moved[:, 2:] = np.maximum(moved[:, 2:], 1)
    other = rng.integers(1, CATEGORIES + 1, len(some))
    guesses = {
        "picture": truth["picture"][some],
        "category": np.where(rng.random(len(some)) < 0.95, truth["category"][some], other),
        "box": moved,
        "score": rng.random(len(some)).round(3),
    }
    return truth, guesses


def _measured(truth: dict[str, Any], guesses: dict[str, Any]) -> float:
    a, b = truth["box"], guesses["box"]
    none = np.zeros(len(a), bool)
    one = Truth(picture=truth["picture"], category=truth["category"], area=a[:, 2] * a[:, 3], crowd=none, ignored=none)
    other = Guesses(
        picture=guesses["picture"], category=guesses["category"], area=b[:, 2] * b[:, 3], score=guesses["score"]
    )
    pairs = overlapping(one, other, lambda rows, columns: box_overlap(b[rows], a[columns]))
    return measure_ap(one, other, pairs).figures["ap"]


def _peer_averages(truth: dict[str, Any], guesses: dict[str, Any]) -> Callable[[], object]:
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    coco, found = COCO(), COCO()
    for dataset, side in ((coco, truth), (found, guesses)):
        scores = side.get("score", np.ones(len(side["box"])))
        dataset.dataset = {
            "images": [{"id": int(i)} for i in np.unique(truth["picture"])],
            "categories": [{"id": c} for c in range(1, CATEGORIES + 1)],
            "annotations": [
                {"id": n, "image_id": i, "category_id": c, "bbox": b, "area": b[2] * b[3], "iscrowd": 0, "score": s}
                for n, (i, c, b, s) in enumerate(
                    zip(*(side[k].tolist() for k in ("picture", "category", "box")), scores.tolist(), strict=True), 1
                )
            ],
        }
        with contextlib.redirect_stdout(io.StringIO()):
            dataset.createIndex()

    def evaluate() -> None:
        with contextlib.redirect_stdout(io.StringIO()):
            evaluation = COCOeval(coco, found, "bbox")
            evaluation.evaluate()
            evaluation.accumulate()

    return evaluate


# --- tracks --------------------------------------------------------------------------------------


def _tracks() -> list[Figure]:
    name = f"HOTA + CLEAR + IDF1 of {OBJECTS} tracks on {FRAMES:,} frames"
    truth, found = _made_tracks()
    try:
        peer = _peer_tracks(truth, found)
    except ImportError:
        return [absent(name, "s", why="TrackEval is not installed: `make parity`")]
    subjects: dict[str, Callable[[], object]] = {"ours": lambda: _measured_tracks(truth, found), "peer": peer}
    return _both(name, subjects, RUNS, peer="TrackEval HOTA + CLEAR + Identity with its IoU")


def _made_tracks() -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return frames, identities and boxes of tracks that cross each other, and of what a tracker made of them."""
    rng = np.random.default_rng(9)
    steps = rng.normal(0, 3, (OBJECTS, FRAMES, 2)).cumsum(axis=1) + rng.uniform(0, 900, (OBJECTS, 1, 2))
    place = np.abs((steps % 2000) - 1000).reshape(-1, 2)
    box = np.column_stack([place, np.full((len(place), 2), 60.0)])
    frame, identity = np.tile(np.arange(FRAMES), OBJECTS), np.repeat(np.arange(OBJECTS), FRAMES)
    kept = rng.random(len(box)) < 0.9
    switched = (identity + frame // 300) % OBJECTS
    seen = box[kept] + rng.normal(0, 4, (int(kept.sum()), 4))
    return (frame, identity, box), (frame[kept], switched[kept], seen)


def _measured_tracks(truth: tuple[Any, ...], found: tuple[Any, ...]) -> float:
    a, order_a = series_of(truth[0], truth[1])
    b, order_b = series_of(found[0], found[1])
    scene = Scene(a, b, box_pairs(truth[2][order_a], a.frames, found[2][order_b], b.frames))
    return measure_hota(scene).figures()["hota"] + measure_clear(scene).mota + measure_identity(scene).idf1


def _peer_tracks(truth: tuple[Any, ...], found: tuple[Any, ...]) -> Callable[[], object]:
    from trackeval.datasets._base_dataset import _BaseDataset
    from trackeval.metrics import CLEAR, HOTA, Identity

    on = [[np.flatnonzero(side[0] == t) for t in range(FRAMES)] for side in (truth, found)]
    data = {
        "gt_ids": [truth[1][rows] for rows in on[0]],
        "tracker_ids": [found[1][rows] for rows in on[1]],
        "num_timesteps": FRAMES,
        "num_gt_ids": OBJECTS,
        "num_tracker_ids": OBJECTS,
        "num_gt_dets": len(truth[0]),
        "num_tracker_dets": len(found[0]),
    }
    metrics = [HOTA(), CLEAR({"PRINT_CONFIG": False}), Identity({"PRINT_CONFIG": False})]

    def evaluate() -> None:
        data["similarity_scores"] = [
            _BaseDataset._calculate_box_ious(truth[2][a], found[2][b], box_format="xywh")
            for a, b in zip(*on, strict=True)
        ]
        with contextlib.redirect_stdout(io.StringIO()):
            for metric in metrics:
                metric.eval_sequence(data)

    return evaluate
