"""A hundred thousand issues: in one task, by key; and over all tasks, their figures."""

from __future__ import annotations

import statistics
import time
from functools import partial
from typing import TYPE_CHECKING

from bench.figures import Figure, figure
from bench.store_data import project
from bench.typist import ENTER, ESCAPE, at_work, p95, seen
from tui_editor.api.issue_stats import counted
from tui_editor.model.document import make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import ClassId, InstanceId, IssueId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.issues import Comment, Issue, IssueKind, Resolution
from tui_editor.model.project import Task
from tui_editor.ports import ImportedTask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bench.typist import Typed, Typist
    from tui_editor.storage.sqlite.store import SqliteStore

ISSUES = 100_000
TAGS = ("hard", "unclear", "wrong class", "too loose")
WORDS = ("truck 777", "truck 99998", "kim", "tag:hard truck 4", "author:bo", "kind:frame 31", "car", "truck") * 2
PEOPLE = ("ann", "bo", "kim", "rae")


def run() -> list[Figure]:
    with project() as (folder, store):
        store.add_tasks(_tasks(), "bench")
        return [*_screen(folder), _counted(store)]


def _counted(store: SqliteStore) -> Figure:
    ontology, times = store.project().ontology, []
    for _ in range(3):
        started = time.perf_counter()
        counted(store.issues(), ontology)
        times.append(time.perf_counter() - started)
    return figure("figures of 100,000 issues counted, off the loop", statistics.median(times) * 1000, "ms", n=3)


def _screen(folder: Path) -> list[Figure]:
    """Return the times from keys to the painted issues of a task."""
    found: list[Figure] = []
    with at_work(folder, "Issues", found, "100,000 issues in a task") as typist:
        found.append(p95("next issue of 100,000", typist.times("}")))
        typist.press("I")
        found.append(p95("down the list of 100,000 issues", typist.times("jk")))
        turns = [typist.see("x", _told("resolved", "reopened")[n % 2]) for n in range(20)]
        found += seen("resolve one of 100,000 issues", turns)
        lists = _told("resolved issues", "all issues", "open issues")
        found += seen("list open, resolved, all issues", [typist.see("f", lists[n % 3]) for n in range(21)])
        found.append(p95("the field for a search of 100,000 issues", typist.times("/", after=ESCAPE)))
        found += seen("search 100,000 issues", [_searched(typist, words) for words in WORDS])
        found += seen("the screen with the figures of 100,000 issues", [_figures(typist) for _ in range(10)])
    with at_work(folder, "Issues", found, "100,000 issues never searched before") as typist:
        typed = typist.see(":issue.search truck 777" + ENTER, _lists("truck 777"))
        found += seen("search 100,000 issues for the first time, at once", [typed], limit_ms=500)
    return found


def _told(*words: str) -> list[Callable[[list[str]], bool]]:
    """Return what tells whether the message line says something, for each of some words."""
    return [partial(_says, each) for each in words]


def _says(words: str, rows: list[str]) -> bool:
    return rows[-2].strip().startswith(words)


def _lists(words: str) -> Callable[[list[str]], bool]:
    """Return what tells whether the pane lists what was searched for: its lower border says so."""
    return lambda rows: any(f" open / {words} " in row for row in rows)


def _searched(typist: Typist, words: str) -> Typed:
    typist.press("/")
    typist.press("\x15" + words)
    typed = typist.see(ENTER, _lists(words))
    typist.press("/")
    typist.press("\x15" + ENTER)
    return typed


def _figures(typist: Typist) -> Typed:
    typed = typist.see("S", lambda rows: any("Issues of the project" in row for row in rows))
    typist.press(ESCAPE)
    return typed


def _tasks() -> Iterator[ImportedTask]:
    unit = Unit(
        id=UnitId(7),
        kind=UnitKind.IMAGE_SEQUENCE,
        title="street",
        media=MediaRef(root="data", paths=tuple(f"{n}.png" for n in range(10_000))),
        frame_count=10_000,
        width=1920,
        height=1080,
    )
    cars = [Instance(id=InstanceId(n + 1), class_id=ClassId("car"), ordinal=n) for n in range(100)]
    task = Task(id=TaskId(1), title="street", units=(unit,))
    yield ImportedTask(task=task, document=make_document(instances=cars, issues=list(_issues(unit.id))))


def _issues(unit: UnitId) -> Iterator[Issue]:
    for n in range(ISSUES):
        resolved = n % 3 == 0
        frame = (n * 7) % 10_000
        yield Issue(
            id=IssueId(n + 1),
            kind=IssueKind.LABEL if n % 2 else IssueKind.FRAME,
            author=PEOPLE[n % 4],
            created_ms=1_700_000_000_000 + n,
            unit=unit,
            instance=InstanceId(n % 100 + 1) if n % 2 else None,
            frames=(frame, frame + n % 5),
            tags=(TAGS[n % 4],),
            comments=(Comment(author=PEOPLE[n % 4], at_ms=1, text=f"the truck {n} is cut off"),),
            history=(Resolution(by="rae", at_ms=1_700_000_100_000 + n, resolved=True),) if resolved else (),
        )
