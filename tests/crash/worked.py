"""Work on a store, step by step: edits, issues, undo, locks, claims, big patches, imports; and what it holds then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from tests.storage.samples import ANN, BO, CAR, UNIT, boxes, edit, imported, moved
from tui_editor.edits import issues
from tui_editor.edits.stamp import Stamp
from tui_editor.model.ids import InstanceId, TaskId
from tui_editor.model.instances import Instance
from tui_editor.model.issues import IssueKind
from tui_editor.model.patch import InstanceChange, Patch, StatusChange, TrackChange
from tui_editor.model.project import TaskQuery
from tui_editor.model.shapes import ShapeKind
from tui_editor.model.tracks import empty_track
from tui_editor.model.workflow import TaskState
from tui_editor.ports import EntryKind

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tui_editor.model.document import LabelDocument
    from tui_editor.model.patch import Change
    from tui_editor.ports import Edit, Lease, ProjectStore, Session

LARGE = InstanceId(77)
"""Comes and goes with labels on frames of some twenty pieces."""


class Seen(Struct, eq=False):
    """All that a store tells of one of its tasks."""

    document: LabelDocument
    facts: tuple[Any, ...]

    def same(self, other: Seen) -> bool:
        return self.facts == other.facts and self.document.same(other.document)


Sight = dict[TaskId, Seen]


def looked_at(store: ProjectStore) -> Sight:
    """Return what a store holds."""
    return {row.id: _seen(store, row.id, (row.label_count, row.issue_count)) for row in store.tasks(TaskQuery())}


def _seen(store: ProjectStore, task: TaskId, counts: tuple[int, int]) -> Seen:
    opened = store.open(task, "ann")
    last = store.recent(task, limit=1)[0]
    holder = store.holder(task)
    lock = (holder.fence, holder.session) if holder else None
    undone = tuple(e.seq for e in store.recent(task, limit=8) if e.undone)
    place = (opened.view, store.open(task, "bo").view, store.last_task("ann"), store.last_task("bo"))
    return Seen(opened.document, (opened.seq, last.idem, undone, lock, place, counts, opened.task.priority))


def same(one: Sight, other: Sight) -> bool:
    """Return whether two looks at a store found the same."""
    return one.keys() == other.keys() and all(one[task].same(other[task]) for task in one)


class Worker:
    """Does steps on a store, each acknowledged when it returns."""

    def __init__(self, store: ProjectStore, rng: random.Random) -> None:
        self.store, self._rng = store, rng
        self._leases: dict[TaskId, Lease] = {}
        self._kept: list[Edit] = []
        self._tasks = [TaskId(11), TaskId(12)]
        self._number = 0
        self._steps: tuple[Callable[[TaskId], None], ...] = (
            *[self._moves_a_label] * 4,
            *[self._discusses] * 2,
            self._takes_or_brings_back,
            self._locks_or_gives_back,
            self._assigns,
            self._makes_or_deletes_many_labels,
            self._edits_two_tasks_together,
            self._goes_elsewhere,
            self._ranks,
            self._imports,
        )

    def step(self) -> None:
        """Do one thing that changes the store."""
        self._number += 1
        self._rng.choice(self._steps)(self._rng.choice(self._tasks))

    def _document(self, task: TaskId) -> LabelDocument:
        return self.store.open(task).document

    def _keep(self, task: TaskId, patch: Patch, **more: Any) -> None:
        made = self._edit(task, patch, **more)
        (answer,) = self.store.commit([made])
        assert isinstance(answer, int), answer
        self._kept.append(made)

    def _edit(self, task: TaskId, patch: Patch, **more: Any) -> Edit:
        lease = self._leases.get(task)
        who = self._whose(task)
        placed = {"n": self._number} if self._rng.random() < 0.5 else {}
        return edit(patch, who, key=task, fence=lease.fence if lease else None, view=placed, **more)

    def _whose(self, task: TaskId) -> Session:
        lease = self._leases.get(task)
        if lease is not None:
            return ANN if lease.session == ANN.id else BO
        return self._rng.choice([ANN, BO])

    # --- steps -----------------------------------------------------------------------------------

    def _moves_a_label(self, task: TaskId) -> None:
        self._keep(task, moved(self._document(task), self._rng.randrange(300), self._rng.random()))

    def _discusses(self, task: TaskId) -> None:
        document, stamp = self._document(task), Stamp("ann", self._number)
        opened = document.open_issues()
        if not opened or self._rng.random() < 0.4:
            self._keep(task, issues.raise_issue(issues.new_issue(IssueKind.FILE, "why?", stamp)))
        elif self._rng.random() < 0.6:
            self._keep(task, issues.comment(document, opened[0].id, "because " * 20, stamp))
        else:
            self._keep(task, issues.set_resolved(document, opened[0].id, True, stamp))

    def _takes_or_brings_back(self, task: TaskId) -> None:
        last = self.store.recent(task, limit=1)[0]
        if last.kind is EntryKind.IMPORT:
            self._moves_a_label(task)
            return
        kind = EntryKind.REDO if last.kind is EntryKind.UNDO else EntryKind.UNDO
        self._keep(task, last.patch.inverse(), kind=kind, undoes=last.idem)

    def _locks_or_gives_back(self, task: TaskId) -> None:
        lease = self._leases.get(task)
        if lease is not None and self._rng.random() < 0.5:
            self.store.release(lease)
            del self._leases[task]
        else:
            self._leases[task] = self.store.acquire(task, self._rng.choice([ANN, BO]), take=True)

    def _assigns(self, task: TaskId) -> None:
        old = self._document(task).status
        new = replace(old, assignee="" if old.assignee else "ann", state=TaskState.RELEASED)
        self._keep(task, Patch((StatusChange(old, new),)), kind=EntryKind.ASSIGN)

    def _makes_or_deletes_many_labels(self, task: TaskId) -> None:
        document = self._document(task)
        there = document.instances.get(LARGE)
        thing = there or Instance(id=LARGE, class_id=document.instances[CAR].class_id, ordinal=9)
        before = document.track(LARGE, UNIT) or empty_track(ShapeKind.BOX)
        many, none = boxes(range(0, 5000, 3)), empty_track(ShapeKind.BOX)
        labels = TrackChange(LARGE, UNIT, before, many if there is None else none)
        instance = InstanceChange(LARGE, there, thing if there is None else None)
        changes: tuple[Change, ...] = (instance, labels) if there is None else (labels, instance)
        self._keep(task, Patch(changes))

    def _edits_two_tasks_together(self, _task: TaskId) -> None:
        made = [self._edit(key, moved(self._document(key), 5, self._rng.random())) for key in self._tasks[:2]]
        assert all(isinstance(answer, int) for answer in self.store.commit(made, together=True))

    def _goes_elsewhere(self, task: TaskId) -> None:
        self.store.save_view(task, self._rng.choice(["ann", "bo"]), {"n": self._number})

    def _ranks(self, task: TaskId) -> None:
        self.store.save_task(replace(self.store.task(task), priority=self._number / 1000))

    def _imports(self, _task: TaskId) -> None:
        if len(self._tasks) < 5:
            self._tasks.append(TaskId(20 + len(self._tasks)))
            self.store.add_tasks([imported(self._tasks[-1])], "ann")
        else:
            self._moves_a_label(self._tasks[-1])
