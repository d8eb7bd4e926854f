"""What commands about tasks in the workflow share: which tasks are meant, and what is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json
from tui_editor.cli.output import complain, counted, note, out, print_json_list
from tui_editor.errors import ExitCode, TuiEditorError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tui_editor.api.project import Project
    from tui_editor.api.workflow import Step
    from tui_editor.model.ids import TaskId


def add_tasks(parser: argparse.ArgumentParser) -> None:
    """Add the tasks that a command is about, and `--json`."""
    parser.add_argument("tasks", nargs="+", metavar="TASK", help="identifier, title or number in the queue")
    add_json(parser)


def named(project: Project, names: Iterable[str]) -> list[TaskId]:
    """Return the tasks of these names, each once.

    Raises:
        UsageError: a name is that of no task, or of several.
    """
    from tui_editor.api.lookup import find_task

    return list(dict.fromkeys(find_task(project, name) for name in names))


def do_all(arguments: argparse.Namespace, step: Step, done: str) -> int:
    """Do a step with the named tasks, one after the other, and tell how each stands then and what was refused.

    A refused one does not stop the others; the exit code is that of the first refusal.
    """
    from tui_editor.api.activities import note_done
    from tui_editor.cli.places import project_of

    with project_of(arguments) as project:
        moved: list[TaskId] = []

        def move(task: TaskId) -> None:
            moved.extend(key for key in _done(project, task, step) if key not in moved)

        refused = refusals(named(project, arguments.tasks), move)
        if len(moved) > 1:
            note_done(project, "tasks", done, counted(len(moved), "task"))
        tell(project, moved, as_json=arguments.json)
    note(f"{counted(len(moved), 'task')} {done}")
    return told(refused)


def refusals(tasks: Sequence[TaskId], act: Callable[[TaskId], None]) -> dict[TaskId, TuiEditorError]:
    """Do something with each task; return what was refused. With a single task that is raised."""
    refused: dict[TaskId, TuiEditorError] = {}
    for task in tasks:
        try:
            act(task)
        except TuiEditorError as error:
            if len(tasks) == 1:
                raise
            refused[task] = error
    return refused


def told(refused: Mapping[TaskId, TuiEditorError]) -> int:
    """Tell what was refused; return the exit code, that of the first refusal."""
    for error in refused.values():
        complain(str(error))
    return next((error.exit_code for error in refused.values()), ExitCode.OK)


def _done(project: Project, task: TaskId, step: Step) -> tuple[TaskId, ...]:
    from tui_editor.api.consensus import settle
    from tui_editor.api.workflow import do

    changed = do(project, task, step)
    settle(project, task)
    return changed


def tell(project: Project, tasks: Iterable[TaskId], *, as_json: bool) -> None:
    """Print where tasks stand."""
    rows = [_standing(project, task) for task in tasks]
    if as_json:
        print_json_list(rows)
        return
    for row in rows:
        whose = f", {one_line(str(row['assignee']))}" if row["assignee"] else ""
        out(f"{row['id']}  {one_line(str(row['title']))}: {row['stage']}/{row['state']}{whose}")


def _standing(project: Project, task: TaskId) -> dict[str, object]:
    from tui_editor.model.ids import to_text

    found, status = project.store.task(task), project.store.status(task)
    return {
        "id": to_text(task),
        "title": found.title,
        "stage": status.stage,
        "state": status.state.value,
        "assignee": status.assignee,
        "author": status.author,
        "reviewer": status.reviewer,
        "priority": found.priority,
        "group": found.group_key,
        "branch": found.branch,
    }
