"""`tui-editor export`: writes the project in a format and proves what was written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_editor.cli.options import add_json
from tui_editor.cli.output import counted, note, note_losses, out, print_json
from tui_editor.errors import ExitCode

if TYPE_CHECKING:
    import argparse

    from tui_editor.api.exporting import ExportOutcome

SHOWN = 20
"""Differences that are told one by one."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("target", metavar="DST", help="file or folder, as the format has it")
    parser.add_argument("--format", metavar="F", required=True, help="see `tui-editor formats`")
    lossy = parser.add_mutually_exclusive_group()
    lossy.add_argument(
        "--allow-lossy", dest="lossy", action="store_true", default=True, help="write what the format holds (default)"
    )
    lossy.add_argument(
        "--no-lossy", dest="lossy", action="store_false", help="write nothing when something would be lost"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Export, print the files that were written, and return 1 when what is read back differs."""
    from tui_editor.cli.places import project_of

    with project_of(arguments) as project:
        outcome = project.export(Path(arguments.target), arguments.format, allow_lossy=arguments.lossy)
    if arguments.json:
        print_json(_as_json(outcome))
    else:
        for path in outcome.report.files:
            out(str(path))
    _tell(outcome)
    return ExitCode.FINDINGS if outcome.differences else ExitCode.OK


def _tell(outcome: ExportOutcome) -> None:
    report, differences = outcome.report, outcome.differences
    note(f"wrote {counted(report.tasks, 'task')} with {counted(report.labels, 'label')}")
    note_losses("the format can't hold", report.losses)
    for found in differences[:SHOWN]:
        change = f": {found.before} became {found.after}" if found.before or found.after else ""
        note(f"differs when read back: {found.where}: {found.what}{change}")
    if len(differences) > SHOWN:
        note(f"and {counted(len(differences) - SHOWN, 'difference')} more")
    note("read back: " + (counted(len(differences), "difference") if differences else "equal"))


def _as_json(outcome: ExportOutcome) -> dict[str, object]:
    report = outcome.report
    return {
        "files": [str(path) for path in report.files],
        "tasks": report.tasks,
        "labels": report.labels,
        "losses": [{"what": loss.what, "where": loss.where, "count": loss.count} for loss in report.losses],
        "differences": [
            {"what": d.what, "where": d.where, "before": d.before, "after": d.after} for d in outcome.differences
        ],
    }
