"""`tui-editor workflow`: shows the stages and who may do what, and sets them from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_editor.cli.options import add_json
from tui_editor.cli.output import counted, note, print_json_list, print_table
from tui_editor.errors import ExitCode, UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from tui_editor.api.project import Project
    from tui_editor.model.workflow import Sampling, Stage


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--set", metavar="FILE", default="", help="take the stages from a file, as --json prints them")
    parser.add_argument("--add", metavar="STAGE=KIND", action="append", default=[], help="another stage, linked in")
    parser.add_argument("--after", metavar="STAGE", default="", help="where --add puts it; else before the first end")
    parser.add_argument("--remove", metavar="STAGE", action="append", default=[], help="what led there leads on")
    parser.add_argument("--rename", metavar="STAGE=NEW", action="append", default=[], help="a stage without tasks")
    parser.add_argument("--order", metavar="STAGE,…", default="", help="the order; the first is where tasks begin")
    parser.add_argument(
        "--change",
        metavar="STAGE.FIELD=VALUE",
        action="append",
        default=[],
        help="next, back, people, routes (shares: review=30,complete=70; people: review=kim+lee,complete), annotators, "
        "determine, edit, every, each_author, lowest_percent",
    )
    parser.add_argument("--group-by", metavar="KEY", help="group tasks by this key of the client metadata; empty: not")
    parser.add_argument("--rules", action="store_true", help="the table of who may do what where")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Change what is asked for, then print the stages or the table."""
    from tui_editor.api.workflow import group_by, waiting_counts
    from tui_editor.api.workflow_file import as_plain, load_workflow
    from tui_editor.cli.places import project_of

    if arguments.rules:
        return _rules(as_json=arguments.json)
    with project_of(arguments) as project:
        if arguments.set:
            load_workflow(project, Path(arguments.set))
        _change(arguments, project)
        if arguments.group_by is not None:
            note(f"{counted(group_by(project, arguments.group_by), 'task')} in groups")
        counts = {name: (total, waiting) for name, _, total, waiting in waiting_counts(project)}
        stages = project.info.workflow.stages
    if arguments.json:
        print_json_list({**as_plain(s), "tasks": counts[s.name][0], "waiting": counts[s.name][1]} for s in stages)
        return ExitCode.OK
    rows = [(s.name, s.kind.value, *counts[s.name], s.next, s.back, _more(s)) for s in stages]
    print_table(("STAGE", "KIND", "TASKS", "WAITING", "NEXT", "BACK", "WITH"), rows)
    return ExitCode.OK


def _change(arguments: argparse.Namespace, project: Project) -> None:
    """Do all changes that are asked for together, so that only what comes out must be valid."""
    from tui_editor.api import stages

    workflow = project.info.workflow
    for text in arguments.add:
        workflow = stages.with_stage(workflow, *_two(text, "audit=review"), arguments.after)
    renamed = dict(_two(text, "review=check") for text in arguments.rename)
    for name, new in renamed.items():
        workflow = stages.renamed_stage(workflow, name, new)
    for text in arguments.change:
        place, value = _two(text, "review.edit=off")
        name, dot, field = place.rpartition(".")
        if not dot:
            raise UsageError(f"{one_line(text)} names no field", hint="review.edit=off")
        workflow = stages.changed_stage(workflow, name, field, value)
    for name in arguments.remove:
        workflow = stages.without_stage(workflow, name)
    if arguments.order:
        workflow = stages.in_order(workflow, [name.strip() for name in arguments.order.split(",") if name.strip()])
    if workflow != project.info.workflow:
        stages.keep_workflow(project, workflow, renamed)


def _two(text: str, example: str) -> tuple[str, str]:
    first, sign, second = text.partition("=")
    if not sign or not first.strip():
        raise UsageError(f"{one_line(text)} says not what", hint=example)
    return first.strip(), second.strip()


def _more(stage: Stage) -> str:
    """Return what else a stage says, in words."""
    from tui_editor.model.workflow import StageKind

    words = [f"only {', '.join(stage.people)}"] if stage.people else []
    rest = "everybody else" if any(route.people for route in stage.routes) else "the rest"
    for route in stage.routes:
        share = ", ".join(route.people) or (f"{route.percent:g} %" if route.percent else rest)
        words.append(f"{share} → {route.to}")
    if stage.kind is StageKind.CONSENSUS_ANNOTATE:
        words.append(f"{stage.annotators} annotators")
    if stage.kind is StageKind.CONSENSUS_REVIEW:
        words.append("determine consensus" if stage.determine else "review and refine")
    if not stage.edit:
        words.append("no editing")
    return "; ".join([*words, *_sampled(stage.sampling)])


def _sampled(sampling: Sampling) -> list[str]:
    """Return which instances a reviewer judges, in words; none for all of them."""
    words = [f"1 in {sampling.every}"] if sampling.every > 1 else []
    words += [f"{sampling.each_author} of each author"] if sampling.each_author else []
    return words + ([f"the {sampling.lowest_percent:g} % least confident"] if sampling.lowest_percent else [])


def _rules(*, as_json: bool) -> int:
    """Print the table of transitions."""
    from tui_editor.model.transitions import TABLE, Role
    from tui_editor.model.workflow import StageKind, TaskState

    def cells(values: Iterable[str], every: Iterable[str]) -> list[str]:
        return [value for value in every if value in set(values)]

    rows: list[dict[str, Any]] = [
        {
            "action": rule.action.value,
            "stages": cells(rule.stages, StageKind),
            "states": cells(rule.states, TaskState),
            "roles": cells(rule.roles, Role),
            "way": rule.way.value,
            "state": rule.state.value if rule.state else "",
            "own": rule.own,
        }
        for rule in TABLE
    ]
    if as_json:
        print_json_list(rows)
    else:
        head = ("ACTION", "STAGES", "STATES", "ROLES", "LEADS TO")
        lists = ("stages", "states", "roles")
        print_table(head, ((r["action"], *(", ".join(r[k]) for k in lists), f"{r['way']} {r['state']}") for r in rows))
    return ExitCode.OK
