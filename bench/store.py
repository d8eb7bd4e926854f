"""The store: opening large tasks, adding many, a page of a million tasks. For one durable edit see `bench.commit`."""

from __future__ import annotations

import os
import statistics
import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from bench.figures import Figure, figure
from bench.store_data import TASK, UNIT, boxes, document, project, task
from tui_editor.model.document import make_document
from tui_editor.model.frames import UnitKind
from tui_editor.model.ids import ClassId, InstanceId, TaskId
from tui_editor.model.instances import Instance
from tui_editor.model.project import TaskQuery
from tui_editor.ports import ImportedTask
from tui_editor.storage.locate import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

OPENINGS = 5
ANNOTATIONS = int(os.environ.get("BENCH_STORE_ANNOTATIONS", "1000000"))
TASKS = int(os.environ.get("BENCH_STORE_TASKS", "1000000"))
PER_IMAGE = 8


def run() -> list[Figure]:
    return [
        opening(1_000, 100, limit_ms=150),
        opening(10_000, 100, limit_ms=600),
        adding(),
        *queue(),
    ]


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
