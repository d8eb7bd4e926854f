"""`tui-editor notifications`: what others did that concerns you."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tui_editor.cli.options import add_json, time_text
from tui_editor.cli.output import counted, note, print_json_list, print_table
from tui_editor.errors import ExitCode

if TYPE_CHECKING:
    import argparse

    from tui_editor.api.marks import Marks


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--all", action="store_true", help="also what was read before")
    parser.add_argument("--read", action="store_true", help="count what is printed as read")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print what others did, newest first."""
    from tui_editor.api.marks import keep_marks, load_marks
    from tui_editor.api.notices import notices
    from tui_editor.cli.places import project_of
    from tui_editor.model.ids import to_text

    with project_of(arguments) as project:
        info = project.info
        read_ms = load_marks().of(info).read_ms
        found = notices(project.store, project.person, 0 if arguments.all else read_ms)

    def read(marks: Marks) -> Marks:
        return marks.with_project(info, replace(marks.of(info), read_ms=max(n.at_ms for n in found)))

    if arguments.read and found:
        keep_marks(read)
    if arguments.json:
        print_json_list(
            {
                "task": to_text(n.task),
                "title": n.title,
                "person": n.person,
                "what": n.what,
                "at": time_text(n.at_ms),
                "read": n.at_ms <= read_ms,
            }
            for n in found
        )
        return ExitCode.OK
    rows = [(time_text(n.at_ms), n.title, n.words) for n in found]
    note(counted(print_table(("WHEN", "TASK", "WHAT"), rows), "notification"))
    return ExitCode.OK
