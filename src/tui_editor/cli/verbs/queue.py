"""`tui-editor` without a command: the queue of the project here, or a guide of what to type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.output import is_interactive, note, out
from tui_editor.errors import ExitCode, StoreMissing

if TYPE_CHECKING:
    import argparse

GUIDE = """\
There is no project in this folder or above it. Type one of these:

  tui-editor demo              look at the program with data of its own
  tui-editor open PATH         open a folder of pictures, a video, an image or a label file
  tui-editor init              make a project here, then
  tui-editor import SRC        bring a data set into it

`tui-editor --help` lists everything."""


def run(arguments: argparse.Namespace) -> int:
    """Show the queue; without a terminal list its tasks."""
    from tui_editor.cli.places import project_of

    try:
        project = project_of(arguments)
    except StoreMissing:
        if arguments.project:
            raise
        out(GUIDE)
        return ExitCode.OK
    with project:
        if is_interactive():
            from tui_editor.cli.ending import leave
            from tui_editor.ui.launch import run_app

            return leave(run_app(project, graphics=arguments.graphics, preset=arguments.preset))
        from tui_editor.cli.verbs import tasks

        note(f"no terminal: this would show the queue of project {project.info.name}")
        return tasks.print_tasks(project)
