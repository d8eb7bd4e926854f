"""`tui-editor assign`: gives tasks to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.several import add_tasks, do_all

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("person", metavar="PERSON", help="login of who gets them")
    add_tasks(parser)


def run(arguments: argparse.Namespace) -> int:
    """Assign the tasks."""
    from tui_editor.api.workflow import assign_step

    return do_all(arguments, assign_step(arguments.person), "assigned")
