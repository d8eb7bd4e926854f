"""`tui-editor check`: reports faults, for people and for programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_editor.cli.findings import LEVELS
from tui_editor.cli.options import whole_number
from tui_editor.cli.reports.report import FORMATS
from tui_editor.state.moments import moment_ms

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("path", metavar="PATH", nargs="*", help="project, data sets or media; else the project here")
    parser.add_argument("--format", choices=FORMATS, default="text", help="how findings are reported")
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="write the report there, not to stdout")
    parser.add_argument("--read-as", metavar="F", default="", help="format of the data sets; found out when absent")
    _add_choice(parser)
    _add_accepted(parser)
    parser.add_argument(
        "--fail-on", choices=LEVELS, default="error", help="exit code 1 from this severity on (default: error)"
    )
    parser.add_argument("--open", action="store_true", help="go through the findings in the editor")
    parser.add_argument("--fix", action="store_true", help="mend what is safe; `tui-editor undo` takes it back")
    parser.add_argument("--jobs", metavar="N", type=whole_number, default=1, help="processes that share the work")


def _add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--select", metavar="RULES", default="", help="only these: M01,G (a beginning stands for all)")
    parser.add_argument("--ignore", metavar="RULES", default="", help="not these")
    parser.add_argument("--config", metavar="FILE", type=Path, help="settings, instead of checks.toml beside the data")
    parser.add_argument("--since", metavar="TIME", type=moment_ms, default=0, help="what was edited since: 2h (ago)")
    pixels = parser.add_mutually_exclusive_group()
    pixels.add_argument("--pixels", action="store_true", default=None, help="decode frames of large data sets too")
    pixels.add_argument("--no-pixels", dest="pixels", action="store_false", help="decode nothing")
    parser.add_argument("--deep", action="store_true", help="decode every frame of long videos too")
    parser.add_argument(
        "--against", metavar="REF", type=Path, help="ground truth or predictions: tell where they differ (E)"
    )
    parser.add_argument("--annotators", action="store_true", help="REF is another annotator's work, not the truth (A)")
    parser.add_argument("--target", metavar="F", default="", help="convert into a format and tell what is lost (C)")
    parser.add_argument("--allow-lossy", action="store_true", help="what the target can't hold is a warning")


def _add_accepted(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--baseline", metavar="FILE", type=Path, help="leave out what was found when it was written")
    parser.add_argument("--write-baseline", metavar="FILE", type=Path, help="write what is found now, and exit with 0")
    parser.add_argument("--waive", metavar="KEY", default="", help="accept a finding: by its key in --format json")
    parser.add_argument("--reason", metavar="TEXT", default="", help="why it is accepted")
    parser.add_argument("--until", metavar="DATE", default="", help="the last day of the waiver: 2027-01-31")


def run(arguments: argparse.Namespace) -> int:
    """Print the findings; return 1 when one is as bad as `--fail-on` says."""
    if arguments.open:
        from tui_editor.cli.touring import check_and_open

        return check_and_open(arguments)
    from tui_editor.cli.checking import check

    return check(arguments)
