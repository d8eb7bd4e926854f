"""`tui-editor undo`: takes back what a person did last in a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json, add_task, moment_ms, time_text, whole_number
from tui_editor.cli.output import counted, note, out, print_json_list
from tui_editor.errors import ExitCode, Refused

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_task(parser, required=True)
    parser.add_argument("--author", metavar="X", default="", help="whose steps; yours when absent")
    parser.add_argument(
        "--since", metavar="TIME", type=moment_ms, default=0, help="all steps since: 2h (ago), 2025-01-31T12:00"
    )
    parser.add_argument(
        "-n", "--steps", metavar="N", type=whole_number, help="how many at most; 1, or all with --since"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Take the steps back, all or none; return 1 when there is nothing to take back."""
    from tui_editor.api.lookup import find_task
    from tui_editor.api.undoing import undo_steps
    from tui_editor.cli.places import project_of
    from tui_editor.cli.verbs.log import what_changed

    count = arguments.steps if arguments.steps is not None else None if arguments.since else 1
    with project_of(arguments) as project:
        task = find_task(project, arguments.task)
        steps = undo_steps(project, task, author=arguments.author, since_ms=arguments.since, count=count)
    if arguments.json:
        print_json_list({"seq": s.seq, "command": s.command, "time": time_text(s.at_ms)} for s in steps)
    else:
        for step in steps:
            out(f"took back {step.seq}: {step.command} ({what_changed(step.patch)})")
    if not steps:
        raise Refused("there is nothing to take back", hint="the workflow's moves are taken back in the editor only")
    note(f"{counted(len(steps), 'step')} taken back; `tui-editor log` shows them")
    return ExitCode.OK
