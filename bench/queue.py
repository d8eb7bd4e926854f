"""The queue of a million tasks: a page, each filter and sort, counts, the next task. The screen asks for 200 rows."""

from __future__ import annotations

import os
import statistics
import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from bench.figures import Figure, figure
from bench.store_data import project, task
from bench.typist import ENTER, at_work, p95
from tui_editor.model.document import make_document
from tui_editor.model.frames import UnitKind
from tui_editor.model.ids import IssueId, TaskId
from tui_editor.model.issues import Issue, IssueKind
from tui_editor.model.project import TaskQuery, TaskSort
from tui_editor.model.workflow import TaskState, TaskStatus
from tui_editor.ports import ImportedTask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TASKS = int(os.environ.get("BENCH_QUEUE_TASKS", "1000000"))
PAGE = 200
PEOPLE = ("ann", "bo", "kim", "rae")
CITIES = ("Aachen", "Bonn", "Jena", "Ulm")
PAGE_LIMIT_MS, FILTER_LIMIT_MS = 50, 100


def run() -> list[Figure]:
    with project() as (folder, store):
        started = time.perf_counter()
        store.add_tasks(_tasks(), "bench")
        made = time.perf_counter() - started
        first = TaskQuery(limit=PAGE)
        middle = replace(store.tasks(first)[0], id=TaskId(TASKS // 2))
        pages = {"first page": first, "page in the middle": replace(first, after=middle)}
        filters = {
            "stage": TaskQuery(stage="review"),
            "stage and state": TaskQuery(stage="annotate", state="released"),
            "assignee": TaskQuery(assignee="kim"),
            "assignee and stage": TaskQuery(assignee="kim", stage="review"),
            "kind, frequent": TaskQuery(kind="image"),
            "kind, rare": TaskQuery(kind="video"),
            "kind, none of it": TaskQuery(kind="dicom"),
            "issues open": TaskQuery(has_issues=True),
            "title, one": TaskQuery(text=f"street {TASKS - 7}"),
            "title, frequent": TaskQuery(text="street"),
            "title, one in a hundred": TaskQuery(text="77 "),
            "title, none": TaskQuery(text="no such title"),
            "title, two letters": TaskQuery(text="t "),
            "metadata, a quarter": TaskQuery(metadata=(("city", "Bonn"),)),
            "metadata, one": TaskQuery(metadata=(("number", str(TASKS // 3)),)),
            "metadata and stage": TaskQuery(metadata=(("city", "Bonn"),), stage="review"),
            "kind, rare, and stage": TaskQuery(kind="video", stage="complete"),
            "issues and title": TaskQuery(has_issues=True, text="street"),
            "assignee and kind, rare": TaskQuery(assignee="kim", kind="video"),
            "group, none": TaskQuery(group="no such group"),
            "open to a person": TaskQuery(open_to="kim", stage="annotate"),
        }
        found = [figure(f"{TASKS:,} tasks added", TASKS / made, "tasks/s", n=1)]
        found += [
            _timed(f"queue, {name} (<= {PAGE_LIMIT_MS} ms)", partial(store.tasks, q)) for name, q in pages.items()
        ]
        found += [
            _timed(f"queue filtered by {name} (<= {FILTER_LIMIT_MS} ms)", partial(store.tasks, replace(q, limit=PAGE)))
            for name, q in filters.items()
        ]
        found += [
            _timed(f"queue sorted by {sort}", partial(store.tasks, replace(first, sort=sort))) for sort in TaskSort
        ]
        found += _screen(folder)
        found.append(_timed("counts of all tasks", lambda: store.count(TaskQuery())))
        found += [
            _timed(f"counts, filtered by {name}", partial(store.count, filters[name]))
            for name in ("title, frequent", "kind, frequent")
        ]
    return found


def _tasks() -> Iterator[ImportedTask]:
    image, video = task(1, UnitKind.IMAGE, 1), task(1)
    bare = {status: make_document(status=status) for status in _statuses()}
    issue = Issue(id=IssueId(1), kind=IssueKind.FILE, author="ann", created_ms=1)
    noted = make_document(issues=[issue])
    statuses = list(bare)
    for n, key in enumerate(np.random.default_rng(1).permutation(TASKS).tolist()):
        kind = video if n % 1000 == 0 else image
        unit = replace(kind.units[0], metadata={"city": CITIES[n % 4], "number": str(n)})
        made = replace(kind, id=TaskId(key + 1), title=f"street {n} cam", units=(unit,), priority=(n % 11) / 10)
        yield ImportedTask(task=made, document=noted if n % 5000 == 0 else bare[statuses[n % len(statuses)]])


def _statuses() -> Iterator[TaskStatus]:
    for state in (TaskState.NEW, TaskState.RELEASED, TaskState.REOPENED):
        yield TaskStatus(state=state)
    for person in PEOPLE:
        yield TaskStatus(state=TaskState.ASSIGNED, assignee=person)
        yield TaskStatus(stage="review", state=TaskState.ASSIGNED, assignee=person, author="ann")
    yield TaskStatus(stage="review", author="ann")
    yield TaskStatus(stage="complete", state=TaskState.COMPLETED)


def _timed(name: str, subject: Callable[[], object], runs: int = 7) -> Figure:
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        subject()
        times.append(time.perf_counter() - started)
    return figure(name, statistics.median(times) * 1000, "ms", n=runs)


def _screen(folder: Path) -> list[Figure]:
    """Return the times from keys to the painted screen of the queue."""
    found: list[Figure] = []
    with at_work(folder, "street", found, f"queue of {TASKS:,} tasks", task="") as typist:
        for name, keys in _KEYS.items():
            found.append(p95(f"queue of {TASKS:,} tasks: {name}", typist.times(keys)))
        for words in ("street 77", "stage:review", "kind:video", "city=Bonn", f"number={TASKS // 3}", "no such title"):
            times = []
            for _ in range(5):
                typist.press("/")
                typist.press("\x15" + words)
                times.append(typist.press(ENTER))
                typist.press("/")
                typist.press("\x15" + ENTER)
            found.append(p95(f"queue filtered by {words}", times, FILTER_LIMIT_MS))
    return found


_KEYS = {"down and up": "jk", "details": "d", "order turned round": "S", "a further page": "G"}
"""Paging comes last: with more rows the others would not do what they do at first."""
