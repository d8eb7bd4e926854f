"""`tui-editor import`: reads a data set into the project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json
from tui_editor.cli.output import counted, note, note_losses, print_json, progress
from tui_editor.errors import ExitCode

if TYPE_CHECKING:
    import argparse

    from tui_editor.api.importing import ImportReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("source", metavar="SRC", help="label file, folder, image or video")
    parser.add_argument("--format", metavar="F", default="", help="the format; found out when absent")
    parser.add_argument("--media", metavar="DIR", help="folder of the pictures, where the labels don't tell")
    parser.add_argument("--group", metavar="G", default="", help="images of one task: folder, all, or a number")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Import, and tell what came and what could not be carried over."""
    from tui_editor.cli.places import project_of
    from tui_editor.ports import ImportOptions

    source = Path(arguments.source)
    options = ImportOptions(media_dir=Path(arguments.media) if arguments.media else None, group=arguments.group)
    with project_of(arguments) as project, progress(f"reading {source.name}") as seen:
        report = project.import_data(source, arguments.format, options, seen)
    _tell(report)
    if arguments.json:
        losses = [{"what": loss.what, "where": loss.where, "count": loss.count} for loss in report.losses]
        print_json({"format": report.format, "tasks": report.tasks, "labels": report.labels, "losses": losses})
    return ExitCode.OK


def _tell(report: ImportReport) -> None:
    note(f"imported {counted(report.tasks, 'task')} with {counted(report.labels, 'label')} ({report.format})")
    note_losses("not carried over", report.losses)
