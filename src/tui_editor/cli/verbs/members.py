"""`tui-editor members`: lists who works on the project, and changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json
from tui_editor.cli.output import counted, note, print_json_list, print_table
from tui_editor.errors import ExitCode, UsageError
from tui_editor.text import one_line

ROLES = ("viewer", "annotator", "reviewer", "annotator_reviewer", "manager", "admin")

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("person", nargs="?", default="", metavar="PERSON", help="login")
    parser.add_argument("role", nargs="?", default="", metavar="ROLE", help=f"{', '.join(ROLES)}; or none")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """List the members; with a person change the role, which `none` takes away."""
    from tui_editor.api.workflow import set_role
    from tui_editor.cli.places import project_of

    if arguments.person and not arguments.role:
        raise UsageError(f"which role has {one_line(arguments.person)}", hint=", ".join((*ROLES, "none")))
    with project_of(arguments) as project:
        if arguments.person:
            set_role(project, arguments.person, "" if arguments.role == "none" else arguments.role)
        members = sorted(project.info.members.items())
        you = project.info.role_of(project.person).value
    if arguments.json:
        print_json_list({"person": person, "role": role} for person, role in members)
        return ExitCode.OK
    print_table(("PERSON", "ROLE"), members)
    note(counted(len(members), "member") if members else f"no members: everybody is an admin, you as well ({you})")
    return ExitCode.OK
