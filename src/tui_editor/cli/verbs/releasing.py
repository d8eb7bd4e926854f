"""`tui-editor release`: gives tasks back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.several import add_tasks, do_all

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_tasks(parser)


def run(arguments: argparse.Namespace) -> int:
    """Release the tasks."""
    from tui_editor.api.workflow import release_step

    return do_all(arguments, release_step(), "released")
