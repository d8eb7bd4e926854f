"""What a store should hold and answer, told in the simplest way: values in memory, rules written down once more."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.storage.samples import HERE
from tui_editor.errors import PatchMismatch, StoreFenced, StoreLocked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.storage.samples import FakeClock
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.ids import TaskId
    from tui_editor.ports import Edit, Session

LIFE_MS = 60_000
"""How long a lock lives without a sign of life."""
NOBODY = 2**22 + 1
"""Beyond the largest number of a Linux process."""

Answer = int | type[Exception]


@dataclass(frozen=True)
class Lock:
    """A task's lock; nobody's when the session is empty."""

    fence: int = 0
    session: str = ""
    person: str = ""
    dead: bool = False
    """Its process is gone."""
    host: str = HERE
    boot_id: str = ""
    ends_boot_ms: int = 0
    ends_wall_ms: int = 0


@dataclass
class TaskOracle:
    """What is known of one task."""

    document: LabelDocument
    priority: float = 0.5
    kept: list[Edit] = field(default_factory=list)
    undone: set[str] = field(default_factory=set)
    lock: Lock = Lock()  # frozen
    views: dict[str, dict[str, int]] = field(default_factory=dict)

    def copy(self) -> TaskOracle:
        made = copy(self)
        made.kept, made.undone, made.views = list(self.kept), set(self.undone), dict(self.views)
        return made


class Oracle:
    """Says what a store answers, and notes what it holds then."""

    def __init__(self, clock: FakeClock, tasks: dict[TaskId, LabelDocument]) -> None:
        self._clock = clock
        self.tasks = {key: TaskOracle(document) for key, document in tasks.items()}
        self.last_task: dict[str, TaskId] = {}

    # --- edits -----------------------------------------------------------------------------------

    def commit(self, edits: Sequence[Edit], *, together: bool) -> list[Answer]:
        """Return what the store answers to edits, and note those that it keeps."""
        before = {key: task.copy() for key, task in self.tasks.items()}, dict(self.last_task)
        answers: list[Answer] = []
        for edit in edits:
            answers.append(self._keep(edit))
            if together and not isinstance(answers[-1], int):
                self.tasks, self.last_task = before
                return [answers[-1]] * len(edits)
        return answers

    def _keep(self, edit: Edit) -> Answer:
        task = self.tasks[edit.task]
        known = next((n for n, kept in enumerate(task.kept) if kept.idem == edit.idem), None)
        if known is not None:
            return known + 2  # the import is entry 1
        if edit.fence is not None:
            if not task.lock.session or task.lock.fence != edit.fence:
                return StoreFenced
        elif task.lock.session != edit.session and self.is_held(edit.task):
            return StoreLocked
        taken_back = edit.undoes.split()
        if any(idem in task.undone or all(k.idem != idem for k in task.kept) for idem in taken_back):
            return PatchMismatch
        try:
            task.document = task.document.apply(edit.patch)
        except PatchMismatch:
            return PatchMismatch
        task.kept.append(edit)
        task.undone.update(taken_back)
        if edit.view:
            self.goes(edit.person, edit.task, dict(edit.view))
        if edit.fence is not None and task.lock.ends_boot_ms - self._clock.moment.boot_ms < LIFE_MS // 2:
            self.prolong(edit.task)
        return len(task.kept) + 1

    def goes(self, person: str, task: TaskId, view: dict[str, int]) -> None:
        """Note where a person is."""
        self.tasks[task].views[person] = view
        self.last_task[person] = task

    # --- locks -----------------------------------------------------------------------------------

    def is_held(self, task: TaskId) -> bool:
        """Return whether somebody alive has the task's lock."""
        lock, now = self.tasks[task].lock, self._clock.moment
        if not lock.session:
            return False
        if lock.host != HERE:
            return lock.ends_wall_ms > now.wall_ms
        return not lock.dead and lock.boot_id == now.boot_id and lock.ends_boot_ms > now.boot_ms

    def may_lock(self, task: TaskId, session: Session, *, take: bool) -> bool:
        """Return whether a session gets the lock."""
        return take or self.tasks[task].lock.session == session.id or not self.is_held(task)

    def locked(self, task: TaskId, session: Session) -> int:
        """Note that a session got the lock; return the fence that it must have, one above all before."""
        old = self.tasks[task].lock
        self.tasks[task].lock = Lock(
            fence=old.fence + 1,
            session=session.id,
            person=session.person,
            dead=session.pid == NOBODY,
            host=session.host,
            boot_id=self._clock.moment.boot_id,
        )
        self.prolong(task)
        return old.fence + 1

    def is_current(self, task: TaskId, fence: int) -> bool:
        """Return whether a fence is that of the lock's holder, alive or not."""
        lock = self.tasks[task].lock
        return bool(lock.session) and lock.fence == fence

    def freed(self, task: TaskId, fence: int) -> None:
        """Note that a holder gave the lock back; nothing when somebody else has it."""
        if self.is_current(task, fence):
            self.tasks[task].lock = Lock(fence=fence)

    def prolong(self, task: TaskId) -> None:
        """Give the lock its whole life again."""
        old, now = self.tasks[task].lock, self._clock.moment
        self.tasks[task].lock = Lock(
            fence=old.fence,
            session=old.session,
            person=old.person,
            dead=old.dead,
            host=old.host,
            boot_id=old.boot_id,
            ends_boot_ms=now.boot_ms + LIFE_MS,
            ends_wall_ms=now.wall_ms + LIFE_MS,
        )

    # --- the queue -------------------------------------------------------------------------------

    def in_order(self) -> list[TaskId]:
        """Return the tasks as the queue orders them."""
        return sorted(self.tasks, key=lambda key: (-self.tasks[key].priority, key))

    def waiting_for(self, person: str) -> Iterator[TaskId]:
        """Yield the tasks that are free or this person's, in the queue's order."""
        for key in self.in_order():
            status = self.tasks[key].document.status
            waits = status.state in {"new", "assigned", "released", "reopened"} and status.stage != "complete"
            free = status.assignee == "" and status.state != "assigned"
            if waits and (free or status.assignee == person != ""):
                yield key
