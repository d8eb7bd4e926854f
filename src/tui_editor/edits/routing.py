"""Where a task arrives that goes on: routers are passed at once."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.errors import Refused
from tui_editor.model.ids import TaskId
from tui_editor.model.transitions import ENDS, LABELLING, Way
from tui_editor.model.workflow import Stage, StageKind, TaskState, TaskStatus

if TYPE_CHECKING:
    from tui_editor.model.project import Project, Task
    from tui_editor.model.transitions import Rule
    from tui_editor.model.workflow import Workflow

_MOST_ROUTERS = 20


def resting_stage(workflow: Workflow, name: str, lot: TaskId | str, person: str) -> Stage:
    """Return where a task comes to rest that is sent to a stage: routers send it on by share or by who handed it on.

    A router's choice is a function of its own name and the lot, which is the task's id, or the group that the task
    goes with: the same again, whoever asks, and the same for a whole group.

    Raises:
        Refused: the stage is not there, or routers lead to each other for ever.
    """
    for _ in range(_MOST_ROUTERS):
        stage = next((s for s in workflow.stages if s.name == name), None)
        if stage is None:
            raise Refused(f"the workflow has no stage {name or 'to go on to'}", hint="see tui-editor workflow")
        if stage.kind is not StageKind.ROUTER:
            return stage
        name = _route(stage, lot, person)
    raise Refused(f"the routers lead nowhere from {name}", hint="see tui-editor workflow")


def _route(stage: Stage, lot: TaskId | str, person: str) -> str:
    named = [route for route in stage.routes if person in route.people]
    if named:
        return named[0].to
    open_to_all = [route for route in stage.routes if not route.people]
    share = _share_of(stage.name, lot)
    for route in open_to_all:
        if share < route.percent:
            return route.to
        share -= route.percent
    return open_to_all[-1].to if open_to_all else stage.next


def _share_of(router: str, lot: TaskId | str) -> float:
    """Return 0..100, evenly spread over lots."""
    digest = blake2b(f"{router}\0{lot}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64 * 100


def after(
    project: Project, status: TaskStatus, rule: Rule, person: str, task: Task | None, named: str = ""
) -> TaskStatus:
    """Return where a task stands after what a rule of the table allows was done.

    Raises:
        Refused: the workflow leads nowhere.
    """
    if rule.way is Way.STAY:
        keeps = rule.state is TaskState.ASSIGNED and status.state is TaskState.REOPENED
        return replace(status, state=status.state if keeps or rule.state is None else rule.state)
    here = project.stage_of(status)
    ways = {Way.NEXT: here.next, Way.BACK: here.back or project.workflow.first.name, Way.NAMED: named}
    lot = TaskId(0) if task is None else task.group_key or task.id
    target = resting_stage(project.workflow, ways.get(rule.way, project.workflow.first.name), lot, person)
    state = TaskState.COMPLETED if target.kind in ENDS else rule.state or TaskState.NEW
    back = rule.way is Way.BACK and target.kind in LABELLING
    return replace(status, stage=target.name, state=state, assignee=status.author if back else "")
