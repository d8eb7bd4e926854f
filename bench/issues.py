"""A hundred thousand issues: in one task, by key; and over all tasks, their figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.store_data import project
from bench.typist import ENTER, ESCAPE, at_work, p95
from tui_editor.model.document import make_document
from tui_editor.model.frames import MediaRef, Unit, UnitKind
from tui_editor.model.ids import ClassId, InstanceId, IssueId, TaskId, UnitId
from tui_editor.model.instances import Instance
from tui_editor.model.issues import Comment, Issue, IssueKind, Resolution
from tui_editor.model.project import Task
from tui_editor.ports import ImportedTask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.figures import Figure

ISSUES = 100_000
TAGS = ("hard", "unclear", "wrong class", "too loose")
PEOPLE = ("ann", "bo", "kim", "rae")


def run() -> list[Figure]:
    found: list[Figure] = []
    with project() as (folder, store):
        store.add_tasks(_tasks(), "bench")
        with at_work(folder, "Issues", found, "100,000 issues in a task") as typist:
            found.append(p95("next issue of 100,000", typist.times("}")))
            typist.press("I")
            found.append(p95("down the list of 100,000 issues", typist.times("jk")))
            found.append(p95("resolve one of 100,000 issues", typist.times("x")))
            found.append(p95("list open, resolved, all issues", typist.times("f", runs=21)))
            typist.press("/")
            typist.press("truck 777")
            found.append(p95("search 100,000 issues", [typist.press(ENTER)]))
            typist.press("/\x15" + ENTER)
            found.append(p95("figures of 100,000 issues", typist.times("S", after=ESCAPE, runs=5)))
    return found


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
