"""A COCO file of a million annotations: read against pycocotools, and imported into the store under a progress bar."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys

from bench.coco_data import coco_file
from bench.figures import Figure, figure

ANNOTATIONS = int(os.environ.get("BENCH_COCO_ANNOTATIONS", "1000000"))
RUNS = 3

_FRAME = """
import json, resource, sys, time
from pathlib import Path
path = Path(sys.argv[1])
{before}
start, cpu = time.perf_counter(), time.process_time()
{body}
seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print("\\n" + json.dumps([seconds, peak / 1024, cpu]))
"""
_OURS = ("from tui_editor.formats.coco.schema import load", "data = load(path)")
_OPEN = (
    "from tui_editor.formats.coco import FORMAT\nfrom tui_editor.ports import ImportOptions",
    "first = next(iter(FORMAT.read(path, ImportOptions()).tasks()))",
)
_PEER = ("from pycocotools.coco import COCO", "data = COCO(str(path))")
_TASKS = (_OPEN[0], "count = sum(1 for _ in FORMAT.read(path, ImportOptions()).tasks())")
_DOCUMENTS = (_OPEN[0], "count = sum(len(t.document.tracks) for t in FORMAT.read(path, ImportOptions()).tasks())")
_STORE_BEFORE = """
import contextlib, os, tempfile, threading
from tui_editor.api.importing import import_data
from tui_editor.api.project import create_project
from tui_editor.cli.output import progress
folder = tempfile.TemporaryDirectory(dir=path.parent)
project = create_project(Path(folder.name))
master, slave = os.openpty()
threading.Thread(target=lambda: [None for _ in iter(lambda: os.read(master, 4096), b"")], daemon=True).start()
terminal = os.fdopen(slave, "w")
"""
_STORE = (
    _STORE_BEFORE,
    """
with contextlib.redirect_stderr(terminal), progress("reading") as seen:
    assert seen is not None, "the bar needs a terminal"
    report = import_data(project, path, "coco", progress=seen)
""",
)


def run() -> list[Figure]:
    path = str(coco_file(ANNOTATIONS))
    size = f"{ANNOTATIONS:,} annotations"
    ours, first, peer = _interleaved(path, (_OURS, _OPEN, _PEER))
    stored, tasks, documents = _interleaved(path, (_STORE, _TASKS, _DOCUMENTS))
    whole = f"COCO imported into the store, {size}"
    read = f"COCO read, {size}"
    peer_name = "pycocotools COCO(path)"
    return [
        figure(read, ours[0], "s", n=RUNS, peer=f"{peer_name} (<= 0.2x)", peer_value=peer[0]),
        figure(f"{read}: memory", ours[1], "MB", n=RUNS, peer=f"{peer_name} (<= 0.4x)", peer_value=peer[1]),
        figure(f"COCO opened to its first task, {size}", first[0], "s", n=RUNS, peer=peer_name, peer_value=peer[0]),
        figure(f"COCO as tasks, {size}", tasks[0], "s", n=RUNS),
        figure(f"COCO as documents, {size}", documents[0], "s", n=RUNS),
        figure(f"{whole} (<= 30 s)", stored[0], "s", n=RUNS),
        figure(f"{whole}: CPU time (<= 27 s)", stored[2], "s", n=RUNS),
        figure(f"{whole}: memory", stored[1], "MB", n=RUNS, peer=peer_name, peer_value=peer[1]),
    ]


def _interleaved(path: str, subjects: tuple[tuple[str, str], ...]) -> list[list[float]]:
    """Return what `_measure` gives of each subject: medians of runs in fresh processes, which take turns."""
    rounds = [[_measure(path, subject) for subject in subjects] for _ in range(RUNS)]
    return [[statistics.median(values) for values in zip(*runs, strict=True)] for runs in zip(*rounds, strict=True)]


def _measure(path: str, subject: tuple[str, str]) -> tuple[float, float, float]:
    """Return seconds, MB at the most, and seconds of CPU time."""
    code = _FRAME.format(before=subject[0], body=subject[1])
    done = subprocess.run([sys.executable, "-c", code, path], check=True, capture_output=True, text=True)
    seconds, megabytes, cpu = json.loads(done.stdout.splitlines()[-1])
    return seconds, megabytes, cpu
