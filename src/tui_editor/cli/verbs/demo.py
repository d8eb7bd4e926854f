"""`tui-editor demo`: opens a project that the program makes by itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_editor.cli.output import note
from tui_editor.cli.verbs.opening import early_start, show

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--folder", metavar="DIR", help="where the project is made; in your data folder when absent")


def run(arguments: argparse.Namespace) -> int:
    """Make the project unless it is there, and open it."""
    with early_start(arguments.graphics) as early:
        from tui_editor.api.demo.build import build_demo
        from tui_editor.api.project import open_project
        from tui_editor.cli.places import Place, data_folder

        folder = Path(arguments.folder) if arguments.folder else data_folder() / "demo"
        note(f"the demo project is in {folder}")
        build_demo(folder)
        with open_project(folder) as project:
            return show(Place(project=project), arguments.graphics, preset=arguments.preset, early=early)
