"""The queue of a million tasks: a page, each filter and sort, counts, the next task. The screen asks for 200 rows."""

from __future__ import annotations

import os
import re
import statistics
import time
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import replace

from bench.figures import Figure, figure
from bench.store_data import project, task
from bench.typist import ENTER, ESCAPE, Typed, at_work, p95, seen
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

    from bench.typist import Typist

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
            _timed(f"queue, {name}", partial(store.tasks, q), limit_ms=PAGE_LIMIT_MS) for name, q in pages.items()
        ]
        found += [
            _timed(f"queue filtered by {name}", partial(store.tasks, replace(q, limit=PAGE)), limit_ms=FILTER_LIMIT_MS)
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


def _timed(name: str, subject: Callable[[], object], runs: int = 7, limit_ms: float | None = None) -> Figure:
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        subject()
        times.append(time.perf_counter() - started)
    peer = "limit, <= 1.0" if limit_ms is not None else ""
    return figure(name, statistics.median(times) * 1000, "ms", n=runs, peer=peer, peer_value=limit_ms)


def _screen(folder: Path) -> list[Figure]:
    """Return the times from keys to the painted screen of the queue."""
    found: list[Figure] = []
    name = f"queue of {TASKS:,} tasks"
    with at_work(folder, "street", found, name, task="") as typist:
        found.append(p95(f"{name}: down and up", typist.times("jk")))
        for what, (key, shows) in _KEYS.items():
            found += seen(f"{name}: {what}", [_turned(typist, key, shows) for _ in range(20)])
        found.append(p95(f"{name}: the field of the filter", typist.times("/", after=ESCAPE)))
        every: list[Typed] = []
        for words, fits in _FILTERS.items():
            typed = [_filtered(typist, words, fits) for _ in range(FILTERED)]
            found += seen(f"{name}: filtered by {words}", typed)
            every += typed
        found += seen(f"{name}: filtered", every)
        found += seen(f"{name}: a further page", [_turned(typist, "G", _differ) for _ in range(20)])
    return found


def _turned(typist: Typist, key: str, shows: Callable[[list[str], list[str]], bool]) -> Typed:
    before = typist.rows
    return typist.see(key, lambda rows: shows(before, rows))


def _filtered(typist: Typist, words: str, fits: Callable[[str], bool]) -> Typed:
    typist.press("/")
    typist.press("\x15" + words)
    typed = typist.see(ENTER, lambda rows: f"/ {words} " in rows[0] + " " and all(fits(row) for row in _listed(rows)))
    typist.press("/")
    typist.press("\x15" + ENTER)
    return typed


def _listed(rows: list[str]) -> list[str]:
    """Return what the list shows."""
    return [row for row in (line[:LIST_CELLS].strip(" │") for line in rows[2:-2]) if row]


def _differ(before: list[str], rows: list[str]) -> bool:
    """Return whether all rows of the list are others."""
    return not set(_listed(before)) & set(_listed(rows))


def _details(before: list[str], rows: list[str]) -> bool:
    """Return whether the details are there, or gone, where they weren't."""
    return any(DETAIL in row for row in before) is not any(DETAIL in row for row in rows)


def _number(row: str) -> int:
    """Return the number of a task in its title; -1 for a row that shows none."""
    found = re.match(r"street (\d+) cam", row)
    return int(found[1]) if found else -1


FILTERED = 7
LIST_CELLS = 60
DETAIL = " city "
"""Stands in the details alone."""
_KEYS: dict[str, tuple[str, Callable[[list[str], list[str]], bool]]] = {
    "details": ("d", _details),
    "order turned round": ("S", _differ),
}
_FILTERS: dict[str, Callable[[str], bool]] = {
    "street 77": lambda row: row.startswith("street 77"),
    "stage:review": lambda row: " review " in row,
    "kind:video": lambda row: _number(row) % 1000 == 0,
    "city=Bonn": lambda row: _number(row) % 4 == 1,
    f"number={TASKS // 3}": lambda row: _number(row) == TASKS // 3,
    "no such title": lambda row: "no task fits" in row,
}
"""What is searched for, and whether a row may be listed then."""
