"""`tui-editor tasks`: lists the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json, time_text
from tui_editor.cli.output import counted, note, print_json_list, print_table
from tui_editor.errors import ExitCode, UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from tui_editor.api.project import Project
    from tui_editor.model.project import TaskQuery, TaskRow

SORTS = ("priority", "title", "issues", "labels", "frames")
HEAD = ("#", "TASK", "TITLE", "STAGE", "STATE", "PRIORITY", "ASSIGNEE", "KIND", "FRAMES", "LABELS", "ISSUES")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--stage", default="", help="only tasks in this stage")
    parser.add_argument("--state", default="", help="only tasks in this state")
    parser.add_argument("--assignee", default="", help="only tasks of this person")
    parser.add_argument("--text", default="", help="only tasks with this in their title")
    parser.add_argument("--issues", action="store_true", help="only tasks with open issues")
    parser.add_argument("--kind", default="", help="only tasks of this kind of data: image, video")
    parser.add_argument("--group", default="", help="only tasks of this group: p7, or patient=p7")
    parser.add_argument("--meta", action="append", default=[], metavar="KEY=VALUE", help="only with this metadata")
    parser.add_argument("--open-to", default="", metavar="PERSON", help="only tasks that wait for this person")
    parser.add_argument("--sort", default="priority", choices=SORTS, help="what comes first")
    parser.add_argument("--reverse", action="store_true", help="the last ones first")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the tasks that are asked for, by priority."""
    from tui_editor.cli.places import project_of

    with project_of(arguments) as project:
        query = _query(arguments, project)
        return print_tasks(project, query, as_json=arguments.json)


def _query(arguments: argparse.Namespace, project: Project) -> TaskQuery:
    """Return what is asked for."""
    from tui_editor.model.project import TaskQuery, TaskSort

    return TaskQuery(
        stage=arguments.stage,
        state=arguments.state,
        assignee=arguments.assignee,
        text=arguments.text,
        has_issues=True if arguments.issues else None,
        kind=arguments.kind,
        group=project.info.group_named(arguments.group),
        metadata=tuple(_pair(text) for text in arguments.meta),
        open_to=arguments.open_to,
        sort=TaskSort(arguments.sort),
        reverse=arguments.reverse,
    )


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise UsageError(f"{one_line(text)} names no metadata", hint="--meta patient=17")
    return key, value


def print_tasks(project: Project, query: TaskQuery | None = None, *, as_json: bool = False) -> int:
    """Print the tasks of a query, all without one; return the exit code."""
    rows = _numbered(project, query)
    if as_json:
        print_json_list(_as_json(number, row) for number, row in rows)
    else:
        note(counted(print_table(HEAD, (_cells(number, row) for number, row in rows)), "task"))
    return ExitCode.OK


def _numbered(project: Project, query: TaskQuery | None) -> Iterator[tuple[int | None, TaskRow]]:
    """Yield the tasks with the numbers of their rows; with a filter the numbers are not known."""
    from tui_editor.model.project import TaskQuery

    filtered = query is not None and query != TaskQuery()
    for number, row in enumerate(project.tasks(query), start=1):
        yield None if filtered else number, row


def _cells(number: int | None, row: TaskRow) -> tuple[object, ...]:
    from tui_editor.model.ids import to_text

    priority = f"{row.priority:.2f}"
    where = (row.stage, row.state, priority, row.assignee, row.kind)
    return (
        "" if number is None else number,
        to_text(row.id),
        f"{row.title} · {row.branch}" if row.branch else row.title,
        *where,
        row.frame_count,
        row.label_count,
        row.issue_count,
    )


def _as_json(number: int | None, row: TaskRow) -> dict[str, object]:
    from tui_editor.model.ids import to_text

    return {
        "number": number,
        "id": to_text(row.id),
        "title": row.title,
        "stage": row.stage,
        "state": row.state,
        "priority": row.priority,
        "assignee": row.assignee,
        "kind": row.kind,
        "frames": row.frame_count,
        "labels": row.label_count,
        "open_issues": row.issue_count,
        "group": row.group_key,
        "branch": row.branch,
        "updated": time_text(row.updated_ms),
    }
