"""`tui-editor priority`: changes which tasks come first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.output import counted, note
from tui_editor.cli.several import add_tasks
from tui_editor.errors import UsageError
from tui_editor.text import one_line

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("priority", type=number, metavar="P", help="0 to 1; 1 comes first")
    add_tasks(parser)


def number(text: str) -> float:
    """Return a number.

    Raises:
        UsageError: it is none.
    """
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"{one_line(text)} is no priority", hint="0 to 1; 1 comes first") from None


def run(arguments: argparse.Namespace) -> int:
    """Change the priority of the tasks."""
    from tui_editor.api.workflow import prioritize
    from tui_editor.cli.places import project_of
    from tui_editor.cli.several import named, refusals, tell, told

    with project_of(arguments) as project:
        tasks = named(project, arguments.tasks)
        refused = refusals(tasks, lambda task: prioritize(project, task, arguments.priority))
        changed = [task for task in tasks if task not in refused]
        tell(project, changed, as_json=arguments.json)
    note(f"{counted(len(changed), 'task')} with priority {arguments.priority:g}")
    return told(refused)
