"""`tui-editor init`: makes a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_editor.cli.output import note, out
from tui_editor.errors import ExitCode

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("folder", nargs="?", default="", help="where; this folder, or --project, when absent")
    parser.add_argument("--name", default="", help="name of the project; that of the folder when absent")


def run(arguments: argparse.Namespace) -> int:
    """Make the project and print its folder."""
    from tui_editor.api.project import create_project

    folder = Path(arguments.folder or arguments.project or ".")
    with create_project(folder, arguments.name) as project:
        out(str(folder.resolve()))
        note(f"project {project.info.name} is made; bring data in with `tui-editor import`")
    return ExitCode.OK
