"""`check` on a COCO file of a million boxes, without pixels, and a frame of 500 labels checked again after an edit.

The peer is datumaro's validation of detections where it is installed, in an environment of its own, for it brings an
OpenCV: `make peers`, or BENCH_DATUMARO names its Python. It reads and validates a fifth of the boxes, for it takes
minutes for all of them; BENCH_CHECK_PEER_BOXES=1000000 has it validate all.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from bench.coco_data import FOLDER
from bench.figures import Figure, absent, figure

BOXES = int(os.environ.get("BENCH_CHECK_BOXES", "1000000"))
PEER_BOXES = int(os.environ.get("BENCH_CHECK_PEER_BOXES", str(BOXES // 5)))
RUNS = 3
_PEER = Path(os.environ.get("BENCH_DATUMARO", "build/datumaro/bin/python"))
_FRAME = """
import json, logging, resource, sys, time
from pathlib import Path
path = Path(sys.argv[1])
{before}
start, cpu = time.perf_counter(), time.process_time()
{body}
seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print("\\n" + json.dumps([seconds, cpu, peak / 1024]))
"""
_OURS = (
    "from tui_editor.ui import collector\nfrom tui_editor.api.checking import check_data\ncollector.work()",
    "count = sum(1 for _ in check_data(path, pixels=False))",
)
_BEFORE_DATUMARO = """
logging.disable(logging.CRITICAL)
from datumaro.components.dataset import Dataset
from datumaro.plugins.validators import DetectionValidator
rules = dict(few_samples_thr=1, imbalance_ratio_thr=50, far_from_mean_thr=5.0, dominance_ratio_thr=0.8, topk_bins=0.1)
"""
_DATUMARO = (
    _BEFORE_DATUMARO,
    "report = DetectionValidator(**rules).validate(Dataset.import_from(str(path), 'coco_instances'))",
)


def run() -> list[Figure]:
    large, small = str(boxes_file(BOXES)), str(boxes_file(PEER_BOXES))
    rounds = [(_measure(sys.executable, large, _OURS), _measure(sys.executable, small, _OURS)) for _ in range(RUNS)]
    seconds, cpu, megabytes = _medians([one for one, _ in rounds])
    name = f"check, {BOXES:,} COCO boxes, every rule without pixels"
    return [
        figure(f"{name} (<= 10 s)", seconds, "s", n=RUNS),
        figure(f"{name}: CPU time", cpu, "s", n=RUNS),
        figure(f"{name}: memory (<= 1536 MB)", megabytes, "MB", n=RUNS),
        *_beside_the_peer(small, _medians([other for _, other in rounds])),
        _live(),
    ]


def _beside_the_peer(path: str, ours: list[float]) -> list[Figure]:
    name = f"check, {PEER_BOXES:,} COCO boxes"
    if not _PEER.exists():
        return [absent(name, "s", why="datumaro is not installed: `make peers`")]
    theirs = _measure(str(_PEER), path, _DATUMARO)
    peer = "datumaro: read and validated"
    return [
        figure(f"{name}: CPU time", ours[1], "s", n=RUNS, peer=peer, peer_value=theirs[1]),
        figure(f"{name}: memory", ours[2], "MB", n=RUNS, peer=peer, peer_value=theirs[2]),
    ]


def _medians(rows: list[list[float]]) -> list[float]:
    return [statistics.median(column) for column in zip(*rows, strict=True)]


def _measure(python: str, path: str, subject: tuple[str, str]) -> list[float]:
    """Return seconds, seconds of CPU time, and MB at the most."""
    code = _FRAME.format(before=subject[0], body=subject[1])
    done = subprocess.run([python, "-c", code, path], check=True, capture_output=True, text=True)
    measured: list[float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def boxes_file(boxes: int, per_image: int = 10) -> Path:
    """Return a file with so many boxes; made when it is not there yet."""
    path = FOLDER / f"boxes-{boxes}" / "annotations" / "instances_train.json"  # datumaro goes by these names
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parents[1] / "images").mkdir(exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        _write(part, boxes, per_image)
        part.replace(path)
    return path


def _write(path: Path, boxes: int, per_image: int) -> None:
    rng = np.random.default_rng(3)
    size = np.round(rng.lognormal(3.6, 0.7, (boxes, 2)).clip(3, 400), 2)
    place = np.round(rng.uniform(0, 1, (boxes, 2)) * ([640, 480] - size), 2)
    classes = rng.integers(1, 81, boxes).tolist()
    rows = np.column_stack([place, size]).tolist()
    images = ", ".join(
        f'{{"file_name": "{i:012d}.jpg", "height": 480, "width": 640, "id": {i}}}'
        for i in range(1, boxes // per_image + 1)
    )
    with path.open("w") as file:
        file.write(f'{{"images": [{images}], "annotations": [')
        for n, (box, number) in enumerate(zip(rows, classes, strict=True)):
            head = f'{{"id": {n + 1}, "image_id": {n // per_image + 1}, "category_id": {number}, "bbox": {box}, '
            file.write((", " if n else "") + head + f'"area": {box[2] * box[3]}, "segmentation": [], "iscrowd": 0}}')
        names = [{"id": i, "name": f"class {i}"} for i in range(1, 81)]
        file.write(f'], "categories": {json.dumps(names)}}}')


def _live() -> Figure:
    """Return the time of checking again after one of 500 boxes on a frame was moved; the peer checks all of it anew.

    Both check the same edits, one after the other.
    """
    from tui_editor.checks.live import LiveChecks
    from tui_editor.edits.labels import put_label
    from tui_editor.edits.stamp import Stamp
    from tui_editor.model.document import make_document
    from tui_editor.model.frames import FrameRef, MediaRef, Unit, UnitKind
    from tui_editor.model.ids import ClassId, InstanceId, ProjectId, TaskId, UnitId
    from tui_editor.model.instances import Instance
    from tui_editor.model.ontology import ObjectClass, Ontology
    from tui_editor.model.project import Project, Task
    from tui_editor.model.shapes import Box, ShapeKind
    from tui_editor.model.tracks import Label, make_track

    rng = np.random.default_rng(1)
    media = MediaRef(root="data", paths=("a.png",))
    unit = Unit(id=UnitId(1), kind=UnitKind.IMAGE, title="a", media=media, frame_count=1, width=1920, height=1080)
    keys = [InstanceId(n) for n in range(1, 501)]
    things = [Instance(id=key, class_id=ClassId("c"), ordinal=key) for key in keys]
    tracks = {(k, unit.id): make_track([Label(frame=0, shape=_box(rng))]) for k in keys}
    document = make_document(instances=things, tracks=tracks)
    ontology = Ontology(classes=(ObjectClass(id=ClassId("c"), name="c", color="#D33115", shape=ShapeKind.BOX),))
    project = Project(id=ProjectId(1), name="p", ontology=ontology, roots={"data": "."})
    task = Task(id=TaskId(1), title="a", units=(unit,))
    live = LiveChecks(task, project)
    live.update(document)
    ours: list[float] = []
    anew: list[float] = []
    for key in keys[:30]:
        moved = replace(_box(rng), width=50.0)
        assert isinstance(moved, Box)
        document = document.apply(put_label(document, key, FrameRef(unit.id, 0), moved, Stamp("a", 1)))
        for check, times in ((live, ours), (LiveChecks(task, project), anew)):
            start = time.process_time()
            check.update(document)
            times.append((time.process_time() - start) * 1000)
    name = "checked again after an edit, 500 labels on a frame (<= 50 ms): CPU time"
    peer = "every label checked anew"
    return figure(name, statistics.median(ours), "ms", n=30, peer=peer, peer_value=statistics.median(anew))


def _box(rng: np.random.Generator):  # type: ignore[no-untyped-def]
    from tui_editor.model.shapes import Box

    return Box(*rng.uniform(0, 900, 2).tolist(), *rng.uniform(10, 150, 2).tolist())
