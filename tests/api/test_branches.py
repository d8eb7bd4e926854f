"""Branches of a consensus stage where one person works in two windows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tests.support.consensus import CONSENSUS
from tests.support.doctext import PROJECT, TASK, document, standing
from tui_editor.api import workflow
from tui_editor.api.consensus import branch_rows
from tui_editor.api.project import Project
from tui_editor.model.workflow import TaskStatus
from tui_editor.ports import ImportedTask
from tui_editor.storage.memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class _TwoWindows(MemoryStore):
    """A store in which another window begins its branch right before this one does."""

    first: Callable[[], object] | None = None

    def add_tasks(
        self, tasks: Iterable[ImportedTask], person: str, progress: Callable[[int], None] | None = None
    ) -> int:
        first, self.first = self.first, None
        if first is not None:
            first()
        return super().add_tasks(tasks, person, progress)


def test_a_person_who_begins_in_two_windows_at_once_gets_one_branch() -> None:
    store = _TwoWindows(replace(PROJECT, workflow=CONSENSUS))
    begun = standing(document("car@0 box 1,1 2,2"), TaskStatus(stage="label"))
    store.add_tasks([ImportedTask(task=TASK, document=begun)], "adm")
    ann = Project(Path(), store, "ann")
    other: list[object] = []
    store.first = lambda: other.append(workflow.take_task(ann, TASK.id))

    assert [workflow.take_task(ann, TASK.id)] == other
    assert [row.branch for row in branch_rows(ann, TASK.id)] == ["ann"]
