"""`tui-editor reopen`: brings finished tasks back to the first stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.several import add_tasks, do_all

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_tasks(parser)


def run(arguments: argparse.Namespace) -> int:
    """Reopen the tasks."""
    from tui_editor.api.workflow import reopen_step

    return do_all(arguments, reopen_step(), "reopened")
