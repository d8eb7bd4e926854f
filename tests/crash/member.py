"""One process of a crew: a person who takes tasks, edits, discusses, undoes, takes over and hands on, until killed."""

from __future__ import annotations

import os
import random
import threading
import time
from typing import TYPE_CHECKING

from msgspec import Struct

from tests.crash.witness import Log, Witness, clock_ns
from tests.storage.samples import CAR, UNIT, moved
from tui_editor.api.editing import Task, this_session
from tui_editor.api.project import Project
from tui_editor.api.undoing import undo_steps
from tui_editor.api.workflow import do, next_task, release_step, reopen_step
from tui_editor.edits import issues, review
from tui_editor.edits import workflow as moves
from tui_editor.edits.labels import create_instance, delete_instance
from tui_editor.edits.stamp import Stamp
from tui_editor.errors import PatchMismatch, Refused, StoreFenced, StoreLocked
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import TaskId
from tui_editor.model.issues import IssueKind
from tui_editor.model.project import TaskQuery
from tui_editor.model.shapes import Box
from tui_editor.model.workflow import StageKind
from tui_editor.ports import EntryKind
from tui_editor.storage import leases
from tui_editor.storage.committer import Committer
from tui_editor.storage.locate import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import Any

    from tui_editor.model.patch import Patch
    from tui_editor.ports import Edit
    from tui_editor.storage.sqlite.store import SqliteStore

    Done = Callable[[Edit, int | Exception], None]

DENIED = (Refused, StoreLocked, StoreFenced, PatchMismatch)
"""What happens to everybody who works with others."""


class Orders(Struct, frozen=True, kw_only=True):
    """What a process of the crew is to do."""

    folder: Path
    logs: Path
    slot: int
    """Whose place it is: a process that was killed is followed by another one with the same."""
    turn: int
    """How many processes had this place before."""
    ends_ns: int
    """When it stops, by `clock_ns`."""
    ttl_ms: int
    """How long a lock lives without a sign of life."""
    think_s: float
    """Seconds between one edit and the next, at a mean."""
    tasks: int

    @property
    def log(self) -> Path:
        return self.logs / f"{self.slot}-{self.turn}.log"


def work(orders: Orders) -> None:
    """Work on tasks until the time has come."""
    leases.TTL_MS = orders.ttl_ms
    member = _Member(orders)
    while clock_ns() < orders.ends_ns:
        member.sits_down()
    member.leaves()


class _Noted(Committer):
    """A store thread of which is noted when the window handed it an edit: `submitted`, when, idem."""

    def __init__(self, log: Log, *args: Any, **more: Any) -> None:
        self._log = log
        super().__init__(*args, **more)

    def submit(self, edit: Edit, done: Done) -> None:
        self._log.add("submitted", clock_ns(), edit.idem)
        super().submit(edit, done)


