"""The stages of a workflow as JSON: read from a file with every fault named, and written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_type_hints

from msgspec import Struct
from msgspec.structs import fields, replace

from tui_editor.api.workflow import need_role
from tui_editor.errors import InputError
from tui_editor.model.project import TaskQuery
from tui_editor.model.transitions import ENDS, REVIEWING, WORK, Role
from tui_editor.model.workflow import Route, Sampling, Stage, StageKind, Workflow
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tui_editor.api.project import Project

EXAMPLE = '[{"name": "annotate", "kind": "annotate", "next": "review"}, …]'
_MOST_BYTES = 1 << 20
_COUNTED = frozenset({"tasks", "waiting"})
"""Keys that the list of stages has besides: ignored when it is read back."""


class WorkflowBroken(InputError):
    """The file describes no workflow; `where` names the place."""


def as_plain(value: Any) -> Any:
    """Return a stage as plain values, without what has its default."""
    if isinstance(value, tuple):
        return [as_plain(each) for each in value]
    if not isinstance(value, Struct):
        return value
    found = {}
    for field in fields(type(value)):
        item = getattr(value, field.name)
        if item != field.default:
            found[field.name] = item.value if isinstance(item, StageKind) else as_plain(item)
    return found


def load_workflow(project: Project, file: Path) -> Workflow:
    """Give a project the stages of a file.

    Raises:
        WorkflowBroken: the file can't be read, or is no workflow, or lacks a stage in which tasks are.
        Refused: the person may not.
    """
    need_role(project, "change the workflow", Role.ADMIN)
    workflow = parsed(file)
    if lost := lost_tasks(project, workflow):
        raise WorkflowBroken(lost, where=str(file), hint="move them first")
    project.save(replace(project.info, workflow=workflow))
    return workflow


def lost_tasks(project: Project, workflow: Workflow) -> str:
    """Return which tasks would be in no stage of a workflow; empty when none would."""
    names = {stage.name for stage in workflow.stages}
    counts: dict[str, int] = {}
    for (stage, _), count in project.store.count(TaskQuery()).items():
        counts[stage] = counts.get(stage, 0) + count
    for stage, count in counts.items():
        if stage not in names and count:
            return f"{count} task{'s' if count != 1 else ''} in {one_line(stage)}, which it lacks"
    return ""


def parsed(file: Path) -> Workflow:
    """Return the workflow that a file describes.

    Raises:
        WorkflowBroken: it describes none.
    """
    import msgspec

    from tui_editor.model.unreadable import UNREADABLE

    try:
        if file.stat().st_size > _MOST_BYTES:
            raise WorkflowBroken("the file is too large for a workflow", where=str(file))
        plain = msgspec.json.decode(file.read_bytes())
    except (OSError, *UNREADABLE) as error:
        raise WorkflowBroken(f"it can't be read: {one_line(str(error))}", where=str(file), hint=EXAMPLE) from error
    if not isinstance(plain, list) or not plain or not all(isinstance(each, dict) for each in plain):
        raise WorkflowBroken("it is no list of stages", where=str(file), hint=EXAMPLE)
    workflow = Workflow(stages=tuple(_stage(each, n, file) for n, each in enumerate(plain, start=1)))
    for fault in faults(workflow):
        raise WorkflowBroken(fault, where=str(file))
    return workflow


def _stage(plain: Mapping[str, Any], number: int, file: Path) -> Stage:
    where = f"{file}, stage {number}"
    values = {key: value for key, value in plain.items() if key not in _COUNTED}
    if values.get("kind") not in list(StageKind):
        raise WorkflowBroken("it has no kind of stage", where=where, hint=", ".join(StageKind))
    values["kind"] = StageKind(values["kind"])
    if isinstance(values.get("routes"), list):
        values["routes"] = [_value(Route, route, where) for route in values["routes"]]
    if "sampling" in values:
        values["sampling"] = _value(Sampling, values["sampling"], where)
    stage: Stage = _value(Stage, values, where)
    return stage


def _value(kind: Any, values: Any, where: str) -> Any:
    """Return a frozen value of plain ones, each of the type of its field."""
    import msgspec

    if not isinstance(values, dict):
        raise WorkflowBroken(f"{one_line(str(values))} is no {kind.__name__.lower()}", where=where)
    types = get_type_hints(kind)
    made = {}
    for key, value in values.items():
        if key not in types:
            raise WorkflowBroken(f"{one_line(key)} is unknown", where=where, hint=", ".join(types))
        try:
            made[key] = msgspec.convert(value, types[key])
        except msgspec.ValidationError as error:
            raise WorkflowBroken(f"{key} can't be {one_line(str(value))}", where=where) from error
    try:
        return kind(**made)
    except TypeError as error:
        raise WorkflowBroken(one_line(str(error)), where=where) from error


def faults(workflow: Workflow) -> Iterator[str]:
    """Yield what is wrong with a workflow: stages that lead nowhere, to what is not there, or out of order."""
    names = [stage.name for stage in workflow.stages]
    kinds = {stage.name: stage.kind for stage in workflow.stages}
    if len(set(names)) < len(names):
        yield "two stages have one name"
    if workflow.first.kind not in {StageKind.ANNOTATE, StageKind.CONSENSUS_ANNOTATE}:
        yield f"tasks can't begin in {workflow.first.name}: the first stage is an annotate stage"
    for stage in workflow.stages:
        yield from _stage_faults(stage, kinds)


def _stage_faults(stage: Stage, kinds: Mapping[str, StageKind]) -> Iterator[str]:
    targets = [("next", stage.next), *(("a route", route.to) for route in stage.routes)]
    targets += [("back", stage.back)] if stage.kind in REVIEWING else []
    for what, target in targets:
        if target and target not in kinds:
            yield f"{stage.name}: {what} leads to {target}, which is no stage"
    if not stage.name:
        yield "a stage has no name"
    if stage.kind in WORK and not stage.next:
        yield f"{stage.name} leads nowhere: it needs a next stage"
    if stage.kind in REVIEWING and not stage.back:
        yield f"{stage.name}: rejecting leads nowhere: it needs a stage to go back to"
    if stage.kind in ENDS and (stage.next or stage.back):
        yield f"{stage.name} is an end: nothing comes after it"
    if stage.kind is StageKind.ROUTER and not stage.routes:
        yield f"{stage.name} has no routes"
    if sum(route.percent for route in stage.routes) > 100:  # per cent
        yield f"{stage.name}: its routes share more than 100 per cent"
    if stage.kind is StageKind.CONSENSUS_ANNOTATE and stage.annotators < 2:  # fewer agree always
        yield f"{stage.name}: consensus needs two annotators"
    if stage.kind is StageKind.CONSENSUS_ANNOTATE and kinds.get(stage.next) is not StageKind.CONSENSUS_REVIEW:
        yield f"{stage.name}: a consensus annotate stage leads to a consensus review"
