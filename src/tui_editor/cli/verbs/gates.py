"""`tui-editor gates`: which checks block submitting a task, stage by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json
from tui_editor.cli.output import note, print_json, print_table
from tui_editor.errors import ExitCode

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("stage", nargs="?", default="", help="stage of the workflow; all are listed when absent")
    parser.add_argument("rules", nargs="*", help="rules or their beginnings: S G01,G07; none takes the gate away")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """List the gates, or set one."""
    from tui_editor.api.quality.gates import set_gate
    from tui_editor.checks.gates import gates_of
    from tui_editor.cli.places import project_of

    with project_of(arguments) as project:
        if arguments.stage:
            set_gate(project, arguments.stage, [rule for text in arguments.rules for rule in text.split(",")])
        gates = gates_of(project.info)
    if arguments.json:
        print_json({stage: list(rules) for stage, rules in gates.items()})
    elif not print_table(("stage", "blocked by"), [(stage, " ".join(rules)) for stage, rules in gates.items()]):
        note("no gates: tasks are submitted whatever the checks find")
    return ExitCode.OK