class _Member:
    def __init__(self, orders: Orders) -> None:
        self._orders = orders
        self._rng = random.Random(orders.slot * 1000 + orders.turn)
        self._log = Log(orders.log)
        self._log.add("began", clock_ns(), os.getpid())
        self._project = Project(orders.folder, self._opened(), f"p{orders.slot}")
        self._lost = threading.Event()
        self._committer = _Noted(
            self._log,
            lambda: self._opened(edits=True),
            heartbeat_s=orders.ttl_ms / 4000,
            lost=lambda _why: self._lost.set(),
        )

    def _opened(self, *, edits: bool = False) -> SqliteStore:
        return Witness(open_store(self._orders.folder, edits=edits), self._log)  # type: ignore[return-value]  # it acts like one

    def leaves(self) -> None:
        self._committer.close(None)
        self._project.close()
        self._log.add("ended", clock_ns())
        self._log.close()

    # --- one sitting -----------------------------------------------------------------------------

    def sits_down(self) -> None:
        """Work on one task, as far as the others let it."""
        try:
            chance = self._rng.random()
            if chance < 0.08:
                self._takes_back_somebodys_work()
            elif chance < 0.2:
                self._takes_over()
            else:
                self._takes_the_next_one()
        except DENIED as why:
            self._log.add("denied", clock_ns(), type(why).__name__)

    def _takes_the_next_one(self) -> None:
        taken = next_task(self._project)
        if taken is None:
            self._reopens()
            return
        self._log.add("claimed", clock_ns(), taken)
        self._edits(taken)

    def _reopens(self) -> None:
        done = self._project.store.tasks(TaskQuery(stage="complete", limit=5))
        for row in done:
            do(self._project, row.id, reopen_step())
        self._pause()

    def _takes_back_somebodys_work(self) -> None:
        """Also where somebody works right now, which must be refused."""
        anywhere = TaskId(self._rng.randint(1, self._orders.tasks))
        task = self._rng.choice([anywhere, *self._held()[:1]])
        author = f"p{self._rng.randrange(8)}"
        undo_steps(self._project, task, author=author, count=self._rng.randint(1, 3))

    def _takes_over(self) -> None:
        held = self._held()
        if held:
            self._edits(self._rng.choice(held), take=True)

    def _held(self) -> list[TaskId]:
        """Return the tasks that others have open, in any order."""
        rows = self._project.store.tasks(TaskQuery(state="assigned", limit=50))
        held = [row.id for row in rows if self._is_held(row.id)]
        self._rng.shuffle(held)
        return held

    def _is_held(self, task: TaskId) -> bool:
        lease = self._project.store.holder(task)
        return lease is not None and lease.person != self._project.person

    def _edits(self, key: TaskId, *, take: bool = False) -> None:
        self._lost.clear()
        session = this_session(self._project.person)
        task = Task(self._project, key, committer=self._committer, session=session, take=take)
        try:
            for _ in range(self._rng.randint(5, 25)):
                if self._lost.is_set() or clock_ns() >= self._orders.ends_ns:
                    return
                self._pause()
                self._steps(task)
            self._hands_on(task)
        finally:
            task.close()

    def _pause(self) -> None:
        time.sleep(self._rng.uniform(0.5, 1.5) * self._orders.think_s)

    # --- edits -----------------------------------------------------------------------------------

    def _steps(self, task: Task) -> None:
        """Do one thing, sometimes a few without waiting for the disk."""
        for _ in range(3 if self._rng.random() < 0.1 else 1):
            self._one_step(task)
        task.settle()

    def _one_step(self, task: Task) -> None:
        store = task.store
        chance = self._rng.random()
        if chance < 0.15 and store.can_undo():
            store.undo()
        elif chance < 0.2 and store.can_redo():
            store.redo()
        elif chance < 0.35:
            store.apply(self._discusses(task), "issue.discuss")
        elif chance < 0.45:
            store.apply(self._draws(task), "label.draw")
        else:
            patch = moved(store.state.document, self._rng.randrange(300), self._rng.random())
            store.apply(patch, "label.move")

    def _stamp(self) -> Stamp:
        return Stamp(self._project.person, time.time_ns() // 1_000_000)

    def _discusses(self, task: Task) -> Patch:
        """Raise an issue, answer or resolve one."""
        document, stamp = task.store.state.document, self._stamp()
        opened = document.open_issues()
        if not opened or self._rng.random() < 0.3:
            at = FrameRef(UNIT, self._rng.randrange(300))
            return issues.raise_issue(issues.new_issue(IssueKind.FRAME, "why?", stamp, at=at))
        chosen = self._rng.choice(opened).id
        if self._rng.random() < 0.5:
            return issues.comment(document, chosen, "because", stamp)
        return issues.set_resolved(document, chosen, True, stamp)

    def _draws(self, task: Task) -> Patch:
        """Draw a new box, or delete one; the car stays."""
        document = task.store.state.document
        drawn = sorted(i for i in document.instances if i != CAR)
        if len(drawn) > 3:
            return delete_instance(document, self._rng.choice(drawn))
        at = FrameRef(UNIT, self._rng.randrange(300))
        car = document.instances[CAR].class_id
        return create_instance(document, task.store.state.project.ontology, car, at, Box(1, 2, 30, 40), self._stamp())[
            0
        ]

    # --- handing on ------------------------------------------------------------------------------

    def _hands_on(self, task: Task) -> None:
        if self._rng.random() < 0.2:
            task.close()
            do(self._project, task.store.state.task.id, release_step())
            return
        for made in self._ending(task):
            task.store.apply(made, "task.hand-on", EntryKind.WORKFLOW)
            task.settle()

    def _ending(self, task: Task) -> Sequence[Patch]:
        state, stamp = task.store.state, self._stamp()
        if state.project.stage_kind(state.document.status) is StageKind.REVIEW:
            if self._rng.random() < 0.3:
                return [moves.reject_task(state.document, state.project, "no", stamp, state.task)]
            return [moves.approve_task(state.document, state.project, stamp, state.task)]
        for issue in state.document.open_issues():
            answer = issues.comment(task.store.state.document, issue.id, "mended", stamp)
            task.store.apply(answer, "issue.reply")
            task.store.apply(issues.set_resolved(task.store.state.document, issue.id, True, stamp), "issue.resolve")
        for instance in sorted(task.store.state.document.decisions):
            ticked = review.tick(task.store.state.document, instance, stamp)
            if ticked:
                task.store.apply(ticked, "review.tick")
        task.settle()
        return [moves.submit(task.store.state.document, state.project, stamp, state.task)]
