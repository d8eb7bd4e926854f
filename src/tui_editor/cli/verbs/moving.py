"""`tui-editor move`: puts tasks into another stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.several import add_tasks, do_all

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("stage", metavar="STAGE", help="name of the stage")
    add_tasks(parser)


def run(arguments: argparse.Namespace) -> int:
    """Move the tasks."""
    from tui_editor.api.workflow import move_step

    return do_all(arguments, move_step(arguments.stage), "moved")
