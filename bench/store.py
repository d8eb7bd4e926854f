"""The store: one durable edit against a bare fsync, opening large tasks, adding many, a page of a million tasks."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np

from bench.figures import Figure, figure
from tui_editor.model.columns import Geometry
from tui_editor.model.document import LabelDocument, make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import ClassId, InstanceId, ProjectId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.patch import Patch, TrackChange
from tui_editor.model.project import Project, Task, TaskQuery
from tui_editor.model.shapes import Box, ShapeKind
from tui_editor.model.tracks import Label, make_track, track_from_columns
from tui_editor.ports import Edit, ImportedTask, Session
from tui_editor.storage.locate import create_store, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tui_editor.model.document import TrackKey
    from tui_editor.model.tracks import Track
    from tui_editor.storage.sqlite.store import SqliteStore

BUILD = Path(__file__).resolve().parents[1] / "build"
EDITS = 500
OPENINGS = 5
UNIT = UnitId(7)
TASK = TaskId(1)
FRAMES = 200_000
ANNOTATIONS = int(os.environ.get("BENCH_STORE_ANNOTATIONS", "1000000"))
TASKS = int(os.environ.get("BENCH_STORE_TASKS", "1000000"))
PER_IMAGE = 8


def run() -> list[Figure]:
    return [
        *commit_against_fsync(),
        opening(1_000, 100, limit_ms=150),
        opening(10_000, 100, limit_ms=600),
        adding(),
        *queue(),
    ]


@contextmanager
def project() -> Iterator[tuple[Path, SqliteStore]]:
    # In the checkout: /tmp is often a RAM disk, on which fsync costs nothing.
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="store-") as folder:
        store = create_store(Path(folder), Project(id=ProjectId(1), name="bench"))
        try:
            yield Path(folder), store
        finally:
            store.close()


def task(key: int, kind: UnitKind = UnitKind.VIDEO, frames: int = FRAMES) -> Task:
    media = MediaRef(root="data", paths=(f"{key}.mp4",))
    unit = Unit(id=UNIT, kind=kind, title=str(key), media=media, frame_count=frames, width=1920, height=1080)
    return Task(id=TaskId(key), title=f"task {key}", units=(unit,))


def boxes(first: int, count: int) -> Track:
    """Return boxes on consecutive frames with confidences of their own, as a tracker leaves them."""
    frames = np.arange(first, first + count, dtype=np.int32)
    fixed = np.random.default_rng(first).random((count, 4)) * 1000
    confidence = np.linspace(0.5, 1, count, dtype=np.float32)
    return track_from_columns(frames, Geometry(ShapeKind.BOX, fixed), confidence=confidence)


def document(tracks: int, length: int) -> LabelDocument:
    instances = [
        Instance(id=InstanceId(i + 1), class_id=ClassId("car"), ordinal=i, source_id=f"obj{i}") for i in range(tracks)
    ]
    starts = np.linspace(0, FRAMES - length, tracks).astype(int).tolist()
    kept: dict[TrackKey, Track] = {(i.id, UNIT): boxes(s, length) for i, s in zip(instances, starts, strict=True)}
    return make_document(instances=instances, tracks=kept)


def commit_against_fsync() -> list[Figure]:
    """Take turns: an edit through the store, a bare 4 KiB appended to a log, and 4 KiB written over."""
    with project() as (folder, store):
        store.add_tasks([ImportedTask(task=task(1), document=document(100, 256))], "bench")
        lease = store.acquire(TASK, Session(id="s", person="bench", pid=os.getpid()))
        made = edits(store.open(TASK).document, lease.fence)
        log, fixed = (os.open(folder / name, os.O_RDWR | os.O_CREAT) for name in ("log", "fixed"))
        times: dict[str, list[float]] = {"commit": [], "log": [], "fixed": []}
        for number, edit in enumerate(made):
            started = time.perf_counter()
            (answer,) = store.commit([edit])
            times["commit"].append(time.perf_counter() - started)
            assert answer == number + 2, answer
            for name, file, at in (("log", log, number), ("fixed", fixed, 0)):
                started = time.perf_counter()
                os.pwrite(file, bytes(4096), at * 4096)
                os.fsync(file)
                times[name].append(time.perf_counter() - started)
        os.close(log)
        os.close(fixed)
    commit, appended, over = (statistics.median(values) * 1000 for values in times.values())
    slowest = sorted(times["commit"])[int(EDITS * 0.99)] * 1000
    return [
        figure(
            "commit of one edit, p50",
            commit,
            "ms",
            n=EDITS,
            peer="fsync of 4 KiB appended (<= 1.5x)",
            peer_value=appended,
        ),
        figure("commit of one edit, p50 ", commit, "ms", n=EDITS, peer="fsync of 4 KiB in place", peer_value=over),
        figure("commit of one edit, p99", slowest, "ms", n=EDITS),
    ]


def edits(now: LabelDocument, fence: int) -> list[Edit]:
    """Return edits that each move one box of a track of 256, with the view that goes with each."""
    found = []
    keys = sorted(now.tracks)
    for number in range(EDITS):
        instance, unit = keys[number % len(keys)]
        track = now.tracks[instance, unit]
        before = track.part(number % 256, number % 256 + 1)
        frame = int(before.frames[0])
        after = make_track([Label(frame=frame, shape=Box(number, 2, 3, 4), author="bench", edited_ms=number)])
        patch = Patch((TrackChange(instance, unit, before, after),))
        now = now.apply(patch)
        view = {"unit": unit, "frame": frame, "selection": [instance], "center": None, "scale": 1.0}
        found.append(
            Edit(
                task=TASK,
                patch=patch,
                person="bench",
                session="s",
                command="label.nudge",
                at_ms=number,
                idem=uuid4().hex,
                fence=fence,
                view=view,
            )
        )
    return found


def opening(tracks: int, length: int, *, limit_ms: int) -> Figure:
    with project() as (folder, store):
        store.add_tasks([ImportedTask(task=task(1), document=document(tracks, length))], "bench")
        times = []
        for _ in range(OPENINGS):
            started = time.perf_counter()
            fresh = open_store(folder)
            opened = fresh.open(TASK, "bench")
            times.append(time.perf_counter() - started)
            assert opened.document.label_count == tracks * length
            fresh.close()
    name = f"store and task opened, {tracks * length:,} labels in {tracks:,} tracks (<= {limit_ms} ms)"
    return figure(name, statistics.median(times) * 1000, "ms", n=OPENINGS)


def adding() -> Figure:
    """Add images of 8 single boxes; the documents are made beforehand: only the store's time counts."""
    labelled = [
        make_document(
            instances=[Instance(id=InstanceId(i + 1), class_id=ClassId("car"), ordinal=i) for i in range(PER_IMAGE)],
            tracks={(InstanceId(i + 1), UNIT): boxes(0, 1) for i in range(PER_IMAGE)},
        )
    ] * (ANNOTATIONS // PER_IMAGE)
    with project() as (_, store):
        found = (ImportedTask(task=task(k + 1, UnitKind.IMAGE, 1), document=d) for k, d in enumerate(labelled))
        started = time.perf_counter()
        store.add_tasks(found, "bench")
        seconds = time.perf_counter() - started
    return figure(f"store: {ANNOTATIONS:,} single boxes added, {PER_IMAGE} a task", seconds, "s", n=1)


def queue() -> list[Figure]:
    with project() as (_, store):
        nothing = make_document()
        bare = task(1, UnitKind.IMAGE, 1)
        keys = np.random.default_rng(1).permutation(TASKS).tolist()
        store.add_tasks((ImportedTask(task=replace(bare, id=TaskId(k + 1)), document=nothing) for k in keys), "bench")
        middle = replace(store.tasks(TaskQuery(limit=1))[0], id=TaskId(TASKS // 2))
        pages = {
            "first page": TaskQuery(),
            "page in the middle": TaskQuery(after=middle),
            "page of a stage and state": TaskQuery(stage="annotate", state="new", after=middle),
        }
        found = [
            figure(f"{name} of 100 of {TASKS:,} tasks (<= 1 ms)", _median_ms(partial(store.tasks, query)), "ms", n=50)
            for name, query in pages.items()
        ]
        found.append(figure(f"counts of {TASKS:,} tasks", _median_ms(lambda: store.count(TaskQuery()), 5), "ms", n=5))
        search = TaskQuery(text="no such title")
        found.append(figure(f"text search of {TASKS:,} tasks", _median_ms(lambda: store.tasks(search), 3), "ms", n=3))
    return found


def _median_ms(subject: Callable[[], object], runs: int = 50) -> float:
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        subject()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000
