"""`tui-editor next`: hands out the next task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json
from tui_editor.errors import ExitCode, Refused
from tui_editor.model.transitions import Role

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--stage", default="", help="only from this stage; else from all in which you may work")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Hand out a task and tell which; return 1 when none waits."""
    from tui_editor.api.workflow import next_task
    from tui_editor.cli.places import project_of
    from tui_editor.cli.several import tell

    with project_of(arguments) as project:
        found = next_task(project, arguments.stage)
        if found is None:
            where = f" in {arguments.stage}" if arguments.stage else ""
            role = project.info.role_of(project.person)
            if role is Role.VIEWER:
                raise Refused(f"{project.person} is {role.with_article} here, who can't take tasks")
            raise Refused(f"no task waits for {project.person}{where}", hint="`tui-editor workflow` counts them")
        tell(project, [found], as_json=arguments.json)
    return ExitCode.OK
