"""`tui-editor issues`: lists issues over tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json, add_task, time_text
from tui_editor.cli.output import counted, note, print_json_list, print_table
from tui_editor.errors import ExitCode

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from tui_editor.api.project import Project
    from tui_editor.model.document import LabelDocument
    from tui_editor.model.issues import Issue
    from tui_editor.model.ontology import Ontology
    from tui_editor.ports import OpenedTask

KINDS = ("label", "file", "pin", "frame", "frame_range")
HEAD = ("TASK", "ISSUE", "KIND", "WHERE", "STATE", "AUTHOR", "WHEN", "TAGS", "TEXT")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_task(parser)
    state = parser.add_mutually_exclusive_group()
    state.add_argument("--all", action="store_true", help="resolved ones as well")
    state.add_argument("--resolved", action="store_true", help="only resolved ones")
    parser.add_argument("--kind", choices=KINDS, help="only issues on this")
    parser.add_argument("--tag", default="", help="only issues with this tag")
    parser.add_argument("--author", default="", help="only issues of this person")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the issues that are asked for, by task and age."""
    from tui_editor.cli.places import project_of

    with project_of(arguments) as project:
        found = ((task, i) for task in _tasks(project, arguments) for i in _wanted(task.document, arguments))
        ontology = project.info.ontology
        if arguments.json:
            print_json_list(_as_json(task, issue) for task, issue in found)
        else:
            note(counted(print_table(HEAD, (_cells(task, issue, ontology) for task, issue in found)), "issue"))
    return ExitCode.OK


def _tasks(project: Project, arguments: argparse.Namespace) -> Iterator[OpenedTask]:
    from tui_editor.api.lookup import find_task
    from tui_editor.model.project import TaskQuery

    if arguments.task:
        yield project.read(find_task(project, arguments.task))
        return
    only_open = not (arguments.all or arguments.resolved)
    for row in project.tasks(TaskQuery(has_issues=True) if only_open else None):
        yield project.read(row.id)


def _wanted(document: LabelDocument, arguments: argparse.Namespace) -> list[Issue]:
    def passes(issue: Issue) -> bool:
        return (
            (arguments.all or issue.resolved == arguments.resolved)
            and arguments.kind in (None, issue.kind.value)
            and (not arguments.tag or arguments.tag in issue.tags)
            and arguments.author in ("", issue.author)
        )

    return sorted(filter(passes, document.issues.values()), key=lambda i: (i.created_ms, i.id))


def _cells(task: OpenedTask, issue: Issue, ontology: Ontology) -> tuple[str, ...]:
    from tui_editor.model.ids import to_text

    kind = "rejection" if issue.rejection else "skip" if issue.skip else issue.kind.value
    state = "resolved" if issue.resolved else "open"
    when = time_text(issue.created_ms)
    where = _where(task, issue, ontology)
    return (
        task.task.title,
        to_text(issue.id),
        kind,
        where,
        state,
        issue.author,
        when,
        ", ".join(issue.tags),
        issue.title,
    )


def _where(task: OpenedTask, issue: Issue, ontology: Ontology) -> str:
    from tui_editor.state.selectors import instance_name

    instance = task.document.instances.get(issue.instance) if issue.instance is not None else None
    parts = [instance_name(ontology, instance)] if instance is not None else []
    if issue.frames is not None:
        first, last = issue.frames
        parts.append(f"frame {first}" if first == last else f"frames {first}–{last}")
    return ", ".join(parts)


def _as_json(task: OpenedTask, issue: Issue) -> dict[str, object]:
    from tui_editor.model.ids import to_text

    return {
        "task": to_text(task.task.id),
        "title": task.task.title,
        "id": to_text(issue.id),
        "kind": issue.kind.value,
        "rejection": issue.rejection,
        "skip": issue.skip,
        "resolved": issue.resolved,
        "author": issue.author,
        "created": time_text(issue.created_ms),
        "unit": None if issue.unit is None else to_text(issue.unit),
        "frames": issue.frames,
        "point": issue.point,
        "instance": None if issue.instance is None else to_text(issue.instance),
        "tags": list(issue.tags),
        "comments": [{"author": c.author, "at": time_text(c.at_ms), "text": c.text} for c in issue.comments],
    }
