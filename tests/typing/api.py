"""What a user of the Python API writes, for the type checker: `assert_type` fails when a public type changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, assert_type

from tui_editor import HeadlessFront, Keyboard, Project, Task, create_project, open_project
from tui_editor.api.exporting import ExportOutcome
from tui_editor.api.importing import ImportReport
from tui_editor.edits.labels import create_instance
from tui_editor.edits.stamp import Stamp
from tui_editor.model.document import LabelDocument
from tui_editor.model.frames import FrameRef
from tui_editor.model.ids import ClassId, InstanceId, TaskId
from tui_editor.model.patch import Patch
from tui_editor.model.project import TaskRow
from tui_editor.model.shapes import Box
from tui_editor.ports import Finding, FrameSource, OpenedTask
from tui_editor.state.store import TaskState, TaskStore

if TYPE_CHECKING:
    from pathlib import Path


def projects(folder: Path) -> None:
    assert_type(create_project(folder), Project)
    with open_project(folder, person="ann") as project:
        assert_type(project, Project)
        assert_type(project.tasks(), Iterator[TaskRow])
        assert_type(project.import_data(folder), ImportReport)
        assert_type(project.export(folder, "coco"), ExportOutcome)
        assert_type(project.check(), Iterator[Finding])
        for row in project.tasks():
            assert_type(row.id, TaskId)
            opened = project.read(row.id)
            assert_type(opened, OpenedTask)
            assert_type(project.source(opened.task.units[0]), FrameSource)


def editing(project: Project, task_id: TaskId) -> None:
    with project.edit(task_id, take=True) as task:
        assert_type(task, Task)
        assert_type(task.store, TaskStore)
        assert_type(task.store.state, TaskState)
        assert_type(task.store.state.document, LabelDocument)
        keyboard = Keyboard(task.store, HeadlessFront(("car", "yes")))
        keyboard.type("j a")
        assert_type(keyboard.line("submit"), bool)
        state = task.store.state
        made = create_instance(
            state.document,
            state.project.ontology,
            ClassId("car"),
            FrameRef(state.view.unit, 0),
            Box(1, 2, 3, 4),
            Stamp("ann", 0),
        )
        assert_type(made, tuple[Patch, InstanceId])
        task.store.apply(made[0], "script")
        assert_type(task.store.undo(), str)
        assert_type(task.settle(), bool)
