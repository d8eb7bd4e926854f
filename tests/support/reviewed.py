"""A task whose review ended, with the journal of what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.doctext import PROJECT, TASK, UNIT, FixedClock, document
from tui_editor.edits.labels import move_labels
from tui_editor.edits.stamp import Stamp
from tui_editor.edits.workflow import reject_task
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import InstanceId
from tui_editor.ports import Edit, EntryKind, ImportedTask, OpenedTask
from tui_editor.state.review_diff import ReviewDiff, since_review
from tui_editor.state.store import TaskStore
from tui_editor.storage.memory import MemoryStore

if TYPE_CHECKING:
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.patch import Patch

ANN, RAE = Stamp("ann", 5), Stamp("rae", 7)
TWO = "car@0 box 10,10 20,20\ncar@1 box 10,10 20,20\nvan@3 box 40,10 20,20"


class Journal:
    """A store with one task that stands in review, and its edits."""

    def __init__(self, text: str = TWO) -> None:
        self.store = MemoryStore(PROJECT)
        self.store.add_tasks([ImportedTask(task=TASK, document=document(text, "review"))], "ann")

    def now(self) -> OpenedTask:
        return self.store.open(TASK.id)

    @property
    def document(self) -> LabelDocument:
        return self.now().document

    def keep(self, patch: Patch, by: Stamp = ANN, kind: EntryKind = EntryKind.EDIT, undoes: str = "") -> str:
        idem = f"e{self.now().seq}"
        edit = Edit(
            task=TASK.id,
            patch=patch,
            person=by.person,
            session="s",
            command="x",
            at_ms=by.at_ms,
            idem=idem,
            kind=kind,
            undoes=undoes,
        )
        assert self.store.commit([edit]) == [self.now().seq]
        return idem

    def send_back(self) -> None:
        self.keep(reject_task(self.document, PROJECT, "no", RAE), RAE, EntryKind.WORKFLOW)

    def diff(self) -> ReviewDiff | None:
        now = self.now()
        older = lambda before: self.store.recent(TASK.id, before, 2)  # noqa: E731  # pages of two
        steps = since_review(now.document, now.seq, PROJECT, older)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                made: ReviewDiff | None = end.value
                return made


def moved_since_review() -> TaskStore:
    """Return a task that a reviewer sent back, of which a car was moved since."""
    journal = Journal()
    journal.send_back()
    journal.keep(move_labels(journal.document, [InstanceId(1)], FrameRef(UNIT, 1), (3.0, 0.0), ANN))
    journal.keep(move_labels(journal.document, [InstanceId(2)], FrameRef(UNIT, 3), (3.0, 0.0), ANN))
    older = lambda before: journal.store.recent(TASK.id, before)  # noqa: E731  # an adapter
    return TaskStore(journal.now(), PROJECT, person="me", older=older, clock=FixedClock())
