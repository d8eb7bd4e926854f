"""A task in a consensus review with its branches, and tasks that go together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tests.support.doctext import PROJECT, TASK, FixedClock, document, standing
from tui_editor.model.ids import TaskId
from tui_editor.model.project import TaskRow
from tui_editor.model.workflow import Stage, StageKind, TaskState, TaskStatus, Workflow
from tui_editor.ports import OpenedTask
from tui_editor.state.store import TaskStore
from tui_editor.state.view import Mode

if TYPE_CHECKING:
    from tui_editor.model.project import Task

STAGES = (
    Stage(name="label", kind=StageKind.CONSENSUS_ANNOTATE, next="consensus", annotators=2),
    Stage(name="consensus", kind=StageKind.CONSENSUS_REVIEW, next="complete", back="label"),
    Stage(name="complete", kind=StageKind.COMPLETE),
)
CONSENSUS = Workflow(stages=STAGES)


def branches(*people: str, text: str = "car@0 box 10,10 20,20\nvan@0 box 60,10 20,20") -> tuple[OpenedTask, ...]:
    """Return handed-in branches of the task, with the same labels."""
    return tuple(branch(person, text, number) for number, person in enumerate(people, start=100))


def branch(person: str, text: str, number: int = 100) -> OpenedTask:
    """Return a handed-in branch of the task."""
    status = TaskStatus(stage="label", state=TaskState.COMPLETED, assignee=person, author=person)
    task = replace(TASK, id=TaskId(number), parent=TASK.id, branch=person)
    return OpenedTask(task=task, document=standing(document(text), status), seq=1, view={})


def consensus_review(text: str, *, determine: bool = False) -> TaskStore:
    """Return the task opened in a consensus review."""
    stages = (STAGES[0], replace(STAGES[1], determine=determine), STAGES[2])
    project = replace(PROJECT, workflow=Workflow(stages=stages))
    opened = OpenedTask(task=TASK, document=document(text, "consensus"), seq=0, view={})
    store = TaskStore(opened, project, person="me", session="test", clock=FixedClock())
    store.set(mode=Mode.REVIEW)
    return store


def group_of(task: Task, *titles: str) -> tuple[TaskRow, ...]:
    """Return the rows of a task and of others that go together with it."""
    return tuple(
        TaskRow(
            id=TaskId(task.id + number),
            title=title,
            stage="annotate",
            state="new",
            priority=0.5,
            assignee="",
            kind="video",
            frame_count=1,
            label_count=0,
            issue_count=0,
            updated_ms=0,
            group_key="g",
        )
        for number, title in enumerate((task.title, *titles))
    )
