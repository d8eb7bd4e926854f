"""`tui-editor formats`: lists the label formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json
from tui_editor.cli.output import note, print_json_list, print_table
from tui_editor.errors import ExitCode

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print name, what it can do and title of each format."""
    from tui_editor.formats.registry import registry

    formats = registry().formats()
    for warning in registry().warnings:
        note(warning)
    if arguments.json:
        print_json_list({"name": f.name, "title": f.title, "can_export": f.can_export} for f in formats)
    else:
        rows = ((f.name, "read and write" if f.can_export else "read", f.title) for f in formats)
        print_table(("NAME", "CAN", "WHAT"), rows)
    return ExitCode.OK
