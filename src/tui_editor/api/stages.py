"""Changes of a workflow: stages added, removed, put in order and changed by words; what is not valid is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from tui_editor.api.workflow import need_role
from tui_editor.api.workflow_file import faults, lost_tasks
from tui_editor.errors import Refused, UsageError
from tui_editor.model.transitions import ENDS, LABELLING, REVIEWING, WORK, Role
from tui_editor.model.workflow import Route, Sampling, Stage, StageKind, Workflow
from tui_editor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui_editor.api.project import Project

FIELDS: Final[Mapping[str, str]] = {
    "next": "stage to which submitting or approving leads",
    "back": "stage to which rejecting leads",
    "people": "logins with commas; empty: everybody whose role allows it",
    "routes": "review=30,complete=70 shares in per cent; review=kim+lee,complete by who handed the task on",
    "annotators": "how many branches a consensus asks for",
    "determine": "on: one decision for the whole task; off: review and refine",
    "edit": "on: labels may be changed in review; off: not",
    "every": "sampling: every n-th instance; 0: not by number",
    "each_author": "sampling: so many of each author; 0: not by author",
    "lowest_percent": "sampling: per cent of the instances, the least confident ones; 0: not by confidence",
}
"""What of a stage can be changed by words, and what the words mean."""
_OF_KINDS: Final[Mapping[str, frozenset[StageKind]]] = {
    "next": WORK,
    "back": REVIEWING,
    "people": WORK,
    "routes": frozenset({StageKind.ROUTER}),
    "annotators": frozenset({StageKind.CONSENSUS_ANNOTATE}),
    "determine": frozenset({StageKind.CONSENSUS_REVIEW}),
    "edit": frozenset({StageKind.REVIEW}),
    **dict.fromkeys(("every", "each_author", "lowest_percent"), frozenset({StageKind.REVIEW})),
}
_SAMPLING: Final = ("every", "each_author", "lowest_percent")
_SWITCHES: Final = {"on": True, "off": False, "true": True, "false": False}


def fields_of(stage: Stage) -> list[str]:
    """Return what of a stage can be changed: that which means something for its kind."""
    return [field for field in FIELDS if stage.kind in _OF_KINDS[field]]


def words_of(stage: Stage, field: str) -> str:
    """Return a field of a stage as it is typed."""
    value = getattr(stage.sampling, field) if field in _SAMPLING else getattr(stage, field)
    if field == "routes":
        return ",".join(_route_words(route) for route in stage.routes)
    if field == "people":
        return ",".join(stage.people)
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, int | float) else value


def _route_words(route: Route) -> str:
    share = "+".join(route.people) or (f"{route.percent:g}" if route.percent else "")
    return f"{route.to}={share}" if share else route.to


# --- changes ------------------------------------------------------------------------------------------------------


def with_stage(workflow: Workflow, name: str, kind: str, after: str = "") -> Workflow:
    """Return a workflow with another stage: behind one that is named, else before the first end; it is linked there.

    Raises:
        UsageError: the name or the kind can't be, or there is no stage to follow.
    """
    if kind not in set(StageKind):
        raise UsageError(f"{one_line(kind)} is no kind of stage", hint=", ".join(StageKind))
    if not name.strip() or any(sign in name for sign in ",=+\n"):
        raise UsageError(f"{one_line(name) or 'nothing'} is no name for a stage", hint="letters, no , = +")
    if any(stage.name == name for stage in workflow.stages):
        raise UsageError(f"there is a stage {one_line(name)} already", hint="take another name")
    stages = list(workflow.stages)
    at = _place(stages, after)
    before = stages[at - 1] if at else None
    new = _linked(Stage(name=name, kind=StageKind(kind)), stages, at)
    stages.insert(at, new)
    if before is not None and before.kind in WORK and new.kind not in ENDS:
        stages[at - 1] = replace(before, next=name)
    return Workflow(stages=tuple(stages))


def _place(stages: Sequence[Stage], after: str) -> int:
    if after:
        return _number(stages, after) + 1
    return next((n for n, stage in enumerate(stages) if stage.kind in ENDS), len(stages))


def _linked(new: Stage, stages: Sequence[Stage], at: int) -> Stage:
    """Return a new stage that leads on to where the one before it led, and back to the last annotate stage."""
    before = stages[at - 1] if at else None
    onward = (before.next if before is not None else "") or (stages[at].name if at < len(stages) else "")
    if new.kind is StageKind.ROUTER:
        return replace(new, routes=(Route(to=onward),))
    if new.kind in ENDS:
        return new
    earlier = [stage.name for stage in stages[:at] if stage.kind in LABELLING]
    back = (earlier or [stage.name for stage in stages if stage.kind in LABELLING] or [""])[-1]
    return replace(new, next=onward, back=back if new.kind in REVIEWING else "")


def without_stage(workflow: Workflow, name: str) -> Workflow:
    """Return a workflow without a stage: what led to it leads to where it led.

    Raises:
        UsageError: there is no such stage.
    """
    gone = workflow.stages[_number(workflow.stages, name)]
    onward = gone.next or (gone.routes[-1].to if gone.routes else "")
    kept = [stage for stage in workflow.stages if stage.name != name]
    back = next((s.name for s in kept if s.kind in LABELLING), "")
    return Workflow(stages=tuple(_renamed(stage, name, onward, back) for stage in kept))


def renamed_stage(workflow: Workflow, name: str, new: str) -> Workflow:
    """Return a workflow with a stage of another name, to which leads what led there before.

    Raises:
        UsageError: there is no such stage, or the name can't be.
    """
    at = _number(workflow.stages, name)
    with_stage(workflow, new, StageKind.ARCHIVE)  # refuses names that can't be
    stages = [_renamed(stage, name, new, new) for stage in workflow.stages]
    stages[at] = replace(stages[at], name=new)
    return Workflow(stages=tuple(stages))


def _renamed(stage: Stage, old: str, onward: str, back: str) -> Stage:
    routes = tuple(replace(route, to=onward) if route.to == old else route for route in stage.routes)
    return replace(
        stage,
        next=onward if stage.next == old else stage.next,
        back=back if stage.back == old else stage.back,
        routes=routes,
    )


def in_order(workflow: Workflow, names: Sequence[str]) -> Workflow:
    """Return a workflow with its stages in an order; those that are not named come after, as they were.

    Raises:
        UsageError: there is no such stage.
    """
    first = [workflow.stages[_number(workflow.stages, name)] for name in dict.fromkeys(names)]
    return Workflow(stages=(*first, *(stage for stage in workflow.stages if stage not in first)))


def moved_stage(workflow: Workflow, name: str, by: int) -> Workflow:
    """Return a workflow with a stage so many places later, or earlier.

    Raises:
        UsageError: there is no such stage.
    """
    stages = list(workflow.stages)
    at = _number(stages, name)
    stage = stages.pop(at)
    stages.insert(max(0, at + by), stage)
    return Workflow(stages=tuple(stages))


def changed_stage(workflow: Workflow, name: str, field: str, words: str) -> Workflow:
    """Return a workflow with something of a stage changed.

    Args:
        workflow: To change.
        name: Of the stage.
        field: One of `FIELDS`.
        words: What it shall be, as `words_of` tells it.

    Raises:
        UsageError: there is no such stage or field, or the words can't be.
    """
    at = _number(workflow.stages, name)
    stage = workflow.stages[at]
    if field not in FIELDS:
        raise UsageError(f"a stage has no {one_line(field)}", hint=", ".join(FIELDS))
    if field not in fields_of(stage):
        raise UsageError(f"{one_line(name)} is {stage.kind.value.replace('_', ' ')}, which has no {field}")
    stages = list(workflow.stages)
    stages[at] = _with(stage, field, words.strip())
    return Workflow(stages=tuple(stages))


def _with(stage: Stage, field: str, words: str) -> Stage:
    if field in _SAMPLING:
        value = _number_in(field, words, 100 if field == "lowest_percent" else 1_000_000)
        kept = {name: getattr(stage.sampling, name) for name in _SAMPLING}
        return replace(stage, sampling=Sampling(**{**kept, field: value if field == "lowest_percent" else int(value)}))
    if field == "routes":
        return replace(stage, routes=tuple(_route(part) for part in words.split(",") if part.strip()))
    if field == "people":
        return replace(stage, people=tuple(part.strip() for part in words.split(",") if part.strip()))
    if field == "annotators":
        return replace(stage, annotators=int(_number_in(field, words, 100)))
    if field in {"determine", "edit"}:
        if words not in _SWITCHES:
            raise UsageError(f"{field} can't be {one_line(words)}", hint="on or off")
        return replace(stage, **{field: _SWITCHES[words]})
    return replace(stage, **{field: words})


def _number_in(field: str, words: str, most: float) -> float:
    try:
        value = float(words or 0)
    except ValueError:
        value = -1.0
    if not 0 <= value <= most or (field != "lowest_percent" and value != int(value)):
        raise UsageError(f"{field} can't be {one_line(words)}", hint=f"a number from 0 to {most:g}")
    return value


def _route(part: str) -> Route:
    to, _, share = part.strip().partition("=")
    share = share.strip().removesuffix("%").strip()
    if not share:
        return Route(to=to.strip())
    try:
        percent = float(share)
    except ValueError:
        return Route(to=to.strip(), people=tuple(p.strip() for p in share.split("+") if p.strip()))
    if not 0 <= percent <= 100:  # per cent
        raise UsageError(f"a share can't be {one_line(share)}", hint="0 to 100 per cent")
    return Route(to=to.strip(), percent=percent)


def _number(stages: Sequence[Stage], name: str) -> int:
    found = next((n for n, stage in enumerate(stages) if stage.name == name), None)
    if found is None:
        raise UsageError(f"the workflow has no stage {one_line(name)}", hint=", ".join(s.name for s in stages))
    return found


# --- keeping ------------------------------------------------------------------------------------------------------


def keep_workflow(project: Project, workflow: Workflow, renamed: Mapping[str, str] | None = None) -> None:
    """Give a project a workflow; gates go with the stages that have another name.

    Args:
        project: Whose workflow it is.
        workflow: Its stages.
        renamed: The new names of stages, by the old ones.

    Raises:
        Refused: the person may not, the workflow is not valid, or tasks would be in no stage of it.
    """
    need_role(project, "change the workflow", Role.ADMIN)
    for fault in faults(workflow) if workflow.stages else ("a workflow needs a stage",):
        raise Refused(one_line(fault, 300))
    if lost := lost_tasks(project, workflow):
        raise Refused(f"the workflow would lose {lost}", hint="`tui-editor move` moves them first")
    from tui_editor.checks.gates import GATES, gates_of

    info, names = project.info, renamed or {}
    gates = {names.get(stage, stage): list(rules) for stage, rules in gates_of(info).items()}
    settings = {**info.settings, GATES: gates} if gates else info.settings
    project.save(replace(info, workflow=workflow, settings=settings))


def rename_stage(project: Project, name: str, new: str) -> None:
    """Give a stage another name; its required checks go with it.

    Raises:
        UsageError: there is no such stage, or the name can't be.
        Refused: the person may not, or tasks are in it.
    """
    keep_workflow(project, renamed_stage(project.info.workflow, name, new), {name: new})
