"""`tui-editor layouts`: lists the project's custom editor layouts, looks one over, adds, shows and removes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json
from tui_editor.cli.output import counted, note, print_json, print_table
from tui_editor.errors import ExitCode, UsageError

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help="print this layout's JSON")
    parser.add_argument("--add", metavar="FILE", help="keep the JSON of a file as NAME (its own name when absent)")
    parser.add_argument("--use", metavar="NAME", help="show all tasks in this layout; an empty name: in one window")
    parser.add_argument("--remove", metavar="NAME", help="take a layout out")
    parser.add_argument("--check", metavar="FILE", help="only say what is wrong with a file")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Look a file over, or change and print the project's layouts."""
    from tui_editor.api.layouts import choose_layout, chosen_layout, layouts_of, read_layout, set_layout
    from tui_editor.cli.places import project_of
    from tui_editor.model.editor_layouts import layout_words

    if arguments.check:
        note(f"it is a layout: {layout_words(read_layout(Path(arguments.check)))}")
        return ExitCode.OK
    with project_of(arguments) as project:
        if arguments.add:
            file = Path(arguments.add)
            set_layout(project, arguments.name or file.stem, read_layout(file))
        if arguments.remove:
            set_layout(project, arguments.remove, None)
        if arguments.use is not None:
            choose_layout(project, arguments.use)
        found, chosen = layouts_of(project.info), chosen_layout(project.info)
    if arguments.name and not arguments.add:
        if arguments.name not in found:
            raise UsageError("there is no such layout", hint=", ".join(found) or "there is none at all")
        print_json(found[arguments.name])
    elif arguments.json:
        print_json(found)
    else:
        rows = ((name, layout_words(value), "in use" if name == chosen else "") for name, value in found.items())
        note(counted(print_table(("LAYOUT", "WHAT", ""), rows), "layout"))
    return ExitCode.OK
